//! `docker cp` and `docker export`: files of a container as tar.

use layerlab_kernel::vfs::{FsId, Inode, Node, Tree};
use layerlab_oci::layer::{Entry, Limits, read, write};

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
            for child in entries.keys().rev() {
                let shown = if shown.is_empty() { child.clone() } else { format!("{shown}/{child}") };
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
    tree.at(&real).ok_or_else(missing)?;
    let base = real.rsplit('/').next().filter(|b| !b.is_empty()).unwrap_or("").to_owned();
    let tar = write(&below(&tree, &real, &base)).map_err(|e| ApiError::internal(e.to_string()))?;
    cx.answer(200, "application/x-tar", tar).await
}

/// Unpacks a tar in a directory of a container.
///
/// # Errors
/// There is no such directory, or the tar is damaged.
pub async fn put(cx: &mut Context, name: &str) -> Reply {
    let path = cx.param("path").to_owned();
    let body = cx.body().await?;
    let (fs, tree) = tree(cx, name).await?;
    let real = resolve(&tree, &path).unwrap_or_default();
    if !matches!(tree.at(&real).map(|i: &std::rc::Rc<Inode>| &i.node), Some(Node::Dir { .. })) {
        return Err(ApiError::not_found(format!("Could not find the file {path} in container {name}")));
    }
    let _ = (read(&body, Limits::default()).map_err(|e| ApiError::bad(e.to_string()))?, fs);
    // The kernel has no call that changes another file system's tree in place.
    Err(ApiError { status: 501, message: "copying into containers is not there yet".to_owned() })
}
