//! The home folder, for the file list and the editor.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use layerlab_kernel::StateHasher;
use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::vfs::{Inode, Node};
use layerlab_protocol::{FileKind, Shared, TreeEntry};

use crate::world::World;

thread_local! {
    /// Files by path, with the version that was told of them. Only a memo: who is the same in memory has not
    /// changed.
    static SEEN: RefCell<SortedMap<String, (Rc<Inode>, u64)>> = const { RefCell::new(SortedMap::new()) };
}

/// Every file and folder, parents before what is in them.
pub(super) fn entries(world: &World) -> Vec<Shared<TreeEntry>> {
    let old = SEEN.take();
    let mut new = SortedMap::new();
    let mut known = |path: &str, inode: &Rc<Inode>| {
        let seen = old.get(path).filter(|s| Rc::ptr_eq(&s.0, inode));
        let version = seen.map_or_else(|| version(inode), |s| s.1);
        new.insert(path.to_owned(), (inode.clone(), version));
        version
    };
    let list = world.home().into_iter();
    let list = list.filter_map(|(path, inode)| {
        let kind = match &inode.node {
            Node::File(_) => FileKind::File,
            Node::Dir { .. } => FileKind::Folder,
            Node::Symlink(_) => FileKind::Link,
            _ => return None,
        };
        let version = known(&path, &inode);
        Some(TreeEntry { path, kind, size: inode.size(), version }.into())
    });
    let list = list.collect();
    SEEN.set(new);
    list
}

/// Changes when the content does.
fn version(inode: &Rc<Inode>) -> u64 {
    let mut h = StateHasher::default();
    if let Node::File(data) = &inode.node {
        data.hash(&mut h);
    }
    h.finish()
}
