//! `local`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, Shell};
use crate::parse::valid_name;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    if !sh.vars.in_function() {
        let text = if sh.dialect.is_bash() { "can only be used in a function" } else { "not in a function" };
        sh.complain_as("local", text);
        if sh.dialect != Dialect::Bash {
            sh.jump(Control::Abort);
            return 2.into();
        }
        return 1.into();
    }
    if sh.dialect.is_bash() {
        if argv.len() == 1 {
            for n in sh.vars.locals() {
                let line = sh.declaration(&n, true);
                sh.out(line + "\n");
            }
            return 0.into();
        }
        if argv.iter().any(|a| a == "-") {
            sh.keep_options();
            let rest: Vec<String> = argv.iter().filter(|a| *a != "-").cloned().collect();
            return if rest.len() > 1 { super::declare::declare(sh, cx, &rest, true) } else { 0.into() };
        }
        return super::declare::declare(sh, cx, argv, true);
    }
    for word in argv.iter().skip(1) {
        if word == "-" {
            sh.keep_options();
            continue;
        }
        let (name, value, _) = Shell::split_assignment(word);
        if !valid_name(name) {
            sh.not_identifier("local", word);
            return 2.into();
        }
        // Dash keeps the outer value until another is given.
        sh.vars.make_local(name, sh.dialect == Dialect::Dash);
        if let Some(v) = value
            && !sh.assign_scalar(name, v, false)
        {
            return 2.into();
        }
    }
    0.into()
}
