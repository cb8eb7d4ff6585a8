//! Whiteouts: how a layer says that a file of a lower layer is gone (OCI image-spec, `layer.md`).

use super::{Entry, EntryKind};
use crate::Bytes;

/// What stands before the name of a file that is removed.
pub const WHITEOUT_PREFIX: &str = ".wh.";
/// The file that hides everything that lower layers have in its directory.
pub const OPAQUE_NAME: &str = ".wh..wh..opq";
/// Other names of AUFS' own, which appliers skip.
const META_PREFIX: &str = ".wh..wh.";

/// What a path in a layer says about lower layers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whiteout {
    /// This path is gone.
    Remove(String),
    /// Whatever lower layers have in this directory is gone; empty for the root.
    Opaque(String),
    /// Left over from AUFS: to be skipped.
    Skip,
}

impl Whiteout {
    /// Reads the path of an entry. `None`: an ordinary file.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name == OPAQUE_NAME {
            return Some(Self::Opaque(dir.to_owned()));
        }
        if name.starts_with(META_PREFIX) {
            return Some(Self::Skip);
        }
        let removed = name.strip_prefix(WHITEOUT_PREFIX)?;
        if matches!(removed, "" | "." | "..") {
            return Some(Self::Skip);
        }
        Some(Self::Remove(if dir.is_empty() { removed.to_owned() } else { format!("{dir}/{removed}") }))
    }
}

/// The entry that removes a path, as containerd's differ writes it: an empty file of mode 0.
#[must_use]
pub fn whiteout(path: &str, mtime: i64) -> Entry {
    let marked = match path.rsplit_once('/') {
        Some((dir, name)) => format!("{dir}/{WHITEOUT_PREFIX}{name}"),
        None => format!("{WHITEOUT_PREFIX}{path}"),
    };
    mark(&marked, mtime)
}

/// The entry that hides what lower layers have in a directory.
#[must_use]
pub fn whiteout_opaque(dir: &str, mtime: i64) -> Entry {
    mark(&if dir.is_empty() { OPAQUE_NAME.to_owned() } else { format!("{dir}/{OPAQUE_NAME}") }, mtime)
}

fn mark(path: &str, mtime: i64) -> Entry {
    Entry { mtime, ..Entry::new(path, EntryKind::File { content: Bytes::default() }, 0) }
}
