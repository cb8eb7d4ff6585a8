//! Programs: found by PATH, run in a child, or in the shell's place.

use std::rc::Rc;

use layerlab_kernel::zone::Zone;
use layerlab_kernel::{Cx, Errno, FileType, Syscall};

use super::redirect::Resolved;
use super::{Flow, Frame, Shell};
use crate::dialect::Dialect;

/// A program that is about to take a process's place.
#[derive(Clone, Debug, Hash)]
pub struct ExecFrame {
    /// Its command line; the first is what is looked for.
    pub argv: Vec<String>,
    /// `argv[0]`, where it differs (`exec -a`).
    pub name: Option<String>,
    /// Redirections that are still to be done.
    pub redirs: Rc<[Resolved]>,
    /// With an empty environment (`exec -c`).
    pub clean: bool,
    /// The path that is tried.
    pub path: Option<String>,
    /// `exec` of an interactive shell: goes on where it fails.
    pub builtin: bool,
}

impl Shell {
    /// A command's file by PATH: `Ok(None)` if there is none, an error if it cannot be run.
    pub fn find_command(&self, cx: &mut Cx<'_>, name: &str) -> Result<Option<String>, (String, Errno)> {
        if name.contains('/') {
            return Ok(Some(name.to_owned()));
        }
        let path = self.vars.value("PATH").unwrap_or_default();
        let mut denied = None;
        if name.is_empty() {
            return Ok(None);
        }
        for dir in path.split(':') {
            let full = match dir {
                "" => format!("./{name}"),
                d => format!("{}/{name}", d.trim_end_matches('/')),
            };
            match cx.stat(&full) {
                Ok(s) if s.file_type == FileType::File => {
                    if cx.access(&full, false, false, true).is_ok() {
                        return Ok(Some(full));
                    }
                    denied.get_or_insert((full, Errno::EACCES));
                }
                _ => {}
            }
        }
        denied.map_or(Ok(None), Err)
    }

    /// Like [`Self::find_command`], from memory where it was found before.
    pub fn find_hashed(&mut self, cx: &mut Cx<'_>, name: &str) -> Result<Option<String>, (String, Errno)> {
        if let Some((path, hits)) = self.hashed.get_mut(name)
            && cx.access(path, false, false, true).is_ok()
        {
            *hits += 1;
            return Ok(Some(path.clone()));
        }
        let found = self.find_command(cx, name)?;
        if let Some(p) = &found
            && !name.contains('/')
        {
            self.hashed.insert(name.to_owned(), (p.clone(), 1));
        }
        Ok(found)
    }

    pub(super) fn step_exec(&mut self, mut f: Box<ExecFrame>, cx: &mut Cx<'_>) -> Flow {
        if let Some(path) = f.path.take() {
            return self.exec_failed(*f, &path, cx);
        }
        if !f.redirs.is_empty() {
            let redirs = std::mem::replace(&mut f.redirs, Rc::from([]));
            if let Err(e) = self.redirect(&redirs, None, cx) {
                self.complain(&e);
                self.status = self.redirect_status();
                self.leave_exec(&f);
                return Flow::Go;
            }
        }
        let name = f.argv.first().cloned().unwrap_or_default();
        let found = match self.hashed.get(&name) {
            Some((p, _)) if !f.builtin && cx.access(p, false, false, true).is_ok() => Ok(Some(p.clone())),
            _ => self.find_command(cx, &name),
        };
        match found {
            Ok(Some(path)) => {
                let mut env = if f.clean { Vec::new() } else { self.vars.environment() };
                for n in self.exported_functions.iter().filter(|_| !f.clean) {
                    if let Some(func) = self.funcs.get(n)
                        && let Some(body) = func.text.find('{').and_then(|i| func.text.get(i..))
                    {
                        env.push((format!("BASH_FUNC_{n}%%"), format!("() {body}")));
                    }
                }
                if self.dialect.is_bash() && !f.clean {
                    env.retain(|(k, _)| k != "_");
                    env.push(("_".into(), path.clone()));
                }
                let mut argv = f.argv.clone();
                if let (Some(n), Some(first)) = (&f.name, argv.first_mut()) {
                    first.clone_from(n);
                }
                f.path = Some(path.clone());
                self.frames.push(Frame::Exec(f));
                self.give_signals(cx);
                Flow::Call(Syscall::Exec { path, argv, env })
            }
            Ok(None) => {
                self.not_found(&name, f.builtin);
                self.leave_exec(&f);
                Flow::Go
            }
            Err((path, e)) => {
                self.cannot_run(&path, &name, e, f.builtin);
                self.leave_exec(&f);
                Flow::Go
            }
        }
    }

    fn leave_exec(&mut self, f: &ExecFrame) {
        if !f.builtin || !self.interactive {
            self.frames.clear();
            self.traps.clear_exit();
        }
    }

    fn not_found(&mut self, name: &str, builtin: bool) {
        self.status = 127;
        if builtin {
            self.complain_as("exec", &format!("{name}: not found"));
        } else if self.dialect.is_bash() {
            self.complain(&format!("{name}: command not found"));
        } else if name.is_empty() {
            self.complain(": Permission denied");
        } else {
            self.complain(&format!("{name}: not found"));
        }
    }

    fn cannot_run(&mut self, path: &str, name: &str, e: Errno, builtin: bool) {
        let shown = if self.dialect.is_bash() { path } else { name };
        self.status = if matches!(e, Errno::ENOENT | Errno::ENOTDIR) && e == Errno::ENOENT { 127 } else { 126 };
        let text = match e {
            Errno::ENOENT if !self.dialect.is_bash() => "not found",
            e => e.text(),
        };
        if builtin {
            self.complain_as("exec", &format!("{shown}: {text}"));
        } else {
            self.complain(&format!("{shown}: {text}"));
        }
    }

    fn exec_failed(&mut self, f: ExecFrame, path: &str, cx: &mut Cx<'_>) -> Flow {
        self.set_dispositions(cx);
        let e = self.ret.take().and_then(Result::err).unwrap_or(Errno::ENOEXEC);
        if e == Errno::ENOEXEC && self.run_as_script(&f, path, cx) {
            return Flow::Go;
        }
        let name = f.argv.first().cloned().unwrap_or_default();
        let is_dir = cx.stat(path).is_ok_and(|s| s.file_type == FileType::Dir);
        if e == Errno::EACCES && is_dir && self.dialect.is_bash() {
            self.status = 126;
            self.complain(&format!("{path}: Is a directory"));
        } else if e == Errno::ENOENT && cx.stat(path).is_ok() {
            // The file is there: what its first line names is not.
            let interpreter = interpreter_of(cx, path).unwrap_or_default();
            self.status = if self.dialect.is_bash() { 126 } else { 127 };
            match self.dialect {
                Dialect::Bash if self.interactive => {
                    self.complain(&format!("{path}: {interpreter}: bad interpreter: No such file or directory"));
                }
                Dialect::Bash => {
                    self.status = 127;
                    self.complain(&format!("{path}: cannot execute: required file not found"));
                }
                _ => self.complain(&format!("{name}: not found")),
            }
        } else {
            self.cannot_run(path, &name, e, f.builtin);
        }
        self.leave_exec(&f);
        Flow::Go
    }

    /// A file without `#!` is a script of this shell.
    fn run_as_script(&mut self, f: &ExecFrame, path: &str, cx: &mut Cx<'_>) -> bool {
        let Ok(bytes) = self.read_whole(path, cx) else { return false };
        let head = bytes.get(..bytes.len().min(80)).unwrap_or(&[]);
        if head.split(|b| *b == b'\n').next().is_some_and(|l| l.contains(&0)) {
            if self.dialect.is_bash() {
                self.complain(&format!("{path}: cannot execute binary file: Exec format error"));
            } else {
                self.complain(&format!("{path}: Exec format error"));
            }
            self.status = 126;
            self.leave_exec(f);
            return true;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let env = self.vars.environment();
        let mut fresh = Shell::new(self.dialect, path);
        (fresh.pid, fresh.ppid, fresh.started) = (self.pid, self.ppid, self.started);
        (fresh.ignored, fresh.background) = (self.ignored, self.background);
        fresh.import(&env, cx);
        fresh.params = Rc::new(f.argv.iter().skip(1).cloned().collect());
        fresh.push_source(super::SourceKind::File, &text, 1);
        *self = fresh;
        self.set_dispositions(cx);
        true
    }

    /// The zone of the clock: that of an exported `TZ`, or the machine's.
    pub fn zone(&self, cx: &mut Cx<'_>) -> Zone {
        let tz = self.vars.iter().find(|(k, v)| *k == "TZ" && v.export).and_then(|(_, v)| v.value.scalar());
        let name = tz.as_deref().map(|t| t.trim_start_matches(':'));
        let path = match name {
            None => "/etc/localtime".to_owned(),
            Some(path) if path.starts_with('/') => path.to_owned(),
            Some(name) => format!("/usr/share/zoneinfo/{name}"),
        };
        let file = self.read_whole(&path, cx).ok().and_then(|bytes| Zone::of_file(&bytes));
        file.unwrap_or_else(|| name.map_or_else(Zone::utc, Zone::named))
    }

    /// A file's bytes, if it can be read at once.
    pub fn read_whole(&self, path: &str, cx: &mut Cx<'_>) -> Result<Vec<u8>, Errno> {
        let fd = cx.open(path, layerlab_kernel::OpenFlags::READ, 0)?;
        let mut all = Vec::new();
        let r = loop {
            match cx.read(fd, 1 << 20) {
                Ok(b) if b.is_empty() => break Ok(all),
                Ok(b) => all.extend_from_slice(&b),
                Err(e) => break Err(e),
            }
        };
        let _ = cx.close(fd);
        r
    }
}

fn interpreter_of(cx: &mut Cx<'_>, path: &str) -> Option<String> {
    let fd = cx.open(path, layerlab_kernel::OpenFlags::READ, 0).ok()?;
    let head = cx.read(fd, 256);
    let _ = cx.close(fd);
    let head = head.ok()?;
    let line = String::from_utf8_lossy(head.split(|b| *b == b'\n').next()?).into_owned();
    line.strip_prefix("#!").map(|l| l.split_whitespace().next().unwrap_or("").to_owned())
}
