//! User namespaces: which ids inside are which outside (`user_namespaces(7)`).

use std::fmt::Write;

use crate::errno::Errno;
use crate::process::{Cap, Process};
use crate::syscall::Pid;
use crate::system::System;

/// First id inside, first id outside, how many.
pub type Range = (u32, u32, u32);

/// The maps of a user namespace. Outside is always the host: maps of nested ones are kept composed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IdMaps {
    /// Users; `None`: not yet written.
    pub uids: Option<Vec<Range>>,
    /// Groups.
    pub gids: Option<Vec<Range>>,
}

/// What an id without a map is shown as (`/proc/sys/kernel/overflowuid`).
const OVERFLOW: u32 = 65_534;

fn inside(map: Option<&Vec<Range>>, host: u32) -> Option<u32> {
    map?.iter().find(|(_, o, n)| host >= *o && host - o < *n).map(|(i, o, _)| i + (host - o))
}

fn outside(map: Option<&Vec<Range>>, id: u32) -> Option<u32> {
    map?.iter().find(|(i, _, n)| id >= *i && id - i < *n).map(|(i, o, _)| o + (id - i))
}

impl IdMaps {
    /// The host's.
    pub fn host() -> Self {
        let all = Some(vec![(0, 0, u32::MAX)]);
        Self { uids: all.clone(), gids: all }
    }
}

impl Process {
    /// A host user as the process sees it.
    pub fn seen_uid(&self, host: u32) -> u32 {
        inside(self.maps.uids.as_ref(), host).unwrap_or(OVERFLOW)
    }
    /// A host group as the process sees it.
    pub fn seen_gid(&self, host: u32) -> u32 {
        inside(self.maps.gids.as_ref(), host).unwrap_or(OVERFLOW)
    }
    /// The host's number of a user that the process names.
    pub(crate) fn host_uid(&self, id: u32) -> Result<u32, Errno> {
        outside(self.maps.uids.as_ref(), id).ok_or(Errno::EINVAL)
    }
    /// The host's number of a group that the process names.
    pub(crate) fn host_gid(&self, id: u32) -> Result<u32, Errno> {
        outside(self.maps.gids.as_ref(), id).ok_or(Errno::EINVAL)
    }
    /// Whether its capabilities count for an inode: both owners have to be known in its user namespace.
    pub(crate) fn rules(&self, uid: u32, gid: u32) -> bool {
        self.spaces.user == 0
            || (inside(self.maps.uids.as_ref(), uid).is_some() && inside(self.maps.gids.as_ref(), gid).is_some())
    }
    /// Whether it has a capability over something of a namespace: those of a user namespace count for
    /// namespaces that were made in it, never for the host's own.
    pub(crate) fn can_over(&self, cap: Cap, namespace: u32) -> bool {
        self.caps.effective & cap.bit() != 0 && (self.spaces.user == 0 || namespace != 0)
    }
}

impl System {
    /// `/proc/<pid>/uid_map`.
    pub(crate) fn id_map(&self, p: &Process, groups: bool) -> String {
        let map = if groups { &p.maps.gids } else { &p.maps.uids };
        let mut t = String::new();
        for (i, o, n) in map.iter().flatten() {
            let _ = writeln!(t, "{i:>10} {o:>10} {n:>10}");
        }
        t
    }

    /// Writes `/proc/<pid>/uid_map`: once, by the owner of the namespace or root.
    pub(crate) fn set_id_map(&mut self, p: &Process, target: Pid, groups: bool, text: &str) -> Result<(), Errno> {
        let t = self.process(target).ok_or(Errno::ESRCH)?;
        let user = t.spaces.user;
        if user == 0 || (if groups { &t.maps.gids } else { &t.maps.uids }).is_some() {
            return Err(Errno::EPERM);
        }
        let mut map = Vec::new();
        for line in text.lines() {
            let words: Vec<u32> = line.split_whitespace().filter_map(|w| w.parse().ok()).collect();
            let [i, o, n] = words[..] else { return Err(Errno::EINVAL) };
            if n == 0 {
                return Err(Errno::EINVAL);
            }
            map.push((i, o, n));
        }
        if map.is_empty() {
            return Err(Errno::EINVAL);
        }
        // Without privileges outside only the own id can be mapped.
        let own = if groups { p.real.1 } else { p.real.0 };
        let privileged = p.spaces.user != user && p.can(if groups { Cap::Setgid } else { Cap::Setuid });
        let only_own = map.len() == 1 && map.first().is_some_and(|m| (m.1, m.2) == (own, 1));
        if !privileged && !only_own {
            return Err(Errno::EPERM);
        }
        for q in self.processes.values_mut().filter(|q| q.spaces.user == user) {
            let maps = std::rc::Rc::make_mut(&mut q.maps);
            *(if groups { &mut maps.gids } else { &mut maps.uids }) = Some(map.clone());
        }
        Ok(())
    }
}
