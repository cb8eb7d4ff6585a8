//! `docker system df --verbose`: four tables.

use layerlab_api::system::DiskUsage;

use crate::commands::container::ls as containers;
use crate::commands::volume::ls as volumes;
use crate::format::row::{Format, Layout};
use crate::format::table::DOCKER;
use crate::format::value::Row;
use crate::format::{duration, size, time, truncate};

const CONTAINERS: Layout = Layout {
    table: "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.LocalVolumes}}\\t{{.Size}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Names}}",
    ..containers::LAYOUT
};
const VOLUMES: Layout = Layout { table: "table {{.Name}}\\t{{.Links}}\\t{{.Size}}", ..volumes::LAYOUT };

/// The whole text.
pub(super) fn show(u: &DiskUsage<'_>, now: i64) -> Result<String, String> {
    let mut out = format!("Images space usage:\n\n{}", DOCKER.align(&images(u, now)));
    let mut section = |title: &str, rows: Vec<Row>, layout: &Layout| -> Result<(), String> {
        out.push_str(&format!("\n{title}:\n\n{}", Format::new("", false, layout)?.print(&rows, layout)?));
        Ok(())
    };
    let rows: Vec<Row> = u.container_usage.items.iter().map(|c| container(c, now)).collect();
    section("Containers space usage", rows, &CONTAINERS)?;
    let rows: Vec<Row> = u.volume_usage.items.iter().map(volumes::row).collect();
    section("Local Volumes space usage", rows, &VOLUMES)?;
    out.push_str(&format!(
        "\nBuild cache usage: {}\n\n{}",
        size::human4(u.build_cache_usage.total_size),
        DOCKER.align(&cache(u, now))
    ));
    Ok(out)
}

fn container(c: &layerlab_api::container::Summary<'_>, now: i64) -> Row {
    let mut row = containers::row(&c.into(), now, true);
    row.fields.insert("Size", size::human3(c.size_rw.unwrap_or(0)).into());
    row
}

fn images(u: &DiskUsage<'_>, now: i64) -> String {
    let mut out = String::from("REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS\n");
    for i in &u.image_usage.items {
        let shared = i.shared_size.max(0);
        let none = vec!["<none>:<none>".to_owned()];
        for tag in if i.repo_tags.is_empty() { &none } else { &i.repo_tags } {
            let (repository, tag) = tag.rsplit_once(':').unwrap_or((tag, "<none>"));
            let (id, created) = (truncate::id(&i.id), duration::ago(i.created, now));
            let (whole, shared, unique) = (size::human3(i.size), size::human4(shared), size::human4(i.size - shared));
            out.push_str(&format!(
                "{repository}\t{tag}\t{id}\t{created}\t{whole}\t{shared}\t{unique}\t{}\n",
                i.containers.max(0)
            ));
        }
    }
    out
}

fn cache(u: &DiskUsage<'_>, now: i64) -> String {
    let mut out = String::from("CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n");
    let ago = |t: Option<&str>| {
        t.and_then(time::parse_rfc3339).map_or(String::new(), |t| duration::ago(t.div_euclid(1_000_000_000), now))
    };
    for c in &u.build_cache_usage.items {
        let (created, used) = (ago(Some(&c.created_at)), ago(c.last_used_at.as_deref()));
        let id = truncate::id(&c.id);
        out.push_str(&format!(
            "{id}\t{}\t{}\t{created}\t{used}\t{}\t{}\n",
            c.kind,
            size::human3(c.size),
            c.usage_count,
            c.shared
        ));
    }
    out
}
