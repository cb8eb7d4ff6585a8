//! `POST /images/create?fromSrc=…`: `docker import`.

use layerlab_api::stream::JsonMessage;
use layerlab_oci::layer::{Limits, read};
use layerlab_oci::{History, ImageConfig, Platform, Reference, RootFs, gzip};

use super::{changes, layer};
use crate::build::export;
use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Bytes of a file system that are taken at most.
const LIMIT: u64 = 256 << 20;

/// Makes an image of one layer from a tar.
///
/// # Errors
/// The name is none, a change is none, or the tar is damaged.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let name = name_of(cx.param("repo"), cx.param("tag"))?;
    let from = cx.param("fromSrc").to_owned();
    let list: Vec<String> = cx.request.query.all("changes").map(str::to_owned).collect();
    let message = match cx.param("message") {
        "" => format!("Imported from {from}"),
        m => m.to_owned(),
    };
    if from != "-" {
        let host = from.split("://").nth(1).unwrap_or(&from).split('/').next().unwrap_or_default().to_owned();
        let name = host.split(':').next().unwrap_or_default();
        return Err(ApiError::internal(format!("Get \"{from}\": dial tcp: lookup {name}: no such host")));
    }
    let mut tar = cx.body().await?;
    if gzip::is_gzip(&tar) {
        tar = gzip::decompress(&tar, LIMIT).map_err(|e| ApiError::internal(e.to_string()))?;
    }
    let entries = read(&tar, Limits::default()).map_err(|e| ApiError::internal(e.to_string()))?;
    let new = layer::from_entries(&entries, None);
    let now = cx.now();
    let platform = super::inspect::platform_of(cx.param("platform"))?.unwrap_or_else(|| Platform::linux("amd64"));
    let mut config = ImageConfig {
        architecture: platform.architecture.clone(),
        os: platform.os.clone(),
        variant: platform.variant.clone(),
        created: Some(now),
        history: vec![History { created: Some(now), comment: message, ..History::default() }],
        rootfs: RootFs::new(vec![new.info.diff_id]),
        ..ImageConfig::default()
    };
    changes::apply(&mut config.config, &list)?;
    let id = cx.with(|s| {
        s.add_layer(&new);
        let exported = export::export_one(s, &config).map_err(ApiError::internal)?;
        let id = export::take(s, exported, name.as_slice(), now).map_err(ApiError::internal)?;
        s.event(now, "image", "import", &id.to_string(), &[("name", &id.to_string())]);
        Ok::<_, ApiError>(id)
    })??;
    cx.line(&JsonMessage::status(None, id.to_string())).await?;
    cx.end().await
}

/// The name that a new image is to have, if any.
///
/// # Errors
/// It cannot be one.
pub fn name_of(repo: &str, tag: &str) -> Result<Option<Reference>, ApiError> {
    if repo.is_empty() {
        return Ok(None);
    }
    let mut name = Reference::parse_normalized(repo).map_err(|e| ApiError::bad(e.to_string()))?;
    if name.digest().is_some() {
        return Err(ApiError::bad("cannot import digest reference"));
    }
    if !tag.is_empty() {
        name = name.with_tag(tag).map_err(|e| ApiError::bad(e.to_string()))?;
    }
    Ok(Some(name.tag_name_only()))
}
