//! `eval`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{Shell, SourceKind};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let args = argv.get(1..).unwrap_or(&[]);
    let args = if args.first().is_some_and(|a| a == "--") { args.get(1..).unwrap_or(&[]) } else { args };
    let text = args.join(" ");
    if text.trim().is_empty() {
        return 0.into();
    }
    let line = sh.line.max(1);
    sh.push_source(SourceKind::Eval, &text, line);
    Ran::Quiet
}
