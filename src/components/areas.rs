//! On narrow screens: which part of the page is in sight.

use super::tabs::{TabItem, TabRow};
use crate::{
    i18n::{Lang, use_lang},
    machine::use_machine,
    pages::{Area, use_area},
};
use leptos::prelude::*;

#[component]
pub(crate) fn Areas() -> impl IntoView {
    let (lang, area, machine) = (use_lang(), use_area(), use_machine());
    let changed = RwSignal::new(false);
    Effect::watch(
        move || machine.snapshot.get(),
        move |_, _, _| changed.set(area.get_untracked() != Area::Picture),
        false,
    );
    Effect::new(move |_| {
        if area.get() == Area::Picture {
            changed.set(false);
        }
    });
    let item = move |value: Area, id: &'static str, words: fn(Lang) -> &'static str| TabItem {
        value,
        id,
        label: Signal::derive(move || words(lang.get()).to_owned()),
        dot: Signal::derive(move || value == Area::Picture && changed.get()),
    };
    let items = Area::ALL
        .into_iter()
        .map(|area| match area {
            Area::Lesson => item(area, "area-lesson", Lang::tab_lesson),
            Area::Picture => item(area, "area-picture", Lang::tab_picture),
            Area::Terminal => item(area, "area-terminal", Lang::tab_terminal),
            Area::Tools => item(area, "area-tools", Lang::tab_tools),
        })
        .collect();
    let label = Signal::derive(move || lang.get().areas().to_owned());
    view! { <TabRow items chosen=area label class="areas" /> }
}
