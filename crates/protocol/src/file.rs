use serde::{Deserialize, Serialize};

/// A file or folder in the home folder, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeEntry {
    /// Relative to the home folder, without a leading `./`.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Changes when the content does: an open editor looks at it.
    pub version: u64,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// With content.
    File,
    /// With entries.
    Folder,
    /// A symbolic link.
    Link,
}

/// Answer to a read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileContent {
    /// UTF-8.
    Text(String),
    /// Not UTF-8, or larger than 1 MiB: not for an editor.
    Binary {
        /// Bytes.
        size: u64,
    },
    /// There is no such file; the kernel's words.
    Missing {
        /// e.g. `No such file or directory`
        error: String,
    },
}

/// A file of the home folder as it is kept beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeFile {
    /// Relative to the home folder.
    pub path: String,
    /// Permission bits.
    pub mode: u32,
    /// Content.
    pub bytes: Vec<u8>,
}
