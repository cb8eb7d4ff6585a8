//! The daemon as a registry's client.

use layerlab_api::registry::{Registry, RegistryError, split};
use layerlab_kernel::Sys;

use crate::error::ApiError;

impl From<RegistryError> for ApiError {
    fn from(e: RegistryError) -> Self {
        Self { status: if e.unauthorized { 401 } else { 500 }, message: e.message }
    }
}

/// A registry, with somebody's credentials.
pub(crate) async fn open(sys: &Sys, host: &str, authorization: Option<String>) -> Registry {
    let agent = format!("docker/{} go/go1.26.0", crate::VERSION);
    Registry::new(sys, host, &agent, authorization, is_insecure(sys, host).await)
}

/// Plain HTTP is spoken with this machine itself and with what the daemon's settings name.
async fn is_insecure(sys: &Sys, host: &str) -> bool {
    let name = split(host, 0).0;
    if name == "localhost" || name.starts_with("127.") {
        return true;
    }
    let text = sys.read_file("/etc/docker/daemon.json").await.unwrap_or_default();
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let list = value.get("insecure-registries").and_then(serde_json::Value::as_array);
    list.is_some_and(|l| l.iter().any(|r| r.as_str() == Some(host)))
}
