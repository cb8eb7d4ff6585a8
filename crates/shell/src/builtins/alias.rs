//! `alias` and `unalias`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let bash = sh.dialect.is_bash();
    let show = |n: &str, v: &str| {
        if bash {
            format!("alias {n}={}\n", crate::escape::single_quote(v))
        } else {
            format!("{n}={}\n", crate::escape::sh_quote(v))
        }
    };
    let args: Vec<&String> = argv.iter().skip(1).filter(|a| !bash || *a != "-p").collect();
    if args.is_empty() {
        let text: String = sh.aliases.iter().map(|(n, v)| show(n, v)).collect();
        sh.out(text);
        return 0.into();
    }
    let mut status = 0;
    for a in args {
        match a.split_once('=').filter(|(n, _)| !n.is_empty()) {
            Some((n, _)) if bash && n.contains(|c: char| "/$`\\'\"|&;()<>=".contains(c) || c.is_whitespace()) => {
                sh.complain_as("alias", &format!("`{n}': invalid alias name"));
                status = 1;
            }
            Some((n, v)) => {
                Rc::make_mut(&mut sh.aliases).insert(n.to_owned(), v.to_owned());
            }
            None => match sh.aliases.get(a).cloned() {
                Some(v) => sh.out(show(a, &v)),
                None => {
                    if bash {
                        sh.complain_as("alias", &format!("{a}: not found"));
                    } else {
                        sh.err(format!("alias: {a} not found\n"));
                    }
                    status = 1;
                }
            },
        }
    }
    status.into()
}

pub(super) fn run_unalias(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut status = 0;
    for a in argv.iter().skip(1) {
        if a == "-a" {
            sh.aliases = Rc::default();
        } else if Rc::make_mut(&mut sh.aliases).remove(a).is_none() {
            if sh.dialect.is_bash() {
                sh.complain_as("unalias", &format!("{a}: not found"));
            } else {
                sh.err(format!("unalias: {a} not found\n"));
            }
            status = 1;
        }
    }
    status.into()
}
