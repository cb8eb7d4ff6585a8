//! What a build will do, decided before it is done: graph, cache and the build before in; hits and
//! misses with their first causes out. Nothing else decides.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::instruction::MountKind;
use layerlab_kernel::vfs::Tree;
use layerlab_oci::Digest;

use super::align::align;
use super::cache::BuildCache;
use super::cause::{Cause, compare};
use super::context::BuildContext;
use super::copy::{CopyError, files_of, select};
use super::graph::{Graph, Kind, TreeSource, Vertex};
use super::key::{CopyOp, FileSet, Inputs, Key, Op};
use super::record::{BuildRecord, LineRecord, LineState};
use super::remote::Fetched;

/// What is decided about a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// FROM: its image is known.
    Base,
    /// The cache has it.
    Hit {
        /// Number of the build that made it.
        made_by: u64,
    },
    /// It must run.
    Miss(Cause),
    /// It depends on files of a step that has not run yet.
    Later,
    /// Its sources are not there.
    Fails(CopyError),
}

/// A planned step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// What is decided.
    pub decision: Decision,
    /// What its result depends on, if that is known.
    pub inputs: Option<Rc<Inputs>>,
    /// Its key, if that is known.
    pub key: Option<Key>,
    /// What later steps stand on: the key, with `--link` joined with what is below.
    pub state: Option<Key>,
}

/// A plan: a decision for each step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// By number of the vertex.
    pub steps: Vec<PlannedStep>,
}

/// What a plan is made from.
pub struct World<'a> {
    /// The build's number.
    pub number: u64,
    /// Its options.
    pub options: &'a BuildOptions,
    /// Names of the stages, by number.
    pub stage_names: &'a [Option<String>],
    /// What is cached.
    pub cache: &'a BuildCache,
    /// The build to compare with.
    pub previous: Option<&'a BuildRecord>,
    /// The context.
    pub context: &'a BuildContext,
    /// Named contexts, by number.
    pub named: &'a [Rc<BuildContext>],
    /// Files that were fetched for ADD, by number.
    pub remotes: &'a [Fetched],
    /// Layers of the base images, by their number.
    pub bases: &'a [Vec<Digest>],
    /// Layers of steps that are done in this build.
    pub done: &'a BTreeMap<usize, Vec<Digest>>,
    /// Causes of steps that have run in this build.
    pub ran: &'a BTreeMap<usize, Cause>,
    /// The tree of layers; none while they are not here.
    pub tree: &'a dyn Fn(&[Digest]) -> Option<Tree>,
}

/// Makes a plan.
pub fn plan(graph: &Graph, world: &World<'_>) -> Plan {
    let mut plan = Plan::default();
    let before = world.previous.map(|p| align(graph, p)).unwrap_or_default();
    for (i, vertex) in graph.vertices.iter().enumerate() {
        let step = decide(graph, world, &plan, before.get(&i).copied(), i, vertex);
        plan.steps.push(step);
    }
    plan
}

/// The layers of a step's result, if they are known without running anything.
pub fn chain(graph: &Graph, world: &World<'_>, plan: &Plan, vertex: Option<usize>) -> Option<Vec<Digest>> {
    let mut above = Vec::new();
    let mut at = vertex;
    let mut below = loop {
        let Some(v) = at else { break Vec::new() };
        if let Some(done) = world.done.get(&v) {
            break done.clone();
        }
        let (step, vertex) = (plan.steps.get(v)?, graph.vertices.get(v)?);
        match (&step.decision, &vertex.kind) {
            (Decision::Base, Kind::From(n)) => break world.bases.get(*n)?.clone(),
            (Decision::Hit { .. }, _) => {
                let key = step.key?;
                if twin(plan, v, &key).is_some_and(|t| !world.done.contains_key(&t)) {
                    return None;
                }
                above.push(world.cache.get(&key)?.layer);
            }
            _ => return None,
        }
        at = vertex.parent;
    };
    below.extend(above.into_iter().rev());
    Some(below)
}

/// An earlier step of the same key that the build makes.
pub fn twin(plan: &Plan, vertex: usize, key: &Key) -> Option<usize> {
    let is_it = |s: &PlannedStep| s.key == Some(*key) && matches!(s.decision, Decision::Miss(_));
    plan.steps.iter().take(vertex).position(is_it)
}

/// The tree that files come from, if it is known.
pub fn source_tree(graph: &Graph, world: &World<'_>, plan: &Plan, source: TreeSource) -> Option<Tree> {
    match source {
        TreeSource::Context => Some(world.context.tree.clone()),
        TreeSource::Named(n) => world.named.get(n).map(|c| c.tree.clone()),
        TreeSource::Remote(n) => world.remotes.get(n).map(|r| r.tree.clone()),
        TreeSource::Base(n) => world.bases.get(n).and_then(|c| (world.tree)(c)),
        TreeSource::Vertex(v) => chain(graph, world, plan, v).and_then(|c| (world.tree)(&c)),
    }
}

fn decide(
    graph: &Graph,
    world: &World<'_>,
    plan: &Plan,
    before: Option<&LineRecord>,
    i: usize,
    vertex: &Vertex,
) -> PlannedStep {
    let open = |decision| PlannedStep { decision, inputs: None, key: None, state: None };
    let below = vertex.parent.and_then(|p| plan.steps.get(p));
    let state_below = below.and_then(|p| p.state);
    if let Some(PlannedStep { state: None, .. }) = below {
        return open(Decision::Later);
    }
    let op = match operation(graph, world, plan, vertex) {
        Ok(op) => op,
        Err(decision) => return open(decision),
    };
    let is_link = matches!(&vertex.kind, Kind::Copy(op, _) if op.link);
    let inputs = Rc::new(Inputs { parent: if is_link { None } else { state_below }, op });
    let key = inputs.key();
    let decision = match (&vertex.kind, world.ran.get(&i)) {
        (Kind::From(_), _) => Decision::Base,
        // The same as a step before it that this build makes: it is made once (BuildKit merges equal vertices).
        _ if twin(plan, i, &key).is_some() => Decision::Hit { made_by: world.number },
        // It ran in this build: what it left in the cache is not what is to be told.
        (_, Some(cause)) => Decision::Miss(cause.clone()),
        _ => look_up(graph, world, plan, before, vertex, &inputs, &key),
    };
    let state = match state_below {
        Some(below) if is_link => Inputs { parent: Some(below), op: Op::From(key) }.key(),
        _ => key,
    };
    PlannedStep { decision, inputs: Some(inputs), key: Some(key), state: Some(state) }
}

/// What a step depends on, files included; where they are not known yet or missing: that decision.
fn operation(graph: &Graph, world: &World<'_>, plan: &Plan, vertex: &Vertex) -> Result<Op, Decision> {
    let files = |op: &CopyOp, source: TreeSource| {
        let context = match source {
            TreeSource::Context => Some(world.context),
            TreeSource::Named(n) => world.named.get(n).map(AsRef::as_ref),
            _ => None,
        };
        if let TreeSource::Remote(n) = source
            && let Some(files) = world.remotes.get(n).and_then(|r| r.files.clone())
        {
            return Ok(files);
        }
        if let Some(context) = context {
            return context.files_for(op).map_err(Decision::Fails);
        }
        let tree = source_tree(graph, world, plan, source).ok_or(Decision::Later)?;
        select(&tree, op).map(|found| FileSet::new(files_of(&found))).map_err(Decision::Fails)
    };
    Ok(match &vertex.kind {
        Kind::From(n) => Op::From(graph.bases.get(*n).map_or(Digest::from_raw([0; 32]), |b| b.key)),
        Kind::Workdir(path) => Op::Workdir(path.clone()),
        Kind::Run(step) => {
            let mut op = step.op.clone();
            let pairs = step.mounts.iter().zip(&mut op.mounts);
            for ((mount, source), slot) in pairs.filter(|((m, _), _)| m.kind == MountKind::Bind) {
                let Some(source) = source else { continue };
                let wanted = CopyOp {
                    sources: vec![mount.source.clone().unwrap_or_else(|| "/".to_owned())],
                    ..CopyOp::default()
                };
                slot.files = files(&wanted, *source)?;
            }
            Op::Run(Box::new(op))
        }
        Kind::Copy(op, source) => Op::Copy(Box::new(CopyOp { files: files(op, *source)?, ..(**op).clone() })),
    })
}

fn look_up(
    graph: &Graph,
    world: &World<'_>,
    plan: &Plan,
    before: Option<&LineRecord>,
    vertex: &Vertex,
    inputs: &Inputs,
    key: &Key,
) -> Decision {
    let stage_name = world.stage_names.get(vertex.stage).and_then(Option::as_deref);
    let is_filtered = |f: &String| Some(f.to_lowercase().as_str()) == stage_name || *f == vertex.stage.to_string();
    let no_cache = world.options.no_cache || world.options.no_cache_filter.iter().any(is_filtered);
    let first = first_missed(graph, plan, vertex.parent);
    match (&vertex.kind, first) {
        // --no-cache leaves WORKDIR alone.
        (kind, _) if no_cache && !matches!(kind, Kind::Workdir(_)) => return Decision::Miss(Cause::NoCache),
        // A linked copy stands on nothing.
        (Kind::Copy(op, _), _) if op.link => {}
        // After a step that only --no-cache made run, WORKDIR is still what it was.
        (Kind::Workdir(_), Some(v)) if no_cache && only_no_cache(plan, v) => {}
        // A step that the build before did not have is new, whatever runs below it.
        (_, Some(_)) if before.is_none() => return Decision::Miss(Cause::NeverBuilt),
        (_, Some(v)) => {
            let v = graph.vertices.get(v);
            let (step, line) = (v.map(|v| v.name.clone()).unwrap_or_default(), v.map_or(0, |v| v.lines.0));
            return Decision::Miss(Cause::ParentMissed { step, line });
        }
        _ => {}
    }
    match world.cache.get(key) {
        Some(entry) => Decision::Hit { made_by: entry.made_by },
        None => Decision::Miss(why(graph, world, before, vertex, inputs, key)),
    }
}

fn only_no_cache(plan: &Plan, v: usize) -> bool {
    plan.steps.get(v).is_some_and(|s| s.decision == Decision::Miss(Cause::NoCache))
}

/// The lowest step below that runs in this build.
fn first_missed(graph: &Graph, plan: &Plan, parent: Option<usize>) -> Option<usize> {
    let mut at = parent;
    let mut found = None;
    while let Some(v) = at {
        if let Some(Decision::Miss(_)) = plan.steps.get(v).map(|s| &s.decision) {
            found = Some(v);
        }
        at = graph.vertices.get(v).and_then(|x| x.parent);
    }
    found
}

fn why(
    graph: &Graph,
    world: &World<'_>,
    before: Option<&LineRecord>,
    vertex: &Vertex,
    inputs: &Inputs,
    key: &Key,
) -> Cause {
    let Some((old, old_inputs)) = before.and_then(|b| Some((b, b.inputs.as_deref()?))) else {
        return Cause::NeverBuilt;
    };
    if old.key == Some(*key) {
        // It was known under this very key: unless it did not come to an end then, its result was taken away.
        let unfinished =
            matches!(old.state, LineState::Failed(_) | LineState::Skipped | LineState::Running(_) | LineState::Waiting);
        return if unfinished { Cause::NeverBuilt } else { Cause::CachePruned };
    }
    if let Some(cause) = compare(old_inputs, inputs, &old.step, &vertex.text) {
        return cause;
    }
    // The same on another ground: the base image moved, or other steps stand below.
    moved_base(graph, world, vertex).unwrap_or(Cause::NeverBuilt)
}

fn moved_base(graph: &Graph, world: &World<'_>, vertex: &Vertex) -> Option<Cause> {
    let mut at = vertex.parent;
    while let Some(v) = at {
        let found = graph.vertices.get(v)?;
        if let Kind::From(n) = &found.kind {
            let base = graph.bases.get(*n)?;
            let old_digest = |l: &LineRecord| match l.inputs.as_deref() {
                Some(Inputs { op: Op::From(d), .. }) => Some(*d),
                _ => None,
            };
            let of_stage = |l: &&LineRecord| l.stage as usize == found.stage;
            let old = world.previous?.lines.iter().filter(of_stage).find_map(old_digest)?;
            let moved = Cause::BaseImageMoved {
                reference: base.reference.clone(),
                old: old.to_string(),
                new: base.key.to_string(),
            };
            return (old != base.key).then_some(moved);
        }
        at = found.parent;
    }
    None
}

impl Plan {
    /// A line for each step.
    pub fn describe(&self, graph: &Graph) -> String {
        let mut out = String::new();
        for (v, s) in graph.vertices.iter().zip(&self.steps) {
            let what = match &s.decision {
                Decision::Base => "base".to_owned(),
                Decision::Hit { made_by } => format!("hit, made by build {made_by}"),
                Decision::Miss(cause) => format!("miss: {cause}"),
                Decision::Later => "decided when its sources are there".to_owned(),
                Decision::Fails(CopyError::NotFound(path)) => format!("fails: {path} not found"),
                Decision::Fails(CopyError::Other(message)) => format!("fails: {message}"),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{} -> {what}", v.name);
        }
        out
    }
}
