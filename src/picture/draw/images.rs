//! Layers as bars, images as stacks of them.

use super::opens;
use crate::{
    i18n::{Lang, size},
    picture::{
        colour::short,
        geometry::Rect,
        layout::{Bar, Layers, Scene, Stack},
    },
};
use layerlab_protocol::ObjectKind;
use leptos::prelude::*;

pub(super) fn layers(layers: &Layers, lang: Lang) -> impl IntoView + use<> {
    let folded = layers.folded.map(|(count, sum, at)| folded(count, Some(sum), at, lang));
    view! {
        {layers.bars.iter().map(bar).collect_view()}
        {folded}
    }
}

/// The bar that stands for so many layers, with their sum in bytes.
pub(super) fn folded(count: usize, sum: Option<u64>, at: Rect, lang: Lang) -> impl IntoView + use<> {
    view! {
        <g class="bar bar--folded">
            <rect x=at.x y=at.y width=at.w height=at.h rx="2" />
            <text x=at.x + 8.0 y=at.y + 10.1 class="bar__text">{lang.more_layers(count)}</text>
            {sum.map(|sum| view! { <text x=at.right() - 8.0 y=at.y + 10.1 class="bar__text end">{size(sum)}</text> })}
        </g>
    }
}

fn bar(bar: &Bar) -> impl IntoView + use<> {
    let at = bar.at;
    let about = format!("{} · {} · {}", bar.full, size(bar.size), short(&bar.digest));
    let notch = at.y + f64::from(bar.colour.notch) * 3.0;
    view! {
        <g class="bar" class:is-new=bar.new>
            <title>{about}</title>
            <rect
                x=at.x
                y=at.y
                width=at.w
                height=at.h
                rx="2"
                style=format!("fill:{}", bar.colour.css())
            />
            <rect x=at.right() - 3.0 y=notch width="3.5" height="4" class="bar__notch" />
            <text x=at.x + 8.0 y=at.y + 10.1 class="bar__text">{bar.label.clone()}</text>
            <text x=at.right() - 8.0 y=at.y + 10.1 class="bar__text end">{size(bar.size)}</text>
        </g>
    }
}

pub(super) fn images(scene: &Scene, lang: Lang) -> impl IntoView + use<> {
    let at = scene.images_heading;
    let empty = (scene.stacks.is_empty() && scene.folded_images == 0).then(|| {
        view! {
            <text x=at.x y=at.y + 44.0 class="small">{lang.no_images()}</text>
            <text x=at.x y=at.y + 60.0 class="small">{lang.no_images_hint()}</text>
        }
    });
    let below = scene.stacks.last().map_or(at.bottom(), Stack::bottom);
    let folded = (scene.folded_images > 0).then(|| {
        view! {
            <text x=at.x y=below + 22.0 class="small">{lang.more_images(scene.folded_images)}</text>
        }
    });
    view! {
        <g class="images">
            <text x=at.x y=at.y + 18.0 class="heading">{lang.images_on_disk()}</text>
            {empty}
            {scene.stacks.iter().map(|one| stack(one, lang)).collect_view()}
            {folded}
        </g>
    }
}

fn stack(stack: &Stack, lang: Lang) -> impl IntoView + use<> {
    let at = stack.title;
    let name = if stack.name.is_empty() { lang.nameless().to_owned() } else { stack.name.clone() };
    let shared = stack.shared.map(|(count, y)| {
        view! { <text x=at.x y=y class="small">{lang.same_layers(count)}</text> }
    });
    view! {
        <g
            {..opens(ObjectKind::Image, &stack.full, lang)}
            class="stack"
            class:is-new=stack.new
        >
            <title>{short(&stack.id).to_owned()}</title>
            <text x=at.x y=at.y + 14.0 class="name">{name}</text>
            <text x=at.right() y=at.y + 14.0 class="small end">{size(stack.size)}</text>
            {layers(&stack.layers, lang)}
            {shared}
        </g>
    }
}
