//! Registries from which an image comes, or to which one goes, above the images on disk.

use super::{
    images::bars,
    scene::{Moved, RegistryShape, Scene},
};
use crate::picture::{
    changes::Changes,
    geometry::{Rect, clip, text_width},
};
use layerlab_protocol::{Layer, MovingLayer, Phase, Snapshot, Transfer};

const TITLE: f64 = 40.0;
const INSIDE: f64 = 8.0;
/// From the card to what is below it: room for the arrow.
const BELOW: f64 = 26.0;
const LAYERS: usize = 8;
/// More at the same time are rare, and the latest tell enough.
const CARDS: usize = 2;

/// Adds a card for each image that is on its way, from the top of `area`; gives the height that they take.
pub(super) fn registries(scene: &mut Scene, snapshot: &Snapshot, area: Rect) -> f64 {
    let mut y = area.y;
    let late = snapshot.transfers.len().saturating_sub(CARDS);
    for transfer in snapshot.transfers.iter().skip(late) {
        let shape = card(transfer, Rect::new(area.x, y, area.w, 0.0));
        y = shape.at.bottom() + BELOW;
        scene.registries.push(shape);
    }
    y - area.y
}

fn card(transfer: &Transfer, area: Rect) -> RegistryShape {
    let inside = Rect::new(area.x + INSIDE, area.y + TITLE, area.w - 2.0 * INSIDE, 0.0);
    let layers: Vec<Layer> = transfer.layers.iter().map(as_on_disk).collect();
    let layers = bars(&layers, &Changes::default(), inside, LAYERS);
    let bottom = layers.bottom().unwrap_or(inside.y);
    RegistryShape {
        at: Rect::new(area.x, area.y, area.w, bottom + INSIDE - area.y),
        name: transfer.registry.clone(),
        reference: clip(&transfer.reference, inside.w, |text| text_width(text, 11.0)),
        push: transfer.push,
        moved: transfer.layers.iter().rev().take(layers.bars.len()).map(moved).collect(),
        layers,
    }
}

/// A layer as it will be drawn on disk, so that both look alike.
fn as_on_disk(layer: &MovingLayer) -> Layer {
    let MovingLayer { digest, created_by, size, .. } = layer.clone();
    Layer { digest, created_by, size, entries: 0 }
}

fn moved(layer: &MovingLayer) -> Moved {
    let part = if layer.size == 0 { 1.0 } else { layer.done as f64 / layer.size as f64 };
    let filled = match layer.phase {
        Phase::Waiting => 0.0,
        Phase::Moving => part.clamp(0.0, 1.0),
        Phase::Present | Phase::Moved | Phase::Done => 1.0,
    };
    Moved { filled, phase: layer.phase }
}
