//! The timeline under everything: every command a mark; back, forward, and how fast time goes.

use crate::{
    i18n::{Lang, use_lang},
    machine::use_machine,
};
use layerlab_protocol::{Mark, Speed, ToWorker};
use leptos::{html, prelude::*};

#[component]
pub(crate) fn TimelineBar() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let track = NodeRef::<html::Ol>::new();
    let timeline = machine.timeline;
    // The newest mark stays in sight.
    Effect::new(move |_| {
        timeline.track();
        if let Some(track) = track.get() {
            request_animation_frame(move || track.set_scroll_left(track.scroll_width()));
        }
    });
    let marks = move || {
        let timeline = timeline.get();
        let lang = lang.get();
        let marks = timeline.marks.iter().enumerate();
        marks
            .map(|(index, one)| {
                let number = index as u32;
                let place = match number + 1 {
                    next if next == timeline.at => Place::Now,
                    next if next > timeline.at => Place::Ahead,
                    _ => Place::Past,
                };
                mark(one, place, lang, move || machine.send(&ToWorker::JumpTo(number)))
            })
            .collect_view()
    };
    let can_undo = move || timeline.with(|timeline| timeline.can_undo);
    let can_redo = move || timeline.with(|timeline| timeline.can_redo);
    view! {
        <footer class="timeline" aria-label=move || lang.get().timeline()>
            <button
                type="button"
                class="button"
                title=move || lang.get().undo_long()
                disabled=move || !can_undo()
                on:click=move |_| machine.send(&ToWorker::Undo)
            >
                {move || lang.get().undo()}
            </button>
            <button
                type="button"
                class="button"
                title=move || lang.get().redo_long()
                disabled=move || !can_redo()
                on:click=move |_| machine.send(&ToWorker::Redo)
            >
                {move || lang.get().redo()}
            </button>
            <ol class="timeline__track" node_ref=track aria-label=move || lang.get().timeline()>
                {marks}
                <Show when=move || timeline.with(|timeline| timeline.marks.is_empty())>
                    <li class="timeline__words">{move || lang.get().timeline_empty()}</li>
                </Show>
            </ol>
            <SpeedChoice />
        </footer>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Past,
    Now,
    Ahead,
}

fn mark(mark: &Mark, place: Place, lang: Lang, jump: impl Fn() + 'static) -> AnyView {
    let words = match mark.exit {
        _ if mark.save => lang.mark_save(&mark.line),
        Some(0) | None => mark.line.clone(),
        Some(code) => lang.mark_exit(&mark.line, code),
    };
    let words = match place {
        Place::Past => words,
        Place::Now => lang.mark_now(words),
        Place::Ahead => lang.mark_ahead(words),
    };
    let failed = mark.exit.is_some_and(|code| code != 0);
    view! {
        <li
            class="mark"
            class:mark--big=mark.label.is_some()
            class:mark--now=place == Place::Now
            class:mark--ahead=place == Place::Ahead
            class:mark--failed=failed
            class:mark--save=mark.save
        >
            {mark.label.clone().map(|label| view! { <span class="mark__label" aria-hidden="true">{label}</span> })}
            <button
                type="button"
                aria-label=words.clone()
                title=words
                aria-current=(place == Place::Now).then_some("true")
                on:click=move |_| jump()
            ></button>
        </li>
    }
    .into_any()
}

/// How virtual time follows real time.
#[component]
fn SpeedChoice() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let words = |speed: Speed, lang: Lang| match speed {
        Speed::Paused => lang.speed_paused(),
        Speed::Slow => lang.speed_slow(),
        Speed::Real => lang.speed_real(),
        Speed::Fast => lang.speed_fast(),
        Speed::Instant => lang.speed_instant(),
    };
    view! {
        <div class="segments timeline__speed" role="group" aria-label=move || lang.get().speed()>
            {[Speed::Paused, Speed::Slow, Speed::Real, Speed::Fast, Speed::Instant]
                .map(|speed| {
                    view! {
                        <button
                            type="button"
                            aria-pressed=move || (machine.speed.get() == speed).to_string()
                            on:click=move |_| machine.set_speed(speed)
                        >
                            {move || words(speed, lang.get())}
                        </button>
                    }
                })}
        </div>
        <Show when=move || machine.speed.get() == Speed::Paused>
            <button
                type="button"
                class="button"
                title=move || lang.get().step_long()
                on:click=move |_| machine.send(&ToWorker::Step)
            >
                {move || lang.get().step()}
            </button>
        </Show>
    }
}
