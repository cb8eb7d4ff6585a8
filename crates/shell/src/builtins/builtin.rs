//! `builtin`: a builtin, whatever function has its name.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let rest = argv.get(1..).unwrap_or(&[]);
    let Some(name) = rest.first() else { return 0.into() };
    match super::find(name, sh.dialect) {
        Some(b) => (b.run)(sh, cx, rest),
        None => {
            sh.complain_as("builtin", &format!("{name}: not a shell builtin"));
            1.into()
        }
    }
}
