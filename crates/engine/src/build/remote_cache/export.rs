//! `--cache-to` (BuildKit `cache/remotecache/export.go`, `inline/inline.go`).

use std::collections::BTreeMap;

use layerlab_api::query::Query;
use layerlab_kernel::SimTime;
use layerlab_oci::layer::{Entry, EntryKind, write};
use layerlab_oci::{Bytes, Descriptor, Digest, Index, Manifest, Reference, Timestamp, json, media_type};
use serde_json::json;

use super::config::{CacheConfig, CacheInput, CacheLayer, CacheRecord, CacheResult, MEDIA_TYPE};
use super::{CREATED_AT, Place, UNCOMPRESSED};
use crate::build::error::BuildError;
use crate::build::output::Built;
use crate::build::solve::{Solve, Work};
use crate::context::with;
use crate::registry::client;
use crate::registry::push::{put_blob, put_named};
use crate::state::EngineState;

/// A cache as blobs.
struct Packed {
    /// Layers, config and manifest.
    blobs: Vec<(Digest, Bytes)>,
    /// The manifest or index.
    target: Descriptor,
    config: Digest,
}

/// The steps whose results are kept: with `all` every one, else those that the image consists of.
fn steps(work: &Work, all: bool) -> Vec<usize> {
    if all {
        return (0..work.graph.vertices.len()).filter(|v| work.done.contains_key(v)).collect();
    }
    let mut out = Vec::new();
    for result in work.graph.results() {
        let mut at = result.last;
        while let Some(v) = at.filter(|v| !out.contains(v)) {
            out.push(v);
            at = work.graph.vertices.get(v).and_then(|x| x.parent);
        }
    }
    out.sort_unstable();
    out
}

/// The records of a build; layers are numbered by `number` from the chain that ends with them.
fn records(
    state: &EngineState,
    work: &Work,
    steps: &[usize],
    number: &mut dyn FnMut(&[Digest]) -> Option<i64>,
) -> Vec<CacheRecord> {
    let mut out: Vec<CacheRecord> = Vec::new();
    let mut place: BTreeMap<usize, i64> = BTreeMap::new();
    for v in steps {
        let (Some(step), Some(vertex)) = (work.plan.steps.get(*v), work.graph.vertices.get(*v)) else { continue };
        let (Some(key), Some(chain)) = (step.key, work.done.get(v)) else { continue };
        let created_at = state.known_cache(&work.builder).get(&key).map(|e| e.created);
        let results = number(chain).map(|layer_index| CacheResult { layer_index, created_at });
        let below = vertex.parent.and_then(|p| place.get(&p)).copied();
        let input = |link_index| vec![CacheInput { selector: String::new(), link_index }];
        place.insert(*v, i64::try_from(out.len()).unwrap_or(-1));
        out.push(CacheRecord {
            results: results.into_iter().collect(),
            digest: key,
            inputs: below.map(input).into_iter().collect(),
        });
    }
    out
}

fn pack(state: &EngineState, work: &Work, place: &Place) -> Result<Packed, String> {
    let mut config = CacheConfig::default();
    let mut known: BTreeMap<Vec<Digest>, i64> = BTreeMap::new();
    let mut descriptors: BTreeMap<Digest, (Descriptor, Bytes)> = BTreeMap::new();
    let mut layers: Vec<CacheLayer> = Vec::new();
    let mut number = |chain: &[Digest]| -> Option<i64> {
        let mut below = -1;
        for n in 1..=chain.len() {
            let part = chain.get(..n)?;
            if let Some(i) = known.get(part) {
                below = *i;
                continue;
            }
            let info = state.layers.get(part.last()?)?;
            let blob = state.content.0.get(&info.digest)?;
            let mut d = Descriptor::new(media_type::OCI_LAYER_GZIP, info.digest, info.size);
            d.annotations.insert(UNCOMPRESSED.to_owned(), info.diff_id.to_string());
            descriptors.insert(info.digest, (d, blob.clone()));
            layers.push(CacheLayer { blob: info.digest, parent_index: below });
            below = i64::try_from(layers.len()).ok()? - 1;
            known.insert(part.to_vec(), below);
        }
        (below >= 0).then_some(below)
    };
    let all = place.option("mode") == Some("max");
    config.records = records(state, work, &steps(work, all), &mut number);
    config.layers = layers;
    for record in &config.records {
        let Some(CacheResult { layer_index, created_at: Some(at) }) = record.results.first() else { continue };
        let layer = usize::try_from(*layer_index).ok().and_then(|i| config.layers.get(i));
        if let Some((d, _)) = layer.and_then(|l| descriptors.get_mut(&l.blob)) {
            d.annotations.insert(CREATED_AT.to_owned(), at.to_string());
        }
    }
    let fail = |e: serde_json::Error| e.to_string();
    let config_bytes = json::marshal(&config).map_err(fail)?;
    let of_config = Descriptor::of(MEDIA_TYPE, &config_bytes);
    let mut seen = std::collections::BTreeSet::new();
    let in_order: Vec<&(Descriptor, Bytes)> =
        config.layers.iter().filter(|l| seen.insert(l.blob)).filter_map(|l| descriptors.get(&l.blob)).collect();
    let list: Vec<Descriptor> = in_order.iter().map(|d| d.0.clone()).collect();
    let config_digest = of_config.digest;
    let (kind, manifest) = if place.is_on("image-manifest") {
        (media_type::OCI_MANIFEST, Manifest::new(of_config, list.clone()).to_json_compact().map_err(fail)?)
    } else {
        let all = list.iter().cloned().chain([of_config]).collect();
        (media_type::OCI_INDEX, json::marshal(&Index::new(all)).map_err(fail)?)
    };
    let target = Descriptor::of(kind, &manifest);
    let mut blobs: Vec<(Digest, Bytes)> = in_order.iter().map(|(d, b)| (d.digest, b.clone())).collect();
    blobs.push((config_digest, Bytes::new(config_bytes)));
    blobs.push((target.digest, Bytes::new(manifest)));
    Ok(Packed { blobs, target, config: config_digest })
}

/// The records of a build whose results are layers of its image, for the image's own config.
pub(in crate::build) fn inline(state: &EngineState, work: &Work, chain: &[Digest]) -> Option<String> {
    let mut number = |of: &[Digest]| -> Option<i64> {
        if of.is_empty() || !chain.starts_with(of) {
            return None;
        }
        i64::try_from(of.len()).ok().map(|n| n - 1)
    };
    let records = records(state, work, &steps(work, false), &mut number);
    let bytes = json::marshal(&records).ok()?;
    Some(layerlab_kernel::base64::encode(&bytes))
}

/// A folder with these blobs, as a tar: an OCI image layout.
fn layout(packed: &Packed, tag: &str) -> Result<Vec<u8>, String> {
    let mut target = packed.target.clone();
    target.annotations.insert("org.opencontainers.image.ref.name".to_owned(), tag.to_owned());
    let index = json::marshal(&Index::new(vec![target])).map_err(|e| e.to_string())?;
    let mut entries = vec![Entry::dir("blobs", 0o755), Entry::dir("blobs/sha256", 0o755)];
    for (digest, blob) in &packed.blobs {
        let kind = EntryKind::File { content: blob.clone() };
        entries.push(Entry::new(&format!("blobs/sha256/{}", digest.hex()), kind, 0o644));
    }
    entries.push(Entry::file("index.json", index, 0o644));
    entries.push(Entry::dir("ingest", 0o755));
    entries.push(Entry::file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec(), 0o644));
    entries.sort_by(|a, b| layerlab_oci::layer::compare_paths(&a.path, &b.path));
    write(&entries).map_err(|e| e.to_string())
}

impl Solve {
    /// Whether the image's config tells of the cache.
    pub(in crate::build) fn wants_inline_cache(&self) -> bool {
        let argument = self.options.build_args.get("BUILDKIT_INLINE_CACHE").cloned().flatten();
        let of_type = |t: &String| Place::parse(t).is_ok_and(|p| p.kind == "inline");
        argument.is_some_and(|v| v == "1" || v == "true") || self.options.cache_to.iter().any(of_type)
    }

    /// Gives the cache where `--cache-to` says.
    ///
    /// # Errors
    /// The place is none, or refuses; with `ignore-error=true` that is only told.
    pub(in crate::build) async fn export_caches(&mut self, work: &Work, built: &mut Built) -> Result<(), BuildError> {
        for (n, text) in self.options.cache_to.clone().iter().enumerate() {
            let place = Place::parse(text)?;
            let name = match place.kind.as_str() {
                "inline" => continue,
                "registry" => "exporting cache to registry",
                "local" => "exporting cache to client directory",
                other => return Err(BuildError::new(format!("unknown cache exporter: \"{other}\""))),
            };
            let id = self.progress.start(name, &[], None, None).await?;
            match self.export_cache(work, &place, &id, n, built).await {
                Ok(()) => self.progress.done(&id).await?,
                Err(e) => {
                    self.progress.fail(&id, &e.message).await?;
                    if place.option("ignore-error") != Some("true") {
                        return Err(e);
                    }
                }
            }
        }
        Ok(())
    }

    async fn export_cache(
        &mut self,
        work: &Work,
        place: &Place,
        id: &str,
        n: usize,
        built: &mut Built,
    ) -> Result<(), BuildError> {
        let sys = self.sys();
        let begin = self.progress.now();
        let packed = with(&sys, |s| pack(s, work, place))?.map_err(BuildError::new)?;
        sys.sleep(SimTime::millis(20)).await?;
        self.progress.status(id, "preparing build cache for export", (0, 0), begin, true).await?;
        let registry = match place.kind.as_str() {
            "registry" => {
                let text = place.option("ref").ok_or_else(|| BuildError::new("registry cache requires a ref"))?;
                let fail = |e: layerlab_oci::reference::ReferenceError| BuildError::new(e.to_string());
                let reference = Reference::parse_normalized(text).map_err(fail)?.tag_name_only();
                if reference.domain() == layerlab_oci::reference::DEFAULT_DOMAIN {
                    return Err(BuildError::new(format!(
                        "error writing layer blob: failed to push {reference}: push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
                    )));
                }
                Some((client::open(&sys, reference.domain(), None).await, reference))
            }
            _ => None,
        };
        for (digest, blob) in &packed.blobs {
            let begin = self.progress.now();
            if let Some((registry, reference)) = &registry {
                let repo = reference.path();
                let fail =
                    |e: crate::error::ApiError| BuildError::new(format!("error writing layer blob: {}", e.message));
                if *digest == packed.target.digest {
                    let tag = reference.tag().unwrap_or("latest");
                    put_named(registry, repo, &packed.target.media_type, tag, blob)
                        .await
                        .map_err(|e| BuildError::new(format!("error writing manifest blob: {}", e.message)))?;
                } else {
                    let path = format!("{repo}/blobs/{digest}");
                    let asked = registry.request("HEAD", &path, Query::default(), "", None).await;
                    let there = asked.map_err(|e| fail(e.into()))?;
                    if there.head.status != 200 {
                        put_blob(registry, repo, digest, blob).await.map_err(fail)?;
                        let nominal = with(&sys, |s| s.layer_of(digest).map_or(0, |l| l.compressed))?;
                        sys.sleep(SimTime::millis(nominal / 12_000)).await?;
                    }
                }
            }
            let what = match *digest {
                d if d == packed.target.digest && place.is_on("image-manifest") => "cache image manifest",
                d if d == packed.target.digest => "cache manifest",
                d if d == packed.config => "config",
                _ => "layer",
            };
            self.progress.status(id, &format!("writing {what} {digest}"), (0, 0), begin, true).await?;
        }
        if registry.is_none() {
            let tar = layout(&packed, place.option("tag").unwrap_or("latest")).map_err(BuildError::new)?;
            self.keep(format!("cache{n}"), tar)?;
            let number = self.record.number;
            built.response.insert(format!("layerlab.cache.{n}"), number.to_string());
        }
        let told = json!({
            "mediaType": packed.target.media_type,
            "digest": packed.target.digest.to_string(),
            "size": packed.target.size
        });
        built.response.insert("cache.manifest".to_owned(), told.to_string());
        Ok(())
    }
}

/// The time of a record's result, the first of the boot where it is not told.
pub fn created(record: &CacheRecord) -> Timestamp {
    record.results.first().and_then(|r| r.created_at).unwrap_or(Timestamp { secs: 0, nanos: 0 })
}
