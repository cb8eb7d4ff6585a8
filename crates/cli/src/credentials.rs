//! `~/.docker/config.json`: who has logged in where (docker/cli `cli/config/configfile`).

use layerlab_kernel::base64;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::error::{CliError, path_error};

/// The key of Docker Hub.
pub(crate) const HUB: &str = "https://index.docker.io/v1/";

/// The client's own folder.
pub(crate) fn folder(cli: &Cli) -> String {
    let set = cli.config.as_deref().or_else(|| cli.args.var("DOCKER_CONFIG"));
    set.map_or_else(|| format!("{}/.docker", cli.home()), str::to_owned)
}

fn path(cli: &Cli) -> String {
    format!("{}/config.json", folder(cli))
}

/// Makes a context the current one; `None`: the default one.
pub(crate) async fn set_context(cli: &Cli, name: Option<&str>) -> Result<(), CliError> {
    let mut all = read(cli).await;
    let Some(o) = all.as_object_mut() else { return Ok(()) };
    let changed = match name {
        Some(n) => o.insert("currentContext".to_owned(), json!(n)).as_ref().and_then(Value::as_str) != Some(n),
        None => o.remove("currentContext").is_some(),
    };
    if changed { write(cli, &all).await } else { Ok(()) }
}

/// The whole configuration.
pub(crate) async fn read(cli: &Cli) -> Value {
    let text = cli.sys.read_file(&path(cli)).await.unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_else(|_| json!({}))
}

/// The keys that detach: those of `--detach-keys`, else those of the configuration.
pub(crate) async fn detach_keys(cli: &Cli, asked: &str) -> String {
    if !asked.is_empty() {
        return asked.to_owned();
    }
    read(cli).await.get("detachKeys").and_then(Value::as_str).unwrap_or_default().to_owned()
}

async fn write(cli: &Cli, value: &Value) -> Result<(), CliError> {
    let path = path(cli);
    if let Some((dir, _)) = path.rsplit_once('/') {
        let _ = cli.sys.mkdir(dir, 0o700).await;
    }
    let mut out = Vec::new();
    let tabs = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    let mut to = serde_json::Serializer::with_formatter(&mut out, tabs);
    serde::Serialize::serialize(value, &mut to).map_err(|e| CliError::new(e.to_string()))?;
    cli.sys.write_file(&path, out, 0o600).await.map_err(|e| path_error("open", &path, e))
}

/// The file's place, for the warning.
pub(crate) fn place(cli: &Cli) -> String {
    path(cli)
}

/// The key of a registry's host.
pub(crate) fn key(host: &str) -> &str {
    if matches!(host, "" | "docker.io" | "index.docker.io" | "registry-1.docker.io") { HUB } else { host }
}

/// Notes a login.
pub(crate) async fn store(cli: &Cli, server: &str, user: &str, password: &str) -> Result<(), CliError> {
    let mut all = read(cli).await;
    if let Some(o) = all.as_object_mut() {
        let auths = o.entry("auths").or_insert_with(|| json!({}));
        if let Some(auths) = auths.as_object_mut() {
            auths.insert(server.to_owned(), json!({ "auth": base64::encode(format!("{user}:{password}").as_bytes()) }));
        }
    }
    write(cli, &all).await
}

/// Forgets a login; whether there was one.
pub(crate) async fn erase(cli: &Cli, server: &str) -> Result<bool, CliError> {
    let mut all = read(cli).await;
    let removed = all.get_mut("auths").and_then(Value::as_object_mut).and_then(|a| a.remove(server)).is_some();
    if removed {
        write(cli, &all).await?;
    }
    Ok(removed)
}

/// `Authorization` for a host, if somebody has logged in.
pub(crate) async fn basic(cli: &Cli, host: &str) -> Option<String> {
    let all = read(cli).await;
    let auth = all.get("auths")?.get(key(host))?.get("auth")?.as_str()?;
    Some(format!("Basic {auth}"))
}

/// `X-Registry-Auth` for a host.
pub(crate) async fn header(cli: &Cli, host: &str) -> String {
    let server = key(host);
    let all = read(cli).await;
    let auth = all.get("auths").and_then(|a| a.get(server)).and_then(|a| a.get("auth")).and_then(Value::as_str);
    let plain = auth.and_then(base64::decode).and_then(|b| String::from_utf8(b).ok()).unwrap_or_default();
    let Some((user, password)) = plain.split_once(':') else { return base64::encode_url(b"{}") };
    let body = json!({ "username": user, "password": password, "serveraddress": server });
    base64::encode_url(body.to_string().as_bytes())
}
