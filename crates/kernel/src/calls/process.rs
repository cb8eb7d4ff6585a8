//! Processes: ending, waiting, signals, groups, users.

use crate::SimTime;
use crate::capability::{Cap, Caps};
use crate::errno::Errno;
use crate::limit::Resource;
use crate::process::{Process, State};
use crate::program::Cx;
use crate::signal::{Disposition, Signal};
use crate::sorted;
use crate::syscall::{ExitStatus, Ids, Pid, PidNsId, ProcInfo, Ret, SysResult, WaitFlags, WaitFor};
use crate::system::{System, WaitKey};

use super::Outcome;

pub(super) fn exit(cx: &mut Cx<'_>, code: i32) -> Outcome {
    let at = cx.now();
    cx.sys.end_process(cx.pid, ExitStatus::Code(code & 0xff), at);
    Outcome::Gone
}

pub(super) fn sleep(cx: &mut Cx<'_>, duration: SimTime, deadline: Option<SimTime>) -> Outcome {
    let now = cx.now();
    let until = deadline.unwrap_or(now + duration);
    if until <= now { Outcome::Done(Ok(Ret::Unit)) } else { Outcome::Block(Vec::new(), Some(until)) }
}

/// The host number of a process that is named by its number in a pid namespace.
pub(crate) fn host_pid(sys: &System, ns: PidNsId, pid: u32) -> Option<Pid> {
    if ns == PidNsId(0) {
        return sys.process(Pid(pid)).filter(|p| !p.is_thread()).map(|p| p.pid);
    }
    let own = sys.processes.values().find(|p| p.pid_ns == ns && p.ns_pid == pid && !p.is_thread()).map(|p| p.pid);
    own.or_else(|| {
        Some(Pid(pid)).filter(|p| sys.process(*p).is_some_and(|q| q.pid_ns != ns) && sys.pid_seen_by(*p, ns) == pid)
    })
}

pub(super) fn wait(cx: &mut Cx<'_>, who: WaitFor, flags: WaitFlags) -> Outcome {
    let Some(me) = cx.sys.process(cx.pid) else { return Outcome::Done(Err(Errno::ESRCH)) };
    let leader = me.leader;
    let mine = |p: &&Process| {
        p.ppid == leader
            && p.pid != leader
            && !p.is_thread()
            && match who {
                WaitFor::Any => true,
                WaitFor::Pid(pid) => p.pid == pid,
                WaitFor::Group(g) => p.pgid == g,
            }
    };
    let mut any = false;
    let mut found = None;
    for p in cx.sys.processes.values().filter(mine) {
        any = true;
        if let State::Zombie(status) = p.state {
            found = Some((p.pid, status));
            break;
        }
        if let (true, Some((sig, false))) = (flags.untraced, p.stopped) {
            found = Some((p.pid, ExitStatus::Stopped(sig)));
            break;
        }
    }
    match found {
        Some((pid, status)) => {
            if let ExitStatus::Stopped(sig) = status {
                if let Some(p) = cx.sys.process_mut(pid) {
                    p.stopped = Some((sig, true));
                }
            } else {
                cx.sys.reap(pid);
            }
            Outcome::Done(Ok(Ret::Child { pid, status }))
        }
        None if !any => Outcome::Done(Err(Errno::ECHILD)),
        None if flags.no_hang => Outcome::Done(Err(Errno::EAGAIN)),
        None => Outcome::Block(vec![WaitKey::Child(leader)], None),
    }
}

pub(super) fn kill(cx: &mut Cx<'_>, pid: i32, signal: Option<Signal>) -> SysResult {
    let at = cx.now();
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (ns, group, own) = (me.pid_ns, me.pgid, me.leader);
    let targets: Vec<Pid> = match pid {
        1.. => vec![host_pid(cx.sys, ns, pid as u32).ok_or(Errno::ESRCH)?],
        -1 => cx
            .sys
            .processes
            .values()
            .filter(|p| (ns == PidNsId(0) || p.pid_ns == ns) && !p.is_thread() && p.pid != own && p.ns_pid != 1)
            .map(|p| p.pid)
            .collect(),
        _ => {
            let g = if pid == 0 { group } else { host_pid_or(cx.sys, ns, pid.unsigned_abs()) };
            cx.sys.processes.values().filter(|p| p.pgid == g && !p.is_thread()).map(|p| p.pid).collect()
        }
    };
    if targets.is_empty() {
        return Err(Errno::ESRCH);
    }
    let allowed: Vec<Pid> =
        targets.iter().copied().filter(|t| cx.sys.process(*t).is_some_and(|p| may_signal(me, p, signal))).collect();
    if allowed.is_empty() {
        return Err(Errno::EPERM);
    }
    if let Some(sig) = signal {
        for t in allowed {
            cx.sys.send_signal(t, sig, Some(ns), at);
        }
    }
    Ok(Ret::Unit)
}

/// kill(2): own processes, those of the session for CONT, all with `CAP_KILL`.
fn may_signal(me: &Process, p: &Process, signal: Option<Signal>) -> bool {
    let own = [me.uid, me.real.0].iter().any(|u| *u == p.real.0 || *u == p.saved.0);
    let over = me.caps.effective & Cap::Kill.bit() != 0 && me.rules(p.real.0, p.real.1);
    own || over || (signal == Some(Signal::CONT) && me.sid == p.sid)
}

/// Groups outlive their leaders, so the number is taken as it is where no process has it.
fn host_pid_or(sys: &System, ns: PidNsId, pid: u32) -> Pid {
    host_pid(sys, ns, pid).unwrap_or(Pid(pid))
}

pub(super) fn kill_host(cx: &mut Cx<'_>, pid: Pid, signal: Signal) -> Result<(), Errno> {
    let at = cx.now();
    if cx.sys.process(cx.pid).is_none_or(|p| p.uid != 0) {
        return Err(Errno::EPERM);
    }
    if cx.sys.process(pid).is_none_or(Process::is_zombie) {
        return Err(Errno::ESRCH);
    }
    cx.sys.send_signal(pid, signal, None, at);
    Ok(())
}

pub(super) fn set_pgid(cx: &mut Cx<'_>, pid: u32, pgid: u32) -> Result<(), Errno> {
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let ns = me.pid_ns;
    let target = if pid == 0 { me.leader } else { host_pid(cx.sys, ns, pid).ok_or(Errno::ESRCH)? };
    let group = if pgid == 0 { target } else { host_pid_or(cx.sys, ns, pgid) };
    cx.sys.process_mut(target).ok_or(Errno::ESRCH)?.pgid = group;
    Ok(())
}

pub(super) fn set_sid(cx: &mut Cx<'_>) -> Result<(), Errno> {
    let pid = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.leader;
    let p = cx.sys.process_mut(pid).ok_or(Errno::ESRCH)?;
    if p.pgid == pid {
        return Err(Errno::EPERM);
    }
    (p.sid, p.pgid, p.tty) = (pid, pid, None);
    Ok(())
}

pub(super) fn sigaction(cx: &mut Cx<'_>, signal: Signal, disposition: Disposition) -> Result<(), Errno> {
    if matches!(signal, Signal::KILL | Signal::STOP) {
        return Err(Errno::EINVAL);
    }
    let pid = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.leader;
    cx.sys.process_mut(pid).ok_or(Errno::ESRCH)?.dispositions.insert(signal, disposition);
    Ok(())
}

pub(super) fn set_uid(cx: &mut Cx<'_>, uid: u32, gid: u32, groups: &[u32]) -> Result<(), Errno> {
    let p = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    let (uid, gid) = (p.host_uid(uid)?, p.host_gid(gid)?);
    let groups: Vec<u32> = groups.iter().map(|g| p.host_gid(*g)).collect::<Result<_, _>>()?;
    let has = |cap: Cap| p.caps.effective & cap.bit() != 0;
    let own_user = uid == p.real.0 || uid == p.saved.0 || uid == p.uid;
    let own_group = gid == p.real.1 || gid == p.saved.1 || gid == p.gid;
    if !(own_user || has(Cap::Setuid)) || !(own_group || has(Cap::Setgid)) {
        return Err(Errno::EPERM);
    }
    // setgroups(2) takes a privilege; without one the list stays.
    if has(Cap::Setgid) {
        p.groups = groups;
    }
    if has(Cap::Setuid) {
        (p.real, p.saved) = ((uid, gid), (uid, gid));
    }
    let was_root = p.uid == 0 || p.seen_uid(p.uid) == 0;
    (p.uid, p.gid) = (uid, gid);
    let root = p.seen_uid(uid) == 0;
    if was_root != root {
        p.caps = p.caps.after_setuid(root);
    }
    Ok(())
}

/// `setresuid(2)`.
pub(super) fn set_res_uid(
    cx: &mut Cx<'_>,
    real: Option<u32>,
    effective: Option<u32>,
    saved: Option<u32>,
) -> Result<(), Errno> {
    let p = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    let free = p.caps.effective & Cap::Setuid.bit() != 0;
    let known = [p.real.0, p.uid, p.saved.0];
    let mut new = known;
    for (slot, id) in new.iter_mut().zip([real, effective, saved]) {
        let Some(id) = id else { continue };
        let id = p.host_uid(id)?;
        if !free && !known.contains(&id) {
            return Err(Errno::EPERM);
        }
        *slot = id;
    }
    let was_root = p.seen_uid(p.uid) == 0;
    (p.real.0, p.uid, p.saved.0) = (new[0], new[1], new[2]);
    let root = p.seen_uid(p.uid) == 0;
    if was_root && !root {
        // Permitted ones stay while the real or saved user is root.
        p.caps.effective = 0;
        if p.seen_uid(p.real.0) != 0 && p.seen_uid(p.saved.0) != 0 {
            p.caps = p.caps.after_setuid(false);
        }
    } else if root && !was_root {
        p.caps = p.caps.after_setuid(true);
    }
    Ok(())
}

pub(super) fn get_ids(cx: &mut Cx<'_>) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let both = |(uid, gid)| (p.seen_uid(uid), p.seen_gid(gid));
    let groups = p.groups.iter().map(|g| p.seen_gid(*g)).collect();
    Ok(Ret::Ids(Box::new(Ids { real: both(p.real), effective: both((p.uid, p.gid)), saved: both(p.saved), groups })))
}

pub(super) fn set_caps(cx: &mut Cx<'_>, caps: Caps) -> Result<(), Errno> {
    let p = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    let within = |a: u64, b: u64| a & !b == 0;
    let less = within(caps.permitted, p.caps.permitted)
        && within(caps.effective, caps.permitted)
        && within(caps.bounding, p.caps.bounding)
        && within(caps.inheritable, p.caps.inheritable | p.caps.permitted)
        && within(caps.ambient, caps.permitted & caps.inheritable);
    let drops = caps.bounding != p.caps.bounding;
    if !less || (drops && p.caps.effective & Cap::Setpcap.bit() == 0) {
        return Err(Errno::EPERM);
    }
    p.caps = caps;
    Ok(())
}

/// A process named by its number, 0 for the caller; only the own user's or with a capability.
fn owned(cx: &Cx<'_>, pid: u32, cap: Cap) -> Result<Pid, Errno> {
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if pid == 0 {
        return Ok(me.leader);
    }
    let target = host_pid(cx.sys, me.pid_ns, pid).ok_or(Errno::ESRCH)?;
    let other = cx.sys.process(target).ok_or(Errno::ESRCH)?;
    if other.real.0 == me.uid || me.can(cap) { Ok(target) } else { Err(Errno::EPERM) }
}

pub(super) fn get_limit(cx: &mut Cx<'_>, pid: u32, resource: Resource) -> SysResult {
    let pid = owned(cx, pid, Cap::SysResource)?;
    let (soft, hard) = cx.sys.process(pid).ok_or(Errno::ESRCH)?.limits.get(resource);
    Ok(Ret::Limit(soft, hard))
}

pub(super) fn set_limit(cx: &mut Cx<'_>, pid: u32, r: Resource, soft: u64, hard: u64) -> Result<(), Errno> {
    let pid = owned(cx, pid, Cap::SysResource)?;
    let raise = cx.sys.process(cx.pid).is_some_and(|p| p.can(Cap::SysResource));
    let p = cx.sys.process_mut(pid).ok_or(Errno::ESRCH)?;
    if soft > hard {
        return Err(Errno::EINVAL);
    }
    if hard > p.limits.get(r).1 && !raise {
        return Err(Errno::EPERM);
    }
    p.limits.set(r, soft, hard);
    Ok(())
}

pub(super) fn set_nice(cx: &mut Cx<'_>, pid: u32, nice: i8) -> Result<(), Errno> {
    let pid = owned(cx, pid, Cap::SysNice)?;
    let may = cx.sys.process(cx.pid).is_some_and(|p| p.can(Cap::SysNice));
    let p = cx.sys.process_mut(pid).ok_or(Errno::ESRCH)?;
    let nice = nice.clamp(-20, 19);
    if nice < p.nice && !may {
        return Err(Errno::EACCES);
    }
    p.nice = nice;
    Ok(())
}

pub(super) fn procs(cx: &mut Cx<'_>) -> SysResult {
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let mut list = cx.sys.process_list(me.pid_ns);
    if me.spaces.user != 0 {
        for p in &mut list {
            (p.uid, p.gid) = (me.seen_uid(p.uid), me.seen_gid(p.gid));
        }
    }
    Ok(Ret::Procs(list))
}

impl System {
    /// The processes that a pid namespace sees, by number.
    pub fn process_list(&self, ns: PidNsId) -> Vec<ProcInfo> {
        let visible = self.processes.values().filter(|p| !p.is_thread() && self.pid_seen_by(p.pid, ns) != 0);
        let mut list: Vec<ProcInfo> = visible
            .map(|p| ProcInfo {
                pid: self.pid_seen_by(p.pid, ns),
                ppid: self.pid_seen_by(p.ppid, ns),
                host_pid: p.pid,
                pgid: self.pid_seen_by(p.pgid, ns),
                sid: self.pid_seen_by(p.sid, ns),
                uid: p.uid,
                argv: p.argv.clone(),
                state: crate::vfs::proc::status_letter(p),
                started: p.started,
                cpu: p.cpu,
                tty: p.tty.map(|t| format!("pts/{}", t.0)),
                foreground: p.tty.and_then(|t| self.ttys.get(&t)).is_some_and(|t| t.foreground == Some(p.pgid)),
                memory: p.memory,
                cgroup: p.cgroup.clone(),
                comm: p.comm.to_string(),
                nice: p.nice,
                gid: p.gid,
            })
            .collect();
        sorted::sort_by(&mut list, |a, b| a.pid.cmp(&b.pid));
        list
    }
}
