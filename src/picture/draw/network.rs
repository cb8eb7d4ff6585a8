//! Networks as rails, ports as sockets in the wall, and a request on its way.

use super::{opens, path};
use crate::{
    i18n::Lang,
    picture::{
        layout::{Rail, RequestShape, Socket},
        words::request_end,
    },
};
use layerlab_protocol::ObjectKind;
use leptos::prelude::*;

pub(super) fn rail(rail: &Rail, lang: Lang) -> impl IntoView + use<> {
    let at = rail.label;
    let about = if rail.dns { format!("{} · DNS", rail.subnet) } else { rail.subnet.clone() };
    let stubs: Vec<_> = rail
        .stubs
        .iter()
        .map(|stub| {
            view! {
                <path
                    d=format!("M{} {} V{}", stub.x, stub.top, stub.bottom)
                    class="net net--stub"
                />
                <text x=stub.x + 8.0 y=stub.label_y class="net__address">
                    {stub.address.clone()}
                </text>
            }
        })
        .collect();
    view! {
        <g
            {..opens(ObjectKind::Network, &rail.name, lang)}
            class="rail"
            class:is-new=rail.new
        >
            <path d=format!("M{} {} H{}", rail.from, rail.y, rail.to) class="net" />
            {stubs}
            <rect x=at.x y=at.y width=at.w height=at.h rx="19" class="net__label" />
            <text x=at.middle() y=rail.y - 3.0 class="net__name middle">{rail.name.clone()}</text>
            <text x=at.middle() y=rail.y + 12.0 class="small middle">{about}</text>
        </g>
    }
}

/// The line from the wall to the box.
pub(super) fn wire(socket: &Socket) -> impl IntoView + use<> {
    let line = format!("M{} {} V{}", socket.at.middle(), socket.at.bottom(), socket.bottom);
    view! { <path d=line class="wire" class:wire--dead=!socket.listening /> }
}

pub(super) fn socket(socket: &Socket, lang: Lang) -> impl IntoView + use<> {
    let at = socket.at;
    let words = if socket.listening { lang.published_port() } else { lang.nobody_listens() };
    view! {
        <g class="socket">
            <title>{words}</title>
            <rect x=at.x y=at.y width=at.w height=at.h rx="6" />
            <text x=at.middle() y=at.y + 18.0 class="middle">{socket.label.clone()}</text>
        </g>
        {(!socket.listening)
            .then(|| {
                view! {
                    <text x=at.middle() + 8.0 y=socket.bottom - 8.0 class="small wire__words">
                        {words}
                    </text>
                }
            })}
    }
}

/// A dot that runs along the way and stays where it stopped.
pub(super) fn request(request: &RequestShape, lang: Lang) -> impl IntoView + use<> {
    let (x, y) = request.way.last().copied().unwrap_or_default();
    let way = format!("offset-path:path('{}')", path(&request.way));
    let words = match &request.lost {
        Some(end) => format!("{}: {}", request.what, request_end(end, lang)),
        None => request.what.clone(),
    };
    view! {
        <g class="request" class:request--lost=request.lost.is_some()>
            <circle r="5.5" class="request__dot" style=way />
            <text x=x - 12.0 y=y - 12.0 class="small end">{words}</text>
        </g>
    }
}
