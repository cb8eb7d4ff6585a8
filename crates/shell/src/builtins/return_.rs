//! `return`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let inside = !sh.functions.is_empty() || sh.dots > 0;
    sh.before_return = sh.status;
    sh.return_given = argv.len() > 1;
    if argv.len() > 2 && sh.dialect.is_bash() {
        sh.complain_as("return", "too many arguments");
        sh.jump(Control::Abort);
        return 1.into();
    }
    if let Some(code) = argv.get(1) {
        match code.trim().parse::<i64>() {
            Ok(n) => sh.status = (n & 0xff) as i32,
            Err(_) => {
                sh.complain_as(
                    "return",
                    &match sh.dialect {
                        Dialect::Bash => format!("{code}: numeric argument required"),
                        _ => format!("Illegal number: {code}"),
                    },
                );
                sh.status = 2;
            }
        }
    }
    if !inside && sh.dialect == Dialect::Bash {
        sh.complain_as("return", "can only `return' from a function or sourced script");
        return 2.into();
    }
    sh.jump(if inside { Control::Return } else { Control::Exit });
    Ran::Quiet
}
