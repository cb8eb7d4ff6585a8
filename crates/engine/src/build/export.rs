//! From a stage's result to an image: config, manifest, names.

use layerlab_oci::reference::Reference;
use layerlab_oci::{Descriptor, Digest, History, ImageConfig, Manifest, RootFs, Timestamp, media_type};

use super::graph::{HistoryLine, StageResult};
use crate::image::{layer, unpack};
use crate::state::{Content, EngineState};

/// An image's JSON.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The config.
    pub config: Vec<u8>,
    /// The manifest.
    pub manifest: Vec<u8>,
    /// Statement, config, manifest and index where provenance is wanted.
    pub attested: Option<Attested>,
}

/// What an attestation adds to an image.
#[derive(Clone, Debug)]
pub struct Attested {
    /// The in-toto statement.
    pub statement: Vec<u8>,
    /// The attestation manifest's config.
    pub config: Vec<u8>,
    /// The attestation manifest.
    pub manifest: Vec<u8>,
    /// The index of both manifests.
    pub index: Vec<u8>,
}

impl Exported {
    /// What the image's name points to.
    pub fn target(&self) -> Descriptor {
        match &self.attested {
            Some(a) => Descriptor::of(media_type::OCI_INDEX, &a.index),
            None => Descriptor::of(media_type::OCI_MANIFEST, &self.manifest),
        }
    }
}

/// Writes the config; `created` tells when a step was made.
pub fn config(stage: &StageResult, chain: &[Digest], created: &dyn Fn(usize) -> Option<Timestamp>) -> ImageConfig {
    let mut history: Vec<History> = stage
        .history
        .iter()
        .map(|line| match line {
            HistoryLine::Base(h) => h.clone(),
            HistoryLine::Config(text) => entry(text, None, true),
            HistoryLine::Layer(text, step) => entry(text, created(*step), false),
        })
        .collect();
    fill_times(&mut history);
    let mut out = stage.config.clone();
    out.created = history.last().and_then(|h| h.created).or(stage.config.created);
    out.history = history;
    out.rootfs = RootFs::new(chain.to_vec());
    out
}

fn entry(text: &str, created: Option<Timestamp>, empty_layer: bool) -> History {
    let comment = "buildkit.dockerfile.v0".to_owned();
    History { created, created_by: text.to_owned(), author: String::new(), comment, empty_layer }
}

/// Lines that made no layer get the time of the layer before, the first ones that of the first new
/// layer (BuildKit `exporter/containerimage/writer.go`, `normalizeLayersAndHistory`).
fn fill_times(history: &mut [History]) {
    let mut created = None;
    let mut gap = false;
    for h in history.iter() {
        if h.created.is_some() {
            created = h.created;
            if gap {
                break;
            }
        } else {
            gap = true;
        }
    }
    gap = false;
    for h in history.iter_mut() {
        if h.created.is_some() {
            if gap {
                created = h.created;
            }
        } else {
            gap = true;
            h.created = created;
        }
    }
}

/// Config and manifest as bytes.
///
/// # Errors
/// A layer is missing.
pub fn export(state: &EngineState, config: &ImageConfig) -> Result<Exported, String> {
    let bytes = config.to_json().map_err(|e| e.to_string())?;
    let mut layers = Vec::new();
    for diff_id in &config.rootfs.diff_ids {
        let info = state.layers.get(diff_id).ok_or_else(|| format!("layer {diff_id}: not found"))?;
        layers.push(Descriptor::new(media_type::OCI_LAYER_GZIP, info.digest, info.size));
    }
    let mut manifest = Manifest::new(Descriptor::of(media_type::OCI_CONFIG, &bytes), layers);
    manifest.annotations.insert(
        "org.opencontainers.image.description".to_owned(),
        "simulated by Layerlab; programs are stand-ins".to_owned(),
    );
    let manifest = manifest.to_json().map_err(|e| e.to_string())?;
    Ok(Exported { config: bytes, manifest, attested: None })
}

/// Takes the image in and names it; answers its ID.
///
/// # Errors
/// Its blobs don't fit together.
pub fn take(
    state: &mut EngineState,
    exported: Exported,
    names: &[Reference],
    now: Timestamp,
) -> Result<Digest, String> {
    let target = exported.target();
    put(state, exported);
    let id = state.add_image(&target)?.id();
    for name in names {
        let old = state.images.tag(name, id, now);
        let shown = name.clone().tag_name_only().familiar();
        state.event(now, "image", "tag", &id.to_string(), &[("name", &shown)]);
        if let Some(old) = old {
            state.drop_if_dangling(&old);
        }
    }
    Ok(id)
}

/// Puts an image's JSON among the blobs.
pub fn put(state: &mut EngineState, exported: Exported) {
    let Content(blobs) = &mut state.content;
    let more = exported.attested.map(|a| [a.statement, a.config, a.manifest, a.index]);
    for bytes in [exported.config, exported.manifest].into_iter().chain(more.into_iter().flatten()) {
        blobs.insert(Digest::of(&bytes), layerlab_oci::Bytes::new(bytes));
    }
}

/// The same layers with no time later than `latest` (`rewrite-timestamp=true`); answers the new chain.
///
/// # Errors
/// A layer is missing.
pub fn rewrite_times(
    state: &mut EngineState,
    chain: &[Digest],
    base: usize,
    latest: i64,
) -> Result<Vec<Digest>, String> {
    let mut out = Vec::new();
    for (i, diff_id) in chain.iter().enumerate() {
        let Some(info) = state.layers.get(diff_id).filter(|_| i >= base).cloned() else {
            out.push(*diff_id);
            continue;
        };
        let mut entries = unpack::entries(state, diff_id)?;
        entries.iter_mut().for_each(|e| e.mtime = e.mtime.min(latest));
        let layer = layer::from_entries(&entries, Some((info.compressed, info.unpacked)));
        out.push(layer.info.diff_id);
        state.add_layer(&layer);
    }
    Ok(out)
}
