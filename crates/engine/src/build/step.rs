//! One step: as the plan says, from the cache or made.

use layerlab_kernel::SimTime;
use layerlab_kernel::vfs::Tree;
use layerlab_oci::Digest;

use super::base;
use super::cache::Entry;
use super::cause::Cause;
use super::copy::{self, CopyError};
use super::error::BuildError;
use super::graph::{Kind, TreeSource, Vertex};
use super::plan::{self, Decision};
use super::record::{LineRecord, LineState};
use super::run;
use super::solve::{Solve, Work};
use crate::context::{now, with};
use crate::image::{layer, unpack};

/// What copying takes, in virtual time.
const COPY_TIME: SimTime = SimTime::millis(20);

impl Solve<'_, '_> {
    /// A source that isn't there is known before anything runs: the build ends at once.
    pub(super) async fn fail_early(&mut self, work: &mut Work) -> Result<(), BuildError> {
        let fails = work.plan.steps.iter().position(|s| matches!(s.decision, Decision::Fails(_)));
        let Some(v) = fails else { return Ok(()) };
        let stage = work.graph.vertices.get(v).map(|x| x.stage);
        for vertex in work.graph.vertices.iter().filter(|x| Some(x.stage) == stage) {
            let Kind::From(n) = vertex.kind else { continue };
            let id = self.progress.start(&vertex.name, &[], Some(vertex.lines), None).await?;
            if let Some(resolved) = work.bases.get(n) {
                self.resolve_note(&id, resolved).await?;
            }
            self.progress.done(&id).await?;
        }
        self.step(work, v).await
    }

    pub(super) async fn step(&mut self, work: &mut Work, v: usize) -> Result<(), BuildError> {
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
                let result = self.make(work, &vertex, &id).await;
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

    pub(super) async fn from(&mut self, work: &mut Work, v: usize, vertex: &Vertex) -> Result<(), BuildError> {
        let Kind::From(n) = vertex.kind else { return Ok(()) };
        let Some(resolved) = work.bases.get(n).cloned() else { return Ok(()) };
        let begin = self.sys().now();
        let id = self.progress.start(&vertex.name, &[], Some(vertex.lines), None).await?;
        self.resolve_note(&id, &resolved).await?;
        let here = with(&self.sys(), |s| resolved.chain.iter().all(|d| s.layers.get(d).is_some_and(|l| l.present)))?;
        base::fetch(self.progress, &id, &resolved).await?;
        self.progress.done(&id).await?;
        let took = (self.sys().now() - begin).as_millis();
        let size =
            with(&self.sys(), |s| resolved.chain.iter().filter_map(|d| s.layers.get(d)).map(|l| l.unpacked).sum())?;
        self.set_line(work, v, |l| {
            let state = if here { LineState::Hit { made_by: 0 } } else { LineState::Miss(None) };
            (l.state, l.took, l.size, l.layer) = (state, took, size, resolved.chain.last().copied());
        });
        work.done.insert(v, resolved.chain);
        Ok(())
    }

    pub(super) fn hit(&mut self, work: &mut Work, v: usize, made_by: u64) -> Result<(), BuildError> {
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
                (LineState::Hit { made_by }, entry.took, entry.size, Some(entry.layer));
        });
        work.done.insert(v, below.into_iter().chain([entry.layer]).collect());
        Ok(())
    }

    /// Makes a step's layer; answers its tree before and behind.
    pub(super) async fn make(&mut self, work: &Work, vertex: &Vertex, id: &str) -> Result<(Tree, Tree), BuildError> {
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
                copy::apply(&mut after, op, &selected, run::wall(&sys)).map_err(at)?;
                sys.sleep(COPY_TIME).await?;
                Ok((below, after))
            }
            Kind::Run(step) => {
                let mut trees = Vec::new();
                for (_, source) in &step.mounts {
                    trees.push(self.source_tree(work, *source)?);
                }
                let after = run::run(self.progress, id, step, &below, trees, self.record.number).await;
                let after = after.map_err(|e| BuildError { lines: Some(vertex.lines), ..e })?;
                Ok((below, after))
            }
        }
    }

    pub(super) fn source_tree(&self, work: &Work, source: TreeSource) -> Result<Tree, BuildError> {
        let found = self.in_world(work, |world| plan::source_tree(&work.graph, world, &work.plan, source))?;
        found.ok_or_else(|| BuildError::new("the source's layers are not there"))
    }

    #[allow(clippy::too_many_arguments, reason = "all that is known of a step that ran")]
    pub(super) async fn finish(
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
        let Some((key, inputs)) = step.and_then(|s| Some((s.key?, s.inputs?))) else {
            return Err(BuildError::new("the step has no key"));
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
            s.cache.insert(key, entry);
        })?;
        self.progress.done(id).await?;
        self.set_line(work, v, |l| {
            (l.state, l.took, l.size, l.layer) = (LineState::Miss(Some(cause.clone())), took, size, Some(layer_id));
        });
        work.done.insert(v, chain);
        work.ran.insert(v, cause.clone());
        Ok(())
    }

    pub(super) fn set_line(&mut self, work: &Work, v: usize, f: impl FnOnce(&mut LineRecord)) {
        if let Some(line) = work.lines.get(&v).and_then(|l| self.record.lines.get_mut(*l)) {
            f(line);
        }
    }
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
