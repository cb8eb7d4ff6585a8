//! `docker cp` and `docker export`: files of a container as tar.

use layerlab_api::container::PathStat;
use layerlab_kernel::vfs::{FsId, FsKind, Inode, Node, Tree};
use layerlab_kernel::{MntNsId, MountSpec, SpawnSpec, Sys, WaitFlags, WaitFor};
use layerlab_oci::Timestamp;
use layerlab_oci::layer::{Entry, Limits, read, write};

use super::process;
use super::user::resolve;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::layer::entry;

async fn tree(cx: &Context, name: &str) -> Result<(FsId, Tree), ApiError> {
    let fs = cx.with(|s| s.container(name).map(|c| c.rootfs))??;
    let fs = fs.ok_or_else(|| ApiError::internal("container has no root file system"))?;
    Ok((fs, cx.sys.fs_tree(fs).await?))
}

fn below(tree: &Tree, at: &str, name: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut stack: Vec<(String, String)> = vec![(at.to_owned(), name.to_owned())];
    while let Some((path, shown)) = stack.pop() {
        let Some(inode) = tree.at(&path) else { continue };
        if !shown.is_empty() {
            out.extend(entry(&shown, inode));
        }
        if let Node::Dir { entries, .. } = &inode.node {
            for (child, _) in entries.iter().rev() {
                let shown = if shown.is_empty() { child.to_owned() } else { format!("{shown}/{child}") };
                stack.push((format!("{}/{child}", path.trim_end_matches('/')), shown));
            }
        }
    }
    out
}

/// All files of a container.
///
/// # Errors
/// No such container.
pub async fn export(cx: &mut Context, name: &str) -> Reply {
    let (_, tree) = tree(cx, name).await?;
    let tar = write(&below(&tree, "/", "")).map_err(|e| ApiError::internal(e.to_string()))?;
    cx.answer(200, "application/octet-stream", tar).await
}

/// A path of a container, and what it is.
///
/// # Errors
/// There is none.
pub async fn get(cx: &mut Context, name: &str) -> Reply {
    let path = cx.param("path").to_owned();
    let (_, tree) = tree(cx, name).await?;
    let missing = || ApiError::not_found(format!("Could not find the file {path} in container {name}"));
    let real = resolve(&tree, &path).ok_or_else(missing)?;
    let inode = tree.at(&real).ok_or_else(missing)?;
    let base = real.rsplit('/').next().filter(|b| !b.is_empty()).unwrap_or("").to_owned();
    let stat = serde_json::to_vec(&path_stat(if base.is_empty() { "/" } else { &base }, inode))?;
    let header = [("X-Docker-Container-Path-Stat", layerlab_kernel::base64::encode(&stat))];
    let tar = if cx.request.method == "HEAD" {
        Vec::new()
    } else {
        write(&below(&tree, &real, &base)).map_err(|e| ApiError::internal(e.to_string()))?
    };
    cx.answer_with(200, "application/x-tar", tar, &header).await
}

/// What the header tells; the mode is Go's `fs.FileMode`.
fn path_stat(name: &str, inode: &Inode) -> PathStat {
    let (kind, link) = match &inode.node {
        Node::Dir { .. } => (1 << 31, String::new()),
        Node::Symlink(target) => (1 << 27, target.clone()),
        Node::Char(_) => ((1 << 26) | (1 << 21), String::new()),
        Node::Block(..) => (1 << 26, String::new()),
        Node::Fifo => (1 << 25, String::new()),
        Node::Socket => (1 << 24, String::new()),
        Node::File(_) => (0, String::new()),
    };
    let mtime = Timestamp { secs: inode.mtime.0, nanos: inode.mtime.1 };
    PathStat {
        name: name.to_owned(),
        size: inode.size() as i64,
        mode: kind | (inode.mode & 0o777),
        mtime: mtime.to_string(),
        link_target: link,
    }
}

/// Unpacks a tar in a directory of a container: a program does it in the container's mounts, as
/// dockerd's `docker-untar` does.
///
/// # Errors
/// There is no such directory, or the tar is damaged.
pub async fn put(cx: &mut Context, name: &str) -> Reply {
    let path = cx.param("path").to_owned();
    let keep = cx.flag("copyUIDGID");
    let body = cx.body().await?;
    let (fs, tree) = tree(cx, name).await?;
    let missing = || ApiError::not_found(format!("Could not find the file {path} in container {name}"));
    let real = resolve(&tree, &path).ok_or_else(missing)?;
    match tree.at(&real).map(|i| &i.node) {
        Some(Node::Dir { .. } | Node::Symlink(_)) => {}
        Some(_) => return Err(ApiError::bad("extraction point is not a directory")),
        None => return Err(missing()),
    }
    read(&body, Limits::default()).map_err(|e| ApiError::bad(e.to_string()))?;
    let (read_only, container) = cx.with(|s| s.container(name).map(|c| (c.host.readonly_rootfs, c.clone())))??;
    if read_only {
        return Err(ApiError::bad("container rootfs is marked read-only"));
    }
    let sys = cx.sys.clone();
    let mut tools = Tree::new();
    let stub = Inode::file(layerlab_kernel::stub::executable("docker-untar", ""), 0o755);
    let _ = tools.insert("/docker-untar", stub);
    let tools = sys.fs_new(FsKind::Tmpfs, tools).await?;
    let mut mounts = vec![MountSpec {
        fs: tools,
        source: "/".to_owned(),
        target: "/dev".to_owned(),
        read_only: true,
        ..MountSpec::default()
    }];
    for m in container.mounts.iter().filter(|m| m.kind != "tmpfs") {
        if let Ok((fs, source)) = sys.fs_of(&m.source).await {
            let target = m.destination.clone();
            mounts.push(MountSpec { fs, source, target, read_only: !m.rw, ..MountSpec::default() });
        }
    }
    let mnt = sys.mnt_ns_new(fs, false, mounts).await?;
    let result = untar(&sys, mnt, &real, keep, body).await;
    let _ = sys.mnt_ns_drop(mnt).await;
    let _ = sys.fs_drop(tools).await;
    result?;
    let at = cx.now();
    cx.with(|s| s.container_event(at, "extract-to-dir", &container.id, &[]))?;
    cx.empty(200).await
}

async fn untar(sys: &Sys, mnt: MntNsId, path: &str, keep: bool, body: Vec<u8>) -> Reply {
    let mut argv = vec!["/dev/docker-untar".to_owned(), path.to_owned()];
    argv.extend(keep.then(|| "--keep-owner".to_owned()));
    let spec = SpawnSpec { argv, cwd: "/".to_owned(), mnt: Some(mnt), ..SpawnSpec::default() };
    let started = process::spawn(sys, spec, false, true, None).await?;
    if let Some(fd) = started.stdin {
        let _ = sys.write_all(fd, body).await;
        sys.close(fd).await?;
    }
    let mut text = Vec::new();
    for fd in [Some(started.stdout), started.stderr].into_iter().flatten() {
        text.extend(sys.read_all(fd).await.unwrap_or_default());
        sys.close(fd).await?;
    }
    let (_, status) = sys.wait(WaitFor::Pid(started.pid), WaitFlags::default()).await?;
    if status.code() == 0 { Ok(()) } else { Err(ApiError::internal(String::from_utf8_lossy(&text).trim().to_owned())) }
}
