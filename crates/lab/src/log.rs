//! The input log as bytes: what a saved session, a shared link and a bug report are made of.
//!
//! `LAYERLAB-LOG` + format number, then [postcard](https://docs.rs/postcard): header, inputs, marks.

use layerlab_kernel::SimTime;
use serde::{Deserialize, Serialize};

use crate::input::Input;
use crate::scenario::Scenario;

const MAGIC: &[u8] = b"LAYERLAB-LOG";
/// The format that this version writes and reads.
pub const FORMAT: u8 = 1;
/// A log may not be larger: more than a student can type.
const LARGEST: usize = 64 << 20;

/// What a world is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the core that wrote it.
    pub version: String,
    /// Where the machine started.
    pub scenario: Scenario,
    /// Its digest.
    pub scenario_digest: String,
    /// Seed of all that is random.
    pub seed: u64,
    /// The clock at boot, seconds since 1970.
    pub boot: i64,
    /// The terminal's size at boot.
    pub size: (u16, u16),
}

/// An input and when it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Record {
    /// Nanoseconds of virtual time since boot.
    pub at: u64,
    /// What.
    pub input: Input,
}

/// A command (or save) and what the world was after it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MarkRecord {
    /// The command line, or the path saved.
    pub line: String,
    /// Exit status; `None` for saves.
    pub exit: Option<i32>,
    /// When the digest was taken, nanoseconds since boot.
    pub at: u64,
    /// The state's digest then.
    pub digest: String,
}

/// A log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// What the world is made from.
    pub header: Header,
    /// Inputs, oldest first.
    pub inputs: Vec<Record>,
    /// Marks, oldest first.
    pub marks: Vec<MarkRecord>,
    /// Until when it was played, nanoseconds since boot.
    pub end: u64,
}

/// Why bytes are no log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogError {
    /// They do not begin like one.
    NotALog,
    /// Of a format that this version does not know.
    Format(u8),
    /// Cut off or damaged.
    Damaged(String),
}

impl std::fmt::Display for LogError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotALog => f.write_str("this is no saved session"),
            Self::Format(n) => write!(f, "the saved session has format {n}; this version reads format {FORMAT}"),
            Self::Damaged(e) => write!(f, "the saved session is damaged: {e}"),
        }
    }
}

impl std::error::Error for LogError {}

impl Log {
    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(FORMAT);
        // Vectors of plain data: writing to memory cannot fail.
        out.extend(postcard::to_allocvec(self).unwrap_or_default());
        out
    }

    /// From bytes.
    ///
    /// # Errors
    /// Bytes that [`Log::encode`] did not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, LogError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(LogError::NotALog)?;
        let (format, rest) = rest.split_first().ok_or(LogError::NotALog)?;
        if *format != FORMAT {
            return Err(LogError::Format(*format));
        }
        if rest.len() > LARGEST {
            return Err(LogError::Damaged("too large".to_owned()));
        }
        let (log, left): (Self, _) = postcard::take_from_bytes(rest).map_err(|e| LogError::Damaged(e.to_string()))?;
        if !left.is_empty() {
            return Err(LogError::Damaged(format!("{} bytes too many", left.len())));
        }
        if log.header.scenario.digest() != log.header.scenario_digest {
            return Err(LogError::Damaged("the scenario's digest is wrong".to_owned()));
        }
        if log.inputs.windows(2).any(|w| w[0].at > w[1].at) {
            return Err(LogError::Damaged("inputs are out of order".to_owned()));
        }
        Ok(log)
    }
}

impl Record {
    /// As bytes, to be appended to a stored log.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From bytes.
    ///
    /// # Errors
    /// Bytes that [`Record::encode`] did not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, LogError> {
        postcard::from_bytes(bytes).map_err(|e| LogError::Damaged(e.to_string()))
    }

    /// When it came.
    pub fn time(&self) -> SimTime {
        SimTime(self.at)
    }
}
