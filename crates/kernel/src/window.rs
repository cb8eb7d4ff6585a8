//! Windows: terminals that a person opens and closes beside the machine's first one, as a terminal emulator
//! does. A window closes when the program that it was opened with has ended; a closed one hangs up.

use crate::calls::{self, Outcome};
use crate::errno::Errno;
use crate::executor::Kernel;
use crate::file::{FileKind, OpenFile};
use crate::program::Cx;
use crate::syscall::{Pid, Ret, SpawnSpec, Syscall, WinSize};
use crate::system::System;
use crate::tty::{Tty, TtyId};
use crate::{Signal, SimTime};

impl Kernel {
    /// Opens a window and starts a process in it, as a child of process 1 and leader of a session of its own;
    /// `fds` and `controlling_tty` of the spec are not used.
    ///
    /// # Errors
    /// Those of starting the process; no window is open then.
    pub fn open_window(&mut self, spec: &SpawnSpec, size: WinSize) -> Result<TtyId, Errno> {
        let (parent, at) = (Pid(1), self.sys.now);
        let id = self.sys.free_tty();
        self.sys.ttys.insert(id, Tty { size, slaves: 1, ..Tty::new() });
        let fd = self.sys.install(parent, OpenFile::new(FileKind::Tty(id), true, true), false)?;
        let fds = vec![(0, fd), (1, fd), (2, fd)];
        let spec = SpawnSpec { fds, new_session: true, controlling_tty: Some(0), ..spec.clone() };
        let mut cx = Cx { sys: &mut self.sys, pid: parent, result: None, cost: SimTime(0), memory: None };
        let result = calls::attempt(&mut cx, &Syscall::Spawn(Box::new(spec)), None);
        // It was just opened.
        let _ = self.sys.close_fd(parent, fd, at);
        self.settle();
        match result {
            Outcome::Done(Ok(Ret::Num(_))) => {
                self.sys.windows.insert(id);
                Ok(id)
            }
            other => {
                self.sys.ttys.remove(&id);
                Err(if let Outcome::Done(Err(e)) = other { e } else { Errno::EIO })
            }
        }
    }

    /// Closes a window: who works in it is told by `SIGHUP`. Whether there was one.
    pub fn close_window(&mut self, id: TtyId) -> bool {
        let at = self.sys.now;
        self.sys.close_window(id, at)
    }
}

impl System {
    pub(crate) fn close_window(&mut self, id: TtyId, at: SimTime) -> bool {
        let was_open = self.windows.remove(&id);
        if was_open {
            if let Some(tty) = self.ttys.get_mut(&id) {
                tty.has_master = false;
            }
            self.hang_up(id, at);
        }
        was_open
    }

    /// The lowest number that no terminal has, or only one that nobody has open any more.
    fn free_tty(&self) -> TtyId {
        let is_free = |id: &TtyId| self.ttys.get(id).is_none_or(Tty::is_gone);
        (1..).map(TtyId).find(is_free).unwrap_or(TtyId(u32::MAX))
    }

    /// A terminal is gone: its session's leader and the job in front are told, and read its end.
    pub(crate) fn hang_up(&mut self, id: TtyId, at: SimTime) {
        let Some(tty) = self.ttys.get_mut(&id) else { return };
        let (session, foreground) = (tty.session, tty.foreground);
        if let Some(leader) = session {
            self.send_signal(leader, Signal::HUP, None, at);
            self.send_signal(leader, Signal::CONT, None, at);
        }
        if let Some(g) = foreground {
            self.signal_group(g, Signal::HUP, None, at);
            self.signal_group(g, Signal::CONT, None, at);
        }
        self.wake(crate::system::WaitKey::Tty(id), at);
    }
}
