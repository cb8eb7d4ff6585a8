//! `command`: no functions; `-v` and `-V` tell what a name is.
use layerlab_kernel::Cx;

use super::{Ran, type_};
use crate::eval::{Flow, Shell};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "pvV") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("command", c, "command [-pVv] command [arg ...]"),
    };
    if args.is_empty() {
        return 0.into();
    }
    if flags.contains(&'v') || flags.contains(&'V') {
        let mut status = if sh.dialect.is_bash() { 1 } else { 127 };
        // Dash and ash look at the first name only.
        for name in args.iter().take(if sh.dialect.is_bash() { args.len() } else { 1 }) {
            if type_::describe(sh, cx, name, flags.contains(&'V'), false, "command") {
                status = 0;
            } else if !sh.dialect.is_bash() {
                status = 127;
            }
        }
        return status.into();
    }
    let name = args.first().map_or("", String::as_str);
    match super::find(name, sh.dialect) {
        Some(b) => {
            let ran = (b.run)(sh, cx, args);
            // An error of a special builtin doesn't end the script here.
            if b.special && sh.control == Some(crate::eval::Control::Abort) {
                sh.control = None;
            }
            ran
        }
        None => {
            sh.simple_text = args.join(" ").into();
            match sh.run_program(args.to_vec(), Shell::no_redirs(), cx) {
                Flow::Go | Flow::Call(_) => {}
            }
            Ran::Quiet
        }
    }
}
