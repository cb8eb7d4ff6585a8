//! The same images for 64-bit ARM: executables of that architecture, and its names where the other's stand.

use layerlab_kernel::stub;
use layerlab_oci::layer::{Entry, EntryKind};

/// Names of the architecture, in Debian's, Alpine's and Go's words.
pub(super) fn named(text: &str) -> String {
    text.replace("x86_64", "aarch64").replace("x86-64", "aarch64").replace("amd64", "arm64")
}

/// Files for 64-bit ARM; sizes stay.
pub(super) fn entries(list: Vec<Entry>) -> Vec<Entry> {
    list.into_iter().map(entry).collect()
}

fn entry(mut e: Entry) -> Entry {
    e.path = named(&e.path);
    match &mut e.kind {
        EntryKind::File { content } => {
            if let Some(arm) = stub::for_aarch64(content) {
                *content = arm.into();
            } else if let Ok(text) = std::str::from_utf8(content) {
                let new = named(text);
                if new != text {
                    *content = new.into_bytes().into();
                }
            }
        }
        EntryKind::Symlink { target } | EntryKind::HardLink { target } => *target = named(target),
        _ => {}
    }
    e
}
