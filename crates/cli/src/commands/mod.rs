//! The commands: `<noun>/<verb>.rs`, and the list of them.

pub(crate) mod buildx;
pub(crate) mod container;
pub(crate) mod context;
pub(crate) mod image;
pub(crate) mod inspect;
pub(crate) mod manifest;
pub(crate) mod network;
pub(crate) mod plugin;
pub(crate) mod registry;
pub(crate) mod swarm;
pub(crate) mod system;
pub(crate) mod trace;
pub(crate) mod volume;

use std::future::Future;
use std::pin::Pin;

use layerlab_api::filters::Filters;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::{Parsed, value};
use crate::format::time;
use crate::tree::Command;

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<i32, CliError>> + 'a>>;
type Run = for<'a> fn(&'a Cli, &'a Command, &'a Parsed) -> Outcome<'a>;

macro_rules! commands {
    ($($path:literal => $module:path;)*) => {
        /// Every command that is there, by its own path.
        const COMMANDS: &[(&str, Run)] = &[$(($path, {
            fn start<'a>(cli: &'a Cli, c: &'a Command, p: &'a Parsed) -> Outcome<'a> {
                use $module as verb;
                Box::pin(verb::run(cli, c, p))
            }
            start
        }),)*];
    };
}

commands! {
    "docker builder prune" => buildx::prune;
    "docker buildx bake" => buildx::bake;
    "docker buildx build" => buildx::build;
    "docker buildx create" => buildx::create;
    "docker buildx du" => buildx::du;
    "docker buildx history import" => buildx::history::elsewhere;
    "docker buildx history inspect" => buildx::history::inspect;
    "docker buildx history inspect attachment" => buildx::history::attachment;
    "docker buildx history logs" => buildx::history::logs;
    "docker buildx history ls" => buildx::history::ls;
    "docker buildx history open" => buildx::history::elsewhere;
    "docker buildx history rm" => buildx::history::rm;
    "docker buildx history trace" => buildx::history::elsewhere;
    "docker buildx imagetools create" => buildx::imagetools_create;
    "docker buildx imagetools inspect" => buildx::imagetools;
    "docker buildx inspect" => buildx::inspect;
    "docker buildx ls" => buildx::ls;
    "docker buildx prune" => buildx::prune;
    "docker buildx rm" => buildx::rm;
    "docker buildx stop" => buildx::stop;
    "docker buildx use" => buildx::use_;
    "docker buildx version" => buildx::version;
    "docker container attach" => container::attach;
    "docker container commit" => container::commit;
    "docker container cp" => container::cp;
    "docker container create" => container::create;
    "docker container diff" => container::diff;
    "docker container exec" => container::exec;
    "docker container export" => container::export;
    "docker container inspect" => container::inspect;
    "docker container kill" => container::kill;
    "docker container logs" => container::logs;
    "docker container ls" => container::ls;
    "docker container pause" => container::pause;
    "docker container port" => container::port;
    "docker container prune" => container::prune;
    "docker container rename" => container::rename;
    "docker container restart" => container::restart;
    "docker container rm" => container::rm;
    "docker container run" => container::run;
    "docker container start" => container::start;
    "docker container stats" => container::stats;
    "docker container stop" => container::stop;
    "docker container top" => container::top;
    "docker container unpause" => container::unpause;
    "docker container update" => container::update;
    "docker container wait" => container::wait;
    "docker context create" => context::create;
    "docker context export" => context::export;
    "docker context import" => context::import;
    "docker context inspect" => context::inspect;
    "docker context ls" => context::ls;
    "docker context rm" => context::rm;
    "docker context show" => context::show;
    "docker context update" => context::update;
    "docker context use" => context::use_;
    "docker image history" => image::history;
    "docker image import" => image::import;
    "docker image inspect" => image::inspect;
    "docker image layers" => image::layers;
    "docker image load" => image::load;
    "docker image ls" => image::ls;
    "docker image prune" => image::prune;
    "docker image pull" => image::pull;
    "docker image push" => image::push;
    "docker image rm" => image::rm;
    "docker image save" => image::save;
    "docker image tag" => image::tag;
    "docker inspect" => inspect;
    "docker login" => registry::login;
    "docker logout" => registry::logout;
    "docker manifest annotate" => manifest::annotate;
    "docker manifest create" => manifest::create;
    "docker manifest inspect" => manifest::inspect;
    "docker manifest push" => manifest::push;
    "docker manifest rm" => manifest::rm;
    "docker network connect" => network::connect;
    "docker network create" => network::create;
    "docker network disconnect" => network::disconnect;
    "docker network inspect" => network::inspect;
    "docker network ls" => network::ls;
    "docker network prune" => network::prune;
    "docker network rm" => network::rm;
    "docker plugin disable" => plugin::other;
    "docker plugin enable" => plugin::other;
    "docker plugin inspect" => plugin::other;
    "docker plugin ls" => plugin::ls;
    "docker plugin push" => plugin::other;
    "docker plugin rm" => plugin::other;
    "docker plugin set" => plugin::other;
    "docker plugin upgrade" => plugin::other;
    "docker search" => registry::search;
    "docker system dial-stdio" => system::dial_stdio;
    "docker system df" => system::df;
    "docker system events" => system::events;
    "docker system info" => system::info;
    "docker system prune" => system::prune;
    "docker trace" => trace;
    "docker version" => system::version;
    "docker volume create" => volume::create;
    "docker volume inspect" => volume::inspect;
    "docker volume ls" => volume::ls;
    "docker volume prune" => volume::prune;
    "docker volume rm" => volume::rm;
    "docker volume update" => volume::update;
}

fn find(path: &str) -> Option<Run> {
    COMMANDS.iter().find(|(p, _)| *p == path).map(|(_, run)| *run)
}

/// Whether a command's own path can be run here.
pub fn is_available(path: &str) -> bool {
    find(path).is_some()
}

/// What a command answers that this machine has not: the only place for it. A swarm's commands answer as on
/// a machine that is in none, Compose's as where its plugin is not installed.
pub fn why_unavailable(path: &str) -> String {
    let mut words = path.split(' ').skip(1);
    match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
        ("swarm", "leave") => "Error response from daemon: This node is not part of a swarm".to_owned(),
        ("swarm", "init" | "join") => {
            "Error response from daemon: swarm mode is not available on this simulated machine".to_owned()
        }
        ("stack", "config") => format!("{path} is not available on this simulated machine"),
        ("swarm" | "node" | "service" | "stack" | "secret" | "config", _) => {
            "Error response from daemon: This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.".to_owned()
        }
        ("compose", _) => "docker: unknown command: docker compose\n\nRun 'docker --help' for more information".to_owned(),
        ("checkpoint", _) => {
            format!("{path} is only supported on a Docker daemon with experimental features enabled")
        }
        ("buildx" | "builder", "history") => {
            format!("ERROR: {path} is not available on this simulated machine: it has no Docker Desktop that could read the bundle")
        }
        _ => format!("{path} is not available on this simulated machine"),
    }
}

/// Runs a command.
pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let windows = c.flags.iter().filter(|f| f.marks.contains('w') && p.is_set(f.name));
    let windows: Vec<String> = windows
        .map(|f| {
            format!(
                "\"--{}\" is only supported on a Docker daemon running on windows, but the Docker daemon is running on linux",
                f.name
            )
        })
        .collect();
    if !windows.is_empty() && c.path.starts_with("docker container") {
        return Err(CliError::new(windows.join("\n")));
    }
    let experimental = c.flags.iter().filter(|f| f.marks.contains('x') && p.is_set(f.name));
    let experimental: Vec<String> = experimental
        .map(|f| format!("\"--{}\" is only supported on a Docker daemon with experimental features enabled", f.name))
        .collect();
    if !experimental.is_empty() {
        return Err(CliError::new(experimental.join("\n")));
    }
    match find(c.path) {
        Some(run) => run(cli, c, p).await,
        None if swarm::knows(c.path) => Box::pin(swarm::run(cli, c, p)).await,
        None => Err(CliError::new(why_unavailable(&p.path))),
    }
}

/// Whether a file can be written there (docker/cli `command.ValidateOutputPath`).
pub(crate) async fn check_output(cli: &Cli, path: &str) -> Result<(), CliError> {
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    if !matches!(dir, "" | ".") {
        let found = cli.sys.stat(dir).await;
        found.map_err(|e| CliError::new(format!("invalid output path: {}", path_error("stat", dir, e).message)))?;
    }
    match cli.sys.stat(path).await {
        Ok(s) if s.file_type == layerlab_kernel::FileType::Dir => Err(CliError::new("cannot write to a directory")),
        _ => Ok(()),
    }
}

/// `--filter name=value` pairs.
pub(crate) fn filters(given: &[String]) -> Filters {
    let mut filters = Filters::default();
    for f in given {
        if let Some((k, v)) = f.split_once('=') {
            filters.add(k.trim().to_lowercase().as_str(), v.trim());
        }
    }
    filters
}

/// Filters as a query.
pub(crate) fn filter_query(filters: &Filters) -> Query {
    if filters.is_empty() { Query::default() } else { Query::default().with("filters", filters.to_json()) }
}

/// A time that `--since` and `--until` take, as seconds since 1970: Go duration, date or seconds.
pub(crate) fn timestamp(given: &str, now: i64) -> Result<String, String> {
    let text = |nanos: i64| format!("{}.{:09}", nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    if given.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Ok(given.to_owned());
    }
    if let Ok(d) = value::parse_duration(given) {
        return Ok((now - d).div_euclid(1_000_000_000).to_string());
    }
    let full = match given.len() {
        10 => format!("{given}T00:00:00Z"),
        16 | 19 if given.contains('T') => format!("{given}{}Z", if given.len() == 16 { ":00" } else { "" }),
        _ => given.to_owned(),
    };
    if let Some(what) = time::out_of_range(&full) {
        return Err(format!("parsing time {}: {what} out of range", crate::format::quote(given)));
    }
    time::parse_rfc3339(&full)
        .map(text)
        .ok_or_else(|| format!("failed to parse value as time or duration: {}", crate::format::quote(given)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tree;

    #[test]
    fn every_command_of_the_list_is_in_the_table() {
        for (path, _) in COMMANDS {
            assert_eq!(tree().get(path).map(|c| c.path), Some(*path));
        }
    }

    #[test]
    fn times_of_logs_and_events() {
        let now = 1_700_000_000_000_000_000;
        assert_eq!(timestamp("10m", now).unwrap(), "1699999400");
        assert_eq!(timestamp("1700000000", now).unwrap(), "1700000000");
        assert_eq!(timestamp("2023-11-14T22:13:20Z", now).unwrap(), "1700000000.000000000");
        assert_eq!(timestamp("2023-11-14T22:13", now).unwrap(), "1699999980.000000000");
        assert!(timestamp("yesterday", now).is_err());
        assert_eq!(timestamp("2026-13-45", now).unwrap_err(), "parsing time \"2026-13-45\": month out of range");
    }
}
