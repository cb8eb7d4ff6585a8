//! `POST /images/create`: `docker pull`.

use layerlab_api::stream::JsonMessage;
use layerlab_kernel::{SimTime, Sys};
use layerlab_oci::{Digest, Platform, Reference};

use crate::catalog::Remote;
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::moment::Moment;
use crate::state::LayerInfo;
use crate::transfer::Transfer;

/// The machine's way to the registry.
const BYTES_PER_SECOND: u64 = 12_000_000;
/// Unpacking.
const UNPACKED_PER_SECOND: u64 = 250_000_000;
/// One question to the registry.
const LATENCY: SimTime = SimTime::millis(180);
/// Downloads at the same time (dockerd's `max-concurrent-downloads`).
const PARALLEL: usize = 3;
/// Between two progress lines of one layer.
const TICK: SimTime = SimTime::millis(100);

/// Pulls an image.
///
/// # Errors
/// The name is none, or the registry doesn't have it.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let from = cx.param("fromImage").to_owned();
    let tag = cx.param("tag").to_owned();
    if from.is_empty() {
        return Err(ApiError::bad("invalid reference format"));
    }
    let text = match tag.as_str() {
        "" => from,
        t if t.contains(':') => format!("{from}@{t}"),
        t => format!("{from}:{t}"),
    };
    let bad = |e: layerlab_oci::reference::ReferenceError| ApiError::bad(e.to_string());
    let reference = Reference::parse_familiar(&text).map_err(bad)?;
    let platform = super::inspect::platform_of(cx.param("platform"))?.unwrap_or_else(|| Platform::linux("amd64"));
    let sys = cx.sys.clone();
    let authorization = crate::registry::login::authorization(&cx.request);
    let remote = crate::registry::lookup(&sys, &reference, &platform, authorization).await?;
    let shown = reference.digest().map_or_else(|| reference.tag().unwrap_or_default().to_owned(), ToString::to_string);
    cx.line(&JsonMessage::status(Some(&shown), format!("Pulling from {}", reference.path()))).await?;
    let before = cx.with(|s| s.images.find_named(&reference).map(|i| i.id()))?;
    let transfer = begin(&sys, &reference, &remote, false)?;
    let brought = bring(cx, transfer, &remote, &reference).await;
    cx.with(|s| s.end_transfer(transfer))?;
    brought?;
    let digest = remote.target.digest;
    cx.line(&JsonMessage::status(None, format!("Digest: {digest}"))).await?;
    let news = if before == Some(digest) { "Image is up to date" } else { "Downloaded newer image" };
    cx.line(&JsonMessage::status(None, format!("Status: {news} for {}", reference.familiar()))).await?;
    cx.end().await
}

/// Tells of an image that a registry has answered for and that comes from now on; the transfer's number. `anew`:
/// all its layers come, whether they are here or not.
///
/// # Errors
/// The daemon has no state.
pub fn begin(sys: &Sys, reference: &Reference, remote: &Remote, anew: bool) -> Result<u64, ApiError> {
    with(sys, |s| {
        let transfer = Transfer::pull(reference, remote, |d| !anew && s.layers.contains_key(d));
        let (shown, registry) = (transfer.reference.clone(), transfer.registry.clone());
        let number = s.begin_transfer(transfer);
        s.moment(Moment::Resolved { reference: shown, registry, digest: remote.target.digest });
        number
    })
}

/// Lets the layers come that aren't here, then takes the image in.
async fn bring(cx: &mut Context, transfer: u64, remote: &Remote, reference: &Reference) -> Reply {
    let sys = cx.sys.clone();
    let start = sys.now();
    for (at, message) in plan(&absent(&sys, remote)?) {
        let wait = (start + at) - sys.now();
        if wait > SimTime(0) {
            sys.sleep(wait).await?;
        }
        cx.with(|s| s.go_on_transfer(transfer, &message))?;
        cx.line(&message).await?;
    }
    take(&sys, remote, reference).map(drop)
}

/// The layers that aren't here yet.
///
/// # Errors
/// The daemon has no state.
pub fn absent(sys: &Sys, remote: &Remote) -> Result<Vec<LayerInfo>, ApiError> {
    with(sys, |s| remote.layers.iter().map(|l| l.info.clone()).filter(|l| !s.layers.contains_key(&l.diff_id)).collect())
}

/// Takes a pulled image in under its name.
///
/// # Errors
/// Its blobs don't fit together.
pub fn take(sys: &Sys, remote: &Remote, reference: &Reference) -> Result<Digest, ApiError> {
    let at = now(sys);
    with(sys, |s| {
        s.add_remote(remote).map_err(ApiError::internal)?;
        let id = remote.target.digest;
        let named = match reference.digest() {
            Some(_) => None,
            None => s.images.tag(reference, id, at),
        };
        if let Some(old) = named {
            s.drop_if_dangling(&old);
        }
        s.event(at, "image", "pull", &reference.familiar(), &[("name", &reference.familiar_name())]);
        Ok(id)
    })?
}

/// When a pull says what: downloads three at a time share the line, layers are unpacked in order.
pub fn plan(layers: &[LayerInfo]) -> Vec<(SimTime, JsonMessage)> {
    let mut out: Vec<(SimTime, JsonMessage)> = Vec::new();
    let short = |l: &LayerInfo| l.digest.short();
    for l in layers {
        out.push((SimTime(0), JsonMessage::status(Some(&short(l)), "Pulling fs layer")));
    }
    let mut done = vec![SimTime(0); layers.len()];
    let mut left: Vec<u64> = layers.iter().map(|l| l.compressed).collect();
    let mut at = LATENCY;
    loop {
        let active: Vec<usize> =
            (0..layers.len()).filter(|i| left.get(*i).is_some_and(|b| *b > 0)).take(PARALLEL).collect();
        if active.is_empty() {
            break;
        }
        at += TICK;
        let share = (BYTES_PER_SECOND * TICK.0 / 1_000_000_000 / active.len() as u64).max(1);
        for i in active {
            let (Some(rest), Some(l)) = (left.get_mut(i), layers.get(i)) else { continue };
            *rest = rest.saturating_sub(share);
            let id = short(l);
            if *rest > 0 {
                out.push((
                    at,
                    JsonMessage::progress(&id, "Downloading", l.compressed - *rest, Some(l.compressed), None),
                ));
            } else {
                out.push((at, JsonMessage::progress(&id, "Download complete", 0, None, None)));
                if let Some(d) = done.get_mut(i) {
                    *d = at;
                }
            }
        }
    }
    let mut free = SimTime(0);
    for (l, downloaded) in layers.iter().zip(&done) {
        let id = short(l);
        let begin = free.max(*downloaded);
        let takes = SimTime(l.unpacked.saturating_mul(1_000_000_000) / UNPACKED_PER_SECOND) + SimTime::millis(20);
        let seconds = takes.0 / 1_000_000_000;
        for s in 0..=seconds {
            out.push((begin + SimTime::secs(s), JsonMessage::progress(&id, "Extracting", s.max(1), None, Some("s"))));
        }
        free = begin + takes;
        out.push((free, JsonMessage::progress(&id, "Pull complete", 0, None, None)));
    }
    out.sort_by_key(|m| m.0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn a_pull_takes_what_its_bytes_take() {
        let remote = catalog::lookup(&Reference::parse_familiar("python:3.13-slim").unwrap()).unwrap();
        let layers: Vec<LayerInfo> = remote.layers.iter().map(|l| l.info.clone()).collect();
        let plan = plan(&layers);
        let end = plan.last().unwrap().0.as_millis();
        assert!((3_500..5_500).contains(&end), "{end} ms for 43 MB at 12 MB/s");
        let first = layers[0].digest.short();
        let words: Vec<String> =
            plan.iter().filter(|m| m.1.id.as_deref() == Some(&first)).map(|m| m.1.status.clone().unwrap()).collect();
        let mut kinds = words.clone();
        kinds.dedup();
        assert_eq!(kinds, ["Pulling fs layer", "Downloading", "Download complete", "Extracting", "Pull complete"]);
    }
}
