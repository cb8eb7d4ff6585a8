//! `docker cp` (docker/cli `cli/command/container/cp.go`, moby `pkg/archive` `CopyInfo`).

use layerlab_api::container::PathStat;
use layerlab_api::query::Query;
use layerlab_kernel::{Errno, FileType};
use layerlab_oci::layer::{self, Entry, EntryKind, Limits};

use super::options::absolute;
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (from, to) = (split(p.arg(0)), split(p.arg(1)));
    if p.arg(0).is_empty() || p.arg(1).is_empty() {
        let which = if p.arg(0).is_empty() { "source" } else { "destination" };
        return Err(CliError::new(format!("{which} can not be empty")));
    }
    let (content, transferred) = match (from, to) {
        ((Some(_), _), (Some(_), _)) => return Err(CliError::new("copying between containers is not supported")),
        ((None, _), (None, _)) => return Err(CliError::new("must specify at least one container source")),
        ((Some(c), src), (None, dst)) => copy_out(cli, p, c, src, dst).await?,
        ((None, src), (Some(c), dst)) => copy_in(cli, p, src, c, dst).await?,
    };
    if !p.bool("quiet") && p.arg(1) != "-" && cli.sys.is_atty(2).await {
        let (content, transferred) = (size::human3(content), size::human3(transferred));
        cli.eprint(format!("Successfully copied {content} (transferred {transferred}) to {}\n", p.arg(1))).await;
    }
    Ok(0)
}

/// `CONTAINER:PATH`; a path that starts with `/` or `.` is local.
fn split(arg: &str) -> (Option<&str>, &str) {
    if arg.starts_with(['/', '.']) {
        return (None, arg);
    }
    match arg.split_once(':') {
        Some((c, path)) if !c.is_empty() => (Some(c), path),
        _ => (None, arg),
    }
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or("")
}

fn parent(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((dir, _)) => dir,
        None => ".",
    }
}

/// `dir/.`: what is in the folder, not the folder.
fn content_only(path: &str) -> bool {
    path == "." || path.ends_with("/.")
}

fn content_size(entries: &[Entry]) -> i64 {
    let of = |e: &Entry| match &e.kind {
        EntryKind::File { content: data } => data.len() as i64,
        _ => 0,
    };
    entries.iter().map(of).sum()
}

/// Puts entries, whose paths have a common first part, below another path; empty: without it.
fn rebase(entries: Vec<Entry>, name: &str) -> Vec<Entry> {
    let place = |path: &str| {
        let rest = path.trim_start_matches("./").split_once('/').map_or("", |(_, r)| r);
        [name, rest].iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("/")
    };
    let moved = entries.into_iter().map(|mut e| {
        e.path = place(&e.path);
        if let EntryKind::HardLink { target } = &mut e.kind {
            *target = place(target);
        }
        e
    });
    moved.filter(|e| !e.path.is_empty()).collect()
}

async fn copy_out(cli: &Cli, p: &Parsed, container: &str, src: &str, dst: &str) -> Result<(i64, i64), CliError> {
    let mut path = src.to_owned();
    if p.bool("follow-link")
        && let Some(stat) = stat(cli, container, src).await?.filter(|s| !s.link_target.is_empty())
    {
        path = absolute(&stat.link_target, parent(src));
    }
    let tar = cli.get_bytes(&format!("/containers/{container}/archive"), Query::default().with("path", &path)).await?;
    if dst == "-" {
        cli.sys.write_all(1, tar).await?;
        return Ok((0, 0));
    }
    let entries = layer::read(&tar, Limits::default()).map_err(|e| CliError::new(e.to_string()))?;
    let is_dir = entries.first().is_some_and(|e| e.kind == EntryKind::Dir);
    let (dir, name) = match cli.sys.stat(dst).await {
        Ok(s) if s.file_type == FileType::Dir => {
            (dst.to_owned(), if content_only(src) { String::new() } else { base(src).to_owned() })
        }
        Ok(_) if is_dir => return Err(CliError::new("cannot copy directory")),
        Ok(_) => (parent(dst).to_owned(), base(dst).to_owned()),
        Err(_) if dst.ends_with('/') && !is_dir => return Err(CliError::new("no such directory")),
        Err(_) => {
            let up = parent(dst);
            if cli.sys.stat(up).await.is_err() {
                let cwd = cli.sys.getcwd().await.unwrap_or_default();
                return Err(CliError::new(format!(
                    "invalid output path: directory {} does not exist",
                    crate::format::quote(&absolute(up, &cwd))
                )));
            }
            (up.to_owned(), base(dst).to_owned())
        }
    };
    let entries = rebase(entries, &name);
    let content = content_size(&entries);
    for e in &entries {
        write_entry(cli, &dir, e).await?;
    }
    Ok((content, tar.len() as i64))
}

async fn write_entry(cli: &Cli, dir: &str, e: &Entry) -> Result<(), CliError> {
    let path = format!("{}/{}", dir.trim_end_matches('/'), e.path);
    let fail = |err: Errno| path_error("open", &path, err);
    match &e.kind {
        EntryKind::Dir => match cli.sys.mkdir(&path, e.mode).await {
            Ok(()) | Err(Errno::EEXIST) => {}
            Err(err) => return Err(fail(err)),
        },
        EntryKind::Symlink { target } => {
            let _ = cli.sys.unlink(&path).await;
            cli.sys.symlink(target, &path).await.map_err(fail)?;
            return Ok(());
        }
        EntryKind::HardLink { target } => {
            let _ = cli.sys.unlink(&path).await;
            cli.sys.link(&format!("{}/{target}", dir.trim_end_matches('/')), &path).await.map_err(fail)?;
        }
        EntryKind::File { content: data } => {
            cli.sys.write_file(&path, data.to_vec(), e.mode).await.map_err(fail)?;
            if let Some(n) = e.nominal_size {
                let _ = cli.sys.set_nominal_size(&path, n).await;
            }
        }
        _ => return Ok(()),
    }
    let _ = cli.sys.chmod(&path, e.mode).await;
    let _ = cli.sys.utimes(&path, Some((e.mtime, 0))).await;
    Ok(())
}

async fn copy_in(cli: &Cli, p: &Parsed, src: &str, container: &str, dst: &str) -> Result<(i64, i64), CliError> {
    let target = stat(cli, container, dst).await?;
    let to_dir = target.as_ref().is_some_and(|s| s.mode & (1 << 31) != 0);
    let (dir, tar, content) = if src == "-" {
        if !to_dir {
            return Err(CliError::new(format!(
                "destination {} must be a directory",
                crate::format::quote(&format!("{container}:{dst}"))
            )));
        }
        (dst.to_owned(), cli.sys.read_all(0).await?, 0)
    } else {
        let cwd = cli.sys.getcwd().await.unwrap_or_default();
        let full = absolute(src, &cwd);
        let look = if p.bool("follow-link") || src.ends_with('/') {
            cli.sys.stat(&full).await
        } else {
            cli.sys.lstat(&full).await
        };
        let is_dir = look.map_err(|e| path_error("lstat", &full, e))?.file_type == FileType::Dir;
        if is_dir && target.is_some() && !to_dir {
            return Err(CliError::new("cannot copy directory"));
        }
        if target.is_none() && dst.ends_with('/') && !is_dir {
            return Err(CliError::new("no such directory"));
        }
        let (dir, name) = match (to_dir, content_only(src)) {
            (true, true) => (dst.to_owned(), String::new()),
            (true, false) => (dst.to_owned(), base(&full).to_owned()),
            (false, _) => (parent(dst).to_owned(), base(dst).to_owned()),
        };
        let entries = collect(cli, &full, &name, p.bool("follow-link")).await?;
        let content = content_size(&entries);
        (dir, layer::write(&entries).map_err(|e| CliError::new(e.to_string()))?, content)
    };
    let length = tar.len() as i64;
    let query =
        Query::default().with("path", &dir).with("noOverwriteDirNonDir", "true").flag("copyUIDGID", p.bool("archive"));
    let request = layerlab_api::http::Request::new("PUT", &format!("/containers/{container}/archive"), query);
    let answer = cli.client.send_raw(request, Some("application/x-tar"), Some(tar)).await;
    let answer = answer.map_err(|e| CliError::from_client(e, &cli.host))?;
    answer.bytes().await.map_err(|e| CliError::from_client(e, &cli.host))?;
    Ok((content, length))
}

/// What is at a container's path; `None`: nothing.
async fn stat(cli: &Cli, container: &str, path: &str) -> Result<Option<PathStat>, CliError> {
    let answer =
        cli.client.send("HEAD", &format!("/containers/{container}/archive"), Query::default().with("path", path)).await;
    let answer = answer.map_err(|e| CliError::from_client(e, &cli.host))?;
    let status = answer.head.status;
    let stat = answer
        .head
        .headers
        .get("X-Docker-Container-Path-Stat")
        .and_then(layerlab_kernel::base64::decode)
        .and_then(|j| serde_json::from_slice(&j).ok());
    answer.close().await;
    if status == 404 {
        // HEAD has no body: whether the container or the path is missing tells a second request.
        let _: layerlab_api::container::Inspect =
            cli.get(&format!("/containers/{container}/json"), Query::default()).await?;
    }
    Ok(stat)
}

/// A file or folder as entries below `name`.
async fn collect(cli: &Cli, root: &str, name: &str, follow: bool) -> Result<Vec<Entry>, CliError> {
    let mut out = Vec::new();
    let mut todo = vec![(root.to_owned(), name.to_owned())];
    while let Some((full, rel)) = todo.pop() {
        let fail = |e: Errno| path_error("open", &full, e);
        let top = full == root;
        let stat = if follow && top { cli.sys.stat(&full).await } else { cli.sys.lstat(&full).await }.map_err(fail)?;
        let kind = match stat.file_type {
            FileType::Dir => {
                for n in cli.sys.read_dir(&full).await.map_err(fail)?.into_iter().rev() {
                    let inside = if rel.is_empty() { n.name.clone() } else { format!("{rel}/{}", n.name) };
                    todo.push((format!("{}/{}", full.trim_end_matches('/'), n.name), inside));
                }
                EntryKind::Dir
            }
            FileType::Symlink => Entry::symlink(&rel, &cli.sys.readlink(&full).await.map_err(fail)?).kind,
            FileType::File => Entry::file(&rel, cli.sys.read_file(&full).await.map_err(fail)?, 0).kind,
            _ => continue,
        };
        if rel.is_empty() {
            continue;
        }
        let mut e = Entry::new(&rel, kind, stat.mode);
        (e.mtime, e.uid, e.gid) = (stat.mtime, stat.uid, stat.gid);
        if stat.file_type == FileType::File && stat.nominal_size != stat.size {
            e.nominal_size = Some(stat.nominal_size);
        }
        out.push(e);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_of_a_copy() {
        assert_eq!(split("web:/tmp/x"), (Some("web"), "/tmp/x"));
        assert_eq!(split("./a:b"), (None, "./a:b"));
        assert_eq!(split("/a:b"), (None, "/a:b"));
        assert_eq!((base("/a/b/"), parent("/a/b/"), parent("/a"), parent("a")), ("b", "/a", "/", "."));
    }

    #[test]
    fn entries_move_below_another_name() {
        let e = vec![Entry::dir("x", 0o755), Entry::file("x/a", "1", 0o644)];
        let paths = |e: Vec<Entry>| e.into_iter().map(|e| e.path).collect::<Vec<_>>();
        assert_eq!(paths(rebase(e.clone(), "y")), ["y", "y/a"]);
        assert_eq!(paths(rebase(e, "")), ["a"]);
    }
}
