//! Reading, writing, waiting for descriptors.

use crate::errno::Errno;
use crate::file::{FileId, FileKind};
use crate::net::SockState;
use crate::pipe::{self, PipeId};
use crate::program::Cx;
use crate::signal::Signal;
use crate::syscall::{Fd, PollFd, Ret, SockKind};
use crate::system::{System, WaitKey};
use crate::tty::{OUTPUT_CAPACITY, TtyId};
use crate::vfs::{Dev, FsId, FsKind, Ino, Node, Place};
use crate::{Bytes, SimTime};

use super::Outcome;
use super::file::MAX_BYTES;

fn fail(e: Errno) -> Outcome {
    Outcome::Done(Err(e))
}

fn data(v: Vec<u8>) -> Outcome {
    Outcome::Done(Ok(Ret::Bytes(Bytes::new(v))))
}

fn written(n: usize) -> Outcome {
    Outcome::Done(Ok(Ret::Num(n as i64)))
}

pub(super) fn read(cx: &mut Cx<'_>, fd: Fd, len: usize) -> Outcome {
    let len = len.min(1 << 20);
    let id = match cx.sys.file_of(cx.pid, fd) {
        Ok(id) => id,
        Err(e) => return fail(e),
    };
    let Some(file) = cx.sys.files.get_mut(&id) else { return fail(Errno::EBADF) };
    if !file.read {
        return fail(Errno::EBADF);
    }
    let nonblock = file.nonblock;
    match file.kind.clone() {
        FileKind::Inode { fs, ino, place } => {
            if cx.sys.filesystems.get(&fs).is_some_and(|f| f.kind.is_generated()) {
                return read_generated(cx, id, fs, ino, len);
            }
            let Some(file) = cx.sys.files.get_mut(&id) else { return fail(Errno::EBADF) };
            let Some(inode) = cx.sys.filesystems.get(&fs).and_then(|f| f.tree.get(ino)) else {
                return fail(Errno::EIO);
            };
            match &inode.node {
                Node::File(content) => {
                    let from = usize::try_from(file.offset).unwrap_or(usize::MAX).min(content.len());
                    let to = from.saturating_add(len).min(content.len());
                    file.offset = to as u64;
                    // A whole file is shared, not copied.
                    let out = if from == 0 && to == content.len() {
                        content.clone()
                    } else {
                        Bytes::new(content[from..to].to_vec())
                    };
                    let now = cx.sys.wall(cx.now());
                    if inode.notes_reading(now) {
                        note_reading(cx.sys, fs, &place, now);
                    }
                    cx.charge(SimTime(out.len() as u64 / 8));
                    Outcome::Done(Ok(Ret::Bytes(out)))
                }
                Node::Dir { .. } => fail(Errno::EISDIR),
                _ => fail(Errno::EINVAL),
            }
        }
        FileKind::Device(Dev::Null) => data(Vec::new()),
        FileKind::Device(Dev::Zero | Dev::Full) => data(vec![0; len.min(1 << 16)]),
        FileKind::Device(Dev::Random) => {
            let bytes = super::machine::random(cx, len.min(1 << 16));
            data(bytes)
        }
        FileKind::Device(Dev::Kmsg) => match cx.sys.log_record(file_offset(cx.sys, id)) {
            Some((text, next)) => {
                if let Some(f) = cx.sys.files.get_mut(&id) {
                    f.offset = next;
                }
                data(text.into_bytes())
            }
            None if nonblock => fail(Errno::EAGAIN),
            None => Outcome::Block(vec![WaitKey::Log], None),
        },
        FileKind::Device(_) => fail(Errno::EIO),
        FileKind::PipeRead(p) | FileKind::Fifo { pipe: p, .. } => read_pipe(cx, p, len, nonblock),
        FileKind::PipeWrite(_) => fail(Errno::EBADF),
        FileKind::Namespace(..) => fail(Errno::EINVAL),
        FileKind::Socket(s) if is_datagram(cx.sys, s) => match super::datagram::recv_from(cx, fd, None, None) {
            Outcome::Done(Ok(Ret::Datagram(d))) => Outcome::Done(Ok(Ret::Bytes(d.data))),
            o => o,
        },
        FileKind::Socket(s) => match cx.sys.net.sockets.get(&s).map(|s| &s.state) {
            Some(SockState::Connected { rx, .. }) => {
                let rx = *rx;
                read_pipe(cx, rx, len, nonblock)
            }
            _ => fail(Errno::ENOTCONN),
        },
        FileKind::Tty(t) => read_tty(cx, t, len, nonblock),
        FileKind::TtyMaster(t) => {
            let Some(tty) = cx.sys.ttys.get_mut(&t) else { return fail(Errno::EIO) };
            if tty.output.is_empty() {
                if tty.slaves == 0 {
                    return fail(Errno::EIO);
                }
                return if nonblock { fail(Errno::EAGAIN) } else { Outcome::Block(vec![WaitKey::Tty(t)], None) };
            }
            let n = tty.output.len().min(len);
            let out = tty.output.drain(..n).collect();
            let at = cx.now();
            cx.sys.wake(WaitKey::Tty(t), at);
            data(out)
        }
    }
}

/// Notes that a file was read: not through a mount that is not writable, nor through a union (what is below
/// is another's).
fn note_reading(sys: &mut System, fs: FsId, place: &Place, now: (i64, u32)) {
    let read_only = sys.tree_of(place.loc).is_none_or(|t| t.2);
    if let Some(f) = sys.filesystems.get_mut(&fs).filter(|f| f.kind != FsKind::Overlay && !read_only)
        && let Some(i) = f.tree.get_mut(place.loc.ino())
    {
        i.atime = Some(now);
    }
}

fn file_offset(sys: &System, id: FileId) -> u64 {
    sys.files.get(&id).map_or(0, |f| f.offset)
}

fn read_pipe(cx: &mut Cx<'_>, id: PipeId, len: usize, nonblock: bool) -> Outcome {
    let Some(p) = cx.sys.pipes.get_mut(&id) else { return data(Vec::new()) };
    if p.data.is_empty() {
        if p.reset {
            return fail(Errno::ECONNRESET);
        }
        if p.writers == 0 {
            return data(Vec::new());
        }
        return if nonblock { fail(Errno::EAGAIN) } else { Outcome::Block(vec![WaitKey::Pipe(id)], None) };
    }
    let n = p.data.len().min(len);
    let out = p.take(n);
    cx.charge(SimTime(n as u64 / 4));
    let at = cx.now();
    cx.sys.wake(WaitKey::Pipe(id), at);
    data(out)
}

fn read_tty(cx: &mut Cx<'_>, id: TtyId, len: usize, nonblock: bool) -> Outcome {
    match super::tty::job_control(cx, id, Signal::TTIN) {
        Ok(true) => return Outcome::Block(vec![WaitKey::Tty(id)], None),
        Ok(false) => {}
        Err(e) => return fail(e),
    }
    let Some(tty) = cx.sys.ttys.get_mut(&id) else { return fail(Errno::EIO) };
    if tty.readable() {
        return data(tty.take(len));
    }
    if nonblock { fail(Errno::EAGAIN) } else { Outcome::Block(vec![WaitKey::Tty(id)], None) }
}

/// A file that is made when it is read: all of it at the start, then what it said then.
fn read_generated(cx: &mut Cx<'_>, id: FileId, fs: FsId, ino: Ino, len: usize) -> Outcome {
    let Some(file) = cx.sys.files.get(&id) else { return fail(Errno::EBADF) };
    let offset = usize::try_from(file.offset).unwrap_or(usize::MAX);
    let text = match &file.text {
        Some(t) if offset > 0 => t.clone(),
        _ => {
            let Some(p) = cx.sys.process(cx.pid) else { return fail(Errno::ESRCH) };
            match cx.sys.generate(p, fs, ino) {
                Some(Ok(t)) => Bytes::new(t),
                Some(Err(e)) => return fail(e),
                None => return fail(Errno::EINVAL),
            }
        }
    };
    let from = offset.min(text.len());
    let part = text.get(from..(from.saturating_add(len)).min(text.len())).unwrap_or_default().to_vec();
    cx.charge(SimTime(5_000 + part.len() as u64));
    if let Some(f) = cx.sys.files.get_mut(&id) {
        f.offset = (from + part.len()) as u64;
        f.text = (f.offset < text.len() as u64 || !part.is_empty()).then_some(text);
    }
    data(part)
}

pub(super) fn write(cx: &mut Cx<'_>, fd: Fd, bytes: &Bytes) -> Outcome {
    let id = match cx.sys.file_of(cx.pid, fd) {
        Ok(id) => id,
        Err(e) => return fail(e),
    };
    let Some(file) = cx.sys.files.get(&id) else { return fail(Errno::EBADF) };
    if !file.write {
        return fail(Errno::EBADF);
    }
    let (nonblock, append, offset) = (file.nonblock, file.append, file.offset);
    match file.kind.clone() {
        FileKind::Inode { fs, ino, place } => {
            if cx.sys.filesystems.get(&fs).is_some_and(|f| f.kind.is_generated()) {
                let Some(p) = cx.sys.process(cx.pid).cloned() else { return fail(Errno::ESRCH) };
                return match cx.sys.put(&p, fs, ino, bytes) {
                    Some(Ok(())) => written(bytes.len()),
                    Some(Err(e)) => fail(e),
                    None => fail(Errno::EINVAL),
                };
            }
            let Some(size) = cx.sys.filesystems.get(&fs).and_then(|f| f.tree.get(ino)).map(|i| i.size()) else {
                return fail(Errno::EIO);
            };
            let at = if append { size } else { offset };
            let Some(start) = usize::try_from(at).ok().filter(|a| a.saturating_add(bytes.len()) <= MAX_BYTES) else {
                return fail(Errno::ENOSPC);
            };
            // Up to the limit is written; beyond it nothing, and a signal comes (getrlimit(2)).
            let most = cx.sys.process(cx.pid).map_or(u64::MAX, |p| p.limits.soft(crate::limit::Resource::FileSize));
            if most < (start + bytes.len()) as u64 && !bytes.is_empty() {
                let room = most.saturating_sub(start as u64) as usize;
                if room == 0 {
                    let at = cx.now();
                    let leader = cx.sys.process(cx.pid).map_or(cx.pid, |p| p.leader);
                    cx.sys.send_signal(leader, Signal::XFSZ, None, at);
                    return fail(Errno::EFBIG);
                }
                let part = Bytes::new(bytes.get(..room).unwrap_or_default().to_vec());
                return write(cx, fd, &part);
            }
            let grown = (start + bytes.len()).saturating_sub(size as usize) as u64;
            if let Err(e) = super::file::take_room(cx.sys, fs, grown) {
                return fail(e);
            }
            let now = cx.sys.wall(cx.now());
            let r = super::file::set_content(cx, fs, place.loc, now, |c| {
                // Large files grow by a part of their size, not to twice of it.
                let missing = (start + bytes.len()).saturating_sub(c.capacity());
                if missing > 0 && c.len() > 1 << 20 {
                    c.reserve_exact(missing.max(c.len() / 4) + c.capacity() - c.len());
                }
                if c.len() < start {
                    c.resize(start, 0);
                }
                let over = (c.len() - start).min(bytes.len());
                c[start..start + over].copy_from_slice(&bytes[..over]);
                c.extend_from_slice(&bytes[over..]);
            });
            if let Err(e) = r {
                return fail(e);
            }
            if let Some(f) = cx.sys.files.get_mut(&id) {
                f.offset = (start + bytes.len()) as u64;
            }
            written(bytes.len())
        }
        FileKind::Device(Dev::Full) => fail(Errno::ENOSPC),
        FileKind::Device(Dev::Kmsg) => {
            let text = String::from_utf8_lossy(bytes);
            // `<N>` in front is its level.
            let (level, text) = match text.strip_prefix('<').and_then(|t| t.split_once('>')) {
                Some((n, rest)) => (n.parse::<u8>().unwrap_or(4) & 7, rest),
                None => (4, &*text),
            };
            let line = text.lines().next().unwrap_or_default().to_owned();
            cx.sys.log(level, line);
            written(bytes.len())
        }
        FileKind::Device(_) => written(bytes.len()),
        FileKind::PipeWrite(p) | FileKind::Fifo { pipe: p, .. } => write_pipe(cx, p, bytes, nonblock),
        FileKind::Namespace(..) => fail(Errno::EINVAL),
        FileKind::PipeRead(_) => fail(Errno::EBADF),
        FileKind::Socket(s) if is_datagram(cx.sys, s) => super::datagram::send_to(cx, fd, bytes, None, 64).into(),
        FileKind::Socket(s) => match cx.sys.net.sockets.get(&s).map(|s| &s.state) {
            Some(SockState::Connected { tx, .. }) => {
                let tx = *tx;
                if cx.sys.net.sockets.get(&s).is_some_and(|s| s.kind == SockKind::Tcp) {
                    cx.sys.net.overhear(tx, bytes);
                }
                write_pipe(cx, tx, bytes, nonblock)
            }
            _ => broken_pipe(cx),
        },
        FileKind::Tty(t) => {
            if cx.sys.ttys.get(&t).is_some_and(|t| t.termios.tostop) {
                match super::tty::job_control(cx, t, Signal::TTOU) {
                    Ok(true) => return Outcome::Block(vec![WaitKey::Tty(t)], None),
                    Ok(false) => {}
                    Err(e) => return fail(e),
                }
            }
            let Some(tty) = cx.sys.ttys.get_mut(&t) else { return fail(Errno::EIO) };
            if !tty.has_master {
                return fail(Errno::EIO);
            }
            if tty.master_fds > 0 && tty.output.len() > OUTPUT_CAPACITY {
                return if nonblock { fail(Errno::EAGAIN) } else { Outcome::Block(vec![WaitKey::Tty(t)], None) };
            }
            tty.put(bytes);
            // A terminal takes about 10 MB a second.
            cx.charge(SimTime(bytes.len() as u64 * 100));
            let at = cx.now();
            cx.sys.wake(WaitKey::Tty(t), at);
            written(bytes.len())
        }
        FileKind::TtyMaster(t) => {
            let at = cx.now();
            cx.sys.tty_receive(t, bytes, at);
            written(bytes.len())
        }
    }
}

fn is_datagram(sys: &System, s: crate::net::SockId) -> bool {
    sys.net.sockets.get(&s).is_some_and(|s| matches!(s.kind, SockKind::Udp | SockKind::Icmp))
}

fn broken_pipe(cx: &mut Cx<'_>) -> Outcome {
    let at = cx.now();
    let (leader, ns) = match cx.sys.process(cx.pid) {
        Some(p) => (p.leader, p.pid_ns),
        None => return fail(Errno::ESRCH),
    };
    cx.sys.send_signal(leader, Signal::PIPE, Some(ns), at);
    fail(Errno::EPIPE)
}

fn write_pipe(cx: &mut Cx<'_>, id: PipeId, bytes: &Bytes, nonblock: bool) -> Outcome {
    let Some(p) = cx.sys.pipes.get_mut(&id).filter(|p| p.readers > 0) else { return broken_pipe(cx) };
    let room = if p.unbounded { usize::MAX } else { pipe::CAPACITY.saturating_sub(p.data.len()) };
    // Small writes are atomic (PIPE_BUF).
    if room == 0 || (bytes.len() <= 4096 && room < bytes.len()) {
        return if nonblock { fail(Errno::EAGAIN) } else { Outcome::Block(vec![WaitKey::Pipe(id)], None) };
    }
    let n = room.min(bytes.len());
    p.data.extend(&bytes[..n]);
    let at = cx.now();
    cx.sys.wake(WaitKey::Pipe(id), at);
    written(n)
}

/// Whether a descriptor can be read and written without waiting, and what to wait for.
fn readiness(sys: &System, pid: crate::Pid, fd: Fd, now: SimTime) -> Result<(bool, bool, Vec<WaitKey>), Errno> {
    let id = sys.file_of(pid, fd)?;
    let file = sys.files.get(&id).ok_or(Errno::EBADF)?;
    let pipe_in = |p: &PipeId| sys.pipes.get(p).is_none_or(|p| !p.data.is_empty() || p.writers == 0 || p.reset);
    let pipe_out = |p: &PipeId| sys.pipes.get(p).is_none_or(|p| p.data.len() < pipe::CAPACITY || p.readers == 0);
    Ok(match &file.kind {
        FileKind::Inode { .. } | FileKind::Device(_) | FileKind::Namespace(..) => (true, true, Vec::new()),
        FileKind::Fifo { pipe, .. } => (pipe_in(pipe), pipe_out(pipe), vec![WaitKey::Pipe(*pipe)]),
        FileKind::PipeRead(p) => (pipe_in(p), false, vec![WaitKey::Pipe(*p)]),
        FileKind::PipeWrite(p) => (false, pipe_out(p), vec![WaitKey::Pipe(*p)]),
        FileKind::Tty(t) => (sys.ttys.get(t).is_none_or(crate::tty::Tty::readable), true, vec![WaitKey::Tty(*t)]),
        FileKind::TtyMaster(t) => {
            (sys.ttys.get(t).is_none_or(|t| !t.output.is_empty() || t.slaves == 0), true, vec![WaitKey::Tty(*t)])
        }
        FileKind::Socket(s) => match sys.net.sockets.get(s).map(|s| &s.state) {
            Some(SockState::Listening { queue, .. }) => (!queue.is_empty(), false, vec![WaitKey::Socket(s.0)]),
            Some(SockState::Connected { rx, tx }) => {
                (pipe_in(rx), pipe_out(tx), vec![WaitKey::Pipe(*rx), WaitKey::Pipe(*tx)])
            }
            _ if is_datagram(sys, *s) => {
                let first = sys.net.sockets.get(s).and_then(|s| s.datagrams.front()).map(|d| d.at);
                (first.is_some_and(|t| t <= now), true, vec![WaitKey::Socket(s.0)])
            }
            _ => (false, false, vec![WaitKey::Socket(s.0)]),
        },
    })
}

pub(super) fn poll(cx: &mut Cx<'_>, fds: &[PollFd], timeout: Option<SimTime>, deadline: Option<SimTime>) -> Outcome {
    let now = cx.now();
    let deadline = deadline.or_else(|| timeout.map(|t| now + t));
    let mut ready = Vec::new();
    let mut keys = Vec::new();
    for f in fds {
        match readiness(cx.sys, cx.pid, f.fd, now) {
            Err(_) => ready.push(PollFd { fd: f.fd, read: true, write: true }),
            Ok((r, w, k)) => {
                let hit = PollFd { fd: f.fd, read: f.read && r, write: f.write && w };
                if hit.read || hit.write {
                    ready.push(hit);
                }
                keys.extend(k);
            }
        }
    }
    if ready.is_empty() && deadline.is_none_or(|d| d > now) {
        // A datagram that is on its way counts when it is there.
        let arrivals = keys.iter().filter_map(|k| match k {
            WaitKey::Socket(s) => cx.sys.net.sockets.get(&crate::net::SockId(*s))?.datagrams.front().map(|d| d.at),
            _ => None,
        });
        let wake = arrivals.chain(deadline).min();
        return Outcome::BlockUntil(keys, deadline, wake);
    }
    Outcome::Done(Ok(Ret::Ready(ready)))
}
