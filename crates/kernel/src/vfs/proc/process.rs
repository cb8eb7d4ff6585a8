//! Files of a process.

use std::fmt::Write;

use crate::capability;
use crate::errno::Errno;
use crate::file::FileKind;
use crate::limit::{Resource, UNLIMITED};
use crate::net::SockState;
use crate::process::{Cap, Process, State};
use crate::signal::{Disposition, Signal};
use crate::syscall::{Pid, PidNsId};
use crate::system::System;
use crate::tty::TtyId;
use crate::vfs::Loc;

/// `R`, `S`, `T` or `Z`.
pub(crate) fn status_letter(p: &Process) -> char {
    match &p.state {
        State::Zombie(_) => 'Z',
        _ if p.stopped.is_some() => 'T',
        State::Blocked(..) => 'S',
        State::Ready(_) => 'R',
    }
}

/// The text of `cwd`, `exe`, `root`.
pub(super) fn link(sys: &System, p: &Process, target: Pid, name: &str) -> String {
    let Some(t) = sys.process(target) else { return String::new() };
    let at = |loc: Loc| sys.path_of(p, loc).or_else(|| sys.path_of(t, loc)).unwrap_or_else(|| "/".to_owned());
    match name {
        "cwd" => at(t.cwd),
        "root" => at(t.root),
        _ => exe_path(sys, p, t),
    }
}

fn exe_path(sys: &System, p: &Process, t: &Process) -> String {
    if &*t.exe.name == "." {
        return String::new();
    }
    sys.path_of_place(p, &t.exe).or_else(|| sys.path_of_place(t, &t.exe)).unwrap_or_else(|| format!("/{}", t.exe.name))
}

/// The number of a process's namespace of a kind (`/proc/<pid>/ns`).
pub(crate) fn namespace_of(t: &Process, kind: &str) -> u32 {
    match kind {
        "cgroup" => t.spaces.cgroup,
        "ipc" => t.spaces.ipc,
        "mnt" => t.mnt_ns.0,
        "net" => t.net_ns.0,
        "pid" => t.pid_ns.0,
        "pid_for_children" => t.spaces.pid_for_children.unwrap_or(t.pid_ns).0,
        "user" => t.spaces.user,
        "uts" => t.uts_ns.0,
        _ => 0,
    }
}

/// The inode number that a namespace shows.
pub(crate) fn namespace_inode(kind: &str, id: u32) -> u64 {
    // The first ones have fixed numbers (include/linux/proc_ns.h); later ones are counted.
    if id > 0 {
        return 4_026_532_300 + 2 * u64::from(id) + u64::from(kind == "net");
    }
    match kind.trim_end_matches("_for_children") {
        "cgroup" => 4_026_531_835,
        "ipc" => 4_026_531_839,
        "mnt" => 4_026_531_841,
        "net" => 4_026_531_840,
        "pid" => 4_026_531_836,
        "user" => 4_026_531_837,
        "uts" => 4_026_531_838,
        _ => 4_026_531_834,
    }
}

/// The text of a namespace's link.
pub(super) fn namespace(sys: &System, target: Pid, kind: &str) -> Option<String> {
    let t = sys.process(target)?;
    let shown = kind.trim_end_matches("_for_children");
    Some(format!("{shown}:[{}]", namespace_inode(kind, namespace_of(t, kind))))
}

/// The text and mode of a descriptor's link.
pub(super) fn descriptor(sys: &System, p: &Process, target: Pid, fd: i32) -> Option<(String, u32)> {
    let f = sys.files.get(&sys.file_of(target, fd).ok()?)?;
    let t = sys.process(target)?;
    Some((name_of(sys, p, t, &f.kind), 0o100 | if f.read { 0o400 } else { 0 } | if f.write { 0o200 } else { 0 }))
}

/// What an open file is called.
pub(crate) fn name_of(sys: &System, p: &Process, t: &Process, kind: &FileKind) -> String {
    match kind {
        FileKind::Inode { place, .. } => {
            let gone = sys.inode_at(p, place.loc).is_none_or(|i| i.nlink == 0);
            let path = sys
                .path_of_place(p, place)
                .or_else(|| sys.path_of_place(t, place))
                .unwrap_or_else(|| format!("/{}", place.name));
            if gone { format!("{path} (deleted)") } else { path }
        }
        FileKind::Device(d) => format!("/dev/{}", d.name()),
        FileKind::PipeRead(id) | FileKind::PipeWrite(id) | FileKind::Fifo { pipe: id, .. } => {
            format!("pipe:[{}]", 20_000 + id.0)
        }
        FileKind::Tty(TtyId(n)) => format!("/dev/pts/{n}"),
        FileKind::TtyMaster(_) => "/dev/ptmx".to_owned(),
        FileKind::Socket(s) => format!("socket:[{}]", crate::net::inode_number(*s)),
        FileKind::Namespace(kind, id) => format!("{kind}:[{}]", namespace_inode(kind, *id)),
    }
}

fn octal_set(signals: impl Iterator<Item = Signal>) -> String {
    let bits: u64 = signals.map(|s| 1u64 << (s.number() - 1)).sum();
    format!("{bits:016x}")
}

/// What a file of a process says.
pub(super) fn text(sys: &System, p: &Process, ns: PidNsId, t: &Process, name: &str) -> String {
    match name {
        "cmdline" if t.is_zombie() => String::new(),
        "cmdline" => t.argv.iter().map(|a| format!("{a}\0")).collect(),
        "environ" => t.env.iter().map(|(k, v)| format!("{k}={v}\0")).collect(),
        "comm" => format!("{}\n", t.comm),
        "stat" => stat(sys, ns, t),
        "statm" => format!("{0} {1} {1} 1 0 {1} 0\n", t.memory * 3 / 4096, t.memory / 4096),
        "status" => status(sys, p, ns, t),
        "limits" => limits(t),
        "mounts" => sys.mount_lines(p, t, false),
        "mountinfo" => sys.mount_lines(p, t, true),
        "cgroup" => format!("0::{}\n", sys.cgroup_seen_by(p, &t.cgroup)),
        "oom_score" => format!("{}\n", sys.oom_badness(t).clamp(0, 2000)),
        "oom_score_adj" => format!("{}\n", t.oom_score_adj),
        "io" => "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n"
            .to_owned(),
        "loginuid" => "4294967295".to_owned(),
        "uid_map" | "gid_map" => sys.id_map(t, name == "gid_map"),
        "setgroups" => "allow\n".to_owned(),
        "wchan" => "0".to_owned(),
        "maps" => maps(&exe_path(sys, p, t), t),
        "sched" => format!("{} ({}, #threads: 1)\n", t.comm, t.ns_pid),
        _ => String::new(),
    }
}

fn maps(exe: &str, t: &Process) -> String {
    if exe.is_empty() {
        return String::new();
    }
    format!(
        "00400000-00401000 r-xp 00000000 fe:01 {0:<26} {exe}\n7ffd0b1c9000-7ffd0b1ea000 rw-p 00000000 00:00 0                          [stack]\n7ffd0b1f4000-7ffd0b1f6000 r-xp 00000000 00:00 0                          [vdso]\n",
        t.exe.loc.ino
    )
}

fn children_time(t: &Process) -> u64 {
    t.children_cpu.0 / 10_000_000
}

fn stat(sys: &System, ns: PidNsId, t: &Process) -> String {
    let tty = t.tty.map_or(0, |n| 136 << 8 | n.0);
    let seen = |pid| sys.pid_seen_by(pid, ns);
    let foreground = t.tty.and_then(|n| sys.ttys.get(&n)?.foreground).map_or(-1, |g| i64::from(seen(g)));
    let ticks = |time: crate::SimTime| time.0 / 10_000_000;
    let threads = sys.processes.values().filter(|o| o.leader == t.pid).count().max(1);
    format!(
        "{} ({}) {} {} {} {} {tty} {foreground} 4194304 0 0 0 0 {} {} {} 0 {} {} {threads} 0 {} {} {} 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 {}\n",
        seen(t.pid),
        t.comm,
        status_letter(t),
        seen(t.ppid),
        seen(t.pgid),
        seen(t.sid),
        ticks(t.cpu) * 2 / 3,
        ticks(t.cpu) - ticks(t.cpu) * 2 / 3,
        children_time(t),
        20 + i32::from(t.nice),
        t.nice,
        ticks(t.started),
        t.memory * 3,
        t.memory / 4096,
        0,
    )
}

fn status(sys: &System, p: &Process, ns: PidNsId, t: &Process) -> String {
    let mut s = String::new();
    let letter = status_letter(t);
    let word = match letter {
        'R' => "running",
        'T' => "stopped",
        'Z' => "zombie",
        _ => "sleeping",
    };
    let groups: String = t.groups.iter().map(|g| format!("{} ", p.seen_gid(*g))).collect();
    let _ = write!(
        s,
        "Name:\t{}\nUmask:\t{:04o}\nState:\t{letter} ({word})\nTgid:\t{pid}\nNgid:\t0\nPid:\t{pid}\nPPid:\t{}\nTracerPid:\t0\nUid:\t{}\t{}\t{}\t{}\nGid:\t{}\t{}\t{}\t{}\nFDSize:\t64\nGroups:\t{groups}\n",
        t.comm,
        t.umask,
        sys.pid_seen_by(t.ppid, ns),
        p.seen_uid(t.real.0),
        p.seen_uid(t.uid),
        p.seen_uid(t.saved.0),
        p.seen_uid(t.uid),
        p.seen_gid(t.real.1),
        p.seen_gid(t.gid),
        p.seen_gid(t.saved.1),
        p.seen_gid(t.gid),
        pid = sys.pid_seen_by(t.pid, ns),
    );
    let chain = if t.pid_ns == ns { String::new() } else { format!("\t{}", t.ns_pid) };
    for (name, pid) in [("NStgid", t.pid), ("NSpid", t.pid), ("NSpgid", t.pgid), ("NSsid", t.sid)] {
        let inner = if matches!(name, "NStgid" | "NSpid") {
            chain.clone()
        } else if chain.is_empty() {
            String::new()
        } else {
            format!("\t{}", sys.pid_seen_by(pid, t.pid_ns))
        };
        let _ = writeln!(s, "{name}:\t{}{inner}", sys.pid_seen_by(pid, ns));
    }
    if letter != 'Z' {
        let kb = t.memory / 1024;
        let _ = write!(
            s,
            "VmPeak:\t{0:>8} kB\nVmSize:\t{0:>8} kB\nVmLck:\t       0 kB\nVmPin:\t       0 kB\nVmHWM:\t{kb:>8} kB\nVmRSS:\t{kb:>8} kB\nVmData:\t{kb:>8} kB\nVmStk:\t     132 kB\nVmSwap:\t       0 kB\n",
            kb * 3
        );
    }
    let threads = sys.processes.values().filter(|o| o.leader == t.pid).count().max(1);
    let by = |d: Disposition| octal_set(t.dispositions.iter().filter(move |(_, v)| **v == d).map(|(k, _)| *k));
    let _ = write!(
        s,
        "Threads:\t{threads}\nSigQ:\t{}/31544\nSigPnd:\t0000000000000000\nShdPnd:\t{}\nSigBlk:\t0000000000000000\nSigIgn:\t{}\nSigCgt:\t{}\n",
        t.pending.len(),
        octal_set(t.pending.iter().copied()),
        by(Disposition::Ignore),
        by(Disposition::Catch),
    );
    let c = t.caps;
    let (cpus, list) = sys.cpu_list(&t.cgroup);
    let _ = write!(
        s,
        "CapInh:\t{:016x}\nCapPrm:\t{:016x}\nCapEff:\t{:016x}\nCapBnd:\t{:016x}\nCapAmb:\t{:016x}\nNoNewPrivs:\t{}\nSeccomp:\t{}\nCpus_allowed:\t{:x}\nCpus_allowed_list:\t{}\nvoluntary_ctxt_switches:\t{}\nnonvoluntary_ctxt_switches:\t0\n",
        c.inheritable,
        c.permitted,
        c.effective,
        c.bounding & capability::ALL,
        c.ambient,
        u8::from(t.no_new_privs),
        2 * u8::from(t.seccomp),
        cpus.iter().fold(0, |m, n| m | 1_u32 << n),
        list,
        t.generation,
    );
    s
}

fn limits(t: &Process) -> String {
    let names = [
        ("Max cpu time", "seconds"),
        ("Max file size", "bytes"),
        ("Max data size", "bytes"),
        ("Max stack size", "bytes"),
        ("Max core file size", "bytes"),
        ("Max resident set", "bytes"),
        ("Max processes", "processes"),
        ("Max open files", "files"),
        ("Max locked memory", "bytes"),
        ("Max address space", "bytes"),
        ("Max file locks", "locks"),
        ("Max pending signals", "signals"),
        ("Max msgqueue size", "bytes"),
        ("Max nice priority", ""),
        ("Max realtime priority", ""),
        ("Max realtime timeout", "us"),
    ];
    let mut s = "Limit                     Soft Limit           Hard Limit           Units     \n".to_owned();
    let show = |n: u64| if n == UNLIMITED { "unlimited".to_owned() } else { n.to_string() };
    for (r, (name, unit)) in Resource::ALL.iter().zip(names) {
        let (soft, hard) = t.limits.get(*r);
        let _ = write!(s, "{name:<25} {:<20} {:<20} ", show(soft), show(hard));
        // Where there is no unit the kernel pads nothing.
        s.push_str(&if unit.is_empty() { "\n".to_owned() } else { format!("{unit:<10}\n") });
    }
    s
}

/// Writes a file of a process.
pub(super) fn write(sys: &mut System, p: &Process, target: Pid, name: &str, text: &str) -> Result<(), Errno> {
    super::may_look(p, sys.process(target).ok_or(Errno::ESRCH)?)?;
    match name {
        "comm" => {
            let t = sys.process_mut(target).ok_or(Errno::ESRCH)?;
            t.comm = text.chars().take(15).collect::<String>().into();
            Ok(())
        }
        "oom_score_adj" => {
            let n: i32 = text.trim().parse().map_err(|_| Errno::EINVAL)?;
            if !(-1000..=1000).contains(&n) {
                return Err(Errno::EINVAL);
            }
            let t = sys.process_mut(target).ok_or(Errno::ESRCH)?;
            if n < t.oom_score_adj && !p.can(Cap::SysResource) {
                return Err(Errno::EACCES);
            }
            t.oom_score_adj = n;
            Ok(())
        }
        "uid_map" | "gid_map" => sys.set_id_map(p, target, name == "gid_map", text),
        "setgroups" | "loginuid" => Ok(()),
        _ => Err(Errno::EACCES),
    }
}

/// The sockets' states as `/proc/net/tcp` numbers them.
pub(super) fn socket_state(s: &SockState) -> u8 {
    match s {
        SockState::Listening { .. } => 0x0a,
        SockState::Connected { .. } => 0x01,
        SockState::Idle => 0x07,
    }
}
