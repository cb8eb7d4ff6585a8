//! Opening files and what can be done with descriptors.

use crate::errno::Errno;
use crate::file::{FdEntry, FileKind, OpenFile};
use crate::pipe::{Pipe, PipeId};
use crate::process::{Cap, Process};
use crate::program::Cx;
use crate::syscall::{Fd, FileType, OpenFlags, Ret, Stat, SysResult, Whence};
use crate::tty::TtyId;
use crate::vfs::{Dev, Found, FsId, FsKind, Inode, Loc, Node, Place, may, proc};

use super::{Outcome, num};
use crate::system::WaitKey;

pub(super) fn open(cx: &mut Cx<'_>, path: &str, flags: OpenFlags, mode: u32) -> Result<Fd, Errno> {
    let sys = &mut *cx.sys;
    let p = sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let found = sys.resolve(p, path, !(flags.create && flags.exclusive))?;
    let place = match found.loc {
        Some(_) if flags.create && flags.exclusive => return Err(Errno::EEXIST),
        Some(_) => found.place()?,
        None if !flags.create => return Err(Errno::ENOENT),
        None if found.must_be_dir => return Err(Errno::EISDIR),
        None => {
            let umask = p.umask;
            let mtime = (sys.wall(sys.now + cx.cost), mode & 0o7777 & !umask);
            let inode = Inode { mtime: mtime.0, ..Inode::file(Vec::new(), mtime.1) };
            let loc = super::dir::create(cx, &found, inode)?;
            return install(cx, Found { loc: Some(loc), ..found }.place()?, flags);
        }
    };
    let loc = place.loc;
    if let Some(id) = proc::open_behind(sys, p, loc) {
        return reopen(cx, id, flags);
    }
    if let Some((kind, id)) = proc::namespace_behind(sys, loc) {
        return sys.install(cx.pid, OpenFile::new(FileKind::Namespace(kind, id), true, false), flags.cloexec);
    }
    let inode = sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    if !may(p, &inode, flags.read, flags.write, false) {
        return Err(Errno::EACCES);
    }
    // What the kernel does not let be set is not even opened by root.
    if flags.write
        && inode.mode & 0o222 == 0
        && inode.file_type() == FileType::File
        && sys.fs_at(loc).is_some_and(|f| f.1.is_generated())
    {
        return Err(Errno::EACCES);
    }
    let is_dir = inode.file_type() == FileType::Dir;
    if is_dir && (flags.write || flags.create) {
        return Err(Errno::EISDIR);
    }
    if flags.directory && !is_dir {
        return Err(Errno::ENOTDIR);
    }
    let (_, fs, read_only) = sys.tree_of(loc).ok_or(Errno::ENOENT)?;
    let is_file = inode.file_type() == FileType::File;
    if flags.write && is_file && read_only {
        return Err(Errno::EROFS);
    }
    if flags.truncate && flags.write && is_file && inode.size() > 0 {
        let now = sys.wall(sys.now + cx.cost);
        set_content(cx, fs, loc, now, Vec::clear)?;
    }
    install(cx, place, flags)
}

/// Opens anew what a descriptor of `/proc/<pid>/fd` stands for.
fn reopen(cx: &mut Cx<'_>, id: crate::file::FileId, flags: OpenFlags) -> Result<Fd, Errno> {
    let old = cx.sys.files.get(&id).ok_or(Errno::ENOENT)?;
    let kind = match &old.kind {
        FileKind::Socket(_) => return Err(Errno::ENXIO),
        FileKind::PipeRead(p) | FileKind::PipeWrite(p) if flags.read && flags.write => {
            FileKind::Fifo { pipe: *p, at: (FsId(u32::MAX), crate::vfs::Ino(0)) }
        }
        FileKind::PipeRead(p) | FileKind::PipeWrite(p) => {
            if flags.write {
                FileKind::PipeWrite(*p)
            } else {
                FileKind::PipeRead(*p)
            }
        }
        k => k.clone(),
    };
    let sys = &mut *cx.sys;
    match &kind {
        FileKind::PipeRead(p) => {
            if let Some(p) = sys.pipes.get_mut(p) {
                p.readers += 1;
            }
        }
        FileKind::PipeWrite(p) => {
            if let Some(p) = sys.pipes.get_mut(p) {
                p.writers += 1;
            }
        }
        FileKind::Fifo { pipe, .. } => {
            if let Some(p) = sys.pipes.get_mut(pipe) {
                (p.readers, p.writers) = (p.readers + 1, p.writers + 1);
            }
        }
        FileKind::Tty(t) => {
            if let Some(t) = sys.ttys.get_mut(t) {
                t.slaves += 1;
            }
        }
        FileKind::TtyMaster(_) => return Err(Errno::EIO),
        _ => {}
    }
    let file =
        OpenFile { append: flags.append, nonblock: flags.nonblock, ..OpenFile::new(kind, flags.read, flags.write) };
    sys.install(cx.pid, file, flags.cloexec)
}

/// The pipe of a named pipe, with one end more for each way that it is opened.
fn open_fifo(sys: &mut crate::System, at: (FsId, crate::vfs::Ino), flags: OpenFlags) -> FileKind {
    let pipe = match sys.fifos.get(&at) {
        Some(p) => *p,
        None => {
            let p = sys.new_pipe(0, 0);
            sys.fifos.insert(at, p);
            p
        }
    };
    if let Some(p) = sys.pipes.get_mut(&pipe) {
        p.readers += u32::from(flags.read);
        p.writers += u32::from(flags.write);
        p.opened.0 += u64::from(flags.read);
        p.opened.1 += u64::from(flags.write);
    }
    FileKind::Fifo { pipe, at }
}

/// `open(2)` as a step: a named pipe waits until its other side is open, too (`fifo(7)`). The descriptor
/// is made at the first attempt and remembered in [`Process::opening`].
pub(super) fn open_step(cx: &mut Cx<'_>, path: &str, flags: OpenFlags, mode: u32) -> Outcome {
    let earlier = cx.sys.process_mut(cx.pid).and_then(|p| p.opening.take());
    let (fd, before) = match earlier {
        Some(o) => o,
        None => match open(cx, path, flags, mode) {
            Ok(fd) => (fd, other_side(cx, fd, flags).map_or(0, |o| o.2)),
            Err(e) => return Outcome::Done(Err(e)),
        },
    };
    match other_side(cx, fd, flags) {
        Some((pipe, 0, opened)) if opened == before => {
            if let Some(p) = cx.sys.process_mut(cx.pid) {
                p.opening = Some((fd, before));
            }
            Outcome::Block(vec![WaitKey::Pipe(pipe)], None)
        }
        _ => Outcome::Done(Ok(Ret::Num(i64::from(fd)))),
    }
}

/// Lets the next step wait for the other side of a named pipe whose opening would have blocked.
pub(super) fn open_later(cx: &mut Cx<'_>) -> Result<Fd, Errno> {
    let p = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    let (fd, before) = p.opening.take().ok_or(Errno::EAGAIN)?;
    let file = cx.sys.file_of(cx.pid, fd)?;
    // It stays open until then, whatever becomes of the descriptor.
    if let Some(f) = cx.sys.files.get_mut(&file) {
        f.refs += 1;
    }
    if let Some(p) = cx.sys.process_mut(cx.pid) {
        p.opens.push((file, before));
    }
    Ok(fd)
}

/// What a process that has opened named pipes waits for before its next step; `None`: all are there.
pub(crate) fn opens_wait(cx: &mut Cx<'_>) -> Option<PipeId> {
    let at = cx.now();
    while let Some((file, before)) = cx.sys.process(cx.pid)?.opens.first().copied() {
        if let Some(OpenFile { kind: FileKind::Fifo { pipe, .. }, read, .. }) = cx.sys.files.get(&file)
            && let Some(p) = cx.sys.pipes.get(pipe)
        {
            let (there, opened) = if *read { (p.writers, p.opened.1) } else { (p.readers, p.opened.0) };
            if there == 0 && opened == before {
                return Some(*pipe);
            }
        }
        if let Some(p) = cx.sys.process_mut(cx.pid) {
            p.opens.remove(0);
        }
        cx.sys.release(file, at);
    }
    None
}

/// Of a named pipe that was opened for one direction: how many have the other one open, and how many had.
fn other_side(cx: &Cx<'_>, fd: Fd, flags: OpenFlags) -> Option<(PipeId, u32, u64)> {
    if flags.nonblock || flags.read == flags.write {
        return None;
    }
    let id = cx.sys.file_of(cx.pid, fd).ok()?;
    let FileKind::Fifo { pipe, at } = cx.sys.files.get(&id)?.kind else { return None };
    let p = cx.sys.pipes.get(&pipe).filter(|_| at.0 != FsId(u32::MAX))?;
    Some(if flags.read { (pipe, p.writers, p.opened.1) } else { (pipe, p.readers, p.opened.0) })
}

/// Gives up an opening that waits.
pub(crate) fn open_abandoned(cx: &mut Cx<'_>) {
    let at = cx.now();
    if let Some((fd, _)) = cx.sys.process_mut(cx.pid).and_then(|p| p.opening.take()) {
        let _ = cx.sys.close_fd(cx.pid, fd, at);
    }
    cx.sys.forget_opens(cx.pid, at);
}

fn install(cx: &mut Cx<'_>, place: Place, flags: OpenFlags) -> Result<Fd, Errno> {
    let at = cx.now();
    let loc = place.loc;
    let sys = &mut *cx.sys;
    let p = sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (_, fs, _) = sys.tree_of(loc).ok_or(Errno::ENOENT)?;
    if sys.room_for_files(cx.pid) == 0 {
        return Err(Errno::EMFILE);
    }
    let kind = match &sys.inode_at(p, loc).ok_or(Errno::ENOENT)?.node {
        Node::Char(Dev::Tty) => FileKind::Tty(p.tty.ok_or(Errno::EIO)?),
        Node::Char(Dev::Pts(n)) if sys.ttys.contains_key(&TtyId(*n)) => FileKind::Tty(TtyId(*n)),
        Node::Char(Dev::Pts(_) | Dev::Other(..)) | Node::Block(..) => return Err(Errno::EIO),
        Node::Char(Dev::Kmsg)
            if flags.read && !p.can(Cap::Syslog) && sys.sysctl(p, "kernel/dmesg_restrict") != Some(0) =>
        {
            return Err(Errno::EPERM);
        }
        Node::Char(d) => FileKind::Device(*d),
        Node::Socket => return Err(Errno::ECONNREFUSED),
        Node::Fifo => {
            let ino = loc.ino();
            if flags.write && !flags.read && flags.nonblock {
                let readers = sys.fifos.get(&(fs, ino)).and_then(|p| sys.pipes.get(p)).map_or(0, |p| p.readers);
                if readers == 0 {
                    return Err(Errno::ENXIO);
                }
            }
            let kind = open_fifo(sys, (fs, ino), flags);
            if let FileKind::Fifo { pipe, .. } = kind {
                sys.wake(WaitKey::Pipe(pipe), at);
            }
            kind
        }
        _ => FileKind::Inode { fs, ino: loc.ino(), place },
    };
    if let FileKind::Tty(t) = kind
        && let Some(tty) = sys.ttys.get_mut(&t)
    {
        tty.slaves += 1;
    }
    let file =
        OpenFile { append: flags.append, nonblock: flags.nonblock, ..OpenFile::new(kind, flags.read, flags.write) };
    sys.install(cx.pid, file, flags.cloexec)
}

/// The most that one file may hold, and all files together: our limit, not Linux's.
pub(super) const MAX_BYTES: usize = 256 << 20;

/// Takes room for so many bytes more in a file system, where there is some.
pub(super) fn take_room(sys: &mut crate::System, fs: FsId, grown: u64) -> Result<(), Errno> {
    if sys.real_bytes + grown > MAX_BYTES as u64 {
        // The counter only grows; see what is really there.
        sys.real_bytes = sys.filesystems.values().map(|f| f.tree.real_size()).sum();
        if sys.real_bytes + grown > MAX_BYTES as u64 {
            return Err(Errno::ENOSPC);
        }
    }
    let limit = sys.filesystems.get(&fs).and_then(|f| f.limit.map(|l| (l, f.tree.real_size())));
    if limit.is_some_and(|(most, used)| used + grown > most) {
        return Err(Errno::ENOSPC);
    }
    sys.real_bytes += grown;
    Ok(())
}

/// Changes a file's bytes and its time.
pub(super) fn set_content(
    cx: &mut Cx<'_>,
    fs: FsId,
    loc: Loc,
    now: (i64, u32),
    f: impl FnOnce(&mut Vec<u8>),
) -> Result<(), Errno> {
    let keeps = cx.sys.process(cx.pid).is_some_and(|p| p.caps.effective & Cap::Fsetid.bit() != 0);
    let tree = &mut cx.sys.filesystems.get_mut(&fs).ok_or(Errno::ENOENT)?.tree;
    let inode = tree.get_mut(loc.ino()).ok_or(Errno::ENOENT)?;
    // Who writes takes the file's privileges away (fs/inode.c `file_remove_privs`).
    if !keeps && inode.mode & 0o6000 != 0 {
        let group = if inode.mode & 0o2010 == 0o2010 { 0o2000 } else { 0 };
        inode.mode &= !(0o4000 | group);
    }
    let Node::File(content) = &mut inode.node else { return Err(Errno::EINVAL) };
    let before = if std::rc::Rc::strong_count(content) > 1 { 0 } else { content.len() };
    f(std::rc::Rc::make_mut(content));
    cx.sys.written.0 += content.len().saturating_sub(before) as u64;
    inode.written(now);
    inode.nominal = None;
    Ok(())
}

pub(super) fn lseek(cx: &mut Cx<'_>, fd: Fd, offset: i64, whence: Whence) -> SysResult {
    let id = cx.sys.file_of(cx.pid, fd)?;
    let file = cx.sys.files.get(&id).ok_or(Errno::EBADF)?;
    let FileKind::Inode { fs, ino, .. } = file.kind else { return Err(Errno::ESPIPE) };
    let size = cx.sys.filesystems.get(&fs).and_then(|f| f.tree.get(ino)).map_or(0, |i| i.size());
    let base = match whence {
        Whence::Set => 0,
        Whence::Current => file.offset as i64,
        Whence::End => size as i64,
    };
    let at = base.checked_add(offset).filter(|n| *n >= 0).ok_or(Errno::EINVAL)?;
    if let Some(f) = cx.sys.files.get_mut(&id) {
        f.offset = at as u64;
    }
    num(at)
}

pub(super) fn truncate(cx: &mut Cx<'_>, fd: Fd, len: u64) -> Result<(), Errno> {
    let id = cx.sys.file_of(cx.pid, fd)?;
    let file = cx.sys.files.get(&id).ok_or(Errno::EBADF)?;
    if !file.write {
        return Err(Errno::EINVAL);
    }
    let FileKind::Inode { fs, place: Place { loc, .. }, .. } = file.kind else { return Err(Errno::EINVAL) };
    let len = usize::try_from(len).ok().filter(|n| *n <= MAX_BYTES).ok_or(Errno::EFBIG)?;
    let size = cx.sys.filesystems.get(&fs).and_then(|f| f.tree.get(loc.ino())).map_or(0, |i| i.size());
    take_room(cx.sys, fs, (len as u64).saturating_sub(size))?;
    let now = cx.sys.wall(cx.now());
    set_content(cx, fs, loc, now, |c| c.resize(len, 0))
}

pub(super) fn dup(cx: &mut Cx<'_>, fd: Fd, min: Fd) -> Result<Fd, Errno> {
    let id = cx.sys.file_of(cx.pid, fd)?;
    cx.sys.point(cx.pid, id, min, false)
}

pub(super) fn dup2(cx: &mut Cx<'_>, old: Fd, new: Fd) -> Result<Fd, Errno> {
    let id = cx.sys.file_of(cx.pid, old)?;
    if old == new {
        return Ok(new);
    }
    let leader = cx.sys.process(cx.pid).and_then(|p| cx.sys.process(p.leader)).ok_or(Errno::ESRCH)?;
    if new < 0 || new as u64 >= leader.limits.soft(crate::limit::Resource::Files) {
        return Err(Errno::EBADF);
    }
    let at = cx.now();
    let _ = cx.sys.close_fd(cx.pid, new, at);
    cx.sys.point(cx.pid, id, new, false)
}

fn entry<'a>(cx: &'a mut Cx<'_>, fd: Fd) -> Result<&'a mut FdEntry, Errno> {
    let leader = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.leader;
    cx.sys.process_mut(leader).and_then(|p| p.files.table.get_mut(&fd)).ok_or(Errno::EBADF)
}

pub(super) fn set_cloexec(cx: &mut Cx<'_>, fd: Fd, on: bool) -> Result<(), Errno> {
    entry(cx, fd)?.cloexec = on;
    Ok(())
}

pub(super) fn set_nonblock(cx: &mut Cx<'_>, fd: Fd, on: bool) -> Result<(), Errno> {
    let id = cx.sys.file_of(cx.pid, fd)?;
    cx.sys.files.get_mut(&id).ok_or(Errno::EBADF)?.nonblock = on;
    Ok(())
}

impl crate::System {
    /// A new pipe that nobody has yet.
    pub(crate) fn new_pipe(&mut self, readers: u32, writers: u32) -> PipeId {
        let id = PipeId(self.next_pipe);
        self.next_pipe += 1;
        self.pipes.insert(id, Pipe { readers, writers, ..Pipe::default() });
        id
    }
}

pub(super) fn pipe(cx: &mut Cx<'_>) -> SysResult {
    if cx.sys.room_for_files(cx.pid) < 2 {
        return Err(Errno::EMFILE);
    }
    let id = cx.sys.new_pipe(1, 1);
    let file = |kind, read: bool| OpenFile::new(kind, read, !read);
    let r = cx.sys.install(cx.pid, file(FileKind::PipeRead(id), true), false)?;
    let w = cx.sys.install(cx.pid, file(FileKind::PipeWrite(id), false), false)?;
    Ok(Ret::Fds(r, w))
}

pub(super) fn describe(p: &Process, inode: &Inode, fs: FsId, ino: u64) -> Stat {
    let rdev = match inode.node {
        Node::Char(d) => d.numbers(),
        Node::Block(a, b) => (a, b),
        _ => (0, 0),
    };
    Stat {
        file_type: inode.file_type(),
        mode: inode.mode,
        uid: p.seen_uid(inode.uid),
        gid: p.seen_gid(inode.gid),
        size: inode.size(),
        nominal_size: inode.nominal_size(),
        mtime: inode.mtime.0,
        mtime_nsec: inode.mtime.1,
        atime: inode.atime.unwrap_or(inode.mtime),
        ctime: inode.ctime.unwrap_or(inode.mtime),
        nlink: inode.nlink,
        dev: u64::from(fs.0) + 0x801,
        ino,
        rdev,
    }
}

pub(super) fn stat(cx: &mut Cx<'_>, path: &str, follow: bool) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let loc = cx.sys.resolve(p, path, follow)?.loc.ok_or(Errno::ENOENT)?;
    if follow && let Some(id) = proc::open_behind(cx.sys, p, loc) {
        return described(cx.sys, p, id);
    }
    let mut stat = lstat_at(cx, p, loc)?;
    if follow && let Some((kind, n)) = proc::namespace_behind(cx.sys, loc) {
        (stat.file_type, stat.mode, stat.size) = (FileType::File, 0o444, 0);
        (stat.dev, stat.ino) = (4, proc::namespace_inode(kind, n));
    }
    Ok(Ret::Stat(stat))
}

/// What is at a place, links not followed.
pub(super) fn lstat_at(cx: &Cx<'_>, p: &Process, loc: Loc) -> Result<Stat, Errno> {
    let (fs, kind) = cx.sys.fs_at(loc).ok_or(Errno::ENOENT)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    let mut stat = describe(p, &inode, fs, loc.ino);
    if stat.file_type == FileType::Symlink && kind == FsKind::Proc {
        stat.size = proc::link_size(loc.ino()).unwrap_or(stat.size);
    }
    Ok(stat)
}

pub(super) fn fstat(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    let id = cx.sys.file_of(cx.pid, fd)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    described(cx.sys, p, id)
}

fn described(sys: &crate::System, p: &Process, id: crate::file::FileId) -> SysResult {
    let file = sys.files.get(&id).ok_or(Errno::EBADF)?;
    let other = |file_type, rdev| Stat {
        file_type,
        mode: 0o600,
        uid: 0,
        gid: 0,
        size: 0,
        nominal_size: 0,
        mtime: 0,
        mtime_nsec: 0,
        atime: (0, 0),
        ctime: (0, 0),
        nlink: 1,
        dev: 0,
        ino: u64::from(id.0),
        rdev,
    };
    Ok(Ret::Stat(match &file.kind {
        FileKind::Inode { fs, ino, place } => {
            let kind = sys.filesystems.get(fs).ok_or(Errno::EBADF)?.kind;
            // Its mount may be gone.
            let inode = sys.inode_at(p, place.loc).or_else(|| sys.inode_in(p, *fs, kind, *ino)).ok_or(Errno::EBADF)?;
            describe(p, &inode, *fs, ino.0)
        }
        FileKind::Fifo { at: (fs, ino), .. } if sys.filesystems.contains_key(fs) => {
            let inode = sys.filesystems.get(fs).and_then(|f| f.tree.get(*ino)).ok_or(Errno::EBADF)?;
            describe(p, inode, *fs, ino.0)
        }
        FileKind::Namespace(kind, n) => {
            Stat { dev: 4, ino: proc::namespace_inode(kind, *n), ..other(FileType::File, (0, 0)) }
        }
        FileKind::Fifo { .. } => other(FileType::Fifo, (0, 0)),
        FileKind::Device(d) => other(FileType::Char, d.numbers()),
        FileKind::Tty(t) | FileKind::TtyMaster(t) => other(FileType::Char, (136, t.0)),
        FileKind::PipeRead(_) | FileKind::PipeWrite(_) => other(FileType::Fifo, (0, 0)),
        FileKind::Socket(_) => other(FileType::Socket, (0, 0)),
    }))
}
