//! The row of terminals, as the ARIA pattern of tabs wants it: arrows show another one, Delete closes.

use super::use_terminal;
use crate::{i18n::use_lang, machine::use_machine};
use layerlab_protocol::{Terminal, ToWorker};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;

/// Who is logged in where: the prompt says the same.
const HOST: &str = "student@layerlab";

/// Names the tab of a terminal.
pub(super) fn tab_id(number: u32) -> String {
    format!("terminal-{number}-tab")
}

/// What stands on it.
fn title(terminal: &Terminal) -> String {
    match (&terminal.container, terminal.number) {
        (Some(name), _) => name.clone(),
        (None, 0) => HOST.to_owned(),
        (None, number) => format!("{HOST} · {number}"),
    }
}

#[component]
pub(super) fn Tabs() -> impl IntoView {
    let (machine, lang, handle) = (use_machine(), use_lang(), use_terminal());
    let row = NodeRef::<html::Div>::new();
    let show = move |number| machine.send(&ToWorker::ShowTerminal(number));
    let close = move |number| machine.send(&ToWorker::CloseTerminal(number));
    // Whoever walks along the tabs by keys stays among them, also where theirs is closed.
    let stays = StoredValue::new(false);
    Effect::new(move |_| {
        let shown = machine.shown.get();
        machine.terminals.track();
        let Some(row) = row.get_untracked() else { return };
        request_animation_frame(move || {
            let Some(tab) = document().get_element_by_id(&tab_id(shown)) else { return };
            tab.scroll_into_view_with_bool(false);
            let here = document().active_element();
            let stays = stays.try_update_value(std::mem::take).unwrap_or_default();
            if (stays || here.is_some_and(|here| row.contains(Some(&here))))
                && let Ok(tab) = tab.dyn_into::<web_sys::HtmlElement>()
            {
                // A tab that is gone needs no focus.
                let _ = tab.focus();
            }
        });
    });
    let on_key = move |event: KeyboardEvent| {
        let shown = machine.shown.get_untracked();
        let numbers: Vec<u32> = machine.terminals.with_untracked(|all| all.iter().map(|one| one.number).collect());
        let (at, count) = (numbers.iter().position(|number| *number == shown).unwrap_or(0), numbers.len());
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count.max(1),
            "ArrowLeft" => (at + count).saturating_sub(1) % count.max(1),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            "Delete" => {
                stays.set_value(shown > 0);
                close(shown);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(number) = numbers.get(to) {
            show(*number);
        }
    };
    let tab = move |terminal: Terminal| {
        let number = terminal.number;
        let is_shown = move || machine.shown.get() == number;
        let cross = (number > 0).then(|| {
            view! {
                <span
                    class="terminals__close"
                    aria-hidden="true"
                    title=move || lang.get().close_terminal()
                    on:click=move |event| {
                        event.stop_propagation();
                        close(number);
                        handle.focus();
                    }
                >
                    "×"
                </span>
            }
        });
        view! {
            <button
                type="button"
                role="tab"
                id=tab_id(number)
                aria-controls="terminal-panel"
                aria-selected=move || is_shown().to_string()
                aria-keyshortcuts=(number > 0).then_some("Delete")
                tabindex=move || if is_shown() { "0" } else { "-1" }
                class:terminals__inside=terminal.container.is_some()
                title=format!("/dev/pts/{number}")
                on:click=move |_| {
                    show(number);
                    handle.focus();
                }
            >
                <span class="terminals__title">{title(&terminal)}</span>
                {cross}
            </button>
        }
    };
    view! {
        <div class="terminals">
            <div
                class="terminals__row"
                role="tablist"
                aria-label=move || lang.get().terminals()
                node_ref=row
                on:keydown=on_key
            >
                {move || machine.terminals.get().into_iter().map(tab).collect_view()}
            </div>
            <button
                type="button"
                class="terminals__new"
                aria-label=move || lang.get().new_terminal()
                title=move || lang.get().new_terminal()
                on:click=move |_| {
                    machine.send(&ToWorker::OpenTerminal { command: None });
                    handle.focus();
                }
            >
                "+"
            </button>
        </div>
    }
}
