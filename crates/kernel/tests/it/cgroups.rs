use layerlab_kernel::vfs::{Dev, Node};
use layerlab_kernel::{
    Cx, ExitStatus, OpenFlags, Program, ProgramArgs, SimTime, StateHasher, Step, Syscall, WaitFlags, WaitFor,
};

use crate::{linux, program, say, spec};

macro_rules! text {
    ($sys:expr, $path:expr) => {
        $sys.read_file($path).await.map(|b| String::from_utf8_lossy(&b).trim().to_owned())
    };
}

/// Takes 10 MiB more each millisecond.
#[derive(Clone, Hash)]
struct Eater(u64);

impl Program for Eater {
    fn resume(&mut self, _: &mut Cx<'_>) -> Step {
        self.0 += 10 << 20;
        Step::Syscall(Syscall::Sleep { duration: SimTime::millis(1) })
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
    fn memory(&self) -> u64 {
        self.0
    }
}

fn eater(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Eater(0))
}

/// Never asks for anything.
#[derive(Clone, Hash)]
struct Spinner;

impl Program for Spinner {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        cx.charge(SimTime(100_000));
        Step::Yield
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, _: &mut StateHasher) {}
}

fn spinner(_: ProgramArgs) -> Box<dyn Program> {
    Box::new(Spinner)
}

#[test]
fn groups_are_directories_and_limits_are_files() {
    let out = linux(&[program!("init", |sys, _a| {
        sys.mkdir("/sys/fs/cgroup/demo", 0o755).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/cgroup.controllers"));
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/memory.max"));
        sys.write_file("/sys/fs/cgroup/demo/memory.max", "64M\n", 0).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/memory.max"));
        say!(sys, "{:?}", sys.write_file("/sys/fs/cgroup/demo/memory.max", "much", 0).await);
        sys.write_file("/sys/fs/cgroup/demo/cpu.max", "50000", 0).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/cpu.max"));
        sys.mkdir("/sys/fs/cgroup/demo/sub", 0o755).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/sub/memory.max"));
        sys.write_file("/sys/fs/cgroup/demo/cgroup.subtree_control", "+memory", 0).await.unwrap();
        say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/demo/sub/memory.max"));
        // Processes live in leaves.
        say!(sys, "{:?}", sys.write_file("/sys/fs/cgroup/demo/cgroup.procs", "1", 0).await);
        sys.write_file("/sys/fs/cgroup/demo/sub/cgroup.procs", "0", 0).await.unwrap();
        say!(sys, "{:?} {:?}", text!(sys, "/proc/self/cgroup"), text!(sys, "/sys/fs/cgroup/demo/sub/cgroup.procs"));
        say!(sys, "{:?}", sys.rmdir("/sys/fs/cgroup/demo/sub").await);
        sys.write_file("/sys/fs/cgroup/cgroup.procs", "1", 0).await.unwrap();
        say!(sys, "{:?}", sys.rmdir("/sys/fs/cgroup/demo/sub").await);
    })]);
    assert_eq!(
        out,
        "Ok(\"cpuset cpu io memory pids\")\nOk(\"max\")\nOk(\"67108864\")\nErr(EINVAL)\nOk(\"50000 100000\")\nErr(ENOENT)\nOk(\"max\")\nErr(EBUSY)\nOk(\"0::/demo/sub\") Ok(\"1\")\nErr(EBUSY)\nOk(())\n"
    );
}

#[test]
fn the_oom_killer_ends_who_takes_too_much() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/demo", 0o755).await.unwrap();
            sys.write_file("/sys/fs/cgroup/demo/memory.max", "64M", 0).await.unwrap();
            let s = layerlab_kernel::SpawnSpec { cgroup: "/demo".into(), ..spec(&["eater"]) };
            let pid = sys.spawn(s).await.unwrap();
            let (_, status) = sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap();
            say!(sys, "{status:?} {}", status.code());
            let events = text!(sys, "/sys/fs/cgroup/demo/memory.events").unwrap();
            say!(sys, "{}", events.lines().find(|l| l.starts_with("oom_kill ")).unwrap());
            // The kernel says so, record by record.
            sys.mknod("/dev/kmsg", 0o644, Node::Char(Dev::Kmsg)).await.unwrap();
            let flags = OpenFlags { nonblock: true, ..OpenFlags::READ };
            let fd = sys.open("/dev/kmsg", flags, 0).await.unwrap();
            let mut last = String::new();
            let e = loop {
                match sys.read(fd, 8192).await {
                    Ok(b) => last = String::from_utf8_lossy(&b).into_owned(),
                    Err(e) => break e,
                }
            };
            say!(sys, "{e:?} {}", last.split_once(';').unwrap().1.trim_end());
        }),
        ("eater", eater),
    ]);
    assert_eq!(
        out,
        "Signal(KILL) 137\noom_kill 1\nEAGAIN Memory cgroup out of memory: Killed process 2 (eater) total-vm:215040kB, anon-rss:71680kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:184kB oom_score_adj:0\n"
    );
}

#[test]
fn a_group_has_no_more_processes_than_it_may() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/demo", 0o755).await.unwrap();
            sys.write_file("/sys/fs/cgroup/demo/pids.max", "2", 0).await.unwrap();
            sys.write_file("/sys/fs/cgroup/demo/cgroup.procs", "0", 0).await.unwrap();
            say!(sys, "{:?}", sys.spawn(spec(&["idle"])).await.map(drop));
            say!(sys, "{:?}", sys.spawn(spec(&["idle"])).await.map(drop));
            say!(
                sys,
                "{:?} {:?} {:?}",
                text!(sys, "/sys/fs/cgroup/demo/pids.current"),
                text!(sys, "/sys/fs/cgroup/demo/pids.peak"),
                text!(sys, "/sys/fs/cgroup/demo/pids.events")
            );
        }),
        program!("idle", |sys, _a| {
            sys.sleep(SimTime::secs(100)).await.unwrap();
        }),
    ]);
    assert_eq!(out, "Ok(())\nErr(EAGAIN)\nOk(\"2\") Ok(\"2\") Ok(\"max 1\")\n");
}

#[test]
fn a_quota_slows_a_loop_down() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/demo", 0o755).await.unwrap();
            sys.write_file("/sys/fs/cgroup/demo/cpu.max", "20000 100000", 0).await.unwrap();
            let s = layerlab_kernel::SpawnSpec { cgroup: "/demo".into(), ..spec(&["spinner"]) };
            let pid = sys.spawn(s).await.unwrap();
            sys.sleep(SimTime::secs(5)).await.unwrap();
            let used = sys.procs().await.unwrap().into_iter().find(|p| p.host_pid == pid).unwrap().cpu;
            // A fifth of one cpu.
            say!(sys, "{}", (900..=1100).contains(&used.as_millis()));
            sys.kill(pid.0 as i32, Some(layerlab_kernel::Signal::KILL)).await.unwrap();
            let (_, status) = sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await.unwrap();
            say!(sys, "{}", status == ExitStatus::Signal(layerlab_kernel::Signal::KILL));
        }),
        ("spinner", spinner),
    ]);
    assert_eq!(out, "true\ntrue\n");
}

#[test]
fn eight_loops_share_four_cpus_by_weight() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/light", 0o755).await.unwrap();
            sys.mkdir("/sys/fs/cgroup/heavy", 0o755).await.unwrap();
            sys.write_file("/sys/fs/cgroup/heavy/cpu.weight", "300", 0).await.unwrap();
            for n in 0..16 {
                let group = if n % 2 == 0 { "/light" } else { "/heavy" };
                sys.spawn(layerlab_kernel::SpawnSpec { cgroup: group.into(), ..spec(&["spinner"]) }).await.unwrap();
            }
            sys.sleep(SimTime::millis(250)).await.unwrap();
            let procs = sys.procs().await.unwrap();
            let sum = |g: &str| procs.iter().filter(|p| p.cgroup == g).map(|p| p.cpu.as_millis()).sum::<u64>();
            let (light, heavy) = (sum("/light"), sum("/heavy"));
            // About 16 seconds of four cpus, three times as much for the heavy ones.
            say!(
                sys,
                "{} {}",
                (700..1_300).contains(&(light + heavy)),
                (2..=4).contains(&((heavy + light / 2) / light))
            );
            if !(700..1_300).contains(&(light + heavy)) {
                say!(sys, "{light} {heavy}");
            }
        }),
        ("spinner", spinner),
    ]);
    assert_eq!(out, "true true\n");
}

#[test]
fn a_frozen_group_stands_still() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/demo", 0o755).await.unwrap();
            let s = layerlab_kernel::SpawnSpec { cgroup: "/demo".into(), ..spec(&["spinner"]) };
            let pid = sys.spawn(s).await.unwrap();
            sys.sleep(SimTime::millis(500)).await.unwrap();
            sys.write_file("/sys/fs/cgroup/demo/cgroup.freeze", "1", 0).await.unwrap();
            let mut used = Vec::new();
            for n in 0..3 {
                used.push(sys.procs().await.unwrap().into_iter().find(|p| p.host_pid == pid).unwrap().cpu);
                if n == 1 {
                    sys.write_file("/sys/fs/cgroup/demo/cgroup.freeze", "0", 0).await.unwrap();
                }
                sys.sleep(SimTime::secs(1)).await.unwrap();
            }
            say!(sys, "{} {}", used[0] == used[1], used[2] > used[1]);
        }),
        ("spinner", spinner),
    ]);
    assert_eq!(out, "true true\n");
}

/// `cpuset.cpus`: two on one cpu have half of it each.
#[test]
fn who_may_use_one_cpu_shares_it() {
    let out = linux(&[
        program!("init", |sys, _a| {
            sys.mkdir("/sys/fs/cgroup/one", 0o755).await.unwrap();
            say!(sys, "{:?}", sys.write_file("/sys/fs/cgroup/one/cpuset.cpus", "first", 0).await);
            sys.write_file("/sys/fs/cgroup/one/cpuset.cpus", "1", 0).await.unwrap();
            say!(sys, "{:?}", text!(sys, "/sys/fs/cgroup/one/cpuset.cpus.effective"));
            for _ in 0..2 {
                sys.spawn(layerlab_kernel::SpawnSpec { cgroup: "/one".into(), ..spec(&["spinner"]) }).await.unwrap();
            }
            sys.sleep(SimTime::millis(200)).await.unwrap();
            let procs = sys.procs().await.unwrap();
            for p in procs.iter().filter(|p| p.cgroup == "/one") {
                say!(sys, "{}", (85..115).contains(&p.cpu.as_millis()));
            }
            sys.write_file("/sys/fs/cgroup/one/cgroup.procs", "0", 0).await.unwrap();
            let status = text!(sys, "/proc/self/status").unwrap();
            let list = status.lines().find(|l| l.starts_with("Cpus_allowed_list")).unwrap();
            say!(sys, "{list} {}", sys.sys_info().await.unwrap().cpus);
        }),
        ("spinner", spinner),
    ]);
    assert_eq!(out, "Err(EINVAL)\nOk(\"1\")\ntrue\ntrue\nCpus_allowed_list:\t1 1\n");
}
