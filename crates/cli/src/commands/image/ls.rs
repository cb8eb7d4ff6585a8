//! `docker images`: the new view of Docker 29, or the table of rows.

use layerlab_api::image::{ManifestSummary, Summary};
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::image_view::{self, Entry};
use crate::format::row::{Format, Layout};
use crate::format::value::Row;
use crate::format::{duration, size, time, truncate};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "formatter.imageContext",
    table: "table {{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t{{.CreatedSince}}\\t{{.Size}}",
    quiet: "{{.ID}}",
    headers: &[
        ("ID", "IMAGE ID"),
        ("CreatedSince", "CREATED"),
        ("CreatedAt", "CREATED AT"),
        ("SharedSize", "SHARED SIZE"),
        ("UniqueSize", "UNIQUE SIZE"),
    ],
};
const DIGESTS: Layout = Layout {
    table: "table {{.Repository}}\\t{{.Tag}}\\t{{.Digest}}\\t{{.ID}}\\t{{.CreatedSince}}\\t{{.Size}}",
    ..LAYOUT
};

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut filters = filters(p.list("filter"));
    if let Some(reference) = p.args.first() {
        filters.add("reference", reference);
    }
    let given = p.str(c, "format");
    let classic = ["quiet", "no-trunc", "digests", "format"].iter().any(|f| p.is_set(f));
    let layout = if p.bool("digests") { DIGESTS } else { LAYOUT };
    let format = Format::new(given, p.bool("quiet"), &layout).map_err(CliError::new)?;
    let show_untagged = p.bool("all") || filters.has("dangling");
    let query = filter_query(&filters);
    let query = if p.bool("all") {
        Query(vec![("all".into(), "1".into())].into_iter().chain(query.0).collect())
    } else {
        query
    };
    if classic {
        let mut images: Vec<Summary> = cli.get("/images/json", query).await?;
        images.retain(|i| show_untagged || !i.repo_tags.is_empty() || !i.repo_digests.is_empty());
        images.sort_by_key(|i| std::cmp::Reverse(i.created));
        let now = cli.now();
        let rows: Vec<Row> = images.iter().flat_map(|i| rows(i, now, !p.bool("no-trunc"), p.bool("digests"))).collect();
        cli.print(format.print(&rows, &layout).map_err(CliError::new)?).await?;
    } else {
        let images: Vec<Summary> = cli.get("/images/json", query.flag("manifests", true)).await?;
        let columns = cli.columns(1).await;
        let text = image_view::render(&entries(&images, show_untagged, p.bool("tree")), columns);
        cli.print(text).await?;
        hint(cli, p, images.is_empty()).await;
    }
    Ok(0)
}

/// `docker images ls` is a common slip.
async fn hint(cli: &Cli, p: &Parsed, empty: bool) {
    let typed = p.arg(0);
    if empty
        && p.path == "docker images"
        && let Some(path) = crate::tree::tree().child("docker image", typed)
    {
        cli.eprint(format!(
            "No images found matching {}: did you mean {}?\n",
            crate::format::quote(typed),
            crate::format::quote(path)
        ))
        .await;
    }
}

/// The image of one platform.
fn child(m: &ManifestSummary) -> Entry {
    let platform = m.image_data.as_ref().map(|d| d.platform.clone()).unwrap_or_default();
    let variant = if platform.variant.is_empty() { String::new() } else { format!("/{}", platform.variant) };
    Entry {
        name: format!("{}/{}{variant}", platform.os, platform.architecture),
        id: truncate::id(&m.id).to_owned(),
        disk_usage: size::human3(m.size.total),
        content_size: size::human3(m.size.content),
        in_use: m.image_data.as_ref().is_some_and(|d| !d.containers.is_empty()),
        children: Vec::new(),
    }
}

fn entries(images: &[Summary], show_untagged: bool, tree: bool) -> Vec<Entry> {
    let mut out = Vec::new();
    for i in images {
        let manifests = i.manifests.as_deref().unwrap_or(&[]);
        let in_use = i.containers > 0
            || manifests.iter().any(|m| m.image_data.as_ref().is_some_and(|d| !d.containers.is_empty()));
        let content: i64 = manifests.iter().map(|m| m.size.content).sum();
        let entry = |name: &str| Entry {
            name: name.to_owned(),
            id: truncate::id(&i.id).to_owned(),
            disk_usage: size::human3(i.size),
            content_size: size::human3(content),
            in_use,
            children: if tree {
                manifests.iter().filter(|m| m.kind == "image").map(child).collect()
            } else {
                Vec::new()
            },
        };
        out.extend(i.repo_tags.iter().map(|t| entry(t)));
        if i.repo_tags.is_empty() && show_untagged {
            out.push(Entry { name: String::new(), ..entry("") });
        }
    }
    out.sort_by(|a, b| (a.name.is_empty(), &a.name).cmp(&(b.name.is_empty(), &b.name)));
    out
}

pub(crate) fn rows(i: &Summary, now: i64, cut: bool, digests: bool) -> Vec<Row> {
    let split =
        |t: &str| t.rsplit_once(':').map_or((t.to_owned(), "<none>".to_owned()), |(r, t)| (r.to_owned(), t.to_owned()));
    let digest_of =
        |repo: &str| i.repo_digests.iter().find_map(|d| d.strip_prefix(repo)?.strip_prefix('@').map(str::to_owned));
    let mut names: Vec<(String, String, String)> = i
        .repo_tags
        .iter()
        .map(|t| {
            let (r, t) = split(t);
            let d = digest_of(&r).unwrap_or("<none>".into());
            (r, t, d)
        })
        .collect();
    if names.is_empty() {
        let of_digest = |d: &String| {
            let (r, d) = d.split_once('@').unwrap_or((d, "<none>"));
            (r.to_owned(), "<none>".to_owned(), d.to_owned())
        };
        names = i.repo_digests.iter().map(of_digest).collect();
    }
    if names.is_empty() {
        names.push(("<none>".into(), "<none>".into(), "<none>".into()));
    }
    let row = |(repository, tag, digest): (String, String, String)| {
        let fields = [
            ("Repository", repository),
            ("Tag", tag),
            ("Digest", if digests || !cut { digest } else { "<none>".into() }),
            ("ID", if cut { truncate::id(&i.id).to_owned() } else { i.id.clone() }),
            ("CreatedSince", duration::ago(i.created, now)),
            ("CreatedAt", time::go_string(i.created)),
            ("Size", size::human3(i.size)),
            ("Containers", if i.containers < 0 { "N/A".into() } else { i.containers.to_string() }),
            ("SharedSize", if i.shared_size < 0 { "N/A".into() } else { size::human3(i.shared_size) }),
            ("UniqueSize", if i.shared_size < 0 { "N/A".into() } else { size::human3(i.size - i.shared_size) }),
        ];
        Row {
            type_name: LAYOUT.type_name,
            fields: fields.map(|(k, v)| (k, v.into())).into(),
            labels: i.labels.clone().unwrap_or_default(),
        }
    };
    names.into_iter().map(row).collect()
}
