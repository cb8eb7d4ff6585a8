//! `caller`: where the running function was called.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let depth: usize = match argv.get(1).map(|a| a.parse()) {
        None => 0,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            let text = format!("{}: invalid number", argv.get(1).map_or("", String::as_str));
            sh.complain_as("caller", &text);
            return 2.into();
        }
    };
    let n = sh.functions.len();
    let Some(line) = n.checked_sub(1 + depth).and_then(|i| sh.call_lines.get(i)).copied() else { return 1.into() };
    let outer = n.checked_sub(2 + depth);
    let file = match outer.and_then(|i| sh.sources.get(i)) {
        Some(s) => s.to_string(),
        None if sh.from_c => "NULL".into(),
        None => sh.name.to_string(),
    };
    if argv.len() < 2 {
        sh.out(format!("{line} {file}\n"));
        return 0.into();
    }
    match outer.and_then(|i| sh.functions.get(i)).cloned() {
        Some(f) => sh.out(format!("{line} {f} {file}\n")),
        None if sh.from_c => return 1.into(),
        None => sh.out(format!("{line} main {file}\n")),
    }
    0.into()
}
