//! `POST /build`: options, and progress as typed events.
//!
//! The body is a tar of the context as the client sends it (after `.dockerignore`; the Dockerfile
//! and `.dockerignore` are always in it). The answer is a stream of lines: `moby.buildkit.trace`
//! with a [`Trace`] each, at last `moby.image.id` with `{"ID":"sha256:…"}`, or an error line with
//! [`crate::stream::ErrorDetail::source`]. A real BuildKit's trace is protobuf; this is the same
//! `StatusResponse` as JSON. Times are nanoseconds since 1970.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::history::LocalState;
use crate::query::Query;

/// The query's parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildOptions {
    /// `t`, several: names for the image.
    pub tags: Vec<String>,
    /// `dockerfile`: its path in the context; default `Dockerfile`.
    pub dockerfile: String,
    /// `buildargs`: JSON object; `null` takes none.
    pub build_args: BTreeMap<String, Option<String>>,
    /// `labels`: JSON object.
    pub labels: BTreeMap<String, String>,
    /// `nocache`.
    pub no_cache: bool,
    /// `nocachefilter`, several: stages.
    pub no_cache_filter: Vec<String>,
    /// `pull`: ask the registry for base images.
    pub pull: bool,
    /// `target`: the stage to build.
    pub target: String,
    /// `networkmode`.
    pub network_mode: String,
    /// `platform`.
    pub platform: String,
    /// `check`: only the build checks (`--check`); our addition.
    pub check: bool,
    /// `buildref`: what the client calls it (BuildKit's `SolveRequest.Ref`); our addition.
    pub reference: String,
    /// `localpath`, `dockerfilepath`: where it was asked for; our addition.
    pub local: LocalState,
    /// `vcs`: JSON object: attributes `vcs:…` of the repository that the context lies in.
    pub vcs: BTreeMap<String, String>,
    /// `session`: what [`SessionAnswer`] gave; files that the daemon has already are not sent again.
    pub session: String,
    /// `outputs`, several: `type=local` and so on, as `--output` has them.
    pub outputs: Vec<String>,
    /// `secrets`, several: IDs of the secrets that the session brings.
    pub secrets: Vec<String>,
    /// `ssh`, several: IDs of agents that the session brings.
    pub ssh: Vec<String>,
    /// `contexts`: JSON object of named contexts: `local`, or `docker-image://…`.
    pub contexts: BTreeMap<String, String>,
    /// `noprovenance`: no attestation of how it was made.
    pub no_provenance: bool,
    /// `provenancemode`: `max` tells more.
    pub provenance_mode: String,
    /// `remote`: the address of a context that the daemon fetches.
    pub remote: String,
    /// `sbom`: an attestation of what is in it.
    pub sbom: bool,
    /// `whatif`, several: changes that are only thought of: nothing is built; our addition.
    pub what_if: Vec<String>,
    /// `cachefrom`, several: as `--cache-from` has them.
    pub cache_from: Vec<String>,
    /// `cacheto`, several: as `--cache-to` has them.
    pub cache_to: Vec<String>,
    /// `builder`: a builder in a container, by the container's name; empty: the daemon's own.
    pub builder: String,
    /// `allow`, several: what steps may do beyond the usual (`network.host`, `security.insecure`).
    pub allow: Vec<String>,
}

/// `POST /session/files`, our addition: what a client has, before it sends what is needed of it. As in
/// BuildKit's file transfer, a file of the same size, mode and time is not sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionFiles {
    /// Contexts; the one without a name is the build's own.
    pub contexts: Vec<ContextFiles>,
    /// Secrets by ID, in hexadecimal.
    pub secrets: BTreeMap<String, String>,
}

/// The files of a context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContextFiles {
    /// Its name; empty: the build's own.
    pub name: String,
    /// Where it is on the client: what was sent from there before is compared.
    pub key: String,
    /// A record for each file, ended by a NUL: kind (`f`, `d`, `l`), octal mode, size, nominal size or `-`,
    /// mtime with nanoseconds, path, link target; tabs between.
    pub files: String,
}

/// Answer to [`SessionFiles`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionAnswer {
    /// For the build.
    pub id: String,
    /// For each context the numbers of the records whose content is wanted; the tar has them as
    /// `<number of the context>/<number of the record>`.
    pub needed: Vec<Vec<u32>>,
}

impl BuildOptions {
    /// As a query.
    pub fn to_query(&self) -> Query {
        let mut q = Query::default().with("version", "2");
        for t in &self.tags {
            q = q.with("t", t);
        }
        let lists = [
            ("nocachefilter", &self.no_cache_filter),
            ("outputs", &self.outputs),
            ("secrets", &self.secrets),
            ("ssh", &self.ssh),
            ("whatif", &self.what_if),
            ("cachefrom", &self.cache_from),
            ("cacheto", &self.cache_to),
            ("allow", &self.allow),
        ];
        for (k, list) in lists {
            for t in list {
                q = q.with(k, t);
            }
        }
        if !self.contexts.is_empty() {
            q = q.with("contexts", serde_json::to_string(&self.contexts).unwrap_or_default());
        }
        let texts = [
            ("session", &self.session),
            ("dockerfile", &self.dockerfile),
            ("target", &self.target),
            ("networkmode", &self.network_mode),
            ("platform", &self.platform),
            ("provenancemode", &self.provenance_mode),
            ("remote", &self.remote),
            ("buildref", &self.reference),
            ("localpath", &self.local.local_path),
            ("dockerfilepath", &self.local.dockerfile_path),
            ("builder", &self.builder),
        ];
        for (k, v) in texts {
            if !v.is_empty() {
                q = q.with(k, v);
            }
        }
        if !self.build_args.is_empty() {
            q = q.with("buildargs", serde_json::to_string(&self.build_args).unwrap_or_default());
        }
        if !self.labels.is_empty() {
            q = q.with("labels", serde_json::to_string(&self.labels).unwrap_or_default());
        }
        if !self.vcs.is_empty() {
            q = q.with("vcs", serde_json::to_string(&self.vcs).unwrap_or_default());
        }
        q.flag("nocache", self.no_cache)
            .flag("pull", self.pull)
            .flag("check", self.check)
            .flag("noprovenance", self.no_provenance)
            .flag("sbom", self.sbom)
    }

    /// From a query.
    ///
    /// # Errors
    /// `buildargs` or `labels` is not the right JSON.
    pub fn from_query(q: &Query) -> Result<Self, serde_json::Error> {
        fn json<T: Default + serde::de::DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
            if text.is_empty() { Ok(T::default()) } else { serde_json::from_str(text) }
        }
        let dockerfile = q.text("dockerfile");
        let list = |k: &str| q.all(k).map(str::to_owned).collect::<Vec<_>>();
        Ok(Self {
            tags: q.all("t").map(str::to_owned).collect(),
            dockerfile: if dockerfile.is_empty() { "Dockerfile" } else { dockerfile }.to_owned(),
            build_args: json(q.text("buildargs"))?,
            labels: json(q.text("labels"))?,
            no_cache: q.is("nocache"),
            no_cache_filter: list("nocachefilter"),
            pull: q.is("pull"),
            target: q.text("target").to_owned(),
            network_mode: q.text("networkmode").to_owned(),
            platform: q.text("platform").to_owned(),
            check: q.is("check"),
            reference: q.text("buildref").to_owned(),
            local: LocalState {
                local_path: q.text("localpath").to_owned(),
                dockerfile_path: q.text("dockerfilepath").to_owned(),
            },
            vcs: json(q.text("vcs"))?,
            session: q.text("session").to_owned(),
            outputs: list("outputs"),
            secrets: list("secrets"),
            ssh: list("ssh"),
            contexts: json(q.text("contexts"))?,
            no_provenance: q.is("noprovenance"),
            provenance_mode: q.text("provenancemode").to_owned(),
            sbom: q.is("sbom"),
            remote: q.text("remote").to_owned(),
            what_if: list("whatif"),
            cache_from: list("cachefrom"),
            cache_to: list("cacheto"),
            builder: q.text("builder").to_owned(),
            allow: list("allow"),
        })
    }
}

/// What changed since the last line: BuildKit's `StatusResponse`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trace {
    /// Steps, new or with new times; the latest state of each counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vertexes: Vec<Vertex>,
    /// Progress within steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Status>,
    /// Output of steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<Log>,
    /// Findings of the build checks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Vertex {
    /// Its identity in this build, `sha256:…`.
    pub digest: String,
    /// As it is shown: `[2/5] WORKDIR /app`.
    pub name: String,
    /// Digests of the steps that it needs.
    pub inputs: Vec<String>,
    /// Nanoseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<i64>,
    /// Nanoseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<i64>,
    /// It needn't be done again.
    pub cached: bool,
    /// Why it failed; empty if it didn't. `context canceled` if another failed first.
    pub error: String,
    /// Our addition: why it was or wasn't cached; for instructions that make a layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Our addition: the Dockerfile's lines (from 1, inclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<(u32, u32)>,
}

/// Why a step was or wasn't taken from the cache: the first reason that applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// Taken from the cache.
    Hit {
        /// Number of the build that made it, from 1; 0: it was imported.
        made_by: u64,
    },
    /// The instruction's text is another.
    InstructionChanged {
        /// Before.
        old: String,
        /// Now.
        new: String,
    },
    /// Files that it copies have other content, are new or gone; paths in byte order.
    FilesChanged {
        /// Other content.
        changed: Vec<String>,
        /// New.
        added: Vec<String>,
        /// Gone.
        removed: Vec<String>,
    },
    /// Only permission bits or owners differ.
    ModeChanged {
        /// Their names.
        files: Vec<String>,
    },
    /// A build argument that is in scope has another value.
    BuildArgChanged {
        /// Its name.
        name: String,
        /// Before, if it had one.
        old: Option<String>,
        /// Now, if it has one.
        new: Option<String>,
    },
    /// An `ENV` before it has another value.
    EnvChanged {
        /// Its name.
        name: String,
        /// Before, if it had one.
        old: Option<String>,
        /// Now, if it has one.
        new: Option<String>,
    },
    /// `USER`, `WORKDIR` or `SHELL` before it is another.
    SettingChanged {
        /// The instruction.
        name: String,
        /// Before.
        old: String,
        /// Now.
        new: String,
    },
    /// The base image's tag points to other content.
    BaseImageMoved {
        /// As in FROM.
        reference: String,
        /// Digest before.
        old: String,
        /// Digest now.
        new: String,
    },
    /// A step that it stands on ran again.
    ParentMissed {
        /// The name of the first step that missed.
        step: String,
        /// Its line, from 1.
        line: u32,
    },
    /// Nothing like it was built before.
    NeverBuilt,
    /// It was built, but its result is no longer kept (`docker builder prune`).
    CachePruned,
    /// `--no-cache` or `--no-cache-filter`.
    NoCache,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |v: &Option<String>| v.clone().unwrap_or_else(|| "(none)".to_owned());
        match self {
            Self::Hit { made_by: 0 } => f.write_str("from an imported cache"),
            Self::Hit { made_by } => write!(f, "made by build {made_by}"),
            Self::NeverBuilt => f.write_str("never built before"),
            Self::CachePruned => f.write_str("its cache was pruned"),
            Self::NoCache => f.write_str("--no-cache"),
            Self::InstructionChanged { old, .. } => write!(f, "instruction changed; it was: {old}"),
            Self::FilesChanged { changed, added, removed } => {
                let mut parts = Vec::new();
                for (what, list) in [("changed", changed), ("added", added), ("removed", removed)] {
                    if !list.is_empty() {
                        parts.push(format!("{what}: {}", list.join(", ")));
                    }
                }
                f.write_str(&parts.join("; "))
            }
            Self::ModeChanged { files } => write!(f, "mode changed: {}", files.join(", ")),
            Self::BuildArgChanged { name, old, new } => write!(f, "ARG {name}: {} -> {}", or_none(old), or_none(new)),
            Self::EnvChanged { name, old, new } => write!(f, "ENV {name}: {} -> {}", or_none(old), or_none(new)),
            Self::SettingChanged { name, old, new } => write!(f, "{name}: {old} -> {new}"),
            Self::BaseImageMoved { old, new, .. } => write!(f, "base image moved: {old} -> {new}"),
            Self::ParentMissed { line, .. } => write!(f, "line {line} ran again"),
        }
    }
}

/// Progress within a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    /// What is done, e.g. `transferring context:` or a layer's digest.
    pub id: String,
    /// The step's digest.
    pub vertex: String,
    /// As BuildKit's; mostly empty.
    pub name: String,
    /// Bytes done.
    pub current: u64,
    /// Of so many; 0 where unknown.
    pub total: u64,
    /// Nanoseconds since 1970.
    pub timestamp: i64,
    /// Nanoseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<i64>,
    /// Nanoseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<i64>,
}

/// Output of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Log {
    /// The step's digest.
    pub vertex: String,
    /// 1 standard output, 2 standard error.
    pub stream: u8,
    /// The text; may be part of a line.
    pub data: String,
    /// Nanoseconds since 1970.
    pub timestamp: i64,
}

/// A finding of the build checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Warning {
    /// The digest of `[internal] load build definition`.
    pub vertex: String,
    /// As BuildKit's; 1.
    pub level: u32,
    /// `JSONArgsRecommended: JSON arguments … (line 3)`.
    pub short: String,
    /// What the rule is about, one paragraph each.
    pub detail: Vec<String>,
    /// Where the rule is explained.
    pub url: String,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SolveSource>,
}

/// A place in a Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveSource {
    /// `Dockerfile`.
    pub filename: String,
    /// The whole text.
    pub data: String,
    /// First and last line from 1, several where it has several places.
    pub ranges: Vec<(u32, u32)>,
}

/// What `POST /build/prune` took away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PruneReport {
    /// Cache IDs.
    pub caches_deleted: Option<Vec<String>>,
    /// Bytes.
    pub space_reclaimed: u64,
}
