//! The long form.

use layerlab_kernel::{FileType, Stat};

use super::{Entry, Options};
use crate::cli::human;
use crate::cli::names::Names;

/// Half of a Gregorian year, in seconds: what is older is shown with its year.
const HALF_YEAR: i64 = 31_556_952 / 2;

/// `drwxr-xr-x`.
pub(crate) fn mode_text(s: &Stat) -> String {
    let kind = match s.file_type {
        FileType::File => '-',
        FileType::Dir => 'd',
        FileType::Symlink => 'l',
        FileType::Char => 'c',
        FileType::Block => 'b',
        FileType::Fifo => 'p',
        FileType::Socket => 's',
    };
    let mut t = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = s.mode >> shift;
        t.push(if bits & 4 != 0 { 'r' } else { '-' });
        t.push(if bits & 2 != 0 { 'w' } else { '-' });
        t.push(match (s.mode & special != 0, bits & 1 != 0) {
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    t
}

/// Blocks of 1 KiB that a file takes on a disk with blocks of 4 KiB.
pub(crate) fn kib(s: &Stat) -> u64 {
    match s.file_type {
        FileType::File => s.size.div_ceil(4096) * 4,
        FileType::Dir => 4,
        _ => 0,
    }
}

fn blocks(s: &Stat, o: &Options) -> String {
    match o.human {
        Some(_) if o.busybox => human::size_busybox(kib(s) * 1024),
        Some(si) => sized(kib(s) * 1024, si),
        None => kib(s).to_string(),
    }
}

fn sized(bytes: u64, si: bool) -> String {
    if si { human::size_si(bytes) } else { human::size(bytes) }
}

/// The line above a directory's entries.
pub(crate) fn total(entries: &[Entry], o: &Options) -> String {
    let sum: u64 = entries.iter().filter_map(|e| e.stat.as_ref()).map(kib).sum();
    match o.human {
        Some(_) if o.busybox => format!("total {}\n", human::size_busybox(sum * 1024)),
        Some(si) => format!("total {}\n", sized(sum * 1024, si)),
        None => format!("total {sum}\n"),
    }
}

/// Inode numbers and blocks before each name, aligned.
pub(crate) fn prefixes(entries: &[Entry], o: &Options, align: bool, align_context: bool) -> Vec<String> {
    let mut lead = vec![String::new(); entries.len()];
    let text = |e: &Entry, f: &dyn Fn(&Stat) -> String| e.stat.as_ref().map_or_else(|| "?".to_owned(), f);
    if o.busybox {
        for (l, e) in lead.iter_mut().zip(entries) {
            if o.inode {
                l.push_str(&text(e, &|s| format!("{:>7} ", s.ino)));
            }
            if o.blocks {
                l.push_str(&text(e, &|s| format!("{:>6} ", blocks(s, o))));
            }
        }
        return lead;
    }
    let mut column = |texts: Vec<String>| {
        let width = if align { texts.iter().map(String::len).max().unwrap_or(0) } else { 0 };
        for (l, t) in lead.iter_mut().zip(texts) {
            l.push_str(&format!("{t:>width$} "));
        }
    };
    if o.inode {
        column(entries.iter().map(|e| text(e, &|s| s.ino.to_string())).collect());
    }
    if o.blocks {
        column(entries.iter().map(|e| text(e, &|s| blocks(s, o))).collect());
    }
    if o.context && align_context {
        column(vec!["?".to_owned(); entries.len()]);
    }
    lead
}

fn date(s: &Stat, o: &Options, now: i64) -> String {
    let (secs, nanos) = s.time(o.which);
    let recent = secs > now - HALF_YEAR && secs <= now;
    let f = |p: &str| o.zone.format(p, secs, nanos);
    match o.time_style.as_str() {
        "full-iso" => f("%Y-%m-%d %H:%M:%S.%N %z"),
        "long-iso" => f("%Y-%m-%d %H:%M"),
        "iso" if recent => f("%m-%d %H:%M"),
        "iso" => f("%Y-%m-%d "),
        style if style.starts_with('+') => {
            let mut parts = style[1..].splitn(2, '\n');
            let old = parts.next().unwrap_or("");
            let new = parts.next().unwrap_or(old);
            f(if recent { new } else { old })
        }
        _ if recent => f("%b %e %H:%M"),
        _ => f("%b %e  %Y"),
    }
}

fn size(s: &Stat, o: &Options) -> String {
    match (s.file_type, o.human) {
        (FileType::Char | FileType::Block, _) => format!("{}, {:>3}", s.rdev.0, s.rdev.1),
        (FileType::Dir, Some(si)) => sized(s.size.max(4096), si),
        (FileType::Dir, None) => s.size.max(4096).to_string(),
        (_, Some(si)) => sized(s.size, si),
        (_, None) => s.size.to_string(),
    }
}

/// All lines as busybox has them: columns of fixed widths.
pub(crate) fn applet(entries: &[Entry], o: &Options, names: &Names, now: i64) -> String {
    let mut out = String::new();
    for (e, lead) in entries.iter().zip(prefixes(entries, o, true, false)) {
        let Some(s) = &e.stat else { continue };
        out.push_str(&format!("{lead}{:<10} {:>4} ", mode_text(s), s.nlink));
        for (shown, id, name) in [(o.owner, s.uid, names.user(s.uid)), (o.group, s.gid, names.group(s.gid))] {
            if shown && o.numeric {
                out.push_str(&format!("{id:<8} "));
            } else if shown {
                out.push_str(&format!("{name:<8.8} "));
            }
        }
        let bytes = if s.file_type == FileType::Dir { s.size.max(4096) } else { s.size };
        out.push_str(&match (s.file_type, o.human) {
            (FileType::Char | FileType::Block, _) => format!("{:>4}, {:>3} ", s.rdev.0, s.rdev.1),
            (_, Some(_)) => format!("{:>7} ", human::size_busybox(bytes)),
            _ => format!("{bytes:>9} "),
        });
        let (secs, nanos) = s.time(o.which);
        let recent = now - secs < 3600 * 24 * 365 / 2 && now - secs > -15 * 60;
        let form = match (o.time_style.as_str(), recent) {
            ("full-iso", _) => "%Y-%m-%d %H:%M:%S %z",
            (_, true) => "%b %e %H:%M",
            _ => "%b %e  %Y",
        };
        out.push_str(&format!("{} {}", o.zone.format(form, secs, nanos), o.shown(e, false, e.target.is_some()).text));
        if let Some((text, stat)) = &e.target {
            out.push_str(&format!(" -> {}", o.shown_target(text, stat.as_ref())));
        }
        out.push('\n');
    }
    out
}

/// All lines; columns are as wide as their widest entry.
pub(crate) fn lines(entries: &[Entry], o: &Options, names: &Names, now: i64, pad: bool) -> String {
    let unknown = "?".to_owned();
    let user = |s: &Stat| if o.numeric { s.uid.to_string() } else { names.user(s.uid) };
    let group = |s: &Stat| if o.numeric { s.gid.to_string() } else { names.group(s.gid) };
    let field = |f: &dyn Fn(&Stat) -> String| -> Vec<String> {
        entries.iter().map(|e| e.stat.as_ref().map_or_else(|| unknown.clone(), f)).collect()
    };
    let width = |texts: &[String]| texts.iter().map(|t| t.chars().count()).max().unwrap_or(0);
    let (links, users, groups) = (field(&|s| s.nlink.to_string()), field(&user), field(&group));
    let (sizes, dates) = (field(&|s| size(s, o)), field(&|s| date(s, o, now)));
    let modes = field(&mode_text);
    let (wl, wu, wg, ws, wd) = (width(&links), width(&users), width(&groups), width(&sizes), width(&dates));
    let mut out = String::new();
    for (i, (e, lead)) in entries.iter().zip(prefixes(entries, o, true, false)).enumerate() {
        let mode = if e.stat.is_some() { modes[i].clone() } else { "??????????".to_owned() };
        out.push_str(&format!("{lead}{mode} {:>wl$} ", links[i]));
        if o.owner {
            out.push_str(&format!("{:<wu$} ", users[i]));
        }
        if o.group {
            out.push_str(&format!("{:<wg$} ", groups[i]));
        }
        if o.author {
            out.push_str(&format!("{:<wu$} ", users[i]));
        }
        if o.context {
            out.push_str("? ");
        }
        out.push_str(&format!("{:>ws$} {:>wd$} {}", sizes[i], dates[i], o.shown(e, pad, e.target.is_some()).text));
        if let Some((text, stat)) = &e.target {
            out.push_str(&format!(" -> {}", o.shown_target(text, stat.as_ref())));
        }
        out.push('\n');
    }
    out
}
