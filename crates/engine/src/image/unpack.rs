//! From layers to a file system tree.

use std::cell::RefCell;
use std::collections::BTreeMap;

use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_oci::layer::{Entry, EntryKind, Limits, Whiteout, read};
use layerlab_oci::{Digest, gzip};

use crate::state::EngineState;

/// How many trees are kept.
const KEPT: usize = 1000;

thread_local! {
    /// Trees by the layers that they are made of. Only a memo: digests determine trees.
    static TREES: RefCell<BTreeMap<Vec<Digest>, Tree>> = const { RefCell::new(BTreeMap::new()) };
}

/// The tree of these layers, lowest first.
///
/// # Errors
/// A layer is missing or damaged.
pub fn tree(state: &EngineState, diff_ids: &[Digest]) -> Result<Tree, String> {
    if let Some(known) = TREES.with_borrow(|t| t.get(diff_ids).cloned()) {
        return Ok(known);
    }
    // The longest beginning that is known.
    let known = (0..diff_ids.len()).rev().find_map(|n| {
        let beginning = diff_ids.get(..n)?;
        TREES.with_borrow(|t| t.get(beginning).cloned()).map(|t| (n, t))
    });
    let (n, mut tree) = known.unwrap_or_default();
    for i in n..diff_ids.len() {
        let (Some(diff_id), Some(upto)) = (diff_ids.get(i), diff_ids.get(..=i)) else { break };
        apply(&mut tree, &entries(state, diff_id)?);
        remember(upto.to_vec(), tree.clone());
    }
    Ok(tree)
}

/// Keeps a tree that was made already.
pub fn remember(diff_ids: Vec<Digest>, tree: Tree) {
    TREES.with_borrow_mut(|t| {
        if t.len() >= KEPT {
            t.clear();
        }
        t.insert(diff_ids, tree);
    });
}

/// A layer's entries.
///
/// # Errors
/// It is missing or damaged.
pub fn entries(state: &EngineState, diff_id: &Digest) -> Result<Vec<Entry>, String> {
    let info = state.layers.get(diff_id).ok_or_else(|| format!("layer {diff_id}: not found"))?;
    let blob = state.content.0.get(&info.digest).ok_or_else(|| format!("content digest {}: not found", info.digest))?;
    read_blob(blob)
}

/// A blob's entries, compressed or not.
///
/// # Errors
/// It is damaged.
pub fn read_blob(blob: &[u8]) -> Result<Vec<Entry>, String> {
    let limits = Limits::default();
    if !gzip::is_gzip(blob) {
        return read(blob, limits).map_err(|e| e.to_string());
    }
    let tar = gzip::decompress(blob, limits.bytes.saturating_mul(2)).map_err(|e| e.to_string())?;
    read(&tar, limits).map_err(|e| e.to_string())
}

/// Puts a layer on a tree. What doesn't fit (a hard link to nothing) is left out.
pub fn apply(tree: &mut Tree, entries: &[Entry]) {
    for entry in entries {
        match Whiteout::parse(&entry.path) {
            Some(Whiteout::Remove(path)) => tree.remove_path(&format!("/{path}")),
            Some(Whiteout::Opaque(dir)) => clear(tree, &dir),
            Some(Whiteout::Skip) => {}
            None => put(tree, entry),
        }
    }
}

fn clear(tree: &mut Tree, dir: &str) {
    let Some(ino) = tree.lookup(dir) else { return };
    let names: Vec<String> = tree.entries(ino).map(|(n, _)| n.to_owned()).collect();
    for name in names {
        tree.remove_path(&format!("/{dir}/{name}"));
    }
}

fn put(tree: &mut Tree, entry: &Entry) {
    let path = format!("/{}", entry.path);
    if let EntryKind::HardLink { target } = &entry.kind {
        tree.remove_path(&path);
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if let (Some(to), Ok(dir)) = (tree.lookup(target), tree.mkdir_all(dir)) {
            let _ = tree.link(dir, name, to);
        }
        return;
    }
    let mut inode = Inode::new(node(&entry.kind), entry.mode).owned(entry.uid, entry.gid);
    inode.mtime = (entry.mtime, 0);
    inode.nominal = entry.nominal_size;
    // A file where a directory must be: the layer is odd; the later entry wins, as tar does it.
    if tree.insert(&path, inode.clone()).is_err() {
        let (dir, _) = path.rsplit_once('/').unwrap_or(("", &path));
        tree.remove_path(dir);
        let _ = tree.insert(&path, inode);
    }
}

fn node(kind: &EntryKind) -> Node {
    match kind {
        EntryKind::File { content } => Node::File(content.clone()),
        EntryKind::Symlink { target } => Node::Symlink(target.clone()),
        EntryKind::CharDev { major, minor } => Node::Char(Dev::from_numbers(*major, *minor)),
        EntryKind::BlockDev { major, minor } => Node::Block(*major, *minor),
        EntryKind::Fifo => Node::Fifo,
        EntryKind::Dir | EntryKind::HardLink { .. } => Inode::dir(0o755).node,
    }
}

/// What a container begins with: the image, and the engine's init layer, which has the places where
/// the engine mounts its own files (moby `daemon/initlayer`). `docker diff` counts from here.
///
/// # Errors
/// As [`tree`].
pub fn container_base(state: &EngineState, diff_ids: &[Digest]) -> Result<Tree, String> {
    let mut base = tree(state, diff_ids)?;
    for dir in ["/dev", "/proc", "/sys", "/etc"] {
        if base.at(dir).is_none() {
            let _ = base.insert(dir, Inode::dir(0o755));
        }
    }
    for file in ["/etc/resolv.conf", "/etc/hosts", "/etc/hostname"] {
        if base.at(file).is_none() {
            let _ = base.insert(file, Inode::file(Vec::new(), 0o644));
        }
    }
    if base.at("/etc/mtab").is_none() {
        let _ = base.insert("/etc/mtab", Inode::symlink("/proc/mounts"));
    }
    Ok(base)
}
