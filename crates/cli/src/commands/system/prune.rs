//! `docker system prune`.

use layerlab_api::query::Query;
use layerlab_api::{build, container, image, network, volume};

use crate::cli::Cli;
use crate::commands::image::prune::deleted;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

fn warning(p: &Parsed) -> String {
    let all = p.bool("all");
    let mut lines = vec!["all stopped containers", "all networks not used by at least one container"];
    if p.bool("volumes") {
        lines.push("all anonymous volumes not used by at least one container");
    }
    lines.push(if all {
        "all images without at least one container associated to them"
    } else {
        "all dangling images"
    });
    lines.push(if all { "all build cache" } else { "unused build cache" });
    let mut out = String::from("WARNING! This will remove:\n");
    for l in lines {
        out.push_str(&format!("  - {l}\n"));
    }
    if !p.list("filter").is_empty() {
        out.push_str("\n  Items to be pruned will be filtered with:\n");
        let mut list = p.list("filter").to_vec();
        list.sort();
        for f in &list {
            out.push_str(&format!("  - {f}\n"));
        }
    }
    out.push_str("\nAre you sure you want to continue?");
    out
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    if p.bool("volumes") && p.list("filter").iter().any(|f| f.starts_with("until=")) {
        return Err(CliError::new("ERROR: The \"until\" filter is not supported with \"--volumes\""));
    }
    if !p.bool("force") && !cli.confirm(&warning(p)).await? {
        return Ok(0);
    }
    let all = p.bool("all");
    let filters = filters(p.list("filter"));
    let query = filter_query(&filters);
    let text = if filters.is_empty() { String::new() } else { filters.to_json() };
    let build_query = Query::default().with("filters", text);
    let mut space = 0;
    let mut out = String::new();
    let mut section = |title: &str, names: Option<Vec<String>>| {
        let names = names.unwrap_or_default();
        if !names.is_empty() {
            out.push_str(&format!("{title}:\n{}\n\n", names.join("\n")));
        }
    };
    let containers: container::PruneReport = cli.ask("POST", "/containers/prune", query.clone()).await?;
    space += containers.space_reclaimed;
    section("Deleted Containers", containers.containers_deleted);
    let networks: network::PruneReport = cli.ask("POST", "/networks/prune", query.clone()).await?;
    section("Deleted Networks", networks.networks_deleted);
    if p.bool("volumes") {
        let volumes: volume::PruneReport = cli.ask("POST", "/volumes/prune", query.clone()).await?;
        space += volumes.space_reclaimed;
        section("Deleted Volumes", volumes.volumes_deleted);
    }
    let mut image_filters = filters.clone();
    image_filters.add("dangling", if all { "false" } else { "true" });
    let images: image::PruneReport = cli.ask("POST", "/images/prune", filter_query(&image_filters)).await?;
    space += images.space_reclaimed;
    out.push_str(&deleted(&images));
    let caches: build::PruneReport = cli.ask("POST", "/build/prune", build_query.flag("all", all)).await?;
    space += caches.space_reclaimed;
    let gone = caches.caches_deleted.unwrap_or_default();
    if !gone.is_empty() {
        out.push_str(&format!("Deleted build cache objects:\n{}\n\n", gone.join("\n")));
    }
    out.push_str(&format!("Total reclaimed space: {}\n", size::human4(space as i64)));
    cli.print(out).await?;
    Ok(0)
}
