//! One build, from the context's bytes to the image: it acts on the plan and decides nothing.

use std::collections::BTreeMap;

use layerlab_api::build::{BuildOptions, Warning};
use layerlab_dockerfile::instruction::{Arg, Command, Stage};
use layerlab_dockerfile::{Ast, Severity, lint};
use layerlab_kernel::vfs::Tree;
use layerlab_kernel::{SimTime, Sys};
use layerlab_oci::{Digest, Reference, Timestamp};

use super::base::{self, Resolved};
use super::cache::Entry;
use super::cause::Cause;
use super::context::{BuildContext, read_context};
use super::copy::{self, CopyError};
use super::error::BuildError;
use super::export;
use super::graph::{Graph, Kind, TreeSource, Vertex, graph};
use super::key::CopyOp;
use super::needs::{needs, range};
use super::plan::{self, Decision, Plan, World};
use super::progress::Progress;
use super::record::{BuildRecord, BuildState, LineRecord, LineState};
use super::run;
use crate::context::{now, with};
use crate::image::{layer, unpack};
use crate::state::EngineState;

/// What copying takes, in virtual time.
const COPY_TIME: SimTime = SimTime::millis(20);

/// A build at work.
pub struct Solve<'p, 'c> {
    /// Whom it tells.
    pub progress: &'p mut Progress<'c>,
    /// What is asked for.
    pub options: BuildOptions,
    /// The image's names.
    pub names: Vec<Reference>,
    /// What is remembered of it.
    pub record: BuildRecord,
}

/// What is known while the steps run.
struct Work {
    graph: Graph,
    stage_names: Vec<Option<String>>,
    context: BuildContext,
    bases: Vec<Resolved>,
    previous: Option<BuildRecord>,
    plan: Plan,
    done: BTreeMap<usize, Vec<Digest>>,
    ran: BTreeMap<usize, Cause>,
    lines: BTreeMap<usize, usize>,
}

impl Solve<'_, '_> {
    fn sys(&self) -> Sys {
        self.progress.cx.sys.clone()
    }

    /// Builds; answers the image's ID, none for `--check`.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn run(&mut self, tar: &[u8]) -> Result<Option<Digest>, BuildError> {
        let (context, ast, definition) = self.definition(tar).await?;
        let escape = ast.directives.escape_char();
        let (stages, args, diagnostics) = layerlab_dockerfile::stages(&ast);
        if let Some(d) = diagnostics.iter().find(|d| d.severity == Severity::Error) {
            return Err(d.into());
        }
        let needs = needs(&stages, &args, &self.options, escape)?;
        self.record.lines = line_records(&stages, &args, &needs.stages);
        self.save()?;
        let bases = self.metadata(&needs.images).await?;
        let id = self.progress.start("[internal] load .dockerignore", &[], None, None).await?;
        self.progress.note(&id, "transferring context:", context.ignore_size).await?;
        self.progress.done(&id).await?;
        self.checks(&ast, &context, &bases, &definition).await?;
        if self.options.check {
            return Ok(None);
        }
        let graph = graph(&stages, &needs, bases.iter().map(|b| b.base.clone()).collect(), &self.options, escape)?;
        let mut work = Work {
            lines: self.lines_of(&graph),
            graph,
            stage_names: stages.iter().map(|s| s.name.clone()).collect(),
            context,
            bases,
            previous: self.previous()?,
            plan: Plan::default(),
            done: BTreeMap::new(),
            ran: BTreeMap::new(),
        };
        self.load_context(&work).await?;
        self.load_images(&work).await?;
        self.make_plan(&mut work)?;
        for v in 0..work.graph.vertices.len() {
            if work.plan.steps.get(v).is_some_and(|s| s.decision == Decision::Later) {
                self.make_plan(&mut work)?;
            }
            self.step(&mut work, v).await?;
            self.save()?;
        }
        self.export(&work).await.map(Some)
    }

    async fn definition(&mut self, tar: &[u8]) -> Result<(BuildContext, Ast, String), BuildError> {
        let file = self.options.dockerfile.clone();
        let id = self
            .progress
            .start(
                &format!("[internal] load build definition from {}", file.rsplit('/').next().unwrap_or(&file)),
                &[],
                None,
                None,
            )
            .await?;
        let context = match read_context(tar, &file) {
            Ok(context) => context,
            Err(e) => {
                self.progress.fail(&id, &e).await?;
                return Err(BuildError::new(e));
            }
        };
        let Some(text) = context.dockerfile.clone() else {
            self.progress.note(&id, "transferring dockerfile:", 2).await?;
            self.progress.done(&id).await?;
            return Err(BuildError::new(format!("failed to read dockerfile: open {file}: no such file or directory")));
        };
        self.record.text.clone_from(&text);
        // A name, a mode and a size go along with the file.
        self.progress.note(&id, "transferring dockerfile:", text.len() as u64 + 31).await?;
        self.progress.done(&id).await?;
        let parsed = layerlab_dockerfile::parse(&text);
        if let Some(d) = parsed.diagnostics.iter().find(|d| d.severity == Severity::Error) {
            return Err(d.into());
        }
        Ok((context, parsed.ast, id))
    }

    async fn metadata(&mut self, images: &[(String, String, (u32, u32))]) -> Result<Vec<Resolved>, BuildError> {
        let sys = self.sys();
        let mut out = Vec::new();
        for (full, name, lines) in images {
            let id = self.progress.start(&format!("[internal] load metadata for {full}"), &[], None, None).await?;
            match base::resolve(&sys, full, name, *lines, self.options.pull).await {
                Ok(found) => out.push(found),
                Err(e) => {
                    self.progress.fail(&id, e.step_message.as_deref().unwrap_or(&e.message)).await?;
                    return Err(e);
                }
            }
            self.progress.done(&id).await?;
        }
        Ok(out)
    }

    async fn checks(
        &mut self,
        ast: &Ast,
        context: &BuildContext,
        bases: &[Resolved],
        definition: &str,
    ) -> Result<(), BuildError> {
        let config = lint::Config::of(ast).unwrap_or_default();
        let pair = |e: &String| e.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
        let image = |b: &Resolved| lint::BaseImage {
            env: b.base.config.config.env.iter().filter_map(pair).collect(),
            has_shell: !b.base.config.config.shell.is_empty(),
            platform: Some("linux/amd64".to_owned()),
        };
        let options = lint::Options {
            build_args: self.options.build_args.iter().filter_map(|(k, v)| Some((k.clone(), v.clone()?))).collect(),
            target: (!self.options.target.is_empty()).then(|| self.options.target.clone()),
            images: bases.iter().map(|b| (b.base.reference.clone(), image(b))).collect(),
            ignore: context.ignore.clone(),
            ..lint::Options::default()
        };
        let found = lint::lint(ast, &options);
        let warning = |d: &layerlab_dockerfile::Diagnostic| {
            let rule = d.rule.and_then(lint::Rule::named);
            Warning {
                vertex: definition.to_owned(),
                level: 1,
                short: format!("{}: {} (line {})", d.rule.unwrap_or_default(), d.message, d.lines.start()),
                detail: rule.map(|r| r.description.to_owned()).into_iter().collect(),
                url: rule.and_then(lint::Rule::url).unwrap_or_default(),
                source: Some(self.source(range(&d.lines))),
            }
        };
        let warnings: Vec<Warning> = found.iter().map(warning).collect();
        self.progress.warn(warnings).await?;
        if config.error && !found.is_empty() {
            let rules: std::collections::BTreeSet<&str> = found.iter().filter_map(|d| d.rule).collect();
            let rules: Vec<&str> = rules.into_iter().collect();
            return Err(BuildError::new(format!("lint violation found for rules: {}", rules.join(", "))));
        }
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
    fn previous(&self) -> Result<Option<BuildRecord>, BuildError> {
        let number = self.record.number;
        Ok(with(&self.sys(), |s| {
            let older =
                || s.builds.iter().rev().filter(|b| b.number != number && b.lines.iter().any(|l| l.inputs.is_some()));
            let same_tag = older().find(|b| b.tags.iter().any(|t| self.record.tags.contains(t)));
            same_tag.or_else(|| older().find(|b| b.dockerfile == self.record.dockerfile)).cloned()
        })?)
    }

    async fn load_context(&mut self, work: &Work) -> Result<(), BuildError> {
        let uses = |v: &Vertex| match &v.kind {
            Kind::Copy(op, source) => *source == TreeSource::Context && !op.sources.is_empty(),
            Kind::Run(step) => step
                .mounts
                .iter()
                .any(|(m, s)| m.kind == layerlab_dockerfile::instruction::MountKind::Bind && *s == TreeSource::Context),
            _ => false,
        };
        if !work.graph.vertices.iter().any(uses) {
            return Ok(());
        }
        let id = self.progress.start("[internal] load build context", &[], None, None).await?;
        let all = CopyOp { sources: vec!["/".to_owned()], ..CopyOp::default() };
        let selected = copy::select(&work.context.tree, &all).unwrap_or_default();
        self.record.context = copy::files_of(&selected);
        let old = work.previous.as_ref().map(|p| &p.context);
        let mut bytes = 0;
        for (path, _, inode) in work.context.tree.walk() {
            let path = path.trim_start_matches('/');
            // Every name is told; a file's bytes only where they are new.
            bytes += path.len() as u64 + 28;
            if old.and_then(|o| o.get(path)) != self.record.context.get(path) {
                bytes += inode.size();
            }
        }
        self.progress.note(&id, "transferring context:", bytes).await?;
        self.progress.done(&id).await
    }

    /// Images that only COPY --from and mounts use.
    async fn load_images(&mut self, work: &Work) -> Result<(), BuildError> {
        for (n, resolved) in work.bases.iter().enumerate() {
            if work.graph.vertices.iter().any(|v| matches!(v.kind, Kind::From(b) if b == n)) {
                continue;
            }
            let name = format!("FROM {}@{}", resolved.base.reference, resolved.base.digest);
            let id = self.progress.start(&name, &[], None, None).await?;
            self.resolve_note(&id, resolved).await?;
            base::fetch(self.progress, &id, resolved).await?;
            self.progress.done(&id).await?;
        }
        Ok(())
    }

    async fn resolve_note(&mut self, id: &str, resolved: &Resolved) -> Result<(), BuildError> {
        self.progress.note(id, &format!("resolve {}@{}", resolved.base.reference, resolved.base.digest), 0).await
    }

    fn make_plan(&mut self, work: &mut Work) -> Result<(), BuildError> {
        let plan = self.in_world(work, |world| plan::plan(&work.graph, world))?;
        work.plan = plan;
        for (v, step) in work.plan.steps.iter().enumerate() {
            let Some(line) = work.lines.get(&v).and_then(|l| self.record.lines.get_mut(*l)) else { continue };
            (line.inputs, line.key) = (step.inputs.clone(), step.key);
            line.step = work.graph.vertices.get(v).map(|x| x.text.clone()).unwrap_or_default();
        }
        Ok(())
    }

    fn in_world<R>(&self, work: &Work, f: impl FnOnce(&World<'_>) -> R) -> Result<R, BuildError> {
        let bases: Vec<Vec<Digest>> = work.bases.iter().map(|b| b.chain.clone()).collect();
        Ok(with(&self.sys(), |s| {
            let s: &EngineState = s;
            let tree = |chain: &[Digest]| tree_if_here(s, chain);
            let world = World {
                options: &self.options,
                stage_names: &work.stage_names,
                cache: &s.cache,
                previous: work.previous.as_ref(),
                context: &work.context.tree,
                bases: &bases,
                done: &work.done,
                ran: &work.ran,
                tree: &tree,
            };
            f(&world)
        })?)
    }

    async fn step(&mut self, work: &mut Work, v: usize) -> Result<(), BuildError> {
        let (Some(vertex), Some(step)) = (work.graph.vertices.get(v).cloned(), work.plan.steps.get(v).cloned()) else {
            return Ok(());
        };
        let inputs: Vec<String> = vertex
            .parent
            .and_then(|p| work.graph.vertices.get(p))
            .map(|p| self.progress.id(&p.name))
            .into_iter()
            .collect();
        let begin = self.sys().now();
        let outcome = match &step.decision {
            Decision::Base => self.from(work, v, &vertex).await,
            Decision::Hit { made_by } => {
                self.progress.cached(&vertex.name, &inputs, vertex.lines, *made_by).await?;
                self.hit(work, v, *made_by)
            }
            Decision::Miss(cause) => {
                self.set_line(work, v, |l| l.state = LineState::Running(Some(cause.clone())));
                self.save()?;
                let id = self.progress.start(&vertex.name, &inputs, Some(vertex.lines), Some(cause.to_api())).await?;
                let result = self.make(work, v, &vertex, &id).await;
                self.finish(work, v, &vertex, &id, cause, begin, result).await
            }
            Decision::Fails(e) => {
                let error = not_found(&vertex, e);
                let id = self.progress.start(&vertex.name, &inputs, Some(vertex.lines), None).await?;
                self.progress.fail(&id, error.step_message.as_deref().unwrap_or(&error.message)).await?;
                Err(error)
            }
            Decision::Later => Err(BuildError::at("a source of this step is not there", vertex.lines)),
        };
        if let Err(e) = &outcome {
            let canceled = e.canceled;
            self.set_line(work, v, |l| {
                l.state = match (&step.decision, canceled) {
                    (_, true) => LineState::Skipped,
                    (Decision::Miss(cause), _) => LineState::Failed(Some(cause.clone())),
                    _ => LineState::Failed(None),
                }
            });
        }
        outcome
    }

    async fn from(&mut self, work: &mut Work, v: usize, vertex: &Vertex) -> Result<(), BuildError> {
        let Kind::From(n) = vertex.kind else { return Ok(()) };
        let Some(resolved) = work.bases.get(n).cloned() else { return Ok(()) };
        let begin = self.sys().now();
        let id = self.progress.start(&vertex.name, &[], Some(vertex.lines), None).await?;
        self.resolve_note(&id, &resolved).await?;
        base::fetch(self.progress, &id, &resolved).await?;
        self.progress.done(&id).await?;
        let took = (self.sys().now() - begin).as_millis();
        let size =
            with(&self.sys(), |s| resolved.chain.iter().filter_map(|d| s.layers.get(d)).map(|l| l.unpacked).sum())?;
        self.set_line(work, v, |l| {
            (l.state, l.took, l.size, l.layer) = (LineState::Miss(None), took, size, resolved.chain.last().copied())
        });
        work.done.insert(v, resolved.chain);
        Ok(())
    }

    fn hit(&mut self, work: &mut Work, v: usize, made_by: u64) -> Result<(), BuildError> {
        let below = work
            .graph
            .vertices
            .get(v)
            .and_then(|x| x.parent)
            .and_then(|p| work.done.get(&p))
            .cloned()
            .unwrap_or_default();
        let Some(key) = work.plan.steps.get(v).and_then(|s| s.key) else { return Ok(()) };
        let at = now(&self.sys());
        let entry = with(&self.sys(), |s| {
            s.cache.touch(&key, at);
            s.cache.get(&key).cloned()
        })?;
        let Some(entry) = entry else { return Err(BuildError::new("the cache entry is gone")) };
        self.record.saved += entry.took;
        self.set_line(work, v, |l| {
            (l.state, l.saved, l.size, l.layer) =
                (LineState::Hit { made_by }, entry.took, entry.size, Some(entry.layer))
        });
        work.done.insert(v, below.into_iter().chain([entry.layer]).collect());
        Ok(())
    }

    /// Makes a step's layer; answers its tree before and behind.
    async fn make(&mut self, work: &Work, v: usize, vertex: &Vertex, id: &str) -> Result<(Tree, Tree), BuildError> {
        let sys = self.sys();
        let below_chain = vertex.parent.and_then(|p| work.done.get(&p)).cloned().unwrap_or_default();
        let below = with(&sys, |s| unpack::tree(s, &below_chain))?.map_err(BuildError::new)?;
        let at = |e: CopyError| not_found(vertex, &e);
        match &vertex.kind {
            Kind::From(_) => Ok((below.clone(), below)),
            Kind::Workdir(path) => {
                let mut after = below.clone();
                copy::make_dirs(&mut after, path, None, run::wall(&sys)).map_err(at)?;
                sys.sleep(COPY_TIME).await?;
                Ok((below, after))
            }
            Kind::Copy(op, source) => {
                let from = self.source_tree(work, *source)?;
                let selected = copy::select(&from, op).map_err(at)?;
                let below = if op.link { Tree::new() } else { below };
                let mut after = below.clone();
                copy::apply(&mut after, op, &selected, &from, run::wall(&sys)).map_err(at)?;
                sys.sleep(COPY_TIME).await?;
                Ok((below, after))
            }
            Kind::Run(step) => {
                let mut trees = Vec::new();
                for (_, source) in &step.mounts {
                    trees.push(self.source_tree(work, *source)?);
                }
                let _ = v;
                let after = run::run(self.progress, id, step, &below, trees, self.record.number).await;
                let after = after.map_err(|e| BuildError { lines: Some(vertex.lines), ..e })?;
                Ok((below, after))
            }
        }
    }

    fn source_tree(&self, work: &Work, source: TreeSource) -> Result<Tree, BuildError> {
        let found = self.in_world(work, |world| plan::source_tree(&work.graph, world, &work.plan, source))?;
        found.ok_or_else(|| BuildError::new("the source's layers are not there"))
    }

    #[allow(clippy::too_many_arguments, reason = "all that is known of a step that ran")]
    async fn finish(
        &mut self,
        work: &mut Work,
        v: usize,
        vertex: &Vertex,
        id: &str,
        cause: &Cause,
        begin: SimTime,
        result: Result<(Tree, Tree), BuildError>,
    ) -> Result<(), BuildError> {
        let (below, after) = match result {
            Ok(trees) => trees,
            Err(e) => {
                if !e.canceled {
                    self.progress.fail(id, e.step_message.as_deref().unwrap_or(&e.message)).await?;
                }
                return Err(e);
            }
        };
        let sys = self.sys();
        let at = now(&sys);
        let layer = layer::from_changes(&after.diff(&below), at.secs);
        let took = (sys.now() - begin).as_millis();
        let step = work.plan.steps.get(v).cloned();
        let (key, inputs) = match step.and_then(|s| Some((s.key?, s.inputs?))) {
            Some(known) => known,
            None => return Err(BuildError::new("the step has no key")),
        };
        let parent = vertex.parent.and_then(|p| work.done.get(&p)).cloned().unwrap_or_default();
        let chain: Vec<Digest> = parent.into_iter().chain([layer.info.diff_id]).collect();
        let (layer_id, size) = (layer.info.diff_id, layer.info.unpacked);
        let entry = Entry {
            layer: layer_id,
            chain: chain.clone(),
            made_by: self.record.number,
            created: at,
            used: at,
            uses: 1,
            took,
            size,
            description: vertex.name.clone(),
            inputs,
        };
        with(&sys, |s| {
            s.add_layer(&layer);
            s.cache.entries.insert(key, entry);
        })?;
        self.progress.done(id).await?;
        self.set_line(work, v, |l| {
            (l.state, l.took, l.size, l.layer) = (LineState::Miss(Some(cause.clone())), took, size, Some(layer_id))
        });
        work.done.insert(v, chain);
        work.ran.insert(v, cause.clone());
        Ok(())
    }

    fn set_line(&mut self, work: &Work, v: usize, f: impl FnOnce(&mut LineRecord)) {
        if let Some(line) = work.lines.get(&v).and_then(|l| self.record.lines.get_mut(*l)) {
            f(line);
        }
    }

    async fn export(&mut self, work: &Work) -> Result<Digest, BuildError> {
        let sys = self.sys();
        let Some(stage) = work.graph.stages.get(&work.graph.target) else {
            return Err(BuildError::new("no stage to export"));
        };
        let chain = stage.last.and_then(|v| work.done.get(&v)).cloned().unwrap_or_default();
        let inputs: Vec<String> = stage
            .last
            .and_then(|v| work.graph.vertices.get(v))
            .map(|v| self.progress.id(&v.name))
            .into_iter()
            .collect();
        let id = self.progress.start("exporting to image", &inputs, None, None).await?;
        let begin = self.progress.now();
        if !work.ran.is_empty() {
            sys.sleep(SimTime::millis(60)).await?;
        }
        self.progress.status(&id, "exporting layers", (0, 0), begin, true).await?;
        let exported = with(&sys, |s| {
            let created =
                |v: usize| -> Option<Timestamp> { s.cache.get(&work.plan.steps.get(v)?.key?).map(|e| e.created) };
            export::export(s, &export::config(stage, &chain, &created))
        })?
        .map_err(BuildError::new)?;
        self.progress.note(&id, &format!("exporting manifest {}", Digest::of(&exported.manifest)), 0).await?;
        self.progress.note(&id, &format!("exporting config {}", Digest::of(&exported.config)), 0).await?;
        let at = now(&sys);
        let names = self.names.clone();
        let image = with(&sys, |s| export::take(s, exported, &names, at))?.map_err(BuildError::new)?;
        for name in names {
            let full = name.tag_name_only();
            self.progress.note(&id, &format!("naming to {full}"), 0).await?;
            let begin = self.progress.now();
            if !work.ran.is_empty() {
                sys.sleep(SimTime::millis(40)).await?;
            }
            self.progress.status(&id, &format!("unpacking to {full}"), (0, 0), begin, true).await?;
        }
        self.progress.done(&id).await?;
        Ok(image)
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
    pub fn ended(&mut self, result: &Result<Option<Digest>, BuildError>) -> Result<(), BuildError> {
        self.record.state = match result {
            Ok(image) => {
                self.record.image = *image;
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
        self.save()
    }
}

fn tree_if_here(state: &EngineState, chain: &[Digest]) -> Option<Tree> {
    chain.iter().all(|d| state.layers.contains_key(d)).then(|| unpack::tree(state, chain).ok())?
}

/// BuildKit's words for a source that isn't there.
fn not_found(vertex: &Vertex, e: &CopyError) -> BuildError {
    match e {
        CopyError::NotFound(path) => {
            let from_context = matches!(&vertex.kind, Kind::Copy(_, TreeSource::Context) | Kind::Run(_));
            if !from_context {
                return BuildError::at(format!("lstat {path}: no such file or directory"), vertex.lines);
            }
            let random = Digest::of(format!("{} {path}", vertex.name).as_bytes());
            let reference = super::cache::BuildCache::id(&random);
            let worker = super::cache::BuildCache::id(&Digest::of(b"worker"));
            let what = format!("failed to calculate checksum of ref {worker}::{reference}: \"{path}\": not found");
            BuildError {
                step_message: Some(what.clone()),
                ..BuildError::at(format!("failed to compute cache key: {what}"), vertex.lines)
            }
        }
        CopyError::Other(message) => BuildError::at(message.clone(), vertex.lines),
    }
}

fn line_records(stages: &[Stage], args: &[Arg], needed: &std::collections::BTreeSet<usize>) -> Vec<LineRecord> {
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
