//! What the files of a group say and take.

use std::fmt::Write;

use super::{Cgroup, Controller, chain, is_in};
use crate::SimTime;
use crate::errno::Errno;
use crate::process::{Cap, Process};
use crate::signal::Signal;
use crate::syscall::Pid;
use crate::system::System;

/// A file.
pub(super) struct Rule {
    pub(super) name: &'static str,
    /// The controller that brings it; `None`: every group has it.
    controller: Option<Controller>,
    pub(super) writable: bool,
    /// The root group has it, too.
    root: bool,
}

const fn rule(name: &'static str, controller: Option<Controller>, writable: bool, root: bool) -> Rule {
    Rule { name, controller, writable, root }
}

use Controller::{Cpu, Cpuset, Io, Memory, Pids};

pub(super) const FILES: &[Rule] = &[
    rule("cgroup.controllers", None, false, true),
    rule("cgroup.events", None, false, false),
    rule("cgroup.freeze", None, true, false),
    rule("cgroup.kill", None, true, false),
    rule("cgroup.max.depth", None, true, true),
    rule("cgroup.max.descendants", None, true, true),
    rule("cgroup.procs", None, true, true),
    rule("cgroup.stat", None, false, true),
    rule("cgroup.subtree_control", None, true, true),
    rule("cgroup.threads", None, true, true),
    rule("cgroup.type", None, true, false),
    rule("cpu.max", Some(Cpu), true, false),
    rule("cpu.stat", None, false, true),
    rule("cpu.weight", Some(Cpu), true, false),
    rule("cpu.weight.nice", Some(Cpu), true, false),
    rule("cpuset.cpus", Some(Cpuset), true, false),
    rule("cpuset.cpus.effective", Some(Cpuset), false, true),
    rule("cpuset.mems", Some(Cpuset), true, false),
    rule("cpuset.mems.effective", Some(Cpuset), false, true),
    rule("io.max", Some(Io), true, false),
    rule("io.stat", Some(Io), false, true),
    rule("io.weight", Some(Io), true, false),
    rule("memory.current", Some(Memory), false, false),
    rule("memory.events", Some(Memory), false, false),
    rule("memory.events.local", Some(Memory), false, false),
    rule("memory.high", Some(Memory), true, false),
    rule("memory.low", Some(Memory), true, false),
    rule("memory.max", Some(Memory), true, false),
    rule("memory.min", Some(Memory), true, false),
    rule("memory.oom.group", Some(Memory), true, false),
    rule("memory.peak", Some(Memory), false, false),
    rule("memory.stat", Some(Memory), false, true),
    rule("memory.swap.current", Some(Memory), false, false),
    rule("memory.swap.max", Some(Memory), true, false),
    rule("pids.current", Some(Pids), false, false),
    rule("pids.events", Some(Pids), false, false),
    rule("pids.max", Some(Pids), true, false),
    rule("pids.peak", Some(Pids), false, false),
];

/// The controllers that a group has: what the one above gives to those below.
fn controllers(sys: &System, path: &str) -> Vec<Controller> {
    if path == "/" {
        return Controller::ALL.to_vec();
    }
    let up = chain(path).nth(1).and_then(|g| sys.cgroups.get(g));
    up.map(|c| c.subtree.iter().copied().collect()).unwrap_or_default()
}

/// The files that a group has.
pub(super) fn files_of(sys: &System, path: &str) -> impl Iterator<Item = (usize, &'static Rule)> + use<> {
    let (have, root) = (controllers(sys, path), path == "/");
    FILES.iter().enumerate().filter(move |(_, r)| (!root || r.root) && r.controller.is_none_or(|c| have.contains(&c)))
}

fn max(n: Option<u64>) -> String {
    n.map_or_else(|| "max\n".to_owned(), |n| format!("{n}\n"))
}

fn names(list: impl IntoIterator<Item = Controller>) -> String {
    let list: Vec<&str> = list.into_iter().map(Controller::name).collect();
    format!("{}\n", list.join(" "))
}

/// What a file says.
pub(super) fn read(sys: &System, p: &Process, path: &str, c: &Cgroup, name: &str) -> String {
    let members = |deep: bool| {
        let of = sys.processes.values().filter(|m| !m.is_thread() && !m.is_zombie());
        of.filter(|m| if deep { is_in(&m.cgroup, path) } else { m.cgroup == path }).map(|m| m.pid).collect::<Vec<_>>()
    };
    match name {
        "cgroup.controllers" => names(controllers(sys, path)),
        "cgroup.subtree_control" => names(c.subtree.iter().copied()),
        "cgroup.events" => {
            format!("populated {}\nfrozen {}\n", u8::from(!members(true).is_empty()), u8::from(c.frozen))
        }
        "cgroup.freeze" => format!("{}\n", u8::from(c.frozen)),
        "cgroup.max.depth" | "cgroup.max.descendants" => "max\n".to_owned(),
        "cgroup.procs" | "cgroup.threads" => {
            let list = members(false).into_iter().map(|m| format!("{}\n", sys.pid_seen_by(m, p.pid_ns)));
            list.collect()
        }
        "cgroup.stat" => {
            let below = sys.cgroups.keys().filter(|o| *o != path && is_in(o, path)).count();
            format!("nr_descendants {below}\nnr_dying_descendants 0\n")
        }
        "cgroup.type" => "domain\n".to_owned(),
        "cpu.max" => {
            let quota = c.cpu_quota.map_or_else(|| "max".to_owned(), |q| q.to_string());
            format!("{quota} {}\n", c.cpu_period)
        }
        "cpu.stat" => {
            let us = |t: SimTime| t.0 / 1000;
            let mut t = format!(
                "usage_usec {}\nuser_usec {}\nsystem_usec {}\n",
                us(c.cpu),
                us(c.cpu) * 2 / 3,
                us(c.cpu) - us(c.cpu) * 2 / 3
            );
            if path != "/" {
                let (periods, throttled, wait) = c.throttled;
                let _ = write!(t, "nr_periods {periods}\nnr_throttled {throttled}\nthrottled_usec {}\n", us(wait));
            }
            t
        }
        "cpu.weight" => format!("{}\n", c.cpu_weight),
        "cpu.weight.nice" => "0\n".to_owned(),
        "cpuset.cpus" => format!("{}\n", c.cpus),
        "cpuset.cpus.effective" => {
            let own = chain(path).filter_map(|g| sys.cgroups.get(g)).find(|g| !cpus(&g.cpus).is_empty());
            own.map_or_else(|| format!("0-{}\n", crate::calls::machine::CPUS - 1), |g| format!("{}\n", g.cpus))
        }
        "cpuset.mems.effective" => "0\n".to_owned(),
        "memory.current" => format!("{}\n", sys.cgroup_memory(path)),
        "memory.events" | "memory.events.local" => {
            let (max, oom, kills) = c.memory_events;
            format!("low 0\nhigh 0\nmax {max}\noom {oom}\noom_kill {kills}\noom_group_kill 0\n")
        }
        "memory.high" => max(c.memory_high),
        "memory.low" => format!("{}\n", c.memory_low),
        "memory.min" => "0\n".to_owned(),
        "memory.max" => max(c.memory_max),
        "memory.oom.group" => format!("{}\n", u8::from(c.oom_group)),
        "memory.peak" => format!("{}\n", c.memory_peak.max(sys.cgroup_memory(path))),
        "memory.stat" => {
            let used = sys.cgroup_memory(path);
            format!(
                "anon {used}\nfile 0\nkernel 0\nkernel_stack 0\nsock 0\nshmem 0\ninactive_anon {used}\nactive_anon 0\ninactive_file 0\nactive_file 0\npgfault 0\npgmajfault 0\n"
            )
        }
        "memory.swap.current" => "0\n".to_owned(),
        "memory.swap.max" => max(c.swap_max),
        "pids.current" => format!("{}\n", members(true).len()),
        "pids.events" => format!("max {}\n", c.pids_events),
        "pids.max" => max(c.pids_max.map(u64::from)),
        "pids.peak" => format!("{}\n", c.pids_peak.max(members(true).len() as u32)),
        // Nothing is counted, nothing is set.
        _ => String::new(),
    }
}

/// The cpus that a list like `0-1,3` names and the machine has.
pub(super) fn cpus(list: &str) -> Vec<u32> {
    let all = crate::calls::machine::CPUS;
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.trim().parse::<u32>().ok()?..=last.trim().parse::<u32>().ok()?)
    };
    let ranges: Vec<_> = list.split(',').filter_map(range).collect();
    (0..all).filter(|n| ranges.iter().any(|r| r.contains(n))).collect()
}

/// A number of bytes with K, M, G, or `max`.
fn bytes(text: &str) -> Result<Option<u64>, Errno> {
    if text == "max" {
        return Ok(None);
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..).unwrap_or_default() {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return Err(Errno::EINVAL),
    };
    let n: u64 = digits.parse().map_err(|_| Errno::EINVAL)?;
    // Whole pages.
    n.checked_mul(factor).map(|n| Some(n / 4096 * 4096)).ok_or(Errno::EINVAL)
}

fn flag(text: &str) -> Result<bool, Errno> {
    match text {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(Errno::ERANGE),
    }
}

/// Writes a file.
pub(super) fn write(sys: &mut System, p: &Process, path: &str, name: &str, text: &str) -> Result<(), Errno> {
    match name {
        "cgroup.procs" | "cgroup.threads" => return enter(sys, p, path, text),
        "cgroup.subtree_control" => return subtree(sys, path, text),
        "cgroup.kill" => {
            if text != "1" {
                return Err(Errno::ERANGE);
            }
            let now = sys.now;
            let all: Vec<Pid> =
                sys.processes.values().filter(|m| is_in(&m.cgroup, path) && !m.is_thread()).map(|m| m.pid).collect();
            for pid in all {
                sys.send_signal(pid, Signal::KILL, None, now);
            }
            return Ok(());
        }
        "cgroup.freeze" => {
            let on = flag(text)?;
            sys.cgroups.get_mut(path).ok_or(Errno::ENODEV)?.frozen = on;
            let now = sys.now;
            sys.cgroup_thaw(path, now);
            return Ok(());
        }
        _ => {}
    }
    let c = sys.cgroups.get_mut(path).ok_or(Errno::ENODEV)?;
    let number = |t: &str| t.parse::<u64>().map_err(|_| Errno::EINVAL);
    match name {
        "cpu.max" => {
            let mut words = text.split_whitespace();
            let quota = match words.next() {
                Some("max") => None,
                Some(w) => Some(number(w)?),
                None => return Err(Errno::EINVAL),
            };
            let period = words.next().map_or(Ok(c.cpu_period), number)?;
            if quota.is_some_and(|q| q < 1000) || !(1000..=1_000_000).contains(&period) {
                return Err(Errno::EINVAL);
            }
            (c.cpu_quota, c.cpu_period) = (quota, period);
            c.period = (sys.now.0 / (period * 1000), SimTime(0));
        }
        "cpu.weight" => {
            let n = number(text)?;
            c.cpu_weight = u32::try_from(n).ok().filter(|n| (1..=10_000).contains(n)).ok_or(Errno::ERANGE)?;
        }
        "cpuset.cpus" => {
            let numbers = |part: &str| part.split('-').all(|n| n.parse::<u32>().is_ok());
            if !text.is_empty() && !text.split(',').all(numbers) {
                return Err(Errno::EINVAL);
            }
            text.clone_into(&mut c.cpus);
        }
        "memory.high" => c.memory_high = bytes(text)?,
        "memory.low" => c.memory_low = bytes(text)?.unwrap_or(u64::MAX),
        "memory.swap.max" => c.swap_max = bytes(text)?,
        "memory.oom.group" => c.oom_group = flag(text)?,
        "memory.max" => {
            c.memory_max = bytes(text)?;
            let now = sys.now;
            let member = sys.processes.values().find(|m| is_in(&m.cgroup, path) && !m.is_zombie()).map(|m| m.pid);
            if let Some(pid) = member {
                sys.memory_grew(pid, now);
            }
        }
        "pids.max" => {
            c.pids_max = match text {
                "max" => None,
                t => Some(t.parse().map_err(|_| Errno::EINVAL)?),
            }
        }
        _ => {}
    }
    Ok(())
}

/// Moves a process here; 0 is the writer.
fn enter(sys: &mut System, p: &Process, path: &str, text: &str) -> Result<(), Errno> {
    let n: u32 = text.parse().map_err(|_| Errno::EINVAL)?;
    let pid = if n == 0 { p.leader } else { crate::calls::host_pid(sys, p.pid_ns, n).ok_or(Errno::ESRCH)? };
    // Processes live in leaves, the root excepted.
    if path != "/" && sys.cgroups.get(path).is_some_and(|c| !c.subtree.is_empty()) {
        return Err(Errno::EBUSY);
    }
    let target = sys.process(pid).ok_or(Errno::ESRCH)?;
    if !p.can(Cap::SysAdmin) && p.uid != target.uid {
        return Err(Errno::EACCES);
    }
    let old = target.cgroup.clone();
    for t in sys.processes.values_mut().filter(|t| t.leader == pid) {
        path.clone_into(&mut t.cgroup);
    }
    sys.cgroup_left(&old);
    let now = sys.now;
    sys.memory_grew(pid, now);
    Ok(())
}

fn subtree(sys: &mut System, path: &str, text: &str) -> Result<(), Errno> {
    let have = controllers(sys, path);
    let mut set = sys.cgroups.get(path).ok_or(Errno::ENODEV)?.subtree.clone();
    for word in text.split_whitespace() {
        let (on, name) = match (word.strip_prefix('+'), word.strip_prefix('-')) {
            (Some(n), _) => (true, n),
            (_, Some(n)) => (false, n),
            _ => return Err(Errno::EINVAL),
        };
        let c = Controller::ALL.iter().copied().find(|c| c.name() == name).ok_or(Errno::EINVAL)?;
        if on {
            if !have.contains(&c) {
                return Err(Errno::ENOENT);
            }
            set.insert(c);
        } else {
            let used = sys.cgroups.iter().any(|(o, g)| g.subtree.contains(&c) && chain(o).nth(1) == Some(path));
            if used {
                return Err(Errno::EBUSY);
            }
            set.remove(&c);
        }
    }
    if path != "/" && !set.is_empty() && !sys.cgroup_members(path).is_empty() {
        return Err(Errno::EBUSY);
    }
    sys.cgroups.get_mut(path).ok_or(Errno::ENODEV)?.subtree = set;
    Ok(())
}

impl System {
    /// Whether a group or one above it is frozen.
    pub(crate) fn is_frozen(&self, path: &str) -> bool {
        self.frozen > 0 && chain(path).any(|g| self.cgroups.get(g).is_some_and(|c| c.frozen))
    }

    /// Lets those run again that a group no longer holds.
    pub(crate) fn cgroup_thaw(&mut self, path: &str, at: SimTime) {
        self.frozen = self.cgroups.values().filter(|c| c.frozen).count() as u32;
        let members: Vec<Pid> = self
            .processes
            .values()
            .filter(|m| is_in(&m.cgroup, path) && !m.is_zombie())
            .filter(|m| !self.is_frozen(&m.cgroup))
            .map(|m| m.pid)
            .collect();
        for pid in members {
            self.schedule(pid, at);
        }
    }
}
