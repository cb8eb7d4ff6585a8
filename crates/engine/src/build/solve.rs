//! One build, from the context's bytes to the image: it acts on the plan and decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::Severity;
use layerlab_dockerfile::instruction::{Arg, Command, Stage};
use layerlab_kernel::Sys;
use layerlab_kernel::vfs::Tree;
use layerlab_oci::{Digest, Reference};

use super::base::Resolved;
use super::cause::Cause;
use super::context::BuildContext;
use super::error::BuildError;
use super::graph::{Graph, Kind, Vertex};
use super::needs::range;
use super::output::Built;
use super::plan::{self, Plan, World};
use super::platform;
use super::progress::Progress;
use super::record::{BuildRecord, BuildState, LineRecord, LineState};
use super::remote::{self, Fetched};
use super::whatif;
use crate::context::{now, with};
use crate::image::unpack;
use crate::shared::Shared;
use crate::state::EngineState;

/// A build at work.
pub struct Solve {
    /// Whom it tells.
    pub progress: Progress,
    /// What is asked for.
    pub options: BuildOptions,
    /// The image's names.
    pub names: Vec<Reference>,
    /// What is remembered of it.
    pub record: Shared<BuildRecord>,
    /// What is told where no image is made: forecasts by change.
    pub told: Option<BTreeMap<String, String>>,
    /// What belongs to its record beside its log.
    pub attachments: Vec<super::history::Blob>,
}

/// What is known while the steps run.
pub(super) struct Work {
    pub(super) builder: String,
    pub(super) graph: Graph,
    pub(super) stage_names: Vec<Option<String>>,
    pub(super) context: Rc<BuildContext>,
    pub(super) named: Vec<Rc<BuildContext>>,
    pub(super) remotes: Vec<Fetched>,
    pub(super) secrets: BTreeMap<String, Vec<u8>>,
    pub(super) bases: Vec<Resolved>,
    pub(super) previous: Option<Shared<BuildRecord>>,
    pub(super) plan: Plan,
    pub(super) done: BTreeMap<usize, Vec<Digest>>,
    pub(super) ran: BTreeMap<usize, Cause>,
    pub(super) started: BTreeSet<usize>,
    /// Steps that wait for another one that does the same.
    pub(super) deferred: BTreeSet<usize>,
    pub(super) lines: BTreeMap<usize, usize>,
}

impl Solve {
    pub(super) fn sys(&self) -> Sys {
        self.progress.sys.clone()
    }

    /// Builds; answers the image's ID, none for `--check`.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn run(&mut self, tar: &[u8]) -> Result<Option<Built>, BuildError> {
        let (mut received, ast, definition) = self.definition(tar).await?;
        let escape = ast.directives.escape_char();
        let (stages, args, diagnostics) = layerlab_dockerfile::stages(&ast);
        if let Some(d) = diagnostics.iter().find(|d| d.severity == Severity::Error) {
            return Err(d.into());
        }
        self.syntax(&ast).await?;
        let needs = platform::all_needs(&stages, &args, &self.options, escape)?;
        self.record.lines = line_records(&stages, &args, &platform::stages(&needs));
        self.save()?;
        let layouts = received.take_layouts(&self.options);
        let bases = self.metadata(&platform::images(&needs), needs.len() > 1, &layouts).await?;
        if self.options.remote.is_empty() {
            let id = self.progress.start("[internal] load .dockerignore", &[], None, None).await?;
            let size = received.context.ignore_size;
            self.progress.note(&id, "transferring context:", size).await?;
            self.progress.done(&id).await?;
            self.keep_local("dockerignore", 1 + u64::from(size > 2))?;
        }
        self.checks(&ast, &received.context, &bases, &definition).await?;
        if self.options.check {
            return Ok(None);
        }
        self.import_caches(&received.take_caches()).await?;
        let found: Vec<_> = bases.iter().map(|b| b.base.clone()).collect();
        let graph = platform::graph(&stages, &needs, &found, &self.options, escape)?;
        self.entitled(&graph)?;
        let mut work = Work {
            builder: self.options.builder.clone(),
            lines: self.lines_of(&graph),
            graph,
            stage_names: stages.iter().map(|s| s.name.clone()).collect(),
            context: received.context,
            named: received.named.into_values().collect(),
            remotes: Vec::new(),
            secrets: received.secrets,
            bases,
            previous: self.previous()?,
            plan: Plan::default(),
            done: BTreeMap::new(),
            ran: BTreeMap::new(),
            started: BTreeSet::new(),
            deferred: BTreeSet::new(),
        };
        for remote in &work.graph.remotes {
            let id = self.progress.start_source(&remote.name, remote.lines).await?;
            match remote::fetch(&mut self.progress, &id, remote, self.record.number).await {
                Ok(fetched) => work.remotes.push(fetched),
                Err(e) => {
                    self.progress.fail(&id, e.step_message.as_deref().unwrap_or(&e.message)).await?;
                    return Err(e);
                }
            }
            self.progress.done(&id).await?;
        }
        self.load_context(&work).await?;
        self.load_images(&work).await?;
        if !self.options.what_if.is_empty() {
            self.forecasts(&work)?;
            return Ok(None);
        }
        self.make_plan(&mut work)?;
        self.fail_early(&mut work).await?;
        self.steps(&mut work).await?;
        let mut built = self.export(&work).await?;
        self.export_caches(&work, &mut built).await?;
        Ok(Some(built))
    }

    /// Whether all steps may do what they ask for (BuildKit `util/entitlements`).
    fn entitled(&self, graph: &Graph) -> Result<(), BuildError> {
        let given = |what: &str| self.options.allow.iter().any(|a| a == what);
        if given("security.insecure") && !self.allows_insecure()? {
            let what = "granting entitlement security.insecure is not allowed by build daemon configuration";
            return Err(BuildError::new(what));
        }
        for vertex in &graph.vertices {
            let Kind::Run(step) = &vertex.kind else { continue };
            let refused = if step.op.security == "insecure" && !given("security.insecure") {
                "security.insecure"
            } else if step.op.network == "host" && self.options.network_mode != "host" && !given("network.host") {
                "network.host"
            } else {
                continue;
            };
            return Err(BuildError::new(format!("failed to load LLB: {refused} is not allowed")));
        }
        Ok(())
    }

    /// Whether the builder was started with it; the daemon's own never is.
    fn allows_insecure(&self) -> Result<bool, BuildError> {
        let flag = "--allow-insecure-entitlement=security.insecure";
        Ok(with(&self.sys(), |s| {
            let of = s.containers.values().find(|c| c.name == self.options.builder);
            of.is_some_and(|c| {
                c.config
                    .cmd
                    .iter()
                    .flatten()
                    .any(|w| w == flag || w == "--allow-insecure-entitlement=security.insecure,network.host")
            })
        })?)
    }

    /// Notes what the client sent, in blocks of 4 KiB.
    pub(super) fn keep_local(&mut self, kind: &str, blocks: u64) -> Result<(), BuildError> {
        let at = now(&self.sys());
        let name = self.options.local.local_path.clone();
        with(&self.sys(), |s| s.cache_of(&self.options.builder).keep_local(kind, &name, blocks * 4096, at))?;
        Ok(())
    }

    fn forecasts(&mut self, work: &Work) -> Result<(), BuildError> {
        let bases: Vec<_> = work.bases.iter().map(|b| (b.base.clone(), b.chain.clone())).collect();
        let told = with(&self.sys(), |s| {
            s.cache_of(&self.options.builder);
            let s: &EngineState = s;
            let mut told = BTreeMap::new();
            for change in &self.options.what_if {
                let input = whatif::Input {
                    text: &self.record.text,
                    options: &self.options,
                    context: &work.context,
                    named: &work.named,
                    bases: &bases,
                    cache: s.known_cache(&self.options.builder),
                    previous: work.previous.as_deref(),
                    tree: &|chain: &[Digest]| tree_if_here(s, chain),
                };
                let parsed = whatif::Change::parse(change).map_err(BuildError::new)?;
                let forecast = whatif::forecast(&input, &parsed)?;
                told.insert(change.clone(), serde_json::to_string(&forecast).unwrap_or_default());
            }
            Ok::<_, BuildError>(told)
        })??;
        self.told = Some(told);
        Ok(())
    }

    /// A place in the Dockerfile, for the client's excerpt.
    pub fn source(&self, lines: (u32, u32)) -> layerlab_api::build::SolveSource {
        layerlab_api::build::SolveSource {
            filename: self.options.dockerfile.clone(),
            data: self.record.text.clone(),
            ranges: vec![lines],
        }
    }

    fn lines_of(&self, graph: &Graph) -> BTreeMap<usize, usize> {
        let find =
            |v: &Vertex| self.record.lines.iter().position(|l| l.lines == v.lines && l.stage as usize == v.stage);
        graph.vertices.iter().enumerate().filter_map(|(i, v)| Some((i, find(v)?))).collect()
    }

    /// The latest build to compare with: of the same name, else of the same file.
    fn previous(&self) -> Result<Option<Shared<BuildRecord>>, BuildError> {
        let number = self.record.number;
        Ok(with(&self.sys(), |s| {
            let older = || {
                s.builds.iter().rev().filter(|b| {
                    b.number != number
                        && b.builder == self.options.builder
                        && b.lines.iter().any(|l| l.inputs.is_some())
                })
            };
            let same_tag = older().find(|b| b.tags.iter().any(|t| self.record.tags.contains(t)));
            same_tag.or_else(|| older().find(|b| b.dockerfile == self.record.dockerfile)).cloned()
        })?)
    }

    pub(super) fn make_plan(&mut self, work: &mut Work) -> Result<(), BuildError> {
        let plan = self.in_world(work, |world| plan::plan(&work.graph, world))?;
        work.plan = plan;
        for (v, step) in work.plan.steps.iter().enumerate() {
            let Some(line) = work.lines.get(&v).and_then(|l| self.record.lines.get_mut(*l)) else { continue };
            (line.inputs, line.key) = (step.inputs.clone(), step.key);
            line.step = work.graph.vertices.get(v).map(|x| x.text.clone()).unwrap_or_default();
        }
        Ok(())
    }

    pub(super) fn in_world<R>(&self, work: &Work, f: impl FnOnce(&World<'_>) -> R) -> Result<R, BuildError> {
        let bases: Vec<Vec<Digest>> = work.bases.iter().map(|b| b.chain.clone()).collect();
        Ok(with(&self.sys(), |s| {
            s.cache_of(&self.options.builder);
            let s: &EngineState = s;
            let tree = |chain: &[Digest]| tree_if_here(s, chain);
            let world = World {
                number: self.record.number,
                options: &self.options,
                stage_names: &work.stage_names,
                cache: s.known_cache(&self.options.builder),
                previous: work.previous.as_deref(),
                context: &work.context,
                named: &work.named,
                remotes: &work.remotes,
                bases: &bases,
                done: &work.done,
                ran: &work.ran,
                tree: &tree,
            };
            f(&world)
        })?)
    }

    /// Shows how the build stands to those who look at the state.
    ///
    /// # Errors
    /// The daemon has no state.
    pub fn save(&mut self) -> Result<(), BuildError> {
        let at = now(&self.sys());
        let since = i128::from(at.secs - self.record.started.secs) * 1000
            + (i128::from(at.nanos) - i128::from(self.record.started.nanos)) / 1_000_000;
        self.record.took = u64::try_from(since).unwrap_or(0);
        let record = self.record.clone();
        with(&self.sys(), |s| match s.builds.iter_mut().find(|b| b.number == record.number) {
            Some(old) => *old = record,
            None => s.remember_build(record),
        })?;
        Ok(())
    }

    /// Notes how the build ended.
    ///
    /// # Errors
    /// The daemon has no state.
    pub fn ended(&mut self, result: &Result<Option<Built>, BuildError>) -> Result<(), BuildError> {
        self.record.state = match result {
            Ok(built) => {
                self.record.image = built.as_ref().map(|b| b.id);
                BuildState::Done
            }
            Err(e) if e.canceled => BuildState::Canceled,
            Err(e) => BuildState::Failed { line: e.lines.map(|l| l.0), message: e.message.clone() },
        };
        for line in &mut self.record.lines {
            if matches!(line.state, LineState::Waiting | LineState::Running(_)) {
                line.state = LineState::Skipped;
            }
        }
        self.save()?;
        with(&self.sys(), |s| {
            let cache = s.cache_of(&self.options.builder);
            if !cache.imported.is_empty() {
                let running = s.builds.iter().any(|b| b.state == BuildState::Running);
                if !running {
                    s.cache_of(&self.options.builder).imported.clear();
                    s.collect_garbage();
                }
            }
        })?;
        Ok(())
    }
}

fn tree_if_here(state: &EngineState, chain: &[Digest]) -> Option<Tree> {
    chain.iter().all(|d| state.layers.contains_key(d)).then(|| unpack::tree(state, chain).ok())?
}

fn line_records(stages: &[Stage], args: &[Arg], needed: &BTreeSet<usize>) -> Vec<LineRecord> {
    let mut out: Vec<LineRecord> =
        args.iter().map(|a| LineRecord::new(range(&a.lines), 0, &a.source, LineState::Config)).collect();
    for stage in stages {
        let number = u32::try_from(stage.index).unwrap_or(u32::MAX);
        let wanted = needed.contains(&stage.index);
        let state = |is_step: bool| match (wanted, is_step) {
            (false, _) => LineState::Skipped,
            (true, true) => LineState::Waiting,
            (true, false) => LineState::Config,
        };
        let makes_step = stage.image != "scratch";
        out.push(LineRecord::new(range(&stage.lines), number, &stage.source, state(makes_step)));
        for i in &stage.instructions {
            let is_step =
                matches!(i.command, Command::Run(_) | Command::Copy(_) | Command::Add(_) | Command::Workdir(_));
            out.push(LineRecord::new(range(&i.lines), number, &i.source, state(is_step)));
        }
    }
    out
}
