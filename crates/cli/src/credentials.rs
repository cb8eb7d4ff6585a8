//! `~/.docker/config.json`: who has logged in where (docker/cli `cli/config/configfile`).

use serde_json::{Value, json};

use crate::cli::Cli;
use crate::error::{CliError, path_error};

/// The key of Docker Hub.
pub(crate) const HUB: &str = "https://index.docker.io/v1/";

fn path(cli: &Cli) -> String {
    let dir = cli.args.var("DOCKER_CONFIG").map_or_else(|| format!("{}/.docker", cli.home()), str::to_owned);
    format!("{dir}/config.json")
}

async fn read(cli: &Cli) -> Value {
    let text = cli.sys.read_file(&path(cli)).await.unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_else(|_| json!({}))
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
            auths.insert(server.to_owned(), json!({ "auth": base64(format!("{user}:{password}").as_bytes(), false) }));
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

/// `X-Registry-Auth` for a host.
pub(crate) async fn header(cli: &Cli, host: &str) -> String {
    let server = key(host);
    let all = read(cli).await;
    let auth = all.get("auths").and_then(|a| a.get(server)).and_then(|a| a.get("auth")).and_then(Value::as_str);
    let plain = auth.and_then(decode).unwrap_or_default();
    let Some((user, password)) = plain.split_once(':') else { return base64(b"{}", true) };
    let body = json!({ "username": user, "password": password, "serveraddress": server });
    base64(body.to_string().as_bytes(), true)
}

fn base64(bytes: &[u8], url: bool) -> String {
    let digits: Vec<u8> =
        (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*if url { b"-_" } else { b"+/" }).collect();
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let all = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let digit = digits.get((all >> (18 - 6 * i) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if i <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_both_ways() {
        assert_eq!(base64(b"user:pass", false), "dXNlcjpwYXNz");
        assert_eq!(base64(b"{}", true), "e30=");
        assert_eq!(decode("dXNlcjpwYXNz").unwrap(), "user:pass");
    }
}
