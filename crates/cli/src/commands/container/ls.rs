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
use crate::format::row::{Fields, Format, Layout, raw};
use crate::format::value::{Row, Value};
use crate::format::{duration, ports, quote, size, time, truncate};
use crate::tree::Command;

/// What is shown of a container: less than the engine tells of it ([`Summary`]), and it lies in the answer still.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    names: Vec<Text<'a>>,
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
    #[serde(borrow)]
    network_settings: Networks<'a>,
    mounts: Vec<MountPoint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Networks<'a> {
    /// Only their names are shown.
    #[serde(borrow)]
    networks: BTreeMap<Text<'a>, IgnoredAny>,
}

/// A text in a list or map, which lies in the answer, too.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> From<&'a Summary<'_>> for Line<'a> {
    fn from(s: &'a Summary<'_>) -> Self {
        Self {
            id: Cow::Borrowed(&s.id),
            names: s.names.iter().map(|n| Text(Cow::Borrowed(n))).collect(),
            image: Cow::Borrowed(&s.image),
            image_id: Cow::Borrowed(&s.image_id),
            command: Cow::Borrowed(&s.command),
            created: s.created,
            ports: s.ports.clone(),
            size_rw: s.size_rw,
            size_root_fs: s.size_root_fs,
            labels: s.labels.as_ref().clone(),
            state: Cow::Borrowed(&s.state),
            status: Cow::Borrowed(&s.status),
            health: s.health.clone(),
            network_settings: Networks {
                networks: s.network_settings.networks.keys().map(|k| (Text(Cow::Borrowed(k)), IgnoredAny)).collect(),
            },
            mounts: s.mounts.to_vec(),
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
        Format::check(given, &row(&Line::default(), now, false)).map_err(CliError::new)?;
        if p.bool("quiet") {
            cli.eprint("WARNING: Ignoring custom format, because both --format and --quiet are set.\n").await;
        }
    }
    let format = format?;
    let mut query = Query::default().flag("all", p.bool("all"));
    if last > 0 {
        query = query.with("limit", last.to_string());
    }
    let wants_size = p.bool("size") || (!matches!(given, "" | "json") && format.uses("Size"));
    query = query.flag("size", wants_size);
    if !filters.is_empty() {
        query = query.with("filters", filters.to_json());
    }
    let answer = cli.get_bytes("/containers/json", query).await?;
    let list: Vec<Line<'_>> = cli.json(&answer)?;
    let cut = !p.bool("no-trunc");
    let rows: Vec<Shown<'_>> = list.iter().map(|line| Shown { line, now, cut }).collect();
    cli.print(format.print(&rows, &layout).map_err(CliError::new)?).await?;
    Ok(0)
}

/// A row of `docker ps` with all fields.
pub(crate) fn row(line: &Line<'_>, now: i64, cut: bool) -> Row {
    Shown { line, now, cut }.row(&|_| true)
}

/// A line as it is shown at a time (docker/cli `cli/command/formatter/container.go`).
struct Shown<'a> {
    line: &'a Line<'a>,
    /// Nanoseconds since 1970.
    now: i64,
    /// Long texts are cut.
    cut: bool,
}

impl Fields for Shown<'_> {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        let (s, cut) = (self.line, self.cut);
        let short = |id| Cow::Borrowed(if cut { truncate::id(id) } else { id });
        let mount = |m: &MountPoint| {
            let name = if m.name.is_empty() { &m.source } else { &m.name };
            if cut { truncate::ellipsis(name, 15) } else { name.clone() }
        };
        Some(match name {
            "ID" => short(&s.id),
            "State" => Cow::Borrowed(&s.state),
            "Status" => Cow::Borrowed(&s.status),
            "Names" => {
                let all = s.names.iter().map(|n| n.0.trim_start_matches('/'));
                joined(all.filter(|n| !cut || !n.contains('/')).map(Cow::Borrowed))
            }
            "Image" => image(s, cut),
            "Command" if cut => quote(&truncate::ellipsis(&s.command, 20)).into(),
            "Command" => quote(&s.command).into(),
            "CreatedAt" => time::go_string(s.created).into(),
            "RunningFor" => duration::ago(s.created, self.now).into(),
            "Ports" if s.ports.is_empty() => Cow::Borrowed(""),
            "Ports" => ports::display(&s.ports).into(),
            "Size" => {
                let used = size::human3(s.size_rw.unwrap_or(0));
                match s.size_root_fs.filter(|r| *r > 0) {
                    Some(root) => format!("{used} (virtual {})", size::human3(root)).into(),
                    None => used.into(),
                }
            }
            "Labels" => joined(s.labels.iter().map(|(k, v)| format!("{k}={v}").into())),
            "Mounts" => joined(s.mounts.iter().map(|m| mount(m).into())),
            "LocalVolumes" => s.mounts.iter().filter(|m| m.driver == "local").count().to_string().into(),
            "Networks" => joined(s.network_settings.networks.keys().map(|n| Cow::Borrowed(&*n.0))),
            "HealthStatus" => Cow::Borrowed(s.health.as_ref().map_or("", |h| &h.status)),
            _ => return None,
        })
    }

    fn row(&self, wants: &dyn Fn(&str) -> bool) -> Row {
        let value = |name: &str| self.field(name).map_or(Value::Nil, Value::str);
        let fields = FIELDS.into_iter().filter(|f| wants(f)).map(|f| (f, value(f))).collect();
        Row { type_name: LAYOUT.type_name, fields, labels: self.line.labels.clone() }
    }
}

/// Texts with commas between them; one alone is not copied.
fn joined<'a>(mut texts: impl Iterator<Item = Cow<'a, str>>) -> Cow<'a, str> {
    let mut out = texts.next().unwrap_or_default();
    for text in texts {
        let out = out.to_mut();
        out.push(',');
        out.push_str(&text);
    }
    out
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

fn image<'a>(s: &'a Line<'_>, cut: bool) -> Cow<'a, str> {
    if s.image.is_empty() {
        return Cow::Borrowed("<no image>");
    }
    let id = truncate::id(&s.image_id);
    Cow::Borrowed(match s.image.split_once('@') {
        _ if !cut => &s.image,
        _ if id == truncate::id(&s.image) => id,
        Some((name, _)) => name,
        None => &s.image,
    })
}
