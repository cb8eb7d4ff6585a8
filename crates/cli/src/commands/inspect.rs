//! `docker inspect` and what the inspect verbs share (docker/cli `cli/command/inspect`).

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::json;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::tree::Command;

/// An object's JSON, or why there is none.
pub(crate) type Found = Result<Vec<u8>, CliError>;

/// Prints what was found, then says what was not.
pub(crate) async fn inspect_all(cli: &Cli, format: &str, found: Vec<Found>) -> Result<i32, CliError> {
    let template = match format {
        "" | "json" => None,
        f => Some(f),
    };
    let template = match template.map(Template::parse) {
        None => None,
        Some(Ok(t)) => Some(t),
        Some(Err(e)) => return Err(CliError::code(64, format!("template parsing error: {e}"))),
    };
    let mut errors = Vec::new();
    let mut objects = Vec::new();
    for f in found {
        match f {
            Ok(bytes) => match Value::from_json(&bytes) {
                Ok(v) => objects.push(v),
                Err(e) => errors.push(CliError::new(format!("unable to read inspect data: {e}"))),
            },
            Err(e) => errors.push(e),
        }
    }
    let mut out = String::new();
    match template {
        // All in one list, as maps: their keys in order.
        None if format == "json" => {
            out = json::compact(&Value::list(objects.iter().map(Value::sorted).collect()));
            out.push('\n');
        }
        None => {
            out = json::pretty(&Value::list(objects), "    ");
            out.push('\n');
        }
        Some(t) => {
            for v in &objects {
                match t.execute(v, Missing::Error) {
                    Ok(text) => out.push_str(&text),
                    Err((e, before)) => {
                        out.push_str(&before);
                        errors.push(CliError::new(format!("template parsing error: {e}")));
                    }
                }
                out.push('\n');
            }
            if objects.is_empty() {
                out.push('\n');
            }
        }
    }
    cli.print(out).await?;
    CliError::join(errors)
}

/// Kinds that `docker inspect` looks for, in its order, with their paths.
const KINDS: &[(&str, &str, &str)] = &[
    ("container", "/containers/", "/json"),
    ("image", "/images/", "/json"),
    ("network", "/networks/", ""),
    ("volume", "/volumes/", ""),
    ("service", "/services/", ""),
    ("task", "/tasks/", ""),
    ("node", "/nodes/", ""),
    ("plugin", "/plugins/", "/json"),
    ("secret", "/secrets/", ""),
    ("config", "/configs/", ""),
];

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let kind = p.str(c, "type").trim_matches('"').to_owned();
    if p.is_set("type") && !KINDS.iter().any(|(k, ..)| *k == kind) {
        let what = if kind.is_empty() {
            "type is empty".to_owned()
        } else {
            format!("unknown type: {}", crate::format::quote(&kind))
        };
        return Err(CliError::new(format!(
            "{what}: must be one of \"config\", \"container\", \"image\", \"network\", \"node\", \"plugin\", \"secret\", \"service\", \"task\", \"volume\""
        )));
    }
    if !matches!(p.str(c, "format"), "" | "json") {
        Template::parse(p.str(c, "format")).map_err(|e| CliError::code(64, format!("template parsing error: {e}")))?;
    }
    if p.bool("size") && !matches!(kind.as_str(), "" | "container") {
        cli.eprint(format!("WARNING: --size ignored for {kind}\n")).await;
    }
    let mut found = Vec::new();
    for name in &p.args {
        found.push(find(cli, &kind, name, p.bool("size")).await);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}

async fn find(cli: &Cli, kind: &str, name: &str, size: bool) -> Found {
    for (k, before, after) in KINDS {
        if !kind.is_empty() && *k != kind {
            continue;
        }
        // A machine that manages no swarm is not asked for what only a swarm has.
        if kind.is_empty() && matches!(*k, "service" | "task" | "node" | "secret" | "config") {
            continue;
        }
        let query = Query::default().flag("size", size && *k == "container");
        match cli.get_bytes(&format!("{before}{name}{after}"), query).await {
            // Without a swarm the daemon refuses its kinds with 503, and this engine may not know some paths at all.
            Err(e) if kind.is_empty() && matches!(e.status, Some(404 | 501 | 503)) => {}
            other => return other,
        }
    }
    Err(CliError::new(if kind.is_empty() {
        format!("error: no such object: {name}")
    } else {
        format!("error: no such {kind}: {name}")
    }))
}
