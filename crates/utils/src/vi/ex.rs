//! Lines after `:` that change the text; files and leaving are the program's business.

use super::editor::Editor;

/// What a line asks for that the text alone cannot give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// All is done.
    Done,
    /// Write (to that file), then leave or not; `force`: with `!`.
    Write {
        name: Option<String>,
        quit: bool,
        force: bool,
        only_changed: bool,
    },
    Quit {
        force: bool,
    },
    Edit {
        name: Option<String>,
        force: bool,
    },
    /// Put a file's text behind the line.
    Read {
        name: String,
        row: usize,
    },
    /// A command of the shell.
    Shell(String),
}

/// A line's number from its address; what follows it.
fn address<'a>(e: &Editor, text: &'a str) -> Option<(usize, &'a str)> {
    let last = e.text.last();
    let (mut row, mut rest) = match text.chars().next()? {
        '.' => (e.text.at.0, &text[1..]),
        '$' => (last, &text[1..]),
        '\'' if text.starts_with("'<") || text.starts_with("'>") => {
            let (a, b) = (e.anchor.0.min(e.text.at.0), e.anchor.0.max(e.text.at.0));
            (if text.starts_with("'<") { a } else { b }, &text[2..])
        }
        '+' | '-' => (e.text.at.0, text),
        c if c.is_ascii_digit() => {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            (text[..end].parse::<usize>().ok()?.saturating_sub(1), &text[end..])
        }
        _ => return None,
    };
    while let Some(sign) = rest.chars().next().filter(|c| "+-".contains(*c)) {
        let digits = &rest[1..];
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let n: usize = if end == 0 { 1 } else { digits[..end].parse().ok()? };
        row = if sign == '+' { row + n } else { row.saturating_sub(n) };
        rest = &digits[end..];
    }
    Some((row.min(last), rest))
}

/// Carries a line out.
pub(super) fn run(e: &mut Editor, line: &str) -> Job {
    let line = line.trim();
    let (mut from, mut to, mut rest) = (None, None, line);
    if let Some(r) = line.strip_prefix('%') {
        (from, to, rest) = (Some(0), Some(e.text.last()), r);
    } else if let Some((a, r)) = address(e, line) {
        (from, to, rest) = (Some(a), Some(a), r);
        if let Some((b, r)) = r.strip_prefix(',').and_then(|r| address(e, r)) {
            (to, rest) = (Some(b), r);
        }
    }
    let here = e.text.at.0;
    let (a, b) = (from.unwrap_or(here), to.unwrap_or(here));
    let (a, b) = (a.min(b), a.max(b));
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (word, tail) = rest.split_at(end);
    let (force, arg) = tail.strip_prefix('!').map_or((false, tail), |t| (true, t));
    let name = Some(arg.trim().to_owned()).filter(|n| !n.is_empty());
    match word {
        "" if !rest.is_empty() && rest.starts_with('!') => return Job::Shell(rest[1..].to_owned()),
        "" => {
            if let Some(row) = to {
                e.text.at = (row, e.text.first_nonblank(row));
            }
        }
        "w" | "write" => return Job::Write { name, quit: false, force, only_changed: false },
        "wq" => return Job::Write { name, quit: true, force, only_changed: false },
        "x" | "xit" | "exit" => return Job::Write { name, quit: true, force, only_changed: true },
        "wa" | "wqa" | "xa" => return Job::Write { name, quit: word != "wa", force, only_changed: false },
        "q" | "quit" | "qa" | "qall" | "cq" => return Job::Quit { force },
        "e" | "edit" => return Job::Edit { name, force },
        "r" | "read" => {
            return match name {
                Some(name) => Job::Read { name, row: to.unwrap_or(here) },
                None => Job::Done,
            };
        }
        "d" | "delete" | "y" | "yank" => {
            e.text.at.0 = a;
            let keys = format!("{}{}{}", b - a + 1, &word[..1], &word[..1]);
            for k in keys.chars() {
                e.press(super::keys::Key::Char(k));
            }
        }
        "s" | "substitute" => substitute(e, a, b, tail),
        "g" | "global" | "v" => {
            let (a, b) = if from.is_none() { (0, e.text.last()) } else { (a, b) };
            global(e, a, b, arg, word == "v" || force);
        }
        "set" | "se" => match arg.trim() {
            "nu" | "number" => e.number = true,
            "nonu" | "nonumber" => e.number = false,
            _ => {}
        },
        "noh" | "nohlsearch" | "syntax" | "colorscheme" => {}
        "u" | "undo" => {
            e.press(super::keys::Key::Char('u'));
        }
        _ => e.message = format!("E492: Not an editor command: {line}"),
    }
    Job::Done
}

/// Parts between a delimiter that a backslash can hide.
fn split(text: &str) -> Option<Vec<String>> {
    let mut chars = text.chars();
    let mark = chars.next().filter(|c| !c.is_alphanumeric() && *c != '\\' && *c != '"')?;
    let (mut out, mut part) = (Vec::new(), String::new());
    while let Some(c) = chars.next() {
        if c == '\\' {
            match chars.next() {
                Some(n) if n == mark => part.push(n),
                Some(n) => part.extend(['\\', n]),
                None => part.push('\\'),
            }
        } else if c == mark && out.len() < 2 {
            out.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    out.push(part);
    Some(out)
}

fn substitute(e: &mut Editor, a: usize, b: usize, tail: &str) {
    let Some(parts) = split(tail) else { return };
    let get = |i: usize| parts.get(i).map_or("", String::as_str);
    let pattern = if get(0).is_empty() { e.pattern.clone() } else { get(0).to_owned() };
    let (with, flags) = (get(1).to_owned(), get(2).to_owned());
    let Ok(re) = super::pattern::pattern(&pattern, flags.contains('i')) else {
        e.message = format!("E486: Pattern not found: {pattern}");
        return;
    };
    e.pattern.clone_from(&pattern);
    let before = e.text.clone();
    let (mut hits, mut lines, mut row, mut end) = (0usize, 0usize, a, b.min(e.text.last()));
    let mut last = e.text.at.0;
    while row <= end {
        let line: String = e.text.lines.get(row).map_or_else(String::new, |l| l.iter().collect());
        let (mut out, mut from, mut any) = (String::new(), 0, false);
        while let Some(groups) = re.captures_at(&line, from) {
            let Some((s, t)) = groups.first().copied().flatten() else { break };
            out.push_str(&line[from..s]);
            let mut chars = with.chars();
            while let Some(c) = chars.next() {
                let group = |n: usize| groups.get(n).copied().flatten().map_or("", |(x, y)| &line[x..y]);
                match c {
                    '&' => out.push_str(group(0)),
                    '\\' => match chars.next() {
                        Some(d) if d.is_ascii_digit() => out.push_str(group(d as usize - '0' as usize)),
                        Some('n' | 'r') => out.push('\n'),
                        Some('t') => out.push('\t'),
                        Some(o) => out.push(o),
                        None => {}
                    },
                    c => out.push(c),
                }
            }
            (hits, any) = (hits + 1, true);
            let step = if t > s { 0 } else { line[t..].chars().next().map_or(1, char::len_utf8) };
            out.push_str(line.get(t..t + step).unwrap_or(""));
            from = t + step;
            if !flags.contains('g') || from > line.len() {
                break;
            }
        }
        if any {
            lines += 1;
            out.push_str(line.get(from..).unwrap_or(""));
            let new: Vec<Vec<char>> = out.split('\n').map(|l| l.chars().collect()).collect();
            let more = new.len() - 1;
            e.text.lines.splice(row..=row, new);
            (row, end) = (row + more, end + more);
            last = row;
        }
        row += 1;
    }
    if hits == 0 {
        e.message = format!("E486: Pattern not found: {pattern}");
        return;
    }
    let after = std::mem::replace(&mut e.text, before);
    e.keep();
    e.text = after;
    e.text.at = (last, e.text.first_nonblank(last));
    if hits > 2 {
        let s = if lines == 1 { "" } else { "s" };
        e.message = format!("{hits} substitutions on {lines} line{s}");
    }
}

fn global(e: &mut Editor, a: usize, b: usize, tail: &str, negated: bool) {
    let Some(parts) = split(tail) else { return };
    let Ok(re) = super::pattern::pattern(parts.first().map_or("", String::as_str), false) else { return };
    let action = parts[1..].join("/");
    let fits = |l: &Vec<char>| re.is_match(&l.iter().collect::<String>()) != negated;
    if action.trim() == "d" {
        let before = e.text.clone();
        let mut row = 0;
        e.text.lines.retain(|l| {
            row += 1;
            !(a < row && row <= b + 1 && fits(l))
        });
        e.text.clamp(false);
        let after = std::mem::replace(&mut e.text, before);
        e.keep();
        e.text = after;
    } else if let Some(rest) = action.trim().strip_prefix('s') {
        let rows: Vec<usize> = (a..=b.min(e.text.last())).filter(|r| e.text.lines.get(*r).is_some_and(fits)).collect();
        for r in rows {
            substitute(e, r, r, rest);
        }
    }
}
