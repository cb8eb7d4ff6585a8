//! Build records: what `docker buildx history` tells (BuildKit `solver/llbsolver/history.go`).

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_api::build::{BuildOptions, Trace};
use layerlab_api::history::{self as api, Attachment, Failure, LocalState, Record};
use layerlab_api::stream::JsonMessage;
use layerlab_kernel::Sys;
use layerlab_oci::{Digest, Platform, media_type};
use serde_json::json;

use super::attest::{self, Provenance};
use super::error::BuildError;
use super::export::Exported;
use super::solve::{Solve, Work};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::route::{Handler, no_page};
use crate::shared::Shared;
use crate::state::EngineState;
use crate::watch::{Watch, wake};

/// How many finished builds are kept (BuildKit's `HistoryConfig.MaxEntries`; its age of 48 hours is not
/// looked at, for it only keeps more).
const KEPT: usize = 50;

/// A blob that belongs to a build.
#[derive(Clone, Debug, Hash)]
pub struct Blob {
    /// What it is.
    pub what: Attachment,
    /// Its bytes: they stay when the image is removed.
    pub bytes: Rc<Vec<u8>>,
}

/// A record, and the lines that its client was told.
#[derive(Clone, Debug, Hash)]
pub struct Entry {
    /// The build's number.
    pub number: u64,
    builder: String,
    reference: String,
    attrs: BTreeMap<String, String>,
    local: LocalState,
    created: i64,
    completed: Option<i64>,
    error: Option<Failure>,
    /// By digest: whether it needn't be done, whether it has ended.
    steps: BTreeMap<String, (bool, bool)>,
    lines: Vec<Rc<Vec<u8>>>,
    blobs: Vec<Blob>,
}

impl Entry {
    fn record(&self) -> Record {
        let count = |f: &dyn Fn(&&(bool, bool)) -> bool| u32::try_from(self.steps.values().filter(f).count());
        Record {
            reference: self.reference.clone(),
            frontend_attrs: self.attrs.clone(),
            local: self.local.clone(),
            created_at: self.created,
            completed_at: self.completed,
            error: self.error.clone(),
            total_steps: count(&|_| true).unwrap_or(u32::MAX),
            completed_steps: count(&|s| s.1).unwrap_or(u32::MAX),
            cached_steps: count(&|s| s.0).unwrap_or(u32::MAX),
            attachments: self.blobs.iter().map(|b| b.what.clone()).collect(),
        }
    }
}

/// What those watch who follow a build.
fn watched(number: u64) -> String {
    format!("build {number}")
}

fn entry(s: &mut EngineState, number: u64) -> Option<&mut Shared<Entry>> {
    s.history.iter_mut().rev().find(|e| e.number == number)
}

/// A build begins.
///
/// # Errors
/// The daemon has no state.
pub fn begin(cx: &Context, number: u64, reference: &str, options: &BuildOptions) -> Reply {
    let entry = Entry {
        number,
        builder: options.builder.clone(),
        reference: reference.to_owned(),
        attrs: api::frontend_attrs(options),
        local: options.local.clone(),
        created: cx.sys.wall_clock(),
        completed: None,
        error: None,
        steps: BTreeMap::new(),
        lines: Vec::new(),
        blobs: Vec::new(),
    };
    cx.with(|s| {
        s.history.push_back(entry.into());
        let finished = s.history.iter().filter(|e| e.completed.is_some()).count();
        if finished > KEPT
            && let Some(oldest) = s.history.iter().position(|e| e.completed.is_some())
        {
            s.history.remove(oldest);
        }
    })
}

/// Keeps what a build's client is told.
///
/// # Errors
/// The daemon has no state.
pub async fn tell(sys: &Sys, number: u64, trace: &Trace) -> Result<(), BuildError> {
    let line = Rc::new(JsonMessage::trace(trace.clone()).to_line());
    with(sys, |s| {
        let Some(entry) = entry(s, number) else { return };
        for v in &trace.vertexes {
            let step = entry.steps.entry(v.digest.clone()).or_default();
            *step = (step.0 || v.cached, step.1 || v.completed.is_some());
        }
        entry.lines.push(line);
    })?;
    wake(sys, &watched(number)).await;
    Ok(())
}

/// A build has ended.
///
/// # Errors
/// The daemon has no state.
pub async fn complete(cx: &Context, solve: &mut Solve, error: Option<&BuildError>) -> Reply {
    let at = cx.sys.wall_clock();
    let error = error.map(|e| Failure {
        code: if e.canceled { api::CANCELED } else { api::UNKNOWN },
        message: e.message.clone(),
        source: e.lines.map(|l| solve.source(l)),
    });
    let mut blobs = std::mem::take(&mut solve.attachments);
    blobs.sort_by(|a, b| (&a.what.platform, &a.what.kind).cmp(&(&b.what.platform, &b.what.kind)));
    let number = solve.record.number;
    cx.with(|s| {
        if let Some(e) = entry(s, number) {
            (e.completed, e.error, e.blobs) = (Some(at), error, blobs);
        }
    })?;
    wake(&cx.sys, &watched(number)).await;
    Ok(())
}

/// Fields of a provenance in the order of Go's structs (BuildKit `solver/llbsolver/provenance/types`).
const ORDER: [&str; 16] = [
    "builder",
    "buildType",
    "materials",
    "uri",
    "invocation",
    "configSource",
    "frontend",
    "args",
    "locals",
    "parameters",
    "environment",
    "metadata",
    "buildInvocationID",
    "buildStartedOn",
    "buildFinishedOn",
    "reproducible",
];

/// JSON on lines, its fields in that order, others in the alphabet's behind them.
fn in_order(v: &serde_json::Value, depth: usize) -> String {
    let lines = |items: Vec<String>, (open, close): (char, char)| {
        if items.is_empty() {
            return format!("{open}{close}");
        }
        let inner = "  ".repeat(depth + 1);
        let items: Vec<String> = items.into_iter().map(|i| format!("{inner}{i}")).collect();
        format!("{open}\n{}\n{}{close}", items.join(",\n"), "  ".repeat(depth))
    };
    match v {
        serde_json::Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by_key(|k| ORDER.iter().position(|o| o == k).unwrap_or(ORDER.len()));
            let field = |k: &&String| {
                format!("{}: {}", json!(k), map.get(*k).map_or_else(String::new, |v| in_order(v, depth + 1)))
            };
            lines(keys.iter().map(field).collect(), ('{', '}'))
        }
        serde_json::Value::Array(list) => lines(list.iter().map(|v| in_order(v, depth + 1)).collect(), ('[', ']')),
        other => other.to_string(),
    }
}

impl Solve {
    fn add(&mut self, platform: &str, kind: &str, bytes: Vec<u8>) {
        // The next output's is the same but for its times.
        if !self.attachments.iter().any(|b| b.what.platform == platform && b.what.kind == kind) {
            let digest = Digest::of(&bytes).to_string();
            let what = Attachment { digest, platform: platform.to_owned(), kind: kind.to_owned() };
            self.attachments.push(Blob { what, bytes: bytes.into() });
        }
    }

    /// What the record says of where a platform's result comes from: as much as there is, whatever the image
    /// gets (BuildKit `solver/llbsolver/solver.go`, `recordBuildHistory`).
    pub(super) fn attest(&mut self, work: &Work, platform: &Platform, several: bool) -> Result<(), BuildError> {
        let options = BuildOptions { provenance_mode: "max".to_owned(), ..self.options.clone() };
        let bases: Vec<_> =
            work.bases.iter().map(|b| b.base.clone()).filter(|b| !several || b.platform == *platform).collect();
        let end = now(&self.sys());
        let mut predicate = Provenance {
            options: &options,
            names: &self.names,
            bases: &bases,
            platform,
            contents: None,
            source: &self.record.text,
            times: (self.record.started, end),
        }
        .predicate();
        if let Some(metadata) = predicate.get_mut("metadata").and_then(serde_json::Value::as_object_mut) {
            metadata.insert("buildInvocationID".to_owned(), json!(self.record.name));
        }
        let text = in_order(&predicate, 0).into_bytes();
        let platform = if several { platform.to_string() } else { String::new() };
        self.add(&platform, attest::PREDICATE, text);
        Ok(())
    }

    /// The image that was made: its index, and the platforms' manifests.
    pub(super) fn attach(&mut self, exported: &Exported) {
        if let Some(index) = &exported.index {
            self.add("", media_type::OCI_INDEX, index.clone());
        }
        for image in &exported.images {
            let platform = if exported.index.is_some() { image.platform.to_string() } else { String::new() };
            self.add(&platform, media_type::OCI_MANIFEST, image.manifest.clone());
        }
    }
}

/// `/build/history/…`.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, rest: &'a [&'a str]) -> Handler<'a> {
    match (method, rest) {
        ("GET", []) => Box::pin(list(cx)),
        ("DELETE", [reference]) => Box::pin(remove(cx, reference)),
        ("GET", [reference, "logs"]) => Box::pin(logs(cx, reference)),
        ("GET", [reference, "blob", digest]) => Box::pin(blob(cx, reference, digest)),
        _ => no_page(),
    }
}

async fn list(cx: &mut Context) -> Reply {
    let builder = cx.param("builder").to_owned();
    let all: Vec<Record> =
        cx.with(|s| s.history.iter().rev().filter(|e| e.builder == builder).map(|e| e.record()).collect())?;
    cx.json(200, &all).await
}

fn find(cx: &Context, reference: &str) -> Result<Shared<Entry>, ApiError> {
    let builder = cx.param("builder");
    let is_it = |e: &&Shared<Entry>| e.builder == builder && e.reference == reference;
    let found = cx.with(|s| s.history.iter().find(is_it).cloned())?;
    found.ok_or_else(|| ApiError::not_found(format!("failed to retrieve ref {reference}: file does not exist")))
}

/// A build that is at work goes on without its record.
async fn remove(cx: &mut Context, reference: &str) -> Reply {
    // What BuildKit looks for first is the lease that keeps the record's blobs.
    let found =
        find(cx, reference).map_err(|_| ApiError::not_found(format!("lease \"ref_{reference}\": not found")))?;
    cx.with(|s| s.history.retain(|e| e.number != found.number))?;
    wake(&cx.sys, &watched(found.number)).await;
    cx.empty(204).await
}

async fn logs(cx: &mut Context, reference: &str) -> Reply {
    let number = find(cx, reference)?.number;
    let watch = Watch::new(&cx.sys, &watched(number)).await?;
    let result = follow(cx, number, &watch).await;
    watch.end().await;
    result
}

async fn follow(cx: &mut Context, number: u64, watch: &Watch) -> Reply {
    cx.begin("application/json").await?;
    let mut told = 0;
    loop {
        let (news, running) = cx.with(|s| match entry(s, number) {
            Some(e) => (e.lines.get(told..).unwrap_or_default().to_vec(), e.completed.is_none()),
            None => (Vec::new(), false),
        })?;
        told += news.len();
        for line in news {
            cx.send(&line).await?;
        }
        if !running {
            return cx.end().await;
        }
        watch.wait_for(cx.fd(), None).await?;
    }
}

async fn blob(cx: &mut Context, reference: &str, digest: &str) -> Reply {
    let found = find(cx, reference)?;
    let blob = found.blobs.iter().find(|b| b.what.digest == digest).map(|b| b.bytes.clone());
    let bytes = match blob {
        Some(bytes) => bytes,
        None => {
            let parsed: Option<Digest> = digest.parse().ok();
            let kept = cx.with(|s| parsed.and_then(|d| s.content.0.get(&d).map(|b| b.to_vec())))?;
            Rc::new(kept.ok_or_else(|| ApiError::not_found(format!("content {digest}: not found")))?)
        }
    };
    cx.answer(200, "application/octet-stream", bytes.to_vec()).await
}
