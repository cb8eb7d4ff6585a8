//! Runs programs in virtual time: an event queue ordered by (time, order of scheduling).
//!
//! A slice of a program is one event: it happens at its start time, and what it costs only delays
//! what comes after. So it does not matter how `run_until` is split.

use std::hash::Hash;
use std::rc::Rc;

use crate::calls::{self, Outcome};
use crate::errno::Errno;
use crate::file::{FileKind, OpenFile};
use crate::hash::{StateHasher, hex};
use crate::pipe::PipeId;
use crate::process::State;
use crate::program::{Body, Cx, Memory, Program, ProgramTable, Step};
use crate::signal::{DefaultAction, Disposition, Signal};
use crate::sorted::SortedMap;
use crate::syscall::{ExitStatus, Pid, Ret, SpawnSpec, Syscall, WinSize};
use crate::system::{System, WaitKey};
use crate::tty::TtyId;
use crate::vfs::Tree;
use crate::{Bytes, SimTime};

/// How long a program may go on without giving others a turn.
const QUANTUM: SimTime = SimTime(100_000);

/// How a slice of real work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    /// All that was due until the time asked for is done.
    Done,
    /// The budget is used up first.
    More,
    /// The next event is that of a program whose code is not loaded, in this part. Time stands still
    /// before it; nothing may be done to the machine until it goes on.
    Missing(&'static str),
}

/// The machine: its state and its programs.
pub struct Kernel {
    /// All state but the programs.
    pub sys: System,
    programs: SortedMap<Pid, Body>,
    memories: SortedMap<Pid, Box<dyn Memory>>,
}

/// A process whose standard descriptors are outside of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outside {
    /// Its host number.
    pub pid: Pid,
    stdin: PipeId,
    stdout: PipeId,
    stderr: PipeId,
}

/// What arrived signals do to a process that is about to run.
enum Delivery {
    Nothing,
    Interrupted,
    Stopped,
    Dead,
}

/// Tries the call that a program's step asks for.
fn attempt(cx: &mut Cx<'_>, program: &dyn Program, call: &Syscall, deadline: Option<SimTime>) -> Outcome {
    if let Some(pipe) = calls::opens_wait(cx) {
        return Outcome::BlockUntil(vec![WaitKey::Pipe(pipe)], deadline, None);
    }
    if matches!(call, Syscall::Fork) {
        return Outcome::Done(match program.fork() {
            Some(child) => calls::fork(cx, child),
            None => Err(Errno::ENOSYS),
        });
    }
    cx.cost += calls::cost(call);
    calls::attempt(cx, call, deadline)
}

impl Kernel {
    /// A machine that is off: a root file system, no processes. `boot_epoch_ns`: the wall clock at
    /// boot, nanoseconds since 1970.
    pub fn new(root: Tree, programs: Rc<ProgramTable>, seed: u64, boot_epoch_ns: i64, hostname: &str) -> Self {
        Self {
            sys: System::new(root, programs, seed, boot_epoch_ns, hostname),
            programs: SortedMap::new(),
            memories: SortedMap::new(),
        }
    }

    /// A copy; `None` while a program is alive that cannot be cloned.
    pub fn try_clone(&self) -> Option<Self> {
        let programs = self.programs.iter().map(|(pid, p)| p.fork().map(|p| (*pid, p))).collect::<Option<_>>()?;
        Some(self.with_programs(programs))
    }

    /// A copy to look around in, not to go on with: a program that cannot be cloned stands still in it.
    /// Its process keeps its descriptors and its place, can be killed, and does nothing any more.
    pub fn clone_for_observer(&self) -> Self {
        let programs = self.programs.iter().map(|(pid, p)| (*pid, p.fork().unwrap_or(Body::Statue)));
        self.with_programs(programs.collect())
    }

    fn with_programs(&self, programs: SortedMap<Pid, Body>) -> Self {
        let memories = self.memories.iter().map(|(pid, m)| (*pid, m.as_ref().clone_box())).collect();
        Self { sys: self.sys.clone(), programs, memories }
    }

    /// sha256 over all state, in hex. Output that nobody has taken yet does not count.
    pub fn digest(&self) -> String {
        let mut h = StateHasher::default();
        self.sys.hash_state(&mut h);
        for (pid, p) in &self.programs {
            pid.hash(&mut h);
            p.digest(&mut h);
        }
        for (pid, m) in &self.memories {
            pid.hash(&mut h);
            m.as_ref().digest(&mut h);
        }
        hex(&h.digest())
    }

    /// Starts the first process (number 1).
    pub fn boot(&mut self, path: &str, argv: Vec<String>, env: Vec<(String, String)>) -> Result<Pid, Errno> {
        let pid = self.sys.first_process();
        let mut cx = Cx { sys: &mut self.sys, pid, result: None, cost: SimTime(0), memory: None };
        calls::exec(&mut cx, path, argv, env)?;
        self.settle();
        self.sys.schedule(pid, self.sys.now);
        Ok(pid)
    }

    /// When something happens next.
    pub fn next_event(&mut self) -> Option<SimTime> {
        loop {
            let (&key, &(pid, generation)) = self.sys.queue.first_key_value()?;
            if self.sys.process(pid).is_some_and(|p| p.generation == generation) {
                return Some(key.0);
            }
            self.sys.queue.remove(&key);
        }
    }

    /// Lets time pass until `until`.
    pub fn run_until(&mut self, until: SimTime) {
        self.run_slice(until, u64::MAX);
    }

    /// Lets time pass until `until`, but at most `budget` events.
    pub fn run_slice(&mut self, until: SimTime, mut budget: u64) -> Slice {
        while let Some(at) = self.next_event().filter(|t| *t <= until) {
            if budget == 0 {
                return Slice::More;
            }
            if let Some(part) = self.missing() {
                return Slice::Missing(part);
            }
            budget -= 1;
            self.sys.now = self.sys.now.max(at);
            if let Some((_, (pid, _))) = self.sys.queue.pop_first() {
                self.run(pid);
            }
        }
        self.sys.now = self.sys.now.max(until);
        Slice::Done
    }

    /// The part that the next event's process waits for.
    fn missing(&self) -> Option<&'static str> {
        let (_, (pid, _)) = self.sys.queue.first_key_value()?;
        self.programs.get(pid)?.missing(&self.sys.programs)
    }

    /// The state that a process's threads share.
    pub fn memory_of<T: 'static>(&self, pid: Pid) -> Option<&T> {
        self.memories.get(&pid).and_then(|m| m.as_ref().as_any().downcast_ref())
    }

    /// The first process whose shared state has this type.
    pub fn find_memory<T: 'static>(&self) -> Option<&T> {
        self.memories.values().find_map(|m| m.as_ref().as_any().downcast_ref())
    }

    /// Bytes that a person types.
    pub fn type_bytes(&mut self, tty: TtyId, bytes: &[u8]) {
        let at = self.sys.now;
        self.sys.tty_receive(tty, bytes, at);
    }

    /// What a terminal shows since the last call.
    pub fn take_output(&mut self, tty: TtyId) -> Vec<u8> {
        self.sys.ttys.get_mut(&tty).map(|t| t.output.drain(..).collect()).unwrap_or_default()
    }

    /// A person's window has a new size.
    pub fn resize(&mut self, tty: TtyId, size: WinSize) {
        let at = self.sys.now;
        self.sys.tty_resize(tty, size, at);
    }

    /// A file of the host, as root sees it.
    pub fn read_file(&self, path: &str) -> Result<Bytes, Errno> {
        self.sys.read_host_file(path)
    }

    /// Writes a file of the host; a new one belongs to the directory's owner.
    pub fn write_file(&mut self, path: &str, data: Vec<u8>) -> Result<(), Errno> {
        self.sys.write_host_file(path, data)
    }

    /// Starts a process as a child of process 1 whose standard input, output and error are outside of
    /// the machine; `fds` of the spec are not used.
    pub fn spawn_outside(&mut self, spec: &SpawnSpec) -> Result<Outside, Errno> {
        let parent = Pid(1);
        let at = self.sys.now;
        let stdin = self.sys.new_pipe(1, 1);
        let stdout = self.sys.new_pipe(1, 1);
        let stderr = self.sys.new_pipe(1, 1);
        for p in [stdout, stderr] {
            if let Some(p) = self.sys.pipes.get_mut(&p) {
                p.unbounded = true;
            }
        }
        let file = |kind, read| OpenFile::new(kind, read, !read);
        let fds = [
            self.sys.install(parent, file(FileKind::PipeRead(stdin), true), false)?,
            self.sys.install(parent, file(FileKind::PipeWrite(stdout), false), false)?,
            self.sys.install(parent, file(FileKind::PipeWrite(stderr), false), false)?,
        ];
        let spec = SpawnSpec { fds: vec![(0, fds[0]), (1, fds[1]), (2, fds[2])], ..spec.clone() };
        let mut cx = Cx { sys: &mut self.sys, pid: parent, result: None, cost: SimTime(0), memory: None };
        let result = calls::attempt(&mut cx, &Syscall::Spawn(Box::new(spec)), None);
        for fd in fds {
            let _ = self.sys.close_fd(parent, fd, at);
        }
        self.settle();
        match result {
            Outcome::Done(Ok(Ret::Num(pid))) => {
                let pid = Pid(pid as u32);
                self.sys.outside.insert(pid, None);
                Ok(Outside { pid, stdin, stdout, stderr })
            }
            Outcome::Done(Err(e)) => Err(e),
            _ => Err(Errno::EIO),
        }
    }

    /// Gives bytes to the standard input of a process started from outside.
    pub fn write_outside(&mut self, o: &Outside, bytes: &[u8]) {
        if let Some(p) = self.sys.pipes.get_mut(&o.stdin) {
            p.data.extend(bytes);
            let at = self.sys.now;
            self.sys.wake(WaitKey::Pipe(o.stdin), at);
        }
    }

    /// Ends the standard input of a process started from outside.
    pub fn close_outside(&mut self, o: &Outside) {
        let at = self.sys.now;
        self.sys.drop_writer(o.stdin, at);
    }

    /// What it wrote to standard output and standard error since the last call.
    pub fn take_outside(&mut self, o: &Outside) -> (Vec<u8>, Vec<u8>) {
        let mut take = |id| self.sys.pipes.get_mut(id).map(|p| p.data.drain(..).collect()).unwrap_or_default();
        (take(&o.stdout), take(&o.stderr))
    }

    /// Whether somebody waits for its standard input, and there is none left.
    pub fn wants_outside(&self, o: &Outside) -> bool {
        self.sys.waiters.contains_key(&WaitKey::Pipe(o.stdin))
            && self.sys.pipes.get(&o.stdin).is_some_and(|p| p.data.is_empty())
    }

    /// How it ended, once it has.
    pub fn status_outside(&self, o: &Outside) -> Option<ExitStatus> {
        self.sys.outside.get(&o.pid).copied().flatten()
    }

    /// Forgets it and its pipes.
    pub fn forget_outside(&mut self, o: &Outside) {
        let at = self.sys.now;
        self.sys.outside.remove(&o.pid);
        self.sys.drop_reader(o.stdout, at);
        self.sys.drop_reader(o.stderr, at);
        self.sys.drop_writer(o.stdin, at);
    }

    /// Puts programs where the system has started some, and away where processes have ended.
    pub(crate) fn settle(&mut self) {
        for (pid, program) in std::mem::take(&mut self.sys.started.0) {
            match program {
                Some(p) => {
                    self.programs.insert(pid, p);
                }
                None => {
                    self.programs.remove(&pid);
                    self.memories.remove(&pid);
                }
            }
        }
    }

    fn deliver(&mut self, pid: Pid) -> Delivery {
        let mut interrupted = false;
        let frozen = self.sys.process(pid).is_some_and(|p| self.sys.is_frozen(&p.cgroup));
        if frozen && self.sys.process(pid).is_some_and(|p| !p.pending.contains(&Signal::KILL)) {
            return Delivery::Stopped;
        }
        while let Some(p) = self.sys.process_mut(pid) {
            if p.stopped.is_some() && !p.pending.contains(&Signal::KILL) {
                return Delivery::Stopped;
            }

            let next = if p.pending.contains(&Signal::KILL) { Some(Signal::KILL) } else { p.pending.first().copied() };
            let Some(sig) = next else { break };
            p.pending.remove(&sig);
            match (p.disposition(sig), sig.default_action()) {
                (Disposition::Ignore, _) if sig != Signal::KILL && sig != Signal::STOP => {}
                (Disposition::Catch, _) if sig != Signal::KILL && sig != Signal::STOP => {
                    p.caught.insert(sig);
                    interrupted = true;
                }
                (_, DefaultAction::Terminate) => {
                    let at = self.sys.now;
                    self.sys.end_process(pid, ExitStatus::Signal(sig), at);
                    return Delivery::Dead;
                }
                (_, DefaultAction::Stop) => {
                    let (ppid, pgid, at) = (p.ppid, p.pgid, self.sys.now);
                    // Nobody could continue an orphaned group: only STOP stops it.
                    if sig != Signal::STOP && self.sys.is_orphaned(pgid) {
                        continue;
                    }
                    if let Some(p) = self.sys.process_mut(pid) {
                        p.stopped = Some((sig, false));
                    }
                    self.sys.child_changed(ppid, at);
                    return Delivery::Stopped;
                }
                _ => {}
            }
        }
        if interrupted { Delivery::Interrupted } else { Delivery::Nothing }
    }

    fn run(&mut self, pid: Pid) {
        let delivery = self.deliver(pid);
        match delivery {
            Delivery::Dead => return self.settle(),
            Delivery::Stopped => return,
            Delivery::Nothing | Delivery::Interrupted => {}
        }
        if matches!(self.programs.get(&pid), Some(Body::Statue)) {
            return;
        }
        let Some(p) = self.sys.process_mut(pid) else { return };
        let leader = p.leader;
        if matches!(delivery, Delivery::Interrupted) {
            let mut cx = Cx { sys: &mut self.sys, pid, result: None, cost: SimTime(0), memory: None };
            calls::open_abandoned(&mut cx);
        }
        let Some(p) = self.sys.process_mut(pid) else { return };
        let (mut result, mut call, mut deadline) = match std::mem::replace(&mut p.state, State::Ready(None)) {
            State::Ready(r) => (r, None, None),
            State::Blocked(..) if matches!(delivery, Delivery::Interrupted) => (Some(Err(Errno::EINTR)), None, None),
            State::Blocked(c, d) => (None, Some(c), d),
            z @ State::Zombie(_) => {
                p.state = z;
                return;
            }
        };
        self.sys.forget_waits(pid);
        let Some(mut program) = self.programs.remove(&pid).and_then(|body| body.into_program(&self.sys.programs))
        else {
            return;
        };
        let mut memory = self.memories.remove(&leader);
        let mut cost = SimTime(0);
        loop {
            // First the call that the program waits for, then the program.
            let mut cx = Cx { sys: &mut self.sys, pid, result: None, cost, memory };
            let (outcome, waiting) = match call.take() {
                None => (Outcome::Done(result.take().unwrap_or(Ok(Ret::Unit))), None),
                Some(c) => (attempt(&mut cx, program.as_ref(), &c, deadline.take()), Some(c)),
            };
            let (keys, until, wake) = match outcome {
                // Others get a turn; or a signal has come, which is acted on before the program sees the result.
                Outcome::Done(r)
                    if cx.cost >= QUANTUM || cx.sys.process(pid).is_some_and(|p| !p.pending.is_empty()) =>
                {
                    let at = cx.now();
                    (memory, cost) = (cx.memory, cx.cost);
                    self.sys.set_ready(pid, Some(r), at);
                    break;
                }
                Outcome::Done(r) => {
                    cx.result = Some(r);
                    (Vec::new(), None, None)
                }
                Outcome::Gone => {
                    (memory, cost) = (cx.memory, cx.cost);
                    break;
                }
                Outcome::Block(keys, until) => (keys, until, until),
                Outcome::BlockUntil(keys, until, wake) => (keys, until, wake),
            };
            if cx.result.is_none()
                && let Some(c) = waiting
            {
                let at = cx.now();
                (memory, cost) = (cx.memory, cx.cost);
                self.sys.block(pid, c, &keys, until, wake, at);
                break;
            }
            let step = program.resume(&mut cx);
            cx.cost += SimTime(200);
            (memory, cost) = (cx.memory, cx.cost);
            match step {
                Step::Syscall(c) => call = Some(c),
                Step::Yield => {
                    let at = self.sys.now + cost;
                    self.sys.set_ready(pid, Some(Ok(Ret::Unit)), at);
                    break;
                }
            }
        }
        let replaced = self.sys.started.0.iter().any(|(p, _)| *p == pid);
        let memory_now = program.memory();
        let mut grew = false;
        if let Some(p) = self.sys.process_mut(pid) {
            p.cpu += cost;
            grew = memory_now > p.memory;
            p.memory = memory_now;
        }
        self.sys.limits_reached(pid, cost, grew);
        self.sys.account(pid, cost);
        if !replaced && self.sys.process(pid).is_some_and(|p| !p.is_zombie()) {
            self.programs.insert(pid, Body::Running(program));
        }
        if let Some(m) = memory
            && self.sys.process(leader).is_some_and(|p| !p.is_zombie())
        {
            self.memories.insert(leader, m);
        }
        if grew {
            let at = self.sys.now + cost;
            self.sys.memory_grew(pid, at);
        }
        self.settle();
    }
}
