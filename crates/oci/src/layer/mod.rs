//! Layers: tar archives of what a layer adds, changes and removes.
//!
//! Tar is written by hand, not with the `tar` crate, because a layer's digest is that of its bytes:
//! headers must be those of Go's `archive/tar` as containerd's differ uses it (USTAR where it
//! suffices, else PAX with sorted records and `PaxHeaders.0` names), and PAX records of our own and
//! binary xattrs must survive.

mod blob;
mod change;
mod error;
mod header;
mod order;
mod path;
mod pax;
mod read;
mod tree;
mod whiteout;
mod write;

use std::collections::BTreeMap;

pub use blob::{Packed, decompress, pack, unpack};
pub use change::{Change, nominal_bytes};
pub use error::LayerError;
pub use order::compare_paths;
pub use read::{Limits, read};
pub use tree::Tree;
pub use whiteout::{OPAQUE_NAME, WHITEOUT_PREFIX, Whiteout, whiteout, whiteout_opaque};
pub use write::{Format, write, write_with};

use crate::Bytes;

/// The PAX record that has the size of the real software that a simulated file stands for.
pub const NOMINAL_SIZE_RECORD: &str = "LAYERLAB.nominal_size";

/// One file of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Relative to the root, without slash at either end: `etc/hosts`. A base name may be a
    /// [`Whiteout`].
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Permissions, setuid, setgid and sticky: below 0o10000.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Modification time, seconds since 1970.
    pub mtime: i64,
    /// Name of the owner; empty in layers that Docker makes.
    pub uname: String,
    /// Name of the group; empty in layers that Docker makes.
    pub gname: String,
    /// Extended attributes.
    pub xattrs: BTreeMap<String, Vec<u8>>,
    /// The size, in bytes, of the real software that the content stands for.
    pub nominal_size: Option<u64>,
}

/// What an [`Entry`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File {
        /// Its content.
        content: Bytes,
    },
    /// A directory.
    Dir,
    /// A symbolic link.
    Symlink {
        /// Any text; resolved by whoever opens the link.
        target: String,
    },
    /// Another name of a file.
    HardLink {
        /// The file's path, in the form of [`Entry::path`].
        target: String,
    },
    /// A character device.
    CharDev {
        /// Driver.
        major: u32,
        /// Device.
        minor: u32,
    },
    /// A block device.
    BlockDev {
        /// Driver.
        major: u32,
        /// Device.
        minor: u32,
    },
    /// A named pipe.
    Fifo,
}

impl Entry {
    /// An entry of root's, at the epoch, without anything special.
    #[must_use]
    pub fn new(path: &str, kind: EntryKind, mode: u32) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            mode,
            uid: 0,
            gid: 0,
            mtime: 0,
            uname: String::new(),
            gname: String::new(),
            xattrs: BTreeMap::new(),
            nominal_size: None,
        }
    }

    /// A regular file.
    #[must_use]
    pub fn file(path: &str, content: impl Into<Vec<u8>>, mode: u32) -> Self {
        Self::new(path, EntryKind::File { content: Bytes::new(content.into()) }, mode)
    }

    /// A directory.
    #[must_use]
    pub fn dir(path: &str, mode: u32) -> Self {
        Self::new(path, EntryKind::Dir, mode)
    }

    /// A symbolic link.
    #[must_use]
    pub fn symlink(path: &str, target: &str) -> Self {
        Self::new(path, EntryKind::Symlink { target: target.to_owned() }, 0o777)
    }

    /// A hard link.
    #[must_use]
    pub fn hard_link(path: &str, target: &str) -> Self {
        Self::new(path, EntryKind::HardLink { target: target.to_owned() }, 0o644)
    }
}

#[cfg(test)]
mod tests;
