//! Digests of trees that cost what has changed, not what there is.
//!
//! A tree's digest is the sum of its inodes' digests, so that one inode's can be taken out and another's
//! put in. What is known is shared by all copies of a world: it says what the bytes say, nothing more.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::hash::StateHasher;
use crate::sorted::SortedMap;
use crate::vfs::{FsId, Ino, Inode, Tree};

/// A sum of digests, modulo 2⁶⁴ in each of four words.
type Sum = [u64; 4];

struct Known {
    tree: Tree,
    sum: Sum,
}

/// What is known of trees.
#[derive(Clone, Default)]
pub(crate) struct TreeDigests(Rc<RefCell<SortedMap<FsId, Known>>>);

fn one(ino: Ino, inode: &Inode) -> Sum {
    let mut h = StateHasher::default();
    (ino, inode).hash(&mut h);
    let d = h.digest();
    let mut sum = [0; 4];
    for (word, bytes) in sum.iter_mut().zip(d.chunks_exact(8)) {
        *word = bytes.iter().fold(0, |w, b| (w << 8) | u64::from(*b));
    }
    sum
}

fn add(sum: &mut Sum, ino: Ino, inode: &Inode) {
    for (s, o) in sum.iter_mut().zip(one(ino, inode)) {
        *s = s.wrapping_add(o);
    }
}

fn take(sum: &mut Sum, ino: Ino, inode: &Inode) {
    for (s, o) in sum.iter_mut().zip(one(ino, inode)) {
        *s = s.wrapping_sub(o);
    }
}

impl TreeDigests {
    /// Feeds a file system's tree.
    pub(crate) fn hash(&self, fs: FsId, tree: &Tree, h: &mut impl Hasher) {
        let mut all = self.0.borrow_mut();
        let known = all.entry(fs).or_insert_with(|| {
            let mut sum = [0; 4];
            tree.inodes().each(&mut |ino, inode| add(&mut sum, ino, inode));
            Known { tree: tree.clone(), sum }
        });
        if !known.tree.is_same(tree) {
            let Known { tree: before, sum } = &mut *known;
            tree.inodes().changes(before.inodes(), &mut |ino, old, new| {
                if let Some(i) = old {
                    take(sum, ino, i);
                }
                if let Some(i) = new {
                    add(sum, ino, i);
                }
            });
            known.tree = tree.clone();
        }
        known.sum.hash(h);
    }

    /// Forgets file systems that are gone.
    pub(crate) fn keep(&self, here: impl Fn(FsId) -> bool) {
        self.0.borrow_mut().retain(|fs, _| here(*fs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(d: &TreeDigests, t: &Tree) -> [u8; 32] {
        let mut h = StateHasher::default();
        d.hash(FsId(0), t, &mut h);
        h.digest()
    }

    #[test]
    fn step_by_step_it_is_what_it_is_at_once() {
        let steps = TreeDigests::default();
        let mut t = Tree::new();
        let mut seen = std::collections::BTreeSet::new();
        let change: [fn(&mut Tree); 6] = [
            |t| {
                let _ = t.insert("/a/b", Inode::file("one", 0o644));
            },
            |t| {
                let _ = t.insert("/a/c", Inode::file("two", 0o644));
            },
            |t| t.remove_path("/a/b"),
            |t| {
                let _ = t.insert("/a/c", Inode::file("three", 0o600));
            },
            |t| {
                let _ = t.insert("/d", Inode::symlink("a"));
            },
            |t| t.remove_path("/a"),
        ];
        for c in change {
            let before = t.clone();
            c(&mut t);
            let now = digest(&steps, &t);
            assert_eq!(now, digest(&TreeDigests::default(), &t));
            assert!(seen.insert(now));
            // Another copy of the world asks in between.
            assert_eq!(digest(&steps, &before), digest(&TreeDigests::default(), &before));
        }
    }
}
