//! `--cache-from` (BuildKit `cache/remotecache/import.go`).

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_api::registry::Registry;
use layerlab_kernel::vfs::{Node, Tree};
use layerlab_oci::{Bytes, Descriptor, Digest, ImageConfig, Index, Manifest, Reference, Timestamp, media_type};

use super::config::{CacheConfig, CacheLayer, CacheRecord, MEDIA_TYPE};
use super::{Place, UNCOMPRESSED};
use crate::build::base::LATENCY;
use crate::build::cache::Entry;
use crate::build::context::BuildContext;
use crate::build::error::BuildError;
use crate::build::key::{Inputs, Op};
use crate::build::solve::Solve;
use crate::context::{now, with};
use crate::error::ApiError;
use crate::image::layer::NewLayer;
use crate::registry::client;
use crate::registry::fetch;

/// Where blobs come from.
enum From<'a> {
    Registry(Registry, Reference),
    Folder(&'a Tree),
}

impl From<'_> {
    async fn blob(&self, digest: &Digest) -> Result<Bytes, String> {
        match self {
            Self::Registry(registry, reference) => {
                fetch::blob(registry, reference.path(), digest).await.map_err(|e| e.message)
            }
            Self::Folder(tree) => {
                let path = format!("/blobs/sha256/{}", digest.hex());
                let found = tree.at(&path).and_then(|i| match &i.node {
                    Node::File(content) => Some(content.clone()),
                    _ => None,
                });
                let found = found.ok_or_else(|| format!("{digest}: not found"))?;
                if Digest::of(&found) == *digest {
                    return Ok(found);
                }
                Err(format!("unexpected digest of {path}, expected {digest}"))
            }
        }
    }

    async fn layer(&self, d: &Descriptor, diff_id: &Digest) -> Result<NewLayer, String> {
        let message = |e: ApiError| e.message;
        match self {
            Self::Registry(registry, reference) => {
                fetch::layer(registry, reference.path(), d, diff_id).await.map_err(message)
            }
            Self::Folder(_) => fetch::of_blob(self.blob(&d.digest).await?, d.digest, diff_id).map_err(message),
        }
    }
}

/// What a cache has.
struct Found {
    layers: Vec<NewLayer>,
    /// Chains by key.
    results: BTreeMap<Digest, (Vec<Digest>, Timestamp)>,
}

/// A cache's name in messages: a registry's reference, else its kind and a number of its options.
fn shown(place: &Place) -> String {
    match place.option("ref").filter(|_| place.kind == "registry") {
        Some(r) => Reference::parse_normalized(r).map_or_else(|_| r.to_owned(), |r| r.tag_name_only().to_string()),
        None => {
            let raw = Digest::of(format!("{place:?}").as_bytes());
            let number = raw.raw().iter().take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
            format!("{}:{number}", place.kind)
        }
    }
}

impl Solve {
    /// Takes in what `--cache-from` names. What can't be had is told, and the build goes on.
    ///
    /// # Errors
    /// No such kind of cache; the client is gone.
    pub(in crate::build) async fn import_caches(
        &mut self,
        folders: &BTreeMap<usize, Rc<BuildContext>>,
    ) -> Result<(), BuildError> {
        for (n, text) in self.options.cache_from.clone().iter().enumerate() {
            let place = Place::parse(text)?;
            if !matches!(place.kind.as_str(), "registry" | "local") {
                return Err(BuildError::new(format!("unknown cache importer: {}", place.kind)));
            }
            let folder = folders.get(&n).map(|c| &c.tree);
            if place.kind == "local" && folder.is_none() {
                // The client has said that there is none.
                continue;
            }
            let id = self
                .progress
                .start(&format!("importing cache manifest from {}", shown(&place)), &[], None, None)
                .await?;
            match self.import(&place, folder, &id).await {
                Ok(found) => {
                    self.take_in(found)?;
                    self.progress.done(&id).await?;
                }
                Err(why) => self.progress.fail(&id, &why).await?,
            }
        }
        Ok(())
    }

    async fn import(&mut self, place: &Place, folder: Option<&Tree>, id: &str) -> Result<Found, String> {
        let sys = self.sys();
        let (from, target, bytes) = match folder {
            Some(tree) => {
                let digest = match place.option("digest") {
                    Some(d) => d.parse().map_err(|_| format!("invalid digest {d}"))?,
                    None => tagged(tree, place.option("tag").unwrap_or("latest"))?,
                };
                let from = From::Folder(tree);
                let bytes = from.blob(&digest).await?;
                (from, digest, bytes)
            }
            None => {
                let failed = |e: String| format!("failed to configure registry cache importer: {e}");
                let text = place.option("ref").ok_or_else(|| failed("ref is required".to_owned()))?;
                let reference = Reference::parse_normalized(text).map_err(|e| failed(e.to_string()))?.tag_name_only();
                if reference.domain() == layerlab_oci::reference::DEFAULT_DOMAIN {
                    let _ = sys.sleep(LATENCY).await;
                    return Err(failed(no_such(&reference)));
                }
                let registry = client::open(&sys, reference.domain(), None).await;
                let what = reference
                    .digest()
                    .map_or_else(|| reference.tag().unwrap_or("latest").to_owned(), ToString::to_string);
                let path = format!("{}/manifests/{what}", reference.path());
                let (d, bytes) = fetch::manifest(&registry, &reference, &path)
                    .await
                    .map_err(|e| failed(ApiError::from(e).message))?;
                (From::Registry(registry, reference), d.digest, bytes)
            }
        };
        let kind = kind_of(&bytes);
        let _ = self.progress.note(id, &format!("inferred cache manifest type: {kind}"), 0).await;
        read(&from, &target, &kind, bytes).await
    }

    fn take_in(&mut self, found: Found) -> Result<(), BuildError> {
        let at = now(&self.sys());
        with(&self.sys(), |s| {
            for layer in &found.layers {
                if !s.layers.contains_key(&layer.info.diff_id) {
                    s.add_layer(layer);
                }
            }
            for (key, (chain, created)) in found.results {
                let Some(layer) = chain.last().copied() else { continue };
                let size = s.layers.get(&layer).map_or(0, |l| l.unpacked);
                let entry = Entry {
                    layer,
                    chain,
                    made_by: 0,
                    created,
                    used: at,
                    uses: 0,
                    took: 0,
                    size,
                    description: String::new(),
                    // A step that takes it from here says what it depends on.
                    inputs: Rc::new(Inputs { parent: None, op: Op::From(key) }),
                };
                s.cache_of(&self.options.builder).imported.entry(key).or_insert_with(|| entry.into());
            }
        })?;
        Ok(())
    }
}

fn no_such(reference: &Reference) -> String {
    match crate::catalog::lookup(reference) {
        Err(crate::catalog::Missing::Tag) => format!("{reference}: not found"),
        _ => "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed".to_owned(),
    }
}

/// The manifest that `index.json` names so.
fn tagged(tree: &Tree, tag: &str) -> Result<Digest, String> {
    let bytes = tree.read("/index.json").ok_or("could not read index.json: no such file or directory")?;
    let index = Index::from_json(&bytes).map_err(|e| format!("could not unmarshal index.json: {e}"))?;
    let is_it =
        |d: &&Descriptor| d.annotations.get("org.opencontainers.image.ref.name").map(String::as_str) == Some(tag);
    index.manifests.iter().find(is_it).map(|d| d.digest).ok_or_else(|| format!("failed to find digest for tag {tag}"))
}

fn kind_of(bytes: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let said = value.get("mediaType").and_then(serde_json::Value::as_str);
    let guess = if value.get("manifests").is_some() { media_type::OCI_INDEX } else { media_type::OCI_MANIFEST };
    said.unwrap_or(guess).to_owned()
}

async fn read(from: &From<'_>, target: &Digest, kind: &str, bytes: Bytes) -> Result<Found, String> {
    let json = |e: serde_json::Error| e.to_string();
    let mut manifests: Vec<(Digest, Bytes)> = vec![(*target, bytes)];
    if media_type::is_index(kind) {
        let Some((_, bytes)) = manifests.pop() else { return Err("no manifest".to_owned()) };
        let index = Index::from_json(&bytes).map_err(json)?;
        if let Some(config) = index.manifests.iter().find(|d| d.media_type == MEDIA_TYPE) {
            let layers = index.manifests.iter().filter(|d| d.media_type != MEDIA_TYPE).cloned().collect();
            return of_config(from, config, layers).await;
        }
        for d in &index.manifests {
            if d.platform.as_ref().is_some_and(layerlab_oci::Platform::is_unknown) {
                continue;
            }
            let bytes = match from {
                From::Registry(registry, reference) => {
                    let path = format!("{}/manifests/{}", reference.path(), d.digest);
                    fetch::manifest(registry, reference, &path).await.map_err(|e| ApiError::from(e).message)?.1
                }
                From::Folder(_) => from.blob(&d.digest).await?,
            };
            manifests.push((d.digest, bytes));
        }
    }
    let mut out = Found { layers: Vec::new(), results: BTreeMap::new() };
    for (_, bytes) in manifests {
        let manifest = Manifest::from_json(&bytes).map_err(json)?;
        let found = if manifest.config.media_type == MEDIA_TYPE {
            of_config(from, &manifest.config, manifest.layers).await?
        } else {
            of_image(from, &manifest).await?
        };
        out.layers.extend(found.layers);
        out.results.extend(found.results);
    }
    Ok(out)
}

/// A cache of its own.
async fn of_config(from: &From<'_>, config: &Descriptor, layers: Vec<Descriptor>) -> Result<Found, String> {
    let bytes = from.blob(&config.digest).await?;
    let config: CacheConfig = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    let mut diff_ids: BTreeMap<Digest, Digest> = BTreeMap::new();
    let mut got = Vec::new();
    for d in &layers {
        let Some(diff_id) = d.annotations.get(UNCOMPRESSED).and_then(|t| t.parse().ok()) else { continue };
        got.push(from.layer(d, &diff_id).await?);
        diff_ids.insert(d.digest, diff_id);
    }
    Ok(Found { layers: got, results: results(&config, &diff_ids) })
}

/// An image whose config tells of the cache.
async fn of_image(from: &From<'_>, manifest: &Manifest) -> Result<Found, String> {
    let bytes = from.blob(&manifest.config.digest).await?;
    let mut out = Found { layers: Vec::new(), results: BTreeMap::new() };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    let Some(text) = value.get("moby.buildkit.cache.v0").and_then(serde_json::Value::as_str) else { return Ok(out) };
    let decoded = layerlab_kernel::base64::decode(text).ok_or("illegal base64 data")?;
    let records: Vec<CacheRecord> = serde_json::from_slice(&decoded).map_err(|e| e.to_string())?;
    let image = ImageConfig::from_json(&bytes).map_err(|e| e.to_string())?;
    let mut config = CacheConfig { layers: Vec::new(), records };
    let mut diff_ids = BTreeMap::new();
    for (i, (d, diff_id)) in (-1..).zip(manifest.layers.iter().zip(&image.rootfs.diff_ids)) {
        config.layers.push(CacheLayer { blob: d.digest, parent_index: i });
        out.layers.push(from.layer(d, diff_id).await?);
        diff_ids.insert(d.digest, *diff_id);
    }
    out.results = results(&config, &diff_ids);
    Ok(out)
}

fn results(config: &CacheConfig, diff_ids: &BTreeMap<Digest, Digest>) -> BTreeMap<Digest, (Vec<Digest>, Timestamp)> {
    let mut out = BTreeMap::new();
    for record in &config.records {
        let Some(result) = record.results.first() else { continue };
        let Some(chain) = config.chain(result.layer_index) else { continue };
        let chain: Option<Vec<Digest>> =
            chain.into_iter().map(|i| config.layers.get(i).and_then(|l| diff_ids.get(&l.blob)).copied()).collect();
        if let Some(chain) = chain {
            out.insert(record.digest, (chain, super::export::created(record)));
        }
    }
    out
}
