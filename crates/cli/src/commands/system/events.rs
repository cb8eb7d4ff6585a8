//! `docker events`.

use layerlab_api::events::Event;

use crate::cli::Cli;
use crate::commands::{filter_query, filters, timestamp};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::template::{Missing, Template};
use crate::format::time;
use crate::format::value::Value;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = match p.str(c, "format") {
        "" => None,
        "json" => Some("{{json .}}"),
        f => Some(f),
    };
    let template = format
        .map(Template::parse)
        .transpose()
        .map_err(|e| CliError::code(64, format!("Error parsing format: {e}")))?;
    let mut query = filter_query(&filters(p.list("filter")));
    for flag in ["since", "until"] {
        if let Some(v) = p.opt(flag).filter(|v| !v.is_empty()) {
            query = query.with(flag, timestamp(v, cli.now()).map_err(CliError::new)?);
        }
    }
    let mut answer = cli.request("GET", "/events", query).await?;
    while let Some(line) = cli.line::<Value>(&mut answer).await? {
        let text = match &template {
            Some(t) => {
                let seen = if format == Some("{{json .}}") { line } else { message(&line) };
                t.execute(&seen, Missing::NoValue).map_err(|(e, _)| CliError::new(e))?
            }
            None => {
                let raw = crate::format::json::compact(&line);
                let event: Event = serde_json::from_str(&raw).map_err(|e| CliError::new(e.to_string()))?;
                show(&event)
            }
        };
        cli.print(format!("{text}\n")).await?;
    }
    answer.close().await;
    Ok(0)
}

/// An event with the fields of Go's `events.Message`.
fn message(line: &Value) -> Value {
    let of = |key: &str, none: Value| line.get(key).cloned().unwrap_or(none);
    let text = |key: &str| of(key, Value::str(""));
    let fields = [
        ("Status", text("status")),
        ("ID", text("id")),
        ("From", text("from")),
        ("Type", text("Type")),
        ("Action", text("Action")),
        ("Actor", of("Actor", Value::Null)),
        ("Scope", text("scope")),
        ("Time", of("time", Value::Int(0))),
        ("TimeNano", of("timeNano", Value::Int(0))),
    ];
    Value::Map(std::rc::Rc::new(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()))
}

fn show(e: &Event) -> String {
    let attributes: Vec<String> = e.actor.attributes.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let nanos = if e.time_nano != 0 { e.time_nano } else { e.time.saturating_mul(1_000_000_000) };
    let mut out = format!("{} {} {} {}", time::rfc3339_nano(nanos), e.kind, e.action, e.actor.id);
    if !attributes.is_empty() {
        out.push_str(&format!(" ({})", attributes.join(", ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that the real client printed.
    #[test]
    fn an_event_as_docker_prints_it() {
        let e: Event = serde_json::from_str(
            r#"{"Type":"container","Action":"die","Actor":{"ID":"c12b72d795a7","Attributes":{"name":"job","exitCode":"3","execDuration":"1","image":"alpine:3.20"}},"time":1700000003,"timeNano":1700000003999999999}"#,
        )
        .unwrap();
        assert_eq!(
            show(&e),
            "2023-11-14T22:13:23.999999999Z container die c12b72d795a7 (execDuration=1, exitCode=3, image=alpine:3.20, name=job)"
        );
    }
}
