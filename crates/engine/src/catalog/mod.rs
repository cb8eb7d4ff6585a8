//! What Docker Hub has, as far as this machine's internet goes: the official images whose programs
//! exist here. Paths and figures are those of the real images (docker-library/repo-info, 2026-09;
//! Debian's package lists); executables are stand-ins, libraries are names with sizes.
//!
//! To add an image: a block in `data/images.txt`, and one in `data/layers.txt` for each layer with files;
//! see [`table`]. What stands on code of its own has a file here and a line in [`find`].

mod alpine;
mod arm;
mod busybox;
mod debian;
mod files;
mod hello_world;
mod oracle;
mod python;
pub mod real;
mod registry;
mod table;
mod tag;
mod ubuntu;

use std::cell::RefCell;
use std::collections::BTreeMap;

use layerlab_oci::layer::Entry;
use layerlab_oci::{
    Config, Descriptor, Digest, History, ImageConfig, Index, Manifest, Platform, Reference, RootFs, Timestamp,
    media_type,
};

use crate::image::layer::{NewLayer, from_entries};
use crate::state::EngineState;

/// The usual `PATH`.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A layer of an official image.
#[derive(Clone, Copy)]
pub(crate) struct LayerSpec {
    /// Names it among all layers; with `variant`.
    key: &'static str,
    /// Version of the software in it.
    variant: &'static str,
    /// Its files.
    entries: fn(&str) -> Vec<Entry>,
    /// Bytes that a pull moves.
    compressed: u64,
    /// Bytes on disk.
    unpacked: u64,
}

/// A line of history; with a layer or not.
pub(crate) struct Line {
    by: String,
    layer: Option<Source>,
}

/// Where a layer comes from.
pub(crate) enum Source {
    /// Code.
    Spec(LayerSpec),
    /// Data.
    Files {
        /// Names it among all layers.
        key: String,
        /// Its files.
        entries: Vec<Entry>,
        /// Bytes that a pull moves.
        compressed: u64,
        /// Bytes on disk.
        unpacked: u64,
    },
}

/// An official image.
pub(crate) struct Official {
    created: i64,
    comment: &'static str,
    lines: Vec<Line>,
    config: Config,
}

fn layer(by: impl Into<String>, spec: LayerSpec) -> Line {
    Line { by: by.into(), layer: Some(Source::Spec(spec)) }
}

fn note(by: impl Into<String>) -> Line {
    Line { by: by.into(), layer: None }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

/// Why a name can't be pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such repository.
    Repository,
    /// The repository has no such tag.
    Tag,
    /// The image is not for such a platform.
    Platform,
    /// The registry's host is unknown.
    Host,
}

/// An image as the registry has it, for one of its platforms.
#[derive(Clone, Debug)]
pub struct Remote {
    /// The index.
    pub target: Descriptor,
    /// The platform's layers, lowest first.
    pub layers: Vec<NewLayer>,
    /// Index, and the platform's manifest and config.
    pub blobs: Vec<(Digest, layerlab_oci::Bytes)>,
    /// The platform.
    pub platform: Platform,
}

/// An image with all its platforms.
pub type All = Vec<Remote>;

thread_local! {
    static LAYERS: RefCell<BTreeMap<String, NewLayer>> = const { RefCell::new(BTreeMap::new()) };
    static IMAGES: RefCell<BTreeMap<String, All>> = const { RefCell::new(BTreeMap::new()) };
}

fn built(source: &Source, arm: bool) -> NewLayer {
    let key = match source {
        Source::Spec(spec) => format!("{arm} {} {}", spec.key, spec.variant),
        Source::Files { key, .. } => format!("{arm} = {key}"),
    };
    let for_machine = |entries: Vec<Entry>| if arm { arm::entries(entries) } else { entries };
    if let Some(known) = LAYERS.with_borrow(|l| l.get(&key).cloned()) {
        return known;
    }
    let new = match source {
        Source::Spec(s) => from_entries(&for_machine((s.entries)(s.variant)), Some((s.compressed, s.unpacked))),
        Source::Files { entries, compressed, unpacked, .. } => {
            from_entries(&for_machine(entries.clone()), Some((*compressed, *unpacked)))
        }
    };
    LAYERS.with_borrow_mut(|l| l.insert(key, new.clone()));
    new
}

fn find(repo: &str, tag: &str) -> Option<Option<Official>> {
    Some(match repo {
        "alpine" => alpine::image(tag),
        "busybox" => busybox::image(tag),
        "debian" => debian::image(tag),
        "hello-world" => hello_world::image(tag),
        "python" => python::image(tag),
        "registry" => registry::image(tag),
        "ubuntu" => ubuntu::image(tag),
        _ if table::knows(repo) => table::image(repo, tag),
        _ => return None,
    })
}

/// Paths of busybox's applets, without the first `/`: in Alpine, or in the image `busybox`.
pub fn applets(alpine: bool) -> Vec<String> {
    if alpine { alpine::applets().map(str::to_owned).collect() } else { busybox::paths() }
}

/// Whether Docker Hub has this official image.
pub fn knows(repo: &str) -> bool {
    find(repo, "latest").is_some()
}

/// Names that are tags of an official image, and maybe some that are not.
pub fn tags(repo: &str) -> Vec<String> {
    let list: &[&str] = match repo {
        "alpine" => return alpine::tags(),
        "busybox" => &[
            "latest",
            "1",
            "1.38",
            "1.38.0",
            "1.37",
            "1.37.0",
            "1.36",
            "1.36.1",
            "stable",
            "glibc",
            "musl",
            "uclibc",
            "stable-glibc",
            "stable-musl",
        ],
        "debian" => &[
            "latest",
            "trixie",
            "13",
            "13.5",
            "stable",
            "trixie-slim",
            "13-slim",
            "13.5-slim",
            "stable-slim",
            "bookworm",
            "12",
            "12.14",
            "oldstable",
            "bookworm-slim",
            "12-slim",
            "12.14-slim",
            "oldstable-slim",
            "bullseye",
            "11",
            "bullseye-slim",
            "11-slim",
        ],
        "hello-world" => &["latest", "linux"],
        "registry" => &["latest", "2", "2.8", "2.8.3"],
        "ubuntu" => &["latest", "24.04", "noble", "22.04", "jammy", "20.04", "focal"],
        "python" => return python::tags(),
        _ => return table::tags(repo),
    };
    words(list)
}

/// Looks a name up in its registry, for this machine's platform.
///
/// # Errors
/// See [`Missing`].
pub fn lookup(reference: &Reference) -> Result<Remote, Missing> {
    lookup_for(reference, &Platform::linux("amd64"))
}

/// Looks a name up in its registry, for a platform.
///
/// # Errors
/// See [`Missing`].
pub fn lookup_for(reference: &Reference, platform: &Platform) -> Result<Remote, Missing> {
    let all = lookup_all(reference)?;
    let fits = |r: &&Remote, p: &Platform| r.platform.matches(p);
    let found = platform.runs().iter().find_map(|p| all.iter().find(|r| fits(r, p)).cloned());
    found.ok_or(Missing::Platform)
}

/// Looks a name up in its registry, for all platforms.
///
/// # Errors
/// See [`Missing`].
pub fn lookup_all(reference: &Reference) -> Result<All, Missing> {
    if reference.domain() != layerlab_oci::reference::DEFAULT_DOMAIN {
        return Err(Missing::Host);
    }
    // The builder's image is the only one here that is not Docker's own.
    let path = reference.path();
    let repo = path.strip_prefix("library/").or(path.contains('/').then_some(path)).unwrap_or("");
    if let Some(digest) = reference.digest() {
        find(repo, "latest").ok_or(Missing::Repository)?;
        let is_it = |all: &&All| all.iter().any(|r| r.target.digest == *digest);
        return IMAGES.with_borrow(|i| i.values().find(is_it).cloned()).ok_or(Missing::Tag);
    }
    let tag = reference.tag().unwrap_or("latest");
    let key = format!("{repo}:{tag}");
    if let Some(known) = IMAGES.with_borrow(|i| i.get(&key).cloned()) {
        return Ok(known);
    }
    let official = find(repo, tag).ok_or(Missing::Repository)?.ok_or(Missing::Tag)?;
    let all = assemble(&official);
    IMAGES.with_borrow_mut(|i| i.insert(key, all.clone()));
    Ok(all)
}

/// The platforms of official images here.
fn platforms() -> [Platform; 2] {
    [Platform::linux("amd64"), Platform { variant: "v8".to_owned(), ..Platform::linux("arm64") }]
}

fn assemble(official: &Official) -> All {
    let time = Timestamp { secs: official.created, nanos: 0 };
    let mut parts = Vec::new();
    for platform in platforms() {
        let arm = platform.architecture == "arm64";
        let layers: Vec<NewLayer> =
            official.lines.iter().filter_map(|l| l.layer.as_ref()).map(|s| built(s, arm)).collect();
        let history = official.lines.iter().map(|l| History {
            created: Some(time),
            created_by: if arm { arm::named(&l.by) } else { l.by.clone() },
            author: String::new(),
            comment: official.comment.to_owned(),
            empty_layer: l.layer.is_none(),
        });
        let config = ImageConfig {
            architecture: platform.architecture.clone(),
            variant: platform.variant.clone(),
            config: official.config.clone(),
            created: Some(time),
            history: history.collect(),
            os: "linux".to_owned(),
            rootfs: RootFs::new(layers.iter().map(|l| l.info.diff_id).collect()),
            ..ImageConfig::default()
        };
        let config = config.to_json().unwrap_or_default();
        let layer = |l: &NewLayer| Descriptor::new(media_type::OCI_LAYER_GZIP, l.info.digest, l.info.size);
        let mut manifest =
            Manifest::new(Descriptor::of(media_type::OCI_CONFIG, &config), layers.iter().map(layer).collect());
        manifest.annotations.insert(
            "org.opencontainers.image.description".to_owned(),
            "simulated by Layerlab; programs are stand-ins".to_owned(),
        );
        let manifest = manifest.to_json().unwrap_or_default();
        let mut of_platform = Descriptor::of(media_type::OCI_MANIFEST, &manifest);
        of_platform.platform = Some(platform.clone());
        parts.push((platform, layers, [config, manifest], of_platform));
    }
    let index = Index::new(parts.iter().map(|p| p.3.clone()).collect()).to_json().unwrap_or_default();
    let target = Descriptor::of(media_type::OCI_INDEX, &index);
    let with_digest = |b: Vec<u8>| (Digest::of(&b), layerlab_oci::Bytes::new(b));
    let remote = |(platform, layers, blobs, _): (Platform, Vec<NewLayer>, [Vec<u8>; 2], Descriptor)| Remote {
        target: target.clone(),
        layers,
        blobs: blobs.into_iter().chain([index.clone()]).map(with_digest).collect(),
        platform,
    };
    parts.into_iter().map(remote).collect()
}

impl EngineState {
    /// Takes a pulled image in, with all its blobs.
    ///
    /// # Errors
    /// Its blobs don't fit together.
    pub fn add_remote(&mut self, remote: &Remote) -> Result<(), String> {
        for (digest, blob) in &remote.blobs {
            self.content.0.insert(*digest, blob.clone());
        }
        for layer in &remote.layers {
            self.add_layer(layer);
        }
        self.add_image(&remote.target).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(name: &str) -> Result<Remote, Missing> {
        lookup(&Reference::parse_familiar(name).unwrap())
    }

    #[test]
    fn every_official_image_is_whole() {
        for name in [
            "alpine",
            "busybox",
            "debian",
            "debian:bookworm-slim",
            "hello-world",
            "python",
            "python:3.11-slim",
            "python:3.13-alpine",
            "ubuntu",
            "nginx",
            "nginx:1.27-alpine",
            "nginx:1.29.8",
            "redis:7-alpine",
            "redis:7.4",
            "postgres:16",
            "postgres:17-alpine",
            "mysql:8.0",
            "mariadb:11",
            "node:22",
            "node:20-alpine",
            "node:22-slim",
            "httpd:2.4",
            "mongo:7",
            "golang:1.25-alpine",
            "golang",
            "eclipse-temurin:21-jre",
            "openjdk:17",
            "rust",
            "php:8.3-apache",
            "ruby:3.4-slim",
            "registry:2",
            "traefik:v3.6",
        ] {
            let r = remote(name).unwrap_or_else(|e| panic!("{name}: {e:?}"));
            let mut state = EngineState::default();
            state.add_remote(&r).unwrap();
            let image = state.images.find(&r.target.digest.to_string()).unwrap();
            assert_eq!(image.layers.len(), image.diff_ids().len(), "{name}");
            assert_eq!(image.config.history.iter().filter(|h| !h.empty_layer).count(), image.layers.len(), "{name}");
            let tree = crate::image::unpack::tree(&state, image.diff_ids()).unwrap();
            if name != "hello-world" {
                assert!(tree.at("/bin").is_some() && tree.at("/etc/passwd").is_some(), "{name}");
                let c = &image.config.config;
                let path = c.env.iter().find_map(|e| e.strip_prefix("PATH=")).unwrap_or_default();
                for program in c.entrypoint.first().into_iter().chain(c.cmd.first()) {
                    let found = path.split(':').any(|d| tree.at(&format!("{d}/{program}")).is_some());
                    // `/bin` may be a link to `/usr/bin`.
                    let is_there = found || tree.at(program).is_some() || tree.at(&format!("/usr{program}")).is_some();
                    assert!(is_there, "{name} has no {program}");
                }
            }
        }
    }

    #[test]
    fn a_config_follows_from_its_history() {
        let image = |name: &str| {
            let r = remote(name).unwrap();
            let mut state = EngineState::default();
            state.add_remote(&r).unwrap();
            let image = state.images.find(&r.target.digest.to_string()).unwrap();
            (image.config.config.clone(), crate::image::unpack::tree(&state, image.diff_ids()).unwrap())
        };
        let (nginx, tree) = image("nginx:1.27");
        assert_eq!(nginx.entrypoint, ["/docker-entrypoint.sh"]);
        assert_eq!(nginx.cmd, ["nginx", "-g", "daemon off;"]);
        assert!(nginx.exposed_ports.contains("80/tcp") && nginx.env.contains(&"NGINX_VERSION=1.27.5".to_owned()));
        assert_eq!((nginx.stop_signal.as_str(), nginx.labels.len()), ("SIGQUIT", 1));
        let passwd = String::from_utf8(tree.read("/etc/passwd").unwrap().to_vec()).unwrap();
        assert!(
            passwd.starts_with("root:x:0:0:")
                && passwd.ends_with("nginx:x:101:101:nginx user:/nonexistent:/bin/false\n")
        );
        assert_eq!(tree.at("/docker-entrypoint.sh").map(|i| i.mode), Some(0o755));
        let (mysql, _) = image("mysql:8.4");
        assert_eq!(mysql.exposed_ports.iter().map(String::as_str).collect::<Vec<_>>(), ["3306/tcp", "33060/tcp"]);
        let (mongo, _) = image("mongo");
        assert!(
            mongo.env.contains(&"MONGO_REPO=repo.mongodb.org".to_owned()) && mongo.volumes.contains("/data/configdb")
        );
        let (redis, tree) = image("redis:7-alpine");
        assert_eq!(
            (redis.working_dir.as_str(), redis.cmd.as_slice()),
            ("/data", ["redis-server".to_owned()].as_slice())
        );
        let stub = tree.read("/usr/local/bin/redis-server").and_then(|b| layerlab_kernel::stub::parse(&b));
        assert_eq!(stub, Some(("redis-server".to_owned(), "7.4.7".to_owned())));
        // A tag of one flavour is none of the other.
        assert!(
            remote("nginx:1.27.5-alpine").is_ok() && remote("node:22.23.2").is_ok() && remote("redis:7-nope").is_err()
        );
    }

    #[test]
    fn an_index_has_the_same_image_for_both_architectures() {
        let r = Reference::parse_familiar("alpine").unwrap();
        let (amd, arm) = (lookup(&r).unwrap(), lookup_for(&r, &Platform::linux("arm64")).unwrap());
        assert_eq!(amd.target, arm.target);
        assert_ne!(amd.layers[0].info.diff_id, arm.layers[0].info.diff_id);
        assert_eq!(lookup_for(&r, &Platform::linux("s390x")).err(), Some(Missing::Platform));
        let mut state = EngineState::default();
        state.add_remote(&arm).unwrap();
        let only_arm = state.images.find(&arm.target.digest.to_string()).unwrap();
        assert_eq!((only_arm.config.architecture.as_str(), only_arm.config.variant.as_str()), ("arm64", "v8"));
        state.add_remote(&amd).unwrap();
        let both = state.images.find(&arm.target.digest.to_string()).unwrap();
        assert_eq!(both.config.architecture, "amd64");
        let of = both.of(&Platform::linux("arm64")).unwrap();
        assert_eq!((of.config, of.manifest), (only_arm.config.clone(), only_arm.manifest.clone()));
        let tree = crate::image::unpack::tree(&state, only_arm.diff_ids()).unwrap();
        assert!(tree.walk().iter().all(|(path, ..)| !path.contains("x86_64")));
        let busybox = tree.read("/bin/busybox").unwrap();
        assert_eq!(layerlab_kernel::stub::machine(&busybox), "aarch64");
        assert!(layerlab_kernel::stub::parse(&busybox).is_some());
    }

    #[test]
    fn names_that_are_not_there() {
        assert_eq!(remote("python:nope").err(), Some(Missing::Tag));
        assert_eq!(remote("nosuchimage").err(), Some(Missing::Repository));
        assert_eq!(remote("someone/app").err(), Some(Missing::Repository));
        assert_eq!(remote("registry.example/app").err(), Some(Missing::Host));
    }

    #[test]
    fn no_two_layers_with_other_figures_have_the_same_bytes() {
        let mut seen: BTreeMap<Digest, (u64, u64)> = BTreeMap::new();
        for name in
            ["postgres:17", "redis", "node:22", "debian", "debian:trixie-slim", "mysql", "golang", "nginx:alpine"]
        {
            for l in remote(name).unwrap().layers {
                let figures = (l.info.compressed, l.info.unpacked);
                let first = *seen.entry(l.info.diff_id).or_insert(figures);
                // Layers of a few files may be equal; their sizes are next to nothing.
                assert!(first == figures || figures.1 < 65_536, "{name}: {first:?} {figures:?}");
            }
        }
    }

    #[test]
    fn figures_are_those_of_repo_info() {
        let r = remote("python:3.13-slim").unwrap();
        let compressed: Vec<u64> = r.layers.iter().map(|l| l.info.compressed).collect();
        assert_eq!(compressed, [29_780_765, 1_293_270, 11_887_174, 249]);
        // Layers are shared: python's lowest is Debian's.
        assert_eq!(remote("python:3.11-slim").unwrap().layers[0], r.layers[0]);
        assert_eq!(remote("python:3.13-alpine").unwrap().layers[0], remote("alpine").unwrap().layers[0]);
    }
}
