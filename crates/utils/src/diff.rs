//! `diff`: how files differ, line by line.

mod context;
mod ed;
pub(crate) mod script;
mod side;

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, path};
use script::Change;

const SPEC: Spec = Spec::new(
    "[OPTION]... FILES",
    "Compare FILES line by line.",
    "u U|unified? c C|context? y|side-by-side W|width= suppress-common-lines left-column q|brief r|recursive N|new-file i|ignore-case w|ignore-all-space b|ignore-space-change B|ignore-blank-lines s|report-identical-files a|text L|label= normal e|ed n|rcs d|minimal E|ignore-tab-expansion strip-trailing-cr x|exclude= H|speed-large-files p|show-c-function t|expand-tabs T|initial-tab color? Z|ignore-trailing-space",
)
.fails(2)
.version("GNU diffutils) 3.10 (simulated");

/// How differences are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Normal,
    /// With so many lines around.
    Unified(usize),
    Context(usize),
    /// In so many columns.
    SideBySide(usize),
    /// What `ed` makes of it, or RCS.
    Ed,
    Rcs,
}

struct Options {
    style: Style,
    /// `-y` leaves out what both have.
    only_changes: bool,
    blank: bool,
    brief: bool,
    same: bool,
    recursive: bool,
    new_file: bool,
    case: bool,
    space: bool,
    amount: bool,
    trailing: bool,
    tabs: bool,
    returns: bool,
    /// Names that are passed over in folders.
    exclude: Vec<String>,
    color: bool,
    labels: Vec<String>,
    /// What stands before each pair in a recursive run.
    flags: String,
}

impl Options {
    /// What of a line counts.
    fn key(&self, line: &[u8]) -> Vec<u8> {
        let mut key = if self.case { line.to_ascii_lowercase() } else { line.to_vec() };
        if self.returns && key.ends_with(b"\r\n") {
            key.truncate(key.len() - 2);
            key.push(b'\n');
        }
        if self.tabs {
            key = expanded(&key);
        }
        if self.trailing || self.amount {
            let end = key.len() - key.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            key.truncate(end);
        }
        if self.space {
            key.retain(|b| !b.is_ascii_whitespace());
        } else if self.amount {
            key.dedup_by(|a, b| a.is_ascii_whitespace() && b.is_ascii_whitespace());
            key.iter_mut().filter(|b| b.is_ascii_whitespace()).for_each(|b| *b = b' ');
        }
        key
    }
}

/// Tabs as blanks.
fn expanded(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for b in line {
        match b {
            b'\t' => out.resize(out.len() / 8 * 8 + 8, b' '),
            b => out.push(*b),
        }
    }
    out
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut flags = String::new();
    for a in c.args.iter().filter(|a| a.len() > 1 && a.starts_with('-')) {
        flags.push_str(a);
        flags.push(' ');
    }
    // `-U 5` takes its number from the next word, `--unified` doesn't.
    for option in ["-U", "-C"] {
        if let Some(i) = c.args.iter().position(|a| a == option)
            && i + 1 < c.args.len()
        {
            let n = c.args.remove(i + 1);
            c.args[i] = format!("{option}{n}");
        }
    }
    let p = c.parse(&SPEC).await?;
    match p.operands.as_slice() {
        [_, _] => {}
        [] => return c.usage(2, format!("missing operand after '{}'", c.name)).await,
        [one] => return c.usage(2, format!("missing operand after '{one}'")).await,
        [_, _, extra, ..] => return c.usage(2, format!("extra operand '{extra}'")).await,
    }
    let mut styles = Vec::new();
    for (short, long, style) in
        [("u", "U", Style::Unified as fn(usize) -> Style), ("c", "C", Style::Context as fn(usize) -> Style)]
    {
        match p.value(long).map(str::parse) {
            Some(Ok(n)) => styles.push(style(n)),
            Some(Err(_)) => {
                return c.usage(2, format!("invalid context length '{}'", p.value(long).unwrap_or(""))).await;
            }
            None if p.has(short) || p.has(long) => styles.push(style(3)),
            None => {}
        }
    }
    if p.has("y") {
        match p.value("W").unwrap_or("130").parse() {
            Ok(n) if n > 0 => styles.push(Style::SideBySide(n)),
            _ => return c.usage(2, format!("invalid width '{}'", p.value("W").unwrap_or(""))).await,
        }
    }
    for (name, style) in [("normal", Style::Normal), ("e", Style::Ed), ("n", Style::Rcs)] {
        if p.has(name) {
            styles.push(style);
        }
    }
    let style = match styles.as_slice() {
        [] if c.variant == "busybox" => Style::Unified(3),
        [] => Style::Normal,
        [one] => *one,
        _ => return c.usage(2, "conflicting output style options").await,
    };
    let o = Options {
        style,
        only_changes: p.has("suppress-common-lines"),
        blank: p.has("B"),
        brief: p.has("q"),
        same: p.has("s"),
        recursive: p.has("r"),
        new_file: p.has("N"),
        case: p.has("i"),
        space: p.has("w"),
        amount: p.has("b"),
        trailing: p.has("Z"),
        tabs: p.has("E"),
        returns: p.has("strip-trailing-cr"),
        exclude: p.values("x"),
        color: match (p.has("color"), p.value("color")) {
            (false, _) | (_, Some("never")) => false,
            (_, Some("always")) => true,
            _ => c.sys.is_atty(1).await,
        },
        labels: p.values("L"),
        flags,
    };
    let (mut a, mut b) = (p.operands[0].clone(), p.operands[1].clone());
    let (da, db) = (is_dir(c, &a).await, is_dir(c, &b).await);
    if da && db {
        return folders(c, &o, a, b).await;
    }
    if da && b != "-" {
        a = path::join(&a, path::base(&b));
    } else if db && a != "-" {
        b = path::join(&b, path::base(&a));
    }
    pair(c, &o, &a, &b, false).await
}

async fn is_dir(c: &Cli, path: &str) -> bool {
    path != "-" && c.sys.stat(path).await.is_ok_and(|s| s.file_type == FileType::Dir)
}

/// Folders, without recursion of our own: a list of pairs to do.
async fn folders(c: &mut Cli, o: &Options, a: String, b: String) -> Run<()> {
    let mut todo = vec![(a, b)];
    while let Some((a, b)) = todo.pop() {
        let same = match (c.sys.stat(&a).await, c.sys.stat(&b).await) {
            (Ok(x), Ok(y)) => (x.dev, x.ino) == (y.dev, y.ino),
            _ => false,
        };
        if same {
            continue;
        }
        let (da, db) = (is_dir(c, &a).await, is_dir(c, &b).await);
        if !(da && db) {
            pair(c, o, &a, &b, true).await?;
            continue;
        }
        let names = async |dir: &str| -> Vec<String> {
            c.sys.read_dir(dir).await.unwrap_or_default().into_iter().map(|e| e.name).collect()
        };
        let (left, right) = (names(&a).await, names(&b).await);
        let mut all: Vec<&String> = left.iter().chain(&right).filter(|n| *n != "." && *n != "..").collect();
        all.sort();
        all.dedup();
        all.retain(|n| !o.exclude.iter().any(|x| crate::glob::matches(x, n)));
        let mut later = Vec::new();
        for name in all {
            let (x, y) = (path::join(&a, name), path::join(&b, name));
            let side = match (left.contains(name), right.contains(name)) {
                (true, false) if !o.new_file => Some(&a),
                (false, true) if !o.new_file => Some(&b),
                _ => None,
            };
            if let Some(side) = side {
                later.push(Err(format!("Only in {side}: {name}\n")));
            } else if is_dir(c, &x).await && is_dir(c, &y).await && !o.recursive {
                later.push(Err(format!("Common subdirectories: {x} and {y}\n")));
            } else {
                later.push(Ok((x, y)));
            }
        }
        for step in later {
            match step {
                Err(text) => {
                    if text.starts_with("Only") {
                        c.code = c.code.max(1);
                    }
                    c.put(text).await?;
                }
                Ok((x, y)) if is_dir(c, &x).await && is_dir(c, &y).await => todo.insert(0, (x, y)),
                Ok((x, y)) => pair(c, o, &x, &y, true).await?,
            }
        }
    }
    Ok(())
}

async fn header(c: &Cli, o: &Options, n: usize, path: &str) -> String {
    if let Some(label) = o.labels.get(n) {
        return label.clone();
    }
    if c.variant == "busybox" {
        return path.to_owned();
    }
    let (secs, nanos) = match c.sys.stat(path).await {
        Ok(s) if path != "-" => (s.mtime, s.mtime_nsec),
        _ if path == "-" => (c.sys.wall_clock() / 1_000_000_000, (c.sys.wall_clock() % 1_000_000_000) as u32),
        _ => (0, 0),
    };
    format!("{path}\t{}", c.zone().await.format("%Y-%m-%d %H:%M:%S.%N %z", secs, nanos))
}

async fn pair(c: &mut Cli, o: &Options, a: &str, b: &str, in_folder: bool) -> Run<()> {
    let mut contents = Vec::new();
    let mut bad = false;
    for f in [a, b] {
        match c.slurp(f).await {
            Ok(bytes) => contents.push(bytes),
            Err(layerlab_kernel::Errno::ENOENT) if o.new_file => contents.push(Vec::new()),
            Err(e) => {
                c.warn(format!("{f}: {e}")).await;
                bad = true;
            }
        }
    }
    let [x, y] = contents.as_slice() else {
        c.code = 2;
        return Ok(());
    };
    if bad {
        c.code = 2;
        return Ok(());
    }
    let side = matches!(o.style, Style::SideBySide(_)) && !o.brief;
    if x == y && !side {
        return if o.same { c.put(format!("Files {a} and {b} are identical\n")).await } else { Ok(()) };
    }
    let binary = x.iter().chain(y).any(|b| *b == 0);
    let (left, right): (Vec<&[u8]>, Vec<&[u8]>) =
        (x.split_inclusive(|b| *b == b'\n').collect(), y.split_inclusive(|b| *b == b'\n').collect());
    let keys = |lines: &[&[u8]]| lines.iter().map(|l| o.key(l)).collect::<Vec<_>>();
    let mut changes = if binary { Vec::new() } else { script::changes(&keys(&left), &keys(&right)) };
    if o.blank && !side {
        let lines = |ch: &Change| left[ch.a.clone()].iter().chain(&right[ch.b.clone()]).copied().collect::<Vec<_>>();
        changes.retain(|ch| !lines(ch).iter().all(|l| l.iter().all(|b| *b == b'\n')));
    }
    if changes.is_empty() && !binary && !side {
        return if o.same { c.put(format!("Files {a} and {b} are identical\n")).await } else { Ok(()) };
    }
    if x != y && !changes.is_empty() || binary {
        c.code = c.code.max(1);
    }
    if o.brief {
        return c.put(format!("Files {a} and {b} differ\n")).await;
    }
    if binary {
        return c.put(format!("Binary files {a} and {b} differ\n")).await;
    }
    if in_folder && c.variant != "busybox" {
        c.put(format!("diff {}{a} {b}\n", o.flags)).await?;
    }
    match o.style {
        Style::Ed => ed::script(c, &changes, &right, &[a, b]).await,
        Style::Rcs => ed::rcs(c, &changes, &right).await,
        Style::Normal => normal(c, &changes, &left, &right, o.color).await,
        Style::Unified(around) => {
            let (ha, hb) = (header(c, o, 0, a).await, header(c, o, 1, b).await);
            let (on, off) = if o.color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
            c.put(format!("{on}--- {ha}{off}\n{on}+++ {hb}{off}\n")).await?;
            unified(c, &changes, &left, &right, around, o.color).await
        }
        Style::Context(around) => {
            let (ha, hb) = (header(c, o, 0, a).await, header(c, o, 1, b).await);
            c.put(format!("*** {ha}\n--- {hb}\n")).await?;
            context::show(c, &changes, &left, &right, around).await
        }
        Style::SideBySide(width) => {
            let text = side::show(&changes, &left, &right, width, o.only_changes);
            c.put(text).await
        }
    }
}

async fn line(c: &mut Cli, mark: &str, text: &[u8], color: bool) -> Run<()> {
    let on = match mark.bytes().next().filter(|_| color) {
        Some(b'<' | b'-') => "\x1b[31m",
        Some(b'>' | b'+') => "\x1b[32m",
        _ => "",
    };
    let bare = text.strip_suffix(b"\n").unwrap_or(text);
    c.put(format!("{on}{mark}")).await?;
    c.put(bare).await?;
    c.put(if on.is_empty() { "\n" } else { "\x1b[0m\n" }).await?;
    if bare.len() < text.len() { Ok(()) } else { c.put("\\ No newline at end of file\n").await }
}

/// Line numbers, in their colour.
fn numbers(text: &str, color: bool) -> String {
    if color { format!("\x1b[36m{text}\x1b[0m\n") } else { format!("{text}\n") }
}

fn range(from: usize, to: usize) -> String {
    if to > from + 1 { format!("{},{to}", from + 1) } else { to.to_string() }
}

async fn normal(c: &mut Cli, changes: &[Change], left: &[&[u8]], right: &[&[u8]], color: bool) -> Run<()> {
    for ch in changes {
        let letter = if ch.a.is_empty() {
            'a'
        } else if ch.b.is_empty() {
            'd'
        } else {
            'c'
        };
        let text = format!("{}{letter}{}", range(ch.a.start, ch.a.end), range(ch.b.start, ch.b.end));
        c.put(numbers(&text, color)).await?;
        for l in &left[ch.a.clone()] {
            line(c, "< ", l, color).await?;
        }
        if letter == 'c' {
            c.put("---\n").await?;
        }
        for l in &right[ch.b.clone()] {
            line(c, "> ", l, color).await?;
        }
    }
    Ok(())
}

/// Changes that stand so near that their lines around touch, and what they show of both files.
fn hunks(
    changes: &[Change],
    lines: usize,
    around: usize,
) -> impl Iterator<Item = (&[Change], (usize, usize), (usize, usize))> {
    changes.chunk_by(move |p, n| n.a.start - p.a.end <= around * 2).filter_map(move |hunk| {
        let (first, last) = (hunk.first()?, hunk.last()?);
        let before = around.min(first.a.start);
        let after = around.min(lines - last.a.end);
        Some((hunk, (first.a.start - before, last.a.end + after), (first.b.start - before, last.b.end + after)))
    })
}

async fn unified(
    c: &mut Cli,
    changes: &[Change],
    left: &[&[u8]],
    right: &[&[u8]],
    context: usize,
    color: bool,
) -> Run<()> {
    let shown = |from: usize, to: usize| match to - from {
        0 => format!("{from},0"),
        1 => (from + 1).to_string(),
        n => format!("{},{n}", from + 1),
    };
    for (hunk, a, b) in hunks(changes, left.len(), context) {
        c.put(numbers(&format!("@@ -{} +{} @@", shown(a.0, a.1), shown(b.0, b.1)), color)).await?;
        let mut at = a.0;
        for ch in hunk {
            for l in &left[at..ch.a.start] {
                line(c, " ", l, color).await?;
            }
            for l in &left[ch.a.clone()] {
                line(c, "-", l, color).await?;
            }
            for l in &right[ch.b.clone()] {
                line(c, "+", l, color).await?;
            }
            at = ch.a.end;
        }
        for l in &left[at..a.1] {
            line(c, " ", l, color).await?;
        }
    }
    Ok(())
}
