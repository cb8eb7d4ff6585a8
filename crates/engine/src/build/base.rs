//! Base images: resolving their names, and fetching their layers.

use layerlab_kernel::{SimTime, Sys};
use layerlab_oci::{Digest, Platform, Reference};

use super::error::BuildError;
use super::graph::Base;
use super::needs::{Wanted, host};
use super::progress::Progress;
use crate::catalog::Remote;
use crate::context::{now, with};
use crate::image::Image;
use crate::image::layer::NewLayer;
use crate::image::pull;
use crate::state::{Content, LayerInfo};

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

/// Resolves an image's name: what the registry says now, else (unless `only_remote`) what is here. The time that asking takes
/// is the caller's: several are asked at once.
///
/// # Errors
/// Nobody has it.
pub async fn resolve(sys: &Sys, wanted: &Wanted, only_remote: bool) -> Result<Resolved, BuildError> {
    let Wanted { full, name, lines, platform } = wanted;
    let lines = *lines;
    let reference = Reference::parse_normalized(full).map_err(|e| BuildError::at(e.to_string(), lines))?;
    let what = match crate::registry::lookup_base(sys, &reference, platform, None).await {
        Ok(remote) => {
            with(sys, |s| s.cache.manifests.extend(remote.blobs.iter().cloned()))?;
            return of_remote(full, platform, remote).map_err(|e| BuildError::at(e, lines));
        }
        Err(what) => what,
    };
    let local = if only_remote { None } else { with(sys, |s| s.images.find_named(&reference))? };
    if let Some(image) = local {
        if let Some(of) = image.of(platform) {
            return Ok(Resolved { base: base(full, platform, &of), chain: of.diff_ids().to_vec(), remote: None });
        }
        let what = "no match for platform in manifest: not found".to_owned();
        return Err(BuildError {
            step_message: Some(what.clone()),
            ..BuildError::at(format!("{name}: failed to resolve source metadata for {full}: {what}"), lines)
        });
    }
    Err(BuildError {
        step_message: Some(what.clone()),
        ..BuildError::at(format!("{name}: failed to resolve source metadata for {full}: {what}"), lines)
    })
}

fn base(full: &str, platform: &Platform, image: &Image) -> Base {
    let own = host().runs().iter().any(|p| p.matches(platform));
    Base {
        reference: full.to_owned(),
        digest: image.id(),
        key: if own { image.id() } else { image.manifest.digest },
        platform: platform.clone(),
        config: image.config.clone(),
    }
}

pub(super) fn of_remote(full: &str, platform: &Platform, remote: Remote) -> Result<Resolved, String> {
    let layers = remote.layers.iter().map(|l| (l.info.digest, l.blob.clone()));
    let content = Content(remote.blobs.iter().cloned().chain(layers).collect());
    let image = Image::read(&remote.target, &content)?;
    Ok(Resolved { base: base(full, platform, &image), chain: image.diff_ids().to_vec(), remote: Some(remote) })
}

/// Fetches the layers of a base image that are not here, telling of it.
///
/// # Errors
/// The client is gone.
pub async fn fetch(progress: &mut Progress, vertex: &str, resolved: &Resolved) -> Result<(), BuildError> {
    let sys = progress.sys.clone();
    let Some(remote) = &resolved.remote else {
        keep(progress, resolved)?;
        return Ok(());
    };
    // A builder in a container has files of its own.
    let own = !progress.builder.is_empty();
    let absent: Vec<&NewLayer> =
        with(&sys, |s| remote.layers.iter().filter(|l| own || !s.layers.contains_key(&l.info.diff_id)).collect())?;
    let infos: Vec<_> = absent.iter().map(|l| l.info.clone()).collect();
    if !infos.is_empty() {
        let reference =
            Reference::parse_normalized(&resolved.base.reference).map_err(|e| BuildError::new(e.to_string()))?;
        let transfer = pull::begin(&sys, &reference, remote, own)?;
        let brought = bring(progress, vertex, transfer, &infos).await;
        with(&sys, |s| s.end_transfer(transfer))?;
        brought?;
    }
    with(&sys, |s| {
        for layer in &remote.layers {
            s.add_layer(layer);
        }
    })?;
    keep(progress, resolved)
}

/// Lets layers come, telling of it.
async fn bring(progress: &mut Progress, vertex: &str, transfer: u64, infos: &[LayerInfo]) -> Result<(), BuildError> {
    let sys = progress.sys.clone();
    let begin = sys.now();
    let wall = progress.now();
    let wall_at = |at: SimTime| wall + i64::try_from(at.0).unwrap_or(0);
    let mut extracting: Option<i64> = None;
    for (at, message) in pull::plan(infos) {
        let wait = (begin + at) - sys.now();
        if wait > SimTime(0) {
            sys.sleep(wait).await?;
        }
        if progress.is_stopped() {
            return Err(BuildError::canceled());
        }
        with(&sys, |s| s.go_on_transfer(transfer, &message))?;
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
    Ok(())
}

/// Notes that the builder has a base image.
///
/// # Errors
/// The daemon has no state.
pub fn keep(progress: &Progress, resolved: &Resolved) -> Result<(), BuildError> {
    let at = now(&progress.sys);
    let base = &resolved.base;
    let shown = format!("{}@{}", base.reference, base.digest);
    with(&progress.sys, |s| s.cache_of(&progress.builder).keep_base(base.key, &shown, &resolved.chain, at))?;
    Ok(())
}

/// Whether the builder has a base image already: the daemon's own takes images' layers, too.
///
/// # Errors
/// The daemon has no state.
pub fn is_here(progress: &Progress, resolved: &Resolved) -> Result<bool, BuildError> {
    Ok(with(&progress.sys, |s| {
        let known = progress.builder.is_empty() || s.cache_of(&progress.builder).bases.contains_key(&resolved.base.key);
        known && resolved.chain.iter().all(|d| s.layers.get(d).is_some_and(|l| l.present))
    })?)
}
