//! `shift`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let n = match argv.get(1).map(|t| (t, t.trim().parse::<i64>())) {
        None => 1,
        Some((_, Ok(n))) if n >= 0 => n,
        Some((t, r)) => {
            let text = match (sh.dialect, r) {
                (Dialect::Bash, Ok(_)) => format!("{t}: shift count out of range"),
                (Dialect::Bash, Err(_)) => format!("{t}: numeric argument required"),
                _ => format!("Illegal number: {t}"),
            };
            sh.complain_as("shift", &text);
            if !sh.dialect.is_bash() {
                sh.jump(Control::Abort);
                return 2.into();
            }
            return 1.into();
        }
    };
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    if n > sh.params.len() {
        if sh.dialect == Dialect::Dash {
            sh.complain_as("shift", "can't shift that many");
            sh.jump(Control::Abort);
            return 2.into();
        }
        return 1.into();
    }
    Rc::make_mut(&mut sh.params).drain(..n);
    0.into()
}
