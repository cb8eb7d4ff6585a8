//! A swarm's commands (`swarm`, `node`, `service`, `stack`, `secret`, `config`): what the client finds wrong itself,
//! and then what the daemon says, which is in no swarm (docker/cli `cli/command/{swarm,node,service,stack,secret,config}`).

use layerlab_api::query::Query;
use layerlab_oci::Reference;

use super::container::options::Inputs;
use super::inspect::{Found, inspect_all};
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::{Parsed, authority};
use crate::format::quote;
use crate::format::template::Template;
use crate::help;
use crate::tree::Command;

/// Whether this is one of them.
pub(super) fn knows(path: &str) -> bool {
    let noun = path.split(' ').nth(1).unwrap_or_default();
    matches!(noun, "swarm" | "node" | "service" | "stack" | "secret" | "config")
}

pub(super) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let words: Vec<&str> = c.path.split(' ').skip(1).collect();
    let &[noun, verb] = words.as_slice() else { return Err(CliError::new(super::why_unavailable(&p.path))) };
    files(cli, c, p).await?;
    match (noun, verb) {
        ("service", "scale") => return scale(cli, c, p).await,
        ("service", "create") => create(cli, c, p).await?,
        ("service" | "node" | "secret" | "config", "inspect") => return inspect(cli, noun, p).await,
        ("service" | "secret" | "config", "rm") | ("node", "rm" | "ps") => return each(cli, noun, verb, p).await,
        ("stack", _) => stack(cli, c, verb, p).await?,
        ("secret" | "config", "create") => content(cli, noun, p).await?,
        ("swarm", "init" | "join") => availability(p.str(c, "availability"))?,
        ("swarm", "join-token") if !["worker", "manager"].contains(&p.arg(0)) => {
            return Err(CliError::new(format!("unknown role {}", p.arg(0))));
        }
        ("swarm", "update") if p.is_empty() => {
            cli.print(help::help(&p.path, c, &cli.help_context().await)).await?;
            return Ok(0);
        }
        ("swarm", "unlock") => {
            let info: layerlab_api::system::Info = cli.get("/info", Query::default()).await?;
            if info.swarm.local_node_state == "inactive" {
                return Err(CliError::new("Error: This node is not part of a swarm"));
            }
        }
        _ => {}
    }
    let (method, path) = request(noun, verb, p);
    refused(cli, method, &path).await.map_err(|e| match verb {
        "unlock-key" if !p.bool("rotate") => {
            CliError { message: format!("could not fetch unlock key: {}", e.message), ..e }
        }
        _ => e,
    })?;
    Err(CliError::new(super::why_unavailable(&p.path)))
}

/// The first that the client asks for.
fn request(noun: &str, verb: &str, p: &Parsed) -> (&'static str, String) {
    let one = |kind: &str| format!("/{kind}/{}", p.arg(0));
    match (noun, verb) {
        ("swarm", "init" | "join" | "leave") => ("POST", format!("/swarm/{verb}")),
        ("swarm", "unlock-key") => ("GET", "/swarm/unlockkey".to_owned()),
        ("swarm", _) => ("GET", "/swarm".to_owned()),
        ("service" | "secret" | "config", "create") => ("POST", format!("/{noun}s/create")),
        (_, "ls") | ("service", "ps") => ("GET", format!("/{noun}s").replace("stacks", "services")),
        ("stack", "ps") => ("GET", "/tasks".to_owned()),
        ("stack", _) => ("GET", "/services".to_owned()),
        _ => ("GET", one(&format!("{noun}s"))),
    }
}

/// Asks; a daemon in no swarm refuses.
async fn refused(cli: &Cli, method: &str, path: &str) -> Result<(), CliError> {
    cli.do_(method, path, Query::default()).await
}

/// Files that flags name are read with the flags.
async fn files(cli: &Cli, c: &Command, p: &Parsed) -> Result<(), CliError> {
    let wrong = |flag: &str, given: &str, why: String| {
        crate::program::usage_error(
            &format!("invalid argument {} for \"--{flag}\" flag: {why}", quote(given)),
            &p.path,
            c,
        )
    };
    for flag in ["ca-cert", "ca-key"] {
        let Some(path) = p.opt(flag) else { continue };
        let text = cli.sys.read_file(path).await.map_err(|e| wrong(flag, path, path_error("open", path, e).message))?;
        if !String::from_utf8_lossy(&text).contains("-----BEGIN ") {
            return Err(wrong(flag, path, "file contents must be in PEM format".to_owned()));
        }
    }
    for given in p.list("external-ca").iter().chain(p.opt("external-ca").map(str::to_owned).iter()) {
        let Ok(Some(path)) = authority(given) else { continue };
        cli.sys.stat(&path).await.map_err(|e| {
            let why = path_error("open", &path, e).message;
            wrong("external-ca", given, format!("unable to read CA cert for external CA: {why}"))
        })?;
    }
    Ok(())
}

fn availability(given: &str) -> Result<(), CliError> {
    match given.to_lowercase().as_str() {
        "active" | "pause" | "drain" => Ok(()),
        _ => Err(CliError::new(format!(
            "invalid availability {}, only active, pause and drain are supported",
            quote(given)
        ))),
    }
}

async fn scale(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let parts = |a: &str| {
        a.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).filter(|(k, v)| !k.is_empty() && !v.is_empty())
    };
    if let Some(wrong) = p.args.iter().find(|a| parts(a).is_none()) {
        return Err(CliError::new(format!(
            "invalid scale specifier '{wrong}'.\nSee '{} --help'.\n\nUsage:  {}\n\n{}",
            p.path,
            help::use_line(&p.path, c),
            c.short
        )));
    }
    let mut errors = Vec::new();
    for (name, replicas) in p.args.iter().filter_map(|a| parts(a)) {
        let why = match replicas.parse::<u64>() {
            _ if !replicas.bytes().all(|b| b.is_ascii_digit()) => Some("invalid syntax"),
            Err(_) => Some("value out of range"),
            Ok(_) => None,
        };
        let message = match why {
            Some(why) => {
                format!("invalid replicas value {replicas}: strconv.ParseUint: parsing {}: {why}", quote(&replicas))
            }
            None => match refused(cli, "GET", &format!("/services/{name}")).await {
                Err(e) => e.message,
                Ok(()) => super::why_unavailable(&p.path),
            },
        };
        errors.push(CliError::new(format!("{name}: {message}")));
    }
    CliError::join(errors)
}

/// What a service is asked for (`serviceOptions.ToService`).
async fn create(cli: &Cli, c: &Command, p: &Parsed) -> Result<(), CliError> {
    Inputs::read(cli, p).await?;
    let fail = |what: &str| Err(CliError::new(what));
    let health = ["health-cmd", "health-interval", "health-timeout", "health-retries", "health-start-period"];
    if p.bool("no-healthcheck") && health.iter().any(|f| p.is_set(f)) {
        return fail("--no-healthcheck conflicts with --health-* options");
    }
    let mode = p.str(c, "mode");
    let many = p.is_set("replicas");
    let (each, at_once) = (p.int("replicas-max-per-node").unwrap_or(0) > 0, p.is_set("max-concurrent"));
    match mode {
        "global" | "global-job" if many => {
            return fail("replicas can only be used with replicated or replicated-job mode");
        }
        "global" | "global-job" if each => {
            return fail("replicas-max-per-node can only be used with replicated or replicated-job mode");
        }
        "global" | "global-job" | "replicated" if at_once => {
            return fail("max-concurrent can only be used with replicated-job mode");
        }
        "global" | "global-job" | "replicated" | "replicated-job" => {}
        other => return fail(&format!("Unknown mode: {other}, only replicated and global supported")),
    }
    let updates = ["parallelism", "delay", "monitor", "failure-action", "max-failure-ratio", "order"];
    let is_set = |of: &str| updates.iter().any(|f| p.is_set(&format!("{of}-{f}")));
    if mode.ends_with("-job") && (is_set("update") || is_set("rollback")) {
        return fail("update and rollback configuration is not supported for jobs");
    }
    for given in p.list("network") {
        let name = given.split(',').find_map(|f| f.strip_prefix("name=")).filter(|n| !n.is_empty()).unwrap_or(given);
        if name.is_empty() {
            return fail("invalid network name or ID: value is empty");
        }
        refused(cli, "GET", &format!("/networks/{name}")).await?;
    }
    if p.bool("with-registry-auth") {
        Reference::parse_normalized(p.arg(0)).map_err(|e| CliError::new(e.to_string()))?;
    }
    Ok(())
}

async fn inspect(cli: &Cli, noun: &str, p: &Parsed) -> Result<i32, CliError> {
    let format = p.opt("format").unwrap_or_default();
    if noun == "service" && p.bool("pretty") && !format.is_empty() {
        return Err(CliError::new("--format is incompatible with human friendly format"));
    }
    if !matches!(format, "" | "json") {
        Template::parse(format).map_err(|e| CliError::new(format!("template parsing error: {e}")))?;
    }
    let mut found: Vec<Found> = Vec::new();
    for name in &p.args {
        let error = match named(cli, noun, name, "GET").await {
            Err(e) => e,
            Ok(()) => CliError::new(super::why_unavailable(&p.path)),
        };
        if p.bool("pretty") {
            return Err(error);
        }
        found.push(Err(error));
    }
    inspect_all(cli, format, found).await
}

/// Asks for something by its name.
async fn named(cli: &Cli, noun: &str, name: &str, method: &str) -> Result<(), CliError> {
    if name.is_empty() {
        return Err(CliError::new(format!("invalid {noun} name or ID: value is empty")));
    }
    refused(cli, method, &format!("/{noun}s/{name}")).await
}

async fn each(cli: &Cli, noun: &str, verb: &str, p: &Parsed) -> Result<i32, CliError> {
    let method = if verb == "rm" { "DELETE" } else { "GET" };
    let this = ["self".to_owned()];
    let names = if p.args.is_empty() { this.as_slice() } else { &p.args };
    let mut errors = Vec::new();
    for name in names {
        let done = named(cli, noun, name, method).await;
        errors.push(done.err().unwrap_or_else(|| CliError::new(super::why_unavailable(&p.path))));
    }
    CliError::join(errors)
}

/// The names of stacks, and what `deploy` and `config` want. What is in a Compose file is not looked at.
async fn stack(cli: &Cli, c: &Command, verb: &str, p: &Parsed) -> Result<(), CliError> {
    if verb != "config"
        && let Some(wrong) = p.args.iter().find(|a| a.trim_matches(['\'', '"', ' ', '\t']).is_empty())
    {
        return Err(CliError::new(format!("invalid stack name: {}", quote(wrong))));
    }
    if !matches!(verb, "deploy" | "config") {
        return Ok(());
    }
    let files: Vec<&String> = p.list("compose-file").iter().filter(|f| !f.is_empty()).collect();
    if files.is_empty() {
        return Err(CliError::new("specify a Compose file (with --compose-file)"));
    }
    for path in files {
        let text = match path.as_str() {
            "-" => cli.sys.read_all(0).await?,
            path => {
                let is_dir = cli.sys.stat(path).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir);
                if is_dir {
                    return Err(CliError::new(format!("read {path}: is a directory")));
                }
                cli.sys.read_file(path).await.map_err(|e| path_error("open", path, e))?
            }
        };
        if String::from_utf8_lossy(&text).lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#')) {
            return Err(CliError::new("top-level object must be a mapping"));
        }
    }
    if verb == "config" {
        return Err(CliError::new(super::why_unavailable(&p.path)));
    }
    let resolve = p.str(c, "resolve-image");
    if !["always", "changed", "never"].contains(&resolve) {
        return Err(CliError::new(format!("invalid option {resolve} for flag --resolve-image")));
    }
    if !p.is_set("detach") {
        cli.eprint("Since --detach=false was not specified, tasks will be created in the background.\nIn a future release, --detach=false will become the default.\n").await;
    }
    let info: layerlab_api::system::Info = cli.get("/info", Query::default()).await?;
    if !info.swarm.control_available {
        return Err(CliError::new(
            "this node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again",
        ));
    }
    Ok(())
}

/// What a secret or a config holds.
async fn content(cli: &Cli, noun: &str, p: &Parsed) -> Result<(), CliError> {
    let path = p.arg(1);
    if noun == "secret" && p.opt("driver").is_some_and(|d| !d.is_empty()) {
        return match path {
            "" => Ok(()),
            _ => Err(CliError::new("when using secret driver secret data must be empty")),
        };
    }
    if path.is_empty() {
        return Err(CliError::new("secret file is required"));
    }
    let shown = if path == "-" { "STDIN" } else { path };
    let wrong = |why: String| {
        let why = format!("error reading from {shown}: {why}");
        CliError::new(if noun == "config" { format!("error reading content from {}: {why}", quote(path)) } else { why })
    };
    let data = match path {
        "-" => cli.sys.read_all(0).await?,
        path => {
            if cli.sys.stat(path).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir) {
                return Err(wrong(format!("read {path}: is a directory")));
            }
            cli.sys.read_file(path).await.map_err(|e| wrong(path_error("open", path, e).message))?
        }
    };
    if data.is_empty() { Err(wrong("data is empty".to_owned())) } else { Ok(()) }
}
