//! The latest command once more, in slow motion: the worker plays it again in a copy of the machine and tells what
//! happened step by step (`lab/src/film/`); the picture shows the machine as it was after each.

mod reel;
mod words;

use crate::{
    i18n::{Lang, use_lang},
    machine::use_machine,
    web,
};
use layerlab_protocol::{FromWorker, Snapshot, ToWorker};
use leptos::{html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use reel::Reel;
use std::{sync::Arc, time::Duration};
use wasm_bindgen::JsCast;

/// A film in the picture's place; a handle to copy.
#[derive(Clone, Copy)]
pub(super) struct Replay {
    reel: RwSignal<Option<Reel>>,
    /// The worker was asked, and plays.
    awaited: RwSignal<bool>,
    playing: RwSignal<bool>,
}

impl Replay {
    pub(super) fn new() -> Self {
        let (machine, lang) = (use_machine(), use_lang());
        let replay = Self { reel: RwSignal::new(None), awaited: RwSignal::new(false), playing: RwSignal::new(false) };
        machine.listen(move |message| {
            let FromWorker::Film(film) = message else { return };
            if !replay.awaited.get_untracked() {
                return;
            }
            replay.awaited.set(false);
            let frames = film.as_ref().and_then(|film| film.decode().ok()).unwrap_or_default();
            replay.reel.set(Reel::new(frames));
            replay.playing.set(!web::wants_less_motion());
        });
        // Whoever goes on, or goes back, is done with looking.
        let at = Memo::new(move |_| machine.timeline.with(|timeline| (timeline.at, timeline.marks.len())));
        Effect::watch(move || at.get(), move |_, _, _| replay.close(), false);
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        Effect::new(move |_| {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            let wait = replay.reel.with(|reel| reel.as_ref().and_then(|reel| reel.wait(lang.get_untracked())));
            match wait {
                _ if !replay.playing.get() => {}
                // The end.
                None => replay.playing.set(false),
                Some(wait) => {
                    let on = move || replay.go(|reel| reel.at + 1);
                    timer.set_value(set_timeout_with_handle(on, Duration::from_millis(wait)).ok());
                }
            }
        });
        replay
    }

    /// The machine in the picture, and how it was before, while a film is shown.
    pub(super) fn pictures(self) -> Option<(Arc<Snapshot>, Arc<Snapshot>)> {
        self.reel.with(|reel| reel.as_ref().map(Reel::pictures))
    }

    fn close(self) {
        self.awaited.set(false);
        self.playing.set(false);
        self.reel.set(None);
    }

    /// To another step, of those that there are.
    fn go(self, to: impl FnOnce(&Reel) -> usize) {
        self.reel.update(|reel| {
            if let Some(reel) = reel {
                reel.at = to(reel).min(reel.last());
            }
        });
    }
}

/// What asks for the film of the latest command.
#[component]
pub(super) fn ReplayButton(replay: Replay) -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let there = move || {
        machine.timeline.with(|timeline| {
            let latest = timeline.at.checked_sub(1).and_then(|at| timeline.marks.get(at as usize));
            latest.is_some_and(|mark| !mark.save)
        })
    };
    view! {
        <Show when=move || there() && replay.reel.with(Option::is_none)>
            <button
                type="button"
                class="picture__button"
                title=move || lang.get().replay_long()
                disabled=replay.awaited
                on:click=move |_| {
                    replay.awaited.set(true);
                    machine.send(&ToWorker::Film);
                }
            >
                {move || if replay.awaited.get() { lang.get().replay_waits() } else { lang.get().replay() }}
            </button>
        </Show>
    }
}

/// The film's steps, in words, and what moves between them.
#[component]
pub(super) fn ReplayBar(replay: Replay) -> impl IntoView {
    let shown = Memo::new(move |_| replay.reel.with(Option::is_some));
    view! {
        <Show when=move || shown.get()>
            <Bar replay />
        </Show>
    }
}

#[component]
fn Bar(replay: Replay) -> impl IntoView {
    let lang = use_lang();
    let buttons = NodeRef::<html::Div>::new();
    // Whoever asked for it by keyboard goes on here.
    Effect::new(move |_| {
        let play = buttons.get().and_then(|buttons| buttons.children().item(1));
        if let Some(play) = play {
            let _ = play.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    let reel = move |of: fn(&Reel) -> usize| replay.reel.with(|reel| reel.as_ref().map_or(0, of));
    let words = move || {
        let lang = lang.get();
        replay.reel.with(|reel| reel.as_ref().map(|reel| words::moment(reel.moment(), lang)).unwrap_or_default())
    };
    let number = move || lang.get().replay_step(reel(|reel| reel.at + 1), reel(|reel| reel.last() + 1));
    let stop = move || replay.playing.set(false);
    let toggle = move || {
        let on = !replay.playing.get_untracked();
        if on {
            // At the end it begins anew.
            replay.go(|reel| if reel.at == reel.last() { 0 } else { reel.at });
        }
        replay.playing.set(on);
    };
    let back = move || {
        stop();
        replay.go(|reel| reel.at.saturating_sub(1));
    };
    let on = move || {
        stop();
        replay.go(|reel| reel.at + 1);
    };
    let playing = move || replay.playing.get();
    let at_start = Signal::derive(move || reel(|reel| reel.at) == 0);
    let at_end = Signal::derive(move || reel(|reel| reel.at) == reel(Reel::last));
    let never = Signal::derive(|| false);
    let play_path = Signal::derive(move || if playing() { "M4.5 3v8M9.5 3v8" } else { "M4 2.5 11 7 4 11.5z" });
    let play_name = move |lang: Lang| if playing() { lang.replay_pause() } else { lang.replay_play() };
    view! {
        <section
            class="replay"
            aria-label=move || lang.get().replay()
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    replay.close();
                }
            }
        >
            <div class="segments" node_ref=buttons>
                {button(Box::new(Lang::replay_back), "M9 2.5 4.5 7 9 11.5".into(), at_start, Box::new(back))}
                {button(Box::new(play_name), play_path, never, Box::new(toggle))}
                {button(Box::new(Lang::replay_on), "M5 2.5 9.5 7 5 11.5".into(), at_end, Box::new(on))}
            </div>
            <div class="replay__what">
                <p class="replay__words" aria-live="polite">{words}</p>
                <input
                    type="range"
                    class="replay__place"
                    min="0"
                    max=move || reel(Reel::last).to_string()
                    prop:value=move || reel(|reel| reel.at).to_string()
                    aria-label=move || lang.get().replay_place()
                    aria-valuetext=number
                    on:input=move |event| {
                        stop();
                        let to = event_target_value(&event).parse().unwrap_or_default();
                        replay.go(|_| to);
                    }
                />
            </div>
            <span class="replay__number">{number}</span>
            {button(Box::new(Lang::replay_close), "M3 3l8 8M11 3l-8 8".into(), never, Box::new(move || replay.close()))}
        </section>
    }
}

/// A button with a drawing, and a name for who does not see it.
fn button(
    name: Box<dyn Fn(Lang) -> &'static str + Send + Sync>,
    path: Signal<&'static str>,
    disabled: Signal<bool>,
    act: Box<dyn Fn()>,
) -> AnyView {
    let lang = use_lang();
    let name = Signal::derive(move || name(lang.get()));
    view! {
        <button type="button" aria-label=name title=name disabled=disabled on:click=move |_| act()>
            <svg class="icon" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                <path d=path />
            </svg>
        </button>
    }
    .into_any()
}
