//! `docker buildx create`.

use super::builders::{self, Builder, Node};
use super::node;
use crate::cli::Cli;
use crate::commands::container::options::key_values;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

/// Drivers that buildx knows.
const DRIVERS: [&str; 4] = ["docker", "docker-container", "kubernetes", "remote"];
/// Halves of names that are made up.
const LEFT: [&str; 8] = ["amazing", "brave", "clever", "eager", "gallant", "keen", "lucid", "serene"];
const RIGHT: [&str; 8] = ["babbage", "curie", "hopper", "johnson", "kepler", "lovelace", "noether", "turing"];

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let driver = p.opt("driver").filter(|d| !d.is_empty()).unwrap_or("docker-container");
    if !DRIVERS.contains(&driver) {
        return Err(failed(format!("failed to find driver {}", crate::format::quote(driver))));
    }
    if driver == "docker" {
        return Err(failed(
            "could not create a builder instance with \"docker\" driver: context \"default\" has one already",
        ));
    }
    let all = builders::all(cli).await?;
    let name = match p.opt("name").filter(|n| !n.is_empty()) {
        Some(n) => n.to_owned(),
        None => invented(&all),
    };
    if !builders::is_valid(&name) {
        return Err(failed(format!(
            "invalid name {name}, name needs to start with a letter and may only contain letters, numbers, dots, underscores and dashes"
        )));
    }
    if name == "default" {
        return Err(failed("default is a reserved name and cannot be used to identify builder instance"));
    }
    let known = all.iter().find(|b| b.name == name);
    if known.is_some() && !p.bool("append") {
        return Err(failed(format!(
            "existing instance for {} but no append mode, specify the node name to make changes for existing instances",
            crate::format::quote(&name)
        )));
    }
    if known.is_none() && (p.bool("append") || p.bool("leave")) {
        return Err(builders::not_found(&name));
    }
    let mut b =
        known.cloned().unwrap_or_else(|| Builder { name: name.clone(), driver: driver.into(), ..Builder::default() });
    let options =
        key_values(&p.list("driver-opt").iter().flat_map(|o| o.split(',')).map(str::to_owned).collect::<Vec<_>>());
    let given = p.opt("buildkitd-flags").unwrap_or(if driver == "docker-container" { node::FLAGS } else { "" });
    let flags = given.split_whitespace().map(str::to_owned).collect();
    b.nodes.push(Node {
        name: p.opt("node").map_or_else(|| format!("{name}{}", b.nodes.len()), str::to_owned),
        endpoint: p.args.first().cloned().unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned()),
        driver_opts: (!options.is_empty()).then_some(options),
        flags: Some(flags),
        ..Node::default()
    });
    builders::save(cli, &b).await?;
    if p.bool("use") {
        builders::choose(cli, &name).await?;
    }
    if p.bool("bootstrap") {
        builders::boot_shown(cli, &b).await?;
    }
    cli.print(format!("{name}\n")).await?;
    Ok(0)
}

fn invented(all: &[Builder]) -> String {
    let mut names = LEFT.iter().flat_map(|l| RIGHT.iter().map(move |r| format!("{l}_{r}")));
    names.find(|n| !all.iter().any(|b| b.name == *n)).unwrap_or_else(|| "builder".to_owned())
}
