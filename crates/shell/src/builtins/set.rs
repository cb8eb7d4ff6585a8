//! `set`.
use std::rc::Rc;

use layerlab_kernel::Cx;

use super::Ran;
use crate::escape::{quote_if_needed, sh_quote};
use crate::eval::{Opts, Shell, set_options};
use crate::vars::Value;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let args = argv.get(1..).unwrap_or(&[]);
    if args.is_empty() {
        show(sh);
        return 0.into();
    }
    match apply(sh, args) {
        Ok(Some(rest)) => {
            sh.params = Rc::new(rest.to_vec());
            0.into()
        }
        Ok(None) => 0.into(),
        Err(text) => {
            let text = if sh.dialect == crate::Dialect::Ash { text.replace("Illegal", "illegal") } else { text };
            sh.complain_as("set", &text);
            if sh.dialect.is_bash() {
                if text.ends_with("invalid option") {
                    sh.err("set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n");
                }
                return 2.into();
            }
            if sh.dialect == crate::Dialect::Ash && text.contains("-o ") {
                return 1.into();
            }
            sh.jump(crate::eval::Control::Abort);
            2.into()
        }
    }
}

/// Applies options; answers the operands, if there were any or `--`.
pub(crate) fn apply<'a>(sh: &mut Shell, args: &'a [String]) -> Result<Option<&'a [String]>, String> {
    let mut i = 0;
    while let Some(a) = args.get(i) {
        if a == "--" {
            return Ok(args.get(i + 1..));
        }
        if a == "-" {
            sh.opts.set("xtrace", false);
            sh.opts.set("verbose", false);
            return Ok(args.get(i + 1..).filter(|r| !r.is_empty()));
        }
        let on = a.starts_with('-');
        if !(on || a.starts_with('+')) || a.len() < 2 {
            return Ok(args.get(i..));
        }
        for c in a.chars().skip(1) {
            if c == 'o' {
                match args.get(i + 1) {
                    Some(name) => {
                        if !set_options(sh.dialect).iter().any(|(n, _)| n == name) || !sh.opts.set(name, on) {
                            return Err(if sh.dialect.is_bash() {
                                format!("{name}: invalid option name")
                            } else {
                                format!("Illegal option {}o {name}", if on { '-' } else { '+' })
                            });
                        }
                        i += 1;
                    }
                    None => options(sh, on),
                }
            } else {
                match Opts::by_letter(c, sh.dialect) {
                    Some(name) => {
                        sh.opts.set(name, on);
                    }
                    None => {
                        let sign = if on { '-' } else { '+' };
                        return Err(if sh.dialect.is_bash() {
                            format!("{sign}{c}: invalid option")
                        } else {
                            format!("Illegal option {sign}{c}")
                        });
                    }
                }
            }
        }
        i += 1;
    }
    Ok(None)
}

fn options(sh: &mut Shell, table: bool) {
    let mut text = String::new();
    if sh.is_dash() && table {
        text += "Current option settings\n";
    }
    for (n, _) in set_options(sh.dialect) {
        let on = sh.opts.has(n);
        text += &if table {
            let gap = if sh.dialect.is_bash() { "\t" } else { " " };
            format!("{n:<15}{gap}{}\n", if on { "on" } else { "off" })
        } else {
            format!("set {}o {n}\n", if on { '-' } else { '+' })
        };
    }
    sh.out(text);
}

/// Variables, and bash's functions.
pub(super) fn show(sh: &mut Shell) {
    let bash = sh.dialect.is_bash();
    let mut text = String::new();
    for (n, v) in sh.vars.iter() {
        match &v.value {
            Value::Unset => {}
            Value::Str(s) if bash => {
                text += &format!("{n}={}\n", if s.is_empty() { String::new() } else { quote_if_needed(s) });
            }
            Value::Str(s) => text += &format!("{n}={}\n", sh_quote(s)),
            _ => {
                let d = sh.declaration(n, true);
                text += &format!("{}\n", d.splitn(3, ' ').nth(2).unwrap_or(""));
            }
        }
    }
    if bash && !sh.opts.has("posix") {
        for (n, f) in sh.funcs.iter() {
            text += &(crate::print::function(n, f) + "\n");
        }
    }
    sh.out(text);
}
