//! `GET /images/{name}/json`.

use layerlab_api::container::{Healthcheck, KeySet};
use layerlab_api::image::{Config, Inspect, Metadata, RootFs};
use layerlab_oci::{Platform, Reference};

use super::{Image, list};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// Tells all of an image.
///
/// # Errors
/// No such image.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let platform = platform_of(cx.param("platform"))?;
    let answer = cx.with(|s| {
        let image = s.images.find(name)?;
        let image = match &platform {
            Some(p) => image_for(&image, name, p)?.into(),
            None => image,
        };
        Ok::<_, ApiError>(inspect(s, &image))
    })??;
    cx.json(200, &answer).await
}

/// A platform of the API: JSON, as the CLI sends it, or `os/architecture`.
///
/// # Errors
/// It is neither.
pub fn platform_of(text: &str) -> Result<Option<Platform>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.starts_with('{') {
        return serde_json::from_str(text).map(Some).map_err(|e| ApiError::bad(format!("invalid platform: {e}")));
    }
    Platform::parse(text, &Platform::linux("amd64")).map(Some).map_err(|e| ApiError::bad(e.to_string()))
}

/// The image for a platform; `name` is what it was asked for by.
///
/// # Errors
/// It is not here for that platform.
pub fn image_for(image: &Image, name: &str, platform: &Platform) -> Result<Image, ApiError> {
    image.of(platform).ok_or_else(|| {
        let shown = Reference::parse_familiar(name).map_or_else(|_| name.to_owned(), |r| r.familiar());
        ApiError::not_found(format!(
            "image with reference {shown} was found but does not provide the specified platform ({platform})"
        ))
    })
}

fn some<T>(list: &[T]) -> Option<Vec<T>>
where
    T: Clone,
{
    (!list.is_empty()).then(|| list.to_vec())
}

/// All of an image.
pub fn inspect(state: &EngineState, image: &Image) -> Inspect {
    let id = image.id();
    let names: Vec<&String> = state.images.names_of(&id);
    let tagged = names.iter().filter_map(|n| state.images.names.get(*n)).map(|n| n.tagged).max();
    let references: Vec<Reference> = names.iter().filter_map(|n| Reference::parse(n).ok()).collect();
    let c = &image.config.config;
    Inspect {
        id: id.to_string(),
        repo_tags: references.iter().map(Reference::familiar).collect(),
        repo_digests: references.iter().map(|n| format!("{}@{id}", n.familiar_name())).collect(),
        comment: image.config.history.last().map(|h| h.comment.clone()).unwrap_or_default(),
        created: image.config.created.map(|t| t.to_string()).unwrap_or_default(),
        author: image.config.author.clone(),
        config: Config {
            user: c.user.clone(),
            exposed_ports: (!c.exposed_ports.is_empty()).then(|| KeySet(c.exposed_ports.clone())),
            env: some(&c.env),
            entrypoint: some(&c.entrypoint),
            cmd: some(&c.cmd),
            volumes: (!c.volumes.is_empty()).then(|| KeySet(c.volumes.clone())),
            working_dir: c.working_dir.clone(),
            labels: (!c.labels.is_empty()).then(|| c.labels.clone()),
            stop_signal: c.stop_signal.clone(),
            args_escaped: c.args_escaped,
            healthcheck: c.healthcheck.as_ref().map(healthcheck),
            on_build: some(&c.on_build),
            shell: some(&c.shell),
        },
        architecture: image.config.architecture.clone(),
        variant: image.config.variant.clone(),
        os: image.config.os.clone(),
        size: image.content_size(state) as i64,
        root_fs: RootFs {
            kind: "layers".to_owned(),
            layers: image.diff_ids().iter().map(ToString::to_string).collect(),
        },
        metadata: Metadata {
            last_tag_time: tagged.map_or_else(|| layerlab_api::ZERO_TIME.to_owned(), |t| t.to_string()),
        },
        descriptor: Some(list::descriptor(&image.target)),
    }
}

/// A health check in the API's form.
pub fn healthcheck(h: &layerlab_oci::Healthcheck) -> Healthcheck {
    Healthcheck {
        test: some(&h.test),
        interval: h.interval,
        timeout: h.timeout,
        start_period: h.start_period,
        start_interval: h.start_interval,
        retries: h.retries,
    }
}
