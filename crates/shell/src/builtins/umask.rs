//! `umask`.
use layerlab_kernel::Cx;

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (flags, args) = match super::letters(argv, if sh.dialect.is_bash() { "Sp" } else { "S" }) {
        Ok(x) => x,
        Err(c) => return sh.bad_option("umask", c, "umask [-p] [-S] [mode]"),
    };
    let old = cx.umask(0).unwrap_or(0o022);
    let _ = cx.umask(old);
    let Some(mode) = args.first() else {
        let text = if flags.contains(&'S') { symbols(old) } else { format!("{old:04o}\n") };
        let text = match (flags.contains(&'p'), flags.contains(&'S')) {
            (true, symbols) => format!("umask {}{text}", if symbols { "-S " } else { "" }),
            _ => text,
        };
        sh.out(text);
        return 0.into();
    };
    let new = if mode.bytes().all(|b| b.is_ascii_digit()) {
        u32::from_str_radix(mode, 8).ok().filter(|m| *m <= 0o7777)
    } else {
        symbolic(mode, old)
    };
    match new {
        Some(m) => {
            let _ = cx.umask(m & 0o777);
            if sh.dialect.is_bash() && flags.contains(&'S') {
                sh.out(symbols(m));
            }
            0.into()
        }
        None => {
            match sh.dialect {
                Dialect::Bash if mode.starts_with(|c: char| c.is_ascii_digit()) => {
                    sh.complain_as("umask", &format!("{mode}: octal number out of range"));
                }
                Dialect::Bash => sh.complain_as(
                    "umask",
                    &format!("`{}': invalid symbolic mode character", mode.chars().next().unwrap_or(' ')),
                ),
                Dialect::Dash => sh.complain_as("umask", &format!("Illegal number: {mode}")),
                Dialect::Ash => sh.complain_as("umask", &format!("illegal mode: {mode}")),
            }
            (if sh.dialect.is_bash() { 1 } else { 2 }).into()
        }
    }
}

/// `u=rwx,g=rx,o=`.
fn symbols(mask: u32) -> String {
    let p = |s: u32| {
        let b = !mask >> s & 7;
        [(4, 'r'), (2, 'w'), (1, 'x')].iter().filter(|(m, _)| b & m != 0).map(|(_, c)| *c).collect::<String>()
    };
    format!("u={},g={},o={}\n", p(6), p(3), p(0))
}

fn symbolic(mode: &str, old: u32) -> Option<u32> {
    let mut allowed = !old & 0o777;
    for clause in mode.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let who = clause.get(..at)?;
        let op = clause.get(at..=at)?;
        let mut bits = 0;
        for c in clause.get(at + 1..)?.chars() {
            bits |= match c {
                'r' => 4,
                'w' => 2,
                'x' => 1,
                _ => return None,
            };
        }
        for (c, s) in [('u', 6), ('g', 3), ('o', 0)] {
            if who.is_empty() || who.contains(c) || who.contains('a') {
                match op {
                    "+" => allowed |= bits << s,
                    "-" => allowed &= !(bits << s),
                    _ => allowed = allowed & !(7 << s) | bits << s,
                }
            }
        }
    }
    Some(!allowed & 0o777)
}
