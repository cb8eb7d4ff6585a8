//! `enable`: puts builtins away and takes them back.
use layerlab_kernel::{Cx, sorted};

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "anps") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("enable", c, "enable [-a] [-dnps] [-f filename] [name ...]"),
    };
    let off = flags.contains(&'n');
    if args.is_empty() {
        let mut names: Vec<(&str, bool)> = super::ALL
            .iter()
            .filter(|b| b.name != crate::parse::SLURP && super::known(b, sh.dialect))
            .filter(|b| b.special || !flags.contains(&'s'))
            .map(|b| (b.name, !sh.disabled.contains(b.name)))
            .collect();
        sorted::sort(&mut names);
        let text: String = names
            .into_iter()
            .filter(|(_, on)| flags.contains(&'a') || *on != off)
            .map(|(n, on)| if on { format!("enable {n}\n") } else { format!("enable -n {n}\n") })
            .collect();
        sh.out(text);
        return 0.into();
    }
    let mut status = 0;
    for a in args {
        if super::find(a, sh.dialect).is_none() {
            sh.complain_as("enable", &format!("{a}: not a shell builtin"));
            status = 1;
        } else if off {
            sh.disabled.insert(a.clone());
        } else {
            sh.disabled.remove(a);
        }
    }
    status.into()
}
