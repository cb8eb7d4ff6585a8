//! Terminals.

use crate::errno::Errno;
use crate::file::{FileKind, OpenFile};
use crate::program::Cx;
use crate::syscall::{Fd, PidNsId, Ret, SysResult, Termios, WinSize};
use crate::tty::{Tty, TtyId};

use super::{Outcome, num};
use crate::signal::{Disposition, Signal};
use crate::system::WaitKey;

/// The terminal behind a descriptor, and whether it is the master's side.
fn tty_of(cx: &Cx<'_>, fd: Fd) -> Result<(TtyId, bool), Errno> {
    let id = cx.sys.file_of(cx.pid, fd)?;
    match cx.sys.files.get(&id).map(|f| &f.kind) {
        Some(FileKind::Tty(t)) => Ok((*t, false)),
        Some(FileKind::TtyMaster(t)) => Ok((*t, true)),
        _ => Err(Errno::ENOTTY),
    }
}

fn tty_mut<'a>(cx: &'a mut Cx<'_>, fd: Fd) -> Result<&'a mut Tty, Errno> {
    let (t, _) = tty_of(cx, fd)?;
    cx.sys.ttys.get_mut(&t).ok_or(Errno::EIO)
}

/// Job control (POSIX XBD 11.1.4): who is in the background of its terminal and reads (`TTIN`), writes or
/// sets something (`TTOU`) is stopped; whether it was. `EIO` where the signal would not stop it: for TTIN
/// where it is ignored, for both in an orphaned group.
pub(super) fn job_control(cx: &mut Cx<'_>, id: TtyId, signal: Signal) -> Result<bool, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (group, ignored) = (p.pgid, p.disposition(signal) == Disposition::Ignore);
    let foreground = cx.sys.ttys.get(&id).and_then(|t| t.foreground);
    if p.tty != Some(id) || foreground.is_none_or(|g| g == group) {
        return Ok(false);
    }
    if ignored {
        return if signal == Signal::TTIN { Err(Errno::EIO) } else { Ok(false) };
    }
    if cx.sys.is_orphaned(group) {
        return Err(Errno::EIO);
    }
    let at = cx.now();
    cx.sys.signal_group(group, signal, None, at);
    Ok(true)
}

/// Does something to a terminal that a background job may not.
pub(super) fn foreground_only(cx: &mut Cx<'_>, fd: Fd, f: impl FnOnce(&mut Cx<'_>) -> Result<(), Errno>) -> Outcome {
    let stopped = match tty_of(cx, fd) {
        Ok((t, false)) => job_control(cx, t, Signal::TTOU).map(|s| s.then_some(t)),
        Ok((_, true)) => Ok(None),
        Err(e) => Err(e),
    };
    match stopped {
        Ok(Some(t)) => Outcome::Block(vec![WaitKey::Tty(t)], None),
        Ok(None) => super::unit(f(cx)).into(),
        Err(e) => Outcome::Done(Err(e)),
    }
}

pub(super) fn get_attr(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    Ok(Ret::Termios(tty_mut(cx, fd)?.termios))
}

pub(super) fn set_attr(cx: &mut Cx<'_>, fd: Fd, termios: Termios) -> Result<(), Errno> {
    let tty = tty_mut(cx, fd)?;
    if tty.termios.canonical && !termios.canonical {
        // What was typed and not yet entered becomes readable.
        let line = std::mem::take(&mut tty.line);
        tty.input.extend(line);
    }
    tty.termios = termios;
    Ok(())
}

pub(super) fn get_pgrp(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    let group = tty_mut(cx, fd)?.foreground;
    let ns = cx.sys.process(cx.pid).map_or(PidNsId(0), |p| p.pid_ns);
    num(group.map_or(0, |g| cx.sys.pid_seen_by(g, ns)))
}

pub(super) fn set_pgrp(cx: &mut Cx<'_>, fd: Fd, pgid: u32) -> Result<(), Errno> {
    let (t, _) = tty_of(cx, fd)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if p.tty != Some(t) {
        return Err(Errno::ENOTTY);
    }
    let group = super::process::host_pid(cx.sys, p.pid_ns, pgid).unwrap_or(crate::Pid(pgid));
    cx.sys.ttys.get_mut(&t).ok_or(Errno::EIO)?.foreground = Some(group);
    let at = cx.now();
    cx.sys.wake(WaitKey::Tty(t), at);
    Ok(())
}

pub(super) fn win_size(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    Ok(Ret::Size(tty_mut(cx, fd)?.size))
}

pub(super) fn set_win_size(cx: &mut Cx<'_>, fd: Fd, size: WinSize) -> Result<(), Errno> {
    let (t, _) = tty_of(cx, fd)?;
    let at = cx.now();
    cx.sys.tty_resize(t, size, at);
    Ok(())
}

pub(super) fn open_pty(cx: &mut Cx<'_>) -> SysResult {
    if cx.sys.room_for_files(cx.pid) < 2 {
        return Err(Errno::EMFILE);
    }
    let owner = cx.sys.process(cx.pid).map_or(0, |p| p.uid);
    let t = cx.sys.add_tty();
    if let Some(tty) = cx.sys.ttys.get_mut(&t) {
        (tty.slaves, tty.master_fds, tty.owner) = (1, 1, owner);
    }
    let file = |kind| OpenFile::new(kind, true, true);
    let m = cx.sys.install(cx.pid, file(FileKind::TtyMaster(t)), false)?;
    let s = cx.sys.install(cx.pid, file(FileKind::Tty(t)), false)?;
    Ok(Ret::Fds(m, s))
}

pub(super) fn name(cx: &mut Cx<'_>, fd: Fd) -> SysResult {
    let (t, _) = tty_of(cx, fd)?;
    Ok(Ret::Text(format!("/dev/pts/{}", t.0)))
}
