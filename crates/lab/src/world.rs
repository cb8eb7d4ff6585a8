//! The world: one machine with its programs. A pure function of scenario, seed, boot date and inputs.

use std::rc::Rc;

use layerlab_engine::EngineState;
use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::tty::TtyId;
use layerlab_kernel::vfs::{FsKind, Node};
use layerlab_kernel::{Bytes, Errno, ExitStatus, Kernel, Outside, ProgramTable, SimTime, Slice, SpawnSpec, WinSize};

use crate::init::{self, STUDENT, STUDENT_GROUPS};
use crate::input::Input;
use crate::scenario::Scenario;

/// The student's first terminal, where process 1 lets them log in.
pub const CONSOLE: TtyId = TtyId(0);
/// How many terminals a person may have.
const TERMINALS: usize = 8;
/// The student's home folder.
pub const HOME: &str = "/home/student";

/// What a command that was run from outside has given so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// What it wrote.
    pub stdout: Vec<u8>,
    /// What it complained.
    pub stderr: Vec<u8>,
    /// How it ended, if it has.
    pub status: Option<ExitStatus>,
}

impl Probe {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// A machine and what it was made from.
pub struct World {
    /// The machine.
    pub kernel: Kernel,
    outside: SortedMap<u32, Result<Outside, Errno>>,
}

impl World {
    /// Boots a machine; on return the daemon's socket is there and the shell, if somebody logs in, waits
    /// at its prompt. `boot`: the clock at boot, seconds since 1970.
    ///
    /// # Errors
    /// A scenario whose files cannot be put into place, such as a file below a file.
    pub fn boot(
        programs: Rc<ProgramTable>,
        scenario: &Scenario,
        seed: u64,
        boot: i64,
        size: WinSize,
    ) -> Result<Self, Errno> {
        let root = scenario.tree(&programs, boot)?;
        let mut kernel = Kernel::new(root, programs, seed, boot.saturating_mul(1_000_000_000), "layerlab");
        let dev = kernel.sys.add_fs(FsKind::Devtmpfs, Scenario::devices()?);
        kernel.sys.mount_host(dev, "/dev")?;
        for (kind, path) in [
            (FsKind::Proc, "/proc"),
            (FsKind::Sysfs, "/sys"),
            (FsKind::Cgroup2, "/sys/fs/cgroup"),
            (FsKind::Devpts, "/dev/pts"),
        ] {
            let fs = kernel.sys.add_fs(kind, layerlab_kernel::vfs::Tree::new());
            kernel.sys.mount_host(fs, path)?;
        }
        let run = kernel.sys.add_fs(FsKind::Tmpfs, layerlab_kernel::vfs::Tree::new());
        kernel.sys.mount_host(run, "/run")?;
        kernel.sys.plug(layerlab_engine::registry::SITES)?;
        let tty = kernel.sys.add_tty();
        if let Some(t) = kernel.sys.ttys.get_mut(&tty) {
            t.owner = STUDENT.0;
        }
        kernel.resize(CONSOLE, size);
        let mut argv = vec!["/sbin/init".to_owned()];
        if !scenario.login {
            argv.push("--no-login".to_owned());
        }
        kernel.boot("/usr/sbin/init", argv, Vec::new())?;
        let mut world = Self { kernel, outside: SortedMap::new() };
        world.run_until(SimTime::secs(1));
        Ok(world)
    }

    /// A copy; `None` while a program is alive that cannot be cloned.
    pub fn checkpoint(&self) -> Option<Self> {
        Some(Self { kernel: self.kernel.try_clone()?, outside: self.outside.clone() })
    }

    /// A copy to look around in: what cannot be cloned stands still in it.
    pub fn for_observer(&self) -> Self {
        Self { kernel: self.kernel.clone_for_observer(), outside: SortedMap::new() }
    }

    /// Virtual time since boot.
    pub fn now(&self) -> SimTime {
        self.kernel.sys.now
    }

    /// sha256 over all state, in hex.
    pub fn digest(&self) -> String {
        self.kernel.digest()
    }

    /// Lets time pass.
    pub fn run_until(&mut self, until: SimTime) {
        self.kernel.run_until(until);
    }

    /// Lets time pass, but at most `budget` events.
    pub fn run_slice(&mut self, until: SimTime, budget: u64) -> Slice {
        self.kernel.run_slice(until, budget)
    }

    /// What the engine knows; `None` while the daemon does not run.
    pub fn engine(&self) -> Option<&EngineState> {
        self.kernel.find_memory()
    }

    /// Applies an input now.
    ///
    /// # Errors
    /// The kernel's refusal (a file that cannot be written); the world is as before.
    pub fn apply(&mut self, input: &Input) -> Result<(), Errno> {
        match input {
            Input::Key(bytes) => self.kernel.type_bytes(CONSOLE, bytes),
            Input::KeyAt { terminal, bytes } => {
                if !self.kernel.sys.windows.contains(&TtyId(*terminal)) {
                    return Err(Errno::ENXIO);
                }
                self.kernel.type_bytes(TtyId(*terminal), bytes);
            }
            Input::Open { command } => self.open(command.as_deref())?,
            Input::Close { terminal } => {
                if !self.kernel.close_window(TtyId(*terminal)) {
                    return Err(Errno::ENXIO);
                }
            }
            Input::Resize { rows, cols } => {
                let size = WinSize { rows: (*rows).max(1), cols: (*cols).max(1) };
                for terminal in self.terminals() {
                    self.kernel.resize(TtyId(terminal), size);
                }
            }
            Input::WriteFile { path, data } => self.write_home(path, data.clone())?,
            Input::CreateFolder { path } => {
                home_path(path)?;
                self.mkdir_home(path)?;
            }
            Input::Run { id, argv } => {
                let started = self.kernel.spawn_outside(&student(argv.clone()));
                self.outside.insert(*id, started);
            }
            Input::Stdin { id, data } => {
                if let Some(Ok(o)) = self.outside.get(id) {
                    match data {
                        Some(bytes) => self.kernel.write_outside(o, bytes),
                        None => self.kernel.close_outside(o),
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, command: Option<&str>) -> Result<(), Errno> {
        if self.kernel.sys.windows.len() + 1 >= TERMINALS {
            return Err(Errno::ENOSPC);
        }
        let size = self.kernel.sys.ttys.get(&CONSOLE).map_or(WinSize { rows: 24, cols: 80 }, |t| t.size);
        let terminal = self.kernel.open_window(&init::login(), size)?;
        if let (Some(line), Some(tty)) = (command, self.kernel.sys.ttys.get_mut(&terminal)) {
            // Typed before the shell reads: it is the shell that shows it, at its prompt.
            tty.input.extend(line.bytes().filter(|b| !b.is_ascii_control()).chain([b'\n']));
        }
        Ok(())
    }

    /// A person's terminals, by number: the first, and those that were opened and are open.
    pub fn terminals(&self) -> Vec<u32> {
        std::iter::once(CONSOLE).chain(self.kernel.sys.windows.iter().copied()).map(|t| t.0).collect()
    }

    /// What a command that was run from outside has given since the last call; `None`: no such one.
    pub fn outside(&mut self, id: u32) -> Option<Probe> {
        match self.outside.get(&id)? {
            Err(_) => Some(Probe { status: Some(ExitStatus::Code(127)), ..Probe::default() }),
            Ok(o) => {
                let (stdout, stderr) = self.kernel.take_outside(o);
                Some(Probe { stdout, stderr, status: self.kernel.status_outside(o) })
            }
        }
    }

    /// Whether a command that was run from outside waits for standard input.
    pub fn wants_stdin(&self, id: u32) -> bool {
        matches!(self.outside.get(&id), Some(Ok(o)) if self.kernel.wants_outside(o))
    }

    /// What the first terminal shows since the last call.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.take_output_of(CONSOLE.0)
    }

    /// What a terminal shows since the last call.
    pub fn take_output_of(&mut self, terminal: u32) -> Vec<u8> {
        self.kernel.take_output(TtyId(terminal))
    }

    /// Runs a command as the student in a copy of the world, which is then thrown away: the world itself
    /// does not notice.
    pub fn probe(&self, argv: &[&str], limit: SimTime) -> Probe {
        let mut copy = self.for_observer();
        let until = copy.now() + limit;
        let Ok(o) = copy.kernel.spawn_outside(&student(argv.iter().map(|a| (*a).to_owned()).collect())) else {
            return Probe { status: Some(ExitStatus::Code(127)), ..Probe::default() };
        };
        copy.kernel.close_outside(&o);
        while copy.kernel.status_outside(&o).is_none() {
            let next = copy.kernel.next_event().filter(|t| *t <= until);
            let Some(next) = next else { break };
            if let Slice::Missing(_) = copy.kernel.run_slice(next, 256) {
                break;
            }
        }
        let (stdout, stderr) = copy.kernel.take_outside(&o);
        Probe { stdout, stderr, status: copy.kernel.status_outside(&o) }
    }

    /// A file of the home folder.
    ///
    /// # Errors
    /// The kernel's.
    pub fn read_home(&self, path: &str) -> Result<Bytes, Errno> {
        self.kernel.read_file(&home_path(path)?)
    }

    fn write_home(&mut self, path: &str, data: Vec<u8>) -> Result<(), Errno> {
        if let Some((dir, _)) = path.trim_matches('/').rsplit_once('/') {
            self.mkdir_home(dir)?;
        }
        self.kernel.write_file(&home_path(path)?, data)
    }

    fn mkdir_home(&mut self, path: &str) -> Result<(), Errno> {
        let fs = self.kernel.sys.filesystems.get_mut(&layerlab_kernel::vfs::FsId(0)).ok_or(Errno::EIO)?;
        let mut at = HOME.to_owned();
        for name in layerlab_kernel::vfs::tree::parts(path) {
            at = format!("{at}/{name}");
            if fs.tree.lookup(&at).is_none() {
                fs.tree.insert(&at, layerlab_kernel::vfs::Inode::dir(0o755).owned(STUDENT.0, STUDENT.1))?;
            }
        }
        Ok(())
    }

    /// Every file and folder of the home folder: path relative to it, its inode.
    pub fn home(&self) -> Vec<(String, Rc<layerlab_kernel::vfs::Inode>)> {
        let Some(fs) = self.kernel.sys.filesystems.get(&layerlab_kernel::vfs::FsId(0)) else { return Vec::new() };
        fs.tree.walk_from(HOME).into_iter().map(|(p, _, i)| (p.trim_start_matches('/').to_owned(), i)).collect()
    }

    /// The home folder's files with their content.
    pub fn home_files(&self) -> Vec<crate::HomeFile> {
        let files = self.home().into_iter();
        files
            .filter_map(|(path, inode)| match &inode.node {
                Node::File(data) => Some(crate::HomeFile { path, mode: inode.mode, data: data.to_vec() }),
                _ => None,
            })
            .collect()
    }
}

/// The absolute path of one relative to the home folder; it may not lead out of it by `..`.
fn home_path(path: &str) -> Result<String, Errno> {
    if path.split('/').any(|p| p == "..") {
        return Err(Errno::EACCES);
    }
    Ok(format!("{HOME}/{}", path.trim_matches('/')))
}

pub(crate) fn student(argv: Vec<String>) -> SpawnSpec {
    SpawnSpec {
        argv,
        env: init::login_env(),
        cwd: HOME.to_owned(),
        uid: STUDENT.0,
        gid: STUDENT.1,
        groups: STUDENT_GROUPS.to_vec(),
        cgroup: "/user.slice/user-1000.slice/session-2.scope".to_owned(),
        new_session: true,
        ..SpawnSpec::default()
    }
}
