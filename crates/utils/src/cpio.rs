//! `cpio`: archives whose members are named on standard input.

mod format;

use layerlab_kernel::{FileType, Stat};

use crate::cli::names::Names;
use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote, time};
use format::{Kind, Member};

const SPEC: Spec = Spec::new(
    "[OPTION...] [destination-directory]",
    "Copy files to and from archives.",
    "o|create i|extract p|pass-through t|list d|make-directories u|unconditional m|preserve-modification-time v|verbose \
     H|format= c quiet 0|null F|file= D|directory= n|numeric-uid-gid f|nonmatching L|dereference l|link to-stdout E|pattern-file= \
     O= I= A|append B C|io-size= block-size= no-absolute-filenames absolute-filenames V|dot a|reset-access-time R|owner= \
     r|rename sparse no-preserve-owner",
)
.fails(2)
.version("GNU cpio) 2.15 (simulated");

const HELP: &str = "Try 'cpio --help' or 'cpio --usage' for more information.\n";

async fn wrong<T>(c: &mut Cli, text: &str) -> Run<T> {
    c.warn(text).await;
    c.sys.eprint(HELP).await;
    Err(Stop::Code(2))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = match crate::cli::options::parse(&SPEC, c.args.clone()) {
        Err(message) => {
            c.warn(message).await;
            c.sys.eprint(HELP).await;
            return Err(Stop::Code(64));
        }
        Ok(_) => c.parse(&SPEC).await?,
    };
    let Some(mode) = p.last_of(&["o", "i", "p", "t"]) else {
        return wrong(c, "You must specify one of -oipt options.").await;
    };
    let kind = match p.value("H").map(str::to_ascii_lowercase).as_deref() {
        None if p.has("c") => Kind::Odc,
        None | Some("bin") => Kind::Binary,
        Some("odc") => Kind::Odc,
        Some("newc") => Kind::Newc,
        Some("crc") => Kind::Crc,
        Some("tar" | "ustar") => return c.die(2, "tar archives: use tar").await,
        Some(other) => {
            let text = format!(
                "invalid archive format `{other}'; valid formats are:\ncrc newc odc bin ustar tar (all-caps also recognized)"
            );
            return wrong(c, &text).await;
        }
    };
    if mode != "p"
        && let Some(dir) = p.value("D")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return c.die(2, format!("cannot change to directory `{dir}': {e}")).await;
    }
    match mode {
        "o" => create(c, &p, kind).await,
        "p" => pass(c, &p).await,
        _ => extract(c, &p).await,
    }
}

async fn blocks(c: &mut Cli, p: &Parsed, bytes: usize) -> Run<()> {
    c.flush().await?;
    if !p.has("quiet") {
        let n = bytes.div_ceil(512);
        c.sys.eprint(format!("{n} block{}\n", if n == 1 { "" } else { "s" })).await;
    }
    if c.code > 0 { Err(Stop::Code(2)) } else { Ok(()) }
}

/// Names of standard input.
async fn listed(c: &mut Cli, p: &Parsed) -> Vec<String> {
    let bytes = c.sys.read_all(0).await.unwrap_or_default();
    let end = if p.has("0") { 0 } else { b'\n' };
    bytes.split(|b| *b == end).filter(|n| !n.is_empty()).map(|n| String::from_utf8_lossy(n).into_owned()).collect()
}

async fn stat(c: &mut Cli, p: &Parsed, name: &str) -> Option<Stat> {
    let found = if p.has("L") { c.sys.stat(name).await } else { c.sys.lstat(name).await };
    match found {
        Ok(s) => Some(s),
        Err(e) => {
            c.fail(format!("{name}: Cannot stat: {e}")).await;
            None
        }
    }
}

/// A file with its content, or a link with where it leads.
async fn member(c: &mut Cli, name: &str, s: &Stat) -> Option<Member> {
    let content = match s.file_type {
        FileType::File => match c.sys.read_file(name).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{name}: Cannot open: {e}")).await;
                return None;
            }
        },
        FileType::Symlink => c.sys.readlink(name).await.unwrap_or_default().into_bytes(),
        _ => Vec::new(),
    };
    let kind = match s.file_type {
        FileType::Dir => 0o040_000,
        FileType::Symlink => 0o120_000,
        FileType::Fifo => 0o010_000,
        FileType::Char => 0o020_000,
        FileType::Block => 0o060_000,
        FileType::File => 0o100_000,
        _ => 0o140_000,
    };
    Some(Member {
        name: name.to_owned(),
        inode: s.ino as u32,
        mode: kind | s.mode & 0o7777,
        uid: s.uid,
        gid: s.gid,
        links: s.nlink,
        mtime: s.mtime as u32,
        content,
    })
}

async fn create(c: &mut Cli, p: &Parsed, kind: Kind) -> Run<()> {
    let mut out = Vec::new();
    for name in listed(c, p).await {
        let Some(s) = stat(c, p, &name).await else { continue };
        let Some(mut m) = member(c, &name, &s).await else { continue };
        // `find .` says `./a`; the archive has `a`.
        if let Some(rest) = m.name.strip_prefix("./").filter(|r| !r.is_empty()) {
            m.name = rest.to_owned();
        }
        format::write(&mut out, kind, &m);
        if p.has("v") {
            c.sys.eprint(format!("{name}\n")).await;
        } else if p.has("V") {
            c.sys.eprint(".").await;
        }
    }
    format::write(&mut out, kind, &Member { name: format::END.to_owned(), links: 1, ..Member::default() });
    out.resize(out.len().next_multiple_of(512), 0);
    let size = out.len();
    match p.value("F").or(p.value("O")) {
        None => c.put(out).await?,
        Some(path) => {
            if let Err(e) = c.sys.write_file(path, out, 0o666).await {
                return c.die(2, format!("{path}: Cannot open: {e}")).await;
            }
        }
    }
    blocks(c, p, size).await
}

async fn extract(c: &mut Cli, p: &Parsed) -> Run<()> {
    let source = p.value("F").or(p.value("I")).unwrap_or("-").to_owned();
    let bytes = match c.slurp(&source).await {
        Ok(b) => b,
        Err(e) => return c.die(2, format!("Cannot open {source}: {e}")).await,
    };
    let mut at = 0;
    let names = Names::load(&c.sys).await;
    let now = c.sys.wall_clock().div_euclid(1_000_000_000);
    let mut patterns = p.operands.clone();
    if let Some(file) = p.value("E") {
        match c.slurp(file).await {
            Ok(b) => patterns.extend(String::from_utf8_lossy(&b).lines().map(str::to_owned)),
            Err(e) => return c.die(2, format!("{file}: Cannot open: {e}")).await,
        }
    }
    let mut folders = Vec::new();
    loop {
        let mut m = match format::read(&bytes, &mut at) {
            Ok(Some(m)) => m,
            Ok(None) => break,
            Err(message) => return c.die(2, message).await,
        };
        let hit = patterns.is_empty() || patterns.iter().any(|x| crate::glob::matches(x, &m.name)) != p.has("f");
        if !hit {
            continue;
        }
        if p.has("no-absolute-filenames") {
            m.name = m.name.trim_start_matches('/').to_owned();
        }
        if p.has("t") {
            let line = if p.has("v") { long(&m, &names, p.has("n"), now) } else { m.name.clone() };
            c.put(format!("{line}\n")).await?;
            continue;
        }
        if p.has("to-stdout") {
            if m.mode & 0o170_000 == 0o100_000 {
                c.put(&m.content).await?;
            }
            continue;
        }
        let name = m.name.clone();
        if place(c, p, &m, &name).await && m.mode & 0o170_000 == 0o040_000 {
            folders.push((name, m.mtime));
        }
    }
    if p.has("m") {
        for (name, mtime) in folders.into_iter().rev() {
            let _ = c.sys.utimes(&name, Some((i64::from(mtime), 0))).await;
        }
    }
    blocks(c, p, at.next_multiple_of(512)).await
}

/// Writes a member below the current folder; whether it is there now.
async fn place(c: &mut Cli, p: &Parsed, m: &Member, name: &str) -> bool {
    let kind = m.mode & 0o170_000;
    let there = c.sys.lstat(name).await.ok();
    if let Some(s) = &there {
        let both = s.file_type == FileType::Dir && kind == 0o040_000;
        if !both && !p.has("u") && s.mtime >= i64::from(m.mtime) {
            c.warn(format!("{name} not created: newer or same age version exists")).await;
            if p.has("v") {
                c.sys.eprint(format!("{name}\n")).await;
            }
            return false;
        }
        if !both && s.file_type == FileType::Dir && c.sys.rmdir(name).await.is_err() {
            c.fail(format!("cannot remove current {name}: Is a directory")).await;
            return false;
        }
        if !both {
            let _ = c.sys.unlink(name).await;
        }
    }
    if p.has("d")
        && let Some((parent, _)) = name.rsplit_once('/')
    {
        let mut so_far = String::new();
        for part in parent.split('/') {
            so_far.push_str(part);
            if !so_far.is_empty() {
                let _ = c.sys.mkdir(&so_far, 0o777).await;
            }
            so_far.push('/');
        }
    }
    let done = match kind {
        0o040_000 if there.is_some() => Ok(()),
        0o040_000 => c.sys.mkdir(name, m.mode & 0o7777).await,
        0o120_000 => c.sys.symlink(&String::from_utf8_lossy(&m.content), name).await,
        0o100_000 => c.sys.write_file(name, m.content.clone(), 0o600).await,
        _ => Ok(()),
    };
    if let Err(e) = done {
        let verb = match kind {
            0o040_000 => "Cannot mkdir",
            0o120_000 => "Cannot create symlink to",
            _ => "Cannot open",
        };
        let text = if kind == 0o120_000 {
            format!("{name}: {verb} {}: {e}", quote::always(&String::from_utf8_lossy(&m.content)))
        } else {
            format!("{name}: {verb}: {e}")
        };
        c.fail(text).await;
        return false;
    }
    if c.sys.ids().0 == 0 && !p.has("no-preserve-owner") {
        let _ = c.sys.chown(name, Some(m.uid), Some(m.gid), false).await;
    }
    if kind != 0o120_000 {
        let _ = c.sys.chmod(name, m.mode & 0o7777).await;
        if p.has("m") && kind != 0o040_000 {
            let _ = c.sys.utimes(name, Some((i64::from(m.mtime), 0))).await;
        }
    }
    if p.has("v") {
        c.sys.eprint(format!("{name}\n")).await;
    }
    true
}

/// `-p`: from names to another folder.
async fn pass(c: &mut Cli, p: &Parsed) -> Run<()> {
    let [to] = p.operands.as_slice() else {
        let text = if p.operands.is_empty() { "Not enough arguments" } else { "Too many arguments" };
        return wrong(c, text).await;
    };
    let mut size = 0;
    for name in listed(c, p).await {
        let Some(s) = stat(c, p, &name).await else { continue };
        let Some(m) = member(c, &name, &s).await else { continue };
        let inside = name.strip_prefix("./").unwrap_or(&name);
        let target = format!("{}/{inside}", to.trim_end_matches('/'));
        size += m.content.len();
        if p.has("l") && s.file_type == FileType::File {
            let _ = c.sys.link(&name, &target).await;
        } else {
            place(c, p, &m, &target).await;
        }
    }
    blocks(c, p, size).await
}

fn long(m: &Member, names: &Names, numeric: bool, now: i64) -> String {
    let kind = match m.mode & 0o170_000 {
        0o040_000 => 'd',
        0o120_000 => 'l',
        0o020_000 => 'c',
        0o060_000 => 'b',
        0o010_000 => 'p',
        0o140_000 => 's',
        _ => '-',
    };
    let bits: String = (0..9).map(|i| if m.mode >> (8 - i) & 1 == 1 { ['r', 'w', 'x'][i % 3] } else { '-' }).collect();
    let (user, group) =
        if numeric { (m.uid.to_string(), m.gid.to_string()) } else { (names.user(m.uid), names.group(m.gid)) };
    let mtime = i64::from(m.mtime);
    let recent = mtime > now - 31_556_952 / 2 && mtime <= now + 3600;
    let date = time::format(if recent { "%b %e %H:%M" } else { "%b %e  %Y" }, mtime, 0);
    let link = if kind == 'l' { format!(" -> {}", String::from_utf8_lossy(&m.content)) } else { String::new() };
    format!("{kind}{bits} {:3} {user:<8} {group:<8} {:8} {date} {}{link}", m.links, m.content.len(), m.name)
}
