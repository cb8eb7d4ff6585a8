//! From the changes of a file tree to a layer's entries.

use super::{Entry, EntryKind, whiteout, whiteout_opaque};

/// One change of a file tree against what lies below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A file is new, or its content or metadata are. The folders that it lies in must be given as
    /// well, as they are in an overlay's upper folder.
    Put(Entry),
    /// A file or folder is gone.
    Remove {
        /// In the form of [`Entry::path`].
        path: String,
        /// When, seconds since 1970.
        mtime: i64,
    },
    /// A folder hides whatever lower layers have in it.
    Opaque {
        /// In the form of [`Entry::path`].
        dir: String,
        /// When, seconds since 1970.
        mtime: i64,
    },
}

impl Change {
    /// The entry that says so in a layer.
    #[must_use]
    pub fn into_entry(self) -> Entry {
        match self {
            Self::Put(entry) => entry,
            Self::Remove { path, mtime } => whiteout(&path, mtime),
            Self::Opaque { dir, mtime } => whiteout_opaque(&dir, mtime),
        }
    }
}

/// The size of a layer's files, in bytes, as Docker shows it: the nominal size where there is one,
/// else that of the content. Hard links count once.
#[must_use]
pub fn nominal_bytes(entries: &[Entry]) -> u64 {
    entries.iter().fold(0, |sum: u64, entry| match &entry.kind {
        EntryKind::File { content } => sum.saturating_add(entry.nominal_size.unwrap_or(content.len() as u64)),
        _ => sum,
    })
}
