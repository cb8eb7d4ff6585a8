//! `shopt`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{SET_OPTIONS, SHOPT_OPTIONS, Shell};

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "supqo") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("shopt", c, "shopt [-pqsu] [-o] [optname ...]"),
    };
    let has = |c| flags.contains(&c);
    let names: Vec<&str> =
        if has('o') { SET_OPTIONS.iter().map(|(n, _)| *n).collect() } else { SHOPT_OPTIONS.to_vec() };
    if args.is_empty() {
        for n in names {
            let on = sh.opts.has(n);
            if has('s') && !on || has('u') && on {
                continue;
            }
            let line = line(n, on, has('p'), has('o'));
            sh.out(line);
        }
        return 0.into();
    }
    let mut status = 0;
    for a in args {
        if !names.contains(&a.as_str()) {
            sh.complain_as("shopt", &format!("{a}: invalid shell option name"));
            status = 1;
            continue;
        }
        if has('s') || has('u') {
            sh.opts.set(a, has('s'));
            continue;
        }
        let on = sh.opts.has(a);
        if !has('q') {
            let line = line(a, on, has('p'), has('o'));
            sh.out(line);
        }
        if !on {
            status = 1;
        }
    }
    status.into()
}

fn line(n: &str, on: bool, commands: bool, set: bool) -> String {
    match (commands, set) {
        (true, true) => format!("set {}o {n}\n", if on { '-' } else { '+' }),
        (true, false) => format!("shopt -{} {n}\n", if on { 's' } else { 'u' }),
        _ => format!("{n:<15}\t{}\n", if on { "on" } else { "off" }),
    }
}
