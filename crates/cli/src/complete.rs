//! `docker __complete WORDS…`: what cobra's completion answers, one `value<TAB>description` a
//! line, then `:directive`.

use layerlab_api::query::Query;
use layerlab_api::{container, image, network, volume};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::{Command, tree};

/// Cobra's directive: no files.
const NO_FILES: u8 = 4;
/// Cobra's directive: files, as the shell likes.
const DEFAULT: u8 = 0;

/// What a word may be completed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Words with their descriptions.
    pub words: Vec<(String, String)>,
    /// Cobra's directive.
    pub directive: u8,
    /// What must be asked from the daemon: `container`, `running`, `image`, `network`, `volume`.
    pub objects: Option<&'static str>,
}

/// Completes the last of these words (without `docker`), as far as the table tells.
pub fn complete(words: &[String]) -> Completion {
    let (last, before) = words.split_last().map_or(("", &[][..]), |(l, b)| (l.as_str(), b));
    let Some(mut c) = tree().get("docker") else { return Completion::default() };
    let mut rest = before.iter();
    let mut arguments = 0;
    let mut pending: Option<(&Command, &str)> = None;
    while let Some(w) = rest.next() {
        if let Some(flag) = flag_with_value(c, w) {
            if rest.next().is_none() {
                pending = Some((c, flag));
            }
            continue;
        }
        if w.starts_with('-') && w != "-" {
            continue;
        }
        match tree().child(c.path, w).and_then(|p| tree().get(p)) {
            Some(k) if arguments == 0 => c = k,
            _ => arguments += 1,
        }
    }
    if let Some((c, flag)) = pending {
        return flag_value(c, flag);
    }
    if last.starts_with('-') {
        return flag_names(c, last);
    }
    let children = tree().children(c.path);
    if !children.is_empty() && arguments == 0 {
        let fits = |p: &&&str| {
            p.rsplit(' ').next().is_some_and(|n| n.starts_with(last)) && tree().get(p).is_some_and(|k| !k.is("hidden"))
        };
        let words = children
            .iter()
            .filter(fits)
            .map(|p| (p.rsplit(' ').next().unwrap_or("").to_owned(), tree().short(p).to_owned()))
            .collect();
        return Completion { words, directive: NO_FILES, objects: None };
    }
    let objects = objects(c.path, arguments);
    Completion { words: Vec::new(), directive: if objects.is_some() { NO_FILES } else { DEFAULT }, objects }
}

fn flag_with_value<'a>(c: &'a Command, word: &str) -> Option<&'a str> {
    let flag = if let Some(long) = word.strip_prefix("--") {
        c.flag(long)
    } else {
        let mut letters = word.strip_prefix('-')?.chars();
        let last = letters.next_back()?;
        c.flags.iter().find(|f| {
            f.short == Some(last)
                && letters.as_str().chars().all(|l| c.flags.iter().any(|g| g.short == Some(l) && g.is_bool()))
        })
    };
    flag.filter(|f| !f.is_bool()).map(|f| f.name)
}

fn flag_names(c: &Command, last: &str) -> Completion {
    let shown = c.flags.iter().filter(|f| !f.is_hidden());
    let mut words: Vec<(String, String)> = Vec::new();
    for f in shown {
        let usage = f.usage.lines().next().unwrap_or("").to_owned();
        let long = format!("--{}", f.name);
        if long.starts_with(last) {
            words.push((long, usage.clone()));
        }
        if let Some(s) = f.short.map(|s| format!("-{s}")).filter(|s| s.starts_with(last)) {
            words.push((s, usage));
        }
    }
    Completion { words, directive: NO_FILES, objects: None }
}

fn flag_value(c: &Command, flag: &str) -> Completion {
    let fixed: &[&str] = match flag {
        "progress" => &["auto", "none", "plain", "quiet", "rawjson", "tty"],
        "pull" => &["always", "missing", "never"],
        "restart" => &["no", "always", "on-failure", "unless-stopped"],
        "signal" | "stop-signal" => {
            &["SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGSTOP", "SIGTERM", "SIGUSR1", "SIGUSR2"]
        }
        "network" if c.path.starts_with("docker container") => {
            return Completion { directive: NO_FILES, objects: Some("network"), words: Vec::new() };
        }
        _ => &[],
    };
    let directive = if fixed.is_empty() && !matches!(flag, "name" | "tag" | "env" | "publish" | "label" | "user") {
        DEFAULT
    } else {
        NO_FILES
    };
    Completion { words: fixed.iter().map(|w| ((*w).to_owned(), String::new())).collect(), directive, objects: None }
}

/// What the arguments of a command are.
fn objects(path: &str, given: usize) -> Option<&'static str> {
    let verb = path.rsplit(' ').next().unwrap_or("");
    match (path, given) {
        ("docker container run" | "docker container create", 0) => Some("image"),
        (
            "docker container exec" | "docker container port" | "docker container rename" | "docker container top",
            1..,
        ) => None,
        _ if path.starts_with("docker container") => match verb {
            "start" | "rm" | "logs" | "inspect" | "rename" | "diff" | "commit" | "export" | "wait" | "cp" => {
                Some("container")
            }
            "stop" | "kill" | "exec" | "attach" | "restart" | "pause" | "unpause" | "top" | "port" | "stats"
            | "update" => Some("running"),
            _ => None,
        },
        _ if path.starts_with("docker image")
            && matches!(verb, "rm" | "inspect" | "history" | "tag" | "save" | "push" | "ls")
            && (verb != "tag" || given == 0) =>
        {
            Some("image")
        }
        ("docker network connect" | "docker network disconnect", 1) => Some("container"),
        ("docker network connect" | "docker network disconnect", 0)
        | ("docker network inspect" | "docker network rm", _) => Some("network"),
        ("docker volume inspect" | "docker volume rm", _) => Some("volume"),
        ("docker inspect", _) => Some("container"),
        _ => None,
    }
}

pub(crate) async fn run(cli: &Cli, p: &Parsed) -> Result<i32, CliError> {
    let mut done = complete(&p.args);
    let last = p.args.last().map_or("", String::as_str);
    if let Some(kind) = done.objects {
        let names = names(cli, kind).await.unwrap_or_default();
        done.words = names.into_iter().filter(|n| n.starts_with(last)).map(|n| (n, String::new())).collect();
    }
    let mut out = String::new();
    for (word, description) in &done.words {
        out.push_str(word);
        if !description.is_empty() && p.path == "__complete" {
            out.push('\t');
            out.push_str(description);
        }
        out.push('\n');
    }
    out.push_str(&format!(":{}\n", done.directive));
    cli.print(out).await?;
    Ok(0)
}

async fn names(cli: &Cli, kind: &str) -> Result<Vec<String>, CliError> {
    Ok(match kind {
        "container" | "running" => {
            let all: Vec<container::Summary<'_>> =
                cli.get("/containers/json", Query::default().flag("all", kind == "container")).await?;
            all.iter().flat_map(|c| &c.names).map(|n| n.trim_start_matches('/').to_owned()).collect()
        }
        "image" => {
            let all: Vec<image::Summary> = cli.get("/images/json", Query::default()).await?;
            all.into_iter().flat_map(|i| i.repo_tags).collect()
        }
        "network" => {
            let all: Vec<network::Inspect> = cli.get("/networks", Query::default()).await?;
            all.into_iter().map(|n| n.name).collect()
        }
        _ => {
            let all: volume::List = cli.get("/volumes", Query::default()).await?;
            all.volumes.into_iter().map(|v| v.name).collect()
        }
    })
}
