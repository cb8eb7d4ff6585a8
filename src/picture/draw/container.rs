//! A container's box: name and image, processes, writable layer, layers.

use super::{images::layers, opens};
use crate::{
    i18n::{Lang, size},
    picture::layout::{BoxShape, State},
};
use layerlab_protocol::ObjectKind;
use leptos::prelude::*;

pub(super) fn container(shape: &BoxShape, lang: Lang) -> impl IntoView + use<> {
    let at = shape.at;
    let (state, state_class) = state(shape.state, lang);
    let image = match &shape.moved {
        Some((id, reference)) => lang.old_image(id, reference),
        None => shape.image.clone(),
    };
    let processes: Vec<_> = shape
        .processes
        .iter()
        .map(|(pid, command, y)| {
            view! {
                <text x=at.x + 12.0 y=*y class="process">
                    <tspan class="process__pid">{*pid}</tspan>
                    " "
                    {command.clone()}
                </text>
            }
        })
        .collect();
    let stands = processes.is_empty().then(|| {
        view! { <text x=at.x + 12.0 y=at.y + 40.0 class="small">{state.clone()}</text> }
    });
    let more = (shape.more_processes > 0).then(|| {
        view! {
            <text x=at.right() - 12.0 y=shape.rule_y - 10.0 class="small end">
                {lang.more_processes(shape.more_processes)}
            </text>
        }
    });
    let writable = shape.writable;
    // One text: a changing class and a `class:` beside it would take each other away.
    let class = format!("box box--{state_class}{}", if shape.new { " is-new" } else { "" });
    let filled = writable.w * shape.filled;
    view! {
        <g
            {..opens(ObjectKind::Container, &shape.full, lang)}
            class=class
        >
            <rect x=at.x y=at.y width=at.w height=at.h rx="8" class="box__frame" />
            <circle cx=at.x + 16.0 cy=at.y + 19.0 r="4.5" class="box__dot">
                <title>{state}</title>
            </circle>
            <text x=at.x + 28.0 y=at.y + 23.0 class="name">{shape.name.clone()}</text>
            <text x=at.right() - 12.0 y=at.y + 23.0 class="small end">{image}</text>
            {processes}
            {stands}
            {more}
            <line
                x1=at.x + 8.0
                x2=at.right() - 8.0
                y1=shape.rule_y
                y2=shape.rule_y
                class="hair"
            />
            <g class="writable" class:is-new=shape.writable_new>
                <rect
                    x=writable.x
                    y=writable.y
                    width=filled
                    height=writable.h
                    rx="2"
                    class="writable__fill"
                />
                <rect
                    x=writable.x
                    y=writable.y
                    width=writable.w
                    height=writable.h
                    rx="2"
                    class="writable__frame"
                />
                <text x=writable.x + 8.0 y=writable.y + 11.0 class="bar__text writable__text">
                    {lang.writable_layer()}
                </text>
                <text
                    x=writable.right() - 8.0
                    y=writable.y + 11.0
                    class="bar__text writable__text end"
                >
                    {size(shape.writable_size)}
                </text>
            </g>
            {layers(&shape.layers, lang)}
        </g>
    }
}

fn state(state: State, lang: Lang) -> (String, &'static str) {
    match state {
        State::Created => (lang.state_created().into(), "created"),
        State::Running => (lang.state_running().into(), "running"),
        State::Paused => (lang.state_paused().into(), "paused"),
        State::Restarting => (lang.state_restarting().into(), "restarting"),
        State::Exited(code) => (lang.state_exited(code), "exited"),
        State::Dead => (lang.state_dead().into(), "exited"),
    }
}
