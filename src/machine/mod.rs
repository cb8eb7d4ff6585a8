//! The machine as the page knows it: the latest of everything that the worker said, and ways to
//! ask for more. The page holds no truth; all here can be had anew from the worker.

mod link;
mod notice;
mod queue;
mod session;
mod share;
mod store;
mod visit;
mod watch;

use crate::{lessons, web};
use layerlab_course::Lesson;
use layerlab_protocol::{
    Boot, CheckResult, FromWorker, HomeFile, ObjectKind, Persist, ReplayStop, SavedSession, Snapshot, Speed, Terminal,
    Timeline, ToWorker, encode,
};
use leptos::{prelude::*, task::spawn_local};
use link::{Arrival, Link};
pub(crate) use notice::Notice;
use queue::Write;
use session::{Loaded, SessionLog};
use share::Unreadable;
pub(crate) use share::{Code, Parcel};
use std::{rc::Rc, sync::Arc};
use store::Store;

/// How far the machine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Loading, booting or replaying.
    #[default]
    Starting,
    /// At work.
    Running,
    /// It cannot be started.
    Dead,
}

/// After so many deaths without a running machine in between we give up.
const TRIES: u32 = 3;

type Hear = Rc<dyn Fn(&FromWorker)>;
type Sink = Rc<dyn Fn(&[u8], bool)>;

/// The machine; a handle to copy.
#[derive(Clone, Copy)]
pub(crate) struct Machine {
    pub(crate) phase: RwSignal<Phase>,
    pub(crate) snapshot: RwSignal<Arc<Snapshot>>,
    /// As it was before the current or last command.
    pub(crate) before: RwSignal<Arc<Snapshot>>,
    pub(crate) timeline: RwSignal<Timeline>,
    pub(crate) checks: RwSignal<Vec<CheckResult>>,
    /// All terminals.
    pub(crate) terminals: RwSignal<Vec<Terminal>>,
    /// The one that is shown.
    pub(crate) shown: RwSignal<u32>,
    pub(crate) notices: RwSignal<Vec<Notice>>,
    pub(crate) speed: RwSignal<Speed>,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    lesson: Option<&'static Lesson>,
    link: Option<Link>,
    store: Option<Store>,
    log: SessionLog,
    /// What the worker continues with when it listens.
    next: Option<Next>,
    /// As it came from the store, in case that it turns out to be damaged.
    loaded: Option<Loaded>,
    listeners: Vec<Hear>,
    terminal: Option<Sink>,
    /// Output before there was a terminal.
    unseen: Vec<u8>,
    size: (u16, u16),
    deaths: u32,
    unanswered: u32,
    asked: u32,
    /// The session that the next machine continues is somebody else's.
    visiting: bool,
    /// The store is not as far as the machine.
    behind: bool,
    /// It was said that progress cannot be stored.
    warned: bool,
}

/// What a new worker starts with, once both halves are there.
#[derive(Default)]
struct Next {
    listening: bool,
    saved: Option<Option<SavedSession>>,
}

impl Inner {
    /// The first worker is not told yet what to continue.
    fn waits_for_session(&self) -> bool {
        self.next.as_ref().is_some_and(|next| next.saved.is_none())
    }
}

/// The folder's name of a lesson; empty without one.
fn slug(lesson: Option<&'static Lesson>) -> &'static str {
    lesson.map_or("", |lesson| &lesson.slug)
}

/// The machine of this page.
pub(crate) fn use_machine() -> Machine {
    expect_context()
}

impl Machine {
    /// Starts the worker and gives it what is stored of `lesson`.
    pub(crate) fn start(lesson: Option<&'static Lesson>) -> Self {
        let machine = Self {
            phase: RwSignal::default(),
            snapshot: RwSignal::default(),
            before: RwSignal::default(),
            timeline: RwSignal::default(),
            checks: RwSignal::default(),
            terminals: RwSignal::new(vec![Terminal { number: 0, container: None }]),
            shown: RwSignal::default(),
            notices: RwSignal::default(),
            speed: RwSignal::default(),
            inner: StoredValue::new_local(Inner {
                lesson,
                link: None,
                store: None,
                log: SessionLog::default(),
                next: None,
                loaded: None,
                listeners: Vec::new(),
                terminal: None,
                unseen: Vec::new(),
                size: (24, 80),
                deaths: 0,
                unanswered: 0,
                asked: 0,
                visiting: false,
                behind: false,
                warned: false,
            }),
        };
        machine.start_worker(None);
        spawn_local(async move {
            let mut own = None;
            let store = match Store::open(slug(lesson), move |stored| machine.told(stored)).await {
                Some(store) => match store.load().await {
                    Ok(found) => {
                        own = found.map(|(saved, applied)| Loaded { saved, applied });
                        let ours = store.is_ours().await;
                        if !ours {
                            machine.notify(Notice::OtherTab);
                        }
                        ours.then_some(store)
                    }
                    Err(_) => {
                        machine.notify(Notice::NotRead);
                        None
                    }
                },
                None => {
                    machine.notify(Notice::NotStored);
                    None
                }
            };
            machine.inner.update_value(|inner| {
                inner.store = store;
                inner.loaded = own;
            });
            match share::arrived().await {
                Some(Ok(shared)) => machine.visit(shared),
                Some(Err(Unreadable(why))) => {
                    machine.not_shared(&why);
                    machine.begin();
                }
                None => machine.begin(),
            }
        });
        machine.watch();
        machine
    }

    /// The first machine starts with what was loaded; a later one has what it starts with.
    fn begin(self) {
        if !self.inner.with_value(Inner::waits_for_session) {
            return;
        }
        let saved = self.inner.with_value(|inner| inner.loaded.as_ref().and_then(|loaded| loaded.attempt(0)));
        let is_booted = self.inner.with_value(|inner| inner.link.as_ref().is_some_and(Link::is_booted));
        match (is_booted, saved) {
            (false, saved) => self.next(|next| next.saved = Some(saved)),
            (true, None) => self.take_over(),
            // There was something to go on with, after all.
            (true, saved) => self.start_worker(Some(saved)),
        }
    }

    /// Goes on with the machine that was started before the app was there.
    fn take_over(self) {
        let said = self.inner.try_update_value(|inner| {
            inner.next = None;
            let link = inner.link.as_ref()?;
            inner.size = link.size().unwrap_or(inner.size);
            Some(link.hear_all())
        });
        for message in said.flatten().unwrap_or_default() {
            self.take(message);
        }
    }

    /// The folder's name of this page's lesson; empty without one.
    fn lesson(self) -> &'static str {
        slug(self.inner.with_value(|inner| inner.lesson))
    }

    /// Says it to the worker. While it starts, only sizes are remembered.
    pub(crate) fn send(self, message: &ToWorker) {
        if let ToWorker::Resize { rows, cols } = message {
            self.inner.update_value(|inner| inner.size = (*rows, *cols));
        }
        // One that was started before the app runs already.
        let runs = || self.inner.with_value(|inner| inner.link.as_ref().is_some_and(Link::is_booted));
        if self.phase.get_untracked() == Phase::Running || runs() {
            self.post(message);
        }
    }

    /// Sets how virtual time follows real time.
    pub(crate) fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        self.send(&ToWorker::Speed(speed));
    }

    /// A fresh machine; also the way out if the old one does not start.
    pub(crate) fn start_afresh(self) {
        self.notices.set(Vec::new());
        if self.phase.get_untracked() == Phase::Running {
            self.post(&ToWorker::Reset);
            return;
        }
        self.inner.update_value(|inner| {
            inner.deaths = 0;
            inner.log = SessionLog::default();
            inner.loaded = None;
        });
        self.start_worker(Some(None));
    }

    fn next_id(self) -> u32 {
        let id = self.inner.try_update_value(|inner| {
            inner.asked += 1;
            inner.asked
        });
        id.unwrap_or_default()
    }

    /// Asks a port of the machine; gives the id that the answer will have.
    pub(crate) fn http_get(self, port: u16, path: String) -> u32 {
        let id = self.next_id();
        self.send(&ToWorker::HttpGet { id, port, path });
        id
    }

    /// Asks what docker tells of something; gives the id that the answer will have.
    pub(crate) fn inspect(self, kind: ObjectKind, name: String) -> u32 {
        let id = self.next_id();
        self.send(&ToWorker::Inspect { id, kind, name });
        id
    }

    /// `hear` gets every message from now on.
    pub(crate) fn listen(self, hear: impl Fn(&FromWorker) + 'static) {
        self.inner.update_value(|inner| inner.listeners.push(Rc::new(hear)));
    }

    /// Output goes to `sink` from now on, beginning with what was not shown yet. The flag says to
    /// clear the terminal first.
    pub(crate) fn attach_terminal(self, sink: impl Fn(&[u8], bool) + 'static) {
        let sink: Sink = Rc::new(sink);
        let unseen = self.inner.try_update_value(|inner| {
            inner.terminal = Some(sink.clone());
            std::mem::take(&mut inner.unseen)
        });
        if let Some(unseen) = unseen.filter(|unseen| !unseen.is_empty()) {
            sink(&unseen, false);
        }
    }

    /// The session that could not be read, as bytes to download.
    pub(crate) fn damaged_session(self) -> Option<Vec<u8>> {
        self.inner.with_value(|inner| inner.loaded.as_ref().map(|loaded| encode(&loaded.saved)))
    }

    /// The home folder's files, as far as they are kept beside the log.
    pub(crate) fn home(self, see: impl FnOnce(&[HomeFile])) {
        self.inner.with_value(|inner| see(inner.log.home()));
    }

    /// Takes a notice away.
    pub(crate) fn dismiss(self, index: usize) {
        self.notices.update(|notices| {
            if index < notices.len() {
                notices.remove(index);
            }
        });
    }

    /// Says it to the person.
    pub(crate) fn notify(self, notice: Notice) {
        self.notices.update(|notices| {
            notices.retain(|old| *old != notice);
            notices.push(notice);
        });
    }

    fn post(self, message: &ToWorker) {
        self.inner.with_value(|inner| {
            if let Some(link) = &inner.link {
                link.post(message);
            }
        });
    }

    fn start_worker(self, saved: Option<Option<SavedSession>>) {
        self.phase.set(Phase::Starting);
        self.inner.update_value(|inner| {
            inner.next = Some(Next { listening: false, saved });
            inner.unanswered = 0;
            // The old one must be gone before the new one comes.
            inner.link = None;
        });
        match Link::start(move |arrival| self.hear(arrival)) {
            Ok(link) => self.inner.update_value(|inner| inner.link = Some(link)),
            Err(error) => self.give_up(Notice::NotLoaded(format!("{error:?}"))),
        }
    }

    fn give_up(self, notice: Notice) {
        self.phase.set(Phase::Dead);
        self.notify(notice);
    }

    /// Notes one half of what a new worker needs; boots it if that was the second.
    fn next(self, note: impl FnOnce(&mut Next)) {
        let boot = self.inner.try_update_value(|inner| {
            let next = inner.next.as_mut()?;
            note(next);
            if !next.listening {
                return None;
            }
            let saved = next.saved.take()?;
            inner.next = None;
            let (rows, cols) = inner.size;
            Some(ToWorker::Boot(Boot {
                lesson: inner.lesson.map(lessons::start).unwrap_or_default(),
                seed: web::random(),
                date: web::seconds_since_1970(),
                rows,
                cols,
                saved,
            }))
        });
        if let Some(boot) = boot.flatten() {
            self.post(&boot);
        }
    }

    fn hear(self, arrival: Arrival) {
        match arrival {
            Arrival::Listening => self.next(|next| next.listening = true),
            Arrival::Said(message) => self.take(*message),
            Arrival::Died(words) => self.replace_worker(words),
        }
    }

    fn replace_worker(self, words: String) {
        let loaded = self.inner.with_value(|inner| inner.next.as_ref().is_none_or(|next| next.listening));
        let deaths = self.inner.try_update_value(|inner| {
            inner.deaths += 1;
            inner.deaths
        });
        if !loaded {
            return self.give_up(Notice::NotLoaded(words));
        }
        if deaths.unwrap_or(TRIES) >= TRIES {
            return self.give_up(Notice::Dead(words));
        }
        let is_given_up = self.inner.with_value(|inner| {
            let loaded = inner.loaded.as_ref();
            inner.log.after_crash().is_none() && loaded.is_some_and(|loaded| loaded.attempt(inner.deaths).is_none())
        });
        if is_given_up {
            self.keep_damaged();
            self.notify(Notice::Stopped(ReplayStop::Unreadable { reason: words }));
        } else {
            self.notify(Notice::Crashed(words));
        }
        self.continue_in_new_worker();
    }

    fn continue_in_new_worker(self) {
        let saved = self.inner.with_value(|inner| {
            let loaded = || inner.loaded.as_ref().and_then(|loaded| loaded.attempt(inner.deaths));
            inner.log.after_crash().or_else(loaded)
        });
        self.start_worker(Some(saved));
    }

    fn take(self, message: FromWorker) {
        match &message {
            FromWorker::Ready(report) => {
                self.phase.set(Phase::Running);
                web::keep_offline();
                let (rows, cols) = self.inner.with_value(|inner| inner.size);
                self.post(&ToWorker::Resize { rows, cols });
                self.post(&ToWorker::Speed(self.speed.get_untracked()));
                if let Some(shown) = web::remembered(&self.shown_key()).and_then(|number| number.parse().ok()) {
                    self.post(&ToWorker::ShowTerminal(shown));
                }
                let after_crash = self.notices.with_untracked(|notices| {
                    notices.iter().any(|one| matches!(one, Notice::Crashed(_) | Notice::Hung))
                });
                let visiting = self.inner.try_update_value(|inner| std::mem::take(&mut inner.visiting));
                match &report.stop {
                    // The notice of the crash has said it.
                    Some(ReplayStop::Pending) if after_crash => {}
                    Some(stop) => {
                        if matches!(stop, ReplayStop::Unreadable { .. }) {
                            self.keep_damaged();
                        }
                        self.notify(Notice::Stopped(stop.clone()));
                    }
                    None if visiting == Some(true) => self.notify(Notice::Visiting),
                    None if report.replayed > 0 && !after_crash => {
                        self.notify(Notice::Restored(report.replayed));
                    }
                    None => {}
                }
            }
            FromWorker::Output { bytes, replace } => self.show(bytes, *replace),
            FromWorker::Snapshot(change) => {
                let now = change.decode().ok().and_then(|change| change.apply(&self.snapshot.get_untracked()));
                if let Some(now) = now {
                    self.snapshot.set(Arc::new(now));
                }
            }
            FromWorker::Timeline(timeline) => {
                // A command begins (or is taken back): what it changes is seen against this.
                if timeline.at != self.timeline.with_untracked(|old| old.at) {
                    self.before.set(self.snapshot.get_untracked());
                }
                self.timeline.set(timeline.clone());
            }
            FromWorker::Checks(checks) => self.checks.set(checks.clone()),
            FromWorker::Terminals { list, shown } => {
                // A machine that starts shows the first; it has been asked for the one that is remembered.
                if *shown != self.shown.get_untracked() {
                    web::remember(&self.shown_key(), &shown.to_string());
                }
                self.shown.set(*shown);
                self.terminals.set(list.clone());
            }
            FromWorker::Persist(persist) => self.inner.update_value(|inner| {
                inner.log.note(persist);
                // It works again: an input went well.
                if *persist == Persist::Applied {
                    inner.deaths = 0;
                }
                if let Some(store) = &inner.store {
                    store.write(Write::Session(persist.clone()));
                }
            }),
            FromWorker::Home(files) => self.inner.update_value(|inner| {
                inner.log.note_home(files);
                if let Some(store) = &inner.store {
                    store.write(Write::Home(files.clone()));
                }
            }),
            FromWorker::Pong(_) => self.inner.update_value(|inner| inner.unanswered = 0),
            FromWorker::Crashed { message } => self.replace_worker(message.clone()),
            FromWorker::File { .. }
            | FromWorker::Saved { .. }
            | FromWorker::Busy(_)
            | FromWorker::Http { .. }
            | FromWorker::Inspected { .. }
            | FromWorker::Film(_) => {}
        }
        let listeners = self.inner.with_value(|inner| inner.listeners.clone());
        for hear in listeners {
            hear(&message);
        }
    }

    /// What is written can be stored, or not, from now on.
    fn told(self, stored: bool) {
        let (now, gone) = if stored { (Notice::CaughtUp, Notice::Behind) } else { (Notice::Behind, Notice::CaughtUp) };
        self.notices.update(|notices| notices.retain(|one| *one != gone));
        self.inner.update_value(|inner| inner.behind = !stored);
        self.notify(now);
    }

    /// Under which it is remembered which terminal is shown.
    fn shown_key(self) -> String {
        format!("terminal.{}", self.lesson())
    }

    fn keep_damaged(self) {
        self.inner.with_value(|inner| {
            if let (Some(store), Some(saved)) = (&inner.store, &inner.loaded) {
                store.write(Write::Damaged(saved.saved.clone()));
            }
        });
    }

    fn show(self, bytes: &[u8], replace: bool) {
        let sink = self.inner.with_value(|inner| inner.terminal.clone());
        match sink {
            Some(sink) => sink(bytes, replace),
            None => self.inner.update_value(|inner| {
                if replace {
                    inner.unseen.clear();
                }
                inner.unseen.extend_from_slice(bytes);
            }),
        }
    }
}
