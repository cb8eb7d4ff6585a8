//! `pwd`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, _) = match super::letters(argv, "LP") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("pwd", c, "pwd [-LP]"),
    };
    let physical = flags.last() == Some(&'P') || (sh.opts.has("physical") && flags.last() != Some(&'L'));
    let dir = match sh.vars.value("PWD").filter(|_| !physical) {
        Some(p) if p.starts_with('/') => Ok(p),
        _ => cx.getcwd(),
    };
    match dir {
        Ok(d) => {
            sh.out(format!("{d}\n"));
            0.into()
        }
        Err(e) => {
            sh.complain_as(
                "pwd",
                &format!("error retrieving current directory: getcwd: cannot access parent directories: {e}"),
            );
            1.into()
        }
    }
}
