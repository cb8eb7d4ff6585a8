//! What a person does to the world.

use serde::{Deserialize, Serialize};

/// An input. With its time it determines, together with all before it, what the world becomes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// Bytes typed at the first terminal.
    Key(Vec<u8>),
    /// The new size of the window that the terminals share.
    Resize {
        /// Lines.
        rows: u16,
        /// Columns.
        cols: u16,
    },
    /// A file saved in the editor; the path is relative to the home folder.
    WriteFile {
        /// Where.
        path: String,
        /// What.
        data: Vec<u8>,
    },
    /// A new folder in the home folder.
    CreateFolder {
        /// Where.
        path: String,
    },
    /// A command started from outside, with its standard descriptors there (the page's small
    /// browser, a script of the native program). It runs as the student in the home folder.
    Run {
        /// By what number it is known.
        id: u32,
        /// Command line.
        argv: Vec<String>,
    },
    /// Bytes for the standard input of such a command; none: its end.
    Stdin {
        /// Which.
        id: u32,
        /// What.
        data: Option<Vec<u8>>,
    },
    /// Bytes typed at another terminal than the first.
    KeyAt {
        /// Its number.
        terminal: u32,
        /// What.
        bytes: Vec<u8>,
    },
    /// One more terminal, with a login shell; it gets the lowest number that is free.
    Open {
        /// A line that is typed at it.
        command: Option<String>,
    },
    /// A terminal's window is closed; not the first one's.
    Close {
        /// Its number.
        terminal: u32,
    },
}

impl Input {
    /// Bytes typed at a terminal.
    pub const fn key(terminal: u32, bytes: Vec<u8>) -> Self {
        if terminal == 0 { Self::Key(bytes) } else { Self::KeyAt { terminal, bytes } }
    }

    /// The terminal that it is typed at.
    pub(crate) const fn terminal(&self) -> u32 {
        if let Self::KeyAt { terminal, .. } = self { *terminal } else { 0 }
    }

    /// Whether a shell may begin a command for it.
    pub(crate) fn enters(&self) -> bool {
        match self {
            Self::Key(bytes) | Self::KeyAt { bytes, .. } => bytes.iter().any(|b| matches!(b, b'\r' | b'\n')),
            Self::Open { command } => command.is_some(),
            _ => false,
        }
    }
}
