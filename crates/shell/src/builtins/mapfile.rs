//! `mapfile` and `readarray`: lines into an array. Reads through a frame of `read`.
use std::rc::Rc;

use layerlab_kernel::{Cx, Errno};

use super::Ran;
use crate::eval::Shell;
use crate::vars::Value;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (mut trim, mut skip, mut count, mut fd, mut delim) = (false, 0_usize, usize::MAX, 0, b'\n');
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
            'O' | 'C' | 'c' => {}
            c => return sh.bad_option(
                "mapfile",
                c,
                "mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]",
            ),
        }
    }
    let name = argv.get(i).cloned().unwrap_or_else(|| "MAPFILE".into());
    let mut all = Vec::new();
    loop {
        match cx.read(fd, 1 << 16) {
            Ok(b) if b.is_empty() => break,
            Ok(b) => all.extend_from_slice(&b),
            // A pipe whose writer isn't done: what there is must do.
            Err(Errno::EAGAIN) => break,
            Err(e) => {
                sh.complain_as("mapfile", &format!("read error: {fd}: {e}"));
                return 1.into();
            }
        }
    }
    let mut map = std::collections::BTreeMap::new();
    for (n, line) in all.split_inclusive(|b| *b == delim).skip(skip).take(count).enumerate() {
        let mut text = String::from_utf8_lossy(line).into_owned();
        if trim && text.as_bytes().last() == Some(&delim) {
            text.pop();
        }
        map.insert(n as i64, text);
    }
    sh.vars.entry(&name).value = Value::Array(Rc::new(map));
    0.into()
}
