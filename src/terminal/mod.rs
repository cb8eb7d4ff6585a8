//! The terminal's panel: loads xterm.js, joins it with the machine.

mod tabs;
mod xterm;

use crate::{
    i18n::use_lang,
    machine::{Phase, use_machine},
    settings::use_settings,
};
use layerlab_protocol::ToWorker;
use leptos::{html, prelude::*, task::spawn_local};
use tabs::{Tabs, tab_id};
use xterm::Xterm;

/// Lets other parts of the page type and focus.
#[derive(Clone, Copy)]
pub(crate) struct TerminalHandle(StoredValue<Option<Xterm>, LocalStorage>);

impl TerminalHandle {
    pub(crate) fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// Gives it the keyboard.
    pub(crate) fn focus(self) {
        self.0.with_value(|terminal| {
            if let Some(terminal) = terminal {
                terminal.focus();
            }
        });
    }

    fn text(self) -> String {
        self.0.with_value(|terminal| terminal.as_ref().map(Xterm::text).unwrap_or_default())
    }
}

/// The terminal of this page.
pub(crate) fn use_terminal() -> TerminalHandle {
    expect_context()
}

/// The terminal, and its transcript for those who would rather read it as text.
#[component]
pub(crate) fn TerminalPanel() -> impl IntoView {
    let (machine, settings, lang, handle) = (use_machine(), use_settings(), use_lang(), use_terminal());
    let place = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    let transcript = RwSignal::new(None::<String>);

    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        spawn_local(async move {
            let opened = xterm::open(
                &element,
                settings.screen_reader.get_untracked(),
                move |bytes| machine.send(&ToWorker::Key(bytes)),
                move |rows, cols| machine.send(&ToWorker::Resize { rows, cols }),
            );
            let Ok(terminal) = opened.await else { return failed.set(true) };
            machine.send(&ToWorker::Resize { rows: terminal.rows(), cols: terminal.cols() });
            machine.attach_terminal({
                let terminal = terminal.clone();
                move |bytes, replace| {
                    if replace {
                        terminal.reset();
                    }
                    terminal.show(bytes);
                }
            });
            handle.0.set_value(Some(terminal));
            settings.terminal_ready.set(true);
        });
    });
    Effect::new(move |_| {
        settings.theme_in_force.track();
        settings.terminal_ready.track();
        handle.0.with_value(|terminal| {
            if let Some(terminal) = terminal {
                terminal.refresh_theme();
                terminal.set_screen_reader(settings.screen_reader.get());
                terminal.set_label(&format!("{}. {}", lang.get().terminal(), lang.get().leave_terminal()));
            }
        });
    });

    let loading = move || machine.phase.get() == Phase::Starting || !settings.terminal_ready.get();
    view! {
        <section class="terminal" id="area-terminal-panel" aria-label=move || lang.get().terminal()>
            <Tabs />
            <div
                class="terminal__place"
                role="tabpanel"
                id="terminal-panel"
                aria-labelledby=move || tab_id(machine.shown.get())
                node_ref=place
            ></div>
            <Show when=move || failed.get()>
                <p class="terminal__words" role="alert">{move || lang.get().terminal_failed()}</p>
            </Show>
            <Show when=move || loading() && !failed.get()>
                <p class="terminal__words">{move || lang.get().terminal_loading()}</p>
            </Show>
            <button
                type="button"
                class="terminal__transcript-button"
                aria-expanded=move || transcript.with(Option::is_some).to_string()
                on:click=move |_| {
                    transcript.update(|text| *text = text.is_none().then(|| handle.text()));
                }
            >
                {move || lang.get().transcript()}
            </button>
            {move || {
                transcript
                    .get()
                    .map(|text| {
                        view! {
                            <pre class="terminal__transcript" tabindex="0">
                                {text}
                            </pre>
                        }
                    })
            }}
        </section>
    }
}
