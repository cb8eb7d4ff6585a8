//! What the page looks out for while the machine runs: a worker that hangs, a page that nobody sees, that
//! stores nothing, that is about to go.

use super::{Machine, Notice, Phase};
use layerlab_protocol::ToWorker;
use leptos::prelude::*;
use std::time::Duration;

const PING_EVERY: Duration = Duration::from_secs(2);
/// Unanswered pings after which the worker counts as hung: some 12 seconds.
const PATIENCE: u32 = 6;

impl Machine {
    /// Asks now and then whether the worker still answers, and tells it when nobody looks.
    pub(super) fn watch(self) {
        let _ = set_interval_with_handle(
            move || {
                if self.phase.get_untracked() != Phase::Running || document().hidden() {
                    return;
                }
                let unanswered = self.inner.try_update_value(|inner| {
                    inner.unanswered += 1;
                    inner.unanswered
                });
                if unanswered.is_some_and(|count| count > PATIENCE) {
                    self.notify(Notice::Hung);
                    self.continue_in_new_worker();
                } else {
                    self.post(&ToWorker::Ping(0));
                }
            },
            PING_EVERY,
        );
        let handle = window_event_listener_untyped("visibilitychange", move |_| {
            self.inner.update_value(|inner| inner.unanswered = 0);
            self.send(&ToWorker::Visible(!document().hidden()));
        });
        let unstored = window_event_listener_untyped("layerlab-unstored", move |_| {
            if !self.inner.try_update_value(|inner| std::mem::replace(&mut inner.warned, true)).unwrap_or(true) {
                self.notify(Notice::NotRemembered);
            }
        });
        // The browser asks whether the page shall really go.
        let leaving = window_event_listener_untyped("beforeunload", move |event| {
            if self.inner.with_value(|inner| inner.behind) {
                event.prevent_default();
            }
        });
        // For as long as the page lives.
        std::mem::forget([handle, unstored, leaving]);
    }
}
