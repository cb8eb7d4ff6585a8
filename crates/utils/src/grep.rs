//! `grep`: lines that fit a pattern.

use std::collections::VecDeque;

use layerlab_kernel::FileType;

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, Stop, path};
use crate::regex::{Kind, Pattern, compile};

const SPEC: Spec = Spec::new(
    "[OPTION]... PATTERNS [FILE]...",
    "Search for PATTERNS in each FILE.",
    "E|extended-regexp F|fixed-strings G|basic-regexp P|perl-regexp e|regexp= f|file= i|ignore-case|y no-ignore-case w|word-regexp \
     x|line-regexp s|no-messages v|invert-match m|max-count= b|byte-offset n|line-number line-buffered H|with-filename h|no-filename label= \
     o|only-matching q|quiet|silent binary-files= a|text I d|directories= D r|recursive R|dereference-recursive include= exclude= \
     exclude-dir= l|files-with-matches L|files-without-match c|count T|initial-tab Z|null A|after-context= B|before-context= C|context= color|colour? z|null-data U|binary u",
)
.fails(2)
.version("GNU grep) 3.11 (simulated");

#[allow(clippy::struct_excessive_bools, reason = "they are options")]
struct Options {
    patterns: Vec<Pattern>,
    invert: bool,
    word: bool,
    line: bool,
    number: bool,
    names: bool,
    only: bool,
    quiet: bool,
    count: bool,
    with: bool,
    without: bool,
    silent: bool,
    text: bool,
    before: usize,
    after: usize,
    context: bool,
    max: Option<u64>,
    color: bool,
    offset: bool,
    delimiter: u8,
    null: bool,
    /// `-T`: text begins at a tab stop.
    tab: bool,
    skip_binary: bool,
    label: String,
}

impl Options {
    /// The parts of a line that fit, none overlapping.
    fn hits(&self, line: &str) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut at = 0;
        while at <= line.len() {
            let found =
                self.patterns.iter().filter_map(|p| self.next(p, line, at)).min_by_key(|(s, e)| (*s, usize::MAX - e));
            let Some((s, e)) = found else { break };
            out.push((s, e));
            at = if e > s { e } else { e + line[e..].chars().next().map_or(1, char::len_utf8) };
        }
        out
    }

    /// A line beside those that were looked for: with -v its matches are in colour.
    fn around(&self, line: String) -> String {
        if self.color && self.invert { painted(&line, &self.hits(&line)) } else { line }
    }

    fn next(&self, p: &Pattern, line: &str, from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        loop {
            let (start, end) = p.find_at(line, at)?;
            let whole = !self.line || start == 0 && end == line.len();
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let word = !self.word || !part(line[..start].chars().next_back()) && !part(line[end..].chars().next());
            if whole && word {
                return Some((start, end));
            }
            if self.word && whole {
                // As GNU: a shorter match at the same place may end where a word does.
                let mut to = end;
                while to > start {
                    let cut = to - line[..to].chars().next_back().map_or(1, char::len_utf8);
                    let Some((s, e)) = p.find_at(&line[..cut], start).filter(|f| f.0 == start) else { break };
                    if !part(line[..s].chars().next_back()) && !part(line[e..].chars().next()) && e > s {
                        return Some((s, e));
                    }
                    to = e;
                }
            }
            at = start + line[start..].chars().next().map_or(1, char::len_utf8);
            if at > line.len() {
                return None;
            }
        }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let default = match c.name.as_str() {
        "egrep" => Kind::Extended,
        "fgrep" => Kind::Fixed,
        _ => Kind::Basic,
    };
    for a in &mut c.args {
        // `-5` is `-C 5`.
        if a.len() > 1 && a.starts_with('-') && a[1..].bytes().all(|b| b.is_ascii_digit()) {
            *a = format!("-C{}", &a[1..]);
        }
    }
    let p = c.parse(&SPEC).await?;
    let kind = match p.last_of(&["E", "F", "G", "P"]) {
        Some("E") => Kind::Extended,
        Some("F") => Kind::Fixed,
        Some("G") => Kind::Basic,
        Some(_) => Kind::Perl,
        None => default,
    };
    let mut files = p.operands.clone();
    let mut texts = p.values("e");
    for f in p.values("f") {
        match c.slurp(&f).await {
            Ok(b) => texts.extend(String::from_utf8_lossy(&b).lines().map(str::to_owned)),
            Err(e) => return c.die(2, format!("{f}: {e}")).await,
        }
    }
    if !p.has("e") && !p.has("f") {
        if files.is_empty() {
            c.sys.eprint("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n").await;
            return Err(Stop::Code(2));
        }
        texts.push(files.remove(0));
    }
    let mut patterns = Vec::new();
    for t in texts.iter().flat_map(|t| t.split('\n')) {
        let t = if p.has("x") && kind != Kind::Fixed { anchored(t, kind) } else { t.to_owned() };
        let made = match compile(&t, kind, p.has("i")) {
            // In extended expressions a brace that begins no interval is itself.
            Err(e) if kind == Kind::Extended && e.contains(['{', '}']) => {
                compile(&plain_braces(&t), kind, p.has("i")).map_err(|_| e)
            }
            made => made,
        };
        match made {
            Ok(r) => patterns.push(r),
            Err(e) if e.starts_with("Unmatched [") => return c.die(2, "Invalid regular expression").await,
            Err(e) => return c.die(2, e).await,
        }
    }
    let tty = c.sys.is_atty(1).await;
    let number = |name: &str| p.value(name).map(str::parse::<usize>);
    for (name, what) in [("A", "context"), ("B", "context"), ("C", "context"), ("m", "max")] {
        if let Some(Err(_)) = number(name) {
            let v = p.value(name).unwrap_or("");
            let text = if what == "max" {
                "invalid max count".to_owned()
            } else {
                format!("{v}: invalid context length argument")
            };
            return c.die(2, text).await;
        }
    }
    let get = |name: &str| number(name).and_then(Result::ok);
    let recursive = p.has("r") || p.has("R");
    let color = match (p.has("color"), p.value("color")) {
        (false, _) | (_, Some("never" | "no" | "none")) => false,
        (_, Some("auto" | "tty" | "if-tty") | None) => tty,
        _ => true,
    };
    let folder = match files.first() {
        None => true,
        Some(f) => c.sys.stat(f).await.is_ok_and(|s| s.file_type == FileType::Dir),
    };
    let binary_files = p.value("binary-files").unwrap_or("binary").to_owned();
    let o = Options {
        patterns,
        invert: p.has("v"),
        word: p.has("w"),
        line: p.has("x"),
        number: p.has("n"),
        names: match p.last_of(&["H", "h"]) {
            Some("H") => true,
            Some(_) => false,
            None => files.len() > 1 || recursive && folder,
        },
        only: p.has("o"),
        quiet: p.has("q"),
        count: p.has("c"),
        with: !p.has("q") && p.last_of(&["l", "L"]) == Some("l"),
        without: !p.has("q") && p.last_of(&["l", "L"]) == Some("L"),
        silent: p.has("s"),
        text: p.has("a") || binary_files == "text",
        before: get("B").or(get("C")).unwrap_or(0),
        after: get("A").or(get("C")).unwrap_or(0),
        context: p.has("A") || p.has("B") || p.has("C"),
        max: get("m").map(|m| m as u64),
        color,
        offset: p.has("b"),
        delimiter: if p.has("z") { 0 } else { b'\n' },
        null: p.has("Z"),
        tab: p.has("T"),
        skip_binary: p.has("I") || binary_files == "without-match",
        label: p.value("label").unwrap_or("(standard input)").to_owned(),
    };
    let implicit = files.is_empty();
    if implicit {
        files.push(if recursive { "." } else { "-" }.to_owned());
    }
    let (includes, excludes, dirs) = (p.values("include"), p.values("exclude"), p.values("exclude-dir"));
    let (mut found, mut failed) = (false, false);
    let mut todo: Vec<(String, bool)> = files.into_iter().rev().map(|f| (f, true)).collect();
    let mut groups = 0u64;
    while let Some((file, top)) = todo.pop() {
        let is_dir = file != "-" && c.sys.stat(&file).await.is_ok_and(|s| s.file_type == FileType::Dir);
        if is_dir {
            if !recursive {
                if p.value("d") != Some("skip") {
                    failed = true;
                    if !o.silent {
                        c.warn(format!("{file}: Is a directory")).await;
                    }
                    // What cannot be read has no lines.
                    if o.count && !o.quiet && !o.with && !o.without {
                        let lead =
                            if o.names { format!("{file}{}", if o.null { '\0' } else { ':' }) } else { String::new() };
                        c.put(format!("{lead}0\n")).await?;
                    }
                    if o.without {
                        c.put(format!("{file}{}", if o.null { '\0' } else { '\n' })).await?;
                    }
                }
                continue;
            }
            let names = c.sys.read_dir(&file).await.unwrap_or_default();
            for n in names.into_iter().rev() {
                let path = if top && implicit { n.name.clone() } else { path::join(&file, &n.name) };
                let hidden = n.file_type == FileType::Dir && dirs.iter().any(|d| crate::glob::matches(d, &n.name));
                // What is no file would be waited for (-D).
                let odd = matches!(n.file_type, FileType::Fifo | FileType::Socket | FileType::Char | FileType::Block);
                let link = odd || n.file_type == FileType::Symlink && !p.has("R");
                if !hidden && !link {
                    todo.push((path, false));
                }
            }
            continue;
        }
        let base = path::base(&file);
        let skipped = excludes.iter().any(|e| crate::glob::matches(e, base))
            || !includes.is_empty() && !includes.iter().any(|i| crate::glob::matches(i, base));
        if skipped && file != "-" {
            continue;
        }
        match search(c, &file, &o, &mut groups).await? {
            Ok(hit) => found |= hit,
            Err(e) => {
                failed = true;
                if !o.silent {
                    c.warn(format!("{file}: {e}")).await;
                }
            }
        }
        if found && o.quiet {
            return Ok(());
        }
    }
    c.code = if failed { 2 } else { i32::from(!found) };
    Ok(())
}

fn anchored(t: &str, kind: Kind) -> String {
    if kind == Kind::Basic { format!("^\\({t}\\)$") } else { format!("^({t})$") }
}

fn separator(o: &Options, sign: char) -> String {
    if o.color { format!("\x1b[36m\x1b[K{sign}\x1b[m\x1b[K") } else { sign.to_string() }
}

fn lead(o: &Options, file: &str, number: u64, offset: u64, sign: char, text: &str) -> String {
    let mut t = String::new();
    let [number, offset] = [number, offset].map(|n| if o.tab { format!("{n:2}") } else { n.to_string() });
    if o.names {
        let name = if file == "-" { &o.label } else { file };
        t.push_str(&if o.color { format!("\x1b[35m\x1b[K{name}\x1b[m\x1b[K") } else { name.to_owned() });
        t.push_str(&if o.null { "\0".to_owned() } else { separator(o, sign) });
    }
    if o.number {
        t.push_str(&if o.color { format!("\x1b[32m\x1b[K{number}\x1b[m\x1b[K") } else { number });
        t.push_str(&separator(o, sign));
    }
    if o.offset {
        t.push_str(&if o.color { format!("\x1b[32m\x1b[K{offset}\x1b[m\x1b[K") } else { offset });
        t.push_str(&separator(o, sign));
    }
    if o.tab && !t.is_empty() && !text.is_empty() {
        t.push('\t');
    }
    t
}

fn painted(line: &str, hits: &[(usize, usize)]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (s, e) in hits.iter().filter(|(s, e)| s < e) {
        out.push_str(&format!("{}\x1b[01;31m\x1b[K{}\x1b[m\x1b[K", &line[at..*s], &line[*s..*e]));
        at = *e;
    }
    out.push_str(&line[at..]);
    out
}

async fn search(c: &mut Cli, file: &str, o: &Options, groups: &mut u64) -> Run<Result<bool, layerlab_kernel::Errno>> {
    let mut input = match Input::open(&c.sys, file).await {
        Ok(i) => i,
        Err(e) => return Ok(Err(e)),
    };
    let (mut number, mut count, mut last, mut left) = (0u64, 0u64, 0u64, 0usize);
    let mut before: VecDeque<(u64, u64, String)> = VecDeque::new();
    let mut binary = false;
    let mut next = 0u64;
    let end = char::from(o.delimiter);
    let shows = !(o.quiet || o.count || o.with || o.without);
    loop {
        if o.max.is_some_and(|m| count >= m) && left == 0 {
            break;
        }
        if input.dry(o.delimiter) {
            c.flush().await?;
        }
        let raw = match input.line(o.delimiter).await {
            Ok(Some(l)) => l,
            Ok(None) => break,
            Err(e) => return Ok(Err(e)),
        };
        number += 1;
        let at = next;
        next += raw.len() as u64;
        let raw = raw.strip_suffix(&[o.delimiter]).unwrap_or(&raw);
        binary |= !o.text && (o.delimiter != 0 && raw.contains(&0) || std::str::from_utf8(raw).is_err());
        let line = String::from_utf8_lossy(raw).into_owned();
        let hits = o.hits(&line);
        let hit = hits.is_empty() == o.invert && o.max.is_none_or(|m| count < m);
        if hit {
            count += 1;
            if o.quiet || o.with || o.without {
                break;
            }
            if binary && o.skip_binary {
                count = 0;
                break;
            }
            if binary && shows {
                let name = if file == "-" { &o.label } else { file };
                c.put(format!("{}: {name}: binary file matches\n", c.name.clone())).await?;
                break;
            }
        }
        if !shows {
            continue;
        }
        if hit {
            let gap = last != 0 && number - last > before.len() as u64 + 1 || last == 0 && *groups > 0;
            if o.context && gap {
                let line = if o.color { "\x1b[36m\x1b[K--\x1b[m\x1b[K\n" } else { "--\n" };
                c.put(line).await?;
            }
            *groups += 1;
            // With -o the lines around are not shown, though what stands between groups is.
            for (n, at, l) in before.drain(..).filter(|_| !o.only) {
                let l = o.around(l);
                c.put(format!("{}{l}{end}", lead(o, file, n, at, '-', &l))).await?;
            }
            if o.only {
                for (s, e) in hits.iter().filter(|(s, e)| s < e && !o.invert) {
                    let part = if o.color { painted(&line[*s..*e], &[(0, e - s)]) } else { line[*s..*e].to_owned() };
                    c.put(format!("{}{part}{end}", lead(o, file, number, at + *s as u64, ':', &part))).await?;
                }
            } else {
                let text = if o.color && !o.invert { painted(&line, &hits) } else { line };
                c.put(format!("{}{text}{end}", lead(o, file, number, at, ':', &text))).await?;
            }
            last = number;
            left = o.after;
        } else if left > 0 {
            left -= 1;
            last = number;
            if !o.only {
                let line = o.around(line);
                c.put(format!("{}{line}{end}", lead(o, file, number, at, '-', &line))).await?;
            }
        } else if o.before > 0 {
            before.push_back((number, at, line));
            if before.len() > o.before {
                before.pop_front();
            }
        }
    }
    input.close().await;
    let name = if file == "-" { &o.label } else { file };
    if o.count && !o.quiet && !o.with && !o.without {
        let lead = if o.names { format!("{name}{}", if o.null { '\0' } else { ':' }) } else { String::new() };
        c.put(format!("{lead}{count}\n")).await?;
    }
    if o.with && count > 0 || o.without && count == 0 {
        let shown = if o.color { format!("\x1b[35m\x1b[K{name}\x1b[m\x1b[K") } else { name.to_owned() };
        c.put(format!("{shown}{}", if o.null { '\0' } else { '\n' })).await?;
    }
    // Also of -L: whether a line was selected.
    Ok(Ok(count > 0))
}

/// An extended expression whose braces that begin no interval are escaped.
fn plain_braces(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '\\', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let step = match from.as_bytes().first() {
            Some(b'\\') => from.chars().take(2).map(char::len_utf8).sum(),
            // A bracket expression's first character may be its closing bracket.
            Some(b'[') => from.get(2..).and_then(|f| f.find(']')).map_or(1, |n| n + 3),
            _ => {
                let inside = from.get(1..).and_then(|f| f.split_once('}')).map_or("", |f| f.0);
                if inside.is_empty() || !inside.bytes().all(|b| b.is_ascii_digit() || b == b',') {
                    out.push('\\');
                }
                1
            }
        };
        let (taken, left) = from.split_at(step.min(from.len()));
        out.push_str(taken);
        rest = left;
    }
    out.push_str(rest);
    out
}
