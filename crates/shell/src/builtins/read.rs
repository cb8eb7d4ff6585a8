//! `read`.
use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, Fd, PollFd, Ret, SimTime, Syscall, Whence};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Flow, Frame, Shell};
use crate::parse::valid_name;

/// A line being read, byte by byte so that what follows stays for others.
#[derive(Clone, Debug, Hash)]
pub struct ReadFrame {
    fd: Fd,
    raw: bool,
    delimiter: u8,
    count: Option<usize>,
    exact: bool,
    array: bool,
    names: Vec<String>,
    /// Bytes with whether a backslash was before them.
    text: Vec<(u8, bool)>,
    escaped: bool,
    deadline: Option<SimTime>,
    /// `-t 0`: only whether there is something to read.
    look: bool,
    asked: Asked,
    echo_off: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Asked {
    Nothing,
    Read(bool),
    Poll,
}

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut f = ReadFrame::line("REPLY");
    f.names.clear();
    let (mut i, mut prompt) = (1, None);
    while let Some(a) = argv.get(i) {
        if a == "--" {
            i += 1;
            break;
        }
        let Some(cluster) = a.strip_prefix('-').filter(|c| !c.is_empty()) else { break };
        i += 1;
        for (at, c) in cluster.char_indices() {
            let flag_only = matches!(c, 'r' | 's' | 'e');
            if flag_only {
                f.raw |= c == 'r';
                f.echo_off |= c == 's';
                continue;
            }
            let known = if sh.dialect == Dialect::Dash { "p" } else { "padintuN" };
            if !known.contains(c) {
                return sh.bad_option("read", c, "read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]");
            }
            let rest = cluster.get(at + 1..).unwrap_or("");
            let value = if rest.is_empty() {
                i += 1;
                argv.get(i - 1).cloned().unwrap_or_default()
            } else {
                rest.to_owned()
            };
            match c {
                'p' => prompt = Some(value),
                'a' => {
                    f.array = true;
                    f.names = vec![value];
                }
                'd' => f.delimiter = value.bytes().next().unwrap_or(0),
                'n' | 'N' => {
                    f.exact = c == 'N';
                    match value.parse() {
                        Ok(n) => f.count = Some(n),
                        Err(_) => {
                            sh.complain_as("read", &format!("{value}: invalid number"));
                            return 1.into();
                        }
                    }
                }
                't' => match timeout(&value, sh.dialect) {
                    Some(time) => (f.deadline, f.look) = (Some(cx.now() + time), time == SimTime(0)),
                    None if sh.dialect == Dialect::Ash => {
                        sh.complain_as("read", "invalid timeout");
                        return 2.into();
                    }
                    None => {
                        sh.complain_as("read", &format!("{value}: invalid timeout specification"));
                        return 1.into();
                    }
                },
                'u' => f.fd = value.parse().unwrap_or(-1),
                _ => {}
            }
            break;
        }
    }
    if !f.array {
        f.names = argv.get(i..).unwrap_or(&[]).to_vec();
    }
    if let Some(bad) = f.names.iter().find(|n| !valid_name(n.split('[').next().unwrap_or(n))).cloned() {
        match sh.dialect {
            Dialect::Bash => sh.complain_as("read", &format!("`{bad}': not a valid identifier")),
            Dialect::Dash => sh.complain_as("read", &format!("{bad}: bad variable name")),
            Dialect::Ash => sh.err(format!("{}: read: '{bad}': bad variable name\n", sh.name)),
        }
        return (if sh.is_dash() { 2 } else { 1 }).into();
    }
    if f.names.is_empty() && sh.dialect == Dialect::Dash {
        sh.complain_as("read", "arg count");
        return 2.into();
    }
    if let Some(p) = prompt
        && cx.tc_get_attr(f.fd).is_ok()
    {
        sh.err(p);
    }
    if let Err(e) = cx.fstat(f.fd) {
        let fd = f.fd;
        sh.complain_as(
            "read",
            &if fd == 0 { format!("read error: {fd}: {e}") } else { format!("{fd}: invalid file descriptor: {e}") },
        );
        return 1.into();
    }
    if let Ok(mut t) = cx.tc_get_attr(f.fd)
        && (f.echo_off || f.count.is_some() || f.delimiter != b'\n')
    {
        t.echo = !f.echo_off;
        t.canonical = f.count.is_none() && f.delimiter == b'\n';
        let _ = cx.tc_set_attr(f.fd, t);
        f.echo_off = true;
    }
    Ran::Then(Frame::Read(Box::new(f)))
}

impl ReadFrame {
    /// A line from standard input into a variable, as it is.
    pub(crate) fn line(name: &str) -> Self {
        Self {
            fd: 0,
            raw: false,
            delimiter: b'\n',
            count: None,
            exact: false,
            array: false,
            names: vec![name.to_owned()],
            text: Vec::new(),
            escaped: false,
            deadline: None,
            look: false,
            asked: Asked::Nothing,
            echo_off: false,
        }
    }
}

impl Shell {
    pub(crate) fn step_read(&mut self, mut f: Box<ReadFrame>, cx: &mut Cx<'_>) -> Flow {
        match std::mem::replace(&mut f.asked, Asked::Nothing) {
            Asked::Nothing => {}
            Asked::Poll => {
                let ready = matches!(self.ret.take(), Some(Ok(Ret::Ready(r))) if !r.is_empty());
                if f.look {
                    self.status = i32::from(!ready);
                    return Flow::Go;
                }
                if !ready {
                    self.end_read(*f, 142, cx);
                    return Flow::Go;
                }
                return self.ask(f, cx);
            }
            Asked::Read(seekable) => match self.ret.take() {
                Some(Ok(Ret::Bytes(b))) if !b.is_empty() => {
                    let mut used = 0;
                    let mut done = false;
                    for &c in b.iter() {
                        used += 1;
                        if self.take_byte(&mut f, c) {
                            done = true;
                            break;
                        }
                    }
                    if seekable && used < b.len() {
                        let _ = cx.lseek(f.fd, used as i64 - b.len() as i64, Whence::Current);
                    }
                    if done {
                        self.end_read(*f, 0, cx);
                        return Flow::Go;
                    }
                }
                Some(Err(Errno::EINTR)) => {
                    if self.has_trap_pending() && !self.dialect.is_bash() {
                        self.status = 130;
                        return Flow::Go;
                    }
                }
                Some(Err(e)) => {
                    let fd = f.fd;
                    self.complain_as("read", &format!("read error: {fd}: {e}"));
                    self.end_read(*f, 1, cx);
                    return Flow::Go;
                }
                _ => {
                    self.end_read(*f, 1, cx);
                    return Flow::Go;
                }
            },
        }
        if f.count == Some(0) {
            self.end_read(*f, 0, cx);
            return Flow::Go;
        }
        if let Some(deadline) = f.deadline {
            let timeout = Some(deadline - cx.now());
            f.asked = Asked::Poll;
            let fds = vec![PollFd { fd: f.fd, read: true, write: false }];
            self.frames.push(Frame::Read(f));
            return Flow::Call(Syscall::Poll { fds, timeout });
        }
        self.ask(f, cx)
    }

    fn ask(&mut self, mut f: Box<ReadFrame>, cx: &mut Cx<'_>) -> Flow {
        let fd = f.fd;
        let seekable = cx.lseek(fd, 0, Whence::Current).is_ok();
        f.asked = Asked::Read(seekable);
        self.frames.push(Frame::Read(f));
        Flow::Call(Syscall::Read { fd, len: if seekable { 512 } else { 1 } })
    }

    /// Takes a byte; true when the line is done.
    fn take_byte(&mut self, f: &mut ReadFrame, c: u8) -> bool {
        if f.escaped {
            f.escaped = false;
            if c != b'\n' {
                f.text.push((c, true));
            }
        } else if c == b'\\' && !f.raw {
            f.escaped = true;
        } else if c == f.delimiter && !f.exact {
            return true;
        } else if c != 0 {
            f.text.push((c, false));
        }
        f.count.is_some_and(|n| f.text.iter().filter(|(b, _)| b & 0xc0 != 0x80).count() >= n && !incomplete(&f.text))
    }

    fn end_read(&mut self, f: ReadFrame, status: i32, cx: &mut Cx<'_>) {
        self.builtin = Some("read");
        self.assign_read(f, status, cx);
        self.builtin = None;
    }

    fn assign_read(&mut self, f: ReadFrame, status: i32, cx: &mut Cx<'_>) {
        if f.echo_off
            && let Ok(mut t) = cx.tc_get_attr(f.fd)
        {
            (t.echo, t.canonical) = (true, true);
            let _ = cx.tc_set_attr(f.fd, t);
        }
        self.status = status;
        let ifs = self.ifs();
        let all =
            |t: &[(u8, bool)]| String::from_utf8_lossy(&t.iter().map(|(b, _)| *b).collect::<Vec<u8>>()).into_owned();
        if f.names.is_empty() || f.exact {
            let name = f.names.first().map_or("REPLY", String::as_str);
            if !self.assign_scalar(name, &all(&f.text), false) {
                self.status = 1;
            }
            for rest in f.names.iter().skip(1) {
                self.assign_scalar(rest, "", false);
            }
            return;
        }
        let space = |b: &(u8, bool)| !b.1 && ifs.contains(char::from(b.0)) && matches!(b.0, b' ' | b'\t' | b'\n');
        let sep = |b: &(u8, bool)| !b.1 && b.0 < 128 && ifs.contains(char::from(b.0));
        let mut rest: &[(u8, bool)] = &f.text;
        let mut words: Vec<String> = Vec::new();
        let trim_start = |mut t: &[(u8, bool)]| -> usize {
            let mut n = 0;
            while t.first().is_some_and(space) {
                t = t.get(1..).unwrap_or(&[]);
                n += 1;
            }
            n
        };
        rest = rest.get(trim_start(rest)..).unwrap_or(&[]);
        let many = if f.array { usize::MAX } else { f.names.len() };
        while !rest.is_empty() {
            if words.len() + 1 == many {
                // The last name gets the rest, without white space at its end and without one last separator.
                let mut t = rest;
                while t.last().is_some_and(space) {
                    t = t.get(..t.len() - 1).unwrap_or(&[]);
                }
                if t.last().is_some_and(|b| sep(b) && !space(b)) && t.iter().filter(|b| sep(b)).count() == 1 {
                    t = t.get(..t.len() - 1).unwrap_or(&[]);
                    while t.last().is_some_and(space) {
                        t = t.get(..t.len() - 1).unwrap_or(&[]);
                    }
                }
                words.push(all(t));
                break;
            }
            let end = rest.iter().position(sep).unwrap_or(rest.len());
            words.push(all(rest.get(..end).unwrap_or(&[])));
            rest = rest.get(end..).unwrap_or(&[]);
            rest = rest.get(trim_start(rest)..).unwrap_or(&[]);
            if rest.first().is_some_and(|b| sep(b) && !space(b)) {
                rest = rest.get(1..).unwrap_or(&[]);
                rest = rest.get(trim_start(rest)..).unwrap_or(&[]);
            }
        }
        if f.array {
            let name = f.names.first().cloned().unwrap_or_default();
            let map = words.into_iter().enumerate().map(|(i, w)| (i as i64, w)).collect();
            self.vars.entry(&name).value = crate::vars::Value::Array(Rc::new(map));
            return;
        }
        let mut it = words.into_iter();
        for n in &f.names {
            let v = it.next().unwrap_or_default();
            let (name, index) = match n.split_once('[').and_then(|(n, k)| k.strip_suffix(']').map(|k| (n, k))) {
                Some((n, k)) => (n.to_owned(), Some(k.to_owned())),
                None => (n.clone(), None),
            };
            if !self.assign(&crate::eval::Slot { name, index }, &v, false, cx) {
                self.status = if self.dialect.is_bash() { 1 } else { 2 };
                return;
            }
        }
    }

    fn has_trap_pending(&self) -> bool {
        !self.arrived.is_empty()
    }
}

/// Whether the last character's bytes are not all here.
fn incomplete(text: &[(u8, bool)]) -> bool {
    let tail: Vec<u8> = text.iter().rev().take(4).map(|(b, _)| *b).collect::<Vec<_>>().into_iter().rev().collect();
    std::str::from_utf8(&tail).is_err_and(|e| e.error_len().is_none())
}

/// `1.5`, in seconds; bash counts microseconds.
fn timeout(text: &str, dialect: Dialect) -> Option<SimTime> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if (dialect == Dialect::Ash && whole.is_empty()) || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let number =
        |digits: &str| digits.bytes().fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
    let seconds = number(whole);
    if dialect == Dialect::Ash && seconds > i32::MAX as u64 {
        return None;
    }
    let micros = number(format!("{part:0<6}").get(..6)?);
    Some(SimTime(seconds.saturating_mul(1_000_000_000).saturating_add(micros * 1_000)))
}
