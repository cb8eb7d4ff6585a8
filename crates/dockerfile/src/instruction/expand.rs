//! An instruction with its variables replaced (BuildKit's `Expand` methods).

use super::{Command, Instruction, KeyValue, Sources};
use crate::expand::{ExpandError, Expander, Variables};

type Result<T> = std::result::Result<T, ExpandError>;

impl Instruction {
    /// The instruction with the variables of its arguments replaced and quotes removed, as a build
    /// does it just before the step. All pairs of an ENV see the values from before the line.
    ///
    /// As they are stay: commands (the shell expands them), `--from`, HEALTHCHECK, ONBUILD, SHELL,
    /// MAINTAINER and the text of `--mount` ([`Mount::parse`](super::Mount::parse) expands each value).
    ///
    /// # Errors
    /// The first text that can't be expanded.
    pub fn expand(&self, escape: char, variables: &(impl Variables + ?Sized)) -> Result<Self> {
        let words = Words { rules: Expander::new(escape), variables };
        let command = match &self.command {
            Command::Add(add) => {
                let mut add = add.clone();
                add.checksum = words.optional(add.checksum.as_deref())?;
                add.sources = words.sources(&add.sources)?;
                Command::Add(add)
            }
            Command::Copy(copy) => {
                let mut copy = copy.clone();
                copy.sources = words.sources(&copy.sources)?;
                Command::Copy(copy)
            }
            Command::Arg(declarations) => {
                let mut declarations = declarations.clone();
                for declaration in &mut declarations {
                    declaration.default = words.optional(declaration.default.as_deref())?;
                }
                Command::Arg(declarations)
            }
            Command::Env(pairs) => Command::Env(words.pairs(pairs)?),
            Command::Label(pairs) => Command::Label(words.pairs(pairs)?),
            Command::Expose(ports) => {
                let mut out = Vec::new();
                for port in ports {
                    out.extend(words.rules.expand(port, variables)?.words);
                }
                Command::Expose(out)
            }
            Command::StopSignal(text) => Command::StopSignal(words.one(text)?),
            Command::User(text) => Command::User(words.one(text)?),
            Command::Volume(paths) => Command::Volume(words.all(paths)?),
            Command::Workdir(path) => Command::Workdir(words.one(path)?),
            unchanged @ (Command::Cmd(_)
            | Command::Entrypoint(_)
            | Command::Healthcheck(_)
            | Command::Maintainer(_)
            | Command::Onbuild(_)
            | Command::Run(_)
            | Command::Shell(_)) => unchanged.clone(),
        };
        Ok(Self { command, ..self.clone() })
    }
}

struct Words<'a, V: ?Sized> {
    rules: Expander,
    variables: &'a V,
}

impl<V: Variables + ?Sized> Words<'_, V> {
    fn one(&self, text: &str) -> Result<String> {
        Ok(self.rules.expand(text, self.variables)?.text)
    }

    fn optional(&self, text: Option<&str>) -> Result<Option<String>> {
        text.map(|text| self.one(text)).transpose()
    }

    fn all(&self, texts: &[String]) -> Result<Vec<String>> {
        texts.iter().map(|text| self.one(text)).collect()
    }

    fn pairs(&self, pairs: &[KeyValue]) -> Result<Vec<KeyValue>> {
        let expanded = |pair: &KeyValue| {
            let (key, value) = (self.one(&pair.key)?, self.one(&pair.value)?);
            Ok(KeyValue { key, value, legacy: pair.legacy })
        };
        pairs.iter().map(expanded).collect()
    }

    fn sources(&self, sources: &Sources) -> Result<Sources> {
        let mut out = sources.clone();
        out.chown = self.optional(sources.chown.as_deref())?;
        out.chmod = self.optional(sources.chmod.as_deref())?;
        out.exclude = self.all(&sources.exclude)?;
        out.paths = self.all(&sources.paths)?;
        out.destination = self.one(&sources.destination)?;
        for file in out.files.iter_mut().filter(|file| file.expand) {
            file.content = Expander::for_heredoc().expand(&file.content, self.variables)?.text;
        }
        Ok(out)
    }
}
