//! From changes of a file system to a layer's bytes.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_kernel::vfs::{Change, ChangeKind, Ino, Inode, Node};
use layerlab_oci::layer::{Entry, EntryKind, compare_paths, whiteout, write};
use layerlab_oci::{Bytes, Digest, gzip};

use crate::state::{EngineState, LayerInfo};

/// Blocks of the snapshot's disk: `docker history` of 29 counts in them.
const BLOCK: u64 = 4096;
/// Programs and libraries compress to about so many hundredths.
const COMPRESSED_PERCENT: u64 = 36;

/// A new layer: its tar, compressed, and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLayer {
    /// The compressed blob.
    pub blob: Bytes,
    /// Its figures.
    pub info: LayerInfo,
}

/// A layer of these entries; sizes in bytes of the real software if they differ.
pub fn from_entries(entries: &[Entry], nominal: Option<(u64, u64)>) -> NewLayer {
    let mut sorted = entries.to_vec();
    sorted.sort_by(|a, b| compare_paths(&a.path, &b.path));
    let tar = write(&sorted).unwrap_or_default();
    let diff_id = Digest::of(&tar);
    let blob = gzip::compress_memo(&diff_id, &tar);
    let size = blob.len() as u64;
    let (compressed, unpacked) =
        nominal.unwrap_or_else(|| (size + hidden(&sorted) * COMPRESSED_PERCENT / 100, blocks(&sorted)));
    let info = LayerInfo { digest: Digest::of(&blob), diff_id, size, compressed, unpacked, present: true };
    NewLayer { blob, info }
}

/// A layer of what changed.
pub fn from_changes(changes: &[Change], now: i64) -> NewLayer {
    from_entries(&entries(changes, now), None)
}

/// The entries of a layer for what changed; hard links within it are kept.
pub fn entries(changes: &[Change], now: i64) -> Vec<Entry> {
    let mut seen: BTreeMap<Ino, String> = BTreeMap::new();
    let mut out = Vec::new();
    for change in changes {
        let path = change.path.trim_start_matches('/');
        if path.is_empty() {
            continue;
        }
        if change.kind == ChangeKind::Deleted {
            out.push(whiteout(path, now));
        } else if let Some(inode) = &change.inode {
            let first = change.ino.filter(|_| inode.nlink > 1 && matches!(inode.node, Node::File(_)));
            if let Some(target) = first.and_then(|i| seen.get(&i)) {
                let mut link = Entry::hard_link(path, target);
                (link.mode, link.uid, link.gid, link.mtime) = (inode.mode, inode.uid, inode.gid, inode.mtime.0);
                out.push(link);
                continue;
            }
            if let Some(ino) = first {
                seen.insert(ino, path.to_owned());
            }
            out.extend(entry(path, inode));
        }
    }
    out
}

/// An inode as a layer's entry; sockets have none.
pub fn entry(path: &str, inode: &Inode) -> Option<Entry> {
    let kind = match &inode.node {
        Node::File(content) => EntryKind::File { content: content.clone() },
        Node::Dir { .. } => EntryKind::Dir,
        Node::Symlink(target) => EntryKind::Symlink { target: target.clone() },
        Node::Char(dev) => {
            let (major, minor) = dev.numbers();
            EntryKind::CharDev { major, minor }
        }
        Node::Block(major, minor) => EntryKind::BlockDev { major: *major, minor: *minor },
        Node::Fifo => EntryKind::Fifo,
        Node::Socket => return None,
    };
    let mut e = Entry::new(path, kind, inode.mode);
    (e.uid, e.gid, e.mtime, e.nominal_size) = (inode.uid, inode.gid, inode.mtime.0, inode.nominal);
    Some(e)
}

/// Bytes that the files stand for and that are not here.
fn hidden(entries: &[Entry]) -> u64 {
    let of = |e: &Entry| match &e.kind {
        EntryKind::File { content } => e.nominal_size.unwrap_or(0).saturating_sub(content.len() as u64),
        _ => 0,
    };
    entries.iter().map(of).sum()
}

/// What the snapshot takes on disk: its root directory, then each directory a block and each file
/// as many as it needs (measured: an empty RUN 4.1kB, `WORKDIR /app` 8.19kB, a small COPY 12.3kB).
pub fn blocks(entries: &[Entry]) -> u64 {
    let of = |e: &Entry| match &e.kind {
        EntryKind::File { content } => e.nominal_size.unwrap_or(content.len() as u64).div_ceil(BLOCK) * BLOCK,
        EntryKind::Dir => BLOCK,
        _ => 0,
    };
    BLOCK + entries.iter().map(of).sum::<u64>()
}

impl EngineState {
    /// Takes a layer in.
    pub fn add_layer(&mut self, layer: &NewLayer) {
        self.content.0.insert(layer.info.digest, Rc::clone(&layer.blob));
        self.layers.insert(layer.info.diff_id, layer.info.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_kernel::vfs::Tree;

    #[test]
    fn sizes_are_counted_in_blocks_as_measured() {
        // docker history of 29.7: WORKDIR /app 8.19kB, COPY package.json . 12.3kB, no-op RUN 4.1kB.
        assert_eq!(blocks(&[]), 4096);
        assert_eq!(blocks(&[Entry::dir("app", 0o755)]), 8192);
        assert_eq!(blocks(&[Entry::dir("app", 0o755), Entry::file("app/package.json", "{}\n", 0o644)]), 12288);
    }

    #[test]
    fn a_change_becomes_a_layer_and_back() {
        let mut base = Tree::new();
        base.insert("/etc/old", Inode::file("x", 0o644)).unwrap();
        base.insert("/etc/keep", Inode::file("k", 0o644)).unwrap();
        let mut new = base.clone();
        new.remove_path("/etc/old");
        new.insert("/app/a", Inode::file("a", 0o600).owned(5, 6)).unwrap();
        new.insert("/app/link", Inode::symlink("a")).unwrap();
        let entries = entries(&new.diff(&base), 7);
        let paths: Vec<&str> = entries.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["app", "app/a", "app/link", "etc", "etc/.wh.old"]);
        let mut again = base;
        crate::image::unpack::apply(&mut again, &entries);
        assert_eq!(
            again.walk().into_iter().map(|w| w.0).collect::<Vec<_>>(),
            new.walk().into_iter().map(|w| w.0).collect::<Vec<_>>()
        );
        assert_eq!(again.at("/app/a").map(|i| (i.mode, i.uid, i.gid)), Some((0o600, 5, 6)));
    }
}
