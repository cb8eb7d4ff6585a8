//! `fc`: lists command lines, runs one again (`-s`), or lets an editor change some that are then run.
use layerlab_kernel::Cx;

use super::Ran;
use crate::eval::{Shell, SourceKind};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let (mut list, mut bare, mut reverse, mut again) = (false, false, false, false);
    let mut editor = "${FCEDIT:-${EDITOR:-vi}}";
    let mut args: Vec<&str> = Vec::new();
    let mut it = argv.iter().skip(1).map(String::as_str);
    while let Some(a) = it.next() {
        let cluster = a.strip_prefix('-').unwrap_or("");
        if cluster == "e" {
            editor = it.next().unwrap_or(editor);
        } else if !cluster.is_empty() && cluster.chars().all(|c| "lnrs".contains(c)) {
            list |= cluster.contains('l');
            bare |= cluster.contains('n');
            reverse |= cluster.contains('r');
            again |= cluster.contains('s');
        } else {
            args.push(a);
        }
    }
    again |= editor == "-";
    let len = sh.history.len();
    // The line of `fc` itself is not among those that are looked at.
    let last = if sh.interactive { len.saturating_sub(1) } else { len };
    let place = |sh: &Shell, a: &str| match a.parse::<i64>() {
        Ok(n) if n > 0 => usize::try_from(n - 1).ok().filter(|i| *i < len),
        Ok(n) => i64::try_from(last).ok().and_then(|l| usize::try_from(l + n).ok()),
        Err(_) => sh.history.iter().take(last).rposition(|l| l.starts_with(a)),
    };
    if again {
        let (change, rest): (Vec<&str>, Vec<&str>) = args.iter().partition(|a| a.contains('='));
        let at = rest.first().map_or_else(|| last.checked_sub(1), |a| place(sh, a));
        let Some(mut line) = at.and_then(|i| sh.history.get(i)).cloned() else {
            sh.complain_as("fc", "no command found");
            return 1.into();
        };
        if let Some((old, new)) = change.first().and_then(|c| c.split_once('=')) {
            line = line.replacen(old, new, 1);
        }
        sh.err(format!("{line}\n"));
        sh.push_source(SourceKind::Eval, &line, 1);
        return Ran::Quiet;
    }
    let from = match args.first() {
        Some(a) => place(sh, a),
        None if list => Some(last.saturating_sub(16)),
        None => last.checked_sub(1),
    };
    let to = match args.get(1) {
        Some(a) => place(sh, a),
        None if list => last.checked_sub(1),
        None => from,
    };
    let (Some(from), Some(to)) = (from, to) else {
        if last == 0 {
            return 0.into();
        }
        sh.complain_as("fc", "history specification out of range");
        return 1.into();
    };
    let (low, high) = (from.min(to), from.max(to));
    if !list {
        let text: String = sh.history.iter().skip(low).take(high - low + 1).map(|l| format!("{l}\n")).collect();
        let path = format!("/tmp/bash-fc.{}", cx.pid());
        sh.write_file(&path, &text, cx);
        sh.push_source(SourceKind::Eval, &format!("{editor} {path} && cat {path} >&2 && . {path}; rm -f {path}"), 1);
        return Ran::Quiet;
    }
    let mut lines: Vec<String> = sh
        .history
        .iter()
        .enumerate()
        .skip(low)
        .take(high - low + 1)
        .map(|(i, l)| if bare { format!("\t {l}\n") } else { format!("{}\t {l}\n", i + 1) })
        .collect();
    if reverse != (from > to) {
        lines.reverse();
    }
    sh.out(lines.concat());
    0.into()
}
