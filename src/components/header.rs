//! The page's head: name, lesson, language, settings.

use super::{settings_menu::SettingsMenu, share_menu::ShareMenu};
use crate::i18n::{Lang, use_lang};
use layerlab_course::Lesson;
use leptos::prelude::*;

#[component]
pub(crate) fn Header(lesson: Option<&'static Lesson>) -> impl IntoView {
    let lang = use_lang();
    let title = move || {
        lesson.map_or("", |lesson| match lang.get() {
            Lang::De => lesson.title.de.as_str(),
            Lang::En => lesson.title.en.as_str(),
        })
    };
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
            <SettingsMenu />
        </header>
    }
}
