//! `docker version`.

use layerlab_api::query::Query;
use layerlab_api::system::Version;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::json;
use crate::format::table::VERSION;
use crate::format::template::{Missing, Template};
use crate::format::time;
use crate::format::value::Value;
use crate::tree::Command;

/// When the client says it was built: docker 29.7.2's day.
const BUILT: &str = "Wed Aug  5 18:02:11 2026";
const GO: &str = "go1.26.0";

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = p.str(c, "format");
    parsed(format)?;
    let server = cli.get_bytes("/version", Query::default()).await;
    if !format.is_empty() {
        let (text, failed) = formatted(format, server.as_ref().ok())?;
        // What came before a failure is printed, too.
        cli.print(format!("{text}\n")).await?;
        return failed.map_or_else(|| server.map(|_| 0), Err);
    }
    cli.print(VERSION.align(&client_block())).await?;
    let bytes = server?;
    let v: Version = serde_json::from_slice(&bytes).map_err(|e| CliError::new(e.to_string()))?;
    cli.print(VERSION.align(&server_block(&v))).await?;
    Ok(0)
}

fn client_json() -> String {
    format!(r#"{{{},"Context":"default"}}"#, client_fields())
}

/// What this client is, as fields of JSON.
pub(super) fn client_fields() -> String {
    format!(
        r#""Version":"{}","ApiVersion":"{api}","DefaultAPIVersion":"{api}","GitCommit":"{}","GoVersion":"{GO}","Os":"linux","Arch":"amd64","BuildTime":"{BUILT}""#,
        crate::VERSION,
        crate::COMMIT,
        api = layerlab_api::API_VERSION
    )
}

fn parsed(format: &str) -> Result<Template, CliError> {
    Template::parse(format).map_err(|e| {
        CliError::code(64, format!("template parsing error: {}", e.replacen("template: :", "template: version:", 1)))
    })
}

/// What a template writes, and how it failed.
fn formatted(format: &str, server: Option<&Vec<u8>>) -> Result<(String, Option<CliError>), CliError> {
    let server = server.map_or("null".into(), |s| String::from_utf8_lossy(s).into_owned());
    let all = format!(r#"{{"Client":{},"Server":{server}}}"#, client_json());
    // Templates name Go's fields, JSON its own.
    let all = if format.contains(".APIVersion") { all.replace("\"ApiVersion\"", "\"APIVersion\"") } else { all };
    let value = Value::from_json(all.as_bytes()).map_err(|e| CliError::new(e.to_string()))?;
    if format == "json" {
        return Ok((json::compact(&value), None));
    }
    let template = parsed(format)?;
    Ok(match template.execute(&value, Missing::Error) {
        Ok(text) => (text, None),
        Err((e, before)) => {
            let kind = if e.contains(" at <.Client.") { "system.clientVersion" } else { "system.versionInfo" };
            let e = name_type(&e, kind).replacen("template: :", "template: version:", 1);
            (before, Some(CliError::new(e.replacen("executing \"\"", "executing \"version\"", 1))))
        }
    })
}

/// An error of a template as Go words it for a value with a type.
fn name_type(error: &str, name: &str) -> String {
    let Some((before, field)) = error.split_once("map has no entry for key \"") else { return error.to_owned() };
    format!("{before}can't evaluate field {} in type {name}", field.trim_end_matches('"'))
}

fn client_block() -> String {
    let lines = [
        (" Version:", crate::VERSION),
        (" API version:", layerlab_api::API_VERSION),
        (" Go version:", GO),
        (" Git commit:", crate::COMMIT),
        (" Built:", BUILT),
        (" OS/Arch:", "linux/amd64"),
        (" Context:", "default"),
    ];
    format!("Client:\n{}", lines.map(|(k, v)| format!("{k}\t{v}\n")).concat())
}

fn server_block(v: &Version) -> String {
    let platform = if v.platform.name.is_empty() { String::new() } else { format!(" {}", v.platform.name) };
    let mut out = format!("\nServer:{platform}\n");
    let mut components = v.components.clone();
    if components.is_empty() {
        components.push(layerlab_api::system::Component {
            name: "Engine".into(),
            version: v.version.clone(),
            ..Default::default()
        });
    }
    for c in &components {
        let detail = |k: &str| c.details.get(k).map_or("", String::as_str);
        out.push_str(&format!(" {}:\n  Version:\t{}\n", c.name, c.version));
        if c.name == "Engine" {
            let built = time::parse_rfc3339(&v.build_time)
                .map_or_else(|| v.build_time.clone(), |t| time::ansic(t.div_euclid(1_000_000_000)));
            let experimental = if detail("Experimental").is_empty() { "false" } else { detail("Experimental") };
            out.push_str(&format!("  API version:\t{} (minimum version {})\n", v.api_version, v.min_api_version));
            out.push_str(&format!("  Go version:\t{}\n  Git commit:\t{}\n", v.go_version, v.git_commit));
            out.push_str(&format!(
                "  Built:\t{built}\n  OS/Arch:\t{}/{}\n  Experimental:\t{experimental}\n",
                v.os, v.arch
            ));
        } else if !detail("GitCommit").is_empty() {
            out.push_str(&format!("  GitCommit:\t{}\n", detail("GitCommit")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_as_docker() {
        let text = VERSION.align(&client_block());
        assert!(text.starts_with("Client:\n Version:           29."), "{text}");
        assert!(text.contains("\n OS/Arch:           linux/amd64\n Context:           default\n"));
        assert_eq!(formatted("{{.Client.Os}}", None).unwrap().0, "linux");
    }
}
