//! `docker system df --verbose`: four tables.

use std::rc::Rc;

use layerlab_api::system::{BuildCache, DiskUsage};

use crate::commands::container::ls as containers;
use crate::commands::image::ls as images;
use crate::commands::volume::ls as volumes;
use crate::format::row::{Format, Layout};
use crate::format::table::DOCKER;
use crate::format::template::{Missing, Template};
use crate::format::value::{Fields, Row, Value};
use crate::format::{duration, size, time, truncate};

const CONTAINERS: Layout = Layout {
    table: "table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.LocalVolumes}}\\t{{.Size}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Names}}",
    ..containers::LAYOUT
};
const VOLUMES: Layout = Layout { table: "table {{.Name}}\\t{{.Links}}\\t{{.Size}}", ..volumes::LAYOUT };

/// The whole text.
pub(super) fn show(u: &DiskUsage<'_>, now: i64) -> Result<String, String> {
    let mut out = format!("Images space usage:\n\n{}", DOCKER.align(&image_lines(u, now)));
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

/// What a template makes of all of it (docker/cli `cli/command/formatter/disk_usage.go`).
pub(super) fn formatted(template: &Template, u: &DiskUsage<'_>, now: i64) -> Result<String, String> {
    let images = u.image_usage.items.iter().filter_map(|i| {
        let shared = i.shared_size.max(0);
        let mut row = images::rows(i, now, false, true).into_iter().next()?;
        row.fields.insert("Digest", "".into());
        row.fields.insert("SharedSize", size::human4(shared).into());
        row.fields.insert("UniqueSize", size::human4(i.size - shared).into());
        row.fields.insert("Containers", i.containers.max(0).to_string().into());
        Some(row)
    });
    let containers = u.container_usage.items.iter().map(|c| {
        let mut row = containers::row(&c.into(), now, false);
        row.fields.insert("Size", size::human3(c.size_rw.unwrap_or(0)).into());
        row
    });
    let list = |rows: Vec<Row>| Value::list(rows.into_iter().map(|r| Value::Row(Rc::new(r))).collect());
    let fields = vec![
        ("Images".to_owned(), list(images.collect())),
        ("Containers".to_owned(), list(containers.collect())),
        ("Volumes".to_owned(), list(u.volume_usage.items.iter().map(volumes::row).collect())),
        ("BuildCache".to_owned(), list(u.build_cache_usage.items.iter().map(|c| step(c, now)).collect())),
    ];
    let raw = Value::Map(Rc::new(fields.clone()));
    let all = Fields { name: "formatter.diskUsageContext", fields, raw };
    template.execute(&Value::Pointer(Rc::new(Value::Struct(Rc::new(all)))), Missing::NoValue).map_err(|(e, _)| e)
}

/// A step of the build cache.
fn step(c: &BuildCache, now: i64) -> Row {
    let at = |t: Option<&str>| t.and_then(time::parse_rfc3339).map(|t| t.div_euclid(1_000_000_000));
    let (created, used) = (at(Some(&c.created_at)), at(c.last_used_at.as_deref()));
    let told = |t: Option<i64>| t.map_or(String::new(), time::go_string);
    let ago = |t: Option<i64>| t.map_or(String::new(), |t| duration::ago(t, now));
    let fields = [
        ("ID", c.id.clone()),
        ("Parent", c.parents.join(", ")),
        ("CacheType", c.kind.clone()),
        ("Description", c.description.clone()),
        ("Size", size::human3(c.size)),
        ("CreatedAt", told(created)),
        ("CreatedSince", ago(created)),
        ("LastUsedAt", told(used)),
        ("LastUsedSince", ago(used)),
        ("UsageCount", c.usage_count.to_string()),
        ("InUse", c.in_use.to_string()),
        ("Shared", c.shared.to_string()),
    ];
    let fields = fields.map(|(k, v)| (k, v.into())).into();
    Row { type_name: "formatter.buildCacheContext", fields, ..Row::default() }
}

fn container(c: &layerlab_api::container::Summary<'_>, now: i64) -> Row {
    let mut row = containers::row(&c.into(), now, true);
    row.fields.insert("Size", size::human3(c.size_rw.unwrap_or(0)).into());
    row
}

fn image_lines(u: &DiskUsage<'_>, now: i64) -> String {
    let mut out = String::from("REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS\n");
    for i in &u.image_usage.items {
        let shared = i.shared_size.max(0);
        // Only its first name.
        let (repository, tag) = i.repo_tags.first().and_then(|t| t.rsplit_once(':')).unwrap_or(("<none>", "<none>"));
        let (id, created) = (truncate::id(&i.id), duration::ago(i.created, now));
        let (whole, shared, unique) = (size::human3(i.size), size::human4(shared), size::human4(i.size - shared));
        out.push_str(&format!(
            "{repository}\t{tag}\t{id}\t{created}\t{whole}\t{shared}\t{unique}\t{}\n",
            i.containers.max(0)
        ));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As docker 28.2.2 printed it.
    #[test]
    fn templates_see_all_four_kinds() {
        let usage = br#"{"ImageUsage":{"Items":[{"Id":"sha256:abc","RepoTags":["redis:7","my/app:1"],"Created":0,
            "Size":205472006,"SharedSize":0,"Containers":1}]},
            "VolumeUsage":{"Items":[{"Name":"vol1","Driver":"local","UsageData":{"RefCount":0,"Size":0}}]}}"#;
        let usage: DiskUsage<'_> = serde_json::from_slice(usage).unwrap();
        let run = |t: &str| formatted(&Template::parse(t).unwrap(), &usage, 0);
        for (t, want) in [
            ("{{range .Images}}{{.Repository}}:{{.Tag}} {{.Size}} {{.UniqueSize}};{{end}}", "redis:7 205MB 205.5MB;"),
            ("{{range .Volumes}}{{.Name}} {{.Links}} {{.Size}}{{end}}", "vol1 0 0B"),
            ("{{len .Containers}} {{json .BuildCache}}", "0 []"),
        ] {
            assert_eq!(run(t).as_deref(), Ok(want), "{t}");
        }
        let unknown =
            "template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *formatter.diskUsageContext";
        assert_eq!(run("{{.Nope}}"), Err(unknown.to_owned()));
    }
}
