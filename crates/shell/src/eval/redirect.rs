//! Redirections: done in the shell and put back, or in a child.

use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, Fd, FileType, OpenFlags};

use super::{Flow, Frame, Shell, Slot};
use crate::dialect::Dialect;
use crate::expand::Mode;
use crate::parse::ast::{Command, CommandKind, Redir, RedirOp, Word};

/// A descriptor to put back: its number, and where it is kept (none: it was closed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    fd: Fd,
    kept: Option<Fd>,
}

/// A redirection whose words have been expanded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resolved {
    redir: Redir,
    target: Vec<String>,
}

/// A compound command with redirections.
#[derive(Clone, Debug, Hash)]
pub struct RedirectedFrame {
    command: Rc<Command>,
}

/// Where descriptors of the shell's own live.
const PRIVATE: Fd = 10;
/// What fits into a pipe at once.
const PIPE: usize = 60_000;

/// The words of redirections, and how each is expanded.
pub(super) fn targets(redirs: &[Redir], dialect: Dialect) -> Vec<(Word, Mode)> {
    // Only bash splits and globs a file's name.
    let name = if dialect.is_bash() { Mode::Fields } else { Mode::Single };
    redirs
        .iter()
        .map(|r| match &r.op {
            RedirOp::Here(doc) => (doc.body.get().cloned().unwrap_or_else(|| Rc::from([])), Mode::Single),
            RedirOp::HereString => (r.target.clone(), Mode::Single),
            _ => (r.target.clone(), name),
        })
        .collect()
}

/// Joins redirections and what their words became.
pub(super) fn resolve(redirs: &[Redir], results: Vec<Vec<String>>) -> Vec<Resolved> {
    redirs.iter().cloned().zip(results).map(|(redir, target)| Resolved { redir, target }).collect()
}

impl Shell {
    pub(super) fn start_redirected(&mut self, command: Rc<Command>, cx: &mut Cx<'_>) -> Flow {
        let words = targets(&command.redirs, self.dialect);
        self.frames.push(Frame::Redirected(Box::new(RedirectedFrame { command })));
        self.push_expand(words, cx);
        Flow::Go
    }

    pub(super) fn step_redirected(&mut self, f: &RedirectedFrame, cx: &mut Cx<'_>) -> Flow {
        let redirs = resolve(&f.command.redirs, std::mem::take(&mut self.results));
        let mut saved = Vec::new();
        let result = self.redirect(&redirs, Some(&mut saved), cx);
        let fds = std::mem::take(&mut self.process_fds);
        self.close_all(&fds, cx);
        self.frames.push(Frame::Restore(saved));
        match result {
            Ok(()) => self.start_compound(&f.command, cx),
            Err(e) => {
                self.line = f.command.line;
                self.complain(&e);
                // Busybox's subshell does its redirections itself, and ends.
                let ends = self.dialect == Dialect::Ash && matches!(f.command.kind, CommandKind::Subshell(_));
                self.status = if ends { 2 } else { self.redirect_status() };
            }
        }
        Flow::Go
    }

    /// The exit status of a redirection that failed.
    pub(super) fn redirect_status(&self) -> i32 {
        if self.dialect == Dialect::Dash { 2 } else { 1 }
    }

    /// Does redirections in order; `saved` gets what must be put back.
    pub(super) fn redirect(
        &mut self,
        redirs: &[Resolved],
        mut saved: Option<&mut Vec<Saved>>,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        for r in redirs {
            self.redirect_one(r, &mut saved, cx)?;
        }
        Ok(())
    }

    fn redirect_one(
        &mut self,
        r: &Resolved,
        saved: &mut Option<&mut Vec<Saved>>,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        let Redir { fd, var, op, .. } = &r.redir;
        let text = match r.target.as_slice() {
            [one] => one.clone(),
            _ if matches!(op, RedirOp::Here(_) | RedirOp::HereString) => String::new(),
            _ => return Err(format!("{}: ambiguous redirect", source_text(&r.redir.target))),
        };
        let input =
            matches!(op, RedirOp::In | RedirOp::InOut | RedirOp::DupIn | RedirOp::Here(_) | RedirOp::HereString);
        let mut to = fd.unwrap_or(if input { 0 } else { 1 });
        if let Some(name) = var {
            if text == "-" && matches!(op, RedirOp::DupIn | RedirOp::DupOut) {
                let n: Fd = self.value_of(&Slot::of(name), cx).and_then(|v| v.parse().ok()).unwrap_or(-1);
                let _ = cx.close(n);
                return Ok(());
            }
            to = self.next_fd;
            self.next_fd += 1;
            self.assign(&Slot::of(name), &to.to_string(), false, cx);
        } else if let Some(saved) = saved {
            self.save_fd(to, saved, cx);
        }
        match op {
            RedirOp::DupIn | RedirOp::DupOut => return self.duplicate(&r.redir, &text, to, saved, cx),
            RedirOp::Both | RedirOp::BothAppend => return self.both(*op == RedirOp::BothAppend, &text, saved, cx),
            _ => {}
        }
        let from = match op {
            RedirOp::Here(_) => self.here(&text, cx)?,
            RedirOp::HereString => self.here(&(text + "\n"), cx)?,
            _ => self.open_target(op, &text, cx)?,
        };
        move_fd(from, to, cx);
        Ok(())
    }

    fn open_target(&mut self, op: &RedirOp, path: &str, cx: &mut Cx<'_>) -> Result<Fd, String> {
        let flags = match op {
            RedirOp::In => OpenFlags::READ,
            RedirOp::InOut => OpenFlags { create: true, ..OpenFlags::READ_WRITE },
            RedirOp::Append => OpenFlags::APPEND,
            RedirOp::Out if self.opts.has("noclobber") => {
                if cx.stat(path).is_ok_and(|s| s.file_type == FileType::File) {
                    return Err(match self.dialect {
                        Dialect::Bash => format!("{path}: cannot overwrite existing file"),
                        Dialect::Dash => format!("cannot create {path}: File exists"),
                        Dialect::Ash => format!("can't create {path}: File exists"),
                    });
                }
                OpenFlags::CREATE
            }
            _ => OpenFlags::CREATE,
        };
        cx.open(path, flags, 0o666).map_err(|e| self.open_error(path, flags.create, e))
    }

    fn open_error(&self, path: &str, create: bool, e: Errno) -> String {
        match self.dialect {
            Dialect::Bash => format!("{path}: {e}"),
            Dialect::Dash => {
                let text = match e {
                    Errno::ENOENT if create => "Directory nonexistent",
                    Errno::ENOENT => "No such file",
                    e => e.text(),
                };
                format!("cannot {} {path}: {text}", if create { "create" } else { "open" })
            }
            Dialect::Ash => {
                let text = match e {
                    Errno::ENOENT if create => "nonexistent directory",
                    Errno::ENOENT => "no such file",
                    e => e.text(),
                };
                format!("can't {} {path}: {text}", if create { "create" } else { "open" })
            }
        }
    }

    fn duplicate(
        &mut self,
        redir: &Redir,
        text: &str,
        to: Fd,
        saved: &mut Option<&mut Vec<Saved>>,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        if text == "-" {
            let _ = cx.close(to);
            return Ok(());
        }
        let (number, moved) = match text.strip_suffix('-') {
            Some(n) if self.dialect.is_bash() => (n, true),
            _ => (text, false),
        };
        let Ok(from) = number.parse::<Fd>() else {
            if redir.op == RedirOp::DupOut && redir.fd.is_none() && self.dialect != Dialect::Dash {
                return self.both(false, text, saved, cx);
            }
            return Err(match self.dialect {
                Dialect::Bash => format!("{text}: ambiguous redirect"),
                _ => {
                    self.control = Some(super::Control::Abort);
                    "Syntax error: Bad fd number".to_owned()
                }
            });
        };
        if from == to {
            return cx.fstat(from).map(|_| ()).map_err(|e| format!("{from}: {e}"));
        }
        cx.dup2(from, to).map_err(|_| format!("{from}: Bad file descriptor"))?;
        if moved {
            let _ = cx.close(from);
        }
        Ok(())
    }

    fn both(
        &mut self,
        append: bool,
        path: &str,
        saved: &mut Option<&mut Vec<Saved>>,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        if let Some(saved) = saved {
            self.save_fd(2, saved, cx);
        }
        let fd = self.open_target(if append { &RedirOp::Append } else { &RedirOp::Out }, path, cx)?;
        move_fd(fd, 1, cx);
        cx.dup2(1, 2).map_err(|e| format!("{path}: {e}"))
    }

    /// A here-document's text, ready to be read: in a pipe, or in a file that has no name any more.
    fn here(&mut self, text: &str, cx: &mut Cx<'_>) -> Result<Fd, String> {
        let fail = |e: Errno| format!("cannot create temp file for here-document: {e}");
        if text.len() <= PIPE {
            let (r, w) = cx.pipe().map_err(fail)?;
            let mut rest: Vec<u8> = text.as_bytes().to_vec();
            while !rest.is_empty() {
                match cx.write(w, Rc::new(rest.clone())) {
                    Ok(n) if n > 0 => {
                        rest.drain(..n.min(rest.len()));
                    }
                    _ => break,
                }
            }
            let _ = cx.close(w);
            return Ok(r);
        }
        let path = format!("/tmp/sh-thd.{}.{}", cx.pid(), cx.now().0);
        let w = cx.open(&path, OpenFlags { exclusive: true, ..OpenFlags::CREATE }, 0o600).map_err(fail)?;
        let written = cx.write(w, Rc::new(text.as_bytes().to_vec()));
        let _ = cx.close(w);
        let r = cx.open(&path, OpenFlags::READ, 0);
        let _ = cx.unlink(&path);
        written.map_err(fail)?;
        r.map_err(fail)
    }

    /// Keeps a descriptor aside, if it hasn't been kept before.
    pub(super) fn save_fd(&mut self, fd: Fd, saved: &mut Vec<Saved>, cx: &mut Cx<'_>) {
        if saved.iter().any(|s| s.fd == fd) {
            return;
        }
        let kept = cx.dup(fd, PRIVATE).ok();
        if let Some(k) = kept {
            let _ = cx.set_cloexec(k, true);
        }
        saved.push(Saved { fd, kept });
    }

    pub(super) fn restore_fds(&mut self, saved: Vec<Saved>, cx: &mut Cx<'_>) {
        for s in saved.into_iter().rev() {
            match s.kept {
                Some(k) => {
                    let _ = cx.dup2(k, s.fd);
                    let _ = cx.close(k);
                }
                None => {
                    let _ = cx.close(s.fd);
                }
            }
        }
    }
}

/// `exec` with redirections: what was kept aside is let go.
pub(super) fn forget(saved: Vec<Saved>, cx: &mut Cx<'_>) {
    for s in saved {
        if let Some(k) = s.kept {
            let _ = cx.close(k);
        }
    }
}

fn move_fd(from: Fd, to: Fd, cx: &mut Cx<'_>) {
    if from != to {
        let _ = cx.dup2(from, to);
        let _ = cx.close(from);
    }
}

/// A word roughly as written, for messages.
fn source_text(w: &[crate::parse::ast::Part]) -> String {
    use crate::parse::ast::Part;
    w.iter()
        .map(|p| match p {
            Part::Lit(s) | Part::Quoted(s) => s.to_string(),
            Part::Param(p) => format!("${}", p.name),
            Part::Double(inner) => source_text(inner),
            _ => String::new(),
        })
        .collect()
}
