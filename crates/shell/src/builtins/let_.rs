//! `let`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    if argv.len() < 2 {
        sh.complain_as("let", "expression expected");
        return 1.into();
    }
    let mut last = 0;
    for e in argv.iter().skip(1) {
        match sh.eval_arith(e, cx) {
            Ok(n) => last = n,
            Err(m) => {
                sh.complain_as("let", &m);
                return 1.into();
            }
        }
    }
    i32::from(last == 0).into()
}
