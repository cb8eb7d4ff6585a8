//! What `$(< file)` does: standard input goes to standard output.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, _: &[String]) -> Ran {
    loop {
        match cx.read(0, 1 << 16) {
            Ok(b) if b.is_empty() => return 0.into(),
            Ok(b) => sh.out(&*b),
            Err(_) => return 1.into(),
        }
    }
}
