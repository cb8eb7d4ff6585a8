//! `docker inspect` and what the inspect verbs share (docker/cli `cli/command/inspect`).

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::format::{json, typed};
use crate::tree::Command;

/// An object's JSON, or why there is none.
pub(crate) type Found = Result<Object, CliError>;

/// An object as the engine has it.
pub(crate) struct Object {
    /// Its type in the client; of what has none there only the JSON counts.
    pub(crate) ty: &'static str,
    /// Its JSON.
    pub(crate) json: Vec<u8>,
}

/// Asks for an object.
pub(crate) async fn get(cli: &Cli, ty: &'static str, path: &str, query: Query) -> Found {
    cli.get_bytes(path, query).await.map(|json| Object { ty, json })
}

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
    let (mut types, mut objects) = (Vec::new(), Vec::new());
    for f in found {
        match f {
            Ok(object) => match Value::from_json(&object.json) {
                Ok(v) => {
                    types.push(object.ty);
                    objects.push(v);
                }
                Err(e) => errors.push(CliError::new(format!("unable to read inspect data: {e}"))),
            },
            Err(e) => errors.push(e),
        }
    }
    let mut out = String::new();
    let keeps_none = !types.is_empty() && types.iter().all(|t| typed::is_without_json(t));
    match template {
        None if keeps_none && format == "json" => {
            out = json::compact_html(&Value::list(objects));
            out.push('\n');
        }
        None if keeps_none => {
            out = json::pretty_html(&Value::list(objects), "    ");
            out.push('\n');
        }
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
            for (v, ty) in objects.iter().zip(types) {
                match if ty.is_empty() { t.execute(v, Missing::Error) } else { typed::inspect(&t, ty, v) } {
                    Ok(text) => {
                        out.push_str(&text);
                        out.push('\n');
                    }
                    Err((e, _)) => errors.push(CliError::new(format!("template parsing error: {e}"))),
                }
            }
            if out.is_empty() {
                out.push('\n');
            }
        }
    }
    cli.print(out).await?;
    CliError::join(errors)
}

/// Types of the client, see `format/typed/types.txt`.
pub(crate) const CONTAINER: &str = "container.InspectResponse";
pub(crate) const IMAGE: &str = "image.InspectResponse";
pub(crate) const NETWORK: &str = "network.Inspect";
pub(crate) const VOLUME: &str = "volume.Volume";

/// Kinds that `docker inspect` looks for, in its order, with their paths and types.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("container", "/containers/", "/json", CONTAINER),
    ("image", "/images/", "/json", IMAGE),
    ("network", "/networks/", "", NETWORK),
    ("volume", "/volumes/", "", VOLUME),
    ("service", "/services/", "", ""),
    ("task", "/tasks/", "", ""),
    ("node", "/nodes/", "", ""),
    ("plugin", "/plugins/", "/json", ""),
    ("secret", "/secrets/", "", ""),
    ("config", "/configs/", "", ""),
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
        let one = find(cli, &kind, name, p.bool("size")).await;
        if let Ok(object) = &one
            && kind.is_empty()
            && p.bool("size")
            && object.ty != CONTAINER
        {
            let found = KINDS.iter().find(|(.., ty)| *ty == object.ty).map_or("", |(k, ..)| k);
            cli.eprint(format!("WARNING: --size ignored for {found}\n")).await;
        }
        found.push(one);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}

async fn find(cli: &Cli, kind: &str, name: &str, size: bool) -> Found {
    for (k, before, after, ty) in KINDS {
        if !kind.is_empty() && *k != kind {
            continue;
        }
        // A machine that manages no swarm is not asked for what only a swarm has.
        if kind.is_empty() && matches!(*k, "service" | "task" | "node" | "secret" | "config") {
            continue;
        }
        if *k == "image" && name.is_empty() {
            continue;
        }
        let query = Query::default().flag("size", size && *k == "container");
        match get(cli, ty, &format!("{before}{name}{after}"), query).await {
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
