//! `tar`: archives (POSIX ustar, with GNU's long names).

use ::tar::{Archive, Builder, EntryType, Header};
use layerlab_kernel::{FileType, OpenFlags};

use crate::cli::{Cli, Run, Spec, Stop, names::Names, path, time};
use crate::gzip;

const SPEC: Spec = Spec::new(
    "[OPTION...] [FILE]...",
    "Save many files together into a single archive, and restore individual files from it.",
    "c|create x|extract|get t|list v|verbose z|gzip|gunzip|ungzip f|file= C|directory= p|preserve-permissions same-owner no-same-owner exclude= strip-components= O|to-stdout k|keep-old-files numeric-owner h|dereference no-recursion a|auto-compress",
)
.fails(2)
.version("GNU tar) 1.35 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `tar xzf a.tar`: the first word may be options without a dash, whose values follow in order.
    if let Some(first) = c.args.first().cloned()
        && !first.starts_with('-')
    {
        c.args.remove(0);
        let mut at = 0;
        let mut words = Vec::new();
        for letter in first.chars() {
            words.push(format!("-{letter}"));
            if matches!(letter, 'f' | 'C') && at < c.args.len() {
                words.push(c.args.remove(at));
                at = 0;
            }
        }
        words.append(&mut c.args);
        c.args = words;
    }
    let p = c.parse(&SPEC).await?;
    let file = p.value("f").unwrap_or("-").to_owned();
    let help = "Try 'tar --help' or 'tar --usage' for more information.\n";
    let modes = ["c", "x", "t"].iter().filter(|m| p.has(m)).count();
    if modes != 1 {
        let text = if modes == 0 {
            "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        } else {
            "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"
        };
        c.warn(text).await;
        c.sys.eprint(help).await;
        return Err(Stop::Code(2));
    }
    if p.has("c") { create(c, &p, &file).await } else { read(c, &p, &file).await }
}

async fn fatal<T>(c: &mut Cli, message: String) -> Run<T> {
    c.warn(message).await;
    c.die(2, "Error is not recoverable: exiting now").await
}

async fn create(c: &mut Cli, p: &crate::cli::Parsed, file: &str) -> Run<()> {
    if p.operands.is_empty() {
        c.warn("Cowardly refusing to create an empty archive").await;
        c.sys.eprint("Try 'tar --help' or 'tar --usage' for more information.\n").await;
        return Err(Stop::Code(2));
    }
    let gz = p.has("z") || p.has("a") && (file.ends_with(".gz") || file.ends_with(".tgz"));
    // The archive's name counts from where tar was started.
    let out = if file == "-" {
        1
    } else {
        match c.sys.open(file, OpenFlags::CREATE, 0o666).await {
            Ok(fd) => fd,
            Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
        }
    };
    let own = c.sys.fstat(out).await.ok().filter(|_| file != "-").map(|s| (s.dev, s.ino));
    if let Some(dir) = p.value("C")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return fatal(c, format!("{dir}: Cannot open: {e}")).await;
    }
    let users = Names::load(&c.sys).await;
    let mut builder = Builder::new(Vec::new());
    let mut stripped = false;
    let mut todo: Vec<String> = p.operands.iter().rev().cloned().collect();
    let excluded = p.values("exclude");
    let mut first: Vec<((u64, u64), String)> = Vec::new();
    while let Some(name) = todo.pop() {
        let matches = |x: &String| {
            crate::glob::matches(x, &name)
                || crate::glob::matches(x, path::base(&name))
                || name.ends_with(&format!("/{x}"))
        };
        if excluded.iter().any(matches) {
            continue;
        }
        let stat = if p.has("h") { c.sys.stat(&name).await } else { c.sys.lstat(&name).await };
        let s = match stat {
            Ok(s) => s,
            Err(e) => {
                c.warn(format!("{name}: Cannot stat: {e}")).await;
                c.code = 2;
                continue;
            }
        };
        if own == Some((s.dev, s.ino)) {
            c.warn(format!("{name}: archive cannot contain itself; not dumped")).await;
            c.code = c.code.max(1);
            continue;
        }
        let mut inside = name.trim_start_matches('/').to_owned();
        if inside.len() < name.len() && !std::mem::replace(&mut stripped, true) {
            c.warn("Removing leading `/' from member names").await;
        }
        let mut header = Header::new_gnu();
        header.set_mode(s.mode);
        header.set_uid(s.uid.into());
        header.set_gid(s.gid.into());
        header.set_mtime(s.mtime.max(0) as u64);
        let _ = header.set_username(&users.user(s.uid));
        let _ = header.set_groupname(&users.group(s.gid));
        header.set_size(0);
        let mut content = Vec::new();
        let mut link = None;
        match s.file_type {
            FileType::Dir => {
                header.set_entry_type(EntryType::Directory);
                inside = format!("{}/", inside.trim_end_matches('/'));
                if !p.has("no-recursion") {
                    let entries = c.sys.read_dir(&name).await.unwrap_or_default();
                    let mut below: Vec<String> = entries
                        .into_iter()
                        .filter(|e| e.name != "." && e.name != "..")
                        .map(|e| path::join(&name, &e.name))
                        .collect();
                    below.reverse();
                    todo.extend(below);
                }
            }
            FileType::Symlink => {
                header.set_entry_type(EntryType::Symlink);
                link = c.sys.readlink(&name).await.ok();
            }
            FileType::File => match first.iter().find(|f| f.0 == (s.dev, s.ino)) {
                Some((_, other)) => {
                    header.set_entry_type(EntryType::Link);
                    link = Some(other.clone());
                }
                None => match c.slurp(&name).await {
                    Ok(b) => {
                        if s.nlink > 1 {
                            first.push(((s.dev, s.ino), inside.clone()));
                        }
                        header.set_entry_type(EntryType::Regular);
                        header.set_size(b.len() as u64);
                        content = b;
                    }
                    Err(e) => {
                        c.warn(format!("{name}: Cannot open: {e}")).await;
                        c.code = 2;
                        continue;
                    }
                },
            },
            _ => {
                c.warn(format!("{name}: socket ignored")).await;
                continue;
            }
        }
        if p.has("v") {
            let shown = if inside.ends_with('/') { format!("{}/", name.trim_end_matches('/')) } else { name.clone() };
            if file == "-" {
                c.sys.eprint(format!("{shown}\n")).await;
            } else {
                c.put(format!("{shown}\n")).await?;
            }
        }
        let done = match link {
            Some(to) => builder.append_link(&mut header, &inside, to),
            None => builder.append_data(&mut header, &inside, content.as_slice()),
        };
        if let Err(e) = done {
            c.warn(format!("{name}: {e}")).await;
            c.code = 2;
        }
    }
    let mut bytes = builder.into_inner().unwrap_or_default();
    // GNU writes whole records of twenty blocks.
    bytes.resize(bytes.len().next_multiple_of(10_240), 0);
    if gz {
        bytes = gzip::compress(&bytes, 6, None, 0).unwrap_or_default();
    }
    c.flush().await?;
    match c.sys.write_all(out, bytes).await {
        Ok(()) => {}
        Err(e) => return fatal(c, format!("{file}: Cannot write: {e}")).await,
    }
    if c.code == 2 {
        c.warn("Exiting with failure status due to previous errors").await;
    }
    Ok(())
}

struct Member {
    name: String,
    kind: EntryType,
    mode: u32,
    owner: (u32, u32),
    names: String,
    mtime: i64,
    size: u64,
    link: Option<String>,
    content: Vec<u8>,
}

fn members(bytes: &[u8]) -> Result<Vec<Member>, String> {
    let mut all = Vec::new();
    let mut archive = Archive::new(bytes);
    for entry in archive.entries().map_err(|e| e.to_string())? {
        let mut e = entry.map_err(|e| e.to_string())?;
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut e, &mut content).map_err(|e| e.to_string())?;
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let h = e.header();
        let user = h.username().ok().flatten().filter(|u| !u.is_empty());
        let group = h.groupname().ok().flatten().filter(|g| !g.is_empty());
        let (uid, gid) = (h.uid().unwrap_or(0) as u32, h.gid().unwrap_or(0) as u32);
        let names = format!(
            "{}/{}",
            user.map_or_else(|| uid.to_string(), str::to_owned),
            group.map_or_else(|| gid.to_string(), str::to_owned)
        );
        all.push(Member {
            name: text(&e.path_bytes()),
            kind: h.entry_type(),
            mode: h.mode().unwrap_or(0o644) & 0o7777,
            owner: (uid, gid),
            names,
            mtime: h.mtime().unwrap_or(0) as i64,
            size: h.size().unwrap_or(0),
            link: e.link_name_bytes().map(|l| text(&l)),
            content,
        });
    }
    Ok(all)
}

async fn read(c: &mut Cli, p: &crate::cli::Parsed, file: &str) -> Run<()> {
    let mut bytes = match c.slurp(file).await {
        Ok(b) => b,
        Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
    };
    if bytes.starts_with(&[0x1f, 0x8b]) {
        match gzip::decompress(&bytes) {
            Some(b) => bytes = b,
            None => return fatal(c, "Child returned status 1".to_owned()).await,
        }
    } else if p.has("z") {
        c.sys.eprint("\ngzip: stdin: not in gzip format\n").await;
        c.warn("Child returned status 1").await;
        return c.die(2, "Error is not recoverable: exiting now").await;
    }
    let Ok(all) = members(&bytes) else {
        c.warn("This does not look like a tar archive").await;
        return c.die(2, "Exiting with failure status due to previous errors").await;
    };
    if let Some(dir) = p.value("C")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return fatal(c, format!("{dir}: Cannot open: {e}")).await;
    }
    let strip = p.value("strip-components").and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
    let mut found = vec![false; p.operands.len()];
    let mut folders = Vec::new();
    for m in &all {
        if !p.operands.is_empty() {
            let plain = m.name.trim_end_matches('/');
            let hit = p.operands.iter().position(|o| {
                let o = o.trim_end_matches('/');
                plain == o || plain.strip_prefix(o).is_some_and(|r| r.starts_with('/'))
            });
            match hit {
                Some(i) => found[i] = true,
                None => continue,
            }
        }
        if p.has("t") {
            let line = if p.has("v") { long(m) } else { m.name.clone() };
            c.put(format!("{line}\n")).await?;
            continue;
        }
        let name: String = m.name.split('/').skip(strip).collect::<Vec<_>>().join("/");
        let name = name.trim_start_matches('/');
        if name.is_empty() {
            continue;
        }
        if name.split('/').any(|part| part == "..") {
            c.warn(format!("{name}: Member name contains '..'")).await;
            c.code = 2;
            continue;
        }
        if p.has("v") {
            if p.has("O") {
                c.sys.eprint(format!("{}\n", m.name)).await;
            } else {
                c.put(format!("{}\n", m.name)).await?;
            }
        }
        if p.has("O") {
            c.put(&m.content).await?;
            continue;
        }
        if let Err(e) = extract(c, p, m, name).await {
            c.warn(format!("{name}: Cannot open: {e}")).await;
            c.code = 2;
        } else if m.kind == EntryType::Directory {
            folders.push((name.to_owned(), m.mtime));
        }
    }
    for (name, mtime) in folders.into_iter().rev() {
        let _ = c.sys.utimes(&name, Some((mtime, 0))).await;
    }
    for (o, found) in p.operands.iter().zip(found) {
        if !found {
            c.warn(format!("{o}: Not found in archive")).await;
            c.code = 2;
        }
    }
    if c.code == 2 {
        c.warn("Exiting with failure status due to previous errors").await;
    }
    Ok(())
}

async fn extract(c: &Cli, p: &crate::cli::Parsed, m: &Member, name: &str) -> Result<(), layerlab_kernel::Errno> {
    let trimmed = name.trim_end_matches('/');
    let mut at = String::new();
    let parents: Vec<&str> = trimmed.split('/').collect();
    for part in &parents[..parents.len() - 1] {
        at = if at.is_empty() { (*part).to_owned() } else { format!("{at}/{part}") };
        let _ = c.sys.mkdir(&at, 0o777).await;
    }
    let (uid, _) = c.sys.ids();
    let root = uid == 0;
    if m.kind != EntryType::Directory && !p.has("k") {
        let _ = c.sys.unlink(trimmed).await;
    }
    match m.kind {
        EntryType::Directory => match c.sys.mkdir(trimmed, 0o777).await {
            Ok(()) | Err(layerlab_kernel::Errno::EEXIST) => {}
            Err(e) => return Err(e),
        },
        EntryType::Symlink => {
            c.sys.symlink(m.link.as_deref().unwrap_or(""), trimmed).await?;
        }
        EntryType::Link => c.sys.link(m.link.as_deref().unwrap_or(""), trimmed).await?,
        _ => c.sys.write_file(trimmed, m.content.clone(), 0o600).await?,
    }
    if root && !p.has("no-same-owner") {
        let _ = c.sys.chown(trimmed, Some(m.owner.0), Some(m.owner.1), false).await;
    }
    if matches!(m.kind, EntryType::Symlink | EntryType::Link) {
        return Ok(());
    }
    let mask = if root || p.has("p") {
        0
    } else {
        let mask = c.sys.umask(0o022).await?;
        c.sys.umask(mask).await?;
        mask
    };
    c.sys.chmod(trimmed, m.mode & !mask).await?;
    if m.kind != EntryType::Directory {
        c.sys.utimes(trimmed, Some((m.mtime, 0))).await?;
    }
    Ok(())
}

fn long(m: &Member) -> String {
    let kind = match m.kind {
        EntryType::Directory => 'd',
        EntryType::Symlink => 'l',
        EntryType::Link => 'h',
        _ => '-',
    };
    let bits: String = (0..9).map(|i| if m.mode >> (8 - i) & 1 == 1 { ['r', 'w', 'x'][i % 3] } else { '-' }).collect();
    let width = 18usize.saturating_sub(m.names.len()).max(1);
    let date = time::format("%Y-%m-%d %H:%M", m.mtime, 0);
    let link = match (&m.link, m.kind) {
        (Some(l), EntryType::Symlink) => format!(" -> {l}"),
        (Some(l), _) => format!(" link to {l}"),
        _ => String::new(),
    };
    format!("{kind}{bits} {} {:>width$} {date} {}{link}", m.names, m.size, m.name)
}
