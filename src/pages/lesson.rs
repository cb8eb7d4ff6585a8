//! The lesson page: text at the left; picture, terminal and tools at the right; timeline below.
//! On a narrow screen one of these at a time, chosen by tabs.

use crate::{
    components::{Areas, Border, Details, Header, LessonText, Looked, Notices, Splitter, TimelineBar, Tools},
    i18n::use_lang,
    lessons::Opened,
    machine::{Machine, Notice},
    picture::Picture,
    settings::Settings,
    terminal::{TerminalHandle, TerminalPanel, use_terminal},
};
use leptos::prelude::*;

/// What a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Area {
    #[default]
    Lesson,
    Picture,
    Terminal,
    Tools,
}

impl Area {
    pub(crate) const ALL: [Self; 4] = [Self::Lesson, Self::Picture, Self::Terminal, Self::Tools];

    /// As style sheets name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Picture => "picture",
            Self::Terminal => "terminal",
            Self::Tools => "tools",
        }
    }
}

/// The area in sight.
pub(crate) fn use_area() -> RwSignal<Area> {
    expect_context()
}

#[component]
pub(crate) fn LessonPage(opened: Opened) -> impl IntoView {
    let settings = Settings::load();
    let lesson = opened.lesson.ok();
    let machine = Machine::start(lesson);
    if let Err(why) = opened.lesson {
        machine.notify(Notice::NoLesson(why.to_owned()));
    }
    let area = RwSignal::new(Area::default());
    provide_context(settings);
    provide_context(settings.lang);
    provide_context(machine);
    provide_context(area);
    provide_context::<Looked>(RwSignal::new(None));
    provide_context(TerminalHandle::new());
    let (lang, terminal) = (use_lang(), use_terminal());
    view! {
        <a
            class="skip"
            href="#terminal"
            on:click=move |event| {
                event.prevent_default();
                area.set(Area::Terminal);
                terminal.focus();
            }
        >
            {move || lang.get().skip_to_terminal()}
        </a>
        <div
            class="page"
            data-area=move || area.get().name()
            data-lesson=lesson.map(|lesson| lesson.slug.as_str())
        >
            <Header opened />
            <Areas />
            <main class="page__main">
                <LessonText lesson />
                <div class="page__work">
                    <Splitter border=Border::Lesson label=Signal::derive(move || lang.get().border_lesson()) />
                    <Picture />
                    <div class="page__low">
                        <Splitter border=Border::Picture label=Signal::derive(move || lang.get().border_picture()) />
                        <TerminalPanel />
                        <Tools />
                    </div>
                </div>
            </main>
            <TimelineBar />
            <Notices />
            <Details />
        </div>
    }
}
