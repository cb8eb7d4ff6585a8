//! A file system as a flat list of paths: what layers do to it, and the layer between two of them.
//!
//! Applying is that of containerd (`pkg/archive/tar.go`): parents that are symbolic links are
//! followed inside the root, a directory over a directory keeps its content, anything else
//! replaces what was there. A whiteout takes what lower layers have, never what its own layer has
//! (OCI image-spec, `layer.md`), so that the order of entries does not matter to it.

mod diff;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Entry, EntryKind, LayerError, Whiteout, compare_paths};

/// Links that a path may lead through (Linux has 40, containerd 255).
const LINKS_MAX: usize = 255;

/// A file system. Two are equal if they have the same files with the same metadata, and the same of
/// them are links of each other.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: BTreeMap<String, Node>,
    /// The next free number of a file.
    next: u64,
}

/// A name of a file.
#[derive(Clone, Debug)]
struct Node {
    /// The file; never a hard link.
    entry: Entry,
    /// Equal numbers: hard links of one file.
    inode: u64,
}

impl Tree {
    /// What these layers make, lowest first.
    ///
    /// # Errors
    /// As [`Tree::apply`].
    pub fn of_layers<'a>(layers: impl IntoIterator<Item = &'a [Entry]>) -> Result<Self, LayerError> {
        let mut tree = Self::default();
        for layer in layers {
            tree.apply(layer)?;
        }
        Ok(tree)
    }

    /// The file at a path (no link is followed). A hard link is shown as the file that it is.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.nodes.get(path).map(|node| &node.entry)
    }

    /// All paths, sorted, with their files.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.nodes.iter().map(|(path, node)| (path.as_str(), &node.entry))
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All files in a layer's order: of the names of one file the first carries it, the others are hard links.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut paths: Vec<&String> = self.nodes.keys().collect();
        paths.sort_by(|a, b| compare_paths(a, b));
        self.entries_of(&paths)
    }

    /// The entries of these paths, which are in a layer's order.
    fn entries_of(&self, paths: &[&String]) -> Vec<Entry> {
        let mut first: BTreeMap<u64, &str> = BTreeMap::new();
        let mut out = Vec::with_capacity(paths.len());
        for node in paths.iter().filter_map(|path| self.nodes.get(*path)) {
            let mut entry = node.entry.clone();
            match first.get(&node.inode) {
                Some(target) => entry.kind = EntryKind::HardLink { target: (*target).to_owned() },
                None => {
                    first.insert(node.inode, &node.entry.path);
                }
            }
            out.push(entry);
        }
        out
    }

    /// Lays a layer over the files. If it fails, nothing has changed.
    ///
    /// # Errors
    /// A path through something that is no directory or through links without end, a hard link to nothing.
    pub fn apply(&mut self, layer: &[Entry]) -> Result<(), LayerError> {
        let mut next = Applying { tree: self.clone(), unpacked: BTreeSet::new() };
        for entry in layer {
            next.entry(entry)?;
        }
        *self = next.tree;
        Ok(())
    }

    /// The paths below a directory.
    fn below(&self, dir: &str) -> Vec<String> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let from = self.nodes.range(prefix.clone()..);
        from.map(|(path, _)| path).take_while(|path| path.starts_with(&prefix)).cloned().collect()
    }

    fn remove_all(&mut self, path: &str) {
        for below in self.below(path) {
            self.nodes.remove(&below);
        }
        self.nodes.remove(path);
    }

    fn insert(&mut self, path: &str, entry: &Entry) {
        let node = Node { entry: Entry { path: path.to_owned(), ..entry.clone() }, inode: self.next };
        self.nodes.insert(path.to_owned(), node);
        self.next += 1;
    }

    fn is_dir(&self, path: &str) -> bool {
        self.get(path).is_some_and(|entry| entry.kind == EntryKind::Dir)
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.entries() == other.entries()
    }
}

impl Eq for Tree {}

/// A tree while a layer is laid over it.
struct Applying {
    tree: Tree,
    /// What this layer has brought.
    unpacked: BTreeSet<String>,
}

impl Applying {
    fn entry(&mut self, entry: &Entry) -> Result<(), LayerError> {
        match Whiteout::parse(&entry.path) {
            Some(Whiteout::Skip) => {}
            Some(Whiteout::Opaque(dir)) => {
                // Something in it, so that the directory itself is followed and made, too.
                let inside = if dir.is_empty() { ".".to_owned() } else { format!("{dir}/.") };
                let dir = self.resolve(&inside)?;
                self.hide(&dir);
            }
            Some(Whiteout::Remove(path)) => {
                let path = self.resolve(&path)?;
                self.hide(&path);
                if !self.is_kept(&path) {
                    self.tree.nodes.remove(&path);
                }
            }
            None => self.put(entry)?,
        }
        Ok(())
    }

    /// Removes what lower layers have below a path.
    fn hide(&mut self, path: &str) {
        for below in self.tree.below(path) {
            if !self.is_kept(&below) {
                self.tree.nodes.remove(&below);
            }
        }
    }

    /// Whether this layer has brought the path or something below it.
    fn is_kept(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        self.unpacked.contains(path)
            || self.unpacked.range(inside.clone()..).next().is_some_and(|next| next.starts_with(&inside))
    }

    fn put(&mut self, entry: &Entry) -> Result<(), LayerError> {
        let path = self.resolve(&entry.path)?;
        if path.is_empty() {
            return Err(LayerError::BadPath(entry.path.clone()));
        }
        if entry.kind == EntryKind::Dir && self.tree.is_dir(&path) {
            self.tree.nodes.remove(&path);
        } else {
            self.tree.remove_all(&path);
        }
        if let EntryKind::HardLink { target } = &entry.kind {
            let target = self.resolve(target)?;
            let missing = || LayerError::NoLinkTarget(entry.path.clone(), target.clone());
            let mut node = self.tree.nodes.get(&target).ok_or_else(missing)?.clone();
            if node.entry.kind == EntryKind::Dir {
                return Err(missing());
            }
            path.clone_into(&mut node.entry.path);
            self.tree.nodes.insert(path.clone(), node);
        } else {
            self.tree.insert(&path, entry);
        }
        self.unpacked.insert(path);
        Ok(())
    }

    /// The path with the links of its parents followed, never out of the root. Parents that are
    /// missing are made.
    fn resolve(&mut self, path: &str) -> Result<String, LayerError> {
        let mut todo: VecDeque<String> = path.split('/').map(str::to_owned).collect();
        let mut done: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop_front() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    done.pop();
                    continue;
                }
                _ => done.push(part),
            }
            if todo.is_empty() {
                break;
            }
            let here = done.join("/");
            match self.tree.get(&here).map(|entry| entry.kind.clone()) {
                Some(EntryKind::Dir) => {}
                Some(EntryKind::Symlink { target }) => {
                    links += 1;
                    if links > LINKS_MAX {
                        return Err(LayerError::TooManyLinks(path.to_owned()));
                    }
                    done.pop();
                    if target.starts_with('/') {
                        done.clear();
                    }
                    for part in target.split('/').rev() {
                        todo.push_front(part.to_owned());
                    }
                }
                Some(_) => return Err(LayerError::NotADirectory(path.to_owned())),
                None => self.tree.insert(&here, &Entry::dir(&here, 0o755)),
            }
        }
        Ok(done.join("/"))
    }
}

#[cfg(test)]
mod tests;
