//! `type`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;

pub(super) const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
    "function", "time", "{", "}", "!", "[[", "]]", "coproc",
];

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match (sh.dialect, argv.get(1)) {
        (Dialect::Bash, _) => match super::letters(argv, "afptP") {
            Ok(x) => x,
            Err(c) => return sh.bad_option("type", c, "type [-afptP] name [name ...]"),
        },
        // Ash's only option makes it short; dash has none.
        (Dialect::Ash, Some(a)) if a.starts_with('-') => (vec!['v'], argv.get(2..).unwrap_or(&[])),
        _ => (Vec::new(), argv.get(1..).unwrap_or(&[])),
    };
    let mut status = 0;
    for name in args {
        let found = if flags.contains(&'t') {
            match kind(sh, cx, name, flags.contains(&'f')) {
                Some((k, _)) => {
                    sh.out(format!("{k}\n"));
                    true
                }
                None => false,
            }
        } else if flags.contains(&'p') || flags.contains(&'P') {
            match (kind(sh, cx, name, true), sh.find_command(cx, name)) {
                (k, Ok(Some(p))) if flags.contains(&'P') || k.as_ref().is_some_and(|(k, _)| *k == "file") => {
                    sh.out(format!("{p}\n"));
                    true
                }
                (Some(_), _) => true,
                _ => false,
            }
        } else {
            let known = describe(sh, cx, name, !flags.contains(&'v'), flags.contains(&'f'), "type");
            if known && flags.contains(&'a') {
                everywhere(sh, cx, name);
            }
            known
        };
        if !found {
            status = if sh.dialect.is_bash() { 1 } else { 127 };
        }
    }
    status.into()
}

fn kind(sh: &Shell, cx: &mut Cx<'_>, name: &str, no_functions: bool) -> Option<(&'static str, String)> {
    if let Some(v) = sh.aliases.get(name).filter(|_| sh.parse_context().aliases.is_some()) {
        return Some(("alias", v.clone()));
    }
    if KEYWORDS.contains(&name)
        && (sh.dialect.is_bash() || !matches!(name, "[[" | "]]" | "time" | "function" | "select" | "coproc"))
    {
        return Some(("keyword", String::new()));
    }
    if !no_functions && sh.funcs.contains_key(name) {
        return Some(("function", String::new()));
    }
    if super::find(name, sh.dialect).is_some() && !sh.disabled.contains(name) {
        return Some(("builtin", String::new()));
    }
    match sh.find_command(cx, name) {
        Ok(Some(p)) if !name.contains('/') || cx.access(&p, false, false, true).is_ok() => Some(("file", p)),
        _ => None,
    }
}

/// Prints what a name is, at length or briefly; false if it is nothing.
pub(super) fn describe(sh: &mut Shell, cx: &mut Cx<'_>, name: &str, long: bool, files: bool, who: &str) -> bool {
    let Some((kind, detail)) = kind(sh, cx, name, files) else {
        if long {
            if sh.dialect.is_bash() {
                sh.complain_as(who, &format!("{name}: not found"));
            } else {
                sh.out(format!("{name}: not found\n"));
            }
        }
        return false;
    };
    let bash = sh.dialect == Dialect::Bash;
    let text = match (kind, long) {
        ("alias", true) if bash => format!("{name} is aliased to `{detail}'"),
        ("alias", true) => format!("{name} is an alias for {detail}"),
        ("alias", false) => format!("alias {name}={}", crate::escape::single_quote(&detail)),
        ("file", true) if bash && sh.hashed.contains_key(name) => format!("{name} is hashed ({detail})"),
        ("file", true) => format!("{name} is {detail}"),
        ("file", false) => detail,
        (_, false) => name.to_owned(),
        ("keyword", true) => format!("{name} is a shell keyword"),
        ("function", true) if bash => {
            let body = sh.funcs.get(name).map(|f| crate::print::function(name, f)).unwrap_or_default();
            format!("{name} is a function\n{body}")
        }
        ("function", true) if sh.dialect == Dialect::Ash => format!("{name} is a function"),
        ("function", true) => format!("{name} is a shell function"),
        ("builtin", true) if !bash && super::find(name, sh.dialect).is_some_and(|b| b.special) => {
            format!("{name} is a special shell builtin")
        }
        _ => format!("{name} is a shell builtin"),
    };
    sh.out(text + "\n");
    true
}

/// `type -a`: the files of this name, after what comes first.
fn everywhere(sh: &mut Shell, cx: &mut Cx<'_>, name: &str) {
    let first_is_file = matches!(kind(sh, cx, name, false), Some(("file", _)));
    let mut lines = String::new();
    if matches!(kind(sh, cx, name, false), Some(("function" | "alias", _))) && super::find(name, sh.dialect).is_some() {
        lines += &format!("{name} is a shell builtin\n");
    }
    let path = sh.vars.value("PATH").unwrap_or_default();
    let files: Vec<String> = path
        .split(':')
        .map(|d| format!("{}/{name}", if d.is_empty() { "." } else { d.trim_end_matches('/') }))
        .filter(|f| {
            cx.stat(f).is_ok_and(|s| s.file_type == layerlab_kernel::FileType::File)
                && cx.access(f, false, false, true).is_ok()
        })
        .collect();
    for f in files.iter().skip(usize::from(first_is_file)) {
        lines += &format!("{name} is {f}\n");
    }
    sh.out(lines);
}
