//! `break` and `continue`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::{Control, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let name = argv.first().map_or("break", String::as_str);
    let n = match argv.get(1) {
        None => 1,
        Some(t) => match t.parse::<i64>() {
            Ok(n) if n > 0 => u32::try_from(n).unwrap_or(u32::MAX),
            Ok(_) if sh.dialect == Dialect::Bash => {
                sh.complain_as(name, &format!("{t}: loop count out of range"));
                sh.jump(Control::Break(sh.loops.max(1)));
                return 1.into();
            }
            _ => {
                sh.complain_as(
                    name,
                    &match sh.dialect {
                        Dialect::Bash => format!("{t}: numeric argument required"),
                        _ => format!("Illegal number: {t}"),
                    },
                );
                sh.jump(Control::Abort);
                return (if sh.dialect.is_bash() { 128 } else { 2 }).into();
            }
        },
    };
    if sh.loops == 0 {
        if sh.dialect.is_bash() {
            sh.complain_as(name, "only meaningful in a `for', `while', or `until' loop");
        }
        return 0.into();
    }
    let n = n.min(sh.loops);
    sh.status = 0;
    sh.jump(if name == "break" { Control::Break(n) } else { Control::Continue(n) });
    0.into()
}
