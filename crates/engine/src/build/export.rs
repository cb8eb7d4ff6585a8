//! From a stage's result to an image: config, manifest, names.

use layerlab_oci::reference::Reference;
use layerlab_oci::{Descriptor, Digest, History, ImageConfig, Manifest, RootFs, Timestamp, media_type};

use super::graph::{HistoryLine, StageResult};
use crate::state::{Content, EngineState};

/// An image's JSON.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The config.
    pub config: Vec<u8>,
    /// The manifest.
    pub manifest: Vec<u8>,
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
    Ok(Exported { config: bytes, manifest })
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
    let target = Descriptor::of(media_type::OCI_MANIFEST, &exported.manifest);
    let Content(blobs) = &mut state.content;
    for bytes in [exported.config, exported.manifest] {
        blobs.insert(Digest::of(&bytes), layerlab_oci::Bytes::new(bytes));
    }
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
