//! `docker buildx history inspect` (buildx `commands/history/inspect.go`).

mod read;
mod text;

use super::{History, failed};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::format::{json, typed};
use crate::tree::Command;

/// Its type in the client, see `format/typed/types.txt`.
const TYPE: &str = "history.inspectOutput";

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let history = History::open(cli, p).await?;
    let record = history.find(p.arg(0)).await?;
    let found = read::read(&history, &record).await?;
    let text = match p.str(c, "format") {
        "pretty" => text::text(&history, &record, &found, p.arg(0).is_empty()),
        "json" => format!("{}\n", json::pretty_html(&value(&found)?, "  ")),
        given => {
            let template = Template::parse(given).map_err(|e| {
                failed(format!(
                    "failed to parse format template: {}",
                    e.replacen("template: :", "template: inspect:", 1)
                ))
            })?;
            let data = typed::typed(TYPE, &value(&found)?);
            let line = template.execute(&data, Missing::NoValue).map_err(|(e, _)| {
                let e = e.replacen("template: :", "template: inspect:", 1).replacen(
                    "executing \"\"",
                    "executing \"inspect\"",
                    1,
                );
                failed(format!("failed to execute format template: {e}"))
            })?;
            format!("{line}\n")
        }
    };
    cli.print(text).await?;
    Ok(0)
}

fn value(found: &read::Inspected) -> Result<Value, CliError> {
    let bytes = serde_json::to_vec(found).map_err(failed)?;
    Value::from_json(&bytes).map_err(failed)
}
