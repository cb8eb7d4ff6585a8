//! `dirs`, `pushd`, `popd`.
use layerlab_kernel::Cx;

use super::{Ran, cd};
use crate::eval::Shell;

fn stack(sh: &Shell) -> Vec<String> {
    std::iter::once(sh.vars.value("PWD").unwrap_or_default()).chain(sh.dirs.iter().cloned()).collect()
}

fn tilde(sh: &Shell, d: &str) -> String {
    match sh.vars.value("HOME") {
        Some(h) if d == h => "~".into(),
        Some(h) if h.len() > 1 && d.starts_with(&format!("{h}/")) => format!("~{}", d.get(h.len()..).unwrap_or("")),
        _ => d.to_owned(),
    }
}

fn show(sh: &mut Shell) {
    let line: Vec<String> = stack(sh).iter().map(|d| tilde(sh, d)).collect();
    sh.out(format!("{}\n", line.join(" ")));
}

pub(super) fn run_dirs(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    match argv.get(1).map(String::as_str) {
        Some("-c") => sh.dirs.clear(),
        Some("-p") => {
            let text: String = stack(sh).iter().map(|d| tilde(sh, d) + "\n").collect();
            sh.out(text);
        }
        Some("-v") => {
            let text: String =
                stack(sh).iter().enumerate().map(|(i, d)| format!("{i:>2}  {}\n", tilde(sh, d))).collect();
            sh.out(text);
        }
        Some("-l") => {
            let text = stack(sh).join(" ");
            sh.out(text + "\n");
        }
        Some(a) if a.starts_with(['+', '-']) && a.len() > 1 => {
            match index(sh, a).and_then(|i| stack(sh).get(i).cloned()) {
                Some(d) => {
                    let text = tilde(sh, &d);
                    sh.out(text + "\n");
                }
                None => {
                    let n = a.get(1..).unwrap_or("").to_owned();
                    sh.complain_as("dirs", &format!("{n}: directory stack index out of range"));
                    return 1.into();
                }
            }
        }
        _ => show(sh),
    }
    0.into()
}

fn index(sh: &Shell, arg: &str) -> Option<usize> {
    let len = sh.dirs.len() + 1;
    let (sign, n) = (arg.chars().next()?, arg.get(1..)?.parse::<usize>().ok()?);
    match sign {
        '+' if n < len => Some(n),
        '-' if n < len => Some(len - 1 - n),
        _ => None,
    }
}

/// The argument, and whether `-n` leaves the working directory as it is.
fn argument(argv: &[String]) -> (Option<&String>, bool) {
    let stays = argv.get(1).is_some_and(|a| a == "-n");
    (argv.iter().skip(1).find(|a| *a != "-n" && *a != "--"), stays)
}

pub(super) fn run_pushd(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (arg, stays) = argument(argv);
    if stays && let Some(d) = arg {
        sh.dirs.insert(0, d.clone());
        show(sh);
        return 0.into();
    }
    let pwd = sh.vars.value("PWD").unwrap_or_default();
    let target = match arg {
        None => {
            if sh.dirs.is_empty() {
                sh.complain_as("pushd", "no other directory");
                return 1.into();
            }
            sh.dirs.remove(0)
        }
        Some(a)
            if (a.starts_with('+') || a.starts_with('-'))
                && a.len() > 1
                && a.get(1..).is_some_and(|n| n.parse::<usize>().is_ok()) =>
        {
            let Some(i) = index(sh, a) else {
                sh.complain_as("pushd", &format!("{a}: directory stack index out of range"));
                return 1.into();
            };
            let mut all = stack(sh);
            all.rotate_left(i);
            let first = all.remove(0);
            if let Err(e) = cd::change(sh, cx, &first, false) {
                sh.complain_as("pushd", &format!("{first}: {e}"));
                return 1.into();
            }
            sh.dirs = all;
            show(sh);
            return 0.into();
        }
        Some(d) => d.clone(),
    };
    if let Err(e) = cd::change(sh, cx, &target, false) {
        sh.complain_as("pushd", &format!("{target}: {e}"));
        return 1.into();
    }
    sh.dirs.insert(0, pwd);
    show(sh);
    0.into()
}

pub(super) fn run_popd(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    if sh.dirs.is_empty() {
        sh.complain_as("popd", "directory stack empty");
        return 1.into();
    }
    let (arg, stays) = argument(argv);
    let i = match arg {
        None => usize::from(stays),
        Some(a) => match index(sh, a) {
            Some(i) => i,
            None => {
                sh.complain_as("popd", &format!("{a}: directory stack index out of range"));
                return 1.into();
            }
        },
    };
    if i > 0 {
        sh.dirs.remove(i - 1);
    } else {
        let target = sh.dirs.remove(0);
        if let Err(e) = cd::change(sh, cx, &target, false) {
            sh.complain_as("popd", &format!("{target}: {e}"));
            return 1.into();
        }
    }
    show(sh);
    0.into()
}
