//! Geometry to SVG. Nothing is decided here but words and classes.

mod container;
mod images;
mod network;
mod registry;

use super::{
    layout::{Chip, Scene, VolumeShape},
    words::gibibytes,
};
use crate::i18n::{Lang, size};
use layerlab_protocol::{Host, ObjectKind};
use leptos::{attr::any_attribute::AnyAttribute, prelude::*};

/// The whole picture.
pub(super) fn draw(scene: &Scene, host: &Host, lang: Lang) -> impl IntoView + use<> {
    let (room, floor) = (scene.room, scene.floor);
    let narrow = room.w < 560.0;
    // Until the machine has told of itself there is nothing to say.
    let about = if host.name.is_empty() {
        String::new()
    } else if narrow {
        lang.host_is_short(&host.name, &host.system)
    } else {
        lang.host_is(&host.name, &host.system, host.cpus, gibibytes(host.memory))
    };
    let empty = scene.boxes.is_empty().then(|| {
        let (x, y) = (room.middle(), (room.y + floor.y) / 2.0);
        view! {
            <g class="empty">
                <text x=x y=y - 6.0 class="empty__line">{lang.no_containers()}</text>
                <text x=x y=y + 14.0 class="empty__hint">{lang.no_containers_hint()}</text>
            </g>
        }
    });
    view! {
        <svg
            class="machine"
            role="group"
            aria-label=lang.picture()
            viewBox=format!("0 0 {} {}", scene.width, scene.height)
            width=scene.width * scene.scale
            height=scene.height * scene.scale
        >
            <rect x=room.x y=room.y width=room.w height=room.h rx="12" class="room" />
            <text x=room.x + 16.0 y=room.y + 22.0 class="heading">{lang.host()}</text>
            <text x=room.x + 50.0 y=room.y + 22.0 class="small">{about}</text>
            <rect x=floor.x y=floor.y width=floor.w height=floor.h rx="6" class="floor" />
            <text x=floor.x + 16.0 y=floor.y + 23.0 class="floor__name">
                {lang.kernel_is(&host.kernel)}
            </text>
            {(!narrow)
                .then(|| {
                    view! {
                        <text x=floor.right() - 16.0 y=floor.y + 23.0 class="floor__words end">
                            {lang.one_kernel()}
                        </text>
                    }
                })}
            {empty}
            {scene.chips.iter().map(chip).collect_view()}
            {scene.rails.iter().map(|one| network::rail(one, lang)).collect_view()}
            {scene.sockets.iter().map(network::wire).collect_view()}
            {scene.mounts.iter().map(|(way, path)| mount(way, path)).collect_view()}
            {scene.boxes.iter().map(|one| container::container(one, lang)).collect_view()}
            {scene.sockets.iter().map(|socket| network::socket(socket, lang)).collect_view()}
            {scene.volumes.iter().map(|one| volume(one, lang)).collect_view()}
            {scene.request.as_ref().map(|one| network::request(one, lang))}
            {scene.registries.iter().map(|one| registry::registry(one, lang)).collect_view()}
            {images::images(scene, lang)}
        </svg>
    }
}

/// What makes a shape a button that opens details (`panel.rs` reads it).
fn opens(kind: ObjectKind, name: &str, lang: Lang) -> AnyAttribute {
    view! {
        <{..}
            data-kind=kind.noun()
            data-name=name.to_owned()
            role="button"
            tabindex="0"
            aria-label=lang.details_of(name)
        />
    }
    .into_any_attr()
}

/// As in an SVG path: a line through all points.
fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{x:.1} {y:.1}"));
    }
    path
}

fn chip(chip: &Chip) -> impl IntoView + use<> {
    let at = chip.at;
    view! {
        <g class="chip">
            <rect x=at.x y=at.y width=at.w height=at.h rx="4" />
            <text x=at.x + 10.0 y=at.y + 15.0 class="process">
                <tspan class="process__pid">{chip.pid}</tspan>
                " "
                {chip.name.clone()}
            </text>
        </g>
    }
}

fn mount(way: &[(f64, f64)], target: &str) -> impl IntoView + use<> {
    let (from, to) = (way.first().copied(), way.last().copied());
    let middle = from.zip(to).map_or((0.0, 0.0), |(a, b)| ((a.0 + b.0) / 2.0, a.1));
    view! {
        <g class="mount">
            <path d=path(way) />
            <text x=middle.0 y=middle.1 - 6.0 class="small middle">{target.to_owned()}</text>
        </g>
    }
}

fn volume(volume: &VolumeShape, lang: Lang) -> impl IntoView + use<> {
    let at = volume.at;
    let (half, body) = (at.w / 2.0, at.h - 22.0);
    let outline =
        format!("M{} {} a{half} 10 0 0 1 {} 0 v{body} a{half} 10 0 0 1 -{} 0 z", at.x, at.y + 11.0, at.w, at.w);
    let rim = format!("M{} {} a{half} 10 0 0 0 {} 0", at.x, at.y + 11.0, at.w);
    view! {
        <g
            {..opens(ObjectKind::Volume, &volume.full, lang)}
            class="volume"
            class:is-new=volume.new
        >
            <path d=outline class="volume__body" />
            <path d=rim class="volume__rim" />
            <text x=at.middle() y=at.y + 39.0 class="name middle">{volume.name.clone()}</text>
            <text x=at.middle() y=at.y + 54.0 class="small middle">
                {format!("{} · {}", lang.volume(), size(volume.size))}
            </text>
        </g>
    }
}
