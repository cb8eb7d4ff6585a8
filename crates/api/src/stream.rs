//! What `docker pull`, `load`, `push` and `build` stream: one JSON object a line
//! (moby `pkg/jsonmessage`).

use serde::{Deserialize, Serialize};

use crate::build::{SolveSource, Trace};

/// One line of progress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JsonMessage {
    /// Plain output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
    /// What is done, e.g. `Pulling fs layer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// How far.
    #[serde(rename = "progressDetail", skip_serializing_if = "Option::is_none")]
    pub progress_detail: Option<ProgressDetail>,
    /// Whom it is about: a layer's short ID, a tag, `moby.buildkit.trace`, `moby.image.id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why it failed; the last line.
    #[serde(rename = "errorDetail", skip_serializing_if = "Option::is_none")]
    pub error_detail: Option<ErrorDetail>,
    /// The same as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Data for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aux: Option<Aux>,
}

/// How far something is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgressDetail {
    /// Done, in units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<u64>,
    /// Of so many; not sent where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// `s` for seconds (`Extracting 1 s`); else bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<String>,
}

/// Why something failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErrorDetail {
    /// A process's exit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// The text.
    pub message: String,
    /// Our addition: the place in the Dockerfile, for BuildKit's excerpt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SolveSource>,
    /// Our addition: the digest of the vertex that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertex: Option<String>,
}

/// Data for programs in a [`JsonMessage`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Aux {
    /// Of `moby.image.id`, at a build's end.
    Id {
        /// `sha256:…`.
        #[serde(rename = "ID")]
        id: String,
    },
    /// Of `moby.buildkit.result`: what `--metadata-file` holds, beside the image's ID.
    Result {
        /// BuildKit's exporter response; values that begin with `{` are JSON.
        exporter: std::collections::BTreeMap<String, String>,
    },
    /// Of `moby.buildkit.trace`.
    Trace(Box<Trace>),
}

impl JsonMessage {
    /// A status line.
    pub fn status(id: Option<&str>, status: impl Into<String>) -> Self {
        Self { id: id.map(str::to_owned), status: Some(status.into()), ..Self::default() }
    }
    /// A status with its progress.
    pub fn progress(id: &str, status: &str, current: u64, total: Option<u64>, units: Option<&str>) -> Self {
        let detail = ProgressDetail { current: Some(current), total, units: units.map(str::to_owned) };
        Self { progress_detail: Some(detail), ..Self::status(Some(id), status) }
    }
    /// Plain output.
    pub fn stream(text: impl Into<String>) -> Self {
        Self { stream: Some(text.into()), ..Self::default() }
    }
    /// The failure.
    pub fn error(detail: ErrorDetail) -> Self {
        Self { error: Some(detail.message.clone()), error_detail: Some(detail), ..Self::default() }
    }
    /// A build's progress.
    pub fn trace(trace: Trace) -> Self {
        Self { id: Some("moby.buildkit.trace".to_owned()), aux: Some(Aux::Trace(Box::new(trace))), ..Self::default() }
    }
    /// A build's result.
    pub fn image_id(id: impl Into<String>) -> Self {
        Self { id: Some("moby.image.id".to_owned()), aux: Some(Aux::Id { id: id.into() }), ..Self::default() }
    }
    /// The line with its end (CR LF, as the daemon writes).
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.extend(b"\r\n");
        line
    }
}
