//! `echo`: bash's takes options, dash's always reads backslashes.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::escape::{Flavour, expand};
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut newline = true;
    let mut escapes = sh.dialect == Dialect::Dash || sh.opts.has("xpg_echo");
    let mut args = argv.get(1..).unwrap_or(&[]);
    while let Some(a) = args.first() {
        let Some(cluster) = a.strip_prefix('-').filter(|c| !c.is_empty()) else { break };
        let allowed = if sh.dialect == Dialect::Dash { "n" } else { "neE" };
        if !cluster.chars().all(|c| allowed.contains(c)) || (sh.dialect == Dialect::Dash && cluster != "n") {
            break;
        }
        for c in cluster.chars() {
            match c {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        args = args.get(1..).unwrap_or(&[]);
    }
    let text = args.join(" ");
    let mut out = if escapes {
        let (bytes, stopped) = expand(&text, Flavour::Echo, sh.dialect);
        newline &= !stopped;
        bytes
    } else {
        text.into_bytes()
    };
    if newline {
        out.push(b'\n');
    }
    sh.out(out);
    0.into()
}
