//! Base images: resolving their names, and fetching their layers.

use layerlab_kernel::{SimTime, Sys};
use layerlab_oci::{Digest, ImageConfig, Reference};

use super::error::BuildError;
use super::graph::Base;
use super::progress::Progress;
use crate::catalog::{self, Missing, Remote};
use crate::context::with;
use crate::image::Image;
use crate::image::layer::NewLayer;
use crate::image::pull;
use crate::state::Content;

/// One question to the registry.
pub(super) const LATENCY: SimTime = SimTime::millis(180);

/// A resolved base image.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// For the graph.
    pub base: Base,
    /// Layers, lowest first.
    pub chain: Vec<Digest>,
    /// What the registry has, if it has it.
    pub remote: Option<Remote>,
}

/// Resolves an image's name: what the registry says now, else what is here. The time that asking takes
/// is the caller's: several are asked at once.
///
/// # Errors
/// Nobody has it.
pub async fn resolve(sys: &Sys, full: &str, name: &str, lines: (u32, u32), pull: bool) -> Result<Resolved, BuildError> {
    let reference = Reference::parse_normalized(full).map_err(|e| BuildError::at(e.to_string(), lines))?;
    let why = match catalog::lookup(&reference) {
        Ok(remote) => return of_remote(full, remote).map_err(|e| BuildError::at(e, lines)),
        Err(why) => why,
    };
    let local = if pull { None } else { with(sys, |s| s.images.find_named(&reference))? };
    if let Some(image) = local {
        let base = Base { reference: full.to_owned(), digest: image.id(), config: image.config.clone() };
        return Ok(Resolved { base, chain: image.diff_ids().to_vec(), remote: None });
    }
    let what = match why {
        Missing::Repository => {
            "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed".to_owned()
        }
        Missing::Tag => format!("{full}: not found"),
        Missing::Host => pull::no_host(&reference),
    };
    Err(BuildError {
        step_message: Some(what.clone()),
        ..BuildError::at(format!("{name}: failed to resolve source metadata for {full}: {what}"), lines)
    })
}

fn of_remote(full: &str, remote: Remote) -> Result<Resolved, String> {
    let content = Content(remote.blobs.iter().cloned().collect());
    let image = Image::read(&remote.target, &content)?;
    let config: ImageConfig = image.config.clone();
    let base = Base { reference: full.to_owned(), digest: remote.target.digest, config };
    Ok(Resolved { base, chain: image.diff_ids().to_vec(), remote: Some(remote) })
}

/// Fetches the layers of a base image that are not here, telling of it.
///
/// # Errors
/// The client is gone.
pub async fn fetch(progress: &mut Progress, vertex: &str, resolved: &Resolved) -> Result<(), BuildError> {
    let sys = progress.sys.clone();
    let Some(remote) = &resolved.remote else {
        with(&sys, |s| s.cache.bases.insert(resolved.base.digest, resolved.chain.clone()))?;
        return Ok(());
    };
    let absent: Vec<&NewLayer> =
        with(&sys, |s| remote.layers.iter().filter(|l| !s.layers.contains_key(&l.info.diff_id)).collect())?;
    let infos: Vec<_> = absent.iter().map(|l| l.info.clone()).collect();
    let begin = sys.now();
    let wall = progress.now();
    let wall_at = |at: SimTime| wall + i64::try_from(at.0).unwrap_or(0);
    let mut extracting: Option<i64> = None;
    for (at, message) in pull::plan(&infos) {
        let wait = (begin + at) - sys.now();
        if wait > SimTime(0) {
            sys.sleep(wait).await?;
        }
        if progress.is_stopped() {
            return Err(BuildError::canceled());
        }
        let short = message.id.clone().unwrap_or_default();
        let Some(info) = infos.iter().find(|i| i.digest.short() == short) else { continue };
        let id = info.digest.to_string();
        let current = message.progress_detail.as_ref().and_then(|p| p.current).unwrap_or(0);
        match message.status.as_deref() {
            Some("Downloading") => progress.status(vertex, &id, (current, info.compressed), wall, false).await?,
            Some("Download complete") => {
                progress.status(vertex, &id, (info.compressed, info.compressed), wall, true).await?;
            }
            Some("Extracting") => {
                let started = *extracting.get_or_insert(wall_at(at));
                progress.status(vertex, &format!("extracting {id}"), (0, 0), started, false).await?;
            }
            Some("Pull complete") => {
                let started = extracting.take().unwrap_or_else(|| wall_at(at));
                progress.status(vertex, &format!("extracting {id}"), (0, 0), started, true).await?;
            }
            _ => {}
        }
    }
    with(&sys, |s| {
        for layer in &remote.layers {
            s.add_layer(layer);
        }
        s.cache.bases.insert(resolved.base.digest, resolved.chain.clone());
    })?;
    Ok(())
}
