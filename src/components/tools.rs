//! The panel at the lower right: files, build, layers, browser.

use super::{
    Border, Splitter,
    browser_view::BrowserView,
    build_view::BuildView,
    layers_view::LayersView,
    tabs::{TabItem, TabRow},
};
use crate::{
    editor::EditorPanel,
    i18n::{Lang, use_lang},
    machine::use_machine,
};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    Files,
    Build,
    Layers,
    Browser,
}

#[component]
pub(crate) fn Tools() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let chosen = RwSignal::new(Tool::Files);
    let news = RwSignal::new(Vec::<Tool>::new());
    // A build or a port that came is told by a dot, never by taking the view away.
    let watch = move |tool: Tool, state: Memo<Option<u32>>| {
        Effect::watch(
            move || state.get(),
            move |now, _, _| {
                if now.is_some() && chosen.get_untracked() != tool {
                    news.update(|news| news.push(tool));
                }
            },
            false,
        );
    };
    watch(
        Tool::Build,
        Memo::new(move |_| machine.snapshot.with(|snapshot| snapshot.builds.first().map(|build| build.number))),
    );
    watch(
        Tool::Browser,
        Memo::new(move |_| {
            machine.snapshot.with(|snapshot| {
                let mut ports = snapshot.containers.iter().flat_map(|one| &one.ports);
                ports.next().map(|port| u32::from(port.host))
            })
        }),
    );
    Effect::new(move |_| {
        let now = chosen.get();
        news.update(|news| news.retain(|tool| *tool != now));
    });
    let item = move |value: Tool, id: &'static str, words: fn(Lang) -> &'static str| TabItem {
        value,
        id,
        label: Signal::derive(move || words(lang.get()).to_owned()),
        dot: Signal::derive(move || news.with(|news| news.contains(&value))),
    };
    let items = vec![
        item(Tool::Files, "files", Lang::tab_files),
        item(Tool::Build, "build", Lang::tab_build),
        item(Tool::Layers, "layers", Lang::tab_layers),
        item(Tool::Browser, "browser", Lang::tab_browser),
    ];
    let label = Signal::derive(move || lang.get().tab_tools().to_owned());
    let hidden = move |tool: Tool| move || chosen.get() != tool;
    view! {
        <section class="tools" id="area-tools-panel">
            <Splitter border=Border::Terminal label=Signal::derive(move || lang.get().border_terminal()) />
            <TabRow items chosen label class="tabs" />
            <div
                class="tools__panel"
                role="tabpanel"
                id="files-panel"
                aria-labelledby="files-tab"
                hidden=hidden(Tool::Files)
            >
                <EditorPanel />
            </div>
            <div
                class="tools__panel"
                role="tabpanel"
                id="build-panel"
                aria-labelledby="build-tab"
                tabindex="0"
                hidden=hidden(Tool::Build)
            >
                <BuildView />
            </div>
            <div
                class="tools__panel"
                role="tabpanel"
                id="layers-panel"
                aria-labelledby="layers-tab"
                tabindex="0"
                hidden=hidden(Tool::Layers)
            >
                <LayersView />
            </div>
            <div
                class="tools__panel"
                role="tabpanel"
                id="browser-panel"
                aria-labelledby="browser-tab"
                hidden=hidden(Tool::Browser)
            >
                <BrowserView />
            </div>
        </section>
    }
}
