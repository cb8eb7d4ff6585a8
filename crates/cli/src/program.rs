//! The program `docker`: from the command line to a command and an exit code.

use layerlab_api::client::Client;
use layerlab_kernel::{Program, ProgramArgs, SockAddr, Start, Sys, async_program};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::{self, FlagError, Parsed};
use crate::help;
use crate::host;
use crate::tree::{Command, tree};
use crate::{COMMIT, VERSION, commands, complete, contexts};

/// The program that this crate brings.
pub const PROGRAMS: &[(&str, Start)] = &[("docker", start)];

fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, main)
}

/// What the client makes of a command line, without doing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// The command's words as typed, e.g. `docker container run`; `docker` alone where there is no such command.
    pub path: String,
    /// Whether only arguments are missing, or too many.
    pub is_incomplete: bool,
    /// What the client would complain of, its first line.
    pub wrong: Option<String>,
}

/// Reads a command line (without `docker`).
pub fn understand(words: &[String]) -> Understood {
    let mut path = "docker".to_owned();
    let mut rest = words;
    while let [word, after @ ..] = rest {
        let own = tree().get(&path).map_or("", |c| c.path);
        let Some(child) = tree().child(own, word) else { break };
        path = format!("{path} {}", child.rsplit(' ').next().unwrap_or(child));
        rest = after;
    }
    let wrong = match read(words).1 {
        Action::Fail(e) => Some(e.message.lines().next().unwrap_or_default().to_owned()),
        _ => None,
    };
    let leaf = tree().get(&path).filter(|c| tree().children(c.path).is_empty());
    let flags_hold = leaf.is_some_and(|c| flags::parse(c, &path, rest, is_interspersed(c)).is_ok());
    Understood { path, is_incomplete: flags_hold && wrong.is_some(), wrong }
}

/// The command that the client hands to its plugin buildx (docker/cli `cmd/docker/builder.go`).
const FORWARDED: &str = "builder";

/// What a command line turned out to be.
#[derive(Debug)]
pub(crate) enum Action {
    /// This command with these flags and arguments.
    Run(&'static Command, Parsed),
    /// Help of this path; `true` after the deprecated `-h`.
    Help(String, &'static Command, bool),
    /// Help of a group without a command.
    Group(String, &'static Command),
    /// Print this.
    Text(String),
    /// Complain and end.
    Fail(CliError),
}

async fn main(sys: Sys, args: ProgramArgs) -> i32 {
    let mut words: Vec<String> = args.argv.iter().skip(1).cloned().collect();
    // The plugin's own file, which is this program, too.
    if args.argv.first().is_some_and(|a| a.rsplit('/').next() == Some("docker-buildx")) {
        if words.first().is_some_and(|w| w == "docker-cli-plugin-metadata") {
            sys.print(commands::buildx::METADATA).await.ok();
            return 0;
        }
        if words.first().is_none_or(|w| w != "buildx") {
            words.insert(0, "buildx".to_owned());
        }
    }
    let (globals, action) = read(&words);
    let mut args = args;
    if globals.args.first().is_some_and(|w| w == FORWARDED) && args.var("BUILDX_BUILDER").is_none() {
        // Not the builder that was chosen: the context's own.
        args.env.push(("BUILDX_BUILDER".to_owned(), "default".to_owned()));
    }
    let given = |name: &str| globals.opt(name).filter(|v| !v.is_empty()).map(str::to_owned);
    let usual = SockAddr::Unix(layerlab_api::SOCKET.to_owned());
    let mut cli = Cli {
        client: Client::new(sys.clone(), usual, "api.moby.localhost"),
        sys,
        args,
        host: String::new(),
        debug: globals.bool("debug"),
        context: given("context"),
        // An empty one is the usual socket.
        asked_host: globals.opt("host").map(str::to_owned),
        config: given("config"),
    };
    if let Err(e) = connect(&mut cli, &action).await {
        cli.eprint(format!("{}\n", e.message)).await;
        return e.code;
    }
    if globals.bool("tlsverify") {
        let folder = cli.args.var("DOCKER_CERT_PATH").map_or_else(|| format!("{}/.docker", cli.home()), str::to_owned);
        let ca = globals.opt("tlscacert").map_or_else(|| format!("{folder}/ca.pem"), str::to_owned);
        if let Err(e) = cli.sys.stat(&ca).await {
            let why = crate::error::path_error("open", &ca, e).message;
            cli.eprint(format!("Failed to initialize: unable to resolve docker endpoint: {why}\n")).await;
            return 1;
        }
    }
    if let Some(level) = globals.opt("log-level")
        && !["debug", "info", "warn", "error", "fatal", "panic", "warning", "trace"].contains(&level)
    {
        cli.eprint(format!("Unable to parse logging level: {level}\n")).await;
        return 1;
    }
    let result = match action {
        Action::Text(t) => cli.print(t).await.map(|()| 0),
        Action::Fail(e) => Err(e),
        Action::Help(path, c, short) => {
            let mut text = String::new();
            if short && c.path == "docker" {
                cli.eprint("Flag shorthand -h has been deprecated, use --help\n").await;
            } else if short {
                text.push_str("Flag shorthand -h has been deprecated, use --help\n");
            }
            text.push_str(&help::help(&path, c, &cli.help_context().await));
            cli.print(text).await.map(|()| 0)
        }
        Action::Group(path, c) => {
            // `command.ShowHelp(dockerCLI.Err())`.
            let before = if c.path == "docker manifest" { "\n" } else { "" };
            cli.eprint(format!("{before}{}", help::help(&path, c, &cli.help_context().await))).await;
            Ok(0)
        }
        Action::Run(c, p) if c.path == "docker __complete" => complete::run(&cli, &p).await,
        Action::Run(c, p) => commands::run(&cli, c, &p).await,
    };
    match result {
        Ok(code) => code,
        Err(e) => {
            if !e.message.is_empty() {
                cli.eprint(format!("{}\n", e.message)).await;
            }
            e.code
        }
    }
}

/// Finds the daemon that commands are for: what `--host`, the context or the environment say.
async fn connect(cli: &mut Cli, action: &Action) -> Result<(), CliError> {
    // Contexts can be looked after though the current one is gone.
    let asks = matches!(action, Action::Run(c, _) if !c.path.starts_with("docker context "));
    let found = match endpoint(cli).await {
        Ok(host) => {
            cli.host.clone_from(&host);
            host::address(&cli.sys, &host).await
        }
        Err(e) => Err(e),
    };
    match found {
        Ok((host, addr)) => {
            cli.client = Client::new(cli.sys.clone(), addr, "api.moby.localhost");
            cli.host = host;
            Ok(())
        }
        Err(e) if asks => Err(e),
        Err(_) => Ok(()),
    }
}

async fn endpoint(cli: &Cli) -> Result<String, CliError> {
    let failed =
        |e: CliError| CliError::new(format!("Failed to initialize: unable to resolve docker endpoint: {}", e.message));
    if let Some(host) = cli.asked_host.as_deref().filter(|_| cli.context.is_none()) {
        return host::full(host).map_err(failed);
    }
    let name = contexts::current(cli).await?;
    if name == contexts::DEFAULT {
        return host::full(cli.args.var("DOCKER_HOST").unwrap_or_default()).map_err(failed);
    }
    contexts::get(cli, &name).await.map(|c| c.host).map_err(failed)
}

/// The error of a flag or of the number of arguments: with the usage line, exit code 125 or 1.
pub(crate) fn usage_error(what: &str, path: &str, c: &Command) -> CliError {
    let buildx = c.path.starts_with("docker buildx");
    let shown = if c.path == "docker buildx build" { c.path } else { path };
    let usage = match c.path {
        "docker" => "docker [OPTIONS] COMMAND [ARG...]".to_owned(),
        // Only help says that a group wants a command.
        group if !tree().children(group).is_empty() => path.to_owned(),
        _ => help::use_line(path, c),
    };
    CliError::code(
        if buildx { 1 } else { 125 },
        format!("{what}\n\nUsage:  {usage}\n\nRun '{shown} --help' for more information"),
    )
}

/// `docker: 'docker rm' requires at least 1 argument` and what follows it.
fn arity_error(c: &'static Command, path: &str, given: usize) -> Option<CliError> {
    let (min, max) = c.arity?;
    if given >= min && max.is_none_or(|m| given <= m) {
        return None;
    }
    if c.is("cobra") {
        // `cobra.MaximumNArgs`.
        return Some(CliError::new(format!("ERROR: accepts at most {} arg(s), received {given}", max.unwrap_or(0))));
    }
    let arguments = |n: usize| if n == 1 { "argument" } else { "arguments" };
    let (what, see) = match max {
        Some(0) => ("accepts no arguments".to_owned(), "Run"),
        None => (format!("requires at least {min} {}", arguments(min)), "See"),
        Some(m) if m == min => (format!("requires {min} {}", arguments(min)), "Run"),
        Some(m) if min == 0 => (format!("requires at most {m} {}", arguments(m)), "Run"),
        Some(m) => (format!("requires at least {min} and at most {m} {}", arguments(m)), "Run"),
    };
    let buildx = c.path.starts_with("docker buildx");
    let shown = if c.path == "docker buildx build" { c.path } else { path };
    let prefix = if buildx { "ERROR: " } else { "" };
    Some(CliError::new(format!(
        "{prefix}docker: '{shown}' {what}\n\nUsage:  {}\n\n{see} '{shown} --help' for more information",
        help::use_line(path, c)
    )))
}

/// Commands whose flags end at the first argument.
fn is_interspersed(c: &Command) -> bool {
    !matches!(
        c.path,
        "docker container run"
            | "docker container create"
            | "docker container exec"
            | "docker container top"
            | "docker compose run"
            | "docker compose exec"
    )
}

/// A command that cobra or docker/cli adds itself.
const fn built_in(path: &'static str, usage: &'static str, about: &'static str) -> Command {
    Command {
        path,
        usage: std::borrow::Cow::Borrowed(usage),
        short: std::borrow::Cow::Borrowed(about),
        long: std::borrow::Cow::Borrowed(about),
        aliases: "",
        names: Vec::new(),
        arity: None,
        marks: Vec::new(),
        flags: Vec::new(),
    }
}

static COMPLETE: Command = built_in("docker __complete", "", "");
static HELP: Command = built_in("docker help", "[command]", "Help about the command");

/// Reads a whole command line (without `docker`).
pub(crate) fn read(words: &[String]) -> (Parsed, Action) {
    let Some(root) = tree().get("docker") else { return (Parsed::default(), Action::Text(String::new())) };
    if words.first().is_some_and(|w| w == "__complete" || w == "__completeNoDesc") {
        let p = Parsed::words(words.first().map_or("", String::as_str), words.get(1..).unwrap_or(&[]));
        return (Parsed::default(), Action::Run(&COMPLETE, p));
    }
    let globals = match flags::parse(root, "docker", words, false) {
        Ok(g) => g,
        Err(FlagError::Help(short)) => return (Parsed::default(), Action::Help("docker".into(), root, short)),
        Err(FlagError::Message(m)) => return (Parsed::default(), Action::Fail(usage_error(&m, "docker", root))),
    };
    let is_command = globals.args.first().is_some_and(|w| tree().child("docker", w).is_some());
    let action = if globals.bool("version") && !is_command {
        Action::Text(format!("Docker version {VERSION}, build {COMMIT}\n"))
    } else {
        let mut words = globals.args.clone();
        if let Some(first) = words.first_mut().filter(|w| *w == FORWARDED) {
            "buildx".clone_into(first);
        }
        find("docker".into(), root, &words)
    };
    (globals, action)
}

fn find(path: String, c: &'static Command, words: &[String]) -> Action {
    let group = !tree().children(c.path).is_empty();
    if !group {
        return leaf(path, c, words);
    }
    let (flags_before, rest) = match flags::parse(c, &path, words, false) {
        Ok(p) => (p.clone(), p.args),
        Err(FlagError::Help(short)) => return Action::Help(path, c, short),
        Err(FlagError::Message(m)) => return Action::Fail(usage_error(&m, &path, c)),
    };
    if c.arity.is_some() && rest.first().and_then(|w| tree().child(c.path, w)).is_none() {
        // A group that is a command, too.
        return leaf(path, c, words);
    }
    let Some(word) = rest.first() else {
        return match c.path {
            "docker checkpoint" => Action::Fail(CliError::new(commands::why_unavailable(c.path))),
            // The plugin's groups are no commands for cobra, which prints their help itself.
            p if p.starts_with("docker buildx") => Action::Help(path, c, false),
            _ => Action::Group(path, c),
        };
    };
    if let Some(child) = tree().child(c.path, word) {
        let Some(target) = tree().get(child) else { return Action::Help(path, c, false) };
        let name = child.rsplit(' ').next().unwrap_or(child);
        let mut action = find(format!("{path} {name}"), target, rest.get(1..).unwrap_or(&[]));
        if let Action::Run(_, p) = &mut action {
            p.inherit(&flags_before);
        }
        return action;
    }
    if c.path == "docker" && word == "help" {
        return match flags::parse(&HELP, "docker help", rest.get(1..).unwrap_or(&[]), true) {
            Ok(p) => help_topic(&p.args),
            Err(FlagError::Help(short)) => Action::Help("docker help".into(), &HELP, short),
            Err(FlagError::Message(m)) => Action::Fail(usage_error(&m, "docker help", &HELP)),
        };
    }
    if c.path == "docker" {
        return Action::Fail(CliError::new(format!(
            "docker: unknown command: docker {word}\n\nRun 'docker --help' for more information"
        )));
    }
    let usage = format!("{path} {}", c.usage);
    Action::Fail(CliError::new(format!(
        "docker: unknown command: {path} {word}\n\nUsage:  {}\n\nRun '{path} --help' for more information",
        usage.trim_end()
    )))
}

fn help_topic(words: &[String]) -> Action {
    let mut path = "docker".to_owned();
    for w in words {
        let own = tree().get(&path).map_or("", |c| c.path);
        match tree().child(own, w) {
            Some(child) => path = format!("{path} {}", child.rsplit(' ').next().unwrap_or(child)),
            None => return Action::Fail(CliError::new(format!("unknown help topic: {w}"))),
        }
    }
    match tree().get(&path) {
        Some(c) => Action::Help(path, c, false),
        None => Action::Fail(CliError::new(format!("unknown help topic: {}", words.join(" ")))),
    }
}

fn leaf(path: String, c: &'static Command, words: &[String]) -> Action {
    match flags::parse(c, &path, words, is_interspersed(c)) {
        Err(FlagError::Help(short)) => Action::Help(path, c, short),
        Err(FlagError::Message(m)) => Action::Fail(usage_error(&m, &path, c)),
        Ok(p) => match arity_error(c, &path, p.args.len()) {
            Some(e) => Action::Fail(e),
            None => Action::Run(c, p),
        },
    }
}

#[cfg(test)]
mod tests;
