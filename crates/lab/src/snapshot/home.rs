//! The home folder, for the file list and the editor.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use layerlab_kernel::StateHasher;
use layerlab_kernel::vfs::{Inode, Node};
use layerlab_protocol::{FileKind, TreeEntry};

use crate::world::World;

/// Every file and folder, parents before what is in them.
pub(super) fn entries(world: &World) -> Vec<TreeEntry> {
    let list = world.home().into_iter();
    list.filter_map(|(path, inode)| {
        let kind = match &inode.node {
            Node::File(_) => FileKind::File,
            Node::Dir { .. } => FileKind::Folder,
            Node::Symlink(_) => FileKind::Link,
            _ => return None,
        };
        Some(TreeEntry { path, kind, size: inode.size(), version: version(&inode) })
    })
    .collect()
}

/// Changes when the content does.
fn version(inode: &Rc<Inode>) -> u64 {
    let mut h = StateHasher::default();
    if let Node::File(data) = &inode.node {
        data.hash(&mut h);
    }
    h.finish()
}
