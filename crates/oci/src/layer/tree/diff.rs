//! The layer between two trees: containerd's `fs.Changes` and `ChangeWriter`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, EntryKind, Node, Tree, compare_paths};
use crate::layer::whiteout;

impl Tree {
    /// What must be laid over these files to get `upper`: changed files with the directories that
    /// they lie in, all names of a file of which one has changed, and a whiteout, dated
    /// `removed_at` (seconds since 1970), for what is gone.
    ///
    /// A file whose name begins with `.wh.` cannot be in a layer; it would be read as a whiteout.
    #[must_use]
    pub fn diff(&self, upper: &Self, removed_at: i64) -> Vec<Entry> {
        let mut links: BTreeMap<u64, Vec<&String>> = BTreeMap::new();
        for (path, node) in &upper.nodes {
            links.entry(node.inode).or_default().push(path);
        }
        let mut lower_links: BTreeMap<u64, Vec<&String>> = BTreeMap::new();
        for (path, node) in &self.nodes {
            lower_links.entry(node.inode).or_default().push(path);
        }
        let mut wanted: BTreeSet<&String> = BTreeSet::new();
        for paths in links.values() {
            if self.is_touched(upper, paths, &lower_links) {
                wanted.extend(paths);
            }
        }
        // What lies in a directory that is gone goes with it.
        let is_gone =
            |path: &&String| !upper.nodes.contains_key(*path) && parent(path).is_none_or(|parent| upper.is_dir(parent));
        let gone: Vec<&String> = self.nodes.keys().filter(is_gone).collect();
        let mut parents: BTreeSet<&String> = BTreeSet::new();
        for path in wanted.iter().chain(&gone) {
            let mut at = parent(path);
            while let Some((known, _)) = at.and_then(|path| upper.nodes.get_key_value(path)) {
                if !parents.insert(known) {
                    break;
                }
                at = parent(known);
            }
        }
        wanted.extend(parents);
        let mut paths: Vec<&String> = wanted.into_iter().collect();
        paths.sort_by(|a, b| compare_paths(a, b));
        let mut out = upper.entries_of(&paths);
        out.extend(gone.into_iter().map(|path| whiteout(path, removed_at)));
        out.sort_by(|a, b| compare_paths(&a.path, &b.path));
        out
    }

    /// Whether a file of `upper`, with all its names, is not the same here.
    fn is_touched(&self, upper: &Self, paths: &[&String], lower_links: &BTreeMap<u64, Vec<&String>>) -> bool {
        let mut inode = None;
        for path in paths {
            let (Some(old), Some(new)) = (self.nodes.get(*path), upper.nodes.get(*path)) else {
                return true;
            };
            if !same(old, new) || *inode.get_or_insert(old.inode) != old.inode {
                return true;
            }
        }
        // A name that was one of the file's and is another file's now.
        let others = inode.and_then(|inode| lower_links.get(&inode)).into_iter().flatten();
        let mut others = others.filter(|path| upper.nodes.contains_key(**path));
        others.any(|path| !paths.contains(path))
    }
}

/// Equal but for their place.
fn same(a: &Node, b: &Node) -> bool {
    let (a, b) = (&a.entry, &b.entry);
    // The content last: it is the dearest to compare.
    let kinds = || match (&a.kind, &b.kind) {
        (EntryKind::File { content: a }, EntryKind::File { content: b }) => std::rc::Rc::ptr_eq(a, b) || a == b,
        (a, b) => a == b,
    };
    (a.mode, a.uid, a.gid, a.mtime, a.nominal_size) == (b.mode, b.uid, b.gid, b.mtime, b.nominal_size)
        && (&a.uname, &a.gname, &a.xattrs) == (&b.uname, &b.gname, &b.xattrs)
        && kinds()
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(dir, _)| dir)
}
