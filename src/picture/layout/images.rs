//! Images on disk as stacks of layers, newest layer on top.

use super::scene::{Bar, Layers, Scene, Stack};
use crate::picture::{
    changes::Changes,
    colour::colour_of,
    geometry::{Rect, clip, text_width},
};
use layerlab_protocol::{Image, Layer, Snapshot};
use std::collections::BTreeSet;

/// Of a layer's bar, and from one to the next.
const BAR: f64 = 13.0;
const STEP: f64 = 15.0;
const TITLE: f64 = 22.0;
const BETWEEN: f64 = 16.0;
const STACK_LAYERS: usize = 12;
/// Up to this number all named images are drawn.
const FEW: usize = 4;

/// Bars from the top of `area` downwards; base layers that are too many become one bar.
pub(super) fn bars(layers: &[Layer], changes: &Changes, area: Rect, most: usize) -> Layers {
    let fold = layers.len() > most;
    let folded = if fold { layers.len() + 1 - most } else { 0 };
    let (base, shown) = layers.split_at(folded);
    let row = |index: usize| Rect::new(area.x, area.y + index as f64 * STEP, area.w, BAR);
    let bars: Vec<Bar> = shown
        .iter()
        .rev()
        .enumerate()
        .map(|(index, layer)| Bar {
            at: row(index),
            digest: layer.digest.clone(),
            colour: colour_of(&layer.digest),
            label: clip(&layer.created_by, area.w - 70.0, |text| text_width(text, 10.5)),
            full: layer.created_by.clone(),
            size: layer.size,
            new: changes.layers.contains(&layer.digest),
        })
        .collect();
    Layers {
        folded: fold.then(|| {
            let sum = base.iter().map(|layer| layer.size).sum();
            (base.len(), sum, row(bars.len()))
        }),
        bars,
    }
}

/// Whether the picture shows the image's layers, or only counts it.
fn is_shown(image: &Image, snapshot: &Snapshot, changes: &Changes, used: &BTreeSet<&str>) -> bool {
    let named = snapshot.images.iter().filter(|image| !image.references.is_empty());
    let few = named.count() <= FEW;
    used.contains(image.id.as_str())
        || !image.references.is_empty() && (few || image.created > 0 || changes.images.contains(&image.id))
}

/// Adds the stacks within `area`, those that do not fit into its height left to the count.
pub(super) fn stacks(scene: &mut Scene, snapshot: &Snapshot, changes: &Changes, area: Rect) {
    scene.images_heading = Rect::new(area.x, area.y, area.w, 24.0);
    let used: BTreeSet<&str> = snapshot.containers.iter().map(|one| one.image.id.as_str()).collect();
    let mut y = scene.images_heading.bottom() + 4.0;
    let mut shown: Vec<&Image> = Vec::new();
    for image in &snapshot.images {
        if !is_shown(image, snapshot, changes, &used) {
            scene.folded_images += 1;
            continue;
        }
        let name = image.references.first().map_or("", String::as_str);
        let title = Rect::new(area.x, y, area.w, TITLE);
        let area_of_bars = Rect::new(area.x, title.bottom(), area.w, 0.0);
        let layers = bars(&image.layers, changes, area_of_bars, STACK_LAYERS);
        let below = layers.bottom().unwrap_or(title.bottom());
        let is_part = shown.iter().any(|other| !image.layers.is_empty() && other.layers.starts_with(&image.layers));
        let stack = Stack {
            id: image.id.clone(),
            full: image.references.first().unwrap_or(&image.id).clone(),
            name: clip(name, area.w - 66.0, |text| text_width(text, 13.0)),
            title,
            size: image.size,
            layers,
            shared: is_part.then_some((image.layers.len(), below + 14.0)),
            new: changes.images.contains(&image.id),
        };
        y = stack.bottom() + BETWEEN;
        shown.push(image);
        scene.stacks.push(stack);
    }
}
