//! Files: trees of inodes, file systems that hold them, and namespaces that mount them.

mod diff;
pub(crate) mod digest;
pub mod fs;
pub mod mount;
pub mod names;
pub mod overlay;
pub mod proc;
pub mod resolve;
pub mod special;
mod table;
pub mod tree;

pub use diff::{Change, ChangeKind};
pub use fs::{Fs, FsId, FsKind};
pub use mount::{IdMap, Loc, Mount, MountNs, Mounts, Place};
pub use names::Names;
pub use resolve::{Found, may};
pub use tree::{Dev, Ino, Inode, Node, Tree, parts};
