//! Blobs on their way into a registry: `POST`, `PATCH`, `PUT` of `/v2/NAME/blobs/uploads/`.

use layerlab_api::http::Request;
use layerlab_api::query::Query;
use layerlab_kernel::hash::hex;
use layerlab_oci::Digest;

use super::error::RegistryError;
use super::serve::{Answer, NOMINAL};
use super::store::{Store, figures};

fn location(name: &str, id: &str) -> String {
    format!("/v2/{name}/blobs/uploads/{id}")
}

fn accepted(name: &str, id: &str, length: usize) -> Answer {
    Answer::new(202)
        .with("Location", location(name, id))
        .with("Range", format!("0-{}", length.saturating_sub(1)))
        .with("Docker-Upload-Uuid", id)
}

fn created(name: &str, digest: &Digest) -> Answer {
    Answer::new(201)
        .with("Location", format!("/v2/{name}/blobs/{digest}"))
        .with("Docker-Content-Digest", digest.to_string())
}

fn parse(text: &str) -> Result<Digest, RegistryError> {
    text.parse().map_err(|_| RegistryError::digest_invalid("digest parsing failed"))
}

async fn keep(store: &Store, name: &str, query: &Query, data: Vec<u8>) -> Result<Answer, RegistryError> {
    let digest = parse(query.text("digest"))?;
    if Digest::of(&data) != digest {
        return Err(RegistryError::digest_invalid("invalid digest for referenced layer"));
    }
    store.put_blob(name, &digest, data).await?;
    if let Some(nominal) = figures(query.text(NOMINAL)) {
        store.put_nominal(&digest, nominal).await?;
    }
    Ok(created(name, &digest))
}

/// Begins an upload, or mounts a blob of another repository, or takes all at once.
pub(super) async fn begin(
    store: &Store,
    name: &str,
    request: &Request,
    body: Vec<u8>,
) -> Result<Answer, RegistryError> {
    let (mount, from) = (request.query.text("mount"), request.query.text("from"));
    if !mount.is_empty() && !from.is_empty() {
        let digest = parse(mount)?;
        if store.has_blob(from, &digest).await
            && let Some(found) = store.found(from, &digest).await
        {
            store.put_blob(name, &digest, found.bytes.to_vec()).await?;
            if let Some(nominal) = found.nominal {
                store.put_nominal(&digest, nominal).await?;
            }
            return Ok(created(name, &digest));
        }
    }
    if !request.query.text("digest").is_empty() {
        return keep(store, name, &request.query, body).await;
    }
    let random = store.sys.random(16).await.map_err(|e| RegistryError::storage(e.text()))?;
    let h = hex(&random);
    let part = |a: usize, b: usize| h.get(a..b).unwrap_or_default();
    let id = format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32));
    store.set_upload(name, &id, Vec::new()).await?;
    Ok(accepted(name, &id, 0))
}

/// What is done with an upload that was begun.
pub(super) async fn go_on(
    store: &Store,
    name: &str,
    id: &str,
    request: &Request,
    body: Vec<u8>,
) -> Result<Answer, RegistryError> {
    let mut data = store.upload(name, id).await.ok_or_else(RegistryError::upload_unknown)?;
    match request.method.as_str() {
        "GET" => Ok(Answer { status: 204, ..accepted(name, id, data.len()) }),
        "PATCH" => {
            data.extend(body);
            let length = data.len();
            store.set_upload(name, id, data).await?;
            Ok(accepted(name, id, length))
        }
        "PUT" => {
            data.extend(body);
            let answer = keep(store, name, &request.query, data).await;
            store.drop_upload(name, id).await;
            answer
        }
        "DELETE" => {
            store.drop_upload(name, id).await;
            Ok(Answer::new(204))
        }
        _ => Err(RegistryError::unsupported()),
    }
}
