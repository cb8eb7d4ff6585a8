//! `/proc` (`proc(5)`): its names, numbers and links. The texts are made in the files beside.
//!
//! An inode's number is the process's host number (0: none) above a number in the tables here.

mod machine;
mod net;
mod process;
mod sysctl;

use crate::errno::Errno;
use crate::file::{FileId, FileKind};
use crate::process::{Cap, Process, State};
use crate::sorted;
use crate::syscall::{FileType, Pid, PidNsId};
use crate::system::System;
use crate::vfs::special::{Magic, dir};
use crate::vfs::{FsId, Ino, Inode, Loc, Tree};

pub(crate) use process::{name_of, namespace_inode, namespace_of, status_letter};

/// Files of the machine, below `/proc`. Directories are told from the paths.
const MACHINE: &[&str] = &[
    "cgroups",
    "cmdline",
    "cpuinfo",
    "devices",
    "diskstats",
    "filesystems",
    "interrupts",
    "kcore",
    "keys",
    "loadavg",
    "locks",
    "meminfo",
    "modules",
    "partitions",
    "stat",
    "swaps",
    "sysrq-trigger",
    "timer_list",
    "uptime",
    "version",
    "vmstat",
];

/// Directories of the machine that are empty here, below `/proc`.
const MACHINE_DIRS: &[&str] = &["acpi", "bus", "driver", "fs", "irq", "scsi", "tty"];

/// Files of a process, below `/proc/<pid>`.
const PROCESS: &[&str] = &[
    "cgroup",
    "cmdline",
    "comm",
    "environ",
    "gid_map",
    "io",
    "limits",
    "loginuid",
    "maps",
    "mountinfo",
    "mounts",
    "net/arp",
    "net/dev",
    "net/if_inet6",
    "net/raw",
    "net/route",
    "net/tcp",
    "net/tcp6",
    "net/udp",
    "net/udp6",
    "net/unix",
    "oom_score",
    "oom_score_adj",
    "sched",
    "setgroups",
    "stat",
    "statm",
    "status",
    "uid_map",
    "wchan",
];

const DIRS: &[&str] = &["fd", "fdinfo", "net", "ns", "task"];
const LINKS: &[&str] = &["cwd", "exe", "root"];
/// Kinds of namespaces, as `/proc/<pid>/ns` names them.
pub const NAMESPACES: &[&str] =
    &["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"];
const ROOT_LINKS: &[(&str, &str)] = &[("mounts", "self/mounts"), ("net", "self/net")];

const SELF: u32 = 2;
const THREAD_SELF: u32 = 3;
const ROOT_LINK: u32 = 10;
const MACHINE_DIR: u32 = 50;
const MACHINE_FILE: u32 = 100;
const SYSCTL: u32 = 1_000;
const PID_DIR: u32 = 1;
const FILE: u32 = 100;
const DIR: u32 = 200;
const LINK: u32 = 300;
const NS: u32 = 400;
const FD: u32 = 0x1000_0000;
const FDINFO: u32 = 0x2000_0000;

/// What an inode number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Root,
    SelfLink,
    ThreadSelf,
    RootLink(usize),
    MachineDir(usize),
    Machine(usize),
    Sysctl(usize),
    PidDir(Pid),
    File(Pid, usize),
    Dir(Pid, usize),
    Link(Pid, usize),
    Ns(Pid, usize),
    Fd(Pid, i32),
    FdInfo(Pid, i32),
}

fn number(pid: Pid, n: usize, base: u32) -> Ino {
    Ino((u64::from(pid.0) << 32) | (u64::from(base) + n as u64))
}

fn what(ino: Ino) -> What {
    let (pid, low) = (Pid((ino.0 >> 32) as u32), ino.0 as u32);
    let n = |base: u32| (low - base) as usize;
    if pid.0 == 0 {
        return match low {
            SELF => What::SelfLink,
            THREAD_SELF => What::ThreadSelf,
            ROOT_LINK..MACHINE_DIR => What::RootLink(n(ROOT_LINK)),
            MACHINE_DIR..MACHINE_FILE => What::MachineDir(n(MACHINE_DIR)),
            MACHINE_FILE..SYSCTL => What::Machine(n(MACHINE_FILE)),
            SYSCTL.. => What::Sysctl(n(SYSCTL)),
            _ => What::Root,
        };
    }
    match low {
        FDINFO.. => What::FdInfo(pid, (low - FDINFO) as i32),
        FD.. => What::Fd(pid, (low - FD) as i32),
        NS.. => What::Ns(pid, n(NS)),
        LINK.. => What::Link(pid, n(LINK)),
        DIR.. => What::Dir(pid, n(DIR)),
        FILE.. => What::File(pid, n(FILE)),
        _ => What::PidDir(pid),
    }
}

/// The pid namespace that a `proc` shows.
fn shown(sys: &System, p: &Process, fs: FsId) -> PidNsId {
    sys.filesystems.get(&fs).and_then(|f| f.pid_ns).unwrap_or(p.pid_ns)
}

/// Whether a process may look behind another's links (`ptrace(2)`'s access check, in short).
fn may_look(p: &Process, target: &Process) -> Result<(), Errno> {
    let same = p.uid == target.real.0 && p.uid == target.saved.0 && p.gid == target.real.1;
    if p.pid == target.pid || same || p.can(Cap::SysPtrace) { Ok(()) } else { Err(Errno::EACCES) }
}

pub(super) fn inode(sys: &System, p: &Process, fs: FsId, ino: Ino) -> Option<Inode> {
    let ns = shown(sys, p, fs);
    let own = |target: Pid, i: Inode| -> Option<Inode> {
        let t = sys.process(target)?;
        Some(i.owned(t.uid, t.gid))
    };
    let file = |mode| Inode::file(Vec::new(), mode);
    let link = |text: String| Inode::symlink(text);
    let now = sys.wall(sys.now);
    let mut made = match what(ino) {
        What::Root => dir(0o555),
        What::SelfLink => link(sys.pid_seen_by(p.leader, ns).to_string()),
        What::ThreadSelf => {
            let n = sys.pid_seen_by(p.leader, ns);
            link(format!("{n}/task/{n}"))
        }
        What::RootLink(n) => link(ROOT_LINKS.get(n)?.1.to_owned()),
        What::MachineDir(n) => MACHINE_DIRS.get(n).map(|_| dir(0o555))?,
        What::Machine(n) => file(match *MACHINE.get(n)? {
            "kcore" | "timer_list" => 0o400,
            "sysrq-trigger" => 0o200,
            _ => 0o444,
        }),
        What::Sysctl(n) => sysctl::inode(n)?,
        What::PidDir(t) => own(t, dir(0o555))?,
        What::File(t, n) => {
            let mode = match *PROCESS.get(n)? {
                "environ" | "io" => 0o400,
                "comm" | "oom_score_adj" | "uid_map" | "gid_map" | "setgroups" | "loginuid" => 0o644,
                _ => 0o444,
            };
            own(t, file(mode))?
        }
        What::Dir(t, n) => {
            let mode = if matches!(*DIRS.get(n)?, "fd" | "fdinfo" | "ns") { 0o500 } else { 0o555 };
            let mode = if DIRS.get(n) == Some(&"ns") { 0o511 } else { mode };
            own(t, dir(mode))?
        }
        What::Link(t, n) => own(t, link(process::link(sys, p, t, LINKS.get(n)?)))?,
        What::Ns(t, n) => own(t, link(process::namespace(sys, t, NAMESPACES.get(n)?)?))?,
        What::Fd(t, fd) => {
            let (text, mode) = process::descriptor(sys, p, t, fd)?;
            let mut i = link(text);
            i.mode = mode;
            own(t, i)?
        }
        What::FdInfo(t, fd) => {
            sys.file_of(t, fd).ok()?;
            own(t, file(0o444))?
        }
    };
    made.mtime = now;
    if matches!(what(ino), What::Root) {
        made.nlink = sys.processes.len() as u32 + 6;
    }
    Some(made)
}

fn position(list: &[&str], name: &str) -> Option<usize> {
    list.iter().position(|n| *n == name)
}

pub(super) fn child(sys: &System, p: &Process, fs: FsId, dir: Ino, name: &str) -> Option<Ino> {
    let ns = shown(sys, p, fs);
    match what(dir) {
        What::Root => {
            if let Ok(n) = name.parse::<u32>() {
                if name.starts_with('0') {
                    return None;
                }
                return crate::calls::host_pid(sys, ns, n).map(|pid| number(pid, 0, PID_DIR));
            }
            match name {
                "self" => (sys.pid_seen_by(p.leader, ns) != 0).then_some(Ino(u64::from(SELF))),
                "thread-self" => Some(Ino(u64::from(THREAD_SELF))),
                "sys" => Some(number(Pid(0), 0, SYSCTL)),
                _ => {
                    let file = position(MACHINE, name).map(|n| number(Pid(0), n, MACHINE_FILE));
                    let dir = || position(MACHINE_DIRS, name).map(|n| number(Pid(0), n, MACHINE_DIR));
                    let file = file.or_else(dir);
                    let link = ROOT_LINKS.iter().position(|l| l.0 == name);
                    file.or_else(|| link.map(|n| number(Pid(0), n, ROOT_LINK)))
                }
            }
        }
        What::Sysctl(n) => sysctl::child(n, name).map(|n| number(Pid(0), n, SYSCTL)),
        What::PidDir(t) => {
            let file = position(PROCESS, name).map(|n| number(t, n, FILE));
            let dir = || position(DIRS, name).map(|n| number(t, n, DIR));
            file.or_else(dir).or_else(|| position(LINKS, name).map(|n| number(t, n, LINK)))
        }
        What::Dir(t, n) => match *DIRS.get(n)? {
            "ns" => position(NAMESPACES, name).map(|n| number(t, n, NS)),
            "net" => PROCESS.iter().position(|f| f.strip_prefix("net/") == Some(name)).map(|n| number(t, n, FILE)),
            "task" => {
                let n: u32 = name.parse().ok()?;
                (sys.pid_seen_by(t, ns) == n).then(|| number(t, 0, PID_DIR))
            }
            kind => {
                let fd: i32 = name.parse().ok()?;
                sys.file_of(t, fd).ok()?;
                Some(number(t, usize::try_from(fd).ok()?, if kind == "fd" { FD } else { FDINFO }))
            }
        },
        _ => None,
    }
}

pub(super) fn entries(sys: &System, p: &Process, fs: FsId, dir: Ino) -> Vec<(String, Ino, FileType)> {
    let ns = shown(sys, p, fs);
    let one = |name: &str, ino: Ino, t: FileType| (name.to_owned(), ino, t);
    let mut list = Vec::new();
    match what(dir) {
        What::Root => {
            for info in sys.processes.values().filter(|t| !t.is_thread()) {
                let n = sys.pid_seen_by(info.pid, ns);
                if n != 0 {
                    list.push((n, number(info.pid, 0, PID_DIR)));
                }
            }
            sorted::sort(&mut list);
            let mut list: Vec<_> = list.into_iter().map(|(n, ino)| (n.to_string(), ino, FileType::Dir)).collect();
            list.extend(
                MACHINE.iter().enumerate().map(|(n, f)| one(f, number(Pid(0), n, MACHINE_FILE), FileType::File)),
            );
            let dirs = MACHINE_DIRS.iter().enumerate();
            list.extend(dirs.map(|(n, f)| one(f, number(Pid(0), n, MACHINE_DIR), FileType::Dir)));
            let links = ROOT_LINKS.iter().enumerate();
            list.extend(links.map(|(n, l)| one(l.0, number(Pid(0), n, ROOT_LINK), FileType::Symlink)));
            list.push(one("self", Ino(u64::from(SELF)), FileType::Symlink));
            list.push(one("sys", number(Pid(0), 0, SYSCTL), FileType::Dir));
            list.push(one("thread-self", Ino(u64::from(THREAD_SELF)), FileType::Symlink));
            return list;
        }
        What::Sysctl(n) => {
            let below = sysctl::entries(n).into_iter();
            return below.map(|(name, n, t)| (name, number(Pid(0), n, SYSCTL), t)).collect();
        }
        What::PidDir(t) => {
            let files = PROCESS.iter().enumerate().filter(|(_, f)| !f.contains('/'));
            let mut list: Vec<_> = files.map(|(n, f)| one(f, number(t, n, FILE), FileType::File)).collect();
            list.extend(DIRS.iter().enumerate().map(|(n, f)| one(f, number(t, n, DIR), FileType::Dir)));
            list.extend(LINKS.iter().enumerate().map(|(n, f)| one(f, number(t, n, LINK), FileType::Symlink)));
            sorted::sort(&mut list);
            return list;
        }
        What::Dir(t, n) => match DIRS.get(n).copied().unwrap_or_default() {
            "ns" => {
                let all = NAMESPACES.iter().enumerate();
                return all.map(|(n, f)| one(f, number(t, n, NS), FileType::Symlink)).collect();
            }
            "net" => {
                let all = PROCESS.iter().enumerate().filter_map(|(n, f)| Some((n, f.strip_prefix("net/")?)));
                return all.map(|(n, f)| one(f, number(t, n, FILE), FileType::File)).collect();
            }
            "task" => {
                let n = sys.pid_seen_by(t, ns);
                return vec![(n.to_string(), number(t, 0, PID_DIR), FileType::Dir)];
            }
            kind => {
                let (base, file_type) = if kind == "fd" { (FD, FileType::Symlink) } else { (FDINFO, FileType::File) };
                let fds = sys.process(t).map(|t| t.files.table.keys().copied().collect::<Vec<_>>());
                let fds = fds.unwrap_or_default().into_iter();
                return fds
                    .filter_map(|fd| Some((fd.to_string(), number(t, usize::try_from(fd).ok()?, base), file_type)))
                    .collect();
            }
        },
        _ => {}
    }
    Vec::new()
}

pub(super) fn parent(ino: Ino) -> Ino {
    match what(ino) {
        What::Sysctl(n) if n > 0 => number(Pid(0), sysctl::parent(n), SYSCTL),
        What::File(t, n) if PROCESS.get(n).is_some_and(|f| f.starts_with("net/")) => {
            number(t, position(DIRS, "net").unwrap_or(0), DIR)
        }
        What::File(t, _) | What::Dir(t, _) | What::Link(t, _) => number(t, 0, PID_DIR),
        What::Ns(t, _) => number(t, position(DIRS, "ns").unwrap_or(0), DIR),
        What::Fd(t, _) => number(t, position(DIRS, "fd").unwrap_or(0), DIR),
        What::FdInfo(t, _) => number(t, position(DIRS, "fdinfo").unwrap_or(0), DIR),
        _ => Tree::ROOT,
    }
}

/// Where a link leads that is no text.
pub(super) fn magic(sys: &System, p: &Process, ino: Ino) -> Result<Magic, Errno> {
    let target = |t: Pid| -> Result<&Process, Errno> {
        let t = sys.process(t).ok_or(Errno::ENOENT)?;
        may_look(p, t)?;
        Ok(t)
    };
    Ok(match what(ino) {
        What::Link(t, n) => {
            let t = target(t)?;
            if matches!(t.state, State::Zombie(_)) {
                return Err(Errno::ENOENT);
            }
            match LINKS.get(n).copied().unwrap_or_default() {
                "cwd" => Magic::Place(t.cwd),
                "exe" => Magic::Place(t.exe.loc),
                _ => Magic::Place(t.root),
            }
        }
        What::Fd(t, fd) => {
            let id = sys.file_of(target(t)?.pid, fd).map_err(|_| Errno::ENOENT)?;
            match sys.files.get(&id).map(|f| &f.kind) {
                Some(FileKind::Inode { place, .. }) => Magic::Place(place.loc),
                _ => Magic::Open(id),
            }
        }
        // A namespace has no place: its link stands for it, and opening that opens it.
        What::Ns(t, _) => Magic::Here(target(t)?.pid),
        _ => Magic::None,
    })
}

/// The size that a link shows which leads where no text says (fs/proc/base.c).
pub(crate) fn link_size(ino: Ino) -> Option<u64> {
    match what(ino) {
        What::SelfLink | What::ThreadSelf | What::Link(..) | What::Ns(..) => Some(0),
        What::Fd(..) => Some(64),
        _ => None,
    }
}

/// What a descriptor's link stands for, if that has no place.
pub(crate) fn open_behind(sys: &System, p: &Process, loc: Loc) -> Option<FileId> {
    match sys.magic(p, loc) {
        Ok(Magic::Open(id)) => Some(id),
        _ => None,
    }
}

/// Which namespace a link of `/proc/<pid>/ns`, or a mount of one, stands for.
pub(crate) fn namespace_behind(sys: &System, loc: Loc) -> Option<(&'static str, u32)> {
    let (fs, kind) = sys.fs_at(loc)?;
    match (kind, what(loc.ino())) {
        (crate::vfs::FsKind::Nsfs, _) => sys.filesystems.get(&fs)?.namespace,
        (crate::vfs::FsKind::Proc, What::Ns(t, n)) => {
            let kind = NAMESPACES.get(n)?;
            Some((kind.trim_end_matches("_for_children"), namespace_of(sys.process(t)?, kind)))
        }
        _ => None,
    }
}

pub(super) fn read(sys: &System, p: &Process, fs: FsId, ino: Ino) -> Result<Vec<u8>, Errno> {
    let ns = shown(sys, p, fs);
    let text = match what(ino) {
        What::Machine(n) => machine::text(sys, p, ns, MACHINE.get(n).copied().unwrap_or_default()),
        What::Sysctl(n) => sysctl::read(sys, p, n)?,
        What::File(t, n) => {
            let t = sys.process(t).ok_or(Errno::ESRCH)?;
            let name = PROCESS.get(n).copied().unwrap_or_default();
            if matches!(name, "environ" | "io" | "maps") {
                may_look(p, t)?;
            }
            match name.strip_prefix("net/") {
                Some(name) => net::text(sys, t.net_ns, name),
                None => process::text(sys, p, ns, t, name),
            }
        }
        What::FdInfo(t, fd) => {
            let id = sys.file_of(t, fd).map_err(|_| Errno::ENOENT)?;
            let f = sys.files.get(&id).ok_or(Errno::ENOENT)?;
            let mode = match (f.read, f.write) {
                (true, true) => 2,
                (_, true) => 1,
                _ => 0,
            };
            let flags = mode | if f.append { 0o2000 } else { 0 } | if f.nonblock { 0o4000 } else { 0 };
            format!("pos:\t{}\nflags:\t0{flags:o}\nmnt_id:\t0\nino:\t{}\n", f.offset, id.0)
        }
        What::Root | What::MachineDir(_) | What::PidDir(_) | What::Dir(..) => return Err(Errno::EISDIR),
        _ => return Err(Errno::EINVAL),
    };
    Ok(text.into_bytes())
}

pub(super) fn write(sys: &mut System, p: &Process, ino: Ino, text: &str) -> Result<(), Errno> {
    match what(ino) {
        What::Machine(n) if MACHINE.get(n) == Some(&"sysrq-trigger") => machine::sysrq(sys, text),
        What::Sysctl(n) => sysctl::write(sys, p, n, text),
        What::File(t, n) => process::write(sys, p, t, PROCESS.get(n).copied().unwrap_or_default(), text),
        _ => Err(Errno::EACCES),
    }
}
