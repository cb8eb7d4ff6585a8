//! Colours, terminal for screen readers, single keys, a fresh machine.

use super::sheet::Sheet;
use crate::{
    i18n::{Lang, use_lang},
    machine::use_machine,
    settings::{Theme, use_settings},
};
use leptos::prelude::*;

#[component]
pub(crate) fn SettingsMenu() -> impl IntoView {
    let (lang, settings) = (use_lang(), use_settings());
    let open = RwSignal::new(false);
    let words = |theme: Theme, lang: Lang| match theme {
        Theme::Auto => lang.theme_auto(),
        Theme::Light => lang.theme_light(),
        Theme::Dark => lang.theme_dark(),
    };
    let icon = view! {
        <path d="M2 4.5h6m3 0h3M2 11.5h3m3 0h6" />
        <circle cx="9.5" cy="4.5" r="1.75" />
        <circle cx="6.5" cy="11.5" r="1.75" />
    }
    .into_any();
    view! {
        <Sheet id="settings" name=Signal::derive(move || lang.get().settings().to_owned()) icon open>
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
                    <Check on=settings.screen_reader words=Lang::screen_reader_terminal hint=Lang::screen_reader_hint />
                    <Check on=settings.single_keys words=Lang::single_keys hint=Lang::single_keys_hint />
                    <Fresh open />
        </Sheet>
    }
}

/// Something to switch on or off.
#[component]
fn Check(on: RwSignal<bool>, words: fn(Lang) -> &'static str, hint: fn(Lang) -> &'static str) -> impl IntoView {
    let lang = use_lang();
    view! {
        <label class="settings__check">
            <input type="checkbox" prop:checked=on on:change=move |event| on.set(event_target_checked(&event)) />
            <span>
                {move || words(lang.get())}
                <small>{move || hint(lang.get())}</small>
            </span>
        </label>
    }
}

/// A fresh machine, after a second look.
#[component]
fn Fresh(open: RwSignal<bool>) -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let asked = RwSignal::new(false);
    view! {
        <div class="settings__fresh sheet__part">
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
                        open.set(false);
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
