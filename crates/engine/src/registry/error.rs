//! A registry's refusals (OCI distribution-spec, "Error Codes").

/// Status, code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RegistryError {
    pub status: u16,
    pub code: &'static str,
    pub message: &'static str,
    /// Detail, as JSON.
    pub detail: String,
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl RegistryError {
    /// As an answer.
    pub(super) fn answer(&self) -> super::serve::Answer {
        super::serve::Answer::of(self.status, "application/json; charset=utf-8", self.json())
    }
    fn new(status: u16, code: &'static str, message: &'static str, detail: String) -> Self {
        Self { status, code, message, detail }
    }
    pub(super) fn name_unknown(name: &str) -> Self {
        Self::new(
            404,
            "NAME_UNKNOWN",
            "repository name not known to registry",
            format!("{{\"name\":{}}}", quoted(name)),
        )
    }
    pub(super) fn manifest_unknown(name: &str, reference: &str) -> Self {
        let detail = if reference.contains(':') {
            format!("\"unknown manifest name={name} revision={reference}\"")
        } else {
            format!("{{\"Tag\":{}}}", quoted(reference))
        };
        Self::new(404, "MANIFEST_UNKNOWN", "manifest unknown", detail)
    }
    pub(super) fn blob_unknown(digest: &str) -> Self {
        Self::new(404, "BLOB_UNKNOWN", "blob unknown to registry", quoted(digest))
    }
    pub(super) fn manifest_blob_unknown(digest: &str) -> Self {
        Self::new(
            400,
            "MANIFEST_BLOB_UNKNOWN",
            "blob unknown to registry",
            format!("{{\"Digest\":{}}}", quoted(digest)),
        )
    }
    pub(super) fn manifest_invalid(why: &str) -> Self {
        Self::new(400, "MANIFEST_INVALID", "manifest invalid", quoted(why))
    }
    pub(super) fn upload_unknown() -> Self {
        Self::new(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "null".to_owned())
    }
    pub(super) fn digest_invalid(why: &str) -> Self {
        Self::new(400, "DIGEST_INVALID", "provided digest did not match uploaded content", quoted(why))
    }
    pub(super) fn name_invalid(name: &str) -> Self {
        Self::new(400, "NAME_INVALID", "invalid repository name", quoted(name))
    }
    pub(super) fn unsupported() -> Self {
        Self::new(405, "UNSUPPORTED", "The operation is unsupported.", "null".to_owned())
    }
    pub(super) fn storage(why: &str) -> Self {
        Self::new(500, "UNKNOWN", "unknown error", quoted(why))
    }
    /// The body.
    pub(super) fn json(&self) -> String {
        let detail = if self.detail == "null" { String::new() } else { format!(",\"detail\":{}", self.detail) };
        format!("{{\"errors\":[{{\"code\":\"{}\",\"message\":\"{}\"{detail}}}]}}\n", self.code, self.message)
    }
}
