//! The build context: from what the client sent to a tree, and what each COPY takes of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use layerlab_dockerfile::ignore::Ignore;
use layerlab_kernel::vfs::{Inode, Node, Tree};
use layerlab_oci::gzip;
use layerlab_oci::layer::{EntryKind, Limits, read};

use super::copy::{self, CopyError};
use super::key::{CopyOp, FileSet};

/// Sources and `--exclude`.
type Selection = (Vec<String>, Vec<String>);

/// A context.
#[derive(Clone, Debug, Default)]
pub struct BuildContext {
    /// Its files, owned by root; ignored ones are not in it.
    pub tree: Tree,
    /// The Dockerfile's text, if it is there.
    pub dockerfile: Option<String>,
    /// The rules of `.dockerignore`, if there is one.
    pub ignore: Option<Ignore>,
    /// Bytes that the ignore file takes on its way, 2 where there is none (as BuildKit counts).
    pub ignore_size: u64,
    /// All files, as far as they count.
    pub files: FileSet,
    /// What was selected before: the same context and the same instruction take the same files.
    selected: RefCell<BTreeMap<Selection, Result<FileSet, CopyError>>>,
}

impl BuildContext {
    /// Reads a context; `dockerfile` is the Dockerfile's path in it.
    ///
    /// # Errors
    /// The ignore file has a pattern that is none.
    pub fn new(mut tree: Tree, dockerfile: &str) -> Result<Self, String> {
        let text = |path: &str| tree.read(path).map(|b| String::from_utf8_lossy(&b).into_owned());
        let rules = text(&format!("{dockerfile}.dockerignore")).or_else(|| text(".dockerignore"));
        let mut out = Self {
            dockerfile: text(dockerfile),
            ignore_size: rules.as_ref().map_or(2, |r| r.len() as u64 + 40),
            ..Self::default()
        };
        if let Some(rules) = rules {
            let ignore = Ignore::parse(&rules)?;
            drop_ignored(&mut tree, &ignore);
            out.ignore = Some(ignore);
        }
        out.tree = tree;
        let all = CopyOp { sources: vec!["/".to_owned()], ..CopyOp::default() };
        out.files = out.files_for(&all).unwrap_or_default();
        Ok(out)
    }

    /// A context from elsewhere: what is ignored is not sent, and nothing is sent.
    pub fn remote(tree: Tree, dockerfile: &str) -> Self {
        let text = tree.read(dockerfile).map(|b| String::from_utf8_lossy(&b).into_owned());
        let mut out = Self { dockerfile: text, tree, ..Self::default() };
        let all = CopyOp { sources: vec!["/".to_owned()], ..CopyOp::default() };
        out.files = out.files_for(&all).unwrap_or_default();
        out
    }

    /// The same rules with other files, of which none is ignored.
    pub fn with_tree(&self, tree: Tree) -> Self {
        let mut out = Self { tree, selected: RefCell::default(), ..self.clone() };
        let all = CopyOp { sources: vec!["/".to_owned()], ..CopyOp::default() };
        out.files = out.files_for(&all).unwrap_or_default();
        out
    }

    /// The files that a COPY, ADD or bind mount takes.
    ///
    /// # Errors
    /// A source isn't there.
    pub fn files_for(&self, op: &CopyOp) -> Result<FileSet, CopyError> {
        let key = (op.sources.clone(), op.exclude.clone());
        if let Some(known) = self.selected.borrow().get(&key) {
            return known.clone();
        }
        let found = copy::select(&self.tree, op).map(|s| FileSet::new(copy::files_of(&s)));
        self.selected.borrow_mut().insert(key, found.clone());
        found
    }
}

/// Reads a tar, compressed or not, as a tree; owners are root's.
///
/// # Errors
/// It is no tar.
pub fn tree_of_tar(tar: &[u8]) -> Result<Tree, String> {
    let limits = Limits::default();
    let entries = if gzip::is_gzip(tar) {
        let plain = gzip::decompress(tar, limits.bytes.saturating_mul(2)).map_err(|e| e.to_string())?;
        read(&plain, limits)
    } else {
        read(tar, limits)
    };
    let mut tree = Tree::new();
    for e in entries.map_err(|e| e.to_string())? {
        let node = match e.kind {
            EntryKind::File { content } => Node::File(content),
            EntryKind::Dir => Inode::dir(0).node,
            EntryKind::Symlink { target } => Node::Symlink(target),
            EntryKind::HardLink { target } => match tree.at(&target).map(|i| i.node.clone()) {
                Some(node) => node,
                None => continue,
            },
            _ => continue,
        };
        let mut inode = Inode::new(node, e.mode);
        inode.mtime = (e.mtime, 0);
        inode.nominal = e.nominal_size;
        let _ = tree.insert(&format!("/{}", e.path), inode);
    }
    Ok(tree)
}

/// Takes ignored files away; a directory stays while something in it is wanted.
fn drop_ignored(tree: &mut Tree, ignore: &Ignore) {
    for (path, _, inode) in tree.walk().into_iter().rev() {
        if !ignore.matches(path.trim_start_matches('/')) {
            continue;
        }
        let holds = matches!(inode.node, Node::Dir { .. }) && tree.lookup(&path).is_some_and(|i| !tree.is_empty(i));
        if !holds {
            tree.remove_path(&path);
        }
    }
}
