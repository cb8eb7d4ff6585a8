//! `docker ps`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use layerlab_api::container::{MountPoint, Port, Summary, SummaryHealth};
use layerlab_api::query::Query;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::cli::Cli;
use crate::commands::filters;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout, raw};
use crate::format::value::{Row, Value};
use crate::format::{duration, ports, quote, size, time, truncate};
use crate::tree::Command;

/// What is shown of a container: less than the engine tells of it ([`Summary`]), and it lies in the answer still.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    names: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    image: Cow<'a, str>,
    #[serde(borrow, rename = "ImageID")]
    image_id: Cow<'a, str>,
    #[serde(borrow)]
    command: Cow<'a, str>,
    created: i64,
    ports: Vec<Port>,
    size_rw: Option<i64>,
    size_root_fs: Option<i64>,
    labels: BTreeMap<String, String>,
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    health: Option<SummaryHealth>,
    network_settings: Networks,
    mounts: Vec<MountPoint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Networks {
    /// Only their names are shown.
    networks: BTreeMap<String, IgnoredAny>,
}

impl<'a> From<&'a Summary> for Line<'a> {
    fn from(s: &'a Summary) -> Self {
        Self {
            id: Cow::Borrowed(&s.id),
            names: s.names.iter().map(|n| Cow::Borrowed(n.as_str())).collect(),
            image: Cow::Borrowed(&s.image),
            image_id: Cow::Borrowed(&s.image_id),
            command: Cow::Borrowed(&s.command),
            created: s.created,
            ports: s.ports.clone(),
            size_rw: s.size_rw,
            size_root_fs: s.size_root_fs,
            labels: s.labels.clone(),
            state: Cow::Borrowed(&s.state),
            status: Cow::Borrowed(&s.status),
            health: s.health.clone(),
            network_settings: Networks {
                networks: s.network_settings.networks.keys().map(|k| (k.clone(), IgnoredAny)).collect(),
            },
            mounts: s.mounts.clone(),
        }
    }
}

pub(crate) const LAYOUT: Layout = Layout {
    type_name: "formatter.ContainerContext",
    table: "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}",
    quiet: "{{.ID}}",
    headers: &[
        ("ID", "CONTAINER ID"),
        ("Image", "IMAGE"),
        ("Command", "COMMAND"),
        ("CreatedAt", "CREATED AT"),
        ("RunningFor", "CREATED"),
        ("Status", "STATUS"),
        ("Ports", "PORTS"),
        ("Names", "NAMES"),
        ("LocalVolumes", "LOCAL VOLUMES"),
        ("HealthStatus", "HEALTH STATUS"),
    ],
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let filters = filters(p.list("filter"));
    let last = if p.bool("latest") && p.opt("last").is_none() { 1 } else { p.int("last").unwrap_or(-1) };
    let given = p.str(c, "format");
    let with_size = Layout {
        table: "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}\\t{{.Size}}",
        ..LAYOUT
    };
    let layout = if p.bool("size") { with_size } else { LAYOUT };
    let shown = match (given, p.bool("quiet")) {
        ("raw", false) if p.bool("size") => {
            format!("{}size: {{{{.Size}}}}\n", raw(LAYOUT.type_name, false).unwrap_or(""))
        }
        ("raw", _) | (_, false) => given.to_owned(),
        _ => String::new(),
    };
    let format = Format::new(&shown, p.bool("quiet"), &layout).map_err(CliError::new);
    let now = cli.now();
    if !given.is_empty() {
        // As the real client: a template that cannot work is told before anything is asked.
        Format::check(given, &row(&Line::default(), now, false, &|_| true)).map_err(CliError::new)?;
        if p.bool("quiet") {
            cli.eprint("WARNING: Ignoring custom format, because both --format and --quiet are set.\n").await;
        }
    }
    let format = format?;
    let mut query = Query::default().flag("all", p.bool("all"));
    if last > 0 {
        query = query.with("limit", last.to_string());
    }
    let wants_size = p.bool("size") || (!given.is_empty() && format.uses("Size"));
    query = query.flag("size", wants_size);
    if !filters.is_empty() {
        query = query.with("filters", filters.to_json());
    }
    let answer = cli.get_bytes("/containers/json", query).await?;
    let list: Vec<Line<'_>> = cli.json(&answer)?;
    let rows: Vec<Row> = list.iter().map(|s| row(s, now, !p.bool("no-trunc"), &|f| format.wants(f))).collect();
    cli.print(format.print(rows, &layout).map_err(CliError::new)?).await?;
    Ok(0)
}

/// A row of `docker ps` with the fields that are wanted (docker/cli `cli/command/formatter/container.go`).
pub(crate) fn row(s: &Line<'_>, now: i64, cut: bool, wants: &dyn Fn(&str) -> bool) -> Row {
    let short = |id: &str| Value::str(if cut { truncate::id(id) } else { id });
    let names = || {
        let all = s.names.iter().map(|n| n.trim_start_matches('/')).filter(|n| !cut || !n.contains('/'));
        all.collect::<Vec<_>>().join(",")
    };
    let command = || if cut { truncate::ellipsis(&s.command, 20) } else { s.command.to_string() };
    let mount = |m: &MountPoint| {
        let name = if m.name.is_empty() { &m.source } else { &m.name };
        if cut { truncate::ellipsis(name, 15) } else { name.clone() }
    };
    let used = || {
        let used = size::human3(s.size_rw.unwrap_or(0));
        match s.size_root_fs.filter(|r| *r > 0) {
            Some(root) => format!("{used} (virtual {})", size::human3(root)),
            None => used,
        }
    };
    let field = |name: &'static str| {
        let value = match name {
            "ID" => return (name, short(&s.id)),
            "State" => return (name, Value::str(&s.state)),
            "Status" => return (name, Value::str(&s.status)),
            "Names" => names(),
            "Image" => image(s, cut),
            "Command" => quote(&command()),
            "CreatedAt" => time::go_string(s.created),
            "RunningFor" => duration::ago(s.created, now),
            "Ports" => ports::display(&s.ports),
            "Size" => used(),
            "Labels" => s.labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(","),
            "Mounts" => s.mounts.iter().map(mount).collect::<Vec<_>>().join(","),
            "LocalVolumes" => s.mounts.iter().filter(|m| m.driver == "local").count().to_string(),
            "Networks" => s.network_settings.networks.keys().map(String::as_str).collect::<Vec<_>>().join(","),
            "HealthStatus" => s.health.as_ref().map_or_else(String::new, |h| h.status.clone()),
            _ => return (name, Value::Null),
        };
        (name, Value::str(value))
    };
    let fields = FIELDS.into_iter().filter(|f| wants(f)).map(field).collect();
    Row { type_name: LAYOUT.type_name, fields, labels: s.labels.clone() }
}

/// What a row can have.
const FIELDS: [&str; 16] = [
    "ID",
    "Names",
    "Image",
    "Command",
    "CreatedAt",
    "RunningFor",
    "Ports",
    "State",
    "Status",
    "Size",
    "Labels",
    "Mounts",
    "LocalVolumes",
    "Networks",
    "Platform",
    "HealthStatus",
];

fn image(s: &Line<'_>, cut: bool) -> String {
    if s.image.is_empty() {
        return "<no image>".into();
    }
    if !cut {
        return s.image.to_string();
    }
    let id = truncate::id(&s.image_id);
    if id == truncate::id(&s.image) {
        return id.to_owned();
    }
    match s.image.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => s.image.to_string(),
    }
}
