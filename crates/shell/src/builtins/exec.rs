//! `exec`: redirections for good, or a program in the shell's place.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{ExecFrame, Frame, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut args = argv.get(1..).unwrap_or(&[]);
    let (mut name, mut clean, mut login) = (None, false, false);
    while let Some(a) = args.first() {
        match a.as_str() {
            "--" if !sh.is_dash() => {
                args = args.get(1..).unwrap_or(&[]);
                break;
            }
            "-a" if sh.dialect.is_bash() => {
                name = args.get(1).cloned();
                args = args.get(1..).unwrap_or(&[]);
            }
            "-c" if sh.dialect.is_bash() => clean = true,
            "-l" if sh.dialect.is_bash() => login = true,
            a if a.starts_with('-') && a.len() > 1 && !sh.is_dash() => {
                let c = a.chars().nth(1).unwrap_or('-');
                return sh.bad_option("exec", c, "exec [-cl] [-a name] [command [argument ...]] [redirection ...]");
            }
            _ => break,
        }
        args = args.get(1..).unwrap_or(&[]);
    }
    if args.is_empty() {
        return 0.into();
    }
    if login {
        name = Some(format!("-{}", name.or_else(|| args.first().cloned()).unwrap_or_default()));
    }
    sh.leave_level();
    let f = ExecFrame { argv: args.to_vec(), name, redirs: Shell::no_redirs(), clean, path: None, builtin: true };
    Ran::Then(Frame::Exec(Box::new(f)))
}
