//! A person's session with a world: the input log, the marks on the timeline, undo, saving.

use std::rc::Rc;

use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::{Errno, ProgramTable, SimTime, Slice, WinSize};
use layerlab_protocol as protocol;

use crate::film::Stretch;
use crate::input::Input;
use crate::log::{Header, Log, LogError, MarkRecord, Record};
use crate::scenario::{HomeFile, Scenario};
use crate::terminal::{Command, Past, Terminal};
use crate::world::World;

/// How many checkpoints are kept; without one, undo plays from the one before.
const CHECKPOINTS: usize = 48;
/// How a command ends whose terminal is closed: 128 + `SIGHUP`.
const HUNG_UP: i32 = 129;
/// How much of files' bytes checkpoints may hold that the world itself no longer has.
const HELD: u64 = 64 << 20;

/// A moment that can be come back to.
struct Point {
    at: SimTime,
    /// How many inputs came before it.
    inputs: usize,
    digest: String,
    terminals: SortedMap<u32, Past>,
    checkpoint: Option<World>,
}

/// A command or save on the timeline.
struct Entry {
    line: String,
    save: bool,
    exit: Option<i32>,
    /// When it began; of saves: when it ended.
    began: SimTime,
    /// When it ended (if it was not waited for: started).
    time: SimTime,
    /// What was after it; `None` where it was not waited for.
    point: Option<Point>,
}

/// Something on the timeline.
enum Shown<'a> {
    /// The entry with this index.
    Over(usize),
    Runs(&'a Command),
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
    start: Point,
    inputs: Vec<Record>,
    /// What is over, oldest first; what still runs is with its terminal.
    entries: Vec<Entry>,
    /// How many entries are in force.
    at: usize,
    terminals: SortedMap<u32, Terminal>,
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
            start: Point {
                at: SimTime(0),
                inputs: 0,
                digest: String::new(),
                terminals: SortedMap::new(),
                checkpoint: None,
            },
            inputs: Vec::new(),
            entries: Vec::new(),
            at: 0,
            terminals: SortedMap::new(),
            next_run: 1,
            changed: true,
        };
        session.look();
        session.start = session.point();
        Ok(session)
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// A person's terminals, by number; the first is 0.
    pub fn terminals(&self) -> Vec<protocol::Terminal> {
        let terminal = |number| {
            let command = self.terminals.get(&number).and_then(Terminal::line);
            protocol::Terminal { number, container: command.and_then(container) }
        };
        self.world.terminals().into_iter().map(terminal).collect()
    }

    /// Whether a command runs in the foreground of the first terminal.
    pub fn busy(&self) -> bool {
        self.busy_at(0)
    }

    /// Whether a command runs in the foreground of a terminal.
    pub fn busy_at(&self, terminal: u32) -> bool {
        self.terminals.get(&terminal).is_some_and(Terminal::is_running)
    }

    /// Nowhere is a prompt.
    fn all_busy(&self) -> bool {
        self.world.terminals().into_iter().all(|n| self.busy_at(n))
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
        if !matches!(input, Input::Resize { .. }) {
            self.forget_future();
        }
        let record = Record { at: self.world.now().0, input: input.clone() };
        self.inputs.push(record);
        match input {
            Input::WriteFile { path, .. } | Input::CreateFolder { path } if !self.all_busy() => self.save_mark(path),
            Input::Open { command } => self.opened(command),
            Input::Close { terminal } => self.closed(terminal),
            _ => {}
        }
        Ok(())
    }

    fn forget_future(&mut self) {
        if self.at < self.entries.len() {
            self.inputs.truncate(self.inputs_at(self.at));
            self.entries.truncate(self.at);
            self.changed = true;
        }
    }

    /// Saves of the same file one after the other are one mark.
    fn save_mark(&mut self, path: String) {
        if self.entries.last().is_some_and(|e| e.save && e.line == path) {
            self.entries.pop();
        }
        let now = self.world.now();
        self.enter(Entry { line: path, save: true, exit: None, began: now, time: now, point: None });
        self.settle();
    }

    /// A terminal was opened. Who goes back to the last mark has it still, unless it was opened with a command.
    fn opened(&mut self, command: Option<String>) {
        let number = self.world.terminals().into_iter().find(|n| !self.terminals.get(n).is_some_and(|t| t.open));
        if let Some(number) = number {
            self.terminals.entry(number).or_default().reopen(command.clone());
        }
        if let Some(line) = command {
            let now = self.world.now();
            self.enter(Entry { line, save: false, exit: None, began: now, time: now, point: None });
        }
        self.settle();
    }

    /// A terminal's window was closed, and what ran in it is over.
    fn closed(&mut self, terminal: u32) {
        let command = self.terminals.get_mut(&terminal).and_then(Terminal::close);
        if let Some(Command { line, began, .. }) = command {
            let time = self.world.now();
            self.enter(Entry { line, save: false, exit: Some(HUNG_UP), began, time, point: None });
        }
        self.settle();
    }

    fn enter(&mut self, entry: Entry) {
        self.forget_future();
        self.entries.push(entry);
        self.at = self.entries.len();
        self.changed = true;
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

    /// Lets time pass until the foreground command of the first terminal has ended, but not beyond `limit`. Whether
    /// it has.
    pub fn run_until_prompt(&mut self, limit: SimTime) -> bool {
        self.run_until_prompt_at(0, limit)
    }

    /// The same at any terminal.
    pub fn run_until_prompt_at(&mut self, terminal: u32, limit: SimTime) -> bool {
        // What was just typed has to arrive first.
        let soon = self.world.now() + SimTime::millis(20);
        self.run_slice(soon.min(limit), u64::MAX);
        while self.terminals.get(&terminal).is_some_and(|t| !t.waits()) {
            let Some(next) = self.world.kernel.next_event().filter(|t| *t <= limit) else { return false };
            if let Slice::Missing(_) = self.run_slice(next, 64) {
                return false;
            }
        }
        true
    }

    /// Looks at what the terminals show.
    fn look(&mut self) {
        let now = self.world.now();
        let mut over = Vec::new();
        let open = self.world.terminals();
        for number in &open {
            let bytes = self.world.take_output_of(*number);
            let terminal = self.terminals.entry(*number).or_default();
            terminal.open = true;
            if !bytes.is_empty() {
                self.changed |= terminal.show(&bytes, now, &mut |command, waited| over.push((command, waited)));
            }
        }
        for (number, terminal) in &mut self.terminals {
            // Its shell has ended, and its window with it.
            if terminal.open && !open.contains(number) {
                over.extend(terminal.close().map(|command| (command, true)));
                self.changed = true;
            }
        }
        let from = self.at;
        let waited: Vec<bool> = over.iter().map(|(_, waited)| *waited).collect();
        over.into_iter().for_each(|(command, _)| self.enter_command(command));
        for (i, _) in waited.into_iter().enumerate().filter(|(_, waited)| *waited) {
            let point = self.point();
            if let Some(e) = self.entries.get_mut(from + i) {
                e.point = Some(point);
            }
        }
        self.let_go();
    }

    fn enter_command(&mut self, command: Command) {
        let (exit, time) = match command.end {
            Some((code, at)) => (Some(code), at),
            None => (None, command.began),
        };
        self.enter(Entry { line: command.line, save: false, exit, began: command.began, time, point: None });
    }

    /// The world as it is now.
    fn point(&self) -> Point {
        let open = self.world.terminals().into_iter();
        Point {
            at: self.world.now(),
            inputs: self.inputs.len(),
            digest: self.world.digest(),
            terminals: open.filter_map(|n| Some((n, self.terminals.get(&n)?.past()))).collect(),
            checkpoint: self.world.checkpoint(),
        }
    }

    /// What the world is now can be come back to, as what was after the latest mark.
    fn settle(&mut self) {
        self.changed = true;
        // What is due by now is part of it, as it will be when the log is played.
        if let Slice::Missing(_) = self.run_slice(self.world.now(), u64::MAX) {
            return;
        }
        let point = self.point();
        match self.entries.last_mut() {
            Some(e) => e.point = Some(point),
            None => self.start = point,
        }
        self.let_go();
    }

    /// Old checkpoints that hold much of what was written over since then, and those that are too many: there it
    /// is played anew.
    fn let_go(&mut self) {
        let written = self.world.kernel.sys.written();
        let before = self.entries.len().saturating_sub(1);
        for p in self.entries.iter_mut().take(before).filter_map(|e| e.point.as_mut()) {
            if p.checkpoint.as_ref().is_some_and(|w| written.saturating_sub(w.kernel.sys.written()) > HELD) {
                p.checkpoint = None;
            }
        }
        let mut with: Vec<&mut Point> = self.entries.iter_mut().filter_map(|e| e.point.as_mut()).collect();
        with.retain(|p| p.checkpoint.is_some());
        if with.len() > CHECKPOINTS {
            // Thin out the older half: every second one can be reached from the one before.
            for p in with.into_iter().take(CHECKPOINTS / 2).step_by(2) {
                p.checkpoint = None;
            }
        }
    }

    /// What was after so many marks; `None` where it was not waited for.
    fn point_at(&self, at: usize) -> Option<&Point> {
        at.checked_sub(1).map_or(Some(&self.start), |i| self.entries.get(i)?.point.as_ref())
    }

    fn inputs_at(&self, at: usize) -> usize {
        (0..=at).rev().find_map(|at| self.point_at(at)).map_or(0, |p| p.inputs)
    }

    /// The latest command that is in force, or else runs, from the state that it found.
    pub(crate) fn latest(&self) -> Option<Stretch> {
        let running = || self.commands().pop().filter(|_| self.at == self.entries.len());
        let here = self.point_at(self.at).map_or(SimTime(0), |p| p.at);
        let (most, line, began, end, exit) = match running().filter(|c| c.began >= here) {
            Some(c) => (self.at, &c.line, c.began, self.world.now(), None),
            None => {
                let last = self.at.checked_sub(1)?;
                let e = self.entries.get(last).filter(|e| !e.save)?;
                (last, &e.line, e.began, e.point.as_ref().map_or(e.time, |p| p.at), e.exit)
            }
        };
        let mut before = (0..=most).rev().filter_map(|i| self.point_at(i)).filter(|p| p.at <= began);
        let found = before.next()?;
        // When it was noticed that it runs is some time after the key that entered it.
        let entered = self.inputs.iter().rev().find(|r| r.time() <= began && r.input.enters());
        let began = entered.map_or(found.at, Record::time).max(found.at);
        let base = std::iter::once(found).chain(before).find(|p| p.checkpoint.is_some())?;
        Some(Stretch {
            world: base.checkpoint.as_ref()?.checkpoint()?,
            inputs: self.inputs.iter().skip(base.inputs).take_while(|r| r.time() <= end).cloned().collect(),
            began,
            end,
            line: line.clone(),
            exit: exit.map(exit_byte),
        })
    }

    /// To the state just after so many marks. Whether it was possible.
    pub fn jump(&mut self, at: usize) -> bool {
        let at = at.min(self.entries.len());
        let Some(point) = self.point_at(at) else { return false };
        // The nearest checkpoint at or before it, then the inputs since.
        let base = (0..=at).rev().filter_map(|i| self.point_at(i)).find(|p| p.checkpoint.is_some());
        let Some((base, mut world)) = base.and_then(|p| Some((p, p.checkpoint.as_ref()?.checkpoint()?))) else {
            return false;
        };
        for r in self.inputs.get(base.inputs..point.inputs).unwrap_or_default() {
            world.run_until(r.time());
            // It was accepted before; the world is the same.
            let _ = world.apply(&r.input);
        }
        world.run_until(point.at);
        let pasts = point.terminals.clone();
        for number in world.terminals() {
            // What it shows is known already.
            world.take_output_of(number);
        }
        // The window is as large as it is now, not as it was.
        let resize = self.inputs.iter().rev().find(|r| matches!(r.input, Input::Resize { .. })).cloned();
        self.world = world;
        self.at = at;
        for (number, terminal) in &mut self.terminals {
            match pasts.get(number) {
                Some(past) => terminal.go_back(past.clone()),
                None => drop(terminal.close()),
            }
        }
        self.changed = true;
        if let Some(r) = resize {
            let _ = self.world.apply(&r.input);
        }
        true
    }

    /// To the state just after the mark with this index on the timeline. Whether it was possible.
    pub fn jump_to_mark(&mut self, index: usize) -> bool {
        match self.shown().get(index) {
            Some(Shown::Over(entry)) => {
                let at = *entry + 1;
                self.jump(at)
            }
            // What runs cannot be come back to.
            Some(Shown::Runs(_)) | None => false,
        }
    }

    /// The commands that run, oldest first.
    fn commands(&self) -> Vec<&Command> {
        let mut all: Vec<&Command> = self.terminals.values().filter_map(Terminal::command).collect();
        all.sort_by_key(|c| c.began);
        all
    }

    /// What the timeline shows: what is over where it ended, what runs where it began.
    fn shown(&self) -> Vec<Shown<'_>> {
        let mut commands = self.commands().into_iter().peekable();
        let mut all = Vec::new();
        for (i, entry) in self.entries.iter().enumerate() {
            while let Some(c) = commands.next_if(|c| i == self.at || c.began < entry.time) {
                all.push(Shown::Runs(c));
            }
            all.push(Shown::Over(i));
        }
        all.extend(commands.map(Shown::Runs));
        all
    }

    /// Where undo leads to.
    fn before(&self) -> Option<usize> {
        if self.all_busy() {
            return None;
        }
        let here = self.point_at(self.at);
        let is_begun = here.is_some_and(|p| self.commands().iter().any(|c| c.began > p.at));
        // What has begun since the last mark is taken back first.
        let most = if is_begun { self.at } else { self.at.checked_sub(1)? };
        (0..=most).rev().find(|at| self.point_at(*at).is_some())
    }

    /// Back to the mark before.
    pub fn undo(&mut self) -> bool {
        self.before().is_some_and(|at| self.jump(at))
    }

    /// Forward again.
    pub fn redo(&mut self) -> bool {
        let next = (self.at + 1..=self.entries.len()).find(|at| self.point_at(*at).is_some());
        next.is_some_and(|at| self.jump(at))
    }

    /// What the first terminal has shown so far.
    pub fn transcript(&self) -> &[u8] {
        self.transcript_of(0)
    }

    /// What a terminal has shown so far.
    pub fn transcript_of(&self, terminal: u32) -> &[u8] {
        self.terminals.get(&terminal).map_or(&[], Terminal::transcript)
    }

    /// What the first terminal shows since the last call.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.take_output_of(0)
    }

    /// What a terminal shows since the last call.
    pub fn take_output_of(&mut self, terminal: u32) -> Vec<u8> {
        self.terminals.get_mut(&terminal).map(Terminal::take_output).unwrap_or_default()
    }

    /// The timeline, if it changed since the last call.
    pub fn take_timeline(&mut self) -> Option<protocol::Timeline> {
        std::mem::take(&mut self.changed).then(|| self.timeline())
    }

    /// The timeline.
    pub fn timeline(&self) -> protocol::Timeline {
        let shown = self.shown();
        let mark = |shown: &Shown<'_>| match shown {
            Shown::Over(i) => self.entries.get(*i).map(|e| mark(&e.line, e.save, e.exit, e.time)),
            Shown::Runs(c) => {
                let (exit, time) = c.end.map_or((None, c.began), |(code, at)| (Some(code), at));
                Some(mark(&c.line, false, exit, time))
            }
        };
        let ahead = self.entries.len() - self.at;
        protocol::Timeline {
            marks: shown.iter().filter_map(mark).collect(),
            at: (shown.len() - ahead) as u32,
            can_undo: self.before().is_some(),
            can_redo: ahead > 0 && !self.all_busy(),
        }
    }

    /// The log up to now.
    pub fn log(&self) -> Log {
        let inputs = if self.at < self.entries.len() { self.inputs_at(self.at) } else { self.inputs.len() };
        let marks = self.entries[..self.at].iter().filter_map(|e| {
            let p = e.point.as_ref()?;
            Some(MarkRecord { line: e.line.clone(), exit: e.exit, at: p.at.0, digest: p.digest.clone() })
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
                session.run_until_prompt_at(r.input.terminal(), session.world.now() + SimTime::secs(600));
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

fn mark(line: &str, save: bool, exit: Option<i32>, time: SimTime) -> protocol::Mark {
    protocol::Mark {
        line: line.to_owned(),
        save,
        exit: exit.map(exit_byte),
        time: time.as_millis(),
        label: label(line).filter(|_| !save && exit.is_none_or(|c| c == 0)),
    }
}

/// As the shell's `$?` has it.
fn exit_byte(code: i32) -> u8 {
    code.clamp(0, 255) as u8
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

/// The container that a command line leads into.
fn container(line: &str) -> Option<String> {
    const VALUES: [&str; 8] = ["-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys"];
    let words: Vec<&str> = line.split_whitespace().skip_while(|w| *w == "sudo").collect();
    let (verb, rest) = match words.as_slice() {
        ["docker", "container", verb, rest @ ..] | ["docker", verb, rest @ ..] => (*verb, rest),
        _ => return None,
    };
    let is_tty = |w: &&str| *w == "--tty" || (w.starts_with('-') && !w.starts_with("--") && w.contains('t'));
    match verb {
        "run" if rest.iter().any(is_tty) => rest
            .windows(2)
            .find_map(|w| w[0].strip_prefix("--name=").or_else(|| (w[0] == "--name").then_some(w[1])))
            .map(str::to_owned),
        "exec" => {
            let (mut rest, mut tty) = (rest.iter(), false);
            loop {
                match rest.next()? {
                    flag if VALUES.contains(flag) => drop(rest.next()),
                    flag if flag.starts_with('-') => tty |= is_tty(flag),
                    name => return tty.then(|| (*name).to_owned()),
                }
            }
        }
        "attach" => rest.iter().find(|w| !w.starts_with('-')).map(|w| (*w).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{container, label};

    #[test]
    fn a_terminal_in_a_container_is_known_by_what_runs_in_it() {
        assert_eq!(container("docker exec -it web sh"), Some("web".into()));
        assert_eq!(container("docker container exec -u root -ti db bash -l"), Some("db".into()));
        assert_eq!(container("sudo docker run --rm -it --name probe alpine"), Some("probe".into()));
        assert_eq!(container("docker attach web"), Some("web".into()));
        assert_eq!(container("docker exec web ls -t"), None);
        assert_eq!(container("docker run -d --name web nginx"), None);
        assert_eq!(container("sleep 100"), None);
    }

    #[test]
    fn what_changes_the_machine_gets_a_large_mark() {
        assert_eq!(label("docker build -t notes:1.0 ."), Some("build".into()));
        assert_eq!(label("docker run -d -p 8080:5000 --name web notes:1.0"), Some("run web".into()));
        assert_eq!(label("docker stop web"), Some("stop web".into()));
        assert_eq!(label("docker ps"), None);
        assert_eq!(label("ls"), None);
    }
}
