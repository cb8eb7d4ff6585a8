//! `GET /images/{name}/layers`, our addition: what each layer added, changed and removed, what space is
//! wasted, and which layer a path comes from (as dive shows it).

use std::collections::BTreeMap;

use layerlab_oci::layer::{Entry, EntryKind, Whiteout};
use serde::Serialize;

use super::{Image, unpack};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// What a layer did to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is new.
    Added,
    /// It was there before.
    Changed,
    /// It is gone.
    Removed,
}

/// A path that a layer touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Without a slash before it.
    pub path: String,
    /// What was done.
    pub change: Change,
    /// Bytes (nominal); of what is gone, those that it had.
    pub size: u64,
    /// A directory.
    pub directory: bool,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// Digest of the tar.
    pub diff_id: String,
    /// Its line of history.
    pub created_by: String,
    /// Bytes on disk (nominal).
    pub size: u64,
    /// What it touched, in the layer's order.
    pub files: Vec<Touched>,
}

/// A file whose bytes are in the image and can't be seen in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wasted {
    /// Without a slash before it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Number of the layer that has them, from 0.
    pub layer: usize,
    /// Number of the layer that hides them.
    pub hidden_by: usize,
    /// It was removed there; else overwritten.
    pub removed: bool,
}

/// An image's layers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Layers {
    /// Lowest first.
    pub layers: Vec<Layer>,
    /// Files that were overwritten or removed later.
    pub wasted: Vec<Wasted>,
    /// Bytes of these.
    pub wasted_bytes: u64,
    /// Bytes of all files of all layers.
    pub total_bytes: u64,
    /// dive's figure: the least bytes that each path ever had, of all that it has in all layers, in thousandths.
    pub efficiency_permille: u64,
    /// Path to number of the layer that it comes from.
    pub origin: BTreeMap<String, usize>,
}

fn size(e: &Entry) -> u64 {
    match &e.kind {
        EntryKind::File { content } => e.nominal_size.unwrap_or(content.len() as u64),
        _ => 0,
    }
}

struct Seen {
    layer: usize,
    size: u64,
    directory: bool,
}

/// Takes a path away, or only what is below it and older.
fn gone(
    path: &str,
    itself: bool,
    n: usize,
    seen: &mut BTreeMap<String, Seen>,
    files: &mut Vec<Touched>,
    wasted: &mut Vec<Wasted>,
) {
    let inside = format!("{path}/");
    let hit = |p: &str, s: &Seen| (itself && p == path) || (p.starts_with(&inside) && (itself || s.layer != n));
    let near = seen.range(path.to_owned()..).take_while(|(p, _)| p.starts_with(path));
    let all: Vec<String> = near.filter(|(p, s)| hit(p, s)).map(|(p, _)| p.clone()).collect();
    for p in all {
        let Some(old) = seen.remove(&p) else { continue };
        let (size, directory) = (old.size, old.directory);
        files.push(Touched { path: p.clone(), change: Change::Removed, size, directory });
        if size > 0 {
            wasted.push(Wasted { path: p, size, layer: old.layer, hidden_by: n, removed: true });
        }
    }
}

/// Looks at an image's layers.
///
/// # Errors
/// A layer is missing or damaged.
pub fn layers(state: &EngineState, image: &Image) -> Result<Layers, String> {
    let mut lines = image.config.history.iter().filter(|h| !h.empty_layer);
    let mut out = Layers::default();
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut wasted = Vec::new();
    // Bytes in all layers, and the least of them (dive `filetree/efficiency.go`).
    let mut paths: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (n, diff_id) in image.diff_ids().iter().enumerate() {
        let mut files = Vec::new();
        for e in unpack::entries(state, diff_id)? {
            match Whiteout::parse(&e.path) {
                Some(Whiteout::Remove(path)) => gone(&path, true, n, &mut seen, &mut files, &mut wasted),
                Some(Whiteout::Opaque(dir)) => gone(&dir, false, n, &mut seen, &mut files, &mut wasted),
                Some(Whiteout::Skip) => {}
                None => {
                    let (size, directory) = (size(&e), e.kind == EntryKind::Dir);
                    out.total_bytes += size;
                    let path = paths.entry(e.path.clone()).or_insert((0, u64::MAX));
                    *path = (path.0 + size, path.1.min(size));
                    let old = seen.insert(e.path.clone(), Seen { layer: n, size, directory });
                    // A directory is in a layer whenever something in it is.
                    if old.as_ref().is_some_and(|o| o.directory && directory) {
                        if let Some(s) = seen.get_mut(&e.path) {
                            s.layer = old.map_or(n, |o| o.layer);
                        }
                        continue;
                    }
                    let change = if old.is_some() { Change::Changed } else { Change::Added };
                    files.push(Touched { path: e.path.clone(), change, size, directory });
                    if let Some(old) = old.filter(|o| o.size > 0) {
                        let (size, layer) = (old.size, old.layer);
                        wasted.push(Wasted { path: e.path, size, layer, hidden_by: n, removed: false });
                    }
                }
            }
        }
        out.layers.push(Layer {
            diff_id: diff_id.to_string(),
            created_by: lines.next().map(|h| h.created_by.clone()).unwrap_or_default(),
            size: state.layers.get(diff_id).map_or(0, |l| l.unpacked),
            files,
        });
    }
    out.wasted = wasted;
    out.wasted_bytes = out.wasted.iter().map(|w| w.size).sum();
    for w in out.wasted.iter().filter(|w| w.removed) {
        if let Some(path) = paths.get_mut(&w.path) {
            path.1 = 0;
        }
    }
    let least: u64 = paths.values().map(|p| p.1).sum();
    out.efficiency_permille = (least * 1000).checked_div(out.total_bytes).unwrap_or(1000);
    out.origin = seen.into_iter().map(|(p, s)| (p, s.layer)).collect();
    Ok(out)
}

/// Tells all of an image's layers.
///
/// # Errors
/// No such image.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let answer = cx.with(|s| {
        let image = s.images.find(name)?;
        layers(s, &image).map_err(ApiError::internal)
    })??;
    cx.json(200, &answer).await
}
