//! `GET /containers/{name}/changes`: `docker diff`.

use layerlab_api::container::Change;
use layerlab_kernel::vfs::ChangeKind;

use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::unpack;

/// What the container changed in its image's files.
///
/// # Errors
/// No such container.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (fs, layers) = cx.with(|s| s.container(name).map(|c| (c.rootfs, c.layers.clone())))??;
    let fs = fs.ok_or_else(|| ApiError::internal("container has no root file system"))?;
    let tree = cx.sys.fs_tree(fs).await?;
    let base = cx.with(|s| unpack::container_base(s, &layers))?.map_err(ApiError::internal)?;
    let change = |c: layerlab_kernel::vfs::Change| Change {
        path: c.path,
        kind: match c.kind {
            ChangeKind::Modified => 0,
            ChangeKind::Added => 1,
            ChangeKind::Deleted => 2,
        },
    };
    let list: Vec<Change> = tree.diff(&base).into_iter().map(change).collect();
    cx.json(200, &list).await
}
