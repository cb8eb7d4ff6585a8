//! `getopts`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;
use crate::parse::valid_name;

pub(super) fn run(sh: &mut Shell, _: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (Some(spec), Some(name)) = (argv.get(1), argv.get(2)) else {
        match sh.dialect {
            Dialect::Bash => sh.err("getopts: usage: getopts optstring name [arg ...]\n"),
            Dialect::Dash => sh.complain_as("getopts", "Usage: getopts optstring var [arg...]"),
            Dialect::Ash => sh.complain_as("getopts", "usage: getopts optstring var [arg]"),
        }
        return 2.into();
    };
    if !valid_name(name) {
        sh.not_identifier("getopts", name);
        return 1.into();
    }
    let args: Vec<String> = if argv.len() > 3 { argv.iter().skip(3).cloned().collect() } else { sh.params.to_vec() };
    // Dash and ash count themselves, in each function anew; assigning to the variable tells them.
    let mut index = match sh.dialect {
        Dialect::Bash => {
            sh.vars.value("OPTIND").and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).clamp(1, args.len() + 1)
        }
        _ => sh.getopts_index,
    };
    let mut at = sh.getopts_at;
    let off = !sh.is_dash() && sh.vars.value("OPTERR").as_deref() == Some("0");
    // Ash's OPTERR=0 is as a leading colon.
    let silent = spec.starts_with(':') || (off && sh.dialect == Dialect::Ash);
    let quiet = silent || off;
    let done = |sh: &mut Shell, index: usize| {
        sh.vars.put("OPTIND", &index.to_string());
        (sh.getopts_at, sh.getopts_index) = (0, index);
        sh.assign_scalar(name, "?", false);
        if !sh.is_dash() {
            sh.vars.remove("OPTARG");
        }
        Ran::Status(1)
    };
    let Some(word) = args.get(index - 1) else { return done(sh, index) };
    if at == 0 {
        if word == "--" {
            return done(sh, index + 1);
        }
        if !word.starts_with('-') || word == "-" {
            return done(sh, index);
        }
        at = 1;
    }
    let Some(c) = word.get(at..).and_then(|w| w.chars().next()) else { return done(sh, index + 1) };
    at += c.len_utf8();
    let rest = word.get(at..).unwrap_or("").to_owned();
    let place = spec.find(c).filter(|_| c != ':');
    let wants = place.is_some_and(|p| spec.get(p + c.len_utf8()..).is_some_and(|r| r.starts_with(':')));
    let mut value = None;
    let mut letter = c.to_string();
    let prefix = sh.name.to_string();
    if place.is_none() {
        letter = "?".into();
        if silent {
            value = Some(c.to_string());
        }
        if !quiet {
            let text = if sh.dialect.is_bash() {
                format!("{prefix}: illegal option -- {c}\n")
            } else {
                format!("Illegal option -{c}\n")
            };
            sh.err(text);
        }
    }
    if wants {
        if rest.is_empty() {
            index += 1;
            match args.get(index - 1) {
                Some(v) => {
                    value = Some(v.clone());
                    index += 1;
                }
                None => {
                    if silent {
                        letter = ":".into();
                        value = Some(c.to_string());
                    } else {
                        letter = "?".into();
                        if !quiet {
                            let text = if sh.dialect.is_bash() {
                                format!("{prefix}: option requires an argument -- {c}\n")
                            } else {
                                format!("No arg for -{c} option\n")
                            };
                            sh.err(text);
                        }
                    }
                }
            }
        } else {
            value = Some(rest);
            index += 1;
        }
        at = 0;
    } else if rest.is_empty() {
        index += 1;
        at = 0;
    }
    let shown = if at > 0 && !sh.dialect.is_bash() { index + 1 } else { index };
    sh.vars.put("OPTIND", &shown.to_string());
    (sh.getopts_at, sh.getopts_index) = (at, index);
    match value {
        Some(v) => sh.vars.put("OPTARG", &v),
        None if place.is_some() && !wants && !sh.dialect.is_bash() => sh.vars.put("OPTARG", ""),
        None => sh.vars.remove("OPTARG"),
    }
    sh.assign_scalar(name, &letter, false);
    0.into()
}
