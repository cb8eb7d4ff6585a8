//! `trap`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::escape::{sh_quote, single_quote};
use crate::eval::{Shell, TrapName};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut args = argv.get(1..).unwrap_or(&[]);
    if args.first().is_some_and(|a| a == "--") {
        args = args.get(1..).unwrap_or(&[]);
    }
    if args.first().is_some_and(|a| a == "-l") {
        return super::kill::list(sh, &[]);
    }
    let listing = args.first().is_none_or(|a| a == "-p");
    if listing {
        let only: Vec<TrapName> = args.iter().skip(1).filter_map(|a| TrapName::parse(a)).collect();
        let sig = sh.dialect.is_bash();
        let text: String = sh
            .traps
            .list()
            .iter()
            .filter(|(n, _)| only.is_empty() || only.contains(n))
            .map(|(n, a)| {
                let quoted = if sig { single_quote(a) } else { sh_quote(a) };
                format!("trap -- {quoted} {}\n", n.text(sig))
            })
            .collect();
        sh.out(text);
        return 0.into();
    }
    // A number first, or one word only: these are reset.
    let first = args.first().map_or("", String::as_str);
    let reset = args.len() == 1 || first.parse::<u32>().is_ok();
    let (action, names) =
        if reset { (None, args) } else { (Some(first).filter(|a| *a != "-"), args.get(1..).unwrap_or(&[])) };
    let unknown = names.is_empty() || (args.len() == 1 && TrapName::parse(first).is_none());
    if unknown && sh.dialect.is_bash() {
        sh.err("trap: usage: trap [-lp] [[arg] signal_spec ...]\n");
        return 2.into();
    }
    let mut status = 0;
    for n in names {
        match TrapName::parse(n) {
            Some(name) => sh.set_trap(name, action, cx),
            None => {
                match sh.dialect {
                    Dialect::Bash => sh.complain_as("trap", &format!("{n}: invalid signal specification")),
                    Dialect::Dash => sh.err(format!("trap: {n}: bad trap\n")),
                    Dialect::Ash => sh.complain_as("trap", &format!("{n}: invalid signal specification")),
                }
                status = 1;
            }
        }
    }
    status.into()
}
