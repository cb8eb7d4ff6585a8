//! `:`, `true`, `false`.
use super::Ran;
use crate::eval::Shell;
use layerlab_kernel::Cx;

pub(super) fn run_true(_: &mut Shell, _: &mut Cx<'_>, _: &[String]) -> Ran {
    0.into()
}
pub(super) fn run_false(_: &mut Shell, _: &mut Cx<'_>, _: &[String]) -> Ran {
    1.into()
}
