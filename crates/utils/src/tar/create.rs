//! Writes archives: `-c`, `-r`, `-u`, `-A`, `--delete`.

use ::tar::{Builder, EntryType, Header};
use layerlab_kernel::{FileType, OpenFlags, Stat};

use super::member::{Member, members};
use super::{Transform, excluded, fatal, is_excluded, operands, pack, unpack, wrong};
use crate::cli::{Cli, Parsed, Run, names::Names, path, quote, zone::Zone};

struct Writer<'a> {
    p: &'a Parsed,
    builder: Builder<Vec<u8>>,
    users: Names,
    transform: Transform,
    /// Files with several names, by device and inode.
    first: Vec<((u64, u64), String)>,
    stripped: bool,
    /// Where names are said: on standard error if the archive goes to standard output.
    aside: bool,
    width: usize,
    zone: Zone,
}

/// Creates an archive, or adds to one.
pub(super) async fn run(c: &mut Cli, p: &Parsed, file: &str, mode: &str) -> Run<()> {
    let names = operands(c, p).await?;
    if names.is_empty() && !p.has("T") {
        if mode == "c" {
            return wrong(c, "Cowardly refusing to create an empty archive").await;
        }
        return Ok(());
    }
    let old = if mode == "c" || c.sys.stat(file).await.is_err() { Vec::new() } else { unpack(c, p, file).await? };
    if mode != "c" && c.slurp(file).await.is_ok_and(|b| b.starts_with(&[0x1f, 0x8b])) {
        return fatal(c, "Cannot update compressed archives".to_owned()).await;
    }
    let (had, good) = members(&old);
    if !good {
        c.warn("This does not look like a tar archive").await;
        return c.die(2, "Exiting with failure status due to previous errors").await;
    }
    let out = if file == "-" {
        1
    } else {
        // The archive's name counts from where tar was started.
        match c.sys.open(file, OpenFlags::CREATE, 0o666).await {
            Ok(fd) => fd,
            Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
        }
    };
    let own = c.sys.fstat(out).await.ok().filter(|_| file != "-").map(|s| (s.dev, s.ino));
    let mut kept = old.get(..had.last().map_or(0, |m| m.span.1)).unwrap_or_default().to_vec();
    let mut w = Writer {
        p,
        builder: Builder::new(Vec::new()),
        users: Names::load(&c.sys).await,
        transform: Transform::new(c, p).await?,
        first: Vec::new(),
        stripped: false,
        aside: file == "-",
        width: 19,
        zone: c.zone().await,
    };
    let patterns = excluded(c, p).await?;
    let newer = match p.value("N") {
        Some(f) if f.starts_with(['.', '/']) => c.sys.stat(f).await.ok().map(|s| s.mtime),
        _ => None,
    };
    let mut done = Vec::new();
    let mut moved = 0;
    for (operand, before) in names {
        // Each -C counts for what stands behind it.
        let upto = before.min(p.options.len());
        for (option, value) in p.options.iter().take(upto).skip(moved) {
            if *option == "C"
                && let Some(dir) = value
                && let Err(e) = c.sys.chdir(dir).await
            {
                return fatal(c, format!("{dir}: Cannot open: {e}")).await;
            }
        }
        moved = moved.max(upto);
        let mut todo = vec![(operand, true)];
        while let Some((name, given)) = todo.pop() {
            if is_excluded(&patterns, &name) {
                continue;
            }
            let stat = if p.has("h") { c.sys.stat(&name).await } else { c.sys.lstat(&name).await };
            let s = match stat {
                Ok(s) => s,
                Err(e) => {
                    c.warn(format!("{}: Cannot stat: {e}", quote::before_colon(&name))).await;
                    c.code = 2;
                    continue;
                }
            };
            if own == Some((s.dev, s.ino)) {
                c.warn(format!("{name}: archive cannot contain itself; not dumped")).await;
                c.code = c.code.max(1);
                continue;
            }
            let stale = mode == "u" && {
                let inside = name.trim_start_matches('/').trim_end_matches('/');
                let last = had.iter().rev().find(|m| m.name.trim_end_matches('/') == inside);
                last.is_some_and(|m| s.mtime <= m.mtime)
            } || newer.is_some_and(|n| s.mtime <= n && !given && s.file_type != FileType::Dir);
            if s.file_type == FileType::Dir && !p.has("no-recursion") {
                match c.sys.read_dir(&name).await {
                    Ok(entries) => {
                        let below = entries.into_iter().filter(|e| e.name != "." && e.name != "..");
                        let mut below: Vec<String> = below.map(|e| path::join(&name, &e.name)).collect();
                        below.sort();
                        todo.extend(below.into_iter().rev().map(|n| (n, false)));
                    }
                    Err(e) => {
                        c.warn(format!("{name}: Cannot open: {e}")).await;
                        c.code = 2;
                    }
                }
            }
            if !stale && w.add(c, &name, &s).await? {
                done.push((name, s.file_type == FileType::Dir));
            }
        }
    }
    kept.extend(w.builder.into_inner().unwrap_or_default());
    write(c, p, file, out, kept).await?;
    if p.has("remove-files") {
        for (name, folder) in done.into_iter().rev() {
            let _ = if folder { c.sys.rmdir(&name).await } else { c.sys.unlink(&name).await };
        }
    }
    finish(c).await
}

async fn finish(c: &mut Cli) -> Run<()> {
    if c.code == 2 {
        c.warn("Exiting with failure status due to previous errors").await;
    }
    Ok(())
}

/// Ends the archive as GNU does, in whole records of twenty blocks, and writes it.
async fn write(c: &mut Cli, p: &Parsed, file: &str, out: i32, mut bytes: Vec<u8>) -> Run<()> {
    let whole = bytes.len().next_multiple_of(512);
    bytes.resize(whole, 0);
    if !bytes.ends_with(&[0; 1024]) {
        bytes.resize(whole + 1024, 0);
    }
    let record = p.value("b").and_then(|b| b.parse::<usize>().ok()).filter(|b| *b > 0).unwrap_or(20) * 512;
    bytes.resize(bytes.len().next_multiple_of(record), 0);
    let total = bytes.len();
    let bytes = pack(c, p, file, bytes).await?;
    c.flush().await?;
    if let Err(e) = c.sys.write_all(out, bytes).await {
        return fatal(c, format!("{file}: Cannot write: {e}")).await;
    }
    if p.has("totals") {
        let human = crate::cli::human::size(total as u64);
        c.sys.eprint(format!("Total bytes written: {total} ({human}iB, ?/s)\n")).await;
    }
    Ok(())
}

/// `-A` and `--delete`: an archive from members of others.
pub(super) async fn rewrite(c: &mut Cli, p: &Parsed, file: &str, add: bool) -> Run<()> {
    let old = unpack(c, p, file).await?;
    let (had, _) = members(&old);
    let span = |bytes: &[u8], m: &Member| bytes.get(m.span.0..m.span.1).unwrap_or_default().to_vec();
    let mut out = Vec::new();
    let mut found = vec![false; p.operands.len()];
    for m in &had {
        let hit = if add { None } else { p.operands.iter().position(|o| within(&m.name, o)) };
        match hit.and_then(|i| found.get_mut(i)) {
            Some(f) => *f = true,
            None => out.extend(span(&old, m)),
        }
    }
    if add {
        for other in &p.operands {
            let bytes = unpack(c, p, other).await?;
            for m in members(&bytes).0 {
                out.extend(span(&bytes, &m));
            }
        }
    } else {
        for (o, _) in p.operands.iter().zip(found).filter(|(_, f)| !f) {
            c.warn(format!("{o}: Not found in archive")).await;
            c.code = 2;
        }
    }
    let fd = match c.sys.open(file, OpenFlags::CREATE, 0o666).await {
        Ok(fd) => fd,
        Err(e) => return fatal(c, format!("{file}: Cannot open: {e}")).await,
    };
    write(c, p, file, fd, out).await?;
    finish(c).await
}

/// Whether a member is what an operand names, or lies in it.
pub(super) fn within(name: &str, operand: &str) -> bool {
    let (name, operand) = (name.trim_end_matches('/'), operand.trim_end_matches('/'));
    name == operand || name.strip_prefix(operand).is_some_and(|r| r.starts_with('/'))
}

impl Writer<'_> {
    /// `--owner`, `--group`: a name, a number, or `NAME:NUMBER`.
    fn identity(&self, option: &str, own: (u32, String)) -> (u32, String) {
        let Some(given) = self.p.value(option) else { return own };
        let (name, number) = given.split_once(':').unwrap_or((given, ""));
        let known = if option == "owner" { self.users.uid(name) } else { self.users.gid(name) };
        let id = number.parse().ok().or(known).unwrap_or(own.0);
        let name = match name.parse::<u32>() {
            Ok(_) if option == "owner" => self.users.user(id),
            Ok(_) => self.users.group(id),
            Err(_) => name.to_owned(),
        };
        (id, name)
    }

    /// Adds a file; whether it could be read.
    async fn add(&mut self, c: &mut Cli, name: &str, s: &Stat) -> Run<bool> {
        let p = self.p;
        let mut inside = self.transform.apply(name);
        if inside.starts_with('/') && !p.has("P") {
            if !std::mem::replace(&mut self.stripped, true) {
                c.warn("Removing leading `/' from member names").await;
            }
            inside = inside.trim_start_matches('/').to_owned();
        }
        if inside.is_empty() {
            inside = "./".to_owned();
        }
        let mut header = Header::new_gnu();
        let mode = match p.value("mode").map(|m| u32::from_str_radix(m, 8)) {
            Some(Ok(m)) => m,
            _ => s.mode,
        };
        let (uid, user) = self.identity("owner", (s.uid, self.users.user(s.uid)));
        let (gid, group) = self.identity("group", (s.gid, self.users.group(s.gid)));
        header.set_mode(mode);
        header.set_uid(uid.into());
        header.set_gid(gid.into());
        let mtime = p.value("mtime").and_then(|t| t.strip_prefix('@')?.parse::<i64>().ok()).unwrap_or(s.mtime);
        header.set_mtime(mtime.max(0) as u64);
        if !p.has("numeric-owner") {
            let _ = header.set_username(&user);
            let _ = header.set_groupname(&group);
        }
        header.set_size(0);
        let (mut content, mut link) = (Vec::new(), None);
        match s.file_type {
            FileType::Dir => {
                header.set_entry_type(EntryType::Directory);
                inside = format!("{}/", inside.trim_end_matches('/'));
            }
            FileType::Symlink => {
                header.set_entry_type(EntryType::Symlink);
                link = c.sys.readlink(name).await.ok();
            }
            FileType::File => match self.first.iter().find(|f| f.0 == (s.dev, s.ino)) {
                Some((_, other)) if !p.has("hard-dereference") => {
                    header.set_entry_type(EntryType::Link);
                    link = Some(other.clone());
                }
                _ => match c.slurp(name).await {
                    Ok(b) => {
                        if s.nlink > 1 {
                            self.first.push(((s.dev, s.ino), inside.clone()));
                        }
                        header.set_entry_type(EntryType::Regular);
                        header.set_size(b.len() as u64);
                        content = b;
                    }
                    Err(e) => {
                        c.warn(format!("{name}: Cannot open: {e}")).await;
                        c.code = 2;
                        return Ok(false);
                    }
                },
            },
            FileType::Fifo => header.set_entry_type(EntryType::Fifo),
            FileType::Char | FileType::Block => {
                let char = s.file_type == FileType::Char;
                header.set_entry_type(if char { EntryType::Char } else { EntryType::Block });
                let _ = header.set_device_major(s.rdev.0);
                let _ = header.set_device_minor(s.rdev.1);
            }
            _ => {
                c.warn(format!("{name}: socket ignored")).await;
                return Ok(false);
            }
        }
        if p.has("v") {
            let mut shown = if p.has("show-transformed-names") { inside.clone() } else { name.to_owned() };
            if s.file_type == FileType::Dir {
                shown = format!("{}/", shown.trim_end_matches('/'));
            }
            if p.options.iter().filter(|(n, _)| *n == "v").count() > 1 {
                let m = Member {
                    name: inside.clone(),
                    kind: header.entry_type(),
                    mode,
                    owner: (uid, gid),
                    names: (Some(user), Some(group)),
                    mtime,
                    size: content.len() as u64,
                    link: link.clone(),
                    device: s.rdev,
                    content: Vec::new(),
                    span: (0, 0),
                };
                shown = m.long(&shown, &mut self.width, p.has("numeric-owner"), p.has("full-time"), &self.zone);
            }
            if self.aside {
                c.sys.eprint(format!("{shown}\n")).await;
            } else {
                c.put(format!("{shown}\n")).await?;
            }
        }
        // The builder would leave out a leading `./`.
        let dotted = inside.starts_with("./") && inside.len() < 100;
        let fits = link.as_ref().is_none_or(|to| header.set_link_name_literal(to).is_ok());
        let done = match link {
            _ if dotted && fits => {
                if let Some(place) = header.as_gnu_mut().and_then(|h| h.name.get_mut(..inside.len())) {
                    place.copy_from_slice(inside.as_bytes());
                }
                header.set_cksum();
                self.builder.append(&header, content.as_slice())
            }
            Some(to) => self.builder.append_link(&mut header, &inside, to),
            None => self.builder.append_data(&mut header, &inside, content.as_slice()),
        };
        if let Err(e) = done {
            c.warn(format!("{name}: {e}")).await;
            c.code = 2;
        }
        Ok(true)
    }
}
