//! Who runs when, who waits for what, and what signals do.

use crate::SimTime;
use crate::errno::Errno;
use crate::file::{FdEntry, FileId, FileKind, OpenFile};
use crate::limit::Resource;
use crate::process::{Process, State};
use crate::signal::{DefaultAction, Disposition, Signal};
use crate::syscall::{ExitStatus, Fd, NetNsId, Pid, PidNsId, SysResult, Syscall, WinSize};
use crate::system::{System, WaitKey};
use crate::tty::TtyId;
use crate::vfs::Loc;

/// How many processes the machine has room for. A real one with 8 GiB has 63,000; each takes real memory here.
const MOST_PROCESSES: u64 = 4_000;

impl System {
    /// Runs a process at a time; what was scheduled for it before is off.
    pub(crate) fn schedule(&mut self, pid: Pid, at: SimTime) {
        let seq = self.next_seq;
        self.next_seq += 1;
        if let Some(p) = self.processes.get_mut(&pid) {
            p.generation += 1;
            self.queue.insert((at, seq), (pid, p.generation));
        }
    }

    pub(crate) fn set_ready(&mut self, pid: Pid, result: Option<SysResult>, at: SimTime) {
        if let Some(p) = self.processes.get_mut(&pid) {
            p.state = State::Ready(result);
            self.schedule(pid, at);
        }
    }

    /// Lets a process wait in a call: for one of these, or until it is to try again. `until` is the call's
    /// own deadline.
    pub(crate) fn block(
        &mut self,
        pid: Pid,
        call: Syscall,
        keys: &[WaitKey],
        until: Option<SimTime>,
        again: Option<SimTime>,
        at: SimTime,
    ) {
        let Some(p) = self.processes.get_mut(&pid) else { return };
        p.state = State::Blocked(call, until);
        let signalled = !p.pending.is_empty();
        p.waits.extend_from_slice(keys);
        for k in keys {
            self.waiters.entry(*k).or_default().insert(pid);
        }
        if signalled {
            self.schedule(pid, at);
        } else if let Some(t) = again {
            self.schedule(pid, t);
        }
    }

    /// Signals for who has used up its cpu time or its memory (`setrlimit(2)`). `cost`: cpu time of the
    /// slice that is just over; `grew`: it has taken memory.
    pub(crate) fn limits_reached(&mut self, pid: Pid, cost: SimTime, grew: bool) {
        let Some(p) = self.process(pid).filter(|p| !p.is_zombie()) else { return };
        let at = self.now + cost;
        let (soft, hard) = p.limits.get(Resource::Cpu);
        let second = |t: SimTime| t.0 / 1_000_000_000;
        let (now, before) = (second(p.cpu), second(SimTime(p.cpu.0.saturating_sub(cost.0))));
        // From the soft limit on once a second, at the hard one the end.
        let cpu = match now {
            n if n >= hard => Some(Signal::KILL),
            n if n >= soft && n > before => Some(Signal::XCPU),
            _ => None,
        };
        // Who does not ask whether there is memory is ended by using what it did not get.
        let memory = (grew && p.memory > p.limits.memory()).then_some(Signal::SEGV);
        for s in [cpu, memory].into_iter().flatten() {
            self.send_signal(pid, s, None, at);
        }
    }

    pub(crate) fn forget_waits(&mut self, pid: Pid) {
        let Some(keys) = self.processes.get_mut(&pid).map(|p| std::mem::take(&mut p.waits)) else { return };
        for k in keys {
            if let Some(w) = self.waiters.get_mut(&k) {
                w.remove(&pid);
                if w.is_empty() {
                    self.waiters.remove(&k);
                }
            }
        }
    }

    /// Lets those who wait for this try again.
    pub(crate) fn wake(&mut self, key: WaitKey, at: SimTime) {
        let Some(who) = self.waiters.remove(&key) else { return };
        for pid in who {
            if self.process(pid).is_some_and(|p| matches!(p.state, State::Blocked(..))) {
                self.schedule(pid, at);
            }
        }
    }

    pub(crate) fn child_changed(&mut self, parent: Pid, at: SimTime) {
        self.wake(WaitKey::Child(parent), at);
    }

    /// Sends a signal to a process. `from`: the sender's pid namespace (none: the machine itself).
    pub(crate) fn send_signal(&mut self, pid: Pid, sig: Signal, from: Option<PidNsId>, at: SimTime) {
        let Some(p) = self.processes.get_mut(&pid) else { return };
        if p.is_zombie() {
            return;
        }
        let default = p.disposition(sig) == Disposition::Default;
        // Number 1 of a namespace gets no signal that it has no handler for; only KILL and STOP
        // from outside its namespace (pid_namespaces(7)).
        if p.ns_pid == 1 && default {
            let forced = matches!(sig, Signal::KILL | Signal::STOP) && from != Some(p.pid_ns) && p.pid_ns != PidNsId(0);
            if !forced {
                return;
            }
        }
        if p.disposition(sig) == Disposition::Ignore && !matches!(sig, Signal::KILL | Signal::STOP) {
            return;
        }
        if default && sig.default_action() == DefaultAction::Ignore {
            return;
        }
        if sig == Signal::CONT || sig == Signal::KILL {
            p.stopped = None;
            p.pending.retain(|s| s.default_action() != DefaultAction::Stop);
        }
        if sig == Signal::CONT && default {
            self.schedule(pid, at);
            return;
        }
        if sig.default_action() == DefaultAction::Stop {
            p.pending.remove(&Signal::CONT);
        }
        p.pending.insert(sig);
        if p.stopped.is_none() {
            self.schedule(pid, at);
        }
    }

    pub(crate) fn signal_group(&mut self, pgid: Pid, sig: Signal, from: Option<PidNsId>, at: SimTime) {
        let members: Vec<Pid> =
            self.processes.values().filter(|p| p.pgid == pgid && !p.is_thread()).map(|p| p.pid).collect();
        for pid in members {
            self.send_signal(pid, sig, from, at);
        }
    }

    /// Whether a process group is orphaned (POSIX XBD 3.266): no member has a parent in another group of
    /// the same session, so that nobody could continue it.
    pub(crate) fn is_orphaned(&self, pgid: Pid) -> bool {
        let members = self.processes.values().filter(|p| p.pgid == pgid && !p.is_zombie() && !p.is_thread());
        !members
            .filter_map(|p| Some((p, self.process(p.ppid)?)))
            .any(|(p, parent)| parent.sid == p.sid && parent.pgid != pgid && !parent.is_zombie())
    }

    /// The next free host number.
    fn next_pid(&mut self) -> Pid {
        let ns = self.pid_ns.entry(PidNsId(0)).or_default();
        let n = ns.next;
        ns.next += 1;
        Pid(n)
    }

    /// Makes the first process.
    pub(crate) fn first_process(&mut self) -> Pid {
        let pid = self.next_pid();
        let mut p = self.walker(crate::syscall::MntNsId(0));
        (p.pid, p.ns_pid, p.leader, p.pgid, p.sid) = (pid, pid.0, pid, pid, pid);
        self.processes.insert(pid, p);
        pid
    }

    /// A new process like its parent, in the parent's pid namespace or another. It is not scheduled.
    pub(crate) fn new_process(&mut self, parent: Pid, pid_ns: Option<PidNsId>, at: SimTime) -> Option<Pid> {
        let leader = self.process(parent)?.leader;
        let p = self.process(leader)?;
        let uid = p.real.0;
        let most = p.limits.soft(Resource::Processes);
        // As `copy_process` has it: the limit is not for the host's root, in whatever container.
        let privileged =
            uid == 0 || p.can(crate::capability::Cap::SysResource) || p.can(crate::capability::Cap::SysAdmin);
        let machine = self.sysctl(p, "kernel/threads-max").unwrap_or(MOST_PROCESSES).min(MOST_PROCESSES);
        if self.processes.len() as u64 >= machine {
            return None;
        }
        // Room is left for others, as by the kernel at boot (`set_max_threads`: a half of a larger machine).
        let most = most.min(machine / 4);
        if !privileged {
            let used = self.processes.values().filter(|q| q.real.0 == uid).count() as u64;
            if used >= most {
                return None;
            }
        }
        let cgroup = p.cgroup.clone();
        if !self.cgroup_may_fork(&cgroup) {
            return None;
        }
        let mut p = self.process(leader)?.clone();
        let pid = self.next_pid();
        p.waits.clear();
        p.opening = None;
        p.opens.clear();
        p.children_cpu = SimTime(0);
        p.pid_ns = pid_ns.or(p.spaces.pid_for_children).unwrap_or(p.pid_ns);
        p.spaces.pid_for_children = None;
        p.ns_pid = if p.pid_ns == PidNsId(0) {
            pid.0
        } else {
            let ns = self.pid_ns.entry(p.pid_ns).or_default();
            ns.next += 1;
            if ns.next == 1 {
                ns.init = pid;
            }
            ns.next
        };
        (p.pid, p.leader, p.ppid) = (pid, pid, leader);
        p.state = State::Ready(None);
        p.pending.clear();
        p.caught.clear();
        p.stopped = None;
        (p.started, p.cpu, p.generation) = (at, SimTime(0), 0);
        for e in p.files.table.values() {
            if let Some(f) = self.files.get_mut(&e.file) {
                f.refs += 1;
            }
        }
        self.processes.insert(pid, p);
        Some(pid)
    }

    /// Ends a process: descriptors closed, children handed on, the parent told.
    pub(crate) fn end_process(&mut self, pid: Pid, status: ExitStatus, at: SimTime) {
        let Some(p) = self.process(pid) else { return };
        if p.is_zombie() {
            return;
        }
        let (leader, ppid, pid_ns, ns_pid) = (p.leader, p.ppid, p.pid_ns, p.ns_pid);
        let (pgid, sid, tty) = (p.pgid, p.sid, p.tty);
        self.forget_waits(pid);
        self.started.0.push((pid, None));
        self.forget_opens(pid, at);
        if leader != pid {
            self.processes.remove(&pid);
            return;
        }
        let threads: Vec<Pid> =
            self.processes.values().filter(|t| t.leader == pid && t.pid != pid).map(|t| t.pid).collect();
        for t in threads {
            self.forget_opens(t, at);
            self.forget_waits(t);
            self.started.0.push((t, None));
            self.processes.remove(&t);
        }
        self.close_all(pid, at);
        if let Some(watched) = self.outside.get_mut(&pid) {
            *watched = Some(status);
        }
        if let Some(p) = self.process_mut(pid) {
            p.state = State::Zombie(status);
            p.pending.clear();
            p.stopped = None;
            p.generation += 1;
        }
        if ns_pid == 1 && pid_ns != PidNsId(0) {
            let members: Vec<Pid> = self
                .processes
                .values()
                .filter(|m| m.pid_ns == pid_ns && m.pid != pid && !m.is_zombie())
                .map(|m| m.pid)
                .collect();
            for m in members {
                self.end_process(m, ExitStatus::Signal(Signal::KILL), at);
            }
        }
        // To the next one above that takes orphans, else to number 1 of the namespace.
        let mut up = ppid;
        let reaper = loop {
            match self.process(up) {
                Some(p) if p.subreaper && !p.is_zombie() && p.pid_ns == pid_ns => break Some(up),
                Some(p) if p.ppid != up && p.ppid != Pid(0) => up = p.ppid,
                _ => break None,
            }
        };
        let init = self.pid_ns.get(&pid_ns).map_or(Pid(1), |n| n.init);
        let new_parent = reaper.unwrap_or(init);
        let new_parent = if new_parent == pid || self.process(new_parent).is_none_or(Process::is_zombie) {
            Pid(1)
        } else {
            new_parent
        };
        // A group is newly orphaned where the link that is gone kept it from that: a parent in another group of
        // the same session (kernel/exit.c `kill_orphaned_pgrp`).
        let mut groups = Vec::new();
        if self.process(ppid).is_some_and(|up| up.sid == sid && up.pgid != pgid) {
            groups.push(pgid);
        }
        let children: Vec<Pid> =
            self.processes.values().filter(|c| c.ppid == pid && c.pid != pid).map(|c| c.pid).collect();
        for c in children {
            if let Some(p) = self.process_mut(c) {
                p.ppid = new_parent;
                if p.sid == sid && p.pgid != pgid && !groups.contains(&p.pgid) {
                    groups.push(p.pgid);
                }
            }
            self.child_changed(new_parent, at);
        }
        if sid == pid
            && let Some(id) = tty
        {
            // The session's leader is gone: its terminal is nobody's, the job in front is told.
            let group = self.ttys.get_mut(&id).and_then(|t| {
                t.session = None;
                t.foreground.take()
            });
            if let Some(g) = group {
                self.signal_group(g, Signal::HUP, None, at);
                self.signal_group(g, Signal::CONT, None, at);
            }
            for p in self.processes.values_mut().filter(|p| p.sid == sid && p.tty == tty) {
                p.tty = None;
            }
            self.close_window(id, at);
        }
        // Stopped jobs that nobody could continue any more (POSIX _exit(): a group newly orphaned).
        for g in groups {
            let stopped = self.processes.values().any(|p| p.pgid == g && p.stopped.is_some());
            if stopped && self.is_orphaned(g) {
                self.signal_group(g, Signal::HUP, None, at);
                self.signal_group(g, Signal::CONT, None, at);
            }
        }
        // Nobody here waits for a server of the internet.
        let elsewhere = self.process(pid).is_some_and(|p| self.is_elsewhere(p));
        match self.process(ppid) {
            Some(parent) if !elsewhere && parent.disposition(Signal::CHLD) != Disposition::Ignore => {
                self.send_signal(ppid, Signal::CHLD, None, at);
                self.child_changed(ppid, at);
            }
            _ => self.reap(pid),
        }
    }

    /// A process that has ended is forgotten.
    pub(crate) fn reap(&mut self, pid: Pid) {
        let Some(p) = self.processes.remove(&pid) else { return };
        self.cpu_gone += p.cpu;
        if let Some(parent) = self.processes.get_mut(&p.ppid) {
            parent.children_cpu += p.cpu + p.children_cpu;
        }
        self.cgroup_left(&p.cgroup);
        self.net_ns_left(p.net_ns);
    }

    /// A descriptor's open file.
    pub(crate) fn file_of(&self, pid: Pid, fd: Fd) -> Result<FileId, Errno> {
        let leader = self.process(pid).ok_or(Errno::ESRCH)?.leader;
        self.process(leader).and_then(|p| p.files.table.get(&fd)).map(|e| e.file).ok_or(Errno::EBADF)
    }

    /// A new open file under the lowest free descriptor from `min` on.
    pub(crate) fn install(&mut self, pid: Pid, file: OpenFile, cloexec: bool) -> Result<Fd, Errno> {
        let id = FileId(self.next_file);
        self.next_file += 1;
        self.files.insert(id, OpenFile { refs: 0, ..file });
        let r = self.point(pid, id, 0, cloexec);
        if r.is_err() {
            let at = self.now;
            self.release(id, at);
        }
        r
    }

    /// How many descriptors more a process may have.
    pub(crate) fn room_for_files(&self, pid: Pid) -> u64 {
        let Some(p) = self.process(pid).and_then(|p| self.process(p.leader)) else { return 0 };
        p.limits.soft(Resource::Files).saturating_sub(p.files.table.len() as u64)
    }

    /// Points the lowest free descriptor from `min` on to an open file.
    pub(crate) fn point(&mut self, pid: Pid, file: FileId, min: Fd, cloexec: bool) -> Result<Fd, Errno> {
        let leader = self.process(pid).ok_or(Errno::ESRCH)?.leader;
        let p = self.process_mut(leader).ok_or(Errno::ESRCH)?;
        let limit = p.limits.soft(Resource::Files);
        let (table, hint) = (&mut p.files.table, &mut p.files.free_from);
        let mut fd = min.max(*hint);
        while table.contains_key(&fd) {
            fd += 1;
        }
        if fd as u64 >= limit {
            return Err(if min as u64 >= limit { Errno::EINVAL } else { Errno::EMFILE });
        }
        table.insert(fd, FdEntry { file, cloexec });
        if min <= *hint {
            *hint = fd + 1;
        }
        if let Some(f) = self.files.get_mut(&file) {
            f.refs += 1;
        }
        Ok(fd)
    }

    pub(crate) fn close_fd(&mut self, pid: Pid, fd: Fd, at: SimTime) -> Result<(), Errno> {
        let leader = self.process(pid).ok_or(Errno::ESRCH)?.leader;
        let entry = self.process_mut(leader).and_then(|p| p.files.remove(fd)).ok_or(Errno::EBADF)?;
        self.release(entry.file, at);
        Ok(())
    }

    pub(crate) fn close_all(&mut self, pid: Pid, at: SimTime) {
        let table = self.process_mut(pid).map(|p| std::mem::take(&mut p.files)).unwrap_or_default();
        for e in table.table.into_values() {
            self.release(e.file, at);
        }
    }

    /// Waits no more for the other sides of named pipes.
    pub(crate) fn forget_opens(&mut self, pid: Pid, at: SimTime) {
        for (file, _) in self.process_mut(pid).map(|p| std::mem::take(&mut p.opens)).unwrap_or_default() {
            self.release(file, at);
        }
    }

    pub(crate) fn release(&mut self, id: FileId, at: SimTime) {
        let Some(f) = self.files.get_mut(&id) else { return };
        f.refs = f.refs.saturating_sub(1);
        if f.refs > 0 {
            return;
        }
        let Some(f) = self.files.remove(&id) else { return };
        match f.kind {
            FileKind::PipeRead(p) => self.drop_reader(p, at),
            FileKind::PipeWrite(p) => self.drop_writer(p, at),
            FileKind::Tty(t) => {
                if let Some(tty) = self.ttys.get_mut(&t) {
                    tty.slaves = tty.slaves.saturating_sub(1);
                }
                self.wake(WaitKey::Tty(t), at);
            }
            FileKind::TtyMaster(t) => {
                let Some(tty) = self.ttys.get_mut(&t) else { return };
                tty.master_fds = tty.master_fds.saturating_sub(1);
                tty.has_master = tty.master_fds > 0;
                if !tty.has_master {
                    self.hang_up(t, at);
                }
            }
            FileKind::Socket(s) => self.drop_socket(s, at),
            FileKind::Inode { fs, ino, .. } => {
                let open = self
                    .files
                    .values()
                    .any(|o| matches!(&o.kind, FileKind::Inode { fs: f2, ino: i2, .. } if *f2 == fs && *i2 == ino));
                if let Some(f) = self.filesystems.get_mut(&fs)
                    && !open
                    && f.tree.get(ino).is_some_and(|i| i.nlink == 0)
                {
                    f.tree.forget(ino);
                }
            }
            FileKind::Fifo { pipe, at: place } => {
                if f.read {
                    self.drop_reader(pipe, at);
                }
                if f.write {
                    self.drop_writer(pipe, at);
                }
                if !self.pipes.contains_key(&pipe) {
                    self.fifos.remove(&place);
                }
            }
            FileKind::Namespace("net", n) => self.net_ns_left(NetNsId(n)),
            FileKind::Device(_) | FileKind::Namespace(..) => {}
        }
    }

    pub(crate) fn drop_reader(&mut self, id: crate::pipe::PipeId, at: SimTime) {
        if let Some(p) = self.pipes.get_mut(&id) {
            p.readers = p.readers.saturating_sub(1);
            if p.readers == 0 && p.writers == 0 {
                self.pipes.remove(&id);
            }
        }
        self.wake(WaitKey::Pipe(id), at);
    }

    pub(crate) fn drop_writer(&mut self, id: crate::pipe::PipeId, at: SimTime) {
        if let Some(p) = self.pipes.get_mut(&id) {
            p.writers = p.writers.saturating_sub(1);
            if p.readers == 0 && p.writers == 0 {
                self.pipes.remove(&id);
            }
        }
        self.wake(WaitKey::Pipe(id), at);
    }

    pub(crate) fn tty_receive(&mut self, id: TtyId, bytes: &[u8], at: SimTime) {
        let Some(tty) = self.ttys.get_mut(&id) else { return };
        let signals = tty.receive(bytes);
        let (group, leader) = (tty.foreground, tty.session);
        // Between a job's end and the shell's taking the terminal back a key would reach nobody.
        let alive = |p: &Process| Some(p.pgid) == group && !p.is_zombie();
        let group = if self.processes.values().any(alive) { group } else { leader };
        for s in signals {
            if let Some(g) = group {
                self.signal_group(g, s, None, at);
            }
        }
        self.wake(WaitKey::Tty(id), at);
    }

    pub(crate) fn tty_resize(&mut self, id: TtyId, size: WinSize, at: SimTime) {
        let Some(tty) = self.ttys.get_mut(&id) else { return };
        if tty.size == size {
            return;
        }
        tty.size = size;
        if let Some(g) = tty.foreground {
            self.signal_group(g, Signal::WINCH, None, at);
        }
    }

    /// A file of the host's root namespace.
    pub(crate) fn read_host_file(&self, path: &str) -> Result<crate::Bytes, Errno> {
        let root = self.walker(crate::syscall::MntNsId(0));
        let loc = self.resolve(&root, path, true)?.loc.ok_or(Errno::ENOENT)?;
        let inode = self.inode_at(&root, loc);
        if let Some((fs, kind)) = self.fs_at(loc)
            && kind.is_generated()
            && let Some(text) = self.generate(&root, fs, loc.ino())
        {
            return text.map(std::rc::Rc::new);
        }
        match inode.as_ref().map(|i| &i.node) {
            Some(crate::vfs::Node::File(b)) => Ok(b.clone()),
            Some(crate::vfs::Node::Dir { .. }) => Err(Errno::EISDIR),
            _ => Err(Errno::EINVAL),
        }
    }

    /// Writes a file of the host's root namespace; a new one belongs to its directory's owner.
    pub(crate) fn write_host_file(&mut self, path: &str, data: Vec<u8>) -> Result<(), Errno> {
        let root = self.walker(crate::syscall::MntNsId(0));
        let found = self.resolve(&root, path, true)?;
        let mtime = self.wall(self.now);
        let at: Loc = found.loc.unwrap_or(found.parent);
        let fs = self.tree_of(at).ok_or(Errno::ENOENT)?.1;
        let tree = &mut self.filesystems.get_mut(&fs).ok_or(Errno::ENOENT)?.tree;
        match found.loc {
            Some(loc) => {
                let inode = tree.get_mut(loc.ino()).ok_or(Errno::ENOENT)?;
                match &mut inode.node {
                    crate::vfs::Node::File(b) => *b = std::rc::Rc::new(data),
                    _ => return Err(Errno::EISDIR),
                }
                (inode.mtime, inode.nominal) = (mtime, None);
            }
            None => {
                let (uid, gid) = tree.get(found.parent.ino()).map_or((0, 0), |d| (d.uid, d.gid));
                let inode = crate::vfs::Inode { mtime, ..crate::vfs::Inode::file(data, 0o644).owned(uid, gid) };
                tree.add(found.parent.ino(), &found.name, inode)?;
            }
        }
        Ok(())
    }
}
