//! `/proc/sys` (`sysctl(8)`).

use crate::errno::Errno;
use crate::process::{Cap, Process};
use crate::syscall::{FileType, NetNsId};
use crate::system::System;
use crate::vfs::Inode;
use crate::vfs::special::dir;

/// Paths below `/proc/sys`, directories before what is in them, with the value at boot; `None`: a directory.
/// A name that ends with `=` cannot be written.
const NODES: &[(&str, Option<&str>)] = &[
    ("", None),
    ("fs", None),
    ("fs/file-max", Some("9223372036854775807")),
    ("fs/file-nr=", Some("")),
    ("fs/inotify", None),
    ("fs/inotify/max_user_instances", Some("128")),
    ("fs/inotify/max_user_watches", Some("65536")),
    ("fs/mount-max=", Some("2000")),
    ("fs/nr_open", Some("1048576")),
    ("fs/pipe-max-size", Some("1048576")),
    ("kernel", None),
    ("kernel/cap_last_cap=", Some("40")),
    ("kernel/core_pattern", Some("core")),
    ("kernel/dmesg_restrict", Some("1")),
    ("kernel/domainname", Some("(none)")),
    ("kernel/hostname", Some("")),
    ("kernel/ngroups_max=", Some("65536")),
    ("kernel/osrelease=", Some(crate::calls::machine::RELEASE)),
    ("kernel/ostype=", Some("Linux")),
    ("kernel/overflowuid", Some("65534")),
    ("kernel/panic", Some("0")),
    ("kernel/pid_max", Some("4194304")),
    ("kernel/random", None),
    ("kernel/random/boot_id=", Some("")),
    ("kernel/random/entropy_avail=", Some("256")),
    ("kernel/random/uuid=", Some("")),
    ("kernel/shmmax", Some("18446744073692774399")),
    ("kernel/threads-max", Some("63088")),
    ("kernel/unprivileged_userns_clone", Some("1")),
    ("kernel/version=", Some(crate::calls::machine::VERSION)),
    ("net", None),
    ("net/core", None),
    ("net/core/somaxconn", Some("4096")),
    ("net/ipv4", None),
    ("net/ipv4/conf", None),
    ("net/ipv4/conf/all", None),
    ("net/ipv4/conf/all/forwarding", Some("1")),
    ("net/ipv4/icmp_echo_ignore_all", Some("0")),
    ("net/ipv4/ip_default_ttl", Some("64")),
    ("net/ipv4/ip_forward", Some("1")),
    ("net/ipv4/ip_local_port_range", Some("32768\t60999")),
    ("net/ipv4/ip_unprivileged_port_start", Some("1024")),
    ("net/ipv4/ping_group_range", Some("0\t2147483647")),
    ("net/ipv4/tcp_fin_timeout", Some("60")),
    ("net/ipv4/tcp_keepalive_time", Some("7200")),
    ("net/ipv4/tcp_max_syn_backlog", Some("512")),
    ("net/ipv4/tcp_syncookies", Some("1")),
    ("user", None),
    ("user/max_user_namespaces", Some("31544")),
    ("vm", None),
    ("vm/dirty_ratio", Some("20")),
    ("vm/drop_caches", Some("0")),
    ("vm/max_map_count", Some("65530")),
    ("vm/overcommit_memory", Some("0")),
    ("vm/swappiness", Some("60")),
];

fn path(n: usize) -> &'static str {
    NODES.get(n).map_or("", |f| f.0.trim_end_matches('='))
}

fn split(p: &str) -> (&str, &str) {
    p.rsplit_once('/').unwrap_or(("", p))
}

pub(super) fn inode(n: usize) -> Option<Inode> {
    let (name, value) = NODES.get(n)?;
    Some(match value {
        None => dir(0o555),
        Some(_) => Inode::file(Vec::new(), if name.ends_with('=') { 0o444 } else { 0o644 }),
    })
}

pub(super) fn child(of: usize, name: &str) -> Option<usize> {
    NODES.iter().enumerate().skip(1).find(|(n, _)| split(path(*n)) == (path(of), name)).map(|(n, _)| n)
}

pub(super) fn entries(of: usize) -> Vec<(String, usize, FileType)> {
    let below = NODES.iter().enumerate().skip(1).filter(|(n, _)| split(path(*n)).0 == path(of));
    below
        .map(|(n, f)| (split(path(n)).1.to_owned(), n, if f.1.is_some() { FileType::File } else { FileType::Dir }))
        .collect()
}

pub(super) fn parent(n: usize) -> usize {
    let up = split(path(n)).0;
    (0..NODES.len()).find(|m| path(*m) == up).unwrap_or(0)
}

/// Whether a value is the network namespace's own.
fn key(ns: NetNsId, n: usize) -> (u32, &'static str) {
    let name = path(n);
    (if name.starts_with("net/") { ns.0 } else { 0 }, name)
}

impl System {
    /// Sets a value of a network namespace, or of the machine, whoever asks.
    pub(crate) fn set_sysctl(&mut self, ns: NetNsId, name: &str, value: &str) -> Result<(), Errno> {
        let n = NODES.iter().position(|f| f.0 == name && f.1.is_some()).ok_or(Errno::ENOENT)?;
        self.sysctl.insert(key(ns, n), value.to_owned());
        Ok(())
    }
    /// A number that was written to `/proc/sys` in a network namespace.
    pub(crate) fn sysctl_of(&self, ns: NetNsId, name: &'static str) -> Option<u64> {
        self.sysctl.get(&(ns.0, name))?.split_whitespace().next()?.parse().ok()
    }
    /// A number that `/proc/sys` holds for a process.
    pub(crate) fn sysctl(&self, p: &Process, name: &str) -> Option<u64> {
        let n = NODES.iter().position(|f| f.0 == name)?;
        let value = self.sysctl.get(&key(p.net_ns, n)).map(String::as_str).or(NODES.get(n)?.1)?;
        value.split_whitespace().next()?.parse().ok()
    }
}

pub(super) fn read(sys: &System, p: &Process, n: usize) -> Result<String, Errno> {
    let value = match path(n) {
        "kernel/hostname" => sys.uts_ns.get(&p.uts_ns).cloned().unwrap_or_default(),
        "fs/file-nr" => format!("{}\t0\t9223372036854775807", sys.files.len()),
        // Not of the machine's generator: reading must change nothing.
        "kernel/random/boot_id" => uuid(sys.boot_epoch_ns as u64),
        "kernel/random/uuid" => uuid(sys.random ^ sys.now.0),
        _ => match sys.sysctl.get(&key(p.net_ns, n)) {
            Some(v) => v.clone(),
            None => NODES.get(n).and_then(|f| f.1).ok_or(Errno::EISDIR)?.to_owned(),
        },
    };
    Ok(format!("{value}\n"))
}

fn uuid(seed: u64) -> String {
    let d = crate::hash::state_digest(&seed);
    let part = |r: std::ops::Range<usize>| d.get(r).unwrap_or_default().to_owned();
    format!("{}-{}-4{}-8{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}

pub(super) fn write(sys: &mut System, p: &Process, n: usize, text: &str) -> Result<(), Errno> {
    let name = path(n);
    // Root's by its mode; those of a network also who administers that (net/sysctl_net.c).
    let administers = name.starts_with("net/") && p.can_over(Cap::NetAdmin, p.net_ns.0);
    if p.uid != 0 && !administers {
        return Err(Errno::EPERM);
    }
    if NODES.get(n).is_some_and(|f| f.0.ends_with('=')) {
        return Err(Errno::EACCES);
    }
    if name == "kernel/hostname" {
        sys.uts_ns.insert(p.uts_ns, text.to_owned());
        return Ok(());
    }
    let old = NODES.get(n).and_then(|f| f.1).ok_or(Errno::EISDIR)?;
    let numbers = |t: &str| t.split_whitespace().all(|w| w.parse::<i64>().is_ok());
    if !old.is_empty() && numbers(old) && (text.trim().is_empty() || !numbers(text)) {
        return Err(Errno::EINVAL);
    }
    sys.sysctl.insert(key(p.net_ns, n), text.trim().to_owned());
    Ok(())
}
