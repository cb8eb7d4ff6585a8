//! The session to give away: as a link, as a QR code, as a file; and a file from somebody else.

use super::sheet::Sheet;
use crate::{
    i18n::{Lang, size, use_lang},
    machine::{Code, Parcel, use_machine},
    web,
};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

/// The largest file that is opened, bytes.
const LARGEST: f64 = 64e6;

#[component]
pub(crate) fn ShareMenu() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let open = RwSignal::new(false);
    let parcel = RwSignal::new(None::<Parcel>);
    Effect::new(move |_| {
        parcel.set(None);
        if open.get() {
            spawn_local(async move {
                parcel.set(machine.parcel().await);
            });
        }
    });
    let icon = view! {
        <path d="M8 10V2m0 0L5 5m3-3 3 3M3 8v6h10V8" />
    }
    .into_any();
    view! {
        <Sheet id="share" name=Signal::derive(move || lang.get().share().to_owned()) icon open>
            <p>{move || lang.get().share_what()}</p>
            {move || parcel.get().map(|parcel| view! { <Ways parcel /> })}
            <Exercise />
            <OpenFile open />
        </Sheet>
    }
}

/// How a parcel can go.
#[component]
fn Ways(parcel: Parcel) -> impl IntoView {
    let lang = use_lang();
    let Parcel { file, link, code } = parcel;
    let amount = file.len() as u64;
    let long = link.is_none();
    view! {
        {link.map(|link| view! { <Link link label=Lang::share_link /> })}
        {code.map(picture)}
        <Show when=move || long>
            <p>{move || lang.get().share_too_long(size(amount))}</p>
        </Show>
        <button type="button" class="button" on:click=move |_| web::download("session.layerlab", &file)>
            {move || lang.get().share_as_file()}
        </button>
    }
}

/// The link to the exercise that is shown, with a fresh machine for whoever has none of this lesson.
#[component]
fn Exercise() -> impl IntoView {
    let lang = use_lang();
    // The lesson's text has it as a link.
    let shown = document().query_selector("a.lesson__eyebrow").ok().flatten();
    shown.map(|shown| {
        let link = shown.unchecked_into::<web_sys::HtmlAnchorElement>().href();
        view! {
            <div class="sheet__part">
                <p>{move || lang.get().link_to_exercise()}</p>
                <Link link label=Lang::link_to_exercise />
            </div>
        }
    })
}

#[component]
fn Link(link: String, label: fn(Lang) -> &'static str) -> impl IntoView {
    let lang = use_lang();
    let place = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        if let Some(place) = place.get_untracked() {
            place.select();
            let text = place.value();
            spawn_local(async move { copied.set(web::copy(&text).await) });
        }
    };
    view! {
        <div class="share__link">
            <input
                type="text"
                readonly
                node_ref=place
                value=link
                aria-label=move || label(lang.get())
                on:focus=move |_| {
                    if let Some(place) = place.get_untracked() {
                        place.select();
                    }
                }
            />
            <button type="button" class="button" on:click=copy>
                {move || if copied.get() { lang.get().copied() } else { lang.get().copy() }}
            </button>
        </div>
    }
}

/// As large as the screen: a link has many modules, and cameras sit in the last row.
fn picture(code: Code) -> impl IntoView {
    let lang = use_lang();
    let sheet = NodeRef::<html::Dialog>::new();
    let open = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            // It can only fail if it is open already.
            let _ = sheet.show_modal();
        }
    };
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
    };
    // A margin of four modules, as the standard asks.
    let area = format!("-4 -4 {0} {0}", code.size + 8);
    view! {
        <button type="button" class="button" on:click=open>
            {move || lang.get().share_code()}
        </button>
        <dialog class="details share__code" node_ref=sheet on:click=close aria-label=move || lang.get().share_code()>
            <svg viewBox=area role="img" aria-label=move || lang.get().share_code()>
                <path d=code.path />
            </svg>
            <button type="button" class="notice__close" aria-label=move || lang.get().close()>
                "×"
            </button>
        </dialog>
    }
}

#[component]
fn OpenFile(open: RwSignal<bool>) -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let place = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(input) = place.get_untracked() else { return };
        spawn_local(async move {
            match web::chosen_file(&input, LARGEST).await {
                Some(file) => machine.open_file(file).await,
                None => machine.not_shared("> 64 MB"),
            }
            open.set(false);
        });
    };
    view! {
        <div class="sheet__part">
            <label class="button share__open">
                {move || lang.get().share_open()}
                <input type="file" accept=".layerlab" node_ref=place on:change=chosen />
            </label>
        </div>
    }
}
