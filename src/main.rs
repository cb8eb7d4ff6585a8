//! The Layerlab page: lesson, terminal, editor, machine picture, build view, timeline.
//!
//! Invariant: the page holds no truth. The machine lives in the worker (`machine`), and what is
//! shown follows from what the worker said last. Start reading at `pages/lesson.rs`.

#![allow(unreachable_pub, reason = "the component macro makes its functions pub")]

mod components;
mod editor;
mod i18n;
mod lessons;
mod machine;
mod pages;
mod picture;
mod settings;
mod terminal;
mod web;

fn main() {
    console_error_panic_hook::set_once();
    // Leptos has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async {
        let opened = lessons::open().await;
        // The lesson's text, there to be read until now (xtask wrote it into the page).
        let first = leptos::prelude::document().get_element_by_id("first");
        // With a terminal in it, it stays until that has moved (web/terminal.js).
        if let Some(first) = first.filter(|first| !first.class_list().contains("page--first")) {
            first.remove();
        }
        leptos::mount::mount_to_body(move || pages::LessonPage(pages::LessonPageProps { opened }));
    });
}
