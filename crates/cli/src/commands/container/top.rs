//! `docker top`.

use layerlab_api::container::Top;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::TOP;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let ps_args = p.args.get(1..).unwrap_or(&[]).join(" ");
    let query = if ps_args.is_empty() { Query::default() } else { Query::default().with("ps_args", ps_args) };
    let top: Top = cli.get(&format!("/containers/{}/top", p.arg(0)), query).await?;
    let mut text = format!("{}\n", top.titles.join("\t"));
    for row in &top.processes {
        text.push_str(&row.join("\t"));
        text.push('\n');
    }
    cli.print(TOP.align(&text)).await?;
    Ok(0)
}
