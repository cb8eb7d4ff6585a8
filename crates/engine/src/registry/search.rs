//! Asking Docker Hub's index what it has.

use layerlab_api::image::SearchResult;
use layerlab_api::query::Query;
use layerlab_kernel::Sys;

use super::client;
use crate::error::ApiError;

/// What the index finds for a term, most stars first.
///
/// # Errors
/// It cannot be reached, or answers with something else.
pub async fn search(sys: &Sys, term: &str) -> Result<Vec<SearchResult>, ApiError> {
    let registry = client::open(sys, "index.docker.io", None).await;
    let query = Query::default().with("q", term).with("n", "100");
    let reply = registry.get("v1", "search", query).await?;
    if reply.head.status != 200 {
        return Err(ApiError::internal(format!("Unexpected status code {}", reply.head.status)));
    }
    let value: serde_json::Value = serde_json::from_slice(&reply.body)?;
    Ok(serde_json::from_value(value.get("results").cloned().unwrap_or_default())?)
}
