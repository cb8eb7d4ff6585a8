//! `suspend`.
use layerlab_kernel::{Cx, Signal};

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let force = argv.get(1).is_some_and(|a| a == "-f");
    if !force && !sh.monitor() {
        sh.complain_as("suspend", "cannot suspend: no job control");
        return 1.into();
    }
    if !force && sh.login {
        sh.complain_as("suspend", "cannot suspend a login shell");
        return 1.into();
    }
    sh.give_turn = true;
    i32::from(cx.kill(cx.pid() as i32, Some(Signal::STOP)).is_err()).into()
}
