//! A registry with what comes from it, or goes to it.

use super::images;
use crate::{
    i18n::{Lang, size},
    picture::{
        colour::short,
        layout::{Bar, Moved, RegistryShape},
    },
};
use layerlab_protocol::Phase;
use leptos::prelude::*;

pub(super) fn registry(shape: &RegistryShape, lang: Lang) -> impl IntoView + use<> {
    let at = shape.at;
    let (x, top, tip) = (at.middle(), at.bottom() + 3.0, at.bottom() + 19.0);
    let (from, to, wing) = if shape.push { (tip, top, 5.0) } else { (top, tip, -5.0) };
    let arrow = format!("M{x} {from} V{to} M{} {} L{x} {to} L{} {}", x - 5.0, to + wing, x + 5.0, to + wing);
    let folded = shape.layers.folded.map(|(count, _, at)| images::folded(count, None, at, lang));
    let bars = shape.layers.bars.iter().zip(&shape.moved);
    view! {
        <g class="registry">
            <rect x=at.x y=at.y width=at.w height=at.h rx="8" class="registry__frame" />
            <text x=at.x + 8.0 y=at.y + 17.0 class="heading">{lang.registry(&shape.name)}</text>
            <text x=at.x + 8.0 y=at.y + 32.0 class="small">{shape.reference.clone()}</text>
            {bars.map(|(one, moved)| bar(one, *moved, shape.push, lang)).collect_view()}
            {folded}
            <path d=arrow class="registry__arrow" />
        </g>
    }
}

fn bar(bar: &Bar, moved: Moved, push: bool, lang: Lang) -> impl IntoView + use<> {
    let at = bar.at;
    let about = format!("{} · {} · {}", bar.full, size(bar.size), short(&bar.digest));
    let state = match moved.phase {
        Phase::Present if push => lang.layer_there().into(),
        Phase::Present => lang.layer_here().into(),
        Phase::Done => "✓".to_owned(),
        _ => size(bar.size),
    };
    let colour = format!("--layer:{}", bar.colour.css());
    view! {
        <g class="moving" class:moving--full=moved.filled == 1.0 style=colour>
            <title>{about}</title>
            <rect x=at.x y=at.y width=at.w height=at.h rx="2" class="moving__whole" />
            <rect x=at.x y=at.y width=at.w * moved.filled height=at.h rx="2" class="moving__part" />
            <text x=at.x + 8.0 y=at.y + 10.1 class="bar__text">{bar.label.clone()}</text>
            <text x=at.right() - 8.0 y=at.y + 10.1 class="bar__text end">{state}</text>
        </g>
    }
}
