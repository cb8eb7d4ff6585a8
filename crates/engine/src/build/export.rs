//! From a stage's result to an image: config, manifest, names.

use layerlab_oci::descriptor::{ANNOTATION_REFERENCE_DIGEST, ANNOTATION_REFERENCE_TYPE};
use layerlab_oci::reference::Reference;
use layerlab_oci::{
    Descriptor, Digest, History, ImageConfig, Index, Manifest, Platform, RootFs, Timestamp, media_type,
};

use super::graph::{HistoryLine, StageResult};
use crate::image::{layer, unpack};
use crate::state::{Content, EngineState};

/// The JSON of an image, for one platform or several.
#[derive(Clone, Debug, Default, Hash)]
pub struct Exported {
    /// For each platform.
    pub images: Vec<Single>,
    /// The index, where there is one.
    pub index: Option<Vec<u8>>,
}

/// The image of one platform.
#[derive(Clone, Debug, Hash)]
pub struct Single {
    /// The platform.
    pub platform: Platform,
    /// The config.
    pub config: Vec<u8>,
    /// The manifest.
    pub manifest: Vec<u8>,
    /// What is attested of it.
    pub attestation: Option<Attestation>,
}

/// An attestation manifest with what it points to.
#[derive(Clone, Debug, Hash)]
pub struct Attestation {
    /// The in-toto statements.
    pub statements: Vec<Vec<u8>>,
    /// The manifest's config.
    pub config: Vec<u8>,
    /// The manifest.
    pub manifest: Vec<u8>,
}

impl Exported {
    /// What the image's name points to.
    pub fn target(&self) -> Descriptor {
        match (&self.index, self.images.first()) {
            (Some(index), _) => Descriptor::of(media_type::OCI_INDEX, index),
            (None, Some(one)) => Descriptor::of(media_type::OCI_MANIFEST, &one.manifest),
            (None, None) => Descriptor::of(media_type::OCI_MANIFEST, b""),
        }
    }

    /// Makes the index, if one is needed: images first, then what is attested of them (BuildKit
    /// `exporter/containerimage/writer.go`).
    ///
    /// # Errors
    /// JSON's.
    pub fn make_index(&mut self) -> Result<(), String> {
        if self.images.len() == 1 && self.images.iter().all(|i| i.attestation.is_none()) {
            return Ok(());
        }
        let mut list = Vec::new();
        for image in &self.images {
            let mut d = Descriptor::of(media_type::OCI_MANIFEST, &image.manifest);
            d.platform = Some(image.platform.clone());
            list.push(d);
        }
        for image in &self.images {
            let Some(a) = &image.attestation else { continue };
            let mut d = Descriptor::of(media_type::OCI_MANIFEST, &a.manifest);
            d.platform =
                Some(Platform { architecture: "unknown".to_owned(), os: "unknown".to_owned(), ..Platform::default() });
            let about = Digest::of(&image.manifest).to_string();
            d.annotations.insert(ANNOTATION_REFERENCE_DIGEST.to_owned(), about);
            d.annotations.insert(ANNOTATION_REFERENCE_TYPE.to_owned(), "attestation-manifest".to_owned());
            list.push(d);
        }
        self.index = Some(Index::new(list).to_json().map_err(|e| e.to_string())?);
        Ok(())
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
    // That of a base image is not this image's.
    out.inline_cache.clear();
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
pub fn export(state: &EngineState, config: &ImageConfig, platform: &Platform) -> Result<Single, String> {
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
    Ok(Single { platform: platform.clone(), config: bytes, manifest, attestation: None })
}

/// The same for an image of one platform, of which nothing is attested.
///
/// # Errors
/// See [`export`].
pub fn export_one(state: &EngineState, config: &ImageConfig) -> Result<Exported, String> {
    let platform = Platform {
        os: config.os.clone(),
        architecture: config.architecture.clone(),
        variant: config.variant.clone(),
        ..Platform::default()
    };
    Ok(Exported { images: vec![export(state, config, &platform)?], index: None })
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
    let mut add = |bytes: Vec<u8>| {
        blobs.insert(Digest::of(&bytes), layerlab_oci::Bytes::new(bytes));
    };
    for image in exported.images {
        add(image.config);
        add(image.manifest);
        if let Some(a) = image.attestation {
            a.statements.into_iter().for_each(&mut add);
            add(a.config);
            add(a.manifest);
        }
    }
    exported.index.into_iter().for_each(add);
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
