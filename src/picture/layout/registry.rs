//! Registries from which an image comes, or to which one goes, above the images on disk.

use super::scene::{MovingBar, RegistryShape, Scene};
use crate::picture::{
    colour::colour_of,
    geometry::{Rect, clip, text_width},
};
use layerlab_protocol::{MovingLayer, Phase, Snapshot, Transfer};

const TITLE: f64 = 40.0;
const BAR: f64 = 13.0;
const STEP: f64 = 15.0;
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
    // As the stack on disk: the newest layer on top, the base below.
    let fold = transfer.layers.len() > LAYERS;
    let folded = if fold { transfer.layers.len() + 1 - LAYERS } else { 0 };
    let (base, shown) = transfer.layers.split_at(folded);
    let width = area.w - 2.0 * INSIDE;
    let row = |index: usize| Rect::new(area.x + INSIDE, area.y + TITLE + index as f64 * STEP, width, BAR);
    let bars = shown.iter().rev().enumerate().map(|(index, layer)| bar(layer, row(index))).collect();
    let rows = shown.len() + usize::from(fold);
    RegistryShape {
        at: Rect::new(area.x, area.y, area.w, TITLE + rows as f64 * STEP + INSIDE - 2.0),
        name: transfer.registry.clone(),
        reference: clip(&transfer.reference, width, |text| text_width(text, 11.0)),
        push: transfer.push,
        bars,
        folded: fold.then(|| (base.len(), row(shown.len()))),
    }
}

fn bar(layer: &MovingLayer, at: Rect) -> MovingBar {
    let part = if layer.size == 0 { 1.0 } else { layer.done as f64 / layer.size as f64 };
    MovingBar {
        at,
        digest: layer.digest.clone(),
        colour: colour_of(&layer.digest),
        label: clip(&layer.created_by, at.w - 70.0, |text| text_width(text, 10.5)),
        full: layer.created_by.clone(),
        size: layer.size,
        filled: match layer.phase {
            Phase::Waiting => 0.0,
            Phase::Moving => part.clamp(0.0, 1.0),
            Phase::Present | Phase::Moved | Phase::Done => 1.0,
        },
        phase: layer.phase,
    }
}
