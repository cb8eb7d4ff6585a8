//! Reads archives: `-x`, `-t`, `-d`.

use ::tar::EntryType;
use layerlab_kernel::vfs::{Dev, Node};
use layerlab_kernel::{Errno, FileType};

use super::create::within;
use super::member::{Member, members};
use super::{Transform, excluded, fatal, is_excluded, operands, unpack};
use crate::cli::{Cli, Parsed, Run};

/// Lists, extracts or compares.
pub(super) async fn run(c: &mut Cli, p: &Parsed, file: &str) -> Run<()> {
    let bytes = unpack(c, p, file).await?;
    let (all, good) = members(&bytes);
    if !good && all.is_empty() {
        c.warn("This does not look like a tar archive").await;
        return c.die(2, "Exiting with failure status due to previous errors").await;
    }
    let patterns = excluded(c, p).await?;
    let names: Vec<String> = operands(c, p).await?.into_iter().map(|(n, _)| n).collect();
    let transform = Transform::new(c, p).await?;
    for dir in p.values("C") {
        if let Err(e) = c.sys.chdir(&dir).await {
            return fatal(c, format!("{dir}: Cannot open: {e}")).await;
        }
    }
    let strip = match p.value("strip-components").map(str::parse::<usize>) {
        Some(Err(_)) => {
            let given = p.value("strip-components").unwrap_or("").to_owned();
            return super::wrong(c, &format!("{given}: Invalid number of elements")).await;
        }
        Some(Ok(n)) => n,
        None => 0,
    };
    let one = match (p.has("one-top-level"), p.value("one-top-level")) {
        (true, Some(dir)) => Some(dir.to_owned()),
        (true, None) => {
            let base = file.rsplit('/').next().unwrap_or(file);
            Some(base.split(".t").next().unwrap_or(base).to_owned())
        }
        _ => None,
    };
    let mut found = vec![false; names.len()];
    let zone = c.zone().await;
    let (mut folders, mut width, mut stripped) = (Vec::new(), 19, false);
    let full = p.has("full-time");
    for m in &all {
        if !names.is_empty() {
            let hit = names.iter().position(|o| {
                within(&m.name, o)
                    || p.has("wildcards") && {
                        let plain = m.name.trim_end_matches('/');
                        let up = plain.match_indices('/').filter_map(|(i, _)| plain.get(..i));
                        up.chain([plain]).any(|n| crate::glob::matches(o, n))
                    }
            });
            match hit.and_then(|i| found.get_mut(i)) {
                Some(f) => *f = true,
                None => continue,
            }
        }
        if is_excluded(&patterns, &m.name) {
            continue;
        }
        if p.has("t") {
            let line = if p.has("v") {
                m.long(&m.name, &mut width, p.has("numeric-owner"), full, &zone)
            } else {
                m.name.clone()
            };
            c.put(format!("{line}\n")).await?;
            continue;
        }
        let mut name = transform.apply(&m.name);
        if strip > 0 {
            name = name.split('/').filter(|s| !s.is_empty()).skip(strip).collect::<Vec<_>>().join("/");
            if !name.is_empty() && m.name.ends_with('/') {
                name.push('/');
            }
        }
        if name.is_empty() {
            continue;
        }
        if name.starts_with('/') && !p.has("P") {
            if !std::mem::replace(&mut stripped, true) {
                c.warn("Removing leading `/' from member names").await;
            }
            name = name.trim_start_matches('/').to_owned();
        }
        if name.split('/').any(|part| part == "..") && !p.has("P") {
            c.warn(format!("{name}: Member name contains '..'")).await;
            c.code = 2;
            continue;
        }
        if let Some(top) = &one
            && !within(&name, top)
        {
            name = format!("{top}/{}", name.trim_start_matches("./"));
        }
        if p.has("d") {
            compare(c, m, &name).await?;
            continue;
        }
        if p.has("v") {
            let shown = if p.has("show-transformed-names") { name.clone() } else { m.name.clone() };
            let twice = p.options.iter().filter(|(n, _)| *n == "v").count() > 1;
            let shown = if twice { m.long(&shown, &mut width, p.has("numeric-owner"), full, &zone) } else { shown };
            if p.has("O") {
                c.sys.eprint(format!("{shown}\n")).await;
            } else {
                c.put(format!("{shown}\n")).await?;
            }
        }
        if p.has("O") {
            c.put(&m.content).await?;
            continue;
        }
        match extract(c, p, m, &name).await {
            Err(e) => {
                let what = match m.kind {
                    EntryType::Directory => "Cannot mkdir".to_owned(),
                    EntryType::Symlink => format!("Cannot create symlink to '{}'", m.link.as_deref().unwrap_or("")),
                    EntryType::Link => format!("Cannot hard link to '{}'", m.link.as_deref().unwrap_or("")),
                    _ => "Cannot open".to_owned(),
                };
                c.warn(format!("{}: {what}: {e}", name.trim_end_matches('/'))).await;
                c.code = 2;
            }
            Ok(()) if m.kind == EntryType::Directory => folders.push((name, m.mtime, m.mode)),
            Ok(()) => {}
        }
    }
    let keep = mask(c, p).await;
    for (name, mtime, mode) in folders.into_iter().rev() {
        let _ = c.sys.chmod(&name, mode & !keep).await;
        if !p.has("m") {
            let _ = c.sys.utimes(&name, Some((mtime, 0))).await;
        }
    }
    let missing: Vec<&String> = names.iter().zip(&found).filter(|(_, f)| !**f).map(|(n, _)| n).collect();
    if !p.has("wildcards") && !p.has("no-wildcards") && missing.iter().any(|n| n.contains(['*', '?', '['])) {
        c.warn("Pattern matching characters used in file names").await;
        c.warn("Use --wildcards to enable pattern matching, or --no-wildcards to suppress this warning").await;
    }
    for o in missing {
        c.warn(format!("{o}: Not found in archive")).await;
        c.code = 2;
    }
    if !good {
        c.warn("Unexpected EOF in archive").await;
        return c.die(2, "Error is not recoverable: exiting now").await;
    }
    if c.code == 2 {
        c.warn("Exiting with failure status due to previous errors").await;
    }
    Ok(())
}

/// The bits that are taken off modes.
async fn mask(c: &Cli, p: &Parsed) -> u32 {
    if (c.sys.ids().0 == 0 || p.has("p")) && !p.has("no-same-permissions") {
        return 0;
    }
    let Ok(mask) = c.sys.umask(0o022).await else { return 0o022 };
    let _ = c.sys.umask(mask).await;
    mask
}

/// `-d`: says how a file differs from the member.
async fn compare(c: &mut Cli, m: &Member, name: &str) -> Run<()> {
    let Ok(s) = c.sys.lstat(name).await else {
        c.warn(format!("{name}: Warning: Cannot stat: {}", Errno::ENOENT)).await;
        c.code = c.code.max(1);
        return Ok(());
    };
    let mut differs = Vec::new();
    if s.mode != m.mode && m.kind != EntryType::Symlink {
        differs.push("Mode differs");
    }
    if s.uid != m.owner.0 {
        differs.push("Uid differs");
    }
    if s.gid != m.owner.1 {
        differs.push("Gid differs");
    }
    if s.mtime != m.mtime && matches!(m.kind, EntryType::Regular) {
        differs.push("Mod time differs");
    }
    if matches!(m.kind, EntryType::Regular) {
        if s.size != m.size {
            differs.push("Size differs");
        } else if c.sys.read_file(name).await.ok().as_ref() != Some(&m.content) {
            differs.push("Contents differ");
        }
    }
    for d in differs {
        c.put(format!("{name}: {d}\n")).await?;
        c.code = c.code.max(1);
    }
    Ok(())
}

async fn extract(c: &Cli, p: &Parsed, m: &Member, name: &str) -> Result<(), Errno> {
    let name = name.trim_end_matches('/');
    if let Some((parent, _)) = name.rsplit_once('/') {
        let mut so_far = String::new();
        for part in parent.split('/') {
            so_far.push_str(part);
            if !so_far.is_empty() {
                let _ = c.sys.mkdir(&so_far, 0o777).await;
            }
            so_far.push('/');
        }
    }
    let there = c.sys.lstat(name).await.ok();
    let folder = m.kind == EntryType::Directory;
    if let (Some(s), false) = (&there, folder) {
        if p.has("skip-old-files") || p.has("keep-newer-files") && s.mtime >= m.mtime {
            return Ok(());
        }
        if p.has("k") {
            return Err(Errno::EEXIST);
        }
        let _ = if s.file_type == FileType::Dir { c.sys.rmdir(name).await } else { c.sys.unlink(name).await };
    }
    let to = m.link.as_deref().unwrap_or("");
    match m.kind {
        EntryType::Directory => match c.sys.mkdir(name, 0o777).await {
            Ok(()) => {}
            Err(Errno::EEXIST) if c.sys.stat(name).await.is_ok_and(|s| s.file_type == FileType::Dir) => {}
            Err(e) => return Err(e),
        },
        EntryType::Symlink => c.sys.symlink(to, name).await?,
        EntryType::Link => c.sys.link(to, name).await?,
        EntryType::Fifo => c.sys.mkfifo(name, m.mode).await?,
        EntryType::Char => {
            let device = Dev::from_numbers(m.device.0, m.device.1);
            c.sys.mknod(name, m.mode, Node::Char(device)).await?;
        }
        EntryType::Block => c.sys.mknod(name, m.mode, Node::Block(m.device.0, m.device.1)).await?,
        _ => c.sys.write_file(name, m.content.clone(), 0o600).await?,
    }
    if c.sys.ids().0 == 0 && !p.has("no-same-owner") && !p.has("o") {
        let _ = c.sys.chown(name, Some(m.owner.0), Some(m.owner.1), false).await;
    }
    if matches!(m.kind, EntryType::Symlink | EntryType::Link | EntryType::Directory) {
        return Ok(());
    }
    c.sys.chmod(name, m.mode & !mask(c, p).await).await?;
    if !p.has("m") {
        c.sys.utimes(name, Some((m.mtime, 0))).await?;
    }
    Ok(())
}
