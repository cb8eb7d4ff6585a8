//! `docker buildx inspect`.

use super::builders::{self, BUILDKIT, PLATFORMS};
use super::node::{self, NodeStatus};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::DOCKER;
use crate::tree::Command;

/// Filters, whether it is for all, how long is kept, what space is reserved, how much is used at most.
type Policy = (&'static str, bool, Option<&'static str>, Option<&'static str>, Option<&'static str>);

/// The daemon's rules for what stays of the cache (`docker buildx inspect` of a 29 daemon; BuildKit's defaults).
const POLICIES: [Policy; 4] = [
    (
        "type==source.local,type==exec.cachemount,type==source.git.checkout",
        false,
        Some("48h0m0s"),
        None,
        Some("13.8GiB"),
    ),
    ("", false, Some("1440h0m0s"), Some("9.313GiB"), None),
    ("", false, None, Some("9.313GiB"), None),
    ("", true, None, Some("9.313GiB"), None),
];

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = match p.args.first().map(String::as_str).or_else(|| p.opt("builder")) {
        Some(n) => n.to_owned(),
        None => builders::selected(cli).await,
    };
    let b = builders::find(cli, &name).await?;
    if p.bool("bootstrap") {
        builders::boot_shown(cli, &b).await?;
    }
    let mut top = format!("Name:\t{}\nDriver:\t{}\n", b.name, b.driver);
    if b.driver != "docker" {
        top.push_str("Last Activity:\t0001-01-01 00:00:00 +0000 UTC\n");
    }
    let mut out = DOCKER.align(&top);
    out.push_str("\nNodes:\n");
    let mut nodes = Vec::new();
    for n in &b.nodes {
        let mut lines = format!("Name:\t{}\nEndpoint:\t{}\n", n.name, n.endpoint);
        if let Some(options) = &n.driver_opts {
            let all: Vec<String> = options.iter().map(|(k, v)| format!("{k}={}", crate::format::quote(v))).collect();
            lines.push_str(&format!("Driver Options:\t{}\n", all.join(" ")));
        }
        let status = node::status(cli, &b, n).await;
        lines.push_str(&format!("Status:\t{}\n", status.text()));
        if let Some(flags) = n.flags.as_ref().filter(|f| !f.is_empty()) {
            lines.push_str(&format!("BuildKit daemon flags:\t{}\n", flags.join(" ")));
        }
        if status == NodeStatus::Running {
            lines.push_str(&format!("BuildKit version:\t{BUILDKIT}\nPlatforms:\t{}\n", PLATFORMS.join(", ")));
        }
        let mut text = DOCKER.align(&lines);
        if status == NodeStatus::Running {
            if b.driver == "docker" {
                text.push_str("Labels:\n org.mobyproject.buildkit.worker.moby.host-gateway-ip: 172.17.0.1\n");
            } else {
                let host = node::container(n);
                text.push_str(&format!("Labels:\n org.mobyproject.buildkit.worker.executor:         oci\n org.mobyproject.buildkit.worker.hostname:         {host}\n org.mobyproject.buildkit.worker.network:          host\n org.mobyproject.buildkit.worker.oci.process-mode: sandbox\n org.mobyproject.buildkit.worker.selinux.enabled:  false\n org.mobyproject.buildkit.worker.snapshotter:      overlayfs\n"));
            }
            for (i, (filter, all, keep, reserved, max)) in POLICIES.iter().enumerate() {
                text.push_str(&format!("GC Policy rule#{i}:\n All: {all}\n"));
                if !filter.is_empty() {
                    text.push_str(&format!(" Filters: {filter}\n"));
                }
                for (title, value) in [("Keep Duration", keep), ("Reserved Space", reserved), ("Max Used Space", max)] {
                    if let Some(v) = value {
                        text.push_str(&format!(" {title}: {v}\n"));
                    }
                }
            }
        }
        nodes.push(text);
    }
    out.push_str(&nodes.join("\n"));
    cli.print(out).await?;
    Ok(0)
}
