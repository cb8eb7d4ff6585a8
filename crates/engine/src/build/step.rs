//! The steps of a build: each as the plan says, from the cache or made, as soon as what it needs is there.

use std::collections::BTreeSet;

use layerlab_kernel::vfs::Tree;
use layerlab_oci::Digest;

use super::base;
use super::cache::{BuildCache, Entry};
use super::copy::CopyError;
use super::error::BuildError;
use super::graph::{Kind, TreeSource, Vertex};
use super::plan::{self, Decision};
use super::record::{LineRecord, LineState};
use super::run::Given;
use super::solve::{Solve, Work};
use super::worker::{Job, Outcome, Workers};
use crate::context::{now, with};
use crate::image::{layer, unpack};

impl Solve {
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
        match work.plan.steps.get(v).map(|s| s.decision.clone()) {
            Some(Decision::Fails(e)) => self.fails(work, v, &e).await,
            _ => Ok(()),
        }
    }

    async fn fails(&mut self, work: &Work, v: usize, e: &CopyError) -> Result<(), BuildError> {
        let Some(vertex) = work.graph.vertices.get(v) else { return Ok(()) };
        let error = not_found(vertex, e);
        let id = self.progress.start(&vertex.name, &self.inputs(work, vertex), Some(vertex.lines), None).await?;
        self.progress.fail(&id, error.step_message.as_deref().unwrap_or(&error.message)).await?;
        self.set_line(work, v, |l| l.state = LineState::Failed(None));
        Err(error)
    }

    fn inputs(&self, work: &Work, vertex: &Vertex) -> Vec<String> {
        let below = vertex.parent.and_then(|p| work.graph.vertices.get(p));
        below.map(|p| self.progress.id(&p.name)).into_iter().collect()
    }

    /// Does all steps. The first failure stops the others.
    pub(super) async fn steps(&mut self, work: &mut Work) -> Result<(), BuildError> {
        let mut workers = Workers::new(&self.sys()).await?;
        let result = self.steps_with(work, &mut workers).await;
        if result.is_err() {
            workers.stop(&self.sys()).await;
        }
        for outcome in workers.end(&self.progress).await {
            let canceled = Outcome { result: Err(BuildError::canceled()), ..outcome };
            let _ = self.step_ended(work, canceled).await;
        }
        result
    }

    async fn steps_with(&mut self, work: &mut Work, workers: &mut Workers) -> Result<(), BuildError> {
        loop {
            self.start_ready(work, workers).await?;
            if workers.running() == 0 {
                return Ok(());
            }
            for outcome in workers.wait(&self.progress).await? {
                self.step_ended(work, outcome).await?;
            }
            self.save()?;
        }
    }

    /// Starts what can be started; what the cache has is done at once.
    async fn start_ready(&mut self, work: &mut Work, workers: &mut Workers) -> Result<(), BuildError> {
        let mut again = true;
        while again {
            again = false;
            for v in 0..work.graph.vertices.len() {
                if work.started.contains(&v) || !self.is_ready(work, v) {
                    continue;
                }
                if work.plan.steps.get(v).is_some_and(|s| s.decision == Decision::Later) {
                    self.make_plan(work)?;
                }
                if busy(work, v) {
                    work.deferred.insert(v);
                    continue;
                }
                if work.deferred.remove(&v) {
                    // The other one has put it into the cache.
                    self.make_plan(work)?;
                }
                work.started.insert(v);
                again |= self.step(work, workers, v).await?;
            }
        }
        Ok(())
    }

    fn is_ready(&self, work: &Work, v: usize) -> bool {
        let is_done = |n: &usize| work.done.contains_key(n);
        let key = work.plan.steps.get(v).and_then(|s| s.key);
        let twin = key.and_then(|k| plan::twin(&work.plan, v, &k));
        twin.iter().all(is_done) && work.graph.vertices.get(v).is_some_and(|x| needed_by(x).iter().all(is_done))
    }

    /// Answers whether the step is done already.
    async fn step(&mut self, work: &mut Work, workers: &mut Workers, v: usize) -> Result<bool, BuildError> {
        let (Some(vertex), Some(step)) = (work.graph.vertices.get(v).cloned(), work.plan.steps.get(v).cloned()) else {
            return Ok(true);
        };
        let inputs = self.inputs(work, &vertex);
        match step.decision {
            Decision::Base => self.from(work, workers, v, vertex).await,
            Decision::Hit { made_by } => {
                self.progress.cached(&vertex.name, &inputs, vertex.lines, made_by).await?;
                self.hit(work, v, made_by)?;
                Ok(true)
            }
            Decision::Miss(cause) => {
                self.set_line(work, v, |l| l.state = LineState::Running(Some(cause.clone())));
                self.save()?;
                let id = self.progress.start(&vertex.name, &inputs, Some(vertex.lines), Some(cause.clone())).await?;
                work.ran.insert(v, cause);
                let job = self.job(work, &vertex)?;
                workers.start(&self.progress, v, id, vertex, job).await?;
                Ok(false)
            }
            Decision::Fails(e) => self.fails(work, v, &e).await.map(|()| true),
            Decision::Later => Err(BuildError::at("a source of this step is not there", vertex.lines)),
        }
    }

    fn job(&self, work: &Work, vertex: &Vertex) -> Result<Job, BuildError> {
        let chain = vertex.parent.and_then(|p| work.done.get(&p)).cloned().unwrap_or_default();
        let below = with(&self.sys(), |s| unpack::tree(s, &chain))?.map_err(BuildError::new)?;
        let from = match &vertex.kind {
            Kind::Copy(_, source) => self.source_tree(work, *source)?,
            _ => Tree::new(),
        };
        let (number, builder) = (self.record.number, self.options.builder.clone());
        let mut given = Given { number, builder, ..Given::default() };
        if let Kind::Run(step) = &vertex.kind {
            for (_, source) in &step.mounts {
                given.trees.push(match source {
                    Some(source) => self.source_tree(work, *source)?,
                    None => Tree::new(),
                });
            }
            (given.secrets, given.ssh) = (work.secrets.clone(), self.options.ssh.clone());
        }
        Ok(Job::Make { below, from, given })
    }

    async fn from(
        &mut self,
        work: &mut Work,
        workers: &mut Workers,
        v: usize,
        vertex: Vertex,
    ) -> Result<bool, BuildError> {
        let Kind::From(n) = vertex.kind else { return Ok(true) };
        let Some(resolved) = work.bases.get(n).cloned() else { return Ok(true) };
        let id = self.progress.start(&vertex.name, &[], Some(vertex.lines), None).await?;
        self.resolve_note(&id, &resolved).await?;
        let here = base::is_here(&self.progress, &resolved)?;
        if here {
            base::keep(&self.progress, &resolved)?;
        }
        if !here {
            workers.start(&self.progress, v, id, vertex, Job::Fetch(Box::new(resolved))).await?;
            return Ok(false);
        }
        self.progress.done(&id).await?;
        self.base_done(work, v, LineState::Hit { made_by: 0 }, 0)?;
        Ok(true)
    }

    fn base_done(&mut self, work: &mut Work, v: usize, state: LineState, took: u64) -> Result<(), BuildError> {
        let Some(Kind::From(n)) = work.graph.vertices.get(v).map(|x| x.kind.clone()) else { return Ok(()) };
        let chain = work.bases.get(n).map(|b| b.chain.clone()).unwrap_or_default();
        let size = with(&self.sys(), |s| chain.iter().filter_map(|d| s.layers.get(d)).map(|l| l.unpacked).sum())?;
        self.set_line(work, v, |l| (l.state, l.took, l.size, l.layer) = (state, took, size, chain.last().copied()));
        work.done.insert(v, chain);
        Ok(())
    }

    fn hit(&mut self, work: &mut Work, v: usize, made_by: u64) -> Result<(), BuildError> {
        let below = work.graph.vertices.get(v).and_then(|x| x.parent).and_then(|p| work.done.get(&p)).cloned();
        let Some(step) = work.plan.steps.get(v) else { return Ok(()) };
        let Some(key) = step.key else { return Ok(()) };
        let at = now(&self.sys());
        let text = work.graph.vertices.get(v).map_or("", |x| x.text.as_str());
        let entry = with(&self.sys(), |s| {
            let cache = s.cache_of(&self.options.builder);
            cache.adopt(&key, step.inputs.as_ref(), text);
            cache.touch(&key, at);
            cache.get(&key).cloned()
        })?;
        let Some(entry) = entry else { return Err(BuildError::new("the cache entry is gone")) };
        self.record.saved += entry.took;
        self.set_line(work, v, |l| {
            (l.state, l.saved, l.size, l.layer) =
                (LineState::Hit { made_by }, entry.took, entry.size, Some(entry.layer));
        });
        work.done.insert(v, below.unwrap_or_default().into_iter().chain([entry.layer]).collect());
        Ok(())
    }

    pub(super) fn source_tree(&self, work: &Work, source: TreeSource) -> Result<Tree, BuildError> {
        let found = self.in_world(work, |world| plan::source_tree(&work.graph, world, &work.plan, source))?;
        found.ok_or_else(|| BuildError::new("the source's layers are not there"))
    }

    /// A thread's step has ended.
    async fn step_ended(&mut self, work: &mut Work, outcome: Outcome) -> Result<(), BuildError> {
        let (v, id) = (outcome.vertex, outcome.id);
        let took = (outcome.time.1 - outcome.time.0).as_millis();
        match outcome.result {
            Ok(None) => {
                self.progress.done(&id).await?;
                self.base_done(work, v, LineState::Miss(None), took)
            }
            Ok(Some(trees)) => self.finish(work, v, &id, took, trees).await,
            Err(e) => {
                let cause = work.ran.get(&v).cloned();
                let state = if e.canceled { LineState::Skipped } else { LineState::Failed(cause) };
                self.set_line(work, v, |l| (l.state, l.took) = (state, took));
                // Nobody listens any more if the client is gone.
                let _ = self.progress.fail(&id, e.step_message.as_deref().unwrap_or(&e.message)).await;
                Err(e)
            }
        }
    }

    async fn finish(
        &mut self,
        work: &mut Work,
        v: usize,
        id: &str,
        took: u64,
        (below, after): (Tree, Tree),
    ) -> Result<(), BuildError> {
        let sys = self.sys();
        let at = now(&sys);
        let layer = layer::from_changes(&after.diff(&below), at.secs);
        let step = work.plan.steps.get(v).cloned();
        let Some((key, inputs)) = step.and_then(|s| Some((s.key?, s.inputs?))) else {
            return Err(BuildError::new("the step has no key"));
        };
        let Some(vertex) = work.graph.vertices.get(v) else { return Ok(()) };
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
            s.cache_of(&self.options.builder).insert(key, entry);
        })?;
        self.progress.done(id).await?;
        let cause = work.ran.get(&v).cloned();
        self.set_line(work, v, |l| {
            (l.state, l.took, l.size, l.layer) = (LineState::Miss(cause), took, size, Some(layer_id));
        });
        work.done.insert(v, chain);
        Ok(())
    }

    pub(super) fn set_line(&mut self, work: &Work, v: usize, f: impl FnOnce(&mut LineRecord)) {
        if let Some(line) = work.lines.get(&v).and_then(|l| self.record.lines.get_mut(*l)) {
            f(line);
        }
    }
}

/// The steps that must be done before a step.
fn needed_by(vertex: &Vertex) -> BTreeSet<usize> {
    let of = |source: &TreeSource| if let TreeSource::Vertex(Some(v)) = source { Some(*v) } else { None };
    let mut out: BTreeSet<usize> = vertex.parent.into_iter().collect();
    match &vertex.kind {
        Kind::Copy(_, source) => out.extend(of(source)),
        Kind::Run(step) => out.extend(step.mounts.iter().filter_map(|(_, s)| s.as_ref().and_then(of))),
        _ => {}
    }
    out
}

/// Whether the same is being done already by another step.
fn busy(work: &Work, v: usize) -> bool {
    let key = |v: usize| work.plan.steps.get(v).and_then(|s| s.key);
    let at_work = |o: &&usize| **o != v && !work.done.contains_key(*o);
    key(v).is_some_and(|k| work.started.iter().filter(at_work).any(|o| key(*o) == Some(k)))
}

/// BuildKit's words for a source that isn't there.
pub(super) fn not_found(vertex: &Vertex, e: &CopyError) -> BuildError {
    match e {
        CopyError::NotFound(path) => {
            let from_context = match &vertex.kind {
                Kind::Copy(_, source) => matches!(source, TreeSource::Context | TreeSource::Named(_)),
                Kind::Run(_) => true,
                _ => false,
            };
            if !from_context {
                return BuildError::at(format!("lstat {path}: no such file or directory"), vertex.lines);
            }
            let random = Digest::of(format!("{} {path}", vertex.name).as_bytes());
            let reference = BuildCache::id(&random);
            let worker = BuildCache::id(&Digest::of(b"worker"));
            let what = format!("failed to calculate checksum of ref {worker}::{reference}: \"{path}\": not found");
            BuildError {
                step_message: Some(what.clone()),
                ..BuildError::at(format!("failed to compute cache key: {what}"), vertex.lines)
            }
        }
        CopyError::Other(message) => BuildError::at(message.clone(), vertex.lines),
    }
}
