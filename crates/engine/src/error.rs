//! Refusals: a status and the daemon's own wording.

use layerlab_api::http::ConnError;
use layerlab_kernel::Errno;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// What the client prints after `Error response from daemon: `.
    pub message: String,
}

impl ApiError {
    /// A wrong parameter.
    pub fn bad(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }
    /// Something isn't there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { status: 404, message: message.into() }
    }
    /// Something is in the way.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { status: 409, message: message.into() }
    }
    /// It failed.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { status: 500, message: message.into() }
    }
    /// Nothing to be done.
    pub fn not_modified() -> Self {
        Self { status: 304, message: String::new() }
    }
    /// No such container.
    pub fn no_container(name: &str) -> Self {
        Self::not_found(format!("No such container: {name}"))
    }
}

impl From<Errno> for ApiError {
    fn from(e: Errno) -> Self {
        Self::internal(lower(e))
    }
}

impl From<ConnError> for ApiError {
    fn from(e: ConnError) -> Self {
        Self::internal(e.to_string())
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(e: serde_json::Error) -> Self {
        Self::bad(e.to_string())
    }
}

/// An errno as Go's `syscall.Errno` words it: lower case.
pub fn lower(e: Errno) -> String {
    let text = e.text();
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
