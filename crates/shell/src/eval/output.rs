//! Output of builtins and messages: written in order, one blocking call at a time.

use std::rc::Rc;

use layerlab_kernel::{Errno, Fd, Ret, Step, Syscall};

use super::{Frame, Shell, SourceKind};
use crate::dialect::Dialect;

impl Shell {
    /// To standard output.
    pub fn out(&mut self, text: impl AsRef<[u8]>) {
        self.put(1, text.as_ref());
    }

    /// To standard error, as it is.
    pub fn err(&mut self, text: impl AsRef<[u8]>) {
        self.put(2, text.as_ref());
    }

    fn put(&mut self, fd: Fd, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let who = self.builtin.unwrap_or("");
        let in_flight = self.writing && self.io.len() == 1;
        if let Some((last, data, _)) = self.io.back_mut()
            && *last == fd
            && !in_flight
        {
            Rc::make_mut(data).extend_from_slice(bytes);
            return;
        }
        self.io.push_back((fd, Rc::new(bytes.to_vec()), who));
    }

    /// `bash: line 3: `, `./x.sh: 3: ` …
    pub fn prefix(&self) -> String {
        let n = &self.name;
        let at_prompt = self.interactive || self.from_prompt;
        match self.dialect {
            Dialect::Bash if at_prompt => format!("{n}: "),
            Dialect::Bash => format!("{}: line {}: ", self.sources.last().unwrap_or(n), self.line),
            Dialect::Dash => format!("{n}: {}: {}", self.line, self.within()),
            Dialect::Ash if at_prompt => format!("{n}: {}", self.within()),
            Dialect::Ash if self.from_c && self.within().is_empty() => format!("{n}: "),
            Dialect::Ash if self.from_c && !self.in_file() => {
                format!("{n}: {}line {}: ", self.within(), self.line.saturating_sub(1))
            }
            Dialect::Ash => format!("{n}: {}line {}: ", self.within(), self.line),
        }
    }

    /// What dash and ash name where text of `eval` or of a sourced file is being run.
    pub(super) fn within(&self) -> String {
        self.frames
            .iter()
            .rev()
            .find_map(|f| match f {
                Frame::Source(s) if s.kind == SourceKind::Eval => Some("eval: ".to_owned()),
                Frame::Dot(_) => self.sources.last().map(|s| format!("{s}: ")),
                _ => None,
            })
            .unwrap_or_default()
    }

    fn in_file(&self) -> bool {
        let innermost = self.frames.iter().rev().find(|f| matches!(f, Frame::Source(s) if s.kind != SourceKind::Trap));
        matches!(innermost, Some(Frame::Source(s)) if s.kind == SourceKind::File)
    }

    /// A message with the shell's name and place.
    pub fn complain(&mut self, message: &str) {
        let text = format!("{}{message}\n", self.prefix());
        self.err(text);
    }

    /// A builtin's message: `bash: line 1: cd: …`.
    pub fn complain_as(&mut self, builtin: &str, message: &str) {
        let prefix = match self.dialect {
            Dialect::Ash if self.interactive || self.from_c || self.from_prompt => {
                format!("{}: {builtin}: line {}: ", self.name, self.line.saturating_sub(1))
            }
            Dialect::Ash => format!("{}: {builtin}: line {}: ", self.name, self.line),
            _ => format!("{}{builtin}: ", self.prefix()),
        };
        self.err(format!("{prefix}{message}\n"));
    }

    /// A message of a builtin that busybox shares with its applets: it names neither script nor line.
    pub fn complain_as_applet(&mut self, message: &str) {
        let text = format!("{}: {message}\n", self.applet);
        self.err(text);
    }

    /// The next write, if something is to be written.
    pub(super) fn flush_output(&mut self) -> Option<Step> {
        let (fd, data, _) = self.io.front()?;
        self.writing = true;
        Some(Step::Syscall(Syscall::Write { fd: *fd, data: data.clone() }))
    }

    /// After a write: what is left of it, or its error.
    pub(super) fn continue_output(&mut self) -> Option<Step> {
        if !std::mem::take(&mut self.writing) {
            return None;
        }
        let (fd, data, who) = self.io.pop_front()?;
        match self.ret.take() {
            Some(Ok(Ret::Num(n))) => {
                let n = usize::try_from(n).unwrap_or(0);
                if n < data.len() {
                    self.io.push_front((fd, Rc::new(data.get(n..).unwrap_or(&[]).to_vec()), who));
                }
            }
            Some(Err(Errno::EINTR)) => self.io.push_front((fd, data, who)),
            Some(Err(e)) if fd != 2 => {
                self.io.retain(|(f, _, _)| *f != fd);
                self.status = 1;
                let text = match self.dialect {
                    Dialect::Dash if !who.is_empty() => format!("{who}: I/O error"),
                    _ => format!("write error: {e}"),
                };
                if who.is_empty() || self.dialect == Dialect::Ash {
                    self.complain(&text);
                } else {
                    self.complain_as(who, &text);
                }
            }
            _ => {}
        }
        None
    }
}
