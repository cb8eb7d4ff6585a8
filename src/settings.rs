//! What a person chose for this browser: language, colours, terminal for screen readers.

use crate::{i18n::Lang, web};
use leptos::prelude::*;

/// Choices, and what follows from them.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) lang: RwSignal<Lang>,
    pub(crate) theme: RwSignal<Theme>,
    /// Light or dark, as it is shown now.
    pub(crate) theme_in_force: Memo<Theme>,
    pub(crate) screen_reader: RwSignal<bool>,
    /// Keys that are a character alone do something (`web/keys.js`).
    pub(crate) single_keys: RwSignal<bool>,
    /// The terminal has been loaded.
    pub(crate) terminal_ready: RwSignal<bool>,
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Like the system.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As it is remembered and as style sheets name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// The settings of this page.
pub(crate) fn use_settings() -> Settings {
    expect_context()
}

impl Settings {
    /// Reads what is remembered, and remembers what is changed from now on.
    pub(crate) fn load() -> Self {
        let lang = match web::remembered("lang").as_deref() {
            Some("de") => Lang::De,
            Some("en") => Lang::En,
            _ => Lang::best_of(web::languages().iter().map(String::as_str)),
        };
        let lang = RwSignal::new(lang);
        let theme = web::remembered("theme").and_then(|name| Theme::named(&name));
        let theme = RwSignal::new(theme.unwrap_or_default());
        let screen_reader = RwSignal::new(web::remembered("screen-reader").is_some_and(|on| on == "true"));
        let single_keys = RwSignal::new(web::remembered("single-keys").is_none_or(|on| on == "true"));
        let system_is_dark = system_is_dark();
        let theme_in_force = Memo::new(move |_| match theme.get() {
            Theme::Auto if system_is_dark.get() => Theme::Dark,
            Theme::Auto => Theme::Light,
            chosen => chosen,
        });
        Effect::new(move |_| {
            let root = document().document_element();
            if let Some(root) = root {
                // Attributes of the root element can always be set.
                let _ = root.set_attribute("lang", lang.get().code());
                let _ = root.set_attribute("data-theme", theme_in_force.get().name());
                let _ = root.set_attribute("data-single-keys", if single_keys.get() { "on" } else { "off" });
            }
        });
        Effect::watch(
            move || (lang.get(), theme.get(), screen_reader.get(), single_keys.get()),
            move |(lang, theme, screen_reader, single_keys), _, _| {
                web::remember("lang", lang.code());
                web::remember("theme", theme.name());
                web::remember("screen-reader", &screen_reader.to_string());
                web::remember("single-keys", &single_keys.to_string());
            },
            false,
        );
        Self { lang, theme, theme_in_force, screen_reader, single_keys, terminal_ready: RwSignal::new(false) }
    }
}

fn system_is_dark() -> RwSignal<bool> {
    use wasm_bindgen::{JsCast, prelude::Closure};
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let dark = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(query) = query {
        let asked = query.clone();
        let changed = Closure::<dyn FnMut()>::new(move || dark.set(asked.matches()));
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        // For as long as the page lives.
        changed.forget();
    }
    dark
}
