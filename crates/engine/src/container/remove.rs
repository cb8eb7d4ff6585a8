//! `DELETE /containers/{name}`, `POST /containers/prune`.

use layerlab_api::container::PruneReport;
use layerlab_api::filters::Filters;
use layerlab_kernel::{Signal, Sys};

use super::{Status, stop};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::filter;
use crate::shared::Shared;
use crate::volume;
use crate::watch::{Watch, wake};

/// Removes a container.
///
/// # Errors
/// It runs (without `force`).
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, status, shown) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.status, c.name.clone())))??;
    let force = cx.flag("force");
    if !force {
        let why = match status {
            Status::Running => Some("container is running: stop the container before removing or force remove"),
            Status::Paused => Some("container is paused and must be unpaused first"),
            Status::Restarting => Some("container is restarting: stop the container before removing or force remove"),
            Status::Removing => {
                return Err(ApiError::conflict(format!("removal of container {name} is already in progress")));
            }
            _ => None,
        };
        if let Some(why) = why {
            return Err(ApiError::conflict(format!("cannot remove container \"{shown}\": {why}")));
        }
    }
    let auto_removed = end(&cx.sys, &id).await?;
    if !auto_removed {
        remove(&cx.sys, &id, cx.flag("v")).await?;
    }
    cx.empty(204).await
}

/// Kills what runs; answers whether the container is gone with it (`--rm`).
async fn end(sys: &Sys, id: &str) -> Result<bool, ApiError> {
    let running = with(sys, |s| {
        s.container_mut(id).map(|c| {
            c.stopped_by_hand = true;
            c.is_running()
        })
    })??;
    if running {
        let watch = Watch::new(sys, id).await?;
        stop::send(sys, id, Signal::KILL).await?;
        stop::ended_within(sys, id, &watch, None).await?;
        watch.end().await;
    }
    with(sys, |s| s.container(id).is_err())
}

/// Takes a container that doesn't run away, with its file system; `volumes`: its anonymous ones too.
///
/// # Errors
/// The daemon has no state.
pub async fn remove(sys: &Sys, id: &str, volumes: bool) -> Result<(), ApiError> {
    let Ok(container) = with(sys, |s| s.container(id).cloned())? else { return Ok(()) };
    if let Some(fs) = container.rootfs {
        let _ = sys.fs_drop(fs).await;
    }
    for file in ["resolv.conf", "hostname", "hosts"] {
        let _ = sys.unlink(&format!("{}/{file}", container.directory())).await;
    }
    let _ = sys.rmdir(&container.directory()).await;
    let at = now(sys);
    let dropped = with(sys, |s| {
        s.container_event(at, "destroy", id, &[]);
        s.remember_removed(id, container.exit_code);
        s.containers.remove(id);
        s.execs.retain(|_, e| e.container != id);
        // An image that lost its name while this container used it goes now.
        if let Some(image) = container.image_id.0 {
            s.drop_if_dangling(&image);
        }
        if volumes { volume::drop_anonymous(s, &container) } else { Vec::new() }
    })?;
    for name in dropped {
        volume::remove_files(sys, &name).await;
    }
    wake(sys, id).await;
    wake(sys, "").await;
    Ok(())
}

/// Removes all containers that don't run.
///
/// # Errors
/// The daemon has no state.
pub async fn prune(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    filter::known(&filters, &["label", "label!", "until"])?;
    let until = filter::until(&filters, cx.now())?;
    let ids: Vec<String> = cx.with(|s| {
        let gone = |c: &&Shared<super::Container>| {
            matches!(c.status, Status::Created | Status::Exited | Status::Dead)
                && until.is_none_or(|t| c.created <= t)
                && filter::labels(&filters, c.config.labels.as_ref())
        };
        let mut list: Vec<_> = s.containers.values().filter(gone).map(|c| (c.number, c.id.clone())).collect();
        list.sort();
        list.into_iter().map(|c| c.1).collect()
    })?;
    let mut space = 0;
    for id in &ids {
        space += super::list::writable_size(&cx.sys, id).await.unwrap_or(0);
        remove(&cx.sys, id, false).await?;
    }
    cx.json(200, &PruneReport { containers_deleted: (!ids.is_empty()).then_some(ids), space_reclaimed: space }).await
}
