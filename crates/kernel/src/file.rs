//! Open file descriptions: what descriptors point to.

use crate::net::SockId;
use crate::pipe::PipeId;
use crate::tty::TtyId;
use crate::vfs::{Dev, FsId, Ino, Place};

/// An open file description's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A file or directory.
    Inode {
        /// Which file system.
        fs: FsId,
        /// Which inode.
        ino: Ino,
        /// Where it was found.
        place: Place,
    },
    /// A device that keeps no data.
    Device(Dev),
    /// Read end.
    PipeRead(PipeId),
    /// Write end.
    PipeWrite(PipeId),
    /// A terminal.
    Tty(TtyId),
    /// A pseudo-terminal's other end.
    TtyMaster(TtyId),
    /// A socket.
    Socket(SockId),
    /// A named pipe.
    Fifo {
        /// Its bytes.
        pipe: PipeId,
        /// File system and inode.
        at: (FsId, Ino),
    },
    /// A namespace: its kind as in `/proc/<pid>/ns`, and its number.
    Namespace(&'static str, u32),
}

/// An open file description.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenFile {
    /// What.
    pub kind: FileKind,
    /// May be read.
    pub read: bool,
    /// May be written.
    pub write: bool,
    /// Writes go to the end.
    pub append: bool,
    /// `EAGAIN` instead of waiting.
    pub nonblock: bool,
    /// Position.
    pub offset: u64,
    /// Descriptors that point here.
    pub refs: u32,
    /// What a file that is made when it is read said at the start.
    pub text: Option<crate::Bytes>,
}

impl OpenFile {
    /// Freshly opened.
    pub fn new(kind: FileKind, read: bool, write: bool) -> Self {
        Self { kind, read, write, append: false, nonblock: false, offset: 0, refs: 0, text: None }
    }
}

/// A descriptor's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FdEntry {
    /// What it points to.
    pub file: FileId,
    /// Closed by exec.
    pub cloexec: bool,
}
