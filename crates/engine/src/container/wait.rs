//! `POST /containers/{name}/wait`.

use layerlab_api::container::Wait;

use super::Status;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::watch::Watch;

/// Tells the exit code when the container has ended (or has been removed). The head comes at once,
/// so that a client knows that it won't miss the end.
///
/// # Errors
/// No such container, or an unknown condition.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let _ = cx.body().await?;
    let condition = cx.param("condition").to_owned();
    if !["", "not-running", "next-exit", "removed"].contains(&condition.as_str()) {
        return Err(ApiError::bad(format!("invalid condition: \"{condition}\"")));
    }
    let (id, ends) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.finished)))??;
    let watch = Watch::new(&cx.sys, &id).await?;
    let result = wait(cx, &id, &condition, ends, &watch).await;
    watch.end().await;
    result
}

async fn wait(
    cx: &mut Context,
    id: &str,
    condition: &str,
    ends: Option<layerlab_oci::Timestamp>,
    watch: &Watch,
) -> Reply {
    cx.begin("application/json").await?;
    loop {
        let now = cx.with(|s| s.containers.get(id).map(|c| (c.status, c.exit_code, c.finished, c.error.clone())))?;
        let answer = match now {
            None => Some(cx.with(|s| s.removed.iter().rev().find(|r| r.0 == id).map_or(0, |r| r.1))?),
            Some((status, code, finished, error)) => {
                // A start that failed ends the waiting for the next exit, too.
                let ended = finished != ends || !error.is_empty();
                let met = match condition {
                    "next-exit" => ended && !matches!(status, Status::Running | Status::Paused),
                    "removed" => false,
                    _ => !matches!(status, Status::Running | Status::Paused | Status::Restarting),
                };
                met.then_some(code)
            }
        };
        if let Some(status_code) = answer {
            let mut body = serde_json::to_vec(&Wait { error: None, status_code })
                .map_err(|e| ApiError::internal(e.to_string()))?;
            body.push(b'\n');
            cx.send(&body).await?;
            return cx.end().await;
        }
        watch.wait_for(cx.fd(), None).await?;
    }
}
