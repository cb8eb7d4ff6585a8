//! The order of entries: that of containerd's walk over two trees.

use std::cmp::Ordering;

use super::{OPAQUE_NAME, WHITEOUT_PREFIX};

/// Compares paths component by component, so that a directory comes before what is in it, and that
/// before its next sibling. A whiteout stands where the file that it removes would stand; an opaque
/// mark stands first in its directory.
#[must_use]
pub fn compare_paths(a: &str, b: &str) -> Ordering {
    a.split('/').map(key).cmp(b.split('/').map(key)).then_with(|| a.cmp(b))
}

fn key(component: &str) -> &str {
    if component == OPAQUE_NAME { "" } else { component.strip_prefix(WHITEOUT_PREFIX).unwrap_or(component) }
}
