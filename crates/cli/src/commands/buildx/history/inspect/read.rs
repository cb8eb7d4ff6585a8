//! From a record, its log and its provenance to what is shown of it.

use std::collections::BTreeMap;

use layerlab_api::build::Trace;
use layerlab_api::history::{CANCELED, Record};
use layerlab_api::stream::{Aux, JsonMessage};
use serde::Serialize;

use super::super::name::build_name;
use super::super::{History, failed, refused};
use crate::build::excerpt;
use crate::cli::Cli;
use crate::error::CliError;
use crate::format::time;

/// Lines of the failed step that are shown.
const LOG_LINES: usize = 16;

fn no(n: &i64) -> bool {
    *n == 0
}

/// All that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Inspected {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    #[serde(rename = "Ref")]
    pub(super) reference: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) context: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) dockerfile: String,
    #[serde(rename = "VCSRepository", skip_serializing_if = "String::is_empty")]
    pub(super) vcs_repository: String,
    #[serde(rename = "VCSRevision", skip_serializing_if = "String::is_empty")]
    pub(super) vcs_revision: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) target: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) platform: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) keep_git_dir: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) named_contexts: Vec<Named>,
    pub(super) started_at: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) completed_at: String,
    #[serde(skip_serializing_if = "no")]
    pub(super) duration: i64,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Failed>,
    pub(super) num_completed_steps: u32,
    pub(super) num_total_steps: u32,
    pub(super) num_cached_steps: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) build_args: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<Named>,
    pub(super) config: Config,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) materials: Vec<Material>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attached>,
}

/// How it was to be built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Config {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) network: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) image_resolve_mode: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) multi_platform: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) no_cache: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) no_cache_filter: Vec<String>,
    #[serde(rename = "CacheMountNS", skip_serializing_if = "String::is_empty")]
    pub(super) cache_mount_ns: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) dockerfile_check_config: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) source_date_epoch: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sandbox_hostname: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rest_raw: Vec<Named>,
}

/// A name and a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) value: String,
}

/// What it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Material {
    #[serde(rename = "URI")]
    pub(super) uri: String,
    #[serde(rename = "Digests", skip_serializing_if = "Vec::is_empty")]
    pub(super) digests: Vec<String>,
}

/// What there is of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attached {
    pub(super) digest: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) platform: String,
    #[serde(rename = "Type")]
    pub(super) kind: String,
}

/// Why it failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Failed {
    pub(super) code: u32,
    pub(super) message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) logs: Vec<String>,
    /// In base64, as Go writes bytes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sources: String,
    /// The same as text.
    #[serde(skip)]
    pub(super) place: String,
}

/// Reads all of it.
pub(super) async fn read(history: &History<'_>, record: &Record) -> Result<Inspected, CliError> {
    let cwd = history.cli.sys.getcwd().await.unwrap_or_default();
    let mut out = shown(record, &cwd, history.cli.now());
    if let Some(e) = &record.error {
        let (name, logs) = failed_step(history, record).await?;
        let place = e.source.as_ref().map(|s| format!("{}\n", excerpt(s))).unwrap_or_default();
        let sources = layerlab_kernel::base64::encode(place.as_bytes());
        out.error = Some(Failed { code: e.code, message: e.message.clone(), name, logs, sources, place });
    }
    let provenance = record.attachments.iter().find(|a| a.kind.starts_with("https://slsa.dev/provenance/"));
    if let Some(a) = provenance {
        let bytes = history.blob(record, &a.digest).await?;
        out.materials = materials(&bytes)?;
    }
    Ok(out)
}

/// What the record itself tells.
pub(super) fn shown(record: &Record, cwd: &str, now: i64) -> Inspected {
    let mut attrs = record.frontend_attrs.clone();
    let mut context = record.local.local_path.clone();
    let mut dockerfile = record.local.dockerfile_path.clone();
    if !matches!(dockerfile.as_str(), "" | "-") {
        dockerfile = below(&context, &dockerfile);
    }
    if !context.is_empty() {
        context = below(cwd, &context);
    } else if let Some(given) = attrs.remove("context") {
        context = given;
    }
    let filename = attrs.remove("filename").unwrap_or_default();
    if dockerfile.is_empty() && !filename.is_empty() {
        dockerfile = match attrs.get("vcs:localdir:dockerfile").filter(|d| *d != ".") {
            Some(dir) => format!("{dir}/{filename}"),
            None => filename,
        };
    }
    let mut take = |key: &str| attrs.remove(key).unwrap_or_default();
    let is_on = |text: String| crate::flags::value::parse_bool(&text) == Some(true);
    let mut out = Inspected {
        name: build_name(record),
        reference: record.reference.clone(),
        context,
        dockerfile,
        target: take("target"),
        platform: take("platform").split(',').filter(|p| !p.is_empty()).map(str::to_owned).collect(),
        keep_git_dir: is_on(take("build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR")),
        started_at: at(record.created_at),
        completed_at: record.completed_at.map(at).unwrap_or_default(),
        duration: record.completed_at.unwrap_or(now) - record.created_at,
        status: match (record.completed_at, &record.error) {
            (_, Some(e)) if e.code == CANCELED => "canceled",
            (_, Some(_)) => "failed",
            (None, None) => "running",
            (Some(_), None) => "completed",
        },
        num_completed_steps: record.completed_steps,
        num_total_steps: record.total_steps,
        num_cached_steps: record.cached_steps,
        config: Config {
            network: take("force-network-mode"),
            image_resolve_mode: take("image-resolve-mode"),
            multi_platform: is_on(take("multi-platform")),
            ..Config::default()
        },
        ..Inspected::default()
    };
    if !attrs.contains_key("context") {
        out.vcs_repository = attrs.get("vcs:source").cloned().unwrap_or_default();
        out.vcs_revision = attrs.get("vcs:revision").cloned().unwrap_or_default();
    }
    out.named_contexts = named(&attrs, "context:");
    // Arguments with a meaning of their own stand in both places.
    out.build_args = named(&attrs, "build-arg:");
    out.labels = named(&attrs, "label:");
    match attrs.remove("no-cache") {
        Some(all) if all.is_empty() => out.config.no_cache = true,
        Some(some) => out.config.no_cache_filter = some.split(',').map(str::to_owned).collect(),
        None => {}
    }
    let mut take = |key: &str| attrs.remove(&format!("build-arg:{key}")).unwrap_or_default();
    out.config.multi_platform |= is_on(take("BUILDKIT_MULTI_PLATFORM"));
    out.config.cache_mount_ns = take("BUILDKIT_CACHE_MOUNT_NS");
    out.config.dockerfile_check_config = take("BUILDKIT_DOCKERFILE_CHECK");
    out.config.source_date_epoch = take("SOURCE_DATE_EPOCH");
    out.config.sandbox_hostname = take("SANDBOX_HOSTNAME");
    let known = ["vcs:", "build-arg:", "label:", "context:", "attest:"];
    attrs.retain(|k, _| !known.iter().any(|p| k.starts_with(p)));
    out.config.rest_raw = named(&attrs, "");
    out.attachments = record
        .attachments
        .iter()
        .map(|a| Attached { digest: a.digest.clone(), platform: a.platform.clone(), kind: a.kind.clone() })
        .collect();
    out
}

fn named(attrs: &BTreeMap<String, String>, prefix: &str) -> Vec<Named> {
    let own = attrs.iter().filter_map(|(k, v)| Some((k.strip_prefix(prefix)?, v)));
    own.map(|(k, v)| Named { name: k.to_owned(), value: v.clone() }).collect()
}

/// A path as it is seen from a folder, if it is below.
fn below(dir: &str, path: &str) -> String {
    if path == dir {
        return ".".to_owned();
    }
    let inside = path.strip_prefix(dir.trim_end_matches('/')).and_then(|p| p.strip_prefix('/'));
    inside.unwrap_or(path).to_owned()
}

/// RFC 3339 without zeros at its end.
fn at(nanos: i64) -> String {
    let secs = nanos.div_euclid(1_000_000_000);
    let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
    layerlab_oci::Timestamp { secs, nanos }.to_string()
}

/// `2025-02-07 11:56:24`.
pub(super) fn local(nanos: i64) -> String {
    time::go_string(nanos.div_euclid(1_000_000_000)).trim_end_matches(" +0000 UTC").to_owned()
}

fn materials(provenance: &[u8]) -> Result<Vec<Material>, CliError> {
    let all: serde_json::Value =
        serde_json::from_slice(provenance).map_err(|e| failed(format!("failed to unmarshal provenance: {e}")))?;
    let list = all.get("materials").and_then(serde_json::Value::as_array);
    let material = |m: &serde_json::Value| Material {
        uri: m.get("uri").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
        digests: m
            .get("digest")
            .and_then(serde_json::Value::as_object)
            .into_iter()
            .flatten()
            .map(|(k, v)| format!("{k}:{}", v.as_str().unwrap_or_default()))
            .collect(),
    };
    Ok(list.into_iter().flatten().map(material).collect())
}

/// The name of the step that failed, and the last lines of what it said.
async fn failed_step(history: &History<'_>, record: &Record) -> Result<(String, Vec<String>), CliError> {
    let cli: &Cli = history.cli;
    let path = History::path(&record.reference, "/logs");
    let mut answer = cli.request("GET", &path, history.query()).await.map_err(refused)?;
    let mut all = Vec::new();
    while let Some(m) = cli.line::<JsonMessage>(&mut answer).await? {
        if let Some(Aux::Trace(t)) = m.aux {
            all.push(*t);
        }
    }
    answer.close().await;
    Ok(said(&all))
}

fn said(all: &[Trace]) -> (String, Vec<String>) {
    let mut steps = all.iter().flat_map(|t| &t.vertexes);
    let Some(step) = steps.find(|v| !v.error.is_empty() && !v.error.ends_with("context canceled")) else {
        return (String::new(), Vec::new());
    };
    let own = all.iter().flat_map(|t| &t.logs).filter(|l| l.vertex == step.digest);
    // Each stream has lines of its own.
    let (mut lines, mut open): (Vec<String>, BTreeMap<u8, usize>) = (Vec::new(), BTreeMap::new());
    for log in own {
        for (i, part) in log.data.split('\n').enumerate() {
            let last = open.remove(&log.stream).filter(|_| i == 0);
            let at = match last {
                Some(n) => n,
                None if part.is_empty() => continue,
                None => {
                    lines.push(String::new());
                    lines.len() - 1
                }
            };
            if let Some(line) = lines.get_mut(at) {
                line.push_str(part);
            }
            open.insert(log.stream, at);
        }
        if log.data.ends_with('\n') {
            open.remove(&log.stream);
        }
    }
    let from = lines.len().saturating_sub(LOG_LINES);
    (step.name.clone(), lines.split_off(from))
}

#[cfg(test)]
mod tests {
    use layerlab_api::build::{Log, Vertex};

    use super::*;

    #[test]
    fn lines_of_the_failed_step() {
        let step = |digest: &str, error: &str| Vertex {
            digest: digest.into(),
            name: format!("step {digest}"),
            error: error.into(),
            ..Vertex::default()
        };
        let log =
            |vertex: &str, stream, data: &str| Log { vertex: vertex.into(), stream, data: data.into(), timestamp: 0 };
        let trace = Trace {
            vertexes: vec![step("a", "context canceled"), step("b", "exit code: 1")],
            logs: vec![log("b", 1, "one\ntw"), log("b", 2, "err\n"), log("b", 1, "o\n\nthree"), log("a", 1, "other\n")],
            ..Trace::default()
        };
        assert_eq!(said(&[trace]), ("step b".into(), ["one", "two", "err", "three"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_the_attributes_tell() {
        let attr = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let r = Record {
            frontend_attrs: [
                attr("filename", "Dockerfile"),
                attr("no-cache", ""),
                attr("platform", "linux/amd64,linux/arm64"),
                attr("build-arg:V", "1"),
                attr("label:a", "b"),
                attr("image-resolve-mode", "local"),
                attr("other", "x"),
            ]
            .into(),
            local: layerlab_api::history::LocalState { local_path: "/home/u/app".into(), ..Default::default() },
            completed_at: Some(1_500_000_000),
            ..Record::default()
        };
        let out = shown(&r, "/home/u", 0);
        assert_eq!((out.name.as_str(), out.context.as_str(), out.dockerfile.as_str()), ("app", "app", "Dockerfile"));
        assert_eq!(out.platform, ["linux/amd64", "linux/arm64"]);
        assert!(out.config.no_cache && out.config.no_cache_filter.is_empty());
        assert_eq!(out.config.rest_raw, [Named { name: "other".into(), value: "x".into() }]);
        assert_eq!((out.build_args.len(), out.labels.len(), out.status), (1, 1, "completed"));
        assert_eq!(
            (out.started_at.as_str(), out.completed_at.as_str()),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:01.5Z")
        );
    }
}
