//! From stages to vertices: FROM, RUN, COPY, ADD and WORKDIR are steps; all else changes the config
//! (BuildKit, `dockerfile2llb/convert.go`).

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::expand::{Expander, Variables};
use layerlab_dockerfile::instruction::{
    ArgDeclaration, Command, Instruction, Mount, MountKind, Network, RunScript, Security, Sources, Stage,
};
use layerlab_oci::{Config, ImageConfig, Platform};

use super::config;
use super::created_by;
use super::error::BuildError;
use super::git::GitRef;
use super::graph::{Base, Graph, HistoryLine, Kind, PATH, Remote, RunStep, StageResult, TreeSource, Vertex};
use super::key::{CopyOp, MountOp, RunOp};
use super::needs::{LOCAL, Needs, Source, host, platform_args, range, source};

/// Arguments that need no declaration and are in no key.
const PROXIES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Makes the graph; `bases` are the images of [`Needs::images`], in order.
///
/// # Errors
/// A variable can't be expanded, or a value is wrong.
pub fn graph(
    stages: &[Stage],
    needs: &Needs,
    bases: Vec<Base>,
    options: &BuildOptions,
    escape: char,
) -> Result<Graph, BuildError> {
    let mut out = Graph { bases, target: needs.target, ..Graph::default() };
    for i in &needs.stages {
        let (Some(stage), Some(Some(base))) = (stages.get(*i), needs.bases.get(*i)) else { continue };
        let mut builder = Builder {
            graph: &mut out,
            stages,
            needs,
            options,
            escape,
            stage,
            number: 0,
            total: 0,
            result: StageResult::default(),
            cmd_set: false,
        };
        builder.begin(base)?;
        let result = builder.result;
        out.stages.insert(*i, result);
    }
    if let Some(result) = out.stages.get_mut(&needs.target) {
        result.config.config.labels.extend(options.labels.clone());
    }
    Ok(out)
}

struct Builder<'a> {
    graph: &'a mut Graph,
    stages: &'a [Stage],
    needs: &'a Needs,
    options: &'a BuildOptions,
    escape: char,
    stage: &'a Stage,
    number: usize,
    total: usize,
    result: StageResult,
    cmd_set: bool,
}

/// ENV wins over ARG.
struct Scope<'a>(&'a StageResult);

impl Variables for Scope<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let env = &self.0.config.config.env;
        let of_env = env.iter().filter_map(|e| e.split_once('=')).find(|(k, _)| *k == name).map(|(_, v)| v);
        of_env.or_else(|| self.0.args.iter().rev().find(|(k, _)| k == name).and_then(|(_, v)| v.as_deref()))
    }
}

fn makes_step(i: &Instruction) -> bool {
    matches!(i.command, Command::Run(_) | Command::Copy(_) | Command::Add(_) | Command::Workdir(_))
}

impl Builder<'_> {
    fn begin(&mut self, base: &Source) -> Result<(), BuildError> {
        let lines = range(&self.stage.lines);
        let mut triggers = Vec::new();
        match base {
            Source::Scratch => self.scratch(),
            Source::Local(name) => {
                self.scratch();
                self.begin_with_folder(name, lines)?;
            }
            Source::Stage(n) => {
                self.result = self.graph.stages.get(n).cloned().unwrap_or_default();
            }
            Source::Image(full) => {
                let Some(n) = self.base(full) else {
                    return Err(BuildError::at(format!("{full}: not found"), lines));
                };
                if let Some(b) = self.graph.bases.get(n) {
                    self.result.config = b.config.clone();
                    self.result.history = b.config.history.iter().cloned().map(HistoryLine::Base).collect();
                }
                triggers = self.triggers(lines)?;
                self.total = 1;
            }
        }
        let all: Vec<Instruction> = triggers.into_iter().chain(self.stage.instructions.iter().cloned()).collect();
        self.total += all.iter().filter(|i| makes_step(i)).count();
        if let Source::Image(full) = base {
            self.number = 1;
            let n = self.base(full).unwrap_or_default();
            let digest = self.graph.bases.get(n).map(|b| b.digest.to_string()).unwrap_or_default();
            let text = format!("FROM {full}@{digest}");
            self.result.last = Some(self.push(text, lines, None, Kind::From(n)));
        }
        for i in all {
            self.instruction(&i)?;
        }
        Ok(())
    }

    /// Begins with nothing.
    fn scratch(&mut self) {
        let p = self.platform();
        self.result.config = ImageConfig {
            architecture: p.architecture.clone(),
            os: p.os.clone(),
            variant: p.variant.clone(),
            ..ImageConfig::default()
        };
        self.result.config.config =
            Config { env: vec![format!("PATH={PATH}")], working_dir: "/".to_owned(), ..Config::default() };
    }

    /// Begins with the files of a named context.
    fn begin_with_folder(&mut self, context: &str, lines: (u32, u32)) -> Result<(), BuildError> {
        let source = self.tree_source(context, lines)?;
        let op = CopyOp { sources: vec!["/".to_owned()], destination: "/".to_owned(), ..CopyOp::default() };
        let name = format!("[context {context}] load from client");
        let (kind, stage) = (Kind::Copy(Box::new(op), source), self.stage.index);
        let text = format!("FROM {context}");
        self.graph.vertices.push(Vertex { name, text: text.clone(), lines, stage, parent: None, kind });
        let n = self.graph.vertices.len() - 1;
        self.result.last = Some(n);
        self.result.history.push(HistoryLine::Layer(text, n));
        Ok(())
    }

    /// The stage's platform.
    fn platform(&self) -> Platform {
        self.needs.platforms.get(self.stage.index).cloned().unwrap_or_else(host)
    }

    /// The number of an image for the stage's platform.
    fn base(&self, full: &str) -> Option<usize> {
        let platform = self.platform();
        self.graph.bases.iter().position(|b| b.reference == full && b.platform == platform)
    }

    /// ONBUILD of the base image, as instructions.
    fn triggers(&mut self, lines: (u32, u32)) -> Result<Vec<Instruction>, BuildError> {
        let mut out = Vec::new();
        for text in std::mem::take(&mut self.result.config.config.on_build) {
            let parsed = layerlab_dockerfile::parse(&format!("FROM scratch\n{text}\n"));
            let (stages, _, diagnostics) = layerlab_dockerfile::stages(&parsed.ast);
            if let Some(d) = parsed
                .diagnostics
                .iter()
                .chain(&diagnostics)
                .find(|d| d.severity == layerlab_dockerfile::Severity::Error)
            {
                return Err(BuildError::at(d.message.clone(), lines));
            }
            out.extend(stages.into_iter().next().map(|s| s.instructions).unwrap_or_default().into_iter().map(
                |mut i| {
                    i.lines = lines.0..=lines.1;
                    i
                },
            ));
        }
        Ok(out)
    }

    fn push(&mut self, text: String, lines: (u32, u32), parent: Option<usize>, kind: Kind) -> usize {
        let stage = match (&self.stage.name, self.needs.named) {
            (Some(name), true) => format!("{name} "),
            (None, true) => format!("stage-{} ", self.stage.index),
            _ => String::new(),
        };
        let width = self.total.to_string().len();
        let platform =
            if self.needs.multi { prefix(&self.platform(), &self.needs.target_platform) } else { String::new() };
        let name = format!("[{platform}{stage}{:>width$}/{}] {text}", self.number, self.total);
        self.graph.vertices.push(Vertex { name, text, lines, stage: self.stage.index, parent, kind });
        self.graph.vertices.len() - 1
    }

    fn step(&mut self, i: &Instruction, kind: Kind, created_by: String) {
        self.number += 1;
        let text = i.step_name(self.escape, &Scope(&self.result));
        let parent = self.result.last;
        let n = self.push(text, range(&i.lines), parent, kind);
        self.result.last = Some(n);
        self.result.history.push(HistoryLine::Layer(created_by, n));
    }

    fn note(&mut self, text: String) {
        self.result.history.push(HistoryLine::Config(text));
    }

    fn instruction(&mut self, written: &Instruction) -> Result<(), BuildError> {
        let lines = range(&written.lines);
        let i = if matches!(written.command, Command::Arg(_)) {
            written.clone()
        } else {
            written.expand(self.escape, &Scope(&self.result)).map_err(|e| BuildError::at(e.message, lines))?
        };
        let fail = |message: String| BuildError::at(message, lines);
        match &i.command {
            Command::Arg(declarations) => self.arg(declarations, lines)?,
            Command::Run(_) => self.run(&i)?,
            Command::Copy(c) => {
                let source = match &c.from {
                    None => TreeSource::Context,
                    Some(name) => self.tree_source(name, lines)?,
                };
                self.copy(&i, &c.sources, c.parents, source)?;
            }
            Command::Add(a) => {
                let mut sources = a.sources.clone();
                let source = match sources.paths.iter().position(|p| is_remote(p)) {
                    None => TreeSource::Context,
                    Some(_) if sources.paths.len() > 1 => {
                        return Err(fail("ADD of a URL together with other sources is not simulated".to_owned()));
                    }
                    Some(_) => {
                        let url = sources.paths.first().cloned().unwrap_or_default();
                        let is_git = GitRef::parse(&url).is_some();
                        let file = if is_git { String::new() } else { super::remote::file_name(&url) };
                        sources.paths = vec![format!("/{file}")];
                        let keep_git_dir = a.keep_git_dir;
                        if let (Some(given), false) = (&a.checksum, is_git) {
                            let parsed = given.parse::<layerlab_oci::Digest>();
                            parsed.map_err(|e| fail(e.to_string()))?;
                        }
                        let checksum = a.checksum.clone();
                        let name = String::new();
                        self.graph.remotes.push(Remote { name, url, checksum, keep_git_dir, lines });
                        TreeSource::Remote(self.graph.remotes.len() - 1)
                    }
                };
                let unpacks = a.unpack.unwrap_or(source == TreeSource::Context);
                self.add(&i, &sources, &a.sources, unpacks, source)?;
                if let (TreeSource::Remote(n), Some(v)) = (source, self.graph.vertices.last())
                    && let Some(remote) = self.graph.remotes.get_mut(n)
                {
                    remote.name.clone_from(&v.name);
                }
            }
            Command::Workdir(path) => {
                let path = config::workdir(&mut self.result.config.config, path);
                self.step(written, Kind::Workdir(path.clone()), format!("WORKDIR {path}"));
            }
            Command::Maintainer(name) => {
                self.result.config.author.clone_from(name);
                self.note(format!("MAINTAINER {name}"));
            }
            other => {
                let note = config::apply(&mut self.result.config.config, other, &mut self.cmd_set).map_err(fail)?;
                if let Some(text) = note {
                    self.note(text);
                }
            }
        }
        Ok(())
    }

    fn arg(&mut self, declarations: &[ArgDeclaration], lines: (u32, u32)) -> Result<(), BuildError> {
        let mut text = "ARG".to_owned();
        for d in declarations {
            let given = self.options.build_args.get(&d.name).cloned().flatten();
            let default = match &d.default {
                Some(t) => {
                    let rules = Expander::new(self.escape);
                    Some(rules.expand(t, &Scope(&self.result)).map_err(|e| BuildError::at(e.message, lines))?.text)
                }
                None => None,
            };
            let global = || {
                self.needs
                    .globals
                    .get(&d.name)
                    .cloned()
                    .flatten()
                    .or_else(|| platform_args(&self.options.target, &self.needs.target_platform).remove(&d.name))
            };
            let value = given.or_else(|| default.clone()).or_else(global);
            text.push_str(&format!(" {}", d.name));
            if let (Some(_), Some(v)) = (&default, &value) {
                text.push_str(&format!("={v}"));
            }
            self.result.args.retain(|(k, _)| *k != d.name);
            self.result.args.push((d.name.clone(), value));
        }
        self.note(text);
        Ok(())
    }

    fn tree_source(&self, name: &str, lines: (u32, u32)) -> Result<TreeSource, BuildError> {
        let mut locals = self.options.contexts.iter().filter(|(_, v)| *v == LOCAL).map(|(k, _)| k);
        if let Some(n) = locals.position(|k| k.eq_ignore_ascii_case(name)) {
            return Ok(TreeSource::Named(n));
        }
        match source(self.stages, self.stage.index, name, self.options).map_err(|e| BuildError::at(e, lines))? {
            Source::Scratch => Ok(TreeSource::Vertex(None)),
            Source::Stage(n) => Ok(TreeSource::Vertex(self.graph.stages.get(&n).and_then(|s| s.last))),
            // Found above.
            Source::Local(_) => Ok(TreeSource::Vertex(None)),
            Source::Image(full) => match self.base(&full) {
                Some(n) => Ok(TreeSource::Base(n)),
                None => Err(BuildError::at(format!("{full}: not found"), lines)),
            },
        }
    }

    fn run(&mut self, i: &Instruction) -> Result<(), BuildError> {
        let Command::Run(run) = &i.command else { return Ok(()) };
        let lines = range(&i.lines);
        let scope = Scope(&self.result);
        let mut mounts = Vec::new();
        let mut definitions = Vec::new();
        for text in &run.mounts {
            let rules = Expander::new(self.escape);
            let expand = |t: &str| rules.expand(t, &scope).map(|e| e.text).map_err(|e| e.message);
            let mount = Mount::parse(text, expand).map_err(|e| BuildError::at(e, lines))?;
            let source = match (&mount.from, mount.kind) {
                (Some(name), _) => Some(self.tree_source(name, lines)?),
                (None, MountKind::Bind) => Some(TreeSource::Context),
                (None, _) => None,
            };
            definitions.push(MountOp { definition: format!("{mount:?}"), ..MountOp::default() });
            let id = super::run::secret_id(&mount);
            if mount.kind == MountKind::Secret && mount.required && !self.options.secrets.contains(&id) {
                return Err(BuildError::at(format!("secret {id}: not found"), lines));
            }
            if mount.kind == MountKind::Ssh && mount.required && !self.options.ssh.contains(&id) {
                return Err(BuildError::at(format!("unset ssh forward key {id}"), lines));
            }
            mounts.push((mount, source));
        }
        let script = run.script();
        let (argv, shell, command, file) = match script {
            RunScript::Exec(words) => (words.clone(), Vec::new(), words, None),
            RunScript::Shell(text) => {
                let shell = config::shell(&self.result.config.config);
                (shell.iter().cloned().chain([text.clone()]).collect(), shell, vec![text], None)
            }
            RunScript::File { name, content } => {
                let path = format!("/dev/pipes/{name}");
                (vec![path.clone()], Vec::new(), vec![path, content.clone()], Some((name, content)))
            }
        };
        let c = &self.result.config.config;
        let env: Vec<(String, String)> =
            c.env.iter().filter_map(|e| e.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let declared = |name: &str| self.result.args.iter().any(|(k, _)| k == name);
        let in_env = |name: &str| env.iter().any(|(k, _)| k == name);
        let args = self
            .result
            .args
            .iter()
            .filter(|(k, _)| !in_env(k))
            .filter_map(|(k, v)| Some((k.clone(), v.clone()?)))
            .collect();
        let given = self.options.build_args.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?)));
        let proxies = given.filter(|(k, _)| PROXIES.contains(&k.as_str()) && !declared(k)).collect();
        let op = RunOp {
            command,
            shell,
            env,
            args,
            user: c.user.clone(),
            workdir: c.working_dir.clone(),
            network: match run.network {
                Network::Default if self.options.network_mode.is_empty() => "default".to_owned(),
                Network::Default => self.options.network_mode.clone(),
                Network::None => "none".to_owned(),
                Network::Host => "host".to_owned(),
            },
            security: if run.security == Security::Insecure { "insecure" } else { "sandbox" }.to_owned(),
            mounts: definitions,
        };
        let shown_args: Vec<(String, String)> = self
            .result
            .args
            .iter()
            .map(|(k, _)| (k.clone(), Scope(&self.result).get(k).unwrap_or_default().to_owned()))
            .collect();
        let created_by = created_by::run(&argv, &shown_args);
        let shown = argv.join(" ");
        let step = RunStep { op, argv, shown, script: file, mounts, proxies };
        self.step(i, Kind::Run(Box::new(step)), created_by);
        Ok(())
    }

    fn add(
        &mut self,
        i: &Instruction,
        s: &Sources,
        written: &Sources,
        unpack: bool,
        source: TreeSource,
    ) -> Result<(), BuildError> {
        let op = CopyOp { add: true, unpack, ..self.copy_op(s, false) };
        let shown = CopyOp { sources: written.paths.clone(), ..op.clone() };
        let created_by = created_by::copy(&shown, &s.destination);
        self.step(i, Kind::Copy(Box::new(op), source), created_by);
        Ok(())
    }

    fn copy(&mut self, i: &Instruction, s: &Sources, parents: bool, source: TreeSource) -> Result<(), BuildError> {
        let op = self.copy_op(s, parents);
        let created_by = created_by::copy(&op, &s.destination);
        self.step(i, Kind::Copy(Box::new(op), source), created_by);
        Ok(())
    }

    fn copy_op(&self, s: &Sources, parents: bool) -> CopyOp {
        CopyOp {
            sources: s.paths.clone(),
            destination: config::absolute(&self.result.config.config, &s.destination),
            chown: s.chown.clone().unwrap_or_default(),
            chmod: s.chmod.clone().unwrap_or_default(),
            link: s.link,
            parents,
            exclude: s.exclude.clone(),
            inline: s.files.iter().map(|f| (f.name.clone(), f.content.clone())).collect(),
            ..CopyOp::default()
        }
    }
}

/// `linux/amd64->arm64 `: the platform that a step runs on, and the one that is built for if it is another
/// (`formatTargetPlatform`).
fn prefix(platform: &Platform, target: &Platform) -> String {
    if platform.matches(target) {
        return format!("{platform} ");
    }
    let to = target.to_string();
    let to = if platform.os == target.os { to.split_once('/').map_or(to.as_str(), |t| t.1) } else { &to };
    format!("{platform}->{to} ")
}

fn is_remote(path: &str) -> bool {
    ["http://", "https://", "git@", "git://", "ssh://"].iter().any(|p| path.starts_with(p))
}
