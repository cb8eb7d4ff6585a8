//! `docker buildx rm`.

use super::builders;
use super::node::{self, NodeStatus};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let all = builders::all(cli).await?;
    let names: Vec<String> = if p.bool("all-inactive") {
        let mut others = Vec::new();
        for b in all.iter().filter(|b| b.driver != "docker") {
            let mut inactive = true;
            for n in &b.nodes {
                inactive &= node::status(cli, b, n).await != NodeStatus::Running;
            }
            if inactive {
                others.push(b.name.clone());
            }
        }
        if !p.bool("force")
            && !cli.confirm("WARNING! This will remove all builders that are not in running state. Are you sure you want to continue?").await?
        {
            return Ok(0);
        }
        others
    } else if p.args.is_empty() {
        vec![builders::selected(cli).await]
    } else {
        p.args.clone()
    };
    for name in names {
        let found = all.iter().find(|b| b.name == name);
        if found.is_none_or(|b| b.driver == "docker") {
            let what = if found.is_some() {
                format!("context builder cannot be removed, run `docker context rm {name}` to remove this context")
            } else {
                format!("no builder {} found", crate::format::quote(&name))
            };
            return Err(CliError::new(format!("ERROR: {what}")));
        }
        if let Some(b) = found {
            for n in b.nodes.iter().filter(|_| b.driver == "docker-container" && !p.bool("keep-daemon")) {
                node::remove(cli, b, n, p.bool("keep-state")).await?;
            }
        }
        builders::remove(cli, &name).await?;
        cli.print(format!("{name} removed\n")).await?;
    }
    Ok(0)
}
