//! Digests of the real images. Those here are of the bytes here: who names a real one is told so.

use layerlab_oci::{Digest, Reference};

const DIGESTS: &str = include_str!("data/digests.txt");

/// A real image that has a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Real {
    /// Name and tag: `alpine:latest`.
    pub name: &'static str,
    /// Version of its software.
    pub version: &'static str,
}

/// The real image of a repository (`alpine`) whose index, manifest or config has this digest.
pub fn find(repo: &str, digest: &Digest) -> Option<Real> {
    let hex = digest.hex();
    let lines = DIGESTS.lines().filter(|l| !l.starts_with('#'));
    lines.map(|l| l.split(' ')).find_map(|mut words| {
        let (name, version) = (words.next()?, words.next()?);
        let same = name.split(':').next() == Some(repo) && words.any(|w| w == hex);
        same.then_some(Real { name, version })
    })
}

/// What is said behind `not found` of a digest that nothing here has.
pub fn explain(reference: &Reference) -> String {
    let Some(digest) = reference.digest() else { return String::new() };
    let repo = reference.path().strip_prefix("library/").unwrap_or(reference.path());
    let Some(real) = find(repo, digest) else {
        return format!(
            " (digests of images here are those of the simulated machine's own bytes; \"docker pull {repo}\" shows the one of {repo}:latest)"
        );
    };
    let tag = Reference::parse_normalized(real.name).ok();
    let ours = tag.and_then(|r| super::lookup(&r).ok()).map(|r| format!(": FROM {}@{}", repo, r.target.digest));
    format!(
        " (this is the digest of the real image {}, version {}; the image here is simulated, its bytes and so its digest are others{})",
        real.name,
        real.version,
        ours.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_digest_is_known_and_explained() {
        // docker-library/repo-info, repos/alpine/remote/latest.md.
        let name = "alpine@sha256:5b02b42e375f7426f8d65c3af331ca05d9878f9989230354504e0b9dfd431f60";
        let r = Reference::parse_normalized(name).unwrap();
        assert_eq!(find("alpine", r.digest().unwrap()), Some(Real { name: "alpine:latest", version: "3.24.2" }));
        assert_eq!(find("debian", r.digest().unwrap()), None);
        let said = explain(&r);
        assert!(
            said.contains("the real image alpine:latest, version 3.24.2") && said.contains("FROM alpine@sha256:"),
            "{said}"
        );
        let other = Reference::parse_normalized(&format!("alpine@{}", Digest::of(b"x"))).unwrap();
        assert!(explain(&other).contains("docker pull alpine"));
    }

    #[test]
    fn every_line_has_a_name_a_version_and_digests() {
        for l in DIGESTS.lines().filter(|l| !l.starts_with('#')) {
            let words: Vec<&str> = l.split(' ').collect();
            assert_eq!(words.len(), 5, "{l}");
            assert!(words.iter().skip(2).all(|w| *w == "-" || w.len() == 64), "{l}");
        }
    }
}
