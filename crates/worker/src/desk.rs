//! The desk: takes the page's messages, lets the machine run in slices, and tells the page what
//! changed. It knows no browser: real time comes in as milliseconds, messages go out by a function.
//! While a part of the machine's programs is missing, the machine stands still and messages wait.

use crate::goals::Goals;
use crate::machine::{Filmed, Input, Machine, Progress, StartMachine};
use layerlab_lab::snapshot::Look;
use layerlab_protocol::{Boot, FromWorker, Persist, SavedSession, Speed, Terminal, ToWorker};
use std::collections::VecDeque;

/// Milliseconds between two looks of the page at a machine that works.
const BETWEEN_SNAPSHOTS: f64 = 120.0;
/// Milliseconds between two turns while a command runs, and at a prompt.
const BUSY_TURN: f64 = 8.0;
const IDLE_TURN: f64 = 100.0;

type Say = Box<dyn Fn(&FromWorker)>;

/// The worker's state.
pub(crate) struct Desk {
    start: StartMachine,
    say: Say,
    machine: Option<Box<dyn Machine>>,
    boot: Option<Boot>,
    speed: Speed,
    visible: bool,
    /// Real time of the last turn.
    turned: f64,
    /// Real time of the last snapshot.
    looked: f64,
    /// An input was announced, its consequences are not over.
    open: bool,
    busy: bool,
    /// Parts of the worker that are not loaded yet, in their order.
    missing: VecDeque<&'static str>,
    /// What came while the machine could not go on, or could not be booted, for want of a part.
    held: Vec<ToWorker>,
    waiting: bool,
    goals: Goals,
    /// The terminals and which is shown, as the page knows it.
    terminals: (Vec<Terminal>, u32),
}

impl Desk {
    pub(crate) fn new(parts: &[&'static str], start: StartMachine, say: Say) -> Self {
        Self {
            start,
            say,
            machine: None,
            boot: None,
            speed: Speed::default(),
            visible: true,
            turned: 0.0,
            looked: 0.0,
            open: false,
            busy: false,
            missing: parts.iter().copied().collect(),
            held: Vec::new(),
            waiting: false,
            goals: Goals::default(),
            terminals: Default::default(),
        }
    }

    /// Takes a message at real time `now`. A turn should follow at once.
    pub(crate) fn take(&mut self, message: ToWorker, now: f64) {
        let settings = matches!(message, ToWorker::Speed(_) | ToWorker::Visible(_) | ToWorker::Ping(_));
        // A saved session is played in one go.
        let saved = matches!(&message, ToWorker::Boot(boot) if boot.saved.is_some());
        if (self.waiting && !settings) || (saved && !self.complete()) {
            self.waiting = true;
            self.held.push(message);
            return;
        }
        match message {
            ToWorker::Boot(boot) => self.boot(boot, now),
            ToWorker::Reset => {
                if let Some(boot) = self.boot.take() {
                    let saved: Option<SavedSession> = None;
                    // Another machine, not the same once more: ids and addresses are by chance.
                    let seed = boot.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    self.boot(Boot { saved, seed, ..boot }, now);
                }
            }
            ToWorker::Key(bytes) => {
                self.input(&Input::Key(bytes));
            }
            ToWorker::Resize { rows, cols } => {
                if let Some(boot) = &mut self.boot {
                    (boot.rows, boot.cols) = (rows, cols);
                }
                self.input(&Input::Resize { rows, cols });
            }
            ToWorker::WriteFile { path, bytes } => {
                let error = self.input(&Input::WriteFile { path: path.clone(), bytes });
                (self.say)(&FromWorker::Saved { path, error });
                self.goals.changed();
            }
            ToWorker::CreateFile { path } => {
                let error = self.input(&Input::CreateFile { path: path.clone() });
                (self.say)(&FromWorker::Saved { path, error });
            }
            ToWorker::ReadFile { path } => {
                if let Some(machine) = &self.machine {
                    let content = machine.read_file(&path);
                    (self.say)(&FromWorker::File { path, content });
                }
            }
            ToWorker::Undo => self.travel(&Input::Undo),
            ToWorker::Redo => self.travel(&Input::Redo),
            ToWorker::JumpTo(mark) => self.travel(&Input::JumpTo(mark)),
            ToWorker::Speed(speed) => self.speed = speed,
            ToWorker::Visible(visible) => {
                self.visible = visible;
                // What passed while nobody looked is not made up for.
                self.turned = now;
            }
            ToWorker::CheckNow => self.goals.ask(),
            ToWorker::HttpGet { id, port, path } => {
                self.input(&Input::HttpGet { id, port, path });
            }
            ToWorker::Step => {
                if let Some(machine) = &mut self.machine {
                    machine.step();
                    self.looked = 0.0;
                }
            }
            ToWorker::Inspect { id, kind, name } => {
                let text = self.machine.as_ref().and_then(|machine| machine.inspect(kind, &name));
                (self.say)(&FromWorker::Inspected { id, text });
            }
            ToWorker::Film => {
                if !self.machine.as_mut().is_some_and(|machine| machine.film()) {
                    (self.say)(&FromWorker::Film(None));
                }
            }
            ToWorker::ShowTerminal(terminal) => {
                if let Some(machine) = &mut self.machine {
                    machine.show(terminal);
                }
            }
            ToWorker::OpenTerminal { command } => {
                self.input(&Input::OpenTerminal { command });
            }
            ToWorker::CloseTerminal(terminal) => {
                self.input(&Input::CloseTerminal(terminal));
            }
            ToWorker::Ping(number) => (self.say)(&FromWorker::Pong(number)),
        }
    }

    /// Whether all parts are there.
    fn complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The part that should be loaded next; `None`: none is missing.
    pub(crate) fn wants(&self) -> Option<&'static str> {
        self.missing.front().copied()
    }

    /// A message or the machine stands still until a part is there.
    pub(crate) const fn waits(&self) -> bool {
        self.waiting
    }

    /// A part is there now. A turn should follow at once.
    pub(crate) fn brought(&mut self, part: &'static str, now: f64) {
        self.missing.retain(|missing| *missing != part);
        self.goals.changed();
        self.looked = 0.0;
        if !std::mem::take(&mut self.waiting) {
            return;
        }
        // Virtual time does not make up for it.
        self.turned = now;
        self.turn(now);
        for message in std::mem::take(&mut self.held) {
            // Each is held again if the machine still cannot go on.
            self.take(message, now);
        }
    }

    fn boot(&mut self, boot: Boot, now: f64) {
        match (self.start)(&boot) {
            Ok((machine, report)) => {
                (self.say)(&FromWorker::Persist(Persist::Whole { log: machine.log() }));
                let bytes = machine.transcript();
                self.machine = Some(machine);
                self.goals = Goals::of(&boot.lesson);
                self.boot = Some(Boot { saved: None, ..boot });
                self.terminals = Default::default();
                (self.open, self.busy) = (false, false);
                (self.turned, self.looked) = (now, 0.0);
                if let Some(machine) = &mut self.machine {
                    machine.take_output();
                }
                (self.say)(&FromWorker::Busy(false));
                self.look(now);
                // Who sees the prompt may type: nothing long comes in between.
                (self.say)(&FromWorker::Output { bytes, replace: true });
                (self.say)(&FromWorker::Ready(report));
            }
            Err(message) => (self.say)(&FromWorker::Crashed { message }),
        }
    }

    /// Announces an input, then applies it. The kernel's words if it refuses.
    fn input(&mut self, input: &Input) -> Option<String> {
        let machine = self.machine.as_mut()?;
        let mut announce = |record| {
            (self.say)(&FromWorker::Persist(Persist::Append { record }));
            self.open = true;
        };
        machine.apply(input, &mut announce).err()
    }

    /// To another point of the timeline: everything is told anew.
    fn travel(&mut self, input: &Input) {
        let Some(machine) = self.machine.as_mut() else { return };
        if machine.apply(input, &mut |_| {}).is_err() {
            return;
        }
        machine.take_output();
        (self.say)(&FromWorker::Output { bytes: machine.transcript(), replace: true });
        (self.say)(&FromWorker::Persist(Persist::Whole { log: machine.log() }));
        self.open = false;
        self.looked = 0.0;
        self.goals.changed();
    }

    /// Lets the machine run for the real time that has passed and tells what came of it. Gives the
    /// milliseconds until the next turn; `None`: when the next message comes.
    pub(crate) fn turn(&mut self, now: f64) -> Option<f64> {
        let machine = self.machine.as_mut()?;
        let passed = if self.visible { (now - self.turned).max(0.0) } else { 0.0 };
        let progress = machine.run(passed, self.speed);
        self.waiting |= matches!(progress, Progress::Missing(_));
        self.turned = now;
        self.look_at_terminals();
        let machine = self.machine.as_mut()?;
        let output = machine.take_output();
        let quiet = output.is_empty();
        if !quiet {
            (self.say)(&FromWorker::Output { bytes: output, replace: false });
        }
        let busy = machine.busy();
        if busy != self.busy {
            self.busy = busy;
            self.looked = 0.0;
            if !busy {
                self.goals.ended();
            }
            (self.say)(&FromWorker::Busy(busy));
        }
        self.look(now);
        if self.open && !self.busy && progress == Progress::Done {
            self.open = false;
            (self.say)(&FromWorker::Persist(Persist::Applied));
        }
        if !self.visible {
            return None;
        }
        let (complete, busy) = (self.complete(), self.busy);
        let machine = self.machine.as_mut()?;
        let mut looking = false;
        if complete && !matches!(progress, Progress::Missing(_)) {
            looking = self.goals.turn(machine.as_mut(), busy, now);
            if let Some(checks) = self.goals.news() {
                (self.say)(&FromWorker::Checks(checks));
            }
            match machine.filmed() {
                Filmed::Nothing => {}
                Filmed::More => looking = true,
                Filmed::Done(frames) => (self.say)(&FromWorker::Film(Some(frames))),
            }
        }
        Some(match progress {
            Progress::Missing(_) => return None,
            _ if looking => 0.0,
            Progress::More => 0.0,
            Progress::Done if self.busy => BUSY_TURN,
            Progress::Done => machine.next_event().map_or(IDLE_TURN, |until| until.clamp(1.0, IDLE_TURN)),
        })
    }

    /// Tells which terminals there are, and shows another one whole.
    fn look_at_terminals(&mut self) {
        let Some(machine) = &mut self.machine else { return };
        let now = machine.terminals();
        if now == self.terminals {
            return;
        }
        let (list, shown) = now.clone();
        if shown != self.terminals.1 {
            machine.take_output();
            (self.say)(&FromWorker::Output { bytes: machine.transcript(), replace: true });
        }
        (self.say)(&FromWorker::Terminals { list, shown });
        self.terminals = now;
    }

    /// Tells what changed, if it is time to look again.
    fn look(&mut self, now: f64) {
        let Some(machine) = self.machine.as_mut() else { return };
        for (id, answer) in machine.take_http() {
            (self.say)(&FromWorker::Http { id, answer });
            self.goals.changed();
        }
        if let Some(timeline) = machine.take_timeline() {
            (self.say)(&FromWorker::Timeline(timeline));
            self.looked = 0.0;
        }
        if now - self.looked < BETWEEN_SNAPSHOTS && self.looked > 0.0 {
            return;
        }
        self.looked = now;
        let Some(Look { change, home }) = machine.look() else { return };
        (self.say)(&FromWorker::Snapshot(change));
        if home {
            (self.say)(&FromWorker::Home(machine.home()));
        }
        self.goals.changed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{HttpResult, Observe};
    use layerlab_protocol::{BootReport, FileContent, GoalState, HomeFile, LessonStart, ObjectKind, Timeline};
    use std::{cell::RefCell, rc::Rc};

    /// A machine that goes on once it has a part, and writes down what is done to it.
    struct Scripted {
        has_part: Shared<bool>,
        done: Shared<Vec<String>>,
    }

    impl Observe for Scripted {
        fn observe(&mut self, _: &str) {}
        fn observed(&mut self) -> Option<GoalState> {
            None
        }
    }

    impl Machine for Scripted {
        fn apply(&mut self, input: &Input, announce: &mut dyn FnMut(Vec<u8>)) -> Result<(), String> {
            announce(Vec::new());
            self.done.borrow_mut().push(format!("{input:?}"));
            Ok(())
        }
        fn run(&mut self, milliseconds: f64, _: Speed) -> Progress {
            if !*self.has_part.borrow() {
                return Progress::Missing("docker");
            }
            self.done.borrow_mut().push(format!("run {milliseconds}"));
            Progress::Done
        }
        fn step(&mut self) {}
        fn next_event(&mut self) -> Option<f64> {
            None
        }
        fn terminals(&self) -> (Vec<Terminal>, u32) {
            Default::default()
        }
        fn show(&mut self, _: u32) {}
        fn busy(&self) -> bool {
            false
        }
        fn take_output(&mut self) -> Vec<u8> {
            Vec::new()
        }
        fn transcript(&self) -> Vec<u8> {
            Vec::new()
        }
        fn take_timeline(&mut self) -> Option<Timeline> {
            None
        }
        fn take_http(&mut self) -> Vec<HttpResult> {
            Vec::new()
        }
        fn film(&mut self) -> bool {
            false
        }
        fn filmed(&mut self) -> Filmed {
            Filmed::Nothing
        }
        fn look(&mut self) -> Option<Look> {
            None
        }
        fn inspect(&self, _: ObjectKind, _: &str) -> Option<String> {
            None
        }
        fn read_file(&self, _: &str) -> FileContent {
            FileContent::Binary { size: 0 }
        }
        fn home(&self) -> Vec<HomeFile> {
            Vec::new()
        }
        fn log(&self) -> Vec<u8> {
            Vec::new()
        }
    }

    fn boot(saved: Option<SavedSession>) -> ToWorker {
        ToWorker::Boot(Boot { lesson: LessonStart::default(), seed: 1, date: 0, rows: 24, cols: 80, saved })
    }

    type Shared<T> = Rc<RefCell<T>>;

    /// A desk that wants two parts, what is done to its machines, and the switch for their part.
    fn desk() -> (Desk, Shared<Vec<String>>, Shared<bool>) {
        let (done, has_part) = (Shared::<Vec<String>>::default(), Shared::<bool>::default());
        let start = {
            let (done, has_part) = (done.clone(), has_part.clone());
            Box::new(move |boot: &Boot| {
                done.borrow_mut().push(format!("boot {}", boot.saved.is_some()));
                let machine = Scripted { has_part: has_part.clone(), done: done.clone() };
                Ok((Box::new(machine) as Box<dyn Machine>, BootReport::default()))
            })
        };
        (Desk::new(&["view", "docker"], start, Box::new(|_| {})), done, has_part)
    }

    #[test]
    fn what_is_typed_while_a_part_is_missing_comes_after_it() {
        let (mut desk, done, has_part) = desk();
        desk.take(boot(None), 0.0);
        assert_eq!(desk.turn(5.0), None, "it waits for the part, not for time");
        desk.take(ToWorker::Key(b"a".to_vec()), 6.0);
        desk.take(ToWorker::Key(b"b".to_vec()), 7.0);
        assert_eq!(*done.borrow(), ["boot false"]);
        desk.brought("view", 8.0);
        assert_eq!(*done.borrow(), ["boot false"], "that was not the one");
        *has_part.borrow_mut() = true;
        desk.brought("docker", 1000.0);
        assert_eq!(*done.borrow(), ["boot false", "run 0", "Key([97])", "Key([98])"]);
        assert_eq!(desk.wants(), None);
    }

    #[test]
    fn a_saved_session_waits_for_everything() {
        let (mut desk, done, has_part) = desk();
        *has_part.borrow_mut() = true;
        desk.take(boot(Some(SavedSession::default())), 0.0);
        assert_eq!(desk.wants(), Some("view"));
        desk.brought("view", 1.0);
        assert!(done.borrow().is_empty());
        desk.brought("docker", 2.0);
        assert_eq!(done.borrow().first().map(String::as_str), Some("boot true"));
    }
}
