//! How programs are written: the [`Program`] trait for state machines that can be cloned with the
//! world, and [`async_program`] for short utilities written as plain `async fn`.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::errno::Errno;
use crate::hash::StateHasher;
use crate::signal::{Disposition, Signal};
use crate::sorted::SortedMap;
use crate::syscall::{Fd, OpenFlags, Pid, Ret, SockAddr, SockKind, SysResult, Syscall};
use crate::system::System;
use crate::{Bytes, SimTime};

/// What a program answers when it was resumed.
#[derive(Debug)]
pub enum Step {
    /// It waits for this call's result.
    Syscall(Syscall),
    /// Its slice is used up; it wants to go on.
    Yield,
}

impl Step {
    /// `exit(code)`.
    pub fn exit(code: i32) -> Self {
        Self::Syscall(Syscall::Exit { code })
    }
}

/// A program as a state machine on the heap.
pub trait Program {
    /// Goes on from the last step; [`Cx::result`] has the call's answer (`Ret::Unit` at the start).
    /// Must return within some ten thousand steps of its own and charge what it used.
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step;

    /// A copy for a checkpoint or for `fork`; `None` where the program cannot be cloned.
    fn fork(&self) -> Option<Box<dyn Program>>;

    /// Feeds all that determines its future to the state digest.
    fn digest(&self, h: &mut StateHasher);

    /// Nominal memory in bytes, for `ps`, `docker stats` and limits.
    fn memory(&self) -> u64 {
        2 << 20
    }
}

/// State that the threads of a process share (the engine's).
pub trait Memory: Any {
    /// A copy for a checkpoint.
    fn clone_box(&self) -> Box<dyn Memory>;
    /// Feeds the state digest.
    fn digest(&self, h: &mut StateHasher);
    /// For downcasting.
    fn as_any(&self) -> &dyn Any;
    /// For downcasting.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<T: Any + Clone + Hash> Memory for T {
    fn clone_box(&self) -> Box<dyn Memory> {
        Box::new(self.clone())
    }
    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// What a program sees while it runs.
pub struct Cx<'a> {
    pub(crate) sys: &'a mut System,
    pub(crate) pid: Pid,
    pub(crate) result: Option<SysResult>,
    pub(crate) cost: SimTime,
    pub(crate) memory: Option<Box<dyn Memory>>,
}

impl Cx<'_> {
    /// The answer to the last step's call; taken once.
    pub fn result(&mut self) -> SysResult {
        self.result.take().unwrap_or(Ok(Ret::Unit))
    }

    /// A call that answers at once; `EAGAIN` if it would block.
    pub fn call(&mut self, call: Syscall) -> SysResult {
        self.cost += crate::calls::cost(&call);
        crate::calls::immediate(self, &call)
    }

    /// Uses virtual cpu time.
    pub fn charge(&mut self, time: SimTime) {
        self.cost += time;
    }

    /// The time now, this slice's use included.
    pub fn now(&self) -> SimTime {
        self.sys.now + self.cost
    }

    /// Wall clock: nanoseconds since 1970.
    pub fn wall_clock(&self) -> i64 {
        self.sys.boot_epoch_ns + self.now().0 as i64
    }

    /// The process's number on the host.
    pub fn host_pid(&self) -> Pid {
        self.pid
    }

    /// The process's number in its own pid namespace.
    pub fn pid(&self) -> u32 {
        self.sys.process(self.pid).map_or(0, |p| p.ns_pid)
    }

    /// The parent's number in the process's own pid namespace (0: outside).
    pub fn parent_pid(&self) -> u32 {
        self.sys.process(self.pid).map_or(0, |p| self.sys.pid_seen_by(p.ppid, p.pid_ns))
    }

    /// Effective user and group.
    pub fn ids(&self) -> (u32, u32) {
        self.sys.process(self.pid).map_or((0, 0), |p| (p.seen_uid(p.uid), p.seen_gid(p.gid)))
    }

    /// A stream socket that listens at a path, where one that is left from earlier goes; root's, with this
    /// mode and group.
    ///
    /// # Errors
    /// The calls'.
    pub fn listen_at(&mut self, path: &str, mode: u32, group: Option<u32>) -> Result<Fd, Errno> {
        let fd = self.socket(SockKind::UnixStream)?;
        let _ = self.unlink(path);
        self.bind(fd, SockAddr::Unix(path.to_owned()))?;
        self.chmod(path, mode)?;
        self.chown(path, Some(0), group, true)?;
        self.listen(fd, 128)?;
        Ok(fd)
    }

    /// The next caught signal that has arrived.
    pub fn take_signal(&mut self) -> Option<Signal> {
        self.sys.process_mut(self.pid).and_then(|p| p.caught.pop_first())
    }

    /// Writes over the command line that `ps` shows, as programs do that tell what they are at.
    pub fn set_title(&mut self, title: &str) {
        let leader = self.sys.process(self.pid).map_or(self.pid, |p| p.leader);
        if let Some(p) = self.sys.process_mut(leader) {
            p.argv = vec![title.to_owned()];
        }
    }

    /// What the process does with a signal.
    pub fn disposition(&self, signal: Signal) -> Disposition {
        let leader = self.sys.process(self.pid).map_or(self.pid, |p| p.leader);
        self.sys.process(leader).map_or(Disposition::Default, |p| p.disposition(signal))
    }

    /// The state that this process's threads share.
    pub fn memory<T: Any>(&mut self) -> Option<&mut T> {
        self.memory.as_mut().and_then(|m| m.as_mut().as_any_mut().downcast_mut())
    }

    /// Sets the state that this process's threads share.
    pub fn set_memory(&mut self, memory: Box<dyn Memory>) {
        self.memory = Some(memory);
    }
}

/// How a program is started.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProgramArgs {
    /// The command line.
    pub argv: Vec<String>,
    /// The environment.
    pub env: Vec<(String, String)>,
    /// The rest of the executable's program line: version or flavour, e.g. `3.11.13` or `busybox`.
    pub variant: String,
}

impl ProgramArgs {
    /// A variable's value.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
    /// `argv[0]` without directories.
    pub fn name(&self) -> &str {
        self.argv.first().map_or("", |a| a.rsplit('/').next().unwrap_or(a))
    }
}

/// Starts a program.
pub type Start = fn(ProgramArgs) -> Box<dyn Program>;

/// Where a program's code is.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// At hand.
    Here(Start),
    /// In a part of the whole that is not loaded yet, by the part's name.
    In(&'static str),
}

/// The programs that executables stand for, by name. Their code may come later than the table: a
/// process whose program is not at hand stops the executor ([`crate::Slice::Missing`]), and goes on
/// where it was once [`ProgramTable::extend`] has brought it. The simulated machine cannot tell.
#[derive(Clone, Default)]
pub struct ProgramTable(RefCell<SortedMap<&'static str, Code>>);

impl ProgramTable {
    /// Registers a program.
    pub fn add(&self, name: &'static str, start: Start) {
        self.0.borrow_mut().insert(name, Code::Here(start));
    }
    /// Registers several.
    pub fn extend(&self, programs: &[(&'static str, Start)]) {
        self.0.borrow_mut().extend(programs.iter().map(|(name, start)| (*name, Code::Here(*start))));
    }
    /// Says that a part brings these programs, when it is loaded.
    pub fn announce(&self, part: &'static str, names: &[&'static str]) {
        self.0.borrow_mut().extend(names.iter().map(|name| (*name, Code::In(part))));
    }
    /// Finds one.
    pub fn get(&self, name: &str) -> Option<Code> {
        self.0.borrow().get(name).copied()
    }
    /// The name as the table has it.
    pub(crate) fn name(&self, name: &str) -> Option<&'static str> {
        self.0.borrow().get_key_value(name).map(|(name, _)| *name)
    }
    /// All names.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.borrow().keys().copied().collect()
    }
}

/// What a process runs.
pub(crate) enum Body {
    /// It has not had its first slice yet: the program's name and how it is started.
    New(&'static str, Box<ProgramArgs>),
    Running(Box<dyn Program>),
    /// It could not be cloned for an observer: it keeps what it has and never runs again.
    Statue,
}

impl Body {
    /// The part that must be loaded before it can go on.
    pub(crate) fn missing(&self, table: &ProgramTable) -> Option<&'static str> {
        match self {
            Self::New(name, _) => match table.get(name) {
                Some(Code::In(part)) => Some(part),
                _ => None,
            },
            Self::Running(_) | Self::Statue => None,
        }
    }

    /// The program, started now if it wasn't; `None`: its code is not at hand.
    pub(crate) fn into_program(self, table: &ProgramTable) -> Option<Box<dyn Program>> {
        match self {
            Self::Running(program) => Some(program),
            Self::New(name, args) => match table.get(name) {
                Some(Code::Here(start)) => Some(start(*args)),
                _ => None,
            },
            Self::Statue => None,
        }
    }

    /// A copy for a checkpoint.
    pub(crate) fn fork(&self) -> Option<Self> {
        Some(match self {
            Self::New(name, args) => Self::New(name, args.clone()),
            Self::Running(program) => Self::Running(program.fork()?),
            Self::Statue => Self::Statue,
        })
    }

    /// Feeds the state digest.
    pub(crate) fn digest(&self, h: &mut StateHasher) {
        match self {
            Self::New(name, args) => (name, args).hash(h),
            Self::Running(program) => program.digest(h),
            Self::Statue => "statue".hash(h),
        }
    }
}

#[derive(Default)]
struct Slot {
    call: Option<Syscall>,
    result: Option<SysResult>,
    memory: Option<Box<dyn Memory>>,
    charge: SimTime,
    now: SimTime,
    wall_clock: i64,
    pid: u32,
    host_pid: Pid,
    ids: (u32, u32),
    signals: Vec<Signal>,
    held: u64,
    /// What its limits let it take.
    most: u64,
}

/// An `async` program's handle to the kernel.
#[derive(Clone)]
pub struct Sys(Rc<RefCell<Slot>>);

/// A system call under way; `.await` gives its answer. One plain type for all calls keeps programs
/// small: an `async fn` for each would be a state machine at every place that calls it.
pub struct Call<T> {
    slot: Rc<RefCell<Slot>>,
    call: Option<Syscall>,
    convert: fn(Ret) -> Result<T, Errno>,
}

impl<T> Future for Call<T> {
    type Output = Result<T, Errno>;
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match post(&self.slot.clone(), &mut self.call) {
            Some(r) => Poll::Ready(r.and_then(self.convert)),
            None => Poll::Pending,
        }
    }
}

/// Posts a call the first time, later takes its result.
#[inline(never)]
fn post(slot: &RefCell<Slot>, call: &mut Option<Syscall>) -> Option<SysResult> {
    let mut slot = slot.borrow_mut();
    if let Some(call) = call.take() {
        slot.call = Some(call);
        return None;
    }
    slot.result.take()
}

impl Sys {
    /// Any call, untyped.
    pub fn call(&self, call: Syscall) -> Call<Ret> {
        self.typed(call, Ok)
    }

    /// Any call, with how its answer is read.
    #[inline(never)]
    pub fn typed<T>(&self, call: Syscall, convert: fn(Ret) -> Result<T, Errno>) -> Call<T> {
        Call { slot: self.0.clone(), call: Some(call), convert }
    }

    /// Uses virtual cpu time.
    pub fn charge(&self, time: SimTime) {
        self.0.borrow_mut().charge += time;
    }
    /// The time since boot, as of the last call.
    pub fn now(&self) -> SimTime {
        self.0.borrow().now
    }
    /// Wall clock: nanoseconds since 1970, as of the last call.
    pub fn wall_clock(&self) -> i64 {
        self.0.borrow().wall_clock
    }
    /// The process's number in its own namespace.
    pub fn pid(&self) -> u32 {
        self.0.borrow().pid
    }
    /// The process's number on the host.
    pub fn host_pid(&self) -> Pid {
        self.0.borrow().host_pid
    }
    /// Effective user and group.
    pub fn ids(&self) -> (u32, u32) {
        self.0.borrow().ids
    }
    /// Says that the program holds so many bytes at once: they count as its memory from then on.
    ///
    /// # Errors
    /// `ENOMEM` beyond its limits.
    pub fn hold(&self, bytes: usize) -> Result<(), Errno> {
        let mut slot = self.0.borrow_mut();
        let bytes = bytes as u64;
        if OWN + bytes > slot.most.max(OWN) {
            return Err(Errno::ENOMEM);
        }
        slot.held = slot.held.max(bytes);
        Ok(())
    }
    /// Ends the slice: limits act before the program goes on.
    pub async fn breathe(&self) {
        let mut asked = false;
        std::future::poll_fn(|_| if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
    }
    /// Caught signals that have arrived, in order.
    pub fn take_signals(&self) -> Vec<Signal> {
        std::mem::take(&mut self.0.borrow_mut().signals)
    }
    /// Looks at the state that this process's threads share; `None` if it has none of this type.
    /// Never hold it across an `.await`.
    pub fn with_memory<T: Any, R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut memory = self.0.borrow_mut().memory.take()?;
        let r = memory.as_mut().as_any_mut().downcast_mut::<T>().map(f);
        self.0.borrow_mut().memory = Some(memory);
        r
    }

    /// Writes all bytes.
    pub async fn write_all(&self, fd: Fd, data: impl Into<Vec<u8>>) -> Result<(), Errno> {
        let data: Bytes = Rc::new(data.into());
        if data.is_empty() {
            return Ok(());
        }
        let mut done = self.write(fd, data.clone()).await?;
        // What takes a part of it takes no more than a pipe's room at once: the rest is not copied each time.
        while done < data.len() {
            let end = data.len().min(done.saturating_add(crate::pipe::CAPACITY));
            let part = data.get(done..end).unwrap_or_default().to_vec();
            let written = self.write(fd, Rc::new(part)).await?;
            if written == 0 {
                break;
            }
            done = done.saturating_add(written);
        }
        Ok(())
    }
    /// Writes to standard output; a closed pipe ends the program by `SIGPIPE`, other errors are given.
    pub async fn print(&self, text: impl AsRef<str>) -> Result<(), Errno> {
        self.write_all(1, text.as_ref().as_bytes()).await
    }
    /// Writes to standard error; errors are nobody's business.
    pub async fn eprint(&self, text: impl AsRef<str>) {
        let _ = self.write_all(2, text.as_ref().as_bytes()).await;
    }
    /// Reads until the end.
    pub async fn read_all(&self, fd: Fd) -> Result<Vec<u8>, Errno> {
        let mut all = Vec::new();
        loop {
            let chunk = self.read(fd, 1 << 16).await?;
            if chunk.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(&chunk);
            self.hold(all.len())?;
        }
    }
    /// A whole file.
    pub async fn read_file(&self, path: &str) -> Result<Vec<u8>, Errno> {
        let fd = self.open(path, OpenFlags::READ, 0).await?;
        let r = self.read_all(fd).await;
        self.close(fd).await?;
        r
    }
    /// Makes or replaces a file.
    pub async fn write_file(&self, path: &str, data: impl Into<Vec<u8>>, mode: u32) -> Result<(), Errno> {
        let fd = self.open(path, OpenFlags::CREATE, mode).await?;
        let r = self.write_all(fd, data).await;
        self.close(fd).await?;
        r
    }
    /// Whether the descriptor is a terminal.
    pub async fn is_atty(&self, fd: Fd) -> bool {
        self.tc_get_attr(fd).await.is_ok()
    }
}

struct AsyncProgram {
    args: ProgramArgs,
    slot: Rc<RefCell<Slot>>,
    future: Pin<Box<dyn Future<Output = i32>>>,
    calls: u64,
}

impl Program for AsyncProgram {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        {
            let mut s = self.slot.borrow_mut();
            s.result = cx.result.take();
            s.memory = cx.memory.take();
            s.now = cx.now();
            s.wall_clock = cx.wall_clock();
            s.pid = cx.pid();
            s.host_pid = cx.pid;
            s.ids = cx.ids();
            s.most = cx.sys.process(cx.pid).map_or(u64::MAX, |p| p.limits.memory());
            while let Some(sig) = cx.take_signal() {
                s.signals.push(sig);
            }
        }
        self.calls += 1;
        let poll = self.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let mut s = self.slot.borrow_mut();
        cx.memory = s.memory.take();
        cx.charge(std::mem::take(&mut s.charge));
        match (poll, s.call.take()) {
            (Poll::Ready(code), _) => Step::exit(code),
            (Poll::Pending, Some(call)) => Step::Syscall(call),
            (Poll::Pending, None) => Step::Yield,
        }
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        None
    }
    fn digest(&self, h: &mut StateHasher) {
        use std::hash::Hash;
        self.args.hash(h);
        self.calls.hash(h);
    }
    fn memory(&self) -> u64 {
        let held = self.slot.borrow().held;
        // Without end it would take all of the machine, whose real memory is smaller.
        if held > MOST_HELD { 2 * crate::calls::machine::MEMORY } else { OWN + held }
    }
}

/// What a small program takes.
const OWN: u64 = 2 << 20;
/// Bytes that a program may hold before it counts as one that takes all.
const MOST_HELD: u64 = 160 << 20;

/// A program from an `async fn` that answers the exit code. It cannot be cloned: for what is short.
pub fn async_program<F, Fut>(args: ProgramArgs, main: F) -> Box<dyn Program>
where
    F: FnOnce(Sys, ProgramArgs) -> Fut,
    Fut: Future<Output = i32> + 'static,
{
    let slot = Rc::new(RefCell::new(Slot::default()));
    let future = Box::pin(main(Sys(slot.clone()), args.clone()));
    Box::new(AsyncProgram { args, slot, future, calls: 0 })
}
