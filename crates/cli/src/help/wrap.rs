//! The flag list of a help text, wrapped as pflag's `FlagUsagesWrapped` does.

use crate::tree::Flag;

/// The lines of the flags, wrapped to `cols` columns.
pub fn flag_usages<'a>(flags: impl Iterator<Item = &'a Flag>, cols: usize, home: &str) -> String {
    let lines: Vec<(String, String)> = flags.map(|f| (head(f), text(f, home))).collect();
    let widest = lines.iter().map(|(h, _)| h.len() + 1).max().unwrap_or(0);
    let mut out = String::new();
    for (head, text) in &lines {
        let pad = widest - head.len();
        out.push_str(head);
        out.push_str(&" ".repeat(pad + 2));
        out.push_str(&wrap(widest + 2, cols, text));
        out.push('\n');
    }
    out
}

fn head(f: &Flag) -> String {
    let mut s = match f.short {
        Some(c) => format!("  -{c}, --{}", f.name),
        None => format!("      --{}", f.name),
    };
    if !f.is_bool() {
        s.push(' ');
        s.push_str(f.kind);
    }
    s
}

fn text(f: &Flag, home: &str) -> String {
    if f.default.is_empty() {
        return f.usage.to_string();
    }
    format!("{} (default {})", f.usage, f.default.replace('~', home))
}

/// The last blank before byte `i` decides where a line ends; `slop` columns more are allowed if the
/// rest then fits.
fn wrap_n(i: usize, slop: usize, s: &str) -> (String, String) {
    if i + slop > s.len() {
        return (s.to_owned(), String::new());
    }
    let head = s.as_bytes().get(..i).unwrap_or(s.as_bytes());
    let blank = head.iter().rposition(|b| matches!(b, b' ' | b'\t' | b'\n'));
    let Some(w) = blank.filter(|w| *w > 0) else { return (s.to_owned(), String::new()) };
    let newline = head.iter().rposition(|b| *b == b'\n').filter(|n| *n > 0 && *n < w);
    let at = newline.unwrap_or(w);
    (s.get(..at).unwrap_or("").to_owned(), s.get(at + 1..).unwrap_or("").to_owned())
}

fn wrap(mut indent: usize, width: usize, s: &str) -> String {
    let block = |i: usize| format!("\n{}", " ".repeat(i));
    if width == 0 {
        return s.replace('\n', &block(indent));
    }
    let mut room = width.saturating_sub(indent);
    let mut out = String::new();
    if room < 24 {
        indent = 16;
        room = width.saturating_sub(indent);
        out.push_str(&block(indent));
    }
    if room < 24 {
        return s.replace('\n', &out);
    }
    let slop = 5;
    let room = room - slop;
    let (line, mut rest) = wrap_n(room, slop, s);
    out.push_str(&line.replace('\n', &block(indent)));
    while !rest.is_empty() {
        let (line, r) = wrap_n(room, slop, &rest);
        rest = r;
        out.push_str(&block(indent));
        out.push_str(&line.replace('\n', &block(indent)));
    }
    out
}
