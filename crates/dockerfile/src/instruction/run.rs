//! What a RUN runs.

use super::{CommandLine, Run};
use crate::parser::heredoc::in_word;

/// A RUN's command, heredocs resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RunScript {
    /// For the shell (`/bin/sh -c` or what SHELL says), as one argument.
    Shell(String),
    /// Run as it is.
    Exec(Vec<String>),
    /// A heredoc that begins with `#!`: written to `/dev/pipes/<name>` with mode 0755 and run.
    File {
        /// File name.
        name: String,
        /// Its content.
        content: String,
    },
}

impl Run {
    /// The command with its heredocs: a lone `<<NAME` is itself the script, any other line keeps
    /// its heredocs for the shell.
    #[must_use]
    pub fn script(&self) -> RunScript {
        let line = match &self.command {
            CommandLine::Exec(words) => return RunScript::Exec(words.clone()),
            CommandLine::Shell(line) => line,
        };
        let Some(first) = self.heredocs.first() else {
            return RunScript::Shell(line.clone());
        };
        if in_word(line).is_some() {
            let content = first.text();
            return if content.starts_with("#!") {
                RunScript::File { name: first.name.clone(), content }
            } else {
                RunScript::Shell(content)
            };
        }
        let mut script = line.clone();
        for heredoc in &self.heredocs {
            script.push('\n');
            script.push_str(&heredoc.content);
            script.push_str(&heredoc.name);
        }
        RunScript::Shell(script)
    }

    /// The script's first line, if the command is a lone heredoc.
    pub(super) fn summary(&self) -> Option<String> {
        match &self.command {
            CommandLine::Shell(line) if in_word(line).is_some() => {
                self.heredocs.first().map(|heredoc| summarize_heredoc(&heredoc.content))
            }
            _ => None,
        }
    }
}

/// The first line, with `...` if there are more: how a build names a heredoc.
#[must_use]
pub fn summarize_heredoc(content: &str) -> String {
    let content = content.trim().replace("\r\n", "\n");
    match content.split_once('\n') {
        Some((first, _)) => format!("{first}..."),
        None => content,
    }
}
