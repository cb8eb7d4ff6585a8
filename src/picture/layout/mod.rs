//! From a snapshot to geometry. Pure: no browser, no language; components only draw what comes out.
//!
//! The host is a room, its kernel the floor; containers stand on the floor side by side, networks
//! are rails above them, published ports sockets in the room's upper wall, volumes stand at the
//! right, images on disk outside, and above them the registry that an image comes from.

mod images;
mod registry;
mod room;
mod scene;

pub(crate) use scene::{
    Bar, BoxShape, Chip, Layers, Moved, Rail, RegistryShape, RequestShape, Scene, Socket, Stack, State, VolumeShape,
};

use super::{changes::Changes, geometry::Rect};
use layerlab_protocol::Snapshot;

/// The area that the picture may fill, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Space {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// From here on, images stand beside the room and not below it.
const WIDE: f64 = 720.0;
/// Smaller than this the letters are too small to read: better to scroll.
const SMALLEST_SCALE: f64 = 0.8;
const EDGE: f64 = 12.0;
const IMAGES_WIDTH: f64 = 210.0;

/// The picture that suits `space`: drawn smaller (within reason) if it would be too high.
pub(crate) fn fit(snapshot: &Snapshot, changes: &Changes, space: Space) -> Scene {
    let scene = layout(snapshot, changes, space);
    if scene.height <= space.height || space.width < WIDE {
        return scene;
    }
    let scale = (space.height / scene.height).max(SMALLEST_SCALE);
    let larger = Space { width: space.width / scale, height: space.height / scale };
    Scene { scale, ..layout(snapshot, changes, larger) }
}

fn layout(snapshot: &Snapshot, changes: &Changes, space: Space) -> Scene {
    let wide = space.width >= WIDE;
    let room_width = if wide { space.width - 2.0 * EDGE - IMAGES_WIDTH - 16.0 } else { space.width - 2.0 * EDGE };
    let mut scene = room::room(snapshot, changes, room_width, wide);
    let stacks_x = if wide { scene.room.right() + 16.0 } else { EDGE };
    let stacks_y = if wide { scene.room.y } else { scene.room.bottom() + 20.0 };
    let mut area = Rect::new(
        stacks_x,
        stacks_y,
        if wide { IMAGES_WIDTH } else { room_width },
        if wide { space.height - stacks_y - EDGE } else { f64::INFINITY },
    );
    let above = registry::registries(&mut scene, snapshot, area);
    (area.y, area.h) = (area.y + above, area.h - above);
    images::stacks(&mut scene, snapshot, changes, area);
    let stacks_bottom = scene.stacks.last().map_or(scene.images_heading.bottom(), Stack::bottom)
        + if scene.folded_images > 0 { 22.0 } else { 0.0 };
    if wide {
        let tallest = stacks_bottom.max(space.height - EDGE).min(stacks_bottom.max(560.0));
        let by = tallest - scene.room.bottom();
        room::raise(&mut scene, by);
    }
    if changes.request {
        scene.request = snapshot.traces.first().and_then(|trace| room::request(&scene, trace));
    }
    scene.width = scene.width.max(space.width);
    scene.height = scene.room.bottom().max(stacks_bottom) + EDGE;
    scene
}

#[cfg(test)]
mod tests;
