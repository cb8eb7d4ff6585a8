//! Docker's official images as a registry has them: by tag, and every blob by its digest.

use std::cell::RefCell;
use std::collections::BTreeMap;

use layerlab_oci::{Bytes, Digest, Reference};

use crate::catalog::{self, Remote};

thread_local! {
    /// Which tag a blob was last seen with: saves looking through all tags, and changes no answer.
    static SEEN: RefCell<BTreeMap<(String, Digest), String>> = const { RefCell::new(BTreeMap::new()) };
}

/// An image, for each of its platforms.
fn all(repo: &str, tag: &str) -> Option<Vec<Remote>> {
    let all = catalog::lookup_all(&Reference::parse_familiar(&format!("{repo}:{tag}")).ok()?).ok()?;
    SEEN.with_borrow_mut(|seen| {
        for remote in &all {
            for digest in remote.blobs.iter().map(|b| b.0).chain(remote.layers.iter().map(|l| l.info.digest)) {
                seen.entry((repo.to_owned(), digest)).or_insert_with(|| tag.to_owned());
            }
        }
    });
    Some(all)
}

/// An image.
pub(super) fn image(repo: &str, tag: &str) -> Option<Remote> {
    all(repo, tag)?.into_iter().next()
}

/// Whether there is such a repository.
pub(super) fn knows(repo: &str) -> bool {
    catalog::knows(repo)
}

/// All tags, sorted.
pub(super) fn tags(repo: &str) -> Vec<String> {
    let mut tags: Vec<String> = catalog::tags(repo);
    tags.retain(|t| image(repo, t).is_some());
    tags.sort();
    tags
}

/// A blob with the bytes that a pull of the real one moves, and those that it takes on disk.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub bytes: Bytes,
    pub nominal: Option<(u64, u64)>,
}

fn within(remote: &Remote, digest: &Digest) -> Option<Found> {
    let blob = remote.blobs.iter().find(|b| b.0 == *digest).map(|b| Found { bytes: b.1.clone(), nominal: None });
    blob.or_else(|| {
        let layer = remote.layers.iter().find(|l| l.info.digest == *digest)?;
        Some(Found { bytes: layer.blob.clone(), nominal: Some((layer.info.compressed, layer.info.unpacked)) })
    })
}

/// A blob of a repository.
pub(super) fn blob(repo: &str, digest: &Digest) -> Option<Found> {
    let seen = SEEN.with_borrow(|s| s.get(&(repo.to_owned(), *digest)).cloned());
    let tags = seen.into_iter().chain(catalog::tags(repo));
    tags.into_iter().find_map(|tag| all(repo, &tag)?.iter().find_map(|r| within(r, digest)))
}
