//! The picture's place on the page: measures it, draws into it, and offers it as text.

use super::{
    changes::changes,
    draw::draw,
    layout::{Scene, Space, fit},
    replay::{Replay, ReplayBar, ReplayButton},
    words::describe,
};
use crate::{
    components::{Thing, use_looked},
    i18n::use_lang,
    machine::use_machine,
    web::on_resize,
};
use layerlab_protocol::ObjectKind;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// The machine picture and its text twin.
#[component]
pub(crate) fn Picture() -> impl IntoView {
    let machine = use_machine();
    let lang = use_lang();
    let place = NodeRef::<html::Div>::new();
    let space = RwSignal::new(Space { width: 800.0, height: 440.0 });
    on_resize(place, move |width, height| {
        if width > 0.0 {
            space.set(Space { width, height: height - 8.0 });
        }
    });
    let replay = Replay::new();
    let pictures = move || replay.pictures().unwrap_or_else(|| (machine.before.get(), machine.snapshot.get()));
    let scene: Memo<Scene> = Memo::new(move |_| {
        let (before, now) = pictures();
        fit(&now, &changes(&before, &now), space.get())
    });
    let looked = use_looked();
    let open = move |target: Option<web_sys::EventTarget>| match target.and_then(thing_at) {
        Some(thing) => {
            looked.set(Some(thing));
            true
        }
        None => false,
    };
    let as_text = RwSignal::new(false);
    view! {
        <section class="picture" id="area-picture-panel" aria-label=move || lang.get().picture()>
            <div class="picture__buttons">
                <ReplayButton replay />
                <button
                    type="button"
                    class="picture__button picture__button--twin"
                    aria-expanded=move || as_text.get().to_string()
                    on:click=move |_| as_text.update(|on| *on = !*on)
                >
                    {move || lang.get().picture_as_text()}
                </button>
            </div>
            <div
                class="picture__place"
                node_ref=place
                hidden=as_text
                on:click=move |event| {
                    open(event.target());
                }
                on:keydown=move |event| {
                    if matches!(event.key().as_str(), "Enter" | " ") && open(event.target()) {
                        event.prevent_default();
                    }
                }
            >
                {move || {
                    let (_, now) = pictures();
                    scene.with(|scene| draw(scene, &now.host, lang.get()))
                }}
            </div>
            <ul class="picture__twin" class:picture__twin--open=as_text>
                {move || {
                    let lines = describe(&pictures().1, lang.get());
                    lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
                }}
            </ul>
            <ReplayBar replay />
        </section>
    }
}

/// What is drawn where the event was: shapes carry what docker calls them (`draw/`).
fn thing_at(target: web_sys::EventTarget) -> Option<Thing> {
    let shape = target.dyn_into::<web_sys::Element>().ok()?.closest("[data-kind]").ok()??;
    let kind = ObjectKind::named(&shape.get_attribute("data-kind")?)?;
    Some(Thing { kind, name: shape.get_attribute("data-name")? })
}
