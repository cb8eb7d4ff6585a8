//! The machine of `layerlab-lab`, with the goals of `layerlab-course`, as the desk wants it.

use crate::{
    http,
    machine::{Filmed, HttpResult, Input, Machine, Observe, Progress},
};
use layerlab_kernel::{ProgramTable, SimTime, Slice, WinSize, vfs::Node};
use layerlab_lab::{
    self as lab, Film, Observer, Restore, Scenario, Session, Stop, Verdict, World, pace, snapshot::Look,
};
use layerlab_protocol::{
    Boot, BootReport, Encoded, FileContent, Frame, GoalState, HomeFile, LessonStart, ObjectKind, ReplayStop,
    SavedSession, Snapshot, Speed, Terminal, Timeline,
};

use std::{cell::OnceCell, rc::Rc};

/// Milliseconds of real time that a run may take, so that messages are answered in between.
const SLICE: f64 = 8.0;
/// Events between two looks at the real clock.
const EVENTS: u64 = 512;
/// The same for an observer, in its steps.
const OBSERVED: u64 = 8;
/// The same for a film.
const FILMED: u64 = 64;
/// Virtual time that an input gets at once, so that its echo need not wait for a turn.
const REACTION: SimTime = SimTime::millis(2);
/// Virtual time of a step, unless nothing happens for longer.
const STEP: SimTime = SimTime::millis(50);
/// Virtual time that docker may take to tell of something.
const PATIENCE: SimTime = SimTime::secs(10);
/// Larger files are not for an editor, bytes.
const LARGEST_TEXT: usize = 1 << 20;
/// Files of the home folder that are kept beside the log: at most so many bytes in all.
const LARGEST_HOME: usize = 4 << 20;
/// Seconds that a page may take to answer.
const HTTP_PATIENCE: &str = "30";

/// What comes in parts.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) programs: Rc<ProgramTable>,
    pub(crate) view: Rc<OnceCell<View>>,
}

/// What looks at the machine for the page.
pub(crate) struct View {
    pub(crate) look: fn(&World, &mut Option<Snapshot>) -> Option<Look>,
    pub(crate) observe: fn(&World, &[HomeFile], &str, &str) -> Observer,
    pub(crate) go_on: fn(&mut Observer, u64) -> Option<Verdict>,
    pub(crate) film: fn(&Session) -> Option<Film>,
    pub(crate) roll: fn(&mut Film, u64) -> Option<Encoded<Vec<Frame>>>,
}

struct Lab {
    session: Session,
    /// The terminal that is shown.
    shown: u32,
    lesson: LessonStart,
    /// Looks whether a goal is reached.
    observer: Option<Observer>,
    /// Plays a command once more.
    film: Option<Film>,
    view: Rc<OnceCell<View>>,
    /// What the page knows.
    seen: Option<Snapshot>,
    /// Something was done that has not had its reaction.
    poked: bool,
    /// Requests under way: the page's number, the session's, and what came so far.
    asked: Vec<(u32, u32, Vec<u8>)>,
}

/// Boots a machine or continues a saved one; the latter wants all programs at hand.
pub(crate) fn start(parts: &Parts, boot: &Boot) -> Result<(Box<dyn Machine>, BootReport), String> {
    let (session, report) = match &boot.saved {
        None => (fresh(&parts.programs, boot)?, BootReport::default()),
        Some(saved) => {
            match Session::restore(parts.programs.clone(), &saved.log, &saved.records, saved.pending.is_some()) {
                Ok(Restore { mut session, replayed, stop }) => {
                    let stop = stop.map(|stop| match stop {
                        Stop::Differs { line } => ReplayStop::Differs { line },
                        Stop::Pending => ReplayStop::Pending,
                    });
                    // The window may be another one than it was.
                    let _ = session.apply(lab::Input::Resize { rows: boot.rows, cols: boot.cols });
                    (session, BootReport { replayed: replayed as u32, stop })
                }
                Err(error) => {
                    let mut session = fresh(&parts.programs, boot)?;
                    put_back(&mut session, saved);
                    let stop = Some(ReplayStop::Unreadable { reason: error.to_string() });
                    (session, BootReport { replayed: 0, stop })
                }
            }
        }
    };
    let (lesson, view) = (boot.lesson.clone(), parts.view.clone());
    Ok((
        Box::new(Lab {
            session,
            shown: 0,
            lesson,
            observer: None,
            film: None,
            view,
            seen: None,
            poked: true,
            asked: Vec::new(),
        }),
        report,
    ))
}

fn fresh(programs: &Rc<ProgramTable>, boot: &Boot) -> Result<Session, String> {
    let name = if boot.lesson.slug.is_empty() { "empty" } else { &boot.lesson.slug };
    let start = Scenario::of_lesson(name, &boot.lesson.files);
    let size = WinSize { rows: boot.rows, cols: boot.cols };
    let date = i64::try_from(boot.date).unwrap_or_default();
    Session::new(programs.clone(), start, boot.seed, date, size).map_err(|error| error.to_string())
}

/// What the person had written, as far as it differs.
fn put_back(session: &mut Session, saved: &SavedSession) {
    for file in &saved.home {
        let same = session.world().read_home(&file.path).is_ok_and(|data| **data == *file.bytes);
        if !same {
            let input = lab::Input::WriteFile { path: file.path.clone(), data: file.bytes.clone() };
            // A file that cannot be put back stays in the saved session, which is kept.
            let _ = session.apply(input);
        }
    }
}

impl Lab {
    fn input(&mut self, input: lab::Input, announce: &mut dyn FnMut(Vec<u8>)) -> Result<(), String> {
        announce(self.session.record(&input));
        self.poked = true;
        let done = self.session.apply(input).map_err(|error| error.to_string());
        self.stay();
        done
    }

    /// Where the terminal that is shown is gone, the one before it is shown.
    fn stay(&mut self) {
        let there = self.session.terminals().into_iter().map(|t| t.number);
        self.shown = there.filter(|n| *n <= self.shown).max().unwrap_or_default();
    }

    fn open(&mut self, command: Option<String>, announce: &mut dyn FnMut(Vec<u8>)) -> Result<(), String> {
        let before: Vec<u32> = self.session.terminals().into_iter().map(|t| t.number).collect();
        self.input(lab::Input::Open { command }, announce)?;
        let mut new = self.session.terminals().into_iter().map(|t| t.number);
        self.shown = new.find(|n| !before.contains(n)).unwrap_or(self.shown);
        Ok(())
    }
}

impl Observe for Lab {
    fn observe(&mut self, script: &str) {
        let (world, lesson) = (self.session.world(), &self.lesson);
        self.observer = self.view.get().map(|view| (view.observe)(world, &lesson.files, &lesson.observer, script));
    }

    fn observed(&mut self) -> Option<GoalState> {
        let (Some(observer), Some(view)) = (&mut self.observer, self.view.get()) else {
            return Some(GoalState::Open(None));
        };
        let begin = js_sys::Date::now();
        while js_sys::Date::now() - begin <= SLICE {
            if let Some(verdict) = (view.go_on)(observer, OBSERVED) {
                self.observer = None;
                return Some(verdict.state);
            }
        }
        None
    }
}

impl Machine for Lab {
    fn apply(&mut self, input: &Input, announce: &mut dyn FnMut(Vec<u8>)) -> Result<(), String> {
        let moved = match input {
            Input::Key(bytes) => return self.input(lab::Input::key(self.shown, bytes.clone()), announce),
            Input::OpenTerminal { command } => return self.open(command.clone(), announce),
            Input::CloseTerminal(terminal) => return self.input(lab::Input::Close { terminal: *terminal }, announce),
            Input::Resize { rows, cols } => {
                return self.input(lab::Input::Resize { rows: *rows, cols: *cols }, announce);
            }
            Input::WriteFile { path, bytes } => {
                return self.input(lab::Input::WriteFile { path: path.clone(), data: bytes.clone() }, announce);
            }
            Input::CreateFile { path } => {
                let exists = self.session.world().read_home(path).is_ok();
                return match path.strip_suffix('/') {
                    Some(path) => self.input(lab::Input::CreateFolder { path: path.to_owned() }, announce),
                    None if exists => Ok(()),
                    None => self.input(lab::Input::WriteFile { path: path.clone(), data: Vec::new() }, announce),
                };
            }
            Input::HttpGet { id, port, path } => {
                let url = format!("http://localhost:{port}{path}");
                let argv = ["curl", "-s", "-i", "--max-time", HTTP_PATIENCE, &url];
                let (run, input) = self.session.run(argv.map(str::to_owned).to_vec());
                self.asked.push((*id, run, Vec::new()));
                return self.input(input, announce);
            }
            Input::Undo => self.session.undo(),
            Input::Redo => self.session.redo(),
            Input::JumpTo(mark) => self.session.jump_to_mark(*mark as usize),
        };
        self.stay();
        self.asked.clear();
        if moved { Ok(()) } else { Err("not possible now".into()) }
    }

    fn run(&mut self, milliseconds: f64, speed: Speed) -> Progress {
        let real = SimTime((milliseconds * 1_000_000.0) as u64);
        let mut time = pace::advance(speed, self.busy(), real);
        if std::mem::take(&mut self.poked) {
            time = time.max(REACTION);
        }
        let until = self.session.world().now() + time;
        let begin = js_sys::Date::now();
        loop {
            let slice = self.session.run_slice(until, EVENTS);
            self.stay();
            match slice {
                Slice::Done => return Progress::Done,
                Slice::Missing(part) => return Progress::Missing(part),
                Slice::More if js_sys::Date::now() - begin > SLICE => return Progress::More,
                Slice::More => {}
            }
        }
    }

    fn step(&mut self) {
        let now = self.session.world().now();
        // What happens in one moment for a person.
        let until = self.session.next_event().map_or(now, |next| next.max(now + STEP));
        while self.session.run_slice(until, EVENTS) == Slice::More {}
    }

    fn next_event(&mut self) -> Option<f64> {
        let next = self.session.next_event()?;
        let now = self.session.world().now();
        Some(next.0.saturating_sub(now.0) as f64 / 1_000_000.0)
    }

    fn terminals(&self) -> (Vec<Terminal>, u32) {
        (self.session.terminals(), self.shown)
    }

    fn show(&mut self, terminal: u32) {
        self.shown = terminal;
        self.stay();
    }

    fn busy(&self) -> bool {
        self.session.busy_at(self.shown)
    }

    fn take_output(&mut self) -> Vec<u8> {
        self.session.take_output_of(self.shown)
    }

    fn transcript(&self) -> Vec<u8> {
        self.session.transcript_of(self.shown).to_vec()
    }

    fn take_timeline(&mut self) -> Option<Timeline> {
        self.session.take_timeline()
    }

    fn take_http(&mut self) -> Vec<HttpResult> {
        let mut done = Vec::new();
        let session = &mut self.session;
        self.asked.retain_mut(|(id, run, bytes)| {
            let Some(probe) = session.outside(*run) else { return false };
            bytes.extend(probe.stdout);
            let Some(status) = probe.status else { return true };
            done.push((*id, http::answer(bytes, status)));
            false
        });
        done
    }

    fn film(&mut self) -> bool {
        self.film = self.view.get().and_then(|view| (view.film)(&self.session));
        self.film.is_some()
    }

    fn filmed(&mut self) -> Filmed {
        let (Some(film), Some(view)) = (&mut self.film, self.view.get()) else { return Filmed::Nothing };
        let begin = js_sys::Date::now();
        while js_sys::Date::now() - begin <= SLICE {
            if let Some(frames) = (view.roll)(film, FILMED) {
                self.film = None;
                return Filmed::Done(frames);
            }
        }
        Filmed::More
    }

    fn look(&mut self) -> Option<Look> {
        (self.view.get()?.look)(self.session.world(), &mut self.seen)
    }

    fn inspect(&self, kind: ObjectKind, name: &str) -> Option<String> {
        let asked = ["docker", kind.noun(), "inspect", name];
        Some(self.session.world().probe(&asked, PATIENCE).text()).filter(|text| !text.is_empty())
    }

    fn read_file(&self, path: &str) -> FileContent {
        let bytes = match self.session.world().read_home(path) {
            Ok(bytes) => bytes,
            Err(error) => return FileContent::Missing { error: error.to_string() },
        };
        let size = bytes.len() as u64;
        if bytes.len() > LARGEST_TEXT {
            return FileContent::Binary { size };
        }
        match String::from_utf8(bytes.to_vec()) {
            Ok(text) => FileContent::Text(text),
            Err(_) => FileContent::Binary { size },
        }
    }

    fn home(&self) -> Vec<HomeFile> {
        let mut room = LARGEST_HOME;
        let mut files = Vec::new();
        for (path, inode) in self.session.world().home() {
            let Node::File(data) = &inode.node else { continue };
            let Some(left) = room.checked_sub(data.len()) else { continue };
            room = left;
            files.push(HomeFile { path, mode: inode.mode, bytes: data.to_vec() });
        }
        files
    }

    fn log(&self) -> Vec<u8> {
        self.session.log().encode()
    }
}
