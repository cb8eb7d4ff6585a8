//! Files of the machine as a whole.

use std::fmt::Write;

use crate::calls::machine::{CPUS, MEMORY, RELEASE, VERSION};
use crate::errno::Errno;
use crate::process::{Process, State};
use crate::signal::Signal;
use crate::syscall::{Pid, PidNsId};
use crate::system::System;

/// What a file says.
pub(super) fn text(sys: &System, p: &Process, ns: PidNsId, name: &str) -> String {
    match name {
        "cpuinfo" => cpuinfo(),
        "meminfo" => meminfo(sys),
        "uptime" => {
            let (up, idle) = (sys.now.0 / 10_000_000, idle(sys) / 10_000_000);
            format!("{}.{:02} {}.{:02}\n", up / 100, up % 100, idle / 100, idle % 100)
        }
        "loadavg" => {
            let [a, b, c] = sys.load();
            let one = |n: u64| format!("{}.{:02}", n / 100, n % 100);
            let running = sys.processes.values().filter(|p| runs(p)).count().max(1);
            let last = sys.pid_ns.get(&ns).map_or(0, |n| n.next.saturating_sub(u32::from(ns == PidNsId(0))));
            format!("{} {} {} {running}/{} {last}\n", one(a), one(b), one(c), sys.processes.len())
        }
        "version" => format!(
            "Linux version {RELEASE} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) {VERSION}\n"
        ),
        "stat" => stat(sys),
        "filesystems" => {
            let nodev = ["sysfs", "tmpfs", "proc", "cgroup2", "devtmpfs", "devpts", "mqueue", "overlay"];
            let mut t: String = nodev.iter().map(|n| format!("nodev\t{n}\n")).collect();
            t.push_str("\text4\n");
            t
        }
        "cmdline" => format!("BOOT_IMAGE=/boot/vmlinuz-{RELEASE} root=/dev/vda1 ro quiet\n"),
        "swaps" => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n".to_owned(),
        "partitions" => {
            "major minor  #blocks  name\n\n 254        0   62915584 vda\n 254        1   62914560 vda1\n".to_owned()
        }
        "diskstats" => " 254       0 vda 9041 2212 641642 3420 4217 3980 201472 5210 0 4128 8630 0 0 0 0 0 0\n 254       1 vda1 8840 2212 633570 3350 4217 3980 201472 5210 0 4090 8560 0 0 0 0 0 0\n".to_owned(),
        "devices" => "Character devices:\n  1 mem\n  4 tty\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n 10 misc\n136 pts\n\nBlock devices:\n254 virtblk\n".to_owned(),
        "cgroups" => {
            let mut t = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n".to_owned();
            let n = sys.cgroups.len();
            for c in ["cpuset", "cpu", "cpuacct", "blkio", "memory", "devices", "freezer", "pids"] {
                let _ = writeln!(t, "{c}\t0\t{n}\t1");
            }
            t
        }
        "modules" => {
            if p.net_ns.0 == 0 && !sys.net.bridges.is_empty() {
                "veth 45056 0 - Live 0x0000000000000000\nbridge 389120 0 - Live 0x0000000000000000\noverlay 212992 0 - Live 0x0000000000000000\n".to_owned()
            } else {
                String::new()
            }
        }
        "vmstat" => format!("nr_free_pages {}\npgfault 0\npgmajfault 0\noom_kill {}\n", free(sys) / 4096, sys.oom_kills),
        "interrupts" => interrupts(sys),
        "timer_list" => format!("Timer List Version: v0.9\nHRTIMER_MAX_CLOCK_BASES: 8\nnow at {} nsecs\n", sys.now.0),
        // The head of a core file without a segment: no memory is shown.
        "kcore" => "\u{7f}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0\u{4}\0>\0\u{1}\0\0\0".to_owned(),
        // Nothing is locked, and there are no keys.
        _ => String::new(),
    }
}

/// The timer's interrupts: 250 a second on a cpu that works, none on one that rests.
fn interrupts(sys: &System) -> String {
    let n = busy(sys) / 4_000_000 / u64::from(CPUS);
    let mut t = " ".repeat(10);
    for c in 0..CPUS {
        let _ = write!(t, " {:<10}", format!("CPU{c}"));
    }
    t.push_str("\nLOC:");
    for _ in 0..CPUS {
        let _ = write!(t, " {n:>10}");
    }
    t.push_str("   Local timer interrupts\n");
    t
}

/// Writes `/proc/sysrq-trigger` (Documentation/admin-guide/sysrq.rst), as far as this machine can do it.
pub(super) fn sysrq(sys: &mut System, text: &str) -> Result<(), Errno> {
    let everybody = |sys: &mut System, signal| {
        let (all, now): (Vec<Pid>, _) = (sys.processes.keys().copied().filter(|p| p.0 != 1).collect(), sys.now);
        for pid in all {
            sys.send_signal(pid, signal, None, now);
        }
    };
    match text.chars().next() {
        Some('e') => {
            sys.log(6, "sysrq: Terminate All Tasks".to_owned());
            everybody(sys, Signal::TERM);
        }
        Some('i') => {
            sys.log(6, "sysrq: Kill All Tasks".to_owned());
            everybody(sys, Signal::KILL);
        }
        Some('s') => sys.log(6, "sysrq: Emergency Sync".to_owned()),
        // It can neither be reset nor switched off.
        Some('b' | 'c' | 'o') => return Err(Errno::EPERM),
        _ => sys.log(6, "sysrq: HELP : terminate-all-tasks(e) kill-all-tasks(i) sync(s)".to_owned()),
    }
    Ok(())
}

fn runs(p: &Process) -> bool {
    matches!(p.state, State::Ready(_)) && p.stopped.is_none()
}

fn cpuinfo() -> String {
    let mut t = String::new();
    for n in 0..CPUS {
        let _ = write!(
            t,
            "processor\t: {n}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Layerlab Virtual CPU @ 2.40GHz\nstepping\t: 7\ncpu MHz\t\t: 2400.000\ncache size\t: 16384 KB\nphysical id\t: 0\nsiblings\t: {CPUS}\ncore id\t\t: {n}\ncpu cores\t: {CPUS}\napicid\t\t: {n}\nfpu\t\t: yes\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx lm constant_tsc rep_good nopl cpuid pni ssse3 cx16 sse4_1 sse4_2 x2apic popcnt aes xsave avx hypervisor lahf_lm\nbogomips\t: 4800.00\nclflush size\t: 64\naddress sizes\t: 40 bits physical, 48 bits virtual\n\n"
        );
    }
    t
}

fn free(sys: &System) -> u64 {
    MEMORY.saturating_sub(sys.memory_used()).saturating_sub(cached(sys))
}

/// What files take in memory: those of memory file systems, and a part of what was read.
fn cached(sys: &System) -> u64 {
    (600 << 20) + shared(sys)
}

fn shared(sys: &System) -> u64 {
    let memory = sys.filesystems.values().filter(|f| f.kind == crate::vfs::FsKind::Tmpfs);
    memory.map(|f| f.tree.real_size()).sum()
}

fn meminfo(sys: &System) -> String {
    let (free, cached, shared) = (free(sys), cached(sys), shared(sys));
    let mut t = String::new();
    for (name, bytes) in [
        ("MemTotal", MEMORY),
        ("MemFree", free),
        ("MemAvailable", free + cached - shared),
        ("Buffers", 40 << 20),
        ("Cached", cached - (40 << 20)),
        ("SwapCached", 0),
        ("Active", sys.memory_used() / 2),
        ("Inactive", cached / 2),
        ("SwapTotal", 0),
        ("SwapFree", 0),
        ("Dirty", 0),
        ("Shmem", shared),
        ("Slab", 80 << 20),
        ("SReclaimable", 0),
    ] {
        let _ = writeln!(t, "{:<16}{:>8} kB", format!("{name}:"), bytes / 1024);
    }
    t
}

fn busy(sys: &System) -> u64 {
    sys.cpu_gone.0 + sys.processes.values().map(|p| p.cpu.0).sum::<u64>()
}

fn idle(sys: &System) -> u64 {
    (sys.now.0 * u64::from(CPUS)).saturating_sub(busy(sys))
}

fn stat(sys: &System) -> String {
    // Hundredths of seconds: user, nice, system, idle …
    let (busy, idle) = (busy(sys) / 10_000_000, idle(sys) / 10_000_000);
    let (user, system) = (busy * 2 / 3, busy / 3);
    let mut t = format!("cpu  {user} 0 {system} {idle} 0 0 0 0 0 0\n");
    let n = u64::from(CPUS);
    for c in 0..n {
        let _ = writeln!(t, "cpu{c} {} 0 {} {} 0 0 0 0 0 0", user / n, system / n, idle / n);
    }
    let running = sys.processes.values().filter(|p| runs(p)).count().max(1);
    let forks = sys.pid_ns.get(&PidNsId(0)).map_or(0, |n| n.next.saturating_sub(1));
    let _ = write!(
        t,
        "intr 0\nctxt {}\nbtime {}\nprocesses {forks}\nprocs_running {running}\nprocs_blocked 0\nsoftirq 0\n",
        sys.next_seq,
        sys.boot_epoch_ns.div_euclid(1_000_000_000)
    );
    t
}

impl System {
    /// Load averages over 1, 5 and 15 minutes, in hundredths.
    pub fn load(&self) -> [u64; 3] {
        let since = |at: crate::SimTime, minutes: u64| -> u64 {
            let (period, gone) = (minutes * 60_000, (self.now - at).as_millis());
            // Straight towards what runs now, instead of the kernel's exponential.
            gone.min(period) * 100 / period
        };
        let running = self.processes.values().filter(|p| runs(p));
        let mut sum = [0; 3];
        for p in running {
            for (s, m) in sum.iter_mut().zip([1, 5, 15]) {
                *s += since(p.started, m);
            }
        }
        sum
    }
    /// Memory of all processes, and what the kernel and Debian's own services take.
    pub fn memory_used(&self) -> u64 {
        // The kernel and what Debian starts take some 300 MB.
        let used = self.processes.values().filter(|p| !p.is_thread()).map(|p| p.memory).sum::<u64>() + (300 << 20);
        used.min(MEMORY)
    }
}
