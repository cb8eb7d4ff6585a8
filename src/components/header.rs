//! The page's head: name, lesson, language, sharing, settings; and the button for what `web/teach.js` does.

use super::{
    lesson_menu::{LessonMenu, in_language},
    settings_menu::SettingsMenu,
    share_menu::ShareMenu,
};
use crate::{
    i18n::{Lang, use_lang},
    lessons::Opened,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Header(opened: Opened) -> impl IntoView {
    let lang = use_lang();
    let lesson = opened.lesson.ok();
    let title = move || lesson.map_or("", |lesson| in_language(&lesson.title, lang.get()));
    Effect::new(move |_| {
        let lesson = title();
        let name = if lesson.is_empty() { "Layerlab".into() } else { format!("{lesson} · Layerlab") };
        document().set_title(&name);
    });
    view! {
        <header class="header">
            <span class="header__logo">
                <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                    <rect x="2" y="13" width="16" height="4" rx="1.2" class="logo-1" />
                    <rect x="2" y="8" width="16" height="4" rx="1.2" class="logo-2" />
                    <rect x="2" y="3" width="10" height="4" rx="1.2" class="logo-3" />
                </svg>
                "Layerlab"
            </span>
            <LessonMenu index=opened.index here=lesson.map_or("", |lesson| lesson.slug.as_str()) />
            <span class="header__lesson">{title}</span>
            <div class="segments" role="group" aria-label=move || lang.get().language()>
                {[Lang::De, Lang::En]
                    .map(|one| {
                        let name = match one {
                            Lang::De => "Deutsch",
                            Lang::En => "English",
                        };
                        view! {
                            <button
                                type="button"
                                lang=one.code()
                                aria-label=name
                                aria-pressed=move || (lang.get() == one).to_string()
                                on:click=move |_| lang.set(one)
                            >
                                {one.code().to_uppercase()}
                            </button>
                        }
                    })}
            </div>
            <ShareMenu />
            <button type="button" class="button" data-extra="menu" aria-haspopup="dialog" aria-label=move || lang.get().more()>
                <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="icon">
                    <path d="M1.5 3h13M3 3v7h10V3M8 10v1.5L5.5 14M8 11.5l2.5 2.5" />
                </svg>
                <span class="sheet__name">{move || lang.get().more()}</span>
            </button>
            <SettingsMenu />
        </header>
    }
}
