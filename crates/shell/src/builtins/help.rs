//! `help`: names the builtins.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    match argv.get(1) {
        None => {
            let names: Vec<&str> = super::names(sh.dialect).collect();
            sh.out(format!("These shell commands are defined internally:\n{}\n", names.join(" ")));
            0.into()
        }
        Some(n) if super::find(n, sh.dialect).is_some() => {
            sh.out(format!("{n}: a shell builtin; see the manual page bash(1)\n"));
            0.into()
        }
        Some(n) => {
            sh.complain_as(
                "help",
                &format!("no help topics match `{n}'.  Try `help help' or `man -k {n}' or `info {n}'."),
            );
            1.into()
        }
    }
}
