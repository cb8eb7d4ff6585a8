//! `POST /build/prune`: `docker builder prune`.

use layerlab_api::build::PruneReport;
use layerlab_kernel::Sys;

use super::cache::BuildCache;
use crate::context::{Context, Reply, with};
use crate::error::ApiError;

/// Drops cached results; without `all` those that no image holds.
///
/// # Errors
/// The connection's.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let _ = cx.body().await?;
    let all = cx.flag("all");
    let sys = cx.sys.clone();
    let report = prune(&sys, all).await?;
    cx.json(200, &report).await
}

/// Drops cached results.
///
/// # Errors
/// The daemon has no state.
async fn prune(sys: &Sys, all: bool) -> Result<PruneReport, ApiError> {
    let (report, mounts) = with(sys, |s| {
        let held: std::collections::BTreeSet<_> =
            s.images.images.values().flat_map(|i| i.diff_ids().iter().copied()).collect();
        let mut deleted = Vec::new();
        let mut space = 0;
        s.cache.entries.retain(|key, e| {
            let keep = !all && held.contains(&e.layer);
            if !keep {
                deleted.push(BuildCache::id(key));
                // A layer of an image stays on the disk.
                space += if held.contains(&e.layer) { 0 } else { e.size };
            }
            keep
        });
        s.cache.bases.retain(|_, chain| chain.iter().all(|d| held.contains(d)));
        let mounts: Vec<_> = std::mem::take(&mut s.cache.mounts).into_values().collect();
        s.sessions.forget();
        s.collect_garbage();
        let caches_deleted = (!deleted.is_empty()).then_some(deleted);
        (PruneReport { caches_deleted, space_reclaimed: space }, mounts)
    })?;
    for fs in mounts {
        let _ = sys.fs_drop(fs).await;
    }
    Ok(report)
}
