//! `docker buildx ls`.

use super::builders::{self, BUILDKIT, Builder, PLATFORMS};
use super::node::{self, NodeStatus};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::DOCKER;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let all = builders::all(cli).await?;
    let current = builders::selected(cli).await;
    let mut lines = Vec::new();
    for b in all {
        let mut nodes = Vec::new();
        for n in &b.nodes {
            nodes.push(node::status(cli, &b, n).await);
        }
        lines.push((b, nodes));
    }
    cli.print(show(&lines, &current, p.bool("no-trunc"))).await?;
    Ok(0)
}

/// Platforms of one architecture stand behind its first (buildx `commands/ls.go`).
fn platforms(all: bool) -> String {
    if all {
        return PLATFORMS.join(", ");
    }
    let first = |p: &&str| p.split('/').nth(1).map(str::to_owned);
    let mut out: Vec<(String, &str, usize)> = Vec::new();
    for p in PLATFORMS {
        let arch = first(&p).unwrap_or_default();
        match out.iter_mut().find(|(a, ..)| *a == arch) {
            Some((.., more)) => *more += 1,
            None => out.push((arch, p, 0)),
        }
    }
    let text: Vec<String> =
        out.iter().map(|(_, p, more)| if *more == 0 { (*p).to_owned() } else { format!("{p} (+{more})") }).collect();
    text.join(", ")
}

fn show(all: &[(Builder, Vec<NodeStatus>)], current: &str, whole: bool) -> String {
    let mut table = String::from("NAME/NODE\tDRIVER/ENDPOINT\tSTATUS\tBUILDKIT\tPLATFORMS\n");
    for (b, standing) in all {
        let star = if b.name == current { "*" } else { "" };
        table.push_str(&format!("{}{star}\t{}\t\t\t\n", b.name, b.driver));
        for (n, status) in b.nodes.iter().zip(standing) {
            let (version, list) = match status {
                NodeStatus::Running => (BUILDKIT, platforms(whole)),
                _ => ("", String::new()),
            };
            let status = status.text();
            table.push_str(&format!(" \\_ {}\t \\_ {}\t{status}\t{version}\t{list}\n", n.name, n.endpoint));
        }
    }
    DOCKER.align(&table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_and_their_nodes() {
        assert_eq!(
            show(&[(builders::own(), vec![NodeStatus::Running])], "default", false),
            "NAME/NODE     DRIVER/ENDPOINT   STATUS    BUILDKIT   PLATFORMS\n\
             default*      docker                                 \n \\_ default    \\_ default       running   v0.26.3    linux/amd64 (+2), linux/arm64, linux/386, linux/arm/v7 (+1), linux/riscv64\n"
        );
    }
}
