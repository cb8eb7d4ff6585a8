//! Files: trees of inodes, file systems that hold them, and namespaces that mount them.

pub mod fs;
pub mod mount;
pub mod resolve;
pub mod tree;

pub use fs::{Fs, FsId, FsKind};
pub use mount::{Loc, Mount, MountNs};
pub use resolve::{Found, may};
pub use tree::{Change, ChangeKind, Dev, Ino, Inode, Node, Tree, parts};
