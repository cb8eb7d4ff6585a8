//! Build records: what BuildKit's control API tells of builds (`ListenBuildHistory`, `Status`,
//! `UpdateBuildHistory`), as JSON instead of protobuf. Times are nanoseconds since 1970.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::build::{BuildOptions, SolveSource};

/// A build, finished or running.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// What the client called it: 25 letters and digits.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What the Dockerfile's frontend was asked for, see [`frontend_attrs`].
    pub frontend_attrs: BTreeMap<String, String>,
    /// Where it was asked for; buildx keeps this beside its configuration.
    pub local: LocalState,
    /// When it began.
    pub created_at: i64,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<i64>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Steps that were heard of.
    pub total_steps: u32,
    /// Of these, steps that have ended.
    pub completed_steps: u32,
    /// Of these, steps that needn't be done.
    pub cached_steps: u32,
    /// What there is of it, by platform and type.
    pub attachments: Vec<Attachment>,
}

/// Where a build was asked for (buildx `localstate.State`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalState {
    /// The context: an absolute path, an address, or `-`.
    pub local_path: String,
    /// What `--file` says, as an absolute path; empty without it.
    pub dockerfile_path: String,
}

/// Why a build failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// gRPC's code: 1 canceled, 2 unknown.
    pub code: u32,
    /// BuildKit's message, without `failed to solve: `.
    pub message: String,
    /// The place that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SolveSource>,
}

/// A blob that belongs to a build: an index, a manifest, what is attested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// `sha256:…`.
    pub digest: String,
    /// Of which platform; empty: of the whole.
    pub platform: String,
    /// Its media type, or what it attests.
    #[serde(rename = "type")]
    pub kind: String,
}

/// gRPC's code of a build that was given up.
pub const CANCELED: u32 = 1;
/// gRPC's code of all other failures.
pub const UNKNOWN: u32 = 2;

/// What buildx asks the Dockerfile's frontend for (buildx `build/opt.go`).
pub fn frontend_attrs(o: &BuildOptions) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut set = |k: &str, v: &str| {
        if !v.is_empty() {
            out.insert(k.to_owned(), v.to_owned());
        }
    };
    let name = o.dockerfile.rsplit('/').next().unwrap_or_default();
    set("filename", if name.is_empty() { "Dockerfile" } else { name });
    set("context", &o.remote);
    set("target", &o.target);
    set("platform", &o.platform);
    set("no-cache", &o.no_cache_filter.join(","));
    if !matches!(o.network_mode.as_str(), "" | "default") {
        set("force-network-mode", &o.network_mode);
    }
    // The daemon looks for images in its own store first.
    match (o.pull, o.builder.as_str()) {
        (true, _) => set("image-resolve-mode", "pull"),
        (false, "") => set("image-resolve-mode", "local"),
        _ => {}
    }
    for (k, v) in &o.build_args {
        set(&format!("build-arg:{k}"), v.as_deref().unwrap_or_default());
    }
    for (k, v) in &o.contexts {
        set(&format!("context:{k}"), if v == "local" { format!("local:{k}") } else { v.clone() }.as_str());
    }
    for (k, v) in &o.labels {
        out.insert(format!("label:{k}"), v.clone());
    }
    out.extend(o.vcs.clone());
    if o.no_cache {
        // Without names it is all stages.
        out.insert("no-cache".to_owned(), String::new());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_the_frontend() {
        let o = BuildOptions { dockerfile: "app/Dev.Dockerfile".into(), pull: true, ..BuildOptions::default() };
        let attrs = frontend_attrs(&o);
        assert_eq!(attrs.get("filename").map(String::as_str), Some("Dev.Dockerfile"));
        assert_eq!(attrs.get("image-resolve-mode").map(String::as_str), Some("pull"));
        let o = BuildOptions { builder: "b".into(), no_cache: true, ..BuildOptions::default() };
        let attrs = frontend_attrs(&o);
        assert_eq!(attrs.get("no-cache").map(String::as_str), Some(""));
        assert!(!attrs.contains_key("image-resolve-mode"), "only the daemon's own builder has a store");
    }
}
