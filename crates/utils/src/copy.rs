//! Copying files with all they have, for `cp`, `mv` and `install`.

use layerlab_kernel::{Errno, FileType, OpenFlags, Stat};

use crate::cli::{Cli, Run, path, quote};

/// How to copy.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
pub(crate) struct Options {
    pub(crate) recursive: bool,
    pub(crate) keep_mode: bool,
    pub(crate) keep_owner: bool,
    pub(crate) keep_time: bool,
    /// Links within the copied trees stay links.
    pub(crate) keep_links: bool,
    /// Links on the command line are followed.
    pub(crate) follow_args: bool,
    pub(crate) force: bool,
    pub(crate) no_clobber: bool,
    pub(crate) update: bool,
    pub(crate) ask: bool,
    pub(crate) verbose: bool,
    pub(crate) link: bool,
    pub(crate) symlink: bool,
    pub(crate) remove_destination: bool,
    /// Where what was there before is now.
    pub(crate) backup: Option<String>,
}

enum Task {
    Copy { from: String, to: String, top: bool },
    Finish { to: String, stat: Stat },
}

/// Copies one operand to exactly `to`; messages are cp's. Whether all went well.
pub(crate) async fn tree(c: &mut Cli, from: &str, to: &str, o: &Options) -> Run<bool> {
    let before = c.code;
    c.code = 0;
    let mut tasks = vec![Task::Copy { from: from.to_owned(), to: to.to_owned(), top: true }];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Finish { to, stat } => attributes(c, &to, &stat, o, true).await,
            Task::Copy { from, to, top } => {
                if let Some(names) = one(c, &from, &to, top, o, &mut tasks).await? {
                    let below = names.iter().rev();
                    let below: Vec<Task> = below
                        .map(|n| Task::Copy { from: path::join(&from, n), to: path::join(&to, n), top: false })
                        .collect();
                    tasks.extend(below);
                }
            }
        }
    }
    let ok = c.code == 0;
    c.code = c.code.max(before);
    Ok(ok)
}

async fn attributes(c: &mut Cli, to: &str, s: &Stat, o: &Options, made: bool) {
    if o.keep_owner {
        let _ = c.sys.chown(to, Some(s.uid), Some(s.gid), false).await;
    }
    if s.file_type != FileType::Symlink {
        if o.keep_mode {
            let _ = c.sys.chmod(to, s.mode).await;
        } else if made && s.file_type == FileType::Dir {
            let mask = c.sys.umask(0).await.unwrap_or(0o022);
            let _ = c.sys.umask(mask).await;
            let _ = c.sys.chmod(to, s.mode & 0o777 & !mask).await;
        }
        if o.keep_time {
            let _ = c.sys.utimes(to, Some((s.mtime, s.mtime_nsec))).await;
        }
    }
    if s.file_type == FileType::File && s.nominal_size != s.size {
        let _ = c.sys.set_nominal_size(to, s.nominal_size).await;
    }
}

/// Copies one name; the names below where it is a directory to be gone through.
async fn one(
    c: &mut Cli,
    from: &str,
    to: &str,
    top: bool,
    o: &Options,
    tasks: &mut Vec<Task>,
) -> Run<Option<Vec<String>>> {
    let follow = if top { o.follow_args || !o.keep_links } else { !o.keep_links };
    let found = if follow { c.sys.stat(from).await } else { c.sys.lstat(from).await };
    let s = match found {
        Ok(s) => s,
        Err(e) => {
            c.fail(format!("cannot stat {}: {e}", quote::always(from))).await;
            return Ok(None);
        }
    };
    let there = if s.file_type == FileType::Symlink { c.sys.lstat(to).await.ok() } else { c.sys.stat(to).await.ok() };
    if s.file_type == FileType::Dir && !o.recursive {
        c.fail(format!("-r not specified; omitting directory {}", quote::always(from))).await;
        return Ok(None);
    }
    if let Some(t) = &there {
        if (t.dev, t.ino) == (s.dev, s.ino) && s.file_type != FileType::Dir && !o.link {
            c.fail(format!("{} and {} are the same file", quote::always(from), quote::always(to))).await;
            return Ok(None);
        }
        if s.file_type == FileType::Dir && t.file_type != FileType::Dir {
            let text =
                format!("cannot overwrite non-directory {} with directory {}", quote::always(to), quote::always(from));
            c.fail(text).await;
            return Ok(None);
        }
        if s.file_type != FileType::Dir {
            if t.file_type == FileType::Dir {
                c.fail(format!("cannot overwrite directory {} with non-directory", quote::always(to))).await;
                return Ok(None);
            }
            if o.no_clobber || o.update && (t.mtime, t.mtime_nsec) >= (s.mtime, s.mtime_nsec) {
                return Ok(None);
            }
            if o.ask && !crate::rm::yes(c, format!("overwrite {}?", quote::always(to))).await? {
                return Ok(None);
            }
            let link_over = s.file_type == FileType::Symlink || o.link || o.symlink;
            if o.remove_destination || link_over {
                let _ = c.sys.unlink(to).await;
            }
        }
    }
    if o.verbose {
        let kept = o.backup.as_ref().filter(|_| top).map(|b| format!(" (backup: {})", quote::always(b)));
        c.put(format!("{} -> {}{}\n", quote::always(from), quote::always(to), kept.unwrap_or_default())).await?;
    }
    let result = match s.file_type {
        FileType::Dir => {
            // A copy into itself would never end.
            if top
                && let (Ok(a), Ok(b)) = (c.sys.real_path(from).await, c.sys.real_path(path::dir(to)).await)
                && (b == a || b.starts_with(&format!("{}/", a.trim_end_matches('/'))))
            {
                c.fail(format!("cannot copy a directory, {}, into itself, {}", quote::always(from), quote::always(to)))
                    .await;
                return Ok(None);
            }
            if there.is_none()
                && let Err(e) = c.sys.mkdir(to, s.mode & 0o777 | 0o700).await
            {
                c.fail(format!("cannot create directory {}: {e}", quote::always(to))).await;
                return Ok(None);
            }
            return Ok(match c.sys.read_dir(from).await {
                Ok(names) => {
                    if there.is_none() || o.keep_mode || o.keep_time {
                        tasks.push(Task::Finish { to: to.to_owned(), stat: s });
                    }
                    Some(names.into_iter().map(|n| n.name).collect())
                }
                Err(e) => {
                    c.fail(format!("cannot access {}: {e}", quote::always(from))).await;
                    None
                }
            });
        }
        FileType::Symlink => match c.sys.readlink(from).await {
            Ok(text) => c.sys.symlink(&text, to).await.map_err(|e| ("create symbolic link", to, e)),
            Err(e) => Err(("read symbolic link", from, e)),
        },
        _ if o.link => c.sys.link(from, to).await.map_err(|e| ("create hard link", to, e)),
        _ if o.symlink => c.sys.symlink(from, to).await.map_err(|e| ("create symbolic link", to, e)),
        _ => file(c, from, to, &s, there.is_some(), o).await,
    };
    if let Err((what, which, e)) = result {
        let text = if what == "write" {
            format!("error writing {}: {e}", quote::always(which))
        } else {
            format!(
                "cannot {what} {}{}: {e}",
                quote::always(which),
                if what.starts_with("open") { " for reading" } else { "" }
            )
        };
        c.fail(text).await;
        return Ok(None);
    }
    if !o.link && !o.symlink {
        attributes(c, to, &s, o, there.is_none()).await;
    }
    Ok(None)
}

async fn file<'a>(
    c: &mut Cli,
    from: &'a str,
    to: &'a str,
    s: &Stat,
    there: bool,
    o: &Options,
) -> Result<(), (&'static str, &'a str, Errno)> {
    let input = c.sys.open(from, OpenFlags::READ, 0).await.map_err(|e| ("open", from, e))?;
    let mut output = c.sys.open(to, OpenFlags::CREATE, s.mode & 0o777).await;
    if output.is_err() && o.force && there {
        let _ = c.sys.unlink(to).await;
        output = c.sys.open(to, OpenFlags::CREATE, s.mode & 0o777).await;
    }
    let output = match output {
        Ok(fd) => fd,
        Err(e) => {
            let _ = c.sys.close(input).await;
            let e = if to.ends_with('/') && e == Errno::EISDIR { Errno::ENOTDIR } else { e };
            return Err(("create regular file", to, e));
        }
    };
    let result = loop {
        match c.sys.read(input, 1 << 16).await {
            Ok(bytes) if bytes.is_empty() => break Ok(()),
            Ok(bytes) => {
                if let Err(e) = c.sys.write_all(output, bytes.to_vec()).await {
                    break Err(("write", to, e));
                }
            }
            Err(e) => break Err(("read", from, e)),
        }
    };
    let _ = c.sys.close(input).await;
    let _ = c.sys.close(output).await;
    result
}

/// Splits operands into sources and the target; says what is wrong and ends. The target, and whether it
/// is a directory.
pub(crate) async fn target(c: &mut Cli, p: &crate::cli::Parsed) -> Run<(Vec<String>, String, bool)> {
    let mut sources = p.operands.clone();
    if sources.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    if let Some(dir) = p.value("t") {
        return match c.sys.stat(dir).await {
            Ok(s) if s.file_type == FileType::Dir => Ok((sources, dir.to_owned(), true)),
            Ok(_) => c.die(1, format!("target directory {}: Not a directory", quote::always(dir))).await,
            Err(e) => c.die(1, format!("target directory {}: {e}", quote::always(dir))).await,
        };
    }
    let to = sources.pop().unwrap_or_default();
    let Some(only) = sources.first().cloned() else {
        return c.usage(1, format!("missing destination file operand after {}", quote::always(&to))).await;
    };
    let dir = c.sys.stat(&to).await.is_ok_and(|s| s.file_type == FileType::Dir);
    if p.has("T") {
        if let Some(extra) = sources.get(1) {
            let extra = if sources.len() > 2 { extra.clone() } else { to.clone() };
            return c.usage(1, format!("extra operand {}", quote::always(&extra))).await;
        }
        return Ok((vec![only], to, false));
    }
    if sources.len() > 1 && !dir {
        let e = match c.sys.stat(&to).await {
            Ok(_) => Errno::ENOTDIR,
            Err(e) => e,
        };
        return c.die(1, format!("target {}: {e}", quote::always(&to))).await;
    }
    Ok((sources, to, dir))
}
