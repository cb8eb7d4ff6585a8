//! A mounted or mountable file system: a tree, and what it was made from.

use crate::vfs::tree::Tree;

/// A file system's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FsId(pub u32);

/// What kind of file system it is, as `mount` and `df -T` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FsKind {
    /// A disk.
    Ext4,
    /// A union of image layers with a writable one on top.
    Overlay,
    /// Memory.
    Tmpfs,
    /// Devices.
    Devtmpfs,
}

impl FsKind {
    /// As `mount` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Overlay => "overlay",
            Self::Tmpfs => "tmpfs",
            Self::Devtmpfs => "devtmpfs",
        }
    }
}

/// A file system.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fs {
    /// Its kind.
    pub kind: FsKind,
    /// What is in it now.
    pub tree: Tree,
}
