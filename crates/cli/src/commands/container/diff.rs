//! `docker diff`.

use layerlab_api::container::Change;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::Row;
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "container.diffContext",
    table: "{{.Type}} {{.Path}}",
    quiet: "{{.Path}}",
    headers: &[("Type", "CHANGE TYPE")],
};

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let changes: Option<Vec<Change>> = cli.get(&format!("/containers/{}/changes", p.arg(0)), Query::default()).await?;
    let row = |c: &Change| {
        let kind = match c.kind {
            1 => "A",
            2 => "D",
            _ => "C",
        };
        Row {
            type_name: LAYOUT.type_name,
            fields: [("Type", kind.into()), ("Path", c.path.as_str().into())].into(),
            ..Row::default()
        }
    };
    let rows: Vec<Row> = changes.unwrap_or_default().iter().map(row).collect();
    let format = Format::new("", false, &LAYOUT).map_err(CliError::new)?;
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}
