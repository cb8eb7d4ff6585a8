//! A dry walk through the stages: what a build would know at each step.

use std::collections::{BTreeMap, BTreeSet};

use super::{BaseImage, Options};
use crate::ast::Ast;
use crate::expand::{Expanded, Expander, Variables};
use crate::instruction::{Arg, Command, Instruction, Sources, Stage, stages};
use crate::suggest;

/// Every container has this variable, whatever the image.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type Env = BTreeMap<String, String>;

/// What the rules look at.
pub(super) struct Context<'a> {
    pub(super) ast: &'a Ast,
    pub(super) options: &'a Options,
    pub(super) stages: Vec<StageView>,
    /// Names that FROM may use.
    pub(super) from_names: BTreeSet<String>,
    /// Platform arguments and global ARGs, build arguments applied.
    pub(super) from_env: Env,
}

/// A stage and what a build knows of it.
pub(super) struct StageView {
    pub(super) stage: Stage,
    /// The image with the global ARGs' defaults, as if there were no `--build-arg`.
    pub(super) default_image: Option<String>,
    /// The image.
    pub(super) image: Option<Expanded>,
    /// `--platform`
    pub(super) platform: Option<Expanded>,
    /// The image is an earlier stage.
    pub(super) on_stage: bool,
    pub(super) steps: Vec<Step>,
}

/// An instruction and what a build knows before it runs.
pub(super) struct Step {
    pub(super) instruction: Instruction,
    /// Variables that it uses and that nobody has set, with the name that was probably meant.
    pub(super) undefined: Vec<(String, Option<String>)>,
    /// WORKDIR's path, EXPOSE's ports, COPY's and ADD's sources, expanded.
    pub(super) words: Vec<String>,
    /// SHELL has been set.
    pub(super) has_shell: bool,
    /// There was a WORKDIR before.
    pub(super) has_workdir: bool,
}

/// What a stage leaves to one that is built on it.
#[derive(Clone, Default)]
struct State {
    env: Env,
    declared: BTreeSet<String>,
    has_shell: bool,
    has_workdir: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(ast: &'a Ast, options: &'a Options) -> Self {
        let rules = Expander::new(ast.directives.escape_char());
        let (stages, globals, _) = stages(ast);
        let platform_env = platform_args(options);
        let default_env = with_globals(&platform_env, &globals, rules, &BTreeMap::new());
        let from_env = with_globals(&platform_env, &globals, rules, &options.build_args);
        let mut from_names: BTreeSet<String> = from_env.keys().cloned().collect();
        from_names.extend(globals.iter().flat_map(|arg| &arg.declarations).map(|arg| arg.name.clone()));
        let mut context = Self { ast, options, stages: Vec::new(), from_names, from_env };
        let mut finished: BTreeMap<String, State> = BTreeMap::new();
        for mut stage in stages {
            let expand = |text: &str, env: &Env| rules.expand(text, env).ok();
            let image = expand(&stage.image, &context.from_env);
            let base = image.as_ref().and_then(|image| finished.get(&image.text)).cloned();
            let on_stage = base.is_some();
            let known = image.as_ref().and_then(|image| options.images.get(&image.text));
            let mut state = base.unwrap_or_else(|| State::of_image(known));
            let instructions = std::mem::take(&mut stage.instructions);
            let steps = instructions
                .into_iter()
                .map(|instruction| state.step(instruction, rules, &context.from_env, options))
                .collect();
            if let Some(name) = &stage.name {
                finished.insert(name.clone(), state);
            }
            context.stages.push(StageView {
                default_image: expand(&stage.image, &default_env).map(|image| image.text),
                platform: stage.platform.as_deref().and_then(|text| expand(text, &context.from_env)),
                image,
                on_stage,
                steps,
                stage,
            });
        }
        context
    }
}

/// BUILDPLATFORM, TARGETPLATFORM and their parts.
fn platform_args(options: &Options) -> Env {
    let mut parts = options.platform.split('/');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (os, arch, variant) = (part(), part(), part());
    let mut env = Env::new();
    for side in ["BUILD", "TARGET"] {
        for (name, value) in [
            ("PLATFORM", &options.platform),
            ("OS", &os),
            ("OSVERSION", &String::new()),
            ("ARCH", &arch),
            ("VARIANT", &variant),
        ] {
            env.insert(format!("{side}{name}"), value.clone());
        }
    }
    env.insert("TARGETSTAGE".into(), options.target.clone().unwrap_or_else(|| "default".into()));
    for (name, value) in &mut env {
        if let Some(given) = options.build_args.get(name) {
            value.clone_from(given);
        }
    }
    env
}

fn with_globals(start: &Env, globals: &[Arg], rules: Expander, given: &BTreeMap<String, String>) -> Env {
    let mut env = start.clone();
    for declaration in globals.iter().flat_map(|arg| &arg.declarations) {
        let value = given.get(&declaration.name).cloned().or_else(|| {
            let default = declaration.default.as_deref()?;
            rules.expand(default, &env).ok().map(|expanded| expanded.text)
        });
        if let Some(value) = value {
            env.insert(declaration.name.clone(), value);
        }
    }
    env
}

impl State {
    fn of_image(image: Option<&BaseImage>) -> Self {
        let mut state = Self::default();
        state.env.insert("PATH".into(), PATH.into());
        if let Some(image) = image {
            state.env.extend(image.env.iter().cloned());
            state.has_shell = image.has_shell;
        }
        state
    }

    /// Expands the instruction's words and does to the state what it does.
    fn step(&mut self, instruction: Instruction, rules: Expander, globals: &Env, options: &Options) -> Step {
        let (has_shell, has_workdir) = (self.has_shell, self.has_workdir);
        let mut words = Words { rules, state: self, undefined: Vec::new() };
        let mut kept = Vec::new();
        match &instruction.command {
            Command::Env(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|pair| (words.one(&pair.key), words.one(&pair.value))).collect();
                words.state.env.extend(pairs);
            }
            Command::Label(pairs) => {
                for pair in pairs {
                    words.one(&pair.key);
                    words.one(&pair.value);
                }
            }
            Command::Arg(declarations) => {
                for declaration in declarations {
                    let name = &declaration.name;
                    let value = match (options.build_args.get(name), &declaration.default) {
                        (Some(given), _) => Some(given.clone()),
                        (None, Some(default)) => Some(words.one(default)),
                        (None, None) => globals.get(name).cloned(),
                    };
                    if let Some(value) = value {
                        words.state.env.insert(name.clone(), value);
                    }
                    words.state.declared.insert(name.clone());
                }
            }
            Command::Copy(copy) => kept = words.sources(&copy.sources),
            Command::Add(add) => {
                if let Some(checksum) = &add.checksum {
                    words.one(checksum);
                }
                kept = words.sources(&add.sources);
            }
            Command::Run(run) => {
                for (_, value) in run.mounts.iter().flat_map(|text| text.split(',')).filter_map(|f| f.split_once('=')) {
                    words.one(value);
                }
            }
            Command::Workdir(path) => {
                kept.push(words.one(path));
                words.state.has_workdir = true;
            }
            Command::User(text) | Command::StopSignal(text) => {
                words.one(text);
            }
            Command::Volume(paths) => {
                for path in paths {
                    words.one(path);
                }
            }
            // Ports are split after expansion, and unknown variables are not reported.
            Command::Expose(ports) => {
                for port in ports {
                    if let Ok(expanded) = rules.expand(port, &words.state.env) {
                        kept.extend(expanded.words);
                    }
                }
            }
            Command::Shell(_) => words.state.has_shell = true,
            Command::Cmd(_)
            | Command::Entrypoint(_)
            | Command::Healthcheck(_)
            | Command::Maintainer(_)
            | Command::Onbuild(_) => {}
        }
        let undefined = words.undefined;
        Step { instruction, undefined, words: kept, has_shell, has_workdir }
    }
}

struct Words<'a> {
    rules: Expander,
    state: &'a mut State,
    undefined: Vec<(String, Option<String>)>,
}

impl Words<'_> {
    fn one(&mut self, text: &str) -> String {
        self.with(self.rules, text)
    }

    fn with(&mut self, rules: Expander, text: &str) -> String {
        // A text that can't be expanded stops the build with its own error.
        let Ok(expanded) = rules.expand(text, &self.state.env as &dyn Variables) else {
            return text.to_owned();
        };
        for name in expanded.undefined.difference(&self.state.declared) {
            let nearest = suggest::search(name, self.state.env.keys().map(String::as_str), true);
            self.undefined.push((name.clone(), nearest));
        }
        expanded.text
    }

    fn sources(&mut self, sources: &Sources) -> Vec<String> {
        for text in sources.chown.iter().chain(&sources.chmod).chain(&sources.exclude) {
            self.one(text);
        }
        let paths = sources.paths.iter().map(|path| self.one(path)).collect();
        self.one(&sources.destination);
        for file in sources.files.iter().filter(|file| file.expand) {
            self.with(Expander::for_heredoc(), &file.content);
        }
        paths
    }
}
