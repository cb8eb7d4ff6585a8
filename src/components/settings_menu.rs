//! Colours, terminal for screen readers, a fresh machine.

use crate::{
    i18n::{Lang, use_lang},
    machine::use_machine,
    settings::{Theme, use_settings},
};
use leptos::{ev, html, prelude::*};

#[component]
pub(crate) fn SettingsMenu() -> impl IntoView {
    let (lang, settings) = (use_lang(), use_settings());
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let place = NodeRef::<html::Div>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // The button is there as long as the menu.
            let _ = button.focus();
        }
    };
    let outside = window_event_listener(ev::pointerdown, move |event| {
        use wasm_bindgen::JsCast;
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = place.get_untracked().is_some_and(|place| place.contains(target.as_ref()));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let words = |theme: Theme, lang: Lang| match theme {
        Theme::Auto => lang.theme_auto(),
        Theme::Light => lang.theme_light(),
        Theme::Dark => lang.theme_dark(),
    };
    view! {
        <div
            class="settings"
            node_ref=place
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    close();
                }
            }
        >
            <button
                type="button"
                class="button"
                node_ref=button
                aria-expanded=move || open.get().to_string()
                aria-label=move || lang.get().settings()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="icon">
                    <path d="M2 4.5h6m3 0h3M2 11.5h3m3 0h6" />
                    <circle cx="9.5" cy="4.5" r="1.75" />
                    <circle cx="6.5" cy="11.5" r="1.75" />
                </svg>
                <span class="settings__name">{move || lang.get().settings()}</span>
            </button>
            <Show when=move || open.get()>
                <div class="settings__sheet" id="settings">
                    <fieldset>
                        <legend>{move || lang.get().theme()}</legend>
                        <div class="segments segments--wide">
                            {Theme::ALL
                                .map(|theme| {
                                    view! {
                                        <button
                                            type="button"
                                            aria-pressed=move || {
                                                (settings.theme.get() == theme).to_string()
                                            }
                                            on:click=move |_| settings.theme.set(theme)
                                        >
                                            {move || words(theme, lang.get())}
                                        </button>
                                    }
                                })}
                        </div>
                    </fieldset>
                    <label class="settings__check">
                        <input
                            type="checkbox"
                            prop:checked=settings.screen_reader
                            on:change=move |event| {
                                settings.screen_reader.set(event_target_checked(&event));
                            }
                        />
                        <span>
                            {move || lang.get().screen_reader_terminal()}
                            <small>{move || lang.get().screen_reader_hint()}</small>
                        </span>
                    </label>
                    <Fresh close />
                </div>
            </Show>
        </div>
    }
}

/// A fresh machine, after a second look.
#[component]
fn Fresh(close: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let asked = RwSignal::new(false);
    view! {
        <div class="settings__fresh">
            <Show
                when=move || asked.get()
                fallback=move || {
                    view! {
                        <button type="button" class="button" on:click=move |_| asked.set(true)>
                            {move || lang.get().start_afresh()}
                        </button>
                    }
                }
            >
                <p role="alert">{move || lang.get().start_afresh_really()}</p>
                <button
                    type="button"
                    class="button button--danger"
                    on:click=move |_| {
                        machine.start_afresh();
                        close();
                    }
                >
                    {move || lang.get().yes_start_afresh()}
                </button>
                <button type="button" class="button" on:click=move |_| asked.set(false)>
                    {move || lang.get().cancel()}
                </button>
            </Show>
        </div>
    }
}
