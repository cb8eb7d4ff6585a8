//! `--secret` and `--ssh`.

use std::collections::BTreeMap;

use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

/// Secrets by ID: `id=x,src=file`, `id=x,env=NAME`; without either the variable of that name, else the
/// file (buildx `util/buildflags/secrets.go`).
pub(crate) async fn secrets(cli: &Cli, p: &Parsed) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let mut out = Vec::new();
    for given in p.list("secret") {
        let fields: BTreeMap<String, &str> = given
            .split(',')
            .map(|f| f.split_once('=').unwrap_or((f, "")))
            .map(|(k, v)| (k.to_lowercase(), v))
            .collect();
        let get = |names: &[&str]| names.iter().find_map(|n| fields.get(*n).copied()).filter(|v| !v.is_empty());
        if let Some(unknown) = fields.keys().find(|k| !["id", "src", "source", "env", "type"].contains(&k.as_str())) {
            return Err(failed(format!("unexpected key '{unknown}' in '{given}'")));
        }
        let file = get(&["src", "source"]);
        let env = get(&["env"]);
        let id = get(&["id"]).or(env).or(file.map(|f| f.rsplit('/').next().unwrap_or(f)));
        let Some(id) = id else { return Err(failed(format!("invalid secret {given}: id is required"))) };
        let by_name = || cli.args.var(id).filter(|_| file.is_none());
        let value = match env.or_else(|| by_name().map(|_| id)) {
            Some(name) => cli.args.var(name).unwrap_or_default().as_bytes().to_vec(),
            None => {
                let path = file.unwrap_or(id);
                let missing = |e| failed(format!("failed to stat {path}: {}", path_error("stat", path, e).message));
                cli.sys.read_file(path).await.map_err(missing)?
            }
        };
        out.push((id.to_owned(), value));
    }
    Ok(out)
}

/// IDs of agents: `default`, `id=socket`, `id=key`.
pub(crate) async fn ssh(cli: &Cli, p: &Parsed) -> Result<Vec<String>, CliError> {
    let mut out = Vec::new();
    for given in p.list("ssh") {
        let (id, paths) = given.split_once('=').unwrap_or((given, ""));
        if paths.is_empty() && cli.args.var("SSH_AUTH_SOCK").is_none_or(str::is_empty) {
            return Err(failed("invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set"));
        }
        for path in paths.split(',').filter(|p| !p.is_empty()) {
            cli.sys.stat(path).await.map_err(|e| failed(path_error("stat", path, e).message))?;
        }
        out.push(id.to_owned());
    }
    Ok(out)
}
