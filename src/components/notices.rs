//! What the person must know: crashes, restored and damaged sessions.

use crate::{
    i18n::{Lang, use_lang},
    machine::{Notice, use_machine},
    web,
};
use layerlab_protocol::ReplayStop;
use leptos::prelude::*;

#[component]
pub(crate) fn Notices() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    view! {
        <div class="notices" role="status" aria-live="polite">
            {move || {
                let notices = machine.notices.get();
                notices
                    .into_iter()
                    .enumerate()
                    .map(|(index, notice)| {
                        view! {
                            <div class="notice" class:notice--bad=is_bad(&notice)>
                                <p>{words(&notice, lang.get())}</p>
                                {details(&notice)
                                    .map(|text| {
                                        view! {
                                            <details>
                                                <summary>{move || lang.get().details()}</summary>
                                                <pre>{text}</pre>
                                            </details>
                                        }
                                    })}
                                {is_damaged(&notice)
                                    .then(|| {
                                        view! {
                                            <button
                                                type="button"
                                                class="button"
                                                on:click=move |_| {
                                                    if let Some(bytes) = machine.damaged_session() {
                                                        web::download("layerlab-session.bin", &bytes);
                                                    }
                                                }
                                            >
                                                {move || lang.get().download_old()}
                                            </button>
                                        }
                                    })}
                                {notice
                                    .is_unsaved()
                                    .then(|| {
                                        view! {
                                            <button type="button" class="button" on:click=move |_| machine.save_as_file()>
                                                {move || lang.get().share_as_file()}
                                            </button>
                                        }
                                    })}
                                {(notice == Notice::Visiting)
                                    .then(|| {
                                        view! {
                                            <button type="button" class="button" on:click=move |_| machine.go_back()>
                                                {move || lang.get().back_to_mine()}
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="notice__close"
                                    aria-label=move || lang.get().close()
                                    on:click=move |_| machine.dismiss(index)
                                >
                                    "×"
                                </button>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

fn is_bad(notice: &Notice) -> bool {
    !matches!(notice, Notice::Restored(_) | Notice::Visiting | Notice::CaughtUp)
}

fn is_damaged(notice: &Notice) -> bool {
    matches!(notice, Notice::Stopped(ReplayStop::Unreadable { .. }))
}

fn words(notice: &Notice, lang: Lang) -> String {
    match notice {
        Notice::Crashed(_) => format!("{} {}", lang.machine_crashed(), lang.machine_back()),
        Notice::Hung => lang.machine_hangs().into(),
        Notice::Dead(_) => lang.machine_dead().into(),
        Notice::NotLoaded(_) => lang.worker_not_loaded().into(),
        Notice::NoLesson(_) => lang.lesson_not_loaded().into(),
        Notice::Restored(count) => lang.session_restored(count),
        Notice::Stopped(ReplayStop::Unreadable { .. }) => lang.session_unreadable().into(),
        Notice::Stopped(ReplayStop::Differs { line }) => lang.session_differs(line),
        Notice::Stopped(ReplayStop::Pending) => lang.session_pending().into(),
        Notice::NotStored => lang.session_not_saved().into(),
        Notice::NotRead => lang.session_not_read().into(),
        Notice::Behind => lang.session_behind().into(),
        Notice::CaughtUp => lang.session_caught_up().into(),
        Notice::NotRemembered => lang.not_remembered().into(),
        Notice::OtherTab => lang.other_tab().into(),
        Notice::Visiting => lang.visiting().into(),
        Notice::NotShared(_) => lang.not_shared().into(),
    }
}

fn details(notice: &Notice) -> Option<String> {
    match notice {
        Notice::Crashed(words)
        | Notice::Dead(words)
        | Notice::NotLoaded(words)
        | Notice::NotShared(words)
        | Notice::NoLesson(words) => Some(words.clone()),
        Notice::Stopped(ReplayStop::Unreadable { reason }) => Some(reason.clone()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}
