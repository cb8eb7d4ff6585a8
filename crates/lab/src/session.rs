//! A person's session with a world: the input log, the marks on the timeline, undo, saving.

use std::rc::Rc;

use layerlab_kernel::{Errno, ProgramTable, SimTime, Slice, WinSize};
use layerlab_protocol as protocol;

use crate::input::Input;
use crate::log::{Header, Log, LogError, MarkRecord, Record};
use crate::marks::{Mark, Scanner};
use crate::scenario::{HomeFile, Scenario};
use crate::world::World;

/// How many checkpoints are kept; without one, undo plays from the one before.
const CHECKPOINTS: usize = 48;
/// How much of the terminal's past is kept, bytes.
const TRANSCRIPT: usize = 4 << 20;
/// How much of files' bytes checkpoints may hold that the world itself no longer has.
const HELD: u64 = 64 << 20;

/// What the terminal has shown: the latest part of it. Places in it count from the start.
#[derive(Default)]
struct Transcript {
    gone: usize,
    bytes: Vec<u8>,
}

impl Transcript {
    fn len(&self) -> usize {
        self.gone + self.bytes.len()
    }
    fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        if self.bytes.len() > TRANSCRIPT * 3 / 2 {
            let old = self.bytes.len() - TRANSCRIPT;
            self.bytes.drain(..old);
            self.gone += old;
        }
    }
    fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len.saturating_sub(self.gone));
        self.gone = self.gone.min(len);
    }
}

/// A command or save on the timeline.
struct Entry {
    line: String,
    save: bool,
    exit: Option<i32>,
    /// When it ended (while it runs: started).
    time: SimTime,
    /// How many inputs belong to it and to all before.
    inputs: usize,
    /// How long the transcript was then.
    transcript: usize,
    /// When the world was looked at, and its digest then; `None` while it runs.
    settled: Option<(SimTime, String)>,
    checkpoint: Option<World>,
}

/// Why a saved session could not be continued as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The state after this command is another than it was.
    Differs {
        /// Its line.
        line: String,
    },
    /// The last input was never finished: it may have crashed the machine. It was left out.
    Pending,
}

/// A restored session.
pub struct Restore {
    /// The session, as far as it could be played.
    pub session: Session,
    /// Inputs that were played.
    pub replayed: usize,
    /// Why not all.
    pub stop: Option<Stop>,
}

/// A person's session with a world.
pub struct Session {
    header: Header,
    world: World,
    start: Option<World>,
    start_time: SimTime,
    start_transcript: usize,
    inputs: Vec<Record>,
    entries: Vec<Entry>,
    /// How many entries are in force.
    at: usize,
    scanner: Scanner,
    running: bool,
    /// A command has ended, its prompt is not yet drawn.
    ended: bool,
    transcript: Transcript,
    output: Vec<u8>,
    next_run: u32,
    changed: bool,
}

impl Session {
    /// Boots a machine with these programs ([`crate::parts`]). `boot`: the clock at boot, seconds since
    /// 1970.
    ///
    /// # Errors
    /// A scenario whose files cannot be put into place.
    pub fn new(
        programs: Rc<ProgramTable>,
        scenario: Scenario,
        seed: u64,
        boot: i64,
        size: WinSize,
    ) -> Result<Self, Errno> {
        let scenario_digest = scenario.digest();
        let header = Header {
            version: crate::VERSION.to_owned(),
            scenario,
            scenario_digest,
            seed,
            boot,
            size: (size.rows, size.cols),
        };
        Self::from_header(programs, header)
    }

    fn from_header(programs: Rc<ProgramTable>, header: Header) -> Result<Self, Errno> {
        let size = WinSize { rows: header.size.0.max(1), cols: header.size.1.max(1) };
        let world = World::boot(programs, &header.scenario, header.seed, header.boot, size)?;
        let mut session = Self {
            header,
            world,
            start: None,
            start_time: SimTime(0),
            start_transcript: 0,
            inputs: Vec::new(),
            entries: Vec::new(),
            at: 0,
            scanner: Scanner::default(),
            running: false,
            ended: false,
            transcript: Transcript::default(),
            output: Vec::new(),
            next_run: 1,
            changed: true,
        };
        session.look();
        session.start = session.world.checkpoint();
        session.start_time = session.world.now();
        session.start_transcript = session.transcript.len();
        Ok(session)
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Whether a command runs in the foreground.
    pub fn busy(&self) -> bool {
        self.running
    }

    /// The bytes that store this input: written before it is applied, so that after a crash it is
    /// known which one it was.
    pub fn record(&self, input: &Input) -> Vec<u8> {
        Record { at: self.world.now().0, input: input.clone() }.encode()
    }

    /// Applies an input now. What could be redone is gone then.
    ///
    /// # Errors
    /// The kernel's refusal, e.g. of a file that cannot be written; nothing has changed then.
    pub fn apply(&mut self, input: Input) -> Result<(), Errno> {
        // What is due by now comes first, as it will when the log is played.
        self.run_slice(self.world.now(), u64::MAX);
        self.world.apply(&input)?;
        if !matches!(input, Input::Resize { .. }) && self.at < self.entries.len() {
            self.forget_future();
        }
        let save = match &input {
            Input::WriteFile { path, .. } | Input::CreateFolder { path } => Some(path.clone()),
            _ => None,
        };
        self.inputs.push(Record { at: self.world.now().0, input });
        if let Some(path) = save
            && !self.running
        {
            self.save_mark(path);
        }
        Ok(())
    }

    fn forget_future(&mut self) {
        self.inputs.truncate(self.inputs_at(self.at));
        self.entries.truncate(self.at);
        self.changed = true;
    }

    /// Saves of the same file one after the other are one mark.
    fn save_mark(&mut self, path: String) {
        if self.entries.last().is_some_and(|e| e.save && e.line == path) {
            self.entries.pop();
        }
        self.entries.push(Entry {
            line: path,
            save: true,
            exit: None,
            time: self.world.now(),
            inputs: self.inputs.len(),
            transcript: self.transcript.len(),
            settled: None,
            checkpoint: None,
        });
        self.at = self.entries.len();
        self.settle();
    }

    /// Starts a command from outside of the machine; answers its number for [`Session::outside`].
    pub fn run(&mut self, argv: Vec<String>) -> (u32, Input) {
        let id = self.next_run;
        self.next_run += 1;
        (id, Input::Run { id, argv })
    }

    /// What such a command has given since the last call.
    pub fn outside(&mut self, id: u32) -> Option<crate::Probe> {
        self.world.outside(id)
    }

    /// Lets time pass, but at most `budget` events.
    pub fn run_slice(&mut self, until: SimTime, budget: u64) -> Slice {
        let end = self.world.run_slice(until, budget);
        self.look();
        end
    }

    /// When something happens next.
    pub fn next_event(&mut self) -> Option<SimTime> {
        self.world.kernel.next_event()
    }

    /// Lets time pass until the foreground command has ended, but not beyond `limit`. Whether it has.
    pub fn run_until_prompt(&mut self, limit: SimTime) -> bool {
        // What was just typed has to arrive first.
        let soon = self.world.now() + SimTime::millis(20);
        self.run_slice(soon.min(limit), u64::MAX);
        while self.running || self.ended {
            let Some(next) = self.world.kernel.next_event().filter(|t| *t <= limit) else { return false };
            if let Slice::Missing(_) = self.run_slice(next, 64) {
                return false;
            }
        }
        true
    }

    /// Looks at what the terminal shows.
    fn look(&mut self) {
        let bytes = self.world.take_output();
        if bytes.is_empty() {
            return;
        }
        let marks = self.scanner.feed(&bytes);
        self.transcript.extend(&bytes);
        self.output.extend(bytes);
        for m in marks {
            match m {
                Mark::Line(line) => self.begin(line),
                Mark::Running => self.running = true,
                Mark::Done(code) => self.end(code),
                Mark::Input => {
                    if std::mem::take(&mut self.ended) {
                        self.settle();
                    }
                }
                Mark::Prompt => {}
            }
        }
    }

    fn begin(&mut self, line: String) {
        self.entries.truncate(self.at);
        self.entries.push(Entry {
            line,
            save: false,
            exit: None,
            time: self.world.now(),
            inputs: self.inputs.len(),
            transcript: self.transcript.len(),
            settled: None,
            checkpoint: None,
        });
        self.at = self.entries.len();
        self.running = true;
        self.changed = true;
    }

    fn end(&mut self, code: Option<i32>) {
        if !std::mem::take(&mut self.running) {
            return;
        }
        let now = self.world.now();
        if let Some(e) = self.entries.last_mut().filter(|e| !e.save && e.settled.is_none()) {
            e.exit = Some(code.unwrap_or(0));
            e.time = now;
        }
        self.ended = true;
        self.changed = true;
    }

    /// The latest entry is over: what the world is now can be come back to.
    fn settle(&mut self) {
        self.changed = true;
        let (inputs, transcript) = (self.inputs.len(), self.transcript.len());
        let Some(e) = self.entries.last_mut() else { return };
        (e.inputs, e.transcript) = (inputs, transcript);
        e.settled = Some((self.world.now(), self.world.digest()));
        e.checkpoint = self.world.checkpoint();
        self.let_go();
        let with: Vec<usize> = (0..self.entries.len()).filter(|i| self.entries[*i].checkpoint.is_some()).collect();
        if with.len() > CHECKPOINTS {
            // Thin out the older half: every second one can be reached from the one before.
            for i in with[..CHECKPOINTS / 2].iter().step_by(2) {
                self.entries[*i].checkpoint = None;
            }
        }
    }

    /// Old checkpoints that hold much of what was written over since then: there they are played anew.
    fn let_go(&mut self) {
        let written = self.world.kernel.sys.written();
        let before = self.entries.len().saturating_sub(1);
        for e in self.entries.iter_mut().take(before) {
            if e.checkpoint.as_ref().is_some_and(|w| written.saturating_sub(w.kernel.sys.written()) > HELD) {
                e.checkpoint = None;
            }
        }
    }

    fn inputs_at(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |i| self.entries[i].inputs)
    }

    /// To the state just after so many marks. Whether it was possible.
    pub fn jump(&mut self, at: usize) -> bool {
        let at = at.min(self.entries.len());
        if at > 0 && self.entries[at - 1].settled.is_none() {
            return false;
        }
        // The nearest checkpoint at or before it, then the inputs since.
        let from = (1..=at).rev().find(|i| self.entries[i - 1].checkpoint.is_some()).unwrap_or(0);
        let base = match from {
            0 => self.start.as_ref(),
            n => self.entries[n - 1].checkpoint.as_ref(),
        };
        let Some(mut world) = base.and_then(World::checkpoint) else { return false };
        for r in &self.inputs[self.inputs_at(from)..self.inputs_at(at)] {
            world.run_until(r.time());
            // It was accepted before; the world is the same.
            let _ = world.apply(&r.input);
        }
        let (time, transcript) = match at.checked_sub(1).map(|i| &self.entries[i]) {
            Some(e) => (e.settled.as_ref().map_or(e.time, |s| s.0), e.transcript),
            None => (self.start_time, self.start_transcript),
        };
        world.run_until(time);
        // What it shows is known already.
        world.take_output();
        // The window is as large as it is now, not as it was.
        let resize = self.inputs.iter().rev().find(|r| matches!(r.input, Input::Resize { .. })).cloned();
        self.world = world;
        self.at = at;
        (self.running, self.ended) = (false, false);
        self.scanner = Scanner::default();
        self.transcript.truncate(transcript.max(self.start_transcript));
        self.output.clear();
        self.changed = true;
        if let Some(r) = resize {
            let _ = self.world.apply(&r.input);
        }
        true
    }

    /// Back to the mark before.
    pub fn undo(&mut self) -> bool {
        if self.running {
            return false;
        }
        self.at > 0 && self.jump(self.at - 1)
    }

    /// Forward again.
    pub fn redo(&mut self) -> bool {
        self.at < self.entries.len() && self.jump(self.at + 1)
    }

    /// What the terminal has shown so far.
    pub fn transcript(&self) -> &[u8] {
        let all = &self.transcript.bytes;
        &all[all.len().saturating_sub(TRANSCRIPT)..]
    }

    /// What the terminal shows since the last call.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// The timeline, if it changed since the last call.
    pub fn take_timeline(&mut self) -> Option<protocol::Timeline> {
        std::mem::take(&mut self.changed).then(|| self.timeline())
    }

    /// The timeline.
    pub fn timeline(&self) -> protocol::Timeline {
        let marks = self.entries.iter().map(|e| protocol::Mark {
            line: e.line.clone(),
            save: e.save,
            exit: e.exit.map(|c| c.clamp(0, 255) as u8),
            time: e.time.as_millis(),
            label: label(&e.line).filter(|_| !e.save && e.exit.is_none_or(|c| c == 0)),
        });
        protocol::Timeline {
            marks: marks.collect(),
            at: self.at as u32,
            can_undo: self.at > 0 && !self.running,
            can_redo: self.at < self.entries.len() && !self.running,
        }
    }

    /// The log up to now.
    pub fn log(&self) -> Log {
        let inputs = if self.at < self.entries.len() { self.inputs_at(self.at) } else { self.inputs.len() };
        let marks = self.entries[..self.at].iter().filter_map(|e| {
            let (at, digest) = e.settled.as_ref()?;
            Some(MarkRecord { line: e.line.clone(), exit: e.exit, at: at.0, digest: digest.clone() })
        });
        let end = self.world.now().0;
        Log { header: self.header.clone(), inputs: self.inputs[..inputs].to_vec(), marks: marks.collect(), end }
    }

    /// Plays a stored session with all programs at hand: its log, the inputs that were stored after it, and whether one of
    /// them was pending.
    ///
    /// # Errors
    /// Bytes that are no log.
    pub fn restore(
        programs: Rc<ProgramTable>,
        log: &[u8],
        records: &[Vec<u8>],
        pending: bool,
    ) -> Result<Restore, LogError> {
        let mut log = Log::decode(log)?;
        for r in records {
            log.inputs.push(Record::decode(r)?);
        }
        let mut restore = Self::play(programs, log)?;
        if pending && restore.stop.is_none() {
            restore.stop = Some(Stop::Pending);
        }
        Ok(restore)
    }

    /// Plays a log. One of another version is played command by command, without regard to time.
    ///
    /// # Errors
    /// A scenario that cannot be booted.
    pub fn play(programs: Rc<ProgramTable>, log: Log) -> Result<Restore, LogError> {
        let same = log.header.version == crate::VERSION;
        let header = Header { version: crate::VERSION.to_owned(), ..log.header };
        let mut session = Self::from_header(programs, header).map_err(|e| LogError::Damaged(e.to_string()))?;
        let mut marks = log.marks.iter().peekable();
        let mut stop = None;
        let mut replayed = 0;
        for r in log.inputs {
            if same {
                stop = session.compare(&mut marks, Some(r.time()));
                session.run_slice(r.time(), u64::MAX);
            } else {
                session.run_until_prompt(session.world.now() + SimTime::secs(600));
            }
            if stop.is_some() {
                break;
            }
            // A refusal then is a refusal now.
            let _ = session.apply(r.input);
            replayed += 1;
        }
        if stop.is_none() {
            stop = if same { session.compare(&mut marks, None) } else { session.exits_differ(&log.marks) };
        }
        if same && stop.is_none() {
            session.run_slice(SimTime(log.end), u64::MAX);
        }
        session.changed = true;
        Ok(Restore { session, replayed, stop })
    }

    /// Goes to the marks until then and compares their digests.
    fn compare(
        &mut self,
        marks: &mut std::iter::Peekable<std::slice::Iter<'_, MarkRecord>>,
        until: Option<SimTime>,
    ) -> Option<Stop> {
        while let Some(m) = marks.peek().filter(|m| until.is_none_or(|t| m.at <= t.0)) {
            self.run_slice(SimTime(m.at), u64::MAX);
            if self.world.digest() != m.digest {
                // A mark of the very moment of the next input may come after it.
                let after = until.is_some_and(|t| m.at == t.0);
                return (!after).then(|| Stop::Differs { line: m.line.clone() });
            }
            marks.next();
        }
        None
    }

    fn exits_differ(&mut self, marks: &[MarkRecord]) -> Option<Stop> {
        self.run_until_prompt(self.world.now() + SimTime::secs(600));
        let mine = self.entries.iter().map(|e| (&e.line, e.exit));
        let theirs = marks.iter().map(|m| (&m.line, m.exit));
        let first = mine.zip(theirs).find(|(a, b)| a != b);
        first.map(|(_, (line, _))| Stop::Differs { line: line.clone() })
    }

    /// The home folder's files, to be kept beside the log.
    pub fn home_files(&self) -> Vec<HomeFile> {
        self.world.home_files()
    }
}

/// A short name for what is worth a large mark.
fn label(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .windows(2)
        .position(|w| w[0] == "docker" && matches!(w[1], "build" | "run" | "rm" | "stop" | "pull" | "start"))?;
    let verb = words[at + 1];
    let name = match verb {
        "run" => words
            .iter()
            .position(|w| *w == "--name")
            .and_then(|i| words.get(i + 1))
            .copied()
            .or_else(|| words.iter().find_map(|w| w.strip_prefix("--name="))),
        "stop" | "rm" | "start" => words.last().copied().filter(|w| *w != verb),
        _ => None,
    };
    Some(name.map_or_else(|| verb.to_owned(), |n| format!("{verb} {n}")))
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn what_changes_the_machine_gets_a_large_mark() {
        assert_eq!(label("docker build -t notes:1.0 ."), Some("build".into()));
        assert_eq!(label("docker run -d -p 8080:5000 --name web notes:1.0"), Some("run web".into()));
        assert_eq!(label("docker stop web"), Some("stop web".into()));
        assert_eq!(label("docker ps"), None);
        assert_eq!(label("ls"), None);
    }
}
