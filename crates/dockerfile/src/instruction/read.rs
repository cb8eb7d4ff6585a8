//! A node to a typed instruction (BuildKit's `instructions/parse.go`).

use super::flags::{Flags, Shape};
use super::{
    Add, ArgDeclaration, Command, CommandLine, Copy, InlineFile, Instruction, KeyValue, Mount, Network, Run, Security,
    Sources, Stage, healthcheck,
};
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, DiagnosticKind};
use crate::parser::heredoc::in_word;
use crate::quote::quote;
use crate::suggest;

const NAMES: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Why an instruction is refused.
pub(super) struct Problem {
    kind: DiagnosticKind,
    message: String,
    hint: Option<String>,
    /// The word that it is about.
    word: Option<String>,
}

impl Problem {
    fn new(kind: DiagnosticKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, word: None }
    }

    pub(super) fn arguments(message: impl Into<String>) -> Self {
        Self::new(DiagnosticKind::Arguments, message)
    }

    pub(super) fn flag(message: impl Into<String>) -> Self {
        Self::new(DiagnosticKind::Flag, message)
    }

    pub(super) fn at_least_one(name: &str) -> Self {
        Self::arguments(format!("{name} requires at least one argument"))
    }

    fn exactly_one(name: &str) -> Self {
        Self::arguments(format!("{name} requires exactly one argument"))
    }

    fn blank_name(name: &str) -> Self {
        Self::arguments(format!("{name} names can not be blank"))
    }

    pub(super) fn with_hint(mut self, hint: Option<String>) -> Self {
        if let Some(word) = &hint {
            self.message.push_str(&format!(" (did you mean {word}?)"));
        }
        self.hint = hint;
        self
    }

    pub(super) fn about(mut self, word: impl Into<String>) -> Self {
        self.word = Some(word.into());
        self
    }

    pub(super) fn diagnostic(self, node: &Node) -> Diagnostic {
        let message = format!("dockerfile parse error on line {}: {}", node.lines.start(), self.message);
        let mut diagnostic = Diagnostic::error(self.kind, message, node.lines.clone(), node.span.clone());
        diagnostic.hint = self.hint;
        diagnostic.word = self.word;
        diagnostic
    }
}

pub(super) enum Item {
    From(Box<Stage>),
    Instruction(Box<Instruction>),
}

/// Types one node (for the instruction behind an ONBUILD).
///
/// # Errors
/// The diagnostic that a build would stop with; also for FROM, which is no instruction of a stage.
pub fn instruction(node: &Node) -> Result<Instruction, Diagnostic> {
    match item(node) {
        Ok(Item::Instruction(instruction)) => Ok(*instruction),
        Ok(Item::From(_)) => Err(Diagnostic::error(
            DiagnosticKind::Arguments,
            "*instructions.Stage is not a command type",
            node.lines.clone(),
            node.span.clone(),
        )),
        Err(problem) => Err(problem.diagnostic(node)),
    }
}

pub(super) fn item(node: &Node) -> Result<Item, Problem> {
    let command = match node.name().as_str() {
        "FROM" => return from(node).map(|stage| Item::From(Box::new(stage))),
        "ADD" => Command::Add(add(node)?),
        "ARG" => Command::Arg(arg(node)?),
        "CMD" => Command::Cmd(command_line_without_flags(node)?),
        "COPY" => Command::Copy(copy(node)?),
        "ENTRYPOINT" => Command::Entrypoint(command_line_without_flags(node)?),
        "ENV" => Command::Env(pairs(node, "ENV")?),
        "EXPOSE" => {
            let mut ports = some_arguments(node, "EXPOSE")?;
            ports.sort();
            Command::Expose(ports)
        }
        "HEALTHCHECK" => Command::Healthcheck(healthcheck::read(node)?),
        "LABEL" => Command::Label(pairs(node, "LABEL")?),
        "MAINTAINER" => Command::Maintainer(one_argument(node, "MAINTAINER")?),
        "ONBUILD" => Command::Onbuild(onbuild(node)?),
        "RUN" => Command::Run(run(node)?),
        "SHELL" => Command::Shell(shell(node)?),
        "STOPSIGNAL" => Command::StopSignal(one_argument(node, "STOPSIGNAL")?),
        "USER" => Command::User(one_argument(node, "USER")?),
        "VOLUME" => Command::Volume(volume(node)?),
        "WORKDIR" => Command::Workdir(one_argument(node, "WORKDIR")?),
        _ => {
            let message = format!("unknown instruction: {}", node.keyword);
            let nearest = suggest::search(&node.keyword, NAMES, false);
            let problem = Problem::new(DiagnosticKind::UnknownInstruction, message).with_hint(nearest);
            return Err(problem.about(&node.keyword));
        }
    };
    Ok(Item::Instruction(Box::new(Instruction {
        keyword: node.keyword.clone(),
        command,
        source: node.original.trim().to_owned(),
        lines: node.lines.clone(),
        span: node.span.clone(),
    })))
}

fn no_flags(node: &Node) -> Result<(), Problem> {
    Flags::parse(&node.flags, &[]).map(|_| ())
}

fn one_argument(node: &Node, name: &str) -> Result<String, Problem> {
    match node.args.as_slice() {
        [argument] => no_flags(node).map(|()| argument.clone()),
        _ => Err(Problem::exactly_one(name)),
    }
}

fn some_arguments(node: &Node, name: &str) -> Result<Vec<String>, Problem> {
    if node.args.is_empty() {
        return Err(Problem::at_least_one(name));
    }
    no_flags(node).map(|()| node.args.clone())
}

fn from(node: &Node) -> Result<Stage, Problem> {
    let (image, as_keyword, written_name) = match node.args.as_slice() {
        [image] => (image, None, None),
        [image, keyword, name] if keyword.eq_ignore_ascii_case("as") => {
            (image, Some(keyword.clone()), Some(name.clone()))
        }
        _ => {
            return Err(Problem::arguments("FROM requires either one or three arguments"));
        }
    };
    let name = written_name.as_ref().map(|name| name.to_lowercase());
    if let Some(name) = &name
        && !is_stage_name(name)
    {
        let written = quote(written_name.as_deref().unwrap_or_default());
        return Err(Problem::arguments(format!(
            "invalid name for build stage: {written}, name can't start with a number or contain symbols"
        ))
        .about(written_name.as_deref().unwrap_or_default()));
    }
    let flags = Flags::parse(&node.flags, &[("platform", Shape::Text)])?;
    Ok(Stage {
        index: 0,
        description: name.as_deref().and_then(|name| description(node, name)),
        name,
        written_name,
        image: image.clone(),
        platform: flags.text("platform"),
        instructions: Vec::new(),
        keyword: node.keyword.clone(),
        as_keyword,
        source: node.original.trim().to_owned(),
        lines: node.lines.clone(),
        span: node.span.clone(),
    })
}

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.'))
}

/// The text behind `# name ` in the comments above.
fn description(node: &Node, name: &str) -> Option<String> {
    node.comments.iter().find_map(|comment| comment.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
}

fn pairs(node: &Node, name: &str) -> Result<Vec<KeyValue>, Problem> {
    no_flags(node)?;
    if node.args.is_empty() {
        return Err(Problem::at_least_one(name));
    }
    let mut out = Vec::with_capacity(node.args.len() / 3);
    for group in node.args.chunks(3) {
        let [key, value, separator] = group else {
            return Err(Problem::arguments(format!("Bad input to {name}, too many arguments")));
        };
        if key.is_empty() {
            return Err(Problem::blank_name(name));
        }
        out.push(KeyValue { key: key.clone(), value: value.clone(), legacy: separator.is_empty() });
    }
    Ok(out)
}

fn arg(node: &Node) -> Result<Vec<ArgDeclaration>, Problem> {
    if node.args.is_empty() {
        return Err(Problem::at_least_one("ARG"));
    }
    no_flags(node)?;
    let mut out = Vec::with_capacity(node.args.len());
    for word in &node.args {
        let (name, default) = match word.split_once('=') {
            Some(("", _)) => return Err(Problem::blank_name("ARG")),
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        out.push(ArgDeclaration { name: name.to_owned(), default, description: description(node, name) });
    }
    Ok(out)
}

fn command_line(node: &Node) -> CommandLine {
    if node.json { CommandLine::Exec(node.args.clone()) } else { CommandLine::Shell(node.args.join(" ")) }
}

fn command_line_without_flags(node: &Node) -> Result<CommandLine, Problem> {
    no_flags(node).map(|()| command_line(node))
}

fn run(node: &Node) -> Result<Run, Problem> {
    let flags = Flags::parse(
        &node.flags,
        &[("device", Shape::Texts), ("mount", Shape::Texts), ("network", Shape::Text), ("security", Shape::Text)],
    )?;
    let mounts = flags.texts("mount");
    for mount in &mounts {
        Mount::check_early(mount).map_err(Problem::flag)?;
    }
    let network = match flags.text("network").as_deref() {
        None | Some("default") => Network::Default,
        Some("none") => Network::None,
        Some("host") => Network::Host,
        Some(other) => {
            let nearest = suggest::search(other, ["default", "host", "none"], true);
            let message = format!("unsupported network mode {}", quote(other));
            return Err(Problem::flag(message).with_hint(nearest).about(other));
        }
    };
    let security = match flags.text("security").as_deref() {
        None | Some("sandbox") => Security::Sandbox,
        Some("insecure") => Security::Insecure,
        Some(other) => {
            return Err(Problem::flag(format!("security {} is not valid", quote(other))).about(other));
        }
    };
    Ok(Run {
        command: command_line(node),
        mounts,
        network,
        security,
        devices: flags.texts("device"),
        heredocs: node.heredocs.clone(),
    })
}

fn sources(node: &Node, name: &str, flags: &Flags) -> Result<Sources, Problem> {
    let Some((destination, words)) = node.args.split_last() else {
        return Err(Problem::at_least_one(name));
    };
    if in_word(destination).is_some() {
        return Err(Problem::arguments(format!("{name} cannot accept a heredoc as a destination")));
    }
    let mut out = Sources {
        destination: destination.clone(),
        chown: flags.text("chown"),
        chmod: flags.text("chmod"),
        link: flags.is_on("link"),
        exclude: flags.texts("exclude"),
        ..Sources::default()
    };
    for word in words {
        let Some(announced) = in_word(word) else {
            out.paths.push(word.clone());
            continue;
        };
        // Of several heredocs with one name the last one counts, as in BuildKit.
        let content = node.heredocs.iter().rev().find(|heredoc| heredoc.name == announced.name);
        out.files.push(InlineFile {
            name: announced.name,
            content: content.map(crate::Heredoc::text).unwrap_or_default(),
            expand: announced.expand,
        });
    }
    Ok(out)
}

fn no_destination(name: &str) -> Problem {
    Problem::arguments(format!(
        "{name} requires at least two arguments, but only one was provided. Destination could not be determined"
    ))
}

fn copy(node: &Node) -> Result<Copy, Problem> {
    if node.args.len() < 2 {
        return Err(no_destination("COPY"));
    }
    let flags = Flags::parse(
        &node.flags,
        &[
            ("chmod", Shape::Text),
            ("chown", Shape::Text),
            ("exclude", Shape::Texts),
            ("from", Shape::Text),
            ("link", Shape::Bool),
            ("parents", Shape::Bool),
        ],
    )?;
    Ok(Copy { sources: sources(node, "COPY", &flags)?, from: flags.text("from"), parents: flags.is_on("parents") })
}

fn add(node: &Node) -> Result<Add, Problem> {
    if node.args.len() < 2 {
        return Err(no_destination("ADD"));
    }
    let flags = Flags::parse(
        &node.flags,
        &[
            ("checksum", Shape::Text),
            ("chmod", Shape::Text),
            ("chown", Shape::Text),
            ("exclude", Shape::Texts),
            ("keep-git-dir", Shape::Bool),
            ("link", Shape::Bool),
            ("unpack", Shape::Bool),
        ],
    )?;
    Ok(Add {
        sources: sources(node, "ADD", &flags)?,
        checksum: flags.text("checksum"),
        keep_git_dir: flags.is_on("keep-git-dir"),
        unpack: flags.switch("unpack"),
    })
}

fn volume(node: &Node) -> Result<Vec<String>, Problem> {
    let volumes = some_arguments(node, "VOLUME")?;
    let volumes: Vec<String> = volumes.iter().map(|path| path.trim().to_owned()).collect();
    if volumes.iter().any(String::is_empty) {
        return Err(Problem::arguments("VOLUME specified can not be an empty string"));
    }
    Ok(volumes)
}

fn shell(node: &Node) -> Result<Vec<String>, Problem> {
    no_flags(node)?;
    if node.args.is_empty() {
        return Err(Problem::at_least_one("SHELL"));
    }
    if !node.json {
        return Err(Problem::arguments("SHELL requires the arguments to be in JSON form"));
    }
    Ok(node.args.clone())
}

fn onbuild(node: &Node) -> Result<String, Problem> {
    let Some(sub) = &node.sub else {
        return Err(Problem::at_least_one("ONBUILD"));
    };
    no_flags(node)?;
    match sub.name().as_str() {
        "ONBUILD" => {
            return Err(Problem::arguments("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"));
        }
        name @ ("MAINTAINER" | "FROM") => {
            return Err(Problem::arguments(format!("{name} isn't allowed as an ONBUILD trigger")));
        }
        _ => {}
    }
    let line = node.original.trim_start();
    let mut expression = line.get(node.keyword.len()..).unwrap_or_default().trim_start().to_owned();
    for heredoc in &node.heredocs {
        expression.push('\n');
        expression.push_str(&heredoc.content);
        expression.push_str(&heredoc.name);
    }
    Ok(expression)
}
