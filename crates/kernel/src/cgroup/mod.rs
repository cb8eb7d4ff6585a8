//! Control groups, version 2 (Documentation/admin-guide/cgroup-v2.rst): groups with limits, what they
//! use, and what happens at a limit. Their files are in [`files`].

mod files;
mod tree;

use crate::SimTime;
use crate::process::Process;
use crate::signal::Signal;
use crate::sorted::{SortedMap, SortedSet};
use crate::syscall::{ExitStatus, Pid};
use crate::system::System;

/// A controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Controller {
    /// Which cpus.
    Cpuset,
    /// CPU time.
    Cpu,
    /// Block devices.
    Io,
    /// Memory.
    Memory,
    /// Number of processes.
    Pids,
}

impl Controller {
    /// All, in the kernel's order.
    pub const ALL: &'static [Self] = &[Self::Cpuset, Self::Cpu, Self::Io, Self::Memory, Self::Pids];
    /// As in `cgroup.controllers`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpuset => "cpuset",
            Self::Cpu => "cpu",
            Self::Io => "io",
            Self::Memory => "memory",
            Self::Pids => "pids",
        }
    }
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cgroup {
    /// Its number, unique since boot.
    pub id: u32,
    /// Who made it.
    pub owner: (u32, u32),
    /// It was made for a process and goes with its last one, as systemd's scopes do.
    pub auto: bool,
    /// Controllers of the groups below.
    pub subtree: SortedSet<Controller>,
    /// `memory.max`, bytes.
    pub memory_max: Option<u64>,
    /// `memory.high`, bytes: kept, not enforced.
    pub memory_high: Option<u64>,
    /// `memory.low`, bytes: kept.
    pub memory_low: u64,
    /// `memory.swap.max`: kept; there is no swap.
    pub swap_max: Option<u64>,
    /// All of the group dies at once.
    pub oom_group: bool,
    /// `memory.peak`.
    pub memory_peak: u64,
    /// How often `memory.max` was hit, nothing could be freed, a process was killed.
    pub memory_events: (u64, u64, u64),
    /// `cpu.max`: quota in a period, microseconds.
    pub cpu_quota: Option<u64>,
    /// The period, microseconds.
    pub cpu_period: u64,
    /// `cpu.weight`, 1 to 10000.
    pub cpu_weight: u32,
    /// `cpuset.cpus`, as written.
    pub cpus: String,
    /// CPU time used here and below.
    pub cpu: SimTime,
    /// Number of the current period, and time used in it.
    pub period: (u64, SimTime),
    /// Periods that were begun, that ended throttled, time of waiting.
    pub throttled: (u64, u64, SimTime),
    /// `pids.max`.
    pub pids_max: Option<u32>,
    /// `pids.peak`.
    pub pids_peak: u32,
    /// How often a fork failed for `pids.max`.
    pub pids_events: u64,
    /// `cgroup.freeze`.
    pub frozen: bool,
}

impl Cgroup {
    fn new(id: u32) -> Self {
        Self {
            id,
            owner: (0, 0),
            auto: false,
            subtree: SortedSet::new(),
            memory_max: None,
            memory_high: None,
            memory_low: 0,
            swap_max: None,
            oom_group: false,
            memory_peak: 0,
            memory_events: (0, 0, 0),
            cpu_quota: None,
            cpu_period: 100_000,
            cpu_weight: 100,
            cpus: String::new(),
            cpu: SimTime(0),
            period: (0, SimTime(0)),
            throttled: (0, 0, SimTime(0)),
            pids_max: None,
            pids_peak: 0,
            pids_events: 0,
            frozen: false,
        }
    }
    /// The root group.
    pub fn root() -> Self {
        Self { subtree: Controller::ALL.iter().copied().collect(), ..Self::new(0) }
    }
}

/// A path and those above it, the deepest first, the root last.
pub(crate) fn chain(path: &str) -> impl Iterator<Item = &str> {
    let mut at = Some(path);
    std::iter::from_fn(move || {
        let now = at?;
        at = match now.rsplit_once('/') {
            _ if now == "/" => None,
            Some(("", _)) | None => Some("/"),
            Some((up, _)) => Some(up),
        };
        Some(now)
    })
}

/// Whether a group is another one or below it.
pub(crate) fn is_in(path: &str, group: &str) -> bool {
    group == "/" || path == group || path.strip_prefix(group).is_some_and(|r| r.starts_with('/'))
}

impl System {
    /// Makes a group that a process shall be in, and those above it, where they are missing.
    pub(crate) fn cgroup_make(&mut self, path: &str) {
        let missing: Vec<String> = chain(path).filter(|g| !self.cgroups.contains_key(*g)).map(str::to_owned).collect();
        for (n, g) in missing.iter().enumerate().rev() {
            let mut group = Cgroup { auto: true, ..Cgroup::new(self.next_cgroup) };
            self.next_cgroup += 1;
            if n > 0 {
                group.subtree = Controller::ALL.iter().copied().collect();
            }
            self.cgroups.insert(g.clone(), group);
        }
    }

    /// Processes of a group, without those below it.
    pub(crate) fn cgroup_members(&self, path: &str) -> Vec<Pid> {
        let members = self.processes.values().filter(|p| p.cgroup == path && !p.is_thread() && !p.is_zombie());
        members.map(|p| p.pid).collect()
    }

    /// A process has left: groups that were made for it go, but for those that tell of a kill.
    pub(crate) fn cgroup_left(&mut self, path: &str) {
        let groups: Vec<String> = chain(path).map(str::to_owned).collect();
        for g in groups {
            let keep = self.cgroups.get(&g).is_none_or(|c| !c.auto || c.memory_events.2 > 0);
            if keep
                || self.processes.values().any(|p| is_in(&p.cgroup, &g) && !p.is_zombie())
                || self.cgroups.keys().any(|o| *o != g && is_in(o, &g))
            {
                return;
            }
            self.cgroups.remove(&g);
        }
    }

    /// Whether the groups of a process let it have a child; counts where they don't.
    pub(crate) fn cgroup_may_fork(&mut self, path: &str) -> bool {
        let limited: Vec<String> = chain(path)
            .filter(|g| self.cgroups.get(*g).is_some_and(|c| c.pids_max.is_some()))
            .map(str::to_owned)
            .collect();
        for g in limited {
            let used = self.processes.values().filter(|p| is_in(&p.cgroup, &g) && !p.is_zombie()).count();
            let Some(c) = self.cgroups.get_mut(&g) else { continue };
            if c.pids_max.is_none_or(|m| (used as u64) < u64::from(m)) {
                c.pids_peak = c.pids_peak.max(used as u32 + 1);
                continue;
            }
            c.pids_events += 1;
            // The kernel says it once.
            if c.pids_events == 1 {
                self.log(6, format!("cgroup: fork rejected by pids controller in {g}"));
            }
            return false;
        }
        true
    }

    /// Memory of a group and those below it.
    pub(crate) fn cgroup_memory(&self, path: &str) -> u64 {
        let members = self.processes.values().filter(|p| is_in(&p.cgroup, path) && !p.is_thread() && !p.is_zombie());
        members.map(|p| p.memory).sum()
    }

    /// How much the OOM killer would like to end a process (mm/oom_kill.c): its memory in thousandths of
    /// all, and what `oom_score_adj` adds.
    pub(crate) fn oom_badness(&self, p: &Process) -> i64 {
        if p.oom_score_adj == -1000 || p.pid == Pid(1) {
            return 0;
        }
        let share = (p.memory * 1000 / crate::calls::machine::MEMORY) as i64;
        (666 + share * 2 / 3 + i64::from(p.oom_score_adj) * 2 / 3).max(1)
    }

    /// A process's memory has grown: at a limit the OOM killer ends somebody.
    pub(crate) fn memory_grew(&mut self, pid: Pid, at: SimTime) {
        let Some(path) = self.process(pid).map(|p| p.cgroup.clone()) else { return };
        let groups: Vec<String> = chain(&path).filter(|g| *g != "/").map(str::to_owned).collect();
        for g in groups {
            let Some(limit) = self.cgroups.get(&g).map(|c| c.memory_max) else { continue };
            let mut used = self.cgroup_memory(&g);
            if let Some(c) = self.cgroups.get_mut(&g) {
                c.memory_peak = c.memory_peak.max(used.min(limit.unwrap_or(u64::MAX)));
            }
            while limit.is_some_and(|l| used > l) {
                if !self.oom_kill(pid, Some(&g), at) {
                    break;
                }
                used = self.cgroup_memory(&g);
            }
        }
        while self.processes.values().filter(|p| !p.is_thread() && !p.is_zombie()).map(|p| p.memory).sum::<u64>()
            + (300 << 20)
            > crate::calls::machine::MEMORY
        {
            if !self.oom_kill(pid, None, at) {
                break;
            }
        }
    }

    /// Ends the process with the most memory, of a group or of all, and logs it. `asked`: who wanted more.
    fn oom_kill(&mut self, asked: Pid, group: Option<&str>, at: SimTime) -> bool {
        let of = |p: &&Process| {
            !p.is_thread()
                && !p.is_zombie()
                && p.oom_score_adj != -1000
                && p.pid != Pid(1)
                && group.is_none_or(|g| is_in(&p.cgroup, g))
        };
        let key = |p: &&Process| {
            let adj = i64::from(p.oom_score_adj) * (crate::calls::machine::MEMORY / 1000) as i64;
            (p.memory as i64 + adj, p.pid)
        };
        let Some(victim) = self.processes.values().filter(of).max_by_key(key).map(|p| p.pid) else { return false };
        let together = group.and_then(|g| self.cgroups.get(g)).is_some_and(|c| c.oom_group);
        let victims: Vec<Pid> = match group {
            Some(g) if together => {
                self.processes.values().filter(of).filter(|p| is_in(&p.cgroup, g)).map(|p| p.pid).collect()
            }
            _ => vec![victim],
        };
        self.oom_kills += victims.len() as u64;
        if let Some(c) = group.and_then(|g| self.cgroups.get_mut(g)) {
            let (max, oom, kills) = c.memory_events;
            c.memory_events = (max + 1, oom + 1, kills + victims.len() as u64);
        }
        if let Some(p) = self.process(asked) {
            let adj = p.oom_score_adj;
            let text =
                format!("{} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj={adj}", p.comm);
            self.log(4, text);
        }
        if let Some((g, limit)) = group.and_then(|g| Some((g, self.cgroups.get(g)?.memory_max?))) {
            let used = self.cgroup_memory(g).min(limit) / 1024;
            self.log(6, format!("memory: usage {used}kB, limit {}kB, failcnt {}", limit / 1024, self.oom_kills));
        }
        for v in victims {
            self.log_oom_kill(v, group);
            self.end_process(v, ExitStatus::Signal(Signal::KILL), at);
        }
        true
    }

    /// What the kernel says of who is killed (mm/oom_kill.c).
    fn log_oom_kill(&mut self, victim: Pid, group: Option<&str>) {
        let Some(p) = self.process(victim) else { return };
        let (task, pid, uid, kb) = (p.comm.clone(), victim.0, p.real.0, p.memory / 1024);
        let cpuset = p.cgroup.rsplit('/').next().filter(|n| !n.is_empty()).unwrap_or("/");
        let (why, of, lead) = match group {
            Some(g) => ("CONSTRAINT_MEMCG", format!("oom_memcg={g}"), "Memory cgroup out of memory"),
            None => ("CONSTRAINT_NONE", "global_oom".to_owned(), "Out of memory"),
        };
        let first = format!(
            "oom-kill:constraint={why},nodemask=(null),cpuset={cpuset},mems_allowed=0,{of},task_memcg={},task={task},pid={pid},uid={uid}",
            p.cgroup
        );
        let second = format!(
            "{lead}: Killed process {pid} ({task}) total-vm:{}kB, anon-rss:{kb}kB, file-rss:0kB, shmem-rss:0kB, UID:{uid} pgtables:{}kB oom_score_adj:{}",
            kb * 3,
            kb / 512 + 44,
            p.oom_score_adj
        );
        self.log(6, first);
        self.log(3, second);
    }

    /// A process has used cpu time until `at`; answers when it may go on.
    pub(crate) fn cpu_used(&mut self, pid: Pid, cost: SimTime, at: SimTime) -> SimTime {
        let Some(path) = self.process(pid).map(|p| p.cgroup.clone()) else { return at };
        let mut next = at;
        for g in chain(&path) {
            let Some(c) = self.cgroups.get_mut(g) else { continue };
            c.cpu += cost;
            let Some(quota) = c.cpu_quota else { continue };
            let (quota, length) = (SimTime(quota * 1000), (c.cpu_period * 1000).max(1));
            let period = at.0 / length;
            if c.period.0 != period {
                // What was used beyond the quota is paid back in later periods.
                let gone = period - c.period.0;
                c.period = (period, c.period.1 - SimTime(quota.0.saturating_mul(gone)));
                c.throttled.0 += 1;
            }
            c.period.1 += cost;
            if c.period.1 >= quota {
                let wait = (c.period.1.0 / quota.0.max(1)).max(1);
                let until = SimTime((period + wait) * length);
                c.throttled.1 += 1;
                c.throttled.2 += until - at;
                next = next.max(until);
            }
        }
        next
    }

    /// A process's slice is over: its time counts, and where it goes on at once, others and its groups'
    /// quotas may put that off.
    pub(crate) fn account(&mut self, pid: Pid, cost: SimTime) {
        use crate::process::State;
        let end = self.now + cost;
        let next = self.cpu_used(pid, cost, end);
        if self.process(pid).is_some_and(|p| matches!(p.state, State::Ready(_)) && p.stopped.is_none()) {
            // At least a turn's worth: what only answers keys is not slowed down.
            let slow = if cost.0 >= 50_000 { self.cpu_contention(pid, self.now) } else { 100 };
            let stretched = self.now + SimTime(cost.0.saturating_mul(slow) / 100);
            let at = next.max(stretched);
            if at > end {
                self.schedule(pid, at);
            }
        }
    }

    /// How many times slower a process runs because others want the cpus too, in hundredths; at least 100.
    /// Who wants one is looked at once a millisecond.
    fn cpu_contention(&mut self, pid: Pid, now: SimTime) -> u64 {
        use crate::process::State;
        if self.wanting.0 + SimTime::millis(1) <= now || self.wanting.1.is_empty() {
            let mut groups: SortedMap<String, (u64, u64)> = SortedMap::new();
            for p in self.processes.values() {
                if matches!(p.state, State::Ready(_)) && p.stopped.is_none() && !self.is_frozen(&p.cgroup) {
                    match groups.get_mut(&p.cgroup) {
                        Some(g) => *g = (g.0 + 1, g.1 + nice_weight(p.nice)),
                        None => drop(groups.insert(p.cgroup.clone(), (1, nice_weight(p.nice)))),
                    }
                }
            }
            self.wanting = (now, groups);
        }
        let groups = &self.wanting.1;
        let cpus = u64::from(crate::calls::machine::CPUS);
        let count: u64 = groups.values().map(|g| g.0).sum();
        let Some(me) = self.process(pid) else { return 100 };
        // Who may use a few cpus only shares those with its group.
        let own = groups.get(&me.cgroup).map_or(1, |g| g.0) * 100 / u64::from(self.cpus_of(&me.cgroup)).max(1);
        if count <= cpus {
            return own.max(100);
        }
        let weight = |g: &String| u64::from(self.cgroups.get(g).map_or(100, |c| c.cpu_weight));
        let all: u64 = groups.keys().map(weight).sum();
        let siblings = groups.get(&me.cgroup).map_or(1, |g| g.1).max(1);
        let mine = (weight(&me.cgroup) * 1000 * nice_weight(me.nice) / siblings).max(1);
        (all * 100_000 / (cpus * mine)).max(own).clamp(100, 1_000_000)
    }

    /// The cpus that a group may use, and how they are listed.
    pub(crate) fn cpu_list(&self, path: &str) -> (Vec<u32>, String) {
        let set =
            |g: &str| self.cgroups.get(g).map(|c| (files::cpus(&c.cpus), c.cpus.clone())).filter(|l| !l.0.is_empty());
        let all = crate::calls::machine::CPUS;
        chain(path).find_map(set).unwrap_or_else(|| ((0..all).collect(), format!("0-{}", all - 1)))
    }

    /// How many cpus a group may use (`cpuset.cpus`).
    pub(crate) fn cpus_of(&self, path: &str) -> u32 {
        let set = |g: &str| self.cgroups.get(g).map(|c| files::cpus(&c.cpus)).filter(|l| !l.is_empty());
        chain(path).find_map(set).map_or(crate::calls::machine::CPUS, |l| l.len() as u32)
    }
}

/// Each step of niceness is about a fifth of the time (sched(7)).
fn nice_weight(nice: i8) -> u64 {
    (0..nice.unsigned_abs()).fold(1_000_000, |w, _| if nice > 0 { w * 4 / 5 } else { w * 5 / 4 })
}
