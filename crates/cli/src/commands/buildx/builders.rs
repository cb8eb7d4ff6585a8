//! Builder instances, as buildx keeps them in `~/.docker/buildx` (buildx `store/store.go`).

use layerlab_kernel::Errno;
use serde::{Deserialize, Serialize};

use super::node;
use crate::build::trace::State;
use crate::build::{plain, tty};
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;

/// BuildKit in the daemon.
pub(crate) const BUILDKIT: &str = "v0.26.3";
/// Platforms of this machine's BuildKit: its own, and those that it emulates.
pub(crate) const PLATFORMS: [&str; 8] = [
    "linux/amd64",
    "linux/amd64/v2",
    "linux/amd64/v3",
    "linux/arm64",
    "linux/386",
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/riscv64",
];

/// A builder instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Builder {
    pub(crate) name: String,
    pub(crate) driver: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) dynamic: bool,
}

/// A node of a builder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) endpoint: String,
    pub(crate) platforms: Option<Vec<serde_json::Value>>,
    pub(crate) driver_opts: Option<std::collections::BTreeMap<String, String>>,
    pub(crate) flags: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Current {
    key: String,
    name: String,
    global: bool,
}

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: {what}"))
}

/// `no builder "x" found`.
pub(crate) fn not_found(name: &str) -> CliError {
    failed(format!("no builder {} found", crate::format::quote(name)))
}

fn dir(cli: &Cli) -> String {
    format!("{}/.docker/buildx", cli.home())
}

/// Whether a name can be a builder's (buildx `store.ValidateName`).
pub(crate) fn is_valid(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// The builder that is the daemon itself.
pub(crate) fn own() -> Builder {
    let node = Node { name: "default".into(), endpoint: "default".into(), ..Node::default() };
    Builder { name: "default".into(), driver: "docker".into(), nodes: vec![node], dynamic: false }
}

/// All builders, the daemon's own last.
pub(crate) async fn all(cli: &Cli) -> Result<Vec<Builder>, CliError> {
    let mut out = Vec::new();
    let folder = format!("{}/instances", dir(cli));
    let mut names: Vec<String> = match cli.sys.read_dir(&folder).await {
        Ok(list) => list.into_iter().map(|e| e.name).collect(),
        Err(_) => Vec::new(),
    };
    names.sort();
    for name in names {
        let bytes = cli.sys.read_file(&format!("{folder}/{name}")).await.unwrap_or_default();
        if let Ok(b) = serde_json::from_slice::<Builder>(&bytes) {
            out.push(b);
        }
    }
    out.push(own());
    Ok(out)
}

/// A builder by name.
pub(crate) async fn find(cli: &Cli, name: &str) -> Result<Builder, CliError> {
    all(cli).await?.into_iter().find(|b| b.name == name).ok_or_else(|| not_found(name))
}

/// Keeps a builder.
pub(crate) async fn save(cli: &Cli, b: &Builder) -> Result<(), CliError> {
    for d in [format!("{}/.docker", cli.home()), dir(cli), format!("{}/instances", dir(cli))] {
        match cli.sys.mkdir(&d, 0o700).await {
            Ok(()) | Err(Errno::EEXIST) => {}
            Err(e) => return Err(failed(path_error("mkdir", &d, e).message)),
        }
    }
    let path = format!("{}/instances/{}", dir(cli), b.name);
    let json = serde_json::to_string(b).unwrap_or_default();
    cli.sys.write_file(&path, json, 0o600).await.map_err(|e| failed(path_error("open", &path, e).message))
}

/// Forgets a builder.
pub(crate) async fn remove(cli: &Cli, name: &str) -> Result<(), CliError> {
    let path = format!("{}/instances/{name}", dir(cli));
    cli.sys.unlink(&path).await.map_err(|e| failed(path_error("remove", &path, e).message))?;
    if selected(cli).await == name {
        choose(cli, "").await?;
    }
    Ok(())
}

/// Makes a builder the one that is used.
pub(crate) async fn choose(cli: &Cli, name: &str) -> Result<(), CliError> {
    let name = if name == "default" { "" } else { name };
    let current = Current { key: "unix:///var/run/docker.sock".into(), name: name.into(), global: false };
    let path = format!("{}/current", dir(cli));
    for d in [format!("{}/.docker", cli.home()), dir(cli)] {
        // Most of them are there.
        let _ = cli.sys.mkdir(&d, 0o700).await;
    }
    let json = serde_json::to_string(&current).unwrap_or_default();
    cli.sys.write_file(&path, json, 0o600).await.map_err(|e| failed(path_error("open", &path, e).message))
}

/// The name of the builder that is used: `BUILDX_BUILDER`, else the chosen one.
pub(crate) async fn selected(cli: &Cli) -> String {
    if let Some(name) = cli.args.var("BUILDX_BUILDER").filter(|n| !n.is_empty()) {
        return name.to_owned();
    }
    let bytes = cli.sys.read_file(&format!("{}/current", dir(cli))).await.unwrap_or_default();
    let current: Current = serde_json::from_slice(&bytes).unwrap_or_default();
    if current.name.is_empty() { "default".to_owned() } else { current.name }
}

/// The builder that a command is for: `--builder`, else the one that is used.
pub(crate) async fn wanted(cli: &Cli, p: &Parsed) -> Result<Builder, CliError> {
    let name = match p.opt("builder").filter(|b| !b.is_empty()) {
        Some(name) => name.to_owned(),
        // `docker build` and `docker builder` use the daemon's own builder unless the environment names another.
        None if p.path.starts_with("docker buildx") || cli.args.var("BUILDX_BUILDER").is_some() => selected(cli).await,
        None => "default".to_owned(),
    };
    let b = find(cli, &name).await?;
    if !matches!(b.driver.as_str(), "docker" | "docker-container") {
        return Err(failed(format!(
            "builder {name} uses the {} driver, which this simulated machine has nothing for: it has the BuildKit in its daemon, and BuildKit in containers",
            b.driver
        )));
    }
    Ok(b)
}

/// As the daemon is told of it: the container of its first node; empty: the daemon's own.
pub(crate) fn at(b: &Builder) -> String {
    if b.driver == "docker" { String::new() } else { b.nodes.first().map(node::container).unwrap_or_default() }
}

/// What a build of a builder is called: `builder/node/ref`.
pub(crate) fn full_ref(b: &Builder, reference: &str) -> String {
    format!("{}/{}/{reference}", b.name, b.nodes.first().map_or("", |n| n.name.as_str()))
}

/// Boots all nodes of a builder.
///
/// # Errors
/// The daemon's.
pub(crate) async fn boot(cli: &Cli, b: &Builder, state: &mut State) -> Result<(), CliError> {
    if b.driver == "docker-container" {
        for n in &b.nodes {
            node::boot(cli, b, n, state).await.map_err(|e| {
                let why = e.message.strip_prefix("Error response from daemon: ").unwrap_or(&e.message).to_owned();
                failed(why)
            })?;
        }
    }
    Ok(())
}

/// Boots a builder and shows it.
///
/// # Errors
/// The daemon's.
pub(crate) async fn boot_shown(cli: &Cli, b: &Builder) -> Result<(), CliError> {
    let mut state = State::default();
    let result = boot(cli, b, &mut state).await;
    if state.steps.is_empty() {
        return result;
    }
    if cli.sys.is_atty(2).await {
        let size = cli.sys.win_size(2).await.map_or((80, 24), |s| (usize::from(s.cols), usize::from(s.rows)));
        cli.eprint(tty::Display::default().draw(&state, cli.now(), size, true)).await;
    } else {
        cli.eprint(plain::Printer::default().print(&mut state)).await;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_buildxs_json() {
        let node = Node { name: "b0".into(), endpoint: "unix:///var/run/docker.sock".into(), ..Node::default() };
        let b = Builder { name: "b".into(), driver: "docker-container".into(), nodes: vec![node], dynamic: false };
        let json = serde_json::to_string(&b).unwrap();
        assert_eq!(
            json,
            "{\"Name\":\"b\",\"Driver\":\"docker-container\",\"Nodes\":[{\"Name\":\"b0\",\"Endpoint\":\"unix:///var/run/docker.sock\",\"Platforms\":null,\"DriverOpts\":null,\"Flags\":null}],\"Dynamic\":false}"
        );
        assert_eq!(serde_json::from_str::<Builder>(&json).unwrap(), b);
        assert!(is_valid("my-builder") && !is_valid("-x") && !is_valid("a b"));
    }
}
