//! What a tag of an official image asks for: `22.11.0-bookworm-slim` is a version and a flavour.

/// A tag's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// `22`, `22.11`, `22.11.0`; empty: the newest.
    pub version: &'a str,
    /// What stands behind it, without the `-`; may be empty.
    pub flavour: &'a str,
}

impl<'a> Tag<'a> {
    pub(super) fn parse(tag: &'a str) -> Self {
        match tag {
            "latest" => Self { version: "", flavour: "" },
            t if t.starts_with(|c: char| c.is_ascii_digit()) => {
                let (version, flavour) = t.split_once('-').unwrap_or((t, ""));
                Self { version, flavour }
            }
            flavour => Self { version: "", flavour },
        }
    }
}

/// Whether a version is one that another stands for: 3.12.4 of 3.12.
pub(super) fn within(version: &str, line: &str) -> bool {
    version.strip_prefix(line).is_some_and(|r| r.is_empty() || r.starts_with('.'))
}

/// The release that a version names, where `full` is the newest of a `line` (`3.12`): that one, or an older
/// one of the line. `None`: none of this line.
pub(super) fn release(asked: &str, line: &str, full: &str) -> Option<String> {
    if within(full, asked) && within(asked, line) {
        return Some(full.to_owned());
    }
    if !within(asked, line) {
        return None;
    }
    let numbers = |text: &str| text.split('.').map(|n| n.parse().ok()).collect::<Option<Vec<u32>>>();
    let (mut older, newest) = (numbers(asked)?, numbers(full)?);
    if older.len() > newest.len() {
        return None;
    }
    older.resize(newest.len(), 0);
    let text = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    (older < newest).then(|| text(&older))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_versions_and_flavours() {
        let tag = |t| {
            let Tag { version, flavour } = Tag::parse(t);
            (version, flavour)
        };
        assert_eq!(tag("latest"), ("", ""));
        assert_eq!(tag("22.11.0-bookworm-slim"), ("22.11.0", "bookworm-slim"));
        assert_eq!(tag("3"), ("3", ""));
        assert_eq!(tag("alpine3.20"), ("", "alpine3.20"));
    }

    #[test]
    fn a_version_is_of_a_line_and_not_newer() {
        let of = |asked| release(asked, "3.12", "3.12.14");
        assert_eq!(of("3.12").as_deref(), Some("3.12.14"));
        assert_eq!(of("3.12.14").as_deref(), Some("3.12.14"));
        assert_eq!(of("3.12.4").as_deref(), Some("3.12.4"));
        assert_eq!((of("3.12.15"), of("3"), of("3.1"), of("3.120"), of("3.12.4.1"), of("3.12.x")), Default::default());
        assert_eq!(release("20.11", "20", "20.20.2").as_deref(), Some("20.11.0"));
        assert_eq!(release("20.20", "20", "20.20.2").as_deref(), Some("20.20.2"));
        assert_eq!(release("18", "18", "18.4").as_deref(), Some("18.4"));
    }

    /// `/etc/os-release`'s version, and what the image's variables say.
    fn looked_up(name: &str) -> Option<(String, Vec<String>)> {
        let reference = layerlab_oci::Reference::parse_familiar(name).ok()?;
        let remote = super::super::lookup(&reference).ok()?;
        let mut state = crate::state::EngineState::default();
        state.add_remote(&remote).ok()?;
        let image = state.images.find(&remote.target.digest.to_string()).ok()?;
        let tree = crate::image::unpack::tree(&state, image.diff_ids()).ok()?;
        let text = ["/usr/lib/os-release", "/etc/os-release"].iter().find_map(|p| tree.read(p))?;
        let text = String::from_utf8(text.to_vec()).ok()?;
        let field = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)).map(str::to_owned);
        let release = field("VERSION_CODENAME=").or_else(|| field("VERSION_ID="))?;
        Some((release, image.config.config.env.clone()))
    }

    #[test]
    fn distributions_have_their_older_releases() {
        for (name, release) in [
            ("alpine:3.20", "3.20.8"),
            ("alpine:3.20.3", "3.20.3"),
            ("alpine:3", "3.24.2"),
            ("debian:bullseye-slim", "bullseye"),
            ("ubuntu:22.04", "jammy"),
            ("ubuntu:focal", "focal"),
        ] {
            assert_eq!(looked_up(name).unwrap().0, release, "{name}");
        }
        for name in ["alpine:3.20.9", "alpine:3.99", "alpine:2", "ubuntu:22", "debian:11.12", "busybox:1.2"] {
            assert!(looked_up(name).is_none(), "{name}");
        }
        let layers = |name: &str| {
            let r = layerlab_oci::Reference::parse_familiar(name).unwrap();
            super::super::lookup(&r).unwrap().layers
        };
        assert_ne!(layers("alpine:3.20"), layers("alpine:3.19"));
        assert_ne!(layers("busybox:1.36"), layers("busybox:musl"));
    }

    #[test]
    fn a_flavour_names_the_release_below() {
        for (name, release, variable) in [
            ("python:3.9-slim", "trixie", "PYTHON_VERSION=3.9.25"),
            ("python:3.12.4-slim-bullseye", "bullseye", "PYTHON_VERSION=3.12.4"),
            ("python:3.14-alpine3.22", "3.22.2", "PYTHON_VERSION=3.14.2"),
            ("python:bookworm", "bookworm", "PYTHON_VERSION=3.14.2"),
            ("node:20-bookworm-slim", "bookworm", "NODE_VERSION=20.20.2"),
            ("node:20.11.1-alpine3.20", "3.20.8", "NODE_VERSION=20.11.1"),
            ("node:22-bullseye", "bullseye", "NODE_VERSION=22.23.2"),
            ("nginx:1.27-bookworm", "bookworm", "NGINX_VERSION=1.27.5"),
            ("nginx:1.27.2-alpine", "3.24.2", "NGINX_VERSION=1.27.2"),
            ("golang:1.22-bookworm", "bookworm", "GOLANG_VERSION=1.22.12"),
            ("postgres:16.3", "trixie", "PG_MAJOR=16"),
            ("php:8.3-apache-bookworm", "bookworm", "PHP_VERSION=8.3.29"),
        ] {
            let (found, env) = looked_up(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(found, release, "{name}");
            assert!(env.iter().any(|e| e == variable), "{name}: {env:?}");
        }
        for name in ["node:20-bookwurm", "node:21.1", "nginx:1.27.6", "nginx:1.27-jammy", "python:3.12-slim-alpine"] {
            assert!(looked_up(name).is_none(), "{name}");
        }
    }
}
