//! Typed instructions: nodes whose flags and arguments have been checked.

mod expand;
mod expose;
mod flags;
mod healthcheck;
mod mount;
mod read;
mod run;
mod stage;
mod stop_signal;

use std::ops::{Range, RangeInclusive};

use crate::ast::Heredoc;

pub use expose::exposed_ports;
pub use healthcheck::{Healthcheck, HealthcheckTest};
pub use mount::{Mount, MountKind, Sharing};
pub use read::instruction;
pub use run::{RunScript, summarize_heredoc};
pub use stage::{Arg, Stage, stages};
pub use stop_signal::check_signal;

/// One instruction of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// The keyword as written (`run`).
    pub keyword: String,
    /// What it says.
    pub command: Command,
    /// The source as one line, as steps are named after it: `RUN pip install …`. See
    /// [`Instruction::step_name`] for the form that a build prints.
    pub source: String,
    /// First and last line, from 1.
    pub lines: RangeInclusive<u32>,
    /// Byte offsets in the text.
    pub span: Range<usize>,
}

/// What an instruction says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// `ADD`
    Add(Add),
    /// `ARG`
    Arg(Vec<ArgDeclaration>),
    /// `CMD`
    Cmd(CommandLine),
    /// `COPY`
    Copy(Copy),
    /// `ENTRYPOINT`
    Entrypoint(CommandLine),
    /// `ENV`
    Env(Vec<KeyValue>),
    /// `EXPOSE`: sorted, not expanded.
    Expose(Vec<String>),
    /// `HEALTHCHECK`
    Healthcheck(Healthcheck),
    /// `LABEL`
    Label(Vec<KeyValue>),
    /// `MAINTAINER`
    Maintainer(String),
    /// `ONBUILD`: the instruction to be run later, as text.
    Onbuild(String),
    /// `RUN`
    Run(Run),
    /// `SHELL`
    Shell(Vec<String>),
    /// `STOPSIGNAL`
    StopSignal(String),
    /// `USER`
    User(String),
    /// `VOLUME`
    Volume(Vec<String>),
    /// `WORKDIR`
    Workdir(String),
}

/// Shell form or exec form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CommandLine {
    /// Given to the shell as one argument.
    Shell(String),
    /// A JSON array: run without a shell.
    Exec(Vec<String>),
}

/// `key=value`, not yet expanded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyValue {
    /// The key.
    pub key: String,
    /// The value, with its quotes.
    pub value: String,
    /// Written `ENV key value`, without `=`.
    pub legacy: bool,
}

/// `name` or `name=default`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArgDeclaration {
    /// The variable.
    pub name: String,
    /// Its default, not yet expanded.
    pub default: Option<String>,
    /// The text of a `# name text` comment above.
    pub description: Option<String>,
}

/// `RUN`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// The command; with heredocs the line that holds `<<NAME` (see [`Run::script`]).
    pub command: CommandLine,
    /// Values of `--mount`, not yet expanded: [`Mount::parse`] reads them.
    pub mounts: Vec<String>,
    /// `--network=`
    pub network: Network,
    /// `--security=`
    pub security: Security,
    /// Values of `--device`.
    pub devices: Vec<String>,
    /// Contents behind `<<NAME`.
    pub heredocs: Vec<Heredoc>,
}

/// `RUN --network=`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Network {
    /// That of the build.
    #[default]
    Default,
    /// No network.
    None,
    /// The host's.
    Host,
}

/// `RUN --security=`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Security {
    /// As containers usually run.
    #[default]
    Sandbox,
    /// With all privileges.
    Insecure,
}

/// What COPY and ADD have in common. Nothing is expanded yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sources {
    /// Paths, patterns or URLs.
    pub paths: Vec<String>,
    /// Files written in the Dockerfile: `<<NAME`.
    pub files: Vec<InlineFile>,
    /// The last argument.
    pub destination: String,
    /// `--chown=`
    pub chown: Option<String>,
    /// `--chmod=`
    pub chmod: Option<String>,
    /// `--link`
    pub link: bool,
    /// `--exclude=`, each.
    pub exclude: Vec<String>,
}

/// A file whose content stands in the Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InlineFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: String,
    /// Whether variables in the content are replaced ([`crate::expand::Expander::for_heredoc`]).
    pub expand: bool,
}

/// `COPY`
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Copy {
    /// Sources, destination and common flags.
    pub sources: Sources,
    /// `--from=`: a stage's name or number, or an image.
    pub from: Option<String>,
    /// `--parents`
    pub parents: bool,
}

/// `ADD`
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Add {
    /// Sources, destination and common flags.
    pub sources: Sources,
    /// `--checksum=`
    pub checksum: Option<String>,
    /// `--keep-git-dir`
    pub keep_git_dir: bool,
    /// `--unpack`, if given.
    pub unpack: Option<bool>,
}

impl Instruction {
    /// The keyword in upper case.
    #[must_use]
    pub fn name(&self) -> String {
        self.keyword.to_ascii_uppercase()
    }

    /// The name of the step as a build prints it: keyword in upper case, variables replaced;
    /// a RUN keeps its quotes and its unknown variables, and shows a heredoc's first line.
    #[must_use]
    pub fn step_name(&self, escape: char, variables: &(impl crate::expand::Variables + ?Sized)) -> String {
        use crate::expand::Expander;
        let (rules, text) = match &self.command {
            Command::Run(run) => {
                let mut text = self.source.clone();
                if let Some(summary) = run.summary() {
                    text.push_str(&format!(" ({summary})"));
                }
                (Expander::for_run_name(escape), text)
            }
            _ => (Expander::new(escape), self.source.clone()),
        };
        let text = rules.expand(&text, variables).map_or(text, |expanded| expanded.text);
        match text.split_once(' ') {
            Some((keyword, rest)) => format!("{} {rest}", keyword.to_uppercase()),
            None => text.to_uppercase(),
        }
    }
}
