//! `docker network ls`.

use layerlab_api::network::Inspect;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::Row;
use crate::format::{time, truncate};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "network.networkContext",
    table: "table {{.ID}}\\t{{.Name}}\\t{{.Driver}}\\t{{.Scope}}",
    quiet: "{{.ID}}",
    headers: &[
        ("ID", "NETWORK ID"),
        ("CreatedAt", "CREATED AT"),
        ("Name", "NAME"),
        ("Driver", "DRIVER"),
        ("Scope", "SCOPE"),
    ],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = Format::new(p.str(c, "format"), p.bool("quiet"), &LAYOUT).map_err(CliError::new)?;
    let mut list: Vec<Inspect> = cli.get("/networks", filter_query(&filters(p.list("filter")))).await?;
    list.sort_by(|a, b| crate::format::natural(&a.name, &b.name));
    let cut = !p.bool("no-trunc");
    let rows: Vec<Row> = list.iter().map(|n| row(n, cut)).collect();
    cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    Ok(0)
}

fn row(n: &Inspect, cut: bool) -> Row {
    let labels: Vec<String> = n.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let created = time::parse_rfc3339(&n.created).map_or(String::new(), time::go_string_nanos);
    let fields = [
        ("ID", if cut { truncate::id(&n.id).to_owned() } else { n.id.clone() }),
        ("Name", n.name.clone()),
        ("Driver", n.driver.clone()),
        ("Scope", n.scope.clone()),
        ("IPv4", n.enable_ipv4.to_string()),
        ("IPv6", n.enable_ipv6.to_string()),
        ("Internal", n.internal.to_string()),
        ("Labels", labels.join(",")),
        ("CreatedAt", created),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.map(|(k, v)| (k, v.into())).into(), labels: n.labels.clone() }
}
