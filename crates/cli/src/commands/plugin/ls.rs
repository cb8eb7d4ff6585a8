//! `docker plugin ls`.

use serde::Deserialize;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::truncate;
use crate::format::value::{Row, Value};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "plugin.pluginContext",
    table: "table {{.ID}}\\t{{.Name}}\\t{{.Description}}\\t{{.Enabled}}",
    quiet: "{{.ID}}",
    headers: &[("PluginReference", "IMAGE")],
};

/// A managed plugin, as far as the list tells of it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Plugin {
    id: String,
    name: String,
    enabled: bool,
    config: Config,
    plugin_reference: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Config {
    description: String,
}

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut list: Vec<Plugin> = cli.get("/plugins", filter_query(&filters(p.list("filter")))).await?;
    list.sort_by(|a, b| crate::format::natural(&a.name, &b.name));
    let format = Format::new(p.str(c, "format"), p.bool("quiet"), &LAYOUT).map_err(CliError::new)?;
    let cut = !p.bool("no-trunc");
    let rows: Vec<Row> = list.iter().map(|plugin| row(plugin, cut)).collect();
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}

fn row(p: &Plugin, cut: bool) -> Row {
    let description = p.config.description.replace(['\n', '\r'], "");
    let fields = [
        ("ID", Value::str(if cut { truncate::id(&p.id) } else { &p.id })),
        ("Name", Value::str(&p.name)),
        ("Description", Value::str(&if cut { truncate::ellipsis(&description, 45) } else { description })),
        ("Enabled", Value::Bool(p.enabled)),
        ("PluginReference", Value::str(&p.plugin_reference)),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.into(), ..Row::default() }
}
