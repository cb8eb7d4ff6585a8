//! Contexts: named daemons, as files of `~/.docker/contexts` (docker/cli `cli/context/store`), and which
//! one is current.

use layerlab_oci::Digest;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::cli::Cli;
use crate::credentials;
use crate::error::{CliError, path_error};

/// The one that is always there: what `DOCKER_HOST` says, or the usual socket.
pub(crate) const DEFAULT: &str = "default";

/// A context's metadata as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Context {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) host: String,
    pub(crate) skip_tls: bool,
}

/// `meta.json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Stored<'a> {
    name: &'a str,
    metadata: Metadata<'a>,
    endpoints: Endpoints<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

#[derive(Serialize)]
struct Endpoints<'a> {
    docker: Endpoint<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint<'a> {
    host: &'a str,
    #[serde(rename = "SkipTLSVerify")]
    skip_tls: bool,
}

impl Context {
    /// As in `meta.json`.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.stored()).unwrap_or_default()
    }

    /// The fields in docker's order.
    pub(crate) fn stored(&self) -> Stored<'_> {
        let docker = Endpoint { host: &self.host, skip_tls: self.skip_tls };
        Stored {
            name: &self.name,
            metadata: Metadata { description: &self.description },
            endpoints: Endpoints { docker },
        }
    }

    pub(crate) fn from_json(v: &Value) -> Option<Self> {
        let text = |at: &str| v.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Self {
            name: v.get("Name")?.as_str()?.to_owned(),
            description: text("/Metadata/Description"),
            host: text("/Endpoints/docker/Host"),
            skip_tls: v.pointer("/Endpoints/docker/SkipTLSVerify").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

fn folder(cli: &Cli) -> String {
    format!("{}/contexts", credentials::folder(cli))
}

/// Where a context's metadata and TLS files are.
pub(crate) fn places(cli: &Cli, name: &str) -> (String, String) {
    let id = Digest::of(name.as_bytes()).hex();
    let root = folder(cli);
    (format!("{root}/meta/{id}"), format!("{root}/tls/{id}"))
}

/// A context by its name.
///
/// # Errors
/// There is none.
pub(crate) async fn get(cli: &Cli, name: &str) -> Result<Context, CliError> {
    if name == DEFAULT {
        let given = cli.asked_host.as_deref().or(cli.args.var("DOCKER_HOST")).unwrap_or_default();
        let host =
            if given.is_empty() { format!("unix://{}", layerlab_api::SOCKET) } else { crate::host::full(given)? };
        return Ok(Context { name: DEFAULT.to_owned(), description: String::new(), host, skip_tls: false });
    }
    let path = format!("{}/meta.json", places(cli, name).0);
    let missing = |e| {
        CliError::new(format!(
            "context {}: context not found: {}",
            crate::format::quote(name),
            path_error("open", &path, e).message
        ))
    };
    let text = cli.sys.read_file(&path).await.map_err(missing)?;
    let value: Value = serde_json::from_slice(&text)
        .map_err(|e| CliError::new(format!("context {}: parsing {path}: {e}", crate::format::quote(name))))?;
    Context::from_json(&value)
        .ok_or_else(|| CliError::new(format!("context {}: no name in {path}", crate::format::quote(name))))
}

/// All contexts but the default one, by name.
pub(crate) async fn all(cli: &Cli) -> Vec<Context> {
    let root = format!("{}/meta", folder(cli));
    let mut found = Vec::new();
    for e in cli.sys.read_dir(&root).await.unwrap_or_default() {
        let text = cli.sys.read_file(&format!("{root}/{}/meta.json", e.name)).await.unwrap_or_default();
        let value: Value = serde_json::from_slice(&text).unwrap_or_default();
        found.extend(Context::from_json(&value));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Writes a context's metadata.
///
/// # Errors
/// The file cannot be written.
pub(crate) async fn put(cli: &Cli, c: &Context) -> Result<(), CliError> {
    let (dir, _) = places(cli, &c.name);
    make_dirs(cli, &dir).await;
    let path = format!("{dir}/meta.json");
    cli.sys.write_file(&path, c.to_json().into_bytes(), 0o644).await.map_err(|e| path_error("open", &path, e))
}

/// Makes a folder and those above it.
pub(crate) async fn make_dirs(cli: &Cli, dir: &str) {
    for (at, _) in dir.match_indices('/').skip(1).chain([(dir.len(), "")]) {
        // It may be there.
        let _ = cli.sys.mkdir(dir.get(..at).unwrap_or(dir), 0o755).await;
    }
}

/// Takes a context away, with its files.
pub(crate) async fn remove(cli: &Cli, name: &str) {
    let (meta, tls) = places(cli, name);
    let _ = cli.sys.unlink(&format!("{meta}/meta.json")).await;
    let _ = cli.sys.rmdir(&meta).await;
    for file in TLS_FILES {
        let _ = cli.sys.unlink(&format!("{tls}/docker/{file}")).await;
    }
    let _ = cli.sys.rmdir(&format!("{tls}/docker")).await;
    let _ = cli.sys.rmdir(&tls).await;
}

/// The files that a TLS endpoint has.
pub(crate) const TLS_FILES: [&str; 3] = ["ca.pem", "cert.pem", "key.pem"];

/// A context's TLS files that are there: name and content.
pub(crate) async fn tls(cli: &Cli, name: &str) -> Vec<(&'static str, Vec<u8>)> {
    let (_, dir) = places(cli, name);
    let mut found = Vec::new();
    for file in TLS_FILES {
        if let Ok(data) = cli.sys.read_file(&format!("{dir}/docker/{file}")).await {
            found.push((file, data));
        }
    }
    found
}

/// Keeps a TLS file of a context.
///
/// # Errors
/// It cannot be written.
pub(crate) async fn put_tls(cli: &Cli, name: &str, file: &str, data: Vec<u8>) -> Result<(), CliError> {
    let dir = format!("{}/docker", places(cli, name).1);
    make_dirs(cli, &dir).await;
    let path = format!("{dir}/{file}");
    cli.sys.write_file(&path, data, 0o600).await.map_err(|e| path_error("open", &path, e))
}

/// The current one's name (docker/cli `resolveContextName`).
///
/// # Errors
/// A context and a host were both asked for.
pub(crate) async fn current(cli: &Cli) -> Result<String, CliError> {
    let (context, host) = (cli.context.as_deref(), cli.asked_host.as_deref());
    match (context, host) {
        (Some(_), Some(_)) => Err(CliError::new("conflicting options: cannot specify both --host and --context")),
        (Some(c), None) => Ok(c.to_owned()),
        (None, Some(_)) => Ok(DEFAULT.to_owned()),
        (None, None) => Ok(chosen(cli).await),
    }
}

/// What the environment and the configuration choose.
async fn chosen(cli: &Cli) -> String {
    let var = |name: &str| cli.args.var(name).filter(|v| !v.is_empty()).map(str::to_owned);
    if var("DOCKER_HOST").is_some() {
        return DEFAULT.to_owned();
    }
    if let Some(name) = var("DOCKER_CONTEXT") {
        return name;
    }
    let config = credentials::read(cli).await;
    let name = config.get("currentContext").and_then(Value::as_str).filter(|n| !n.is_empty());
    name.unwrap_or(DEFAULT).to_owned()
}

/// Whether a name can be one (docker/cli `restrictedNamePattern`).
///
/// # Errors
/// It cannot.
pub(crate) fn check_name(name: &str) -> Result<(), CliError> {
    if name == DEFAULT {
        return Err(CliError::new("\"default\" is a reserved context name"));
    }
    if name.is_empty() {
        return Err(CliError::new("context name cannot be empty"));
    }
    let mut chars = name.chars();
    let good = chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
        && name.len() > 1
        && chars.all(|c| c.is_ascii_alphanumeric() || "_.+-".contains(c));
    if good {
        return Ok(());
    }
    Err(CliError::new(format!(
        "context name {} is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"",
        crate::format::quote(name)
    )))
}

/// `key=value` pairs of `--docker`, more than one in a value.
///
/// # Errors
/// One has no `=`, or is none that there is.
pub(crate) fn endpoint(given: &[String]) -> Result<Map<String, Value>, CliError> {
    let mut found = Map::new();
    for pair in given.iter().flat_map(|g| crate::flags::value::pairs(g)) {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| CliError::new(format!("{pair} must be formatted as key=value")))?;
        if !["from", "host", "ca", "cert", "key", "skip-tls-verify"].contains(&key) {
            return Err(CliError::new(format!(
                "unable to create docker endpoint config: unrecognized config key: {key}"
            )));
        }
        found.insert(key.to_owned(), json!(value));
    }
    Ok(found)
}
