//! `layerlab sh` on a terminal: the machine's own terminal, in real time.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use layerlab_kernel::{SimTime, Slice};
use layerlab_lab::{Input, Session, pace};
use layerlab_protocol::Speed;
use rustix::termios::{self, OptionalActions, Termios};

use crate::usage::{Failure, Result};

/// Puts the terminal back when it is dropped.
struct Raw(Termios);

impl Raw {
    fn new() -> rustix::io::Result<Self> {
        let before = termios::tcgetattr(std::io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        termios::tcsetattr(std::io::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // The program ends; there is nobody to tell.
        let _ = termios::tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}

fn size() -> (u16, u16) {
    termios::tcgetwinsize(std::io::stdout()).map_or((24, 80), |s| (s.ws_row, s.ws_col))
}

/// Runs until the login shell has ended (a new one would be given) or ^] is typed.
pub(crate) fn run(session: &mut Session) -> Result<u8> {
    let (keys, typed) = mpsc::channel::<Vec<u8>>();
    std::thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(n) = std::io::stdin().read(&mut buffer) {
            if n == 0 || keys.send(buffer[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    eprintln!("layerlab: leave with Ctrl-]");
    let _raw = Raw::new().map_err(|e| Failure::Failed(e.to_string()))?;
    let mut last = Instant::now();
    let mut shown = (0, 0);
    loop {
        let now_size = size();
        if now_size != shown {
            shown = now_size;
            let _ = session.apply(Input::Resize { rows: shown.0, cols: shown.1 });
        }
        let real = SimTime(last.elapsed().as_nanos() as u64);
        last = Instant::now();
        let until = session.world().now() + pace::advance(Speed::Fast, session.busy(), real);
        while session.run_slice(until, 100) == Slice::More && last.elapsed() < Duration::from_millis(50) {}
        let out = session.take_output();
        if std::io::stdout().write_all(&out).and_then(|()| std::io::stdout().flush()).is_err() {
            return Ok(1);
        }
        match typed.recv_timeout(Duration::from_millis(10)) {
            Ok(bytes) if bytes.contains(&0x1d) => return Ok(0),
            Ok(bytes) => {
                let _ = session.apply(Input::Key(bytes));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(0),
        }
    }
}
