//! `docker buildx bake`: targets of a bake file, each built as `docker buildx build` would.

mod file;
mod hcl;
mod target;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::build;
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::{self, Parsed};
use crate::tree::{Command, tree};
use file::File;

/// Files that are read without `--file`, those that are there, in this order (buildx `bake/bake.go`).
const DEFAULTS: [&str; 4] =
    ["docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl"];

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let files = read(cli, p).await?;
    if !p.bool("list-targets") && p.opt("list").is_none() {
        announce(cli, p, &files).await;
    }
    let mut file = file::read(&files, &|name| cli.args.var(name).map(str::to_owned)).map_err(failed)?;
    if p.bool("list-variables") || p.opt("list").is_some_and(|l| l.contains("variables")) {
        let line = |(n, v): &(String, Value)| format!("{n}\t{}\t\n", hcl::text(v));
        let lines: String = file.variables.iter().map(line).collect();
        cli.print(crate::format::table::DOCKER.align(&format!("VARIABLE\tVALUE\tDESCRIPTION\n{lines}"))).await?;
        return Ok(0);
    }
    if p.bool("list-targets") || p.opt("list").is_some_and(|l| l.contains("targets")) {
        let groups = file.groups.iter().map(|(n, t)| format!("{n}\t{}\n", t.join(", ")));
        let description = |t: &Map<String, Value>| t.get("description").map(hcl::text).unwrap_or_default();
        let lines: String =
            groups.chain(file.targets.iter().map(|(n, t)| format!("{n}\t{}\n", description(t)))).collect();
        cli.print(crate::format::table::DOCKER.align(&format!("TARGET\tDESCRIPTION\n{lines}"))).await?;
        return Ok(0);
    }
    let wanted = if p.args.is_empty() { vec!["default".to_owned()] } else { p.args.clone() };
    let names = target::names(&file, &wanted).map_err(failed)?;
    let mut resolved = BTreeMap::new();
    for name in &names {
        resolved.insert(name.clone(), target::resolve(&file, name).map_err(failed)?);
    }
    overrides(p, &mut resolved)?;
    if p.bool("print") {
        return print(cli, &mut file, &wanted, &names, &resolved).await;
    }
    let command = tree().get("docker buildx build").ok_or_else(|| failed("no build command"))?;
    let mut code = 0;
    for name in &names {
        let words = target::words(p, resolved.get(name).unwrap_or(&Map::new())).map_err(failed)?;
        let parsed = flags::parse(command, "docker buildx build", &words, true).map_err(|e| match e {
            flags::FlagError::Message(m) => failed(m),
            flags::FlagError::Help(_) => failed("help"),
        })?;
        let inline = resolved.get(name).and_then(|t| t.get("dockerfile-inline")).map(hcl::text);
        code = build::build(cli, command, &parsed, inline).await.map_err(|e| CliError {
            message: e.message.replace("ERROR: failed to build: ", &format!("ERROR: target {name}: ")),
            ..e
        })?;
        if code != 0 {
            break;
        }
    }
    Ok(code)
}

async fn read(cli: &Cli, p: &Parsed) -> Result<Vec<(String, String)>, CliError> {
    let mut out = Vec::new();
    let given = p.list("file");
    if given.is_empty() {
        for name in DEFAULTS {
            if let Ok(bytes) = cli.sys.read_file(name).await {
                out.push((name.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        if out.is_empty() {
            return Err(failed("couldn't find a bake definition"));
        }
        return Ok(out);
    }
    for name in given {
        let bytes = if name == "-" { cli.sys.read_all(0).await } else { cli.sys.read_file(name).await };
        let bytes = bytes.map_err(|e| failed(path_error("open", name, e).message))?;
        out.push((name.clone(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(out)
}

async fn announce(cli: &Cli, p: &Parsed, files: &[(String, String)]) {
    if matches!(p.opt("progress"), Some("quiet" | "none" | "rawjson")) {
        return;
    }
    let mut text = "#1 [internal] load local bake definitions\n".to_owned();
    for (name, content) in files {
        let size = crate::format::size::human4(content.len() as i64);
        text.push_str(&format!("#1 reading {name} {size} / {size} done\n"));
    }
    cli.eprint(format!("{text}#1 DONE 0.0s\n\n")).await;
}

/// `--set PATTERN.KEY=VALUE`, and the flags that are short for it.
fn overrides(p: &Parsed, targets: &mut BTreeMap<String, Map<String, Value>>) -> Result<(), CliError> {
    let mut set: Vec<String> = p.list("set").to_vec();
    for (flag, text) in [
        ("no-cache", "*.no-cache=true"),
        ("pull", "*.pull=true"),
        ("push", "*.output=type=registry"),
        ("load", "*.output=type=docker"),
    ] {
        if p.bool(flag) {
            set.push(text.to_owned());
        }
    }
    for (flag, key) in [("provenance", "provenance"), ("sbom", "sbom")] {
        if let Some(v) = p.opt(flag) {
            set.push(format!(
                "*.attest=type={key},{}",
                if v == "false" { "disabled=true".to_owned() } else { v.to_owned() }
            ));
        }
    }
    for text in &set {
        let Some((left, value)) = text.split_once('=') else {
            return Err(failed(format!("invalid override {text}, expected target.name=value")));
        };
        let Some((pattern, key)) = left.split_once('.') else {
            return Err(failed(format!("invalid override key {left}, expected target.name")));
        };
        let fits = |name: &str| match pattern.split_once('*') {
            Some((a, b)) => name.len() >= a.len() + b.len() && name.starts_with(a) && name.ends_with(b),
            None => name == pattern,
        };
        let mut found = false;
        for (name, target) in targets.iter_mut().filter(|(n, _)| fits(n)) {
            let _ = name;
            found = true;
            target::set(target, key, value).map_err(failed)?;
        }
        if !found {
            return Err(failed(format!("could not find any target matching '{pattern}'")));
        }
    }
    Ok(())
}

async fn print(
    cli: &Cli,
    file: &mut File,
    wanted: &[String],
    names: &[String],
    resolved: &BTreeMap<String, Map<String, Value>>,
) -> Result<i32, CliError> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // What is asked for is the default group of what is printed.
    let direct: Vec<String> = wanted
        .iter()
        .flat_map(|w| file.groups.get(w).filter(|_| w == "default").cloned().unwrap_or_else(|| vec![w.clone()]))
        .collect();
    groups.insert("default".to_owned(), direct);
    let mut todo: Vec<String> = groups.values().flatten().cloned().collect();
    while let Some(name) = todo.pop() {
        if let (Some(list), false) = (file.groups.get(&name), groups.contains_key(&name)) {
            todo.extend(list.iter().cloned());
            groups.insert(name, list.clone());
        }
    }
    let groups: Map<String, Value> = groups.into_iter().map(|(n, t)| (n, json!({ "targets": t }))).collect();
    let mut sorted = names.to_vec();
    sorted.sort();
    let targets: Vec<String> = sorted
        .iter()
        .filter_map(|n| Some(format!("    {}: {}", crate::format::quote(n), target::printed(resolved.get(n)?))))
        .collect();
    let groups = serde_json::to_string_pretty(&Value::Object(groups)).unwrap_or_default().replace('\n', "\n  ");
    cli.print(format!("{{\n  \"group\": {groups},\n  \"target\": {{\n{}\n  }}\n}}\n", targets.join(",\n"))).await?;
    Ok(0)
}
