//! `cd`.
use layerlab_kernel::{Cx, Errno};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, "LPe@") {
        Ok(x) => x,
        Err(c) => return sh.bad_option("cd", c, "cd [-L|[-P [-e]] [-@]] [dir]"),
    };
    if args.len() > 1 && sh.dialect == Dialect::Bash {
        sh.complain_as("cd", "too many arguments");
        return 1.into();
    }
    let physical = flags.iter().rev().find(|c| matches!(c, 'L' | 'P')) == Some(&'P') || sh.opts.has("physical");
    let (target, mut show) = match args.first().map(String::as_str) {
        None => match sh.vars.value("HOME") {
            Some(h) => (h, false),
            None => {
                if sh.dialect.is_bash() {
                    sh.complain_as("cd", "HOME not set");
                }
                return (if sh.dialect.is_bash() { 1 } else { 0 }).into();
            }
        },
        Some("-") => match sh.vars.value("OLDPWD") {
            Some(o) => (o, true),
            None => {
                if sh.dialect.is_bash() {
                    sh.complain_as("cd", "OLDPWD not set");
                }
                return (if sh.dialect.is_bash() { 1 } else { 0 }).into();
            }
        },
        Some(d) => (d.to_owned(), false),
    };
    if !target.starts_with('/')
        && !matches!(target.split('/').next(), Some("." | ".."))
        && let Some(paths) = sh.vars.value("CDPATH")
    {
        for p in paths.split(':') {
            let full = if p.is_empty() { target.clone() } else { format!("{}/{target}", p.trim_end_matches('/')) };
            if change(sh, cx, &full, physical).is_ok() {
                show |= !p.is_empty();
                if show {
                    let pwd = sh.vars.value("PWD").unwrap_or_default();
                    sh.out(format!("{pwd}\n"));
                }
                return 0.into();
            }
        }
    }
    match change(sh, cx, &target, physical) {
        Ok(()) => {
            if show {
                let pwd = sh.vars.value("PWD").unwrap_or_default();
                sh.out(format!("{pwd}\n"));
            }
            0.into()
        }
        Err(e) => {
            match sh.dialect {
                Dialect::Bash => sh.complain_as("cd", &format!("{target}: {e}")),
                Dialect::Dash => sh.complain_as("cd", &format!("can't cd to {target}")),
                Dialect::Ash => sh.complain_as("cd", &format!("can't cd to {target}: {e}")),
            }
            (if sh.dialect.is_bash() { 1 } else { 2 }).into()
        }
    }
}

/// Changes the directory, and PWD and OLDPWD with it.
pub(super) fn change(sh: &mut Shell, cx: &mut Cx<'_>, target: &str, physical: bool) -> Result<(), Errno> {
    if target.is_empty() {
        return Ok(());
    }
    let old = sh.vars.value("PWD").unwrap_or_default();
    let logical = if target.starts_with('/') { target.to_owned() } else { format!("{old}/{target}") };
    let logical = normalise(&logical);
    let new = if physical || !old.starts_with('/') {
        cx.chdir(target)?;
        cx.getcwd()?
    } else {
        match cx.chdir(&logical) {
            Ok(()) => logical,
            Err(e) => {
                // Where the logical path leads nowhere, the kernel's own view counts.
                if cx.chdir(target).is_err() {
                    return Err(e);
                }
                cx.getcwd()?
            }
        }
    };
    sh.vars.put("OLDPWD", &old);
    sh.vars.put("PWD", &new);
    let exported = sh.vars.get("PWD").is_some_and(|v| v.export);
    if exported || sh.dialect.is_bash() {
        sh.vars.entry("OLDPWD").export = true;
    }
    Ok(())
}

/// Without `.`, `..` and double slashes within.
pub(super) fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for p in path.split('/') {
        match p {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            p => parts.push(p),
        }
    }
    // Two slashes at the start may mean something else: they stay.
    let two = path.starts_with("//") && !path.starts_with("///");
    format!("{}{}", if two { "//" } else { "/" }, parts.join("/"))
}
