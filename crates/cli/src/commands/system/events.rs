//! `docker events`.

use layerlab_api::events::Event;

use crate::cli::Cli;
use crate::commands::{filter_query, filters, timestamp};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::format::{time, typed};
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
    if let Some(t) = &template
        && let Err((e, _)) = t.execute(&message(&Value::Null), Missing::NoValue)
    {
        return Err(CliError::code(64, format!("Error parsing format: {e}")));
    }
    let mut query = filter_query(&filters(p.list("filter")));
    for flag in ["since", "until"] {
        if let Some(v) = p.opt(flag).filter(|v| !v.is_empty()) {
            query = query.with(flag, timestamp(v, cli.now()).map_err(CliError::new)?);
        }
    }
    let mut answer = cli.request("GET", "/events", query).await?;
    while let Some(line) = cli.line::<Value>(&mut answer).await? {
        let text = match &template {
            Some(t) => t.execute(&message(&line), Missing::NoValue).map_err(|(e, _)| CliError::new(e))?,
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

/// An event as the client's type has it.
fn message(line: &Value) -> Value {
    Value::Pointer(std::rc::Rc::new(typed::typed("events.Message", line)))
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
