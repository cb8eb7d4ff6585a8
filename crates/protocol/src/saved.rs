use crate::HomeFile;
use serde::{Deserialize, Serialize};

/// What the page keeps of a session, so that nothing is lost by closing a tab or by a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSession {
    /// The session's log as the last `Persist::Whole` gave it; has its own header.
    pub log: Vec<u8>,
    /// The records of `Persist::Append` since then, oldest first.
    pub records: Vec<Vec<u8>>,
    /// A record whose `Persist::Applied` never came: the machine died of it. It and all after it are
    /// not replayed.
    pub pending: Option<Vec<u8>>,
    /// The home folder's files, for the case that the log cannot be played any more.
    pub home: Vec<HomeFile>,
}

/// A session that goes elsewhere, in a link or a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedSession {
    /// The lesson that it belongs to, e.g. `06-folder-to-container`.
    pub lesson: String,
    /// What a machine continues with.
    pub saved: SavedSession,
}
