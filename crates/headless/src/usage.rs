//! The command line of `layerlab`.

use lexopt::{Arg, Parser};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Usage: layerlab COMMAND

  sh [--home DIR] [--out DIR] [--seed N] [--shell bash|dash|ash] [--save FILE] [-c CMD | FILE]
        boot the machine with DIR in the student's home folder and run a script in its shell;
        without -c or FILE the script is standard input, on a terminal an interactive session.
        --out copies the home folder to a real folder afterwards, --save writes the session's log
  replay FILE
        play a saved session and print the state's digest
  dockerfile ast FILE
        the parse tree, as BuildKit's parser dumps it
  dockerfile lint FILE
        the build checks, one a line: RULE:LINE: message
  layers FILE [--files] [--format json]
        what each layer of the images in an archive (docker save, OCI layout) added, changed and
        removed, and what space is wasted
  engine --listen unix://PATH [--home DIR] [--seed N]
        the machine's engine for real clients (DOCKER_HOST=unix://PATH): the Docker Engine API,
        virtual time follows the wall clock; serves until it is killed
  course check [LESSON] [--lessons DIR]
        play every lesson: no goal is reached before its solution, each is after it and after each
        alternative, near-misses leave theirs open; and look at what the texts say
  course time LESSON [--lessons DIR]
        how long each goal of a lesson is looked at

The exit status is the script's or command's own; 2 for wrong usage of layerlab itself.
";

/// Why the program ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage: exit status 2.
    Usage(String),
    /// Anything else: exit status 1.
    Failed(String),
}

impl From<lexopt::Error> for Failure {
    fn from(e: lexopt::Error) -> Self {
        Self::Usage(e.to_string())
    }
}

/// Exit status, or why there is none.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// What the first argument asks for.
pub(crate) enum Command {
    /// `--help`, or nothing.
    Help,
    /// `--version`.
    Version,
    /// A command.
    Named(String),
}

/// Reads the first argument.
pub(crate) fn command(args: &mut Parser) -> Result<Command> {
    match args.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help),
        Some(Arg::Short('V') | Arg::Long("version")) => Ok(Command::Version),
        Some(Arg::Value(v)) => Ok(Command::Named(v.to_string_lossy().into_owned())),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// Reads a file of the real machine.
pub(crate) fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Failure::Failed(format!("{}: {}", path.display(), reason(&e))))
}

/// An error of the real machine without its number.
pub(crate) fn reason(e: &std::io::Error) -> String {
    let text = e.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
