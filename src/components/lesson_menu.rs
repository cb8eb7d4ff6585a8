//! The lessons of the course, and how far one has come with each.

use super::sheet::Sheet;
use crate::{
    i18n::{Lang, use_lang},
    lessons,
};
use layerlab_course::{Entry, Index, Title};
use leptos::prelude::*;

/// A text in the language in force.
pub(crate) fn in_language(title: &Title, lang: Lang) -> &str {
    match lang {
        Lang::De => &title.de,
        Lang::En => &title.en,
    }
}

#[component]
pub(crate) fn LessonMenu(index: &'static Index, here: &'static str) -> impl IntoView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    let icon = view! { <path d="M2.5 4h11M2.5 8h11M2.5 12h7" /> }.into_any();
    let entries = move || index.lessons.iter().map(|entry| view! { <Line entry here /> }).collect_view();
    view! {
        <Sheet id="lessons" name=Signal::derive(move || lang.get().lessons().to_owned()) icon open left=true>
            <nav aria-label=move || lang.get().lessons()>
                <ol class="lessons">{entries}</ol>
            </nav>
        </Sheet>
    }
}

#[component]
fn Line(entry: &'static Entry, here: &'static str) -> impl IntoView {
    let lang = use_lang();
    let done = lessons::done_count(entry);
    let all = entry.exercises as usize;
    view! {
        <li>
            <a
                class="lessons__line"
                href=format!("#{}", entry.slug)
                aria-current=(entry.slug == here).then_some("page")
            >
                <span class="lessons__number">{format!("{}{}", entry.order, entry.part)}</span>
                <span class="lessons__title" inner_html=move || in_language(&entry.title, lang.get()).to_owned()></span>
                <span class="lessons__about">
                    {move || match done {
                        0 => lang.get().minutes(entry.minutes),
                        done if done >= all => lang.get().lesson_done().to_owned(),
                        done => lang.get().done_of(done, all),
                    }}
                </span>
            </a>
        </li>
    }
}
