//! `ls`: names in directories.

mod color;
mod columns;
mod long;

pub(crate) use long::{kib, mode_text};

use std::cmp::Ordering;

use layerlab_kernel::{FileType, Stat};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "List information about the FILEs (the current directory by default).",
    "a|all A|almost-all l 1 C x m R|recursive r|reverse t S X U f v d|directory F h|human-readable si i|inode s|size n|numeric-uid-gid \
     g o G|no-group p L|dereference H|dereference-command-line c u k Q|quote-name N|literal b|escape q B|ignore-backups w|width= T|tabsize= \
     I|ignore= hide= color? full-time group-directories-first classify? file-type indicator-style= time-style= time= sort= format= author \
     block-size= show-control-chars hyperlink? Z|context quoting-style= zero",
)
.fails(2);

/// One name with what is known of it.
pub(crate) struct Entry {
    /// As it is shown.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: String,
    /// What it is: a link is one where links are not followed.
    pub(crate) kind: FileType,
    /// Of the name itself, or of what a link means where links are followed; `None`: not to be had, or
    /// nothing that is shown depends on it.
    pub(crate) stat: Option<Stat>,
    /// What a link says, and what it leads to.
    pub(crate) target: Option<(String, Option<Stat>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Long,
    One,
    Columns,
    Across,
    Commas,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    Time,
    Size,
    Extension,
    Version,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Indicator {
    None,
    Slash,
    FileType,
    Classify,
}

/// What the options ask for.
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
pub(crate) struct Options {
    format: Format,
    sort: Sort,
    /// Which time is shown and sorted by ([`Stat::time`]).
    which: char,
    reverse: bool,
    hidden: bool,
    dots: bool,
    recursive: bool,
    directory: bool,
    dirs_first: bool,
    follow: bool,
    follow_args: bool,
    indicator: Indicator,
    /// Sizes for people: powers of 1024 (`Some(false)`) or of 1000.
    pub(crate) human: Option<bool>,
    pub(crate) inode: bool,
    pub(crate) blocks: bool,
    pub(crate) numeric: bool,
    pub(crate) owner: bool,
    pub(crate) group: bool,
    pub(crate) author: bool,
    pub(crate) time_style: String,
    /// The zone of dates.
    pub(crate) zone: crate::cli::zone::Zone,
    quote: bool,
    c_quotes: bool,
    /// Control characters as `?`.
    question: bool,
    /// Odd characters with backslashes.
    escape: bool,
    /// A security context that nobody set.
    pub(crate) context: bool,
    ignore: Vec<String>,
    width: usize,
    colors: Option<color::Colors>,
    tty: bool,
    /// Whether it is busybox's.
    pub(crate) busybox: bool,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let tty = c.sys.is_atty(1).await;
    if let Some(w) = p.value("w").filter(|w| w.parse::<usize>().is_err()) {
        return c.die(2, format!("invalid line width: {}", quote::word(w))).await;
    }
    let o = options(c, &p, tty).await;
    let names = if o.format == Format::Long { Names::load(&c.sys).await } else { Names::default() };
    let operands = if p.operands.is_empty() { vec![".".to_owned()] } else { p.operands.clone() };
    let (mut files, mut dirs) = (Vec::new(), Vec::new());
    for path in &operands {
        let follow = o.follow
            || o.follow_args
            || (o.format != Format::Long && o.indicator != Indicator::Classify && !o.directory);
        let stat = match c.sys.lstat(path).await {
            Ok(s) if s.file_type == FileType::Symlink && follow => match c.sys.stat(path).await {
                Ok(target) if target.file_type == FileType::Dir || o.follow || o.follow_args => Ok(target),
                Err(e) if o.follow => Err(e),
                _ => Ok(s),
            },
            r => r,
        };
        match stat {
            Err(e) => {
                c.warn(format!("cannot access {}: {e}", quote::always(path))).await;
                c.code = 2;
            }
            Ok(s) => {
                let dir = s.file_type == FileType::Dir && !o.directory;
                let e = entry(c, path.clone(), path.clone(), s.file_type, Some(s)).await;
                if dir { dirs.push(e) } else { files.push(e) }
            }
        }
    }
    sort(&mut files, &o);
    sort(&mut dirs, &o);
    let titled = operands.len() > 1 || o.recursive;
    let mut blank = !files.is_empty();
    if !files.is_empty() {
        show(c, &files, &o, &names, false).await?;
    }
    // Directories still to be listed, the next one last.
    let mut stack: Vec<String> = dirs.into_iter().rev().map(|d| d.path).collect();
    while let Some(dir) = stack.pop() {
        let Some(entries) = read_dir(c, &dir, &o).await else { continue };
        if titled {
            let lead = if blank { "\n" } else { "" };
            let title = o.title(&dir);
            c.put(format!("{lead}{title}:\n")).await?;
        }
        blank = true;
        show(c, &entries, &o, &names, true).await?;
        if o.recursive {
            let below = entries.iter().rev().filter(|e| is_dir(e) && e.name != "." && e.name != "..");
            stack.extend(below.map(|e| e.path.clone()));
        }
    }
    Ok(())
}

fn is_dir(e: &Entry) -> bool {
    e.kind == FileType::Dir
}

async fn options(c: &Cli, p: &crate::cli::Parsed, tty: bool) -> Options {
    let format = match p.last_of(&["l", "1", "C", "x", "m", "n", "g", "o", "full-time", "format", "zero"]) {
        Some("l" | "n" | "g" | "o" | "full-time") => Format::Long,
        Some("1" | "zero") if p.has("l") => Format::Long,
        Some("1" | "zero") => Format::One,
        Some("C") => Format::Columns,
        Some("x") => Format::Across,
        Some("m") => Format::Commas,
        Some("format") => match p.value("format") {
            Some("long" | "verbose") => Format::Long,
            Some("single-column") => Format::One,
            Some("commas") => Format::Commas,
            Some("across" | "horizontal") => Format::Across,
            _ => Format::Columns,
        },
        _ if c.name == "vdir" => Format::Long,
        _ if tty || c.name == "dir" => Format::Columns,
        _ => Format::One,
    };
    let which = match (p.last_of(&["c", "u", "time"]), p.value("time").unwrap_or_default()) {
        (Some("c"), _) | (Some("time"), "ctime" | "status") => 'c',
        (Some("u"), _) | (Some("time"), "atime" | "access" | "use") => 'a',
        _ => 'm',
    };
    let by = match p.last_of(&["t", "S", "X", "U", "f", "v", "sort", "c", "u"]) {
        Some("t") => Sort::Time,
        Some("S") => Sort::Size,
        Some("X") => Sort::Extension,
        Some("v") => Sort::Version,
        Some("U" | "f") => Sort::None,
        Some("c" | "u") if format != Format::Long || p.has("t") => Sort::Time,
        Some("sort") => match p.value("sort") {
            Some("time") => Sort::Time,
            Some("size") => Sort::Size,
            Some("extension") => Sort::Extension,
            Some("version") => Sort::Version,
            Some("none") => Sort::None,
            _ => Sort::Name,
        },
        _ => Sort::Name,
    };
    let when = |name: &str| match (p.has(name), p.value(name)) {
        (false, _) | (_, Some("never" | "no" | "none")) => false,
        (_, Some("auto" | "tty" | "if-tty")) => tty,
        _ => true,
    };
    let indicator = match p.last_of(&["F", "classify", "p", "file-type", "indicator-style"]) {
        Some("F") => Indicator::Classify,
        Some("classify") if when("classify") => Indicator::Classify,
        Some("p") => Indicator::Slash,
        Some("file-type") => Indicator::FileType,
        Some("indicator-style") => match p.value("indicator-style") {
            Some("slash") => Indicator::Slash,
            Some("file-type") => Indicator::FileType,
            Some("classify") => Indicator::Classify,
            _ => Indicator::None,
        },
        _ => Indicator::None,
    };
    let columns = match c.sys.win_size(1).await {
        Ok(size) if size.cols > 0 => usize::from(size.cols),
        _ => c.var("COLUMNS").and_then(|v| v.parse().ok()).unwrap_or(80),
    };
    // As GNU: without a table, only on terminals that are known to have colours.
    let known = c.var("TERM").is_some_and(|t| !t.is_empty() && t != "dumb")
        || c.var("COLORTERM").is_some_and(|t| !t.is_empty());
    let table = c.var("LS_COLORS").filter(|t| !t.is_empty());
    let busybox = c.variant == "busybox";
    let colors = ((when("color") || busybox && tty && !p.has("color")) && (known || table.is_some()))
        .then(|| color::Colors::new(table));
    let mut ignore = p.values("I");
    if !p.has("a") && !p.has("A") {
        ignore.extend(p.values("hide"));
    }
    if p.has("B") {
        ignore.push("*~".to_owned());
    }
    let backslashes = matches!(c.name.as_str(), "dir" | "vdir");
    Options {
        format,
        sort: by,
        which,
        reverse: p.has("r"),
        hidden: p.has("a") || p.has("A") || p.has("f"),
        dots: matches!(p.last_of(&["a", "A", "f"]), Some("a" | "f")),
        recursive: p.has("R") && !p.has("d"),
        directory: p.has("d"),
        dirs_first: p.has("group-directories-first"),
        follow: p.has("L"),
        follow_args: p.has("H"),
        indicator,
        human: if p.has("si") { Some(true) } else { p.has("h").then_some(false) },
        inode: p.has("i"),
        blocks: p.has("s"),
        numeric: p.has("n"),
        owner: !p.has("g"),
        group: !p.has("o") && !p.has("G"),
        author: p.has("author"),
        time_style: if p.has("full-time") { "full-iso" } else { p.value("time-style").unwrap_or("locale") }.to_owned(),
        zone: c.zone().await,
        quote: match p.value("quoting-style") {
            Some("shell" | "shell-escape") => true,
            Some(_) => false,
            None => tty && !p.has("N") && !p.has("b") && !backslashes && !busybox,
        },
        c_quotes: p.has("Q") || matches!(p.value("quoting-style"), Some("c")),
        question: p.has("q") && !p.has("show-control-chars"),
        escape: p.has("b")
            || backslashes && !p.has("N") && !p.has("Q") && !p.has("quoting-style")
            || matches!(p.value("quoting-style"), Some("escape")),
        context: p.has("Z"),
        ignore,
        width: p.value("w").and_then(|w| w.parse().ok()).unwrap_or(columns),
        colors,
        tty,
        busybox,
    }
}

async fn entry(c: &Cli, name: String, path: String, kind: FileType, stat: Option<Stat>) -> Entry {
    let mut target = None;
    if stat.as_ref().is_some_and(|s| s.file_type == FileType::Symlink)
        && let Ok(text) = c.sys.readlink(&path).await
    {
        target = Some((text, c.sys.stat(&path).await.ok()));
    }
    let kind = stat.as_ref().map_or(kind, |s| s.file_type);
    Entry { name, path, kind, stat, target }
}

async fn read_dir(c: &mut Cli, dir: &str, o: &Options) -> Option<Vec<Entry>> {
    let list = match c.sys.read_dir(dir).await {
        Ok(list) => list,
        Err(e) => {
            c.warn(format!("cannot open directory {}: {e}", quote::always(dir))).await;
            c.code = c.code.max(2);
            return None;
        }
    };
    let mut names: Vec<(String, FileType)> = list.into_iter().map(|e| (e.name, e.file_type)).collect();
    names.retain(|(n, _)| o.hidden || !n.starts_with('.'));
    names.retain(|(n, _)| !o.ignore.iter().any(|i| crate::glob::matches(i, n)));
    if o.dots {
        names.extend([".", ".."].map(|n| (n.to_owned(), FileType::Dir)));
    }
    let wants_stat = o.wants_stat();
    let mut entries = Vec::with_capacity(names.len());
    for (name, kind) in names {
        let path = if dir.ends_with('/') { format!("{dir}{name}") } else { format!("{dir}/{name}") };
        if !wants_stat {
            entries.push(Entry { name, path, kind, stat: None, target: None });
            continue;
        }
        let stat = match if o.follow { c.sys.stat(&path).await } else { c.sys.lstat(&path).await } {
            Ok(s) => Some(s),
            Err(_) if o.follow => c.sys.lstat(&path).await.ok(),
            Err(e) => {
                c.fail(format!("cannot access {}: {e}", quote::always(&path))).await;
                None
            }
        };
        entries.push(entry(c, name, path, kind, stat).await);
    }
    sort(&mut entries, o);
    Some(entries)
}

fn sort(entries: &mut [Entry], o: &Options) {
    let time = |e: &Entry| e.stat.as_ref().map_or((0, 0), |s| s.time(o.which));
    let size = |e: &Entry| e.stat.as_ref().map_or(0, |s| s.size);
    let ext = |e: &Entry| e.name.rfind('.').map_or(String::new(), |i| e.name[i..].to_owned());
    if o.sort != Sort::None {
        entries.sort_by(|a, b| {
            let order = match o.sort {
                Sort::Time => time(b).cmp(&time(a)),
                Sort::Size => size(b).cmp(&size(a)),
                Sort::Extension => ext(a).cmp(&ext(b)),
                Sort::Version => crate::sort::version_order(a.name.as_bytes(), b.name.as_bytes()),
                _ => Ordering::Equal,
            };
            let order = order.then_with(|| a.name.as_bytes().cmp(b.name.as_bytes()));
            if o.reverse { order.reverse() } else { order }
        });
    }
    if o.dirs_first {
        entries
            .sort_by_key(|e| !(is_dir(e) || matches!(&e.target, Some((_, Some(s))) if s.file_type == FileType::Dir)));
    }
}

fn suffix(kind: FileType, stat: Option<&Stat>, o: &Options) -> &'static str {
    match (o.indicator, kind) {
        (Indicator::None, _) => "",
        (_, FileType::Dir) => "/",
        (Indicator::Slash, _) => "",
        (_, FileType::Symlink) => "@",
        (_, FileType::Fifo) => "|",
        (_, FileType::Socket) => "=",
        (Indicator::Classify, FileType::File) if stat.is_some_and(|s| s.mode & 0o111 != 0) => "*",
        _ => "",
    }
}

/// A name ready to be shown, and how many columns it takes.
pub(crate) struct Shown {
    /// With colours, quotes and indicator.
    pub(crate) text: String,
    /// Its width on the screen.
    pub(crate) width: usize,
}

/// As C writes it, with spaces too.
fn escaped(name: &str) -> String {
    let mut out = String::new();
    for ch in name.chars() {
        match ch {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' ' | '\\' => out.extend(['\\', ch]),
            ch if ch.is_control() => out.push_str(&format!("\\{:03o}", ch as u32)),
            ch => out.push(ch),
        }
    }
    out
}

impl Options {
    /// Whether something that is shown depends on more than a name's type, which its directory tells.
    fn wants_stat(&self) -> bool {
        self.follow
            || self.format == Format::Long
            || matches!(self.sort, Sort::Time | Sort::Size)
            || self.inode
            || self.blocks
            || self.dirs_first
            || self.colors.is_some()
            || self.indicator == Indicator::Classify
    }

    /// A name as it is shown; `pad` is set where others in the list have quotes.
    pub(crate) fn shown(&self, e: &Entry, pad: bool, link: bool) -> Shown {
        let mut name = match (self.c_quotes, self.quote) {
            (true, _) => format!("{:?}", e.name),
            (_, true) => quote::maybe(&e.name),
            _ if self.escape => escaped(&e.name),
            _ => e.name.clone(),
        };
        let mut lead = String::new();
        if pad && name == e.name {
            lead.push(' ');
        }
        if self.question || self.tty && !self.quote {
            name = name.chars().map(|ch| if ch.is_control() { '?' } else { ch }).collect();
        }
        let end = if link { "" } else { suffix(e.kind, e.stat.as_ref(), self) };
        let width = crate::cli::human_width(&name) + lead.len() + end.len();
        let colored = self.colors.as_ref().map_or_else(|| name.clone(), |c| c.paint(&name, e));
        Shown { text: format!("{lead}{colored}{end}"), width }
    }

    /// A directory's name above its entries.
    fn title(&self, dir: &str) -> String {
        match (self.c_quotes, self.quote) {
            (true, _) => format!("{dir:?}"),
            (_, true) => quote::before_colon(dir),
            _ if self.escape => escaped(dir).replace(':', "\\:"),
            _ => dir.to_owned(),
        }
    }

    /// What a link leads to, as it is shown.
    pub(crate) fn shown_target(&self, text: &str, stat: Option<&Stat>) -> String {
        let name = match (self.c_quotes, self.quote) {
            (true, _) => format!("{text:?}"),
            (_, true) => quote::maybe(text),
            _ if self.escape => escaped(text),
            _ => text.to_owned(),
        };
        let painted = match (&self.colors, stat) {
            (Some(c), Some(s)) => c.paint_stat(&name, text, s),
            (Some(c), None) => c.paint_missing(&name),
            _ => name,
        };
        format!("{painted}{}", stat.map_or("", |s| suffix(s.file_type, Some(s), self)))
    }
}

async fn show(c: &mut Cli, entries: &[Entry], o: &Options, names: &Names, total: bool) -> Run<()> {
    let pad = o.quote && o.format != Format::Commas && entries.iter().any(|e| quote::maybe(&e.name) != e.name);
    if (o.format == Format::Long || o.blocks) && total {
        let line = long::total(entries, o);
        c.put(line).await?;
    }
    let text = if o.format == Format::Long {
        let now = c.sys.wall_clock() / 1_000_000_000;
        if o.busybox { long::applet(entries, o, names, now) } else { long::lines(entries, o, names, now, pad) }
    } else {
        let prefix = long::prefixes(entries, o, o.format != Format::Commas, true);
        let shown: Vec<Shown> = entries
            .iter()
            .zip(prefix)
            .map(|(e, lead)| {
                let s = o.shown(e, pad, false);
                Shown { width: s.width + lead.len(), text: format!("{lead}{}", s.text) }
            })
            .collect();
        match o.format {
            Format::Columns | Format::Across if o.busybox => columns::even(&shown, o.width, o.format == Format::Across),
            Format::Columns => columns::down(&shown, o.width, o.colors.is_none()),
            Format::Across => columns::across(&shown, o.width, o.colors.is_none()),
            Format::Commas => columns::commas(&shown, o.width),
            _ => shown.iter().map(|s| format!("{}\n", s.text)).collect(),
        }
    };
    let text = match &o.colors {
        Some(colors) => colors.start(text),
        None => text,
    };
    c.put(text).await
}
