//! `mapfile` and `readarray`: lines into an array.
use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, Fd, Ret, Syscall};

use super::Ran;
use crate::eval::{Flow, Frame, Shell};
use crate::vars::Value;

/// More than this is not kept: the machine's memory is bounded.
const LIMIT: usize = 32 << 20;

/// Lines being read.
#[derive(Clone, Debug, Hash)]
pub struct MapfileFrame {
    fd: Fd,
    name: String,
    delim: u8,
    trim: bool,
    skip: usize,
    count: usize,
    origin: Option<i64>,
    /// What is called after so many lines.
    callback: Option<String>,
    quantum: usize,
    bytes: Vec<u8>,
    asked: bool,
}

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (mut trim, mut skip, mut count, mut fd, mut delim) = (false, 0_usize, usize::MAX, 0, b'\n');
    let mut origin = None;
    let (mut callback, mut quantum) = (None, 5000);
    let mut i = 1;
    while let Some(a) = argv.get(i).filter(|a| a.starts_with('-') && a.len() > 1) {
        let flag = a.chars().nth(1).unwrap_or('-');
        if flag == 't' {
            trim = true;
            i += 1;
            continue;
        }
        let value = if a.len() > 2 {
            a.get(2..).unwrap_or("").to_owned()
        } else {
            i += 1;
            argv.get(i).cloned().unwrap_or_default()
        };
        i += 1;
        match flag {
            's' => skip = value.parse().unwrap_or(0),
            'n' => count = value.parse().ok().filter(|n| *n > 0).unwrap_or(usize::MAX),
            'u' => fd = value.parse().unwrap_or(0),
            'd' => delim = value.bytes().next().unwrap_or(0),
            'O' => origin = Some(value.parse().unwrap_or(0)),
            'C' => callback = Some(value),
            'c' => quantum = value.parse().ok().filter(|n| *n > 0).unwrap_or(1),
            c => return sh.bad_option(
                "mapfile",
                c,
                "mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
            ),
        }
    }
    let name = argv.get(i).cloned().unwrap_or_else(|| "MAPFILE".into());
    if !crate::parse::valid_name(&name) {
        sh.complain_as("mapfile", &format!("`{name}': not a valid identifier"));
        return 1.into();
    }
    let f =
        MapfileFrame { fd, name, delim, trim, skip, count, origin, callback, quantum, bytes: Vec::new(), asked: false };
    Ran::Then(Frame::Mapfile(Box::new(f)))
}

impl Shell {
    pub(crate) fn step_mapfile(&mut self, mut f: Box<MapfileFrame>) -> Flow {
        if f.asked {
            match self.ret.take() {
                Some(Ok(Ret::Bytes(b))) if !b.is_empty() && f.bytes.len() < LIMIT => f.bytes.extend_from_slice(&b),
                Some(Err(Errno::EINTR)) => {}
                Some(Err(e)) => {
                    let fd = f.fd;
                    self.complain_as("mapfile", &format!("read error: {fd}: {e}"));
                    self.status = 1;
                    return Flow::Go;
                }
                _ => {
                    self.fill(&f);
                    return Flow::Go;
                }
            }
        }
        f.asked = true;
        let fd = f.fd;
        self.frames.push(Frame::Mapfile(f));
        Flow::Call(Syscall::Read { fd, len: 1 << 16 })
    }

    fn fill(&mut self, f: &MapfileFrame) {
        let old = match (f.origin, self.vars.get(&f.name).map(|v| &v.value)) {
            (Some(_), Some(Value::Array(a))) => (**a).clone(),
            _ => layerlab_kernel::sorted::SortedMap::new(),
        };
        let mut map = old;
        let first = f.origin.unwrap_or(0);
        let mut calls = Vec::new();
        for (n, line) in f.bytes.split_inclusive(|b| *b == f.delim).skip(f.skip).take(f.count).enumerate() {
            let line = if f.trim { line.strip_suffix(&[f.delim]).unwrap_or(line) } else { line };
            let text = String::from_utf8_lossy(line).into_owned();
            let at = first + n as i64;
            if let Some(c) = f.callback.as_ref().filter(|_| (n + 1) % f.quantum == 0) {
                calls.push(format!("{c} {at} {}", crate::escape::single_quote(&text)));
            }
            map.insert(at, text);
        }
        self.vars.entry(&f.name).value = Value::Array(Rc::new(map));
        self.status = 0;
        for call in calls.iter().rev() {
            self.push_source(crate::eval::SourceKind::Eval, call, self.line);
        }
    }
}
