//! Terminals with a line discipline (`termios(3)`).

use std::collections::VecDeque;

use crate::signal::Signal;
use crate::syscall::{Pid, Termios, WinSize};

/// A terminal's number (`/dev/pts/<n>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TtyId(pub u32);

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tty {
    /// Whose it is.
    pub owner: u32,
    /// Settings.
    pub termios: Termios,
    /// Size.
    pub size: WinSize,
    /// The line being edited (canonical mode).
    pub line: Vec<u8>,
    /// Input ready for readers; in canonical mode whole lines.
    pub input: VecDeque<u8>,
    /// ^D was typed on an empty line: the next read gives the end of file. One entry each, at this input length.
    pub eofs: VecDeque<usize>,
    /// Output for the master, not yet taken.
    pub output: VecDeque<u8>,
    /// The session whose controlling terminal it is.
    pub session: Option<Pid>,
    /// The foreground process group (host numbers).
    pub foreground: Option<Pid>,
    /// Open slave descriptors.
    pub slaves: u32,
    /// Whether a master is there (a person's screen, or an open master descriptor).
    pub has_master: bool,
    /// Whether the master is a descriptor: then output waits for its reader.
    pub master_fds: u32,
}

/// How much output may wait before writers block.
pub const OUTPUT_CAPACITY: usize = 1 << 18;

impl Tty {
    /// A terminal with 80×24 characters and `stty sane`.
    pub fn new() -> Self {
        Self {
            owner: 0,
            termios: Termios::COOKED,
            size: WinSize { rows: 24, cols: 80 },
            line: Vec::new(),
            input: VecDeque::new(),
            eofs: VecDeque::new(),
            output: VecDeque::new(),
            session: None,
            foreground: None,
            slaves: 0,
            has_master: true,
            master_fds: 0,
        }
    }

    /// Bytes typed by the master; answers the signals for the foreground group.
    pub fn receive(&mut self, bytes: &[u8]) -> Vec<Signal> {
        let mut signals = Vec::new();
        for &b in bytes {
            let b = if self.termios.cr_to_nl && b == b'\r' { b'\n' } else { b };
            if self.termios.signals
                && let Some(sig) = match b {
                    3 => Some(Signal::INT),
                    0x1c => Some(Signal::QUIT),
                    0x1a => Some(Signal::TSTP),
                    _ => None,
                }
            {
                self.line.clear();
                self.input.clear();
                self.eofs.clear();
                self.echo_byte(b);
                signals.push(sig);
                continue;
            }
            if self.termios.canonical { self.edit(b) } else { self.raw(b) }
        }
        signals
    }

    fn raw(&mut self, b: u8) {
        if self.input.len() < 1 << 16 {
            self.input.push_back(b);
        }
        self.echo_byte(b);
    }

    fn edit(&mut self, b: u8) {
        match b {
            b'\n' => {
                self.line.push(b);
                self.commit();
                self.echo_byte(b);
            }
            4 => {
                if self.line.is_empty() {
                    self.eofs.push_back(self.input.len());
                } else {
                    self.commit();
                }
            }
            8 | 0x7f => self.erase(),
            0x15 => {
                while !self.line.is_empty() {
                    self.erase();
                }
            }
            0x17 => {
                while self.line.last() == Some(&b' ') {
                    self.erase();
                }
                while self.line.last().is_some_and(|c| *c != b' ') {
                    self.erase();
                }
            }
            _ if self.line.len() < 4095 => {
                self.line.push(b);
                self.echo_byte(b);
            }
            _ => {}
        }
    }

    fn commit(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.input.extend(line);
    }

    fn erase(&mut self) {
        // A character may have several bytes (UTF-8).
        while let Some(b) = self.line.pop() {
            if b & 0xc0 != 0x80 {
                if self.termios.echo {
                    self.output.extend(b"\x08 \x08");
                    if b < 32 {
                        self.output.extend(b"\x08 \x08");
                    }
                }
                break;
            }
        }
    }

    fn echo_byte(&mut self, b: u8) {
        if !self.termios.echo {
            return;
        }
        match b {
            b'\n' | b'\t' => self.put(&[b]),
            0..32 => self.output.extend([b'^', b + 64]),
            _ => self.output.push_back(b),
        }
    }

    /// Bytes written by a program.
    pub fn put(&mut self, bytes: &[u8]) {
        for &b in bytes {
            if b == b'\n' && self.termios.nl_to_crnl {
                self.output.push_back(b'\r');
            }
            self.output.push_back(b);
        }
    }

    /// Whether nobody has either end any more.
    pub fn is_gone(&self) -> bool {
        !self.has_master && self.slaves == 0
    }

    /// Whether a read would not block.
    pub fn readable(&self) -> bool {
        !self.input.is_empty() || !self.eofs.is_empty() || !self.has_master
    }

    /// Up to `len` bytes for a reader; in canonical mode at most one line. Empty at the end of file.
    pub fn take(&mut self, len: usize) -> Vec<u8> {
        if self.eofs.front() == Some(&0) {
            self.eofs.pop_front();
            return Vec::new();
        }
        let mut limit = self.input.len().min(len);
        if let Some(&eof) = self.eofs.front() {
            limit = limit.min(eof);
        }
        if self.termios.canonical
            && let Some(nl) = self.input.iter().take(limit).position(|b| *b == b'\n')
        {
            limit = nl + 1;
        }
        for e in &mut self.eofs {
            *e -= limit;
        }
        self.input.drain(..limit).collect()
    }
}

impl Default for Tty {
    fn default() -> Self {
        Self::new()
    }
}
