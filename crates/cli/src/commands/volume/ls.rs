//! `docker volume ls`.

use layerlab_api::volume::{List, Volume};

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::size;
use crate::format::value::Row;
use crate::tree::Command;

pub(crate) const LAYOUT: Layout = Layout {
    type_name: "formatter.volumeContext",
    table: "table {{.Driver}}\\t{{.Name}}",
    quiet: "{{.Name}}",
    headers: &[("Name", "VOLUME NAME"), ("Driver", "DRIVER")],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = Format::new(p.str(c, "format"), p.bool("quiet"), &LAYOUT).map_err(CliError::new)?;
    let mut list: List = cli.get("/volumes", filter_query(&filters(p.list("filter")))).await?;
    list.volumes.sort_by(|a, b| crate::format::natural(&a.name, &b.name));
    let rows: Vec<Row> = list.volumes.iter().map(row).collect();
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}

pub(crate) fn row(v: &Volume) -> Row {
    let labels = v.labels.clone().unwrap_or_default();
    let joined: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let usage = v.usage_data.as_ref();
    let fields = [
        ("Name", v.name.clone()),
        ("Driver", v.driver.clone()),
        ("Scope", v.scope.clone()),
        ("Mountpoint", v.mountpoint.clone()),
        ("Labels", joined.join(",")),
        ("Links", usage.map_or("N/A".into(), |u| u.ref_count.to_string())),
        ("Size", usage.map_or("N/A".into(), |u| size::human3(u.size))),
        ("Group", "N/A".into()),
        ("Availability", "N/A".into()),
        ("Status", "N/A".into()),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.map(|(k, v)| (k, v.into())).into(), labels }
}
