//! Builds for several platforms: a graph for each, joined to one (BuildKit `frontend/dockerui/build.go`).

use std::collections::BTreeSet;

use layerlab_api::build::BuildOptions;
use layerlab_dockerfile::instruction::{Arg, Stage};
use layerlab_oci::Platform;

use super::error::BuildError;
use super::graph::{Base, Graph, HistoryLine, Kind, StageResult, TreeSource};
use super::needs::{Needs, Wanted, host, needs};
use super::stage;

/// The platforms of `--platform`, in their order; this machine's without it.
///
/// # Errors
/// One is none.
pub fn wanted(options: &BuildOptions) -> Result<Vec<Platform>, BuildError> {
    let mut out: Vec<Platform> = Vec::new();
    for text in options.platform.split(',').map(str::trim).filter(|t| !t.is_empty()) {
        let text = if text == "local" { "linux/amd64" } else { text };
        let p = Platform::parse(text, &host())
            .map_err(|e| BuildError::new(format!("failed to parse target platform {text}: {e}")))?
            .normalized();
        if !out.contains(&p) {
            out.push(p);
        }
    }
    if out.is_empty() {
        out.push(host());
    }
    Ok(out)
}

/// What is needed for each platform.
///
/// # Errors
/// See [`needs`].
pub fn all_needs(
    stages: &[Stage],
    args: &[Arg],
    options: &BuildOptions,
    escape: char,
) -> Result<Vec<Needs>, BuildError> {
    let platforms = wanted(options)?;
    let multi = platforms.len() > 1;
    let one = |p: &Platform| needs(stages, args, options, escape, p).map(|n| Needs { multi, ..n });
    platforms.iter().map(one).collect()
}

/// Images of all platforms, each once.
pub fn images(all: &[Needs]) -> Vec<Wanted> {
    let mut out: Vec<Wanted> = Vec::new();
    for wanted in all.iter().flat_map(|n| &n.images) {
        if !out.iter().any(|o| o.full == wanted.full && o.platform == wanted.platform) {
            out.push(wanted.clone());
        }
    }
    out
}

/// Stages that any platform needs.
pub fn stages(all: &[Needs]) -> BTreeSet<usize> {
    all.iter().flat_map(|n| n.stages.iter().copied()).collect()
}

/// The graph of all platforms; `bases` are those of [`images`].
///
/// # Errors
/// See [`stage::graph`].
pub fn graph(
    stages: &[Stage],
    all: &[Needs],
    bases: &[Base],
    options: &BuildOptions,
    escape: char,
) -> Result<Graph, BuildError> {
    let mut out = Graph { bases: bases.to_vec(), ..Graph::default() };
    for needs in all {
        let one = stage::graph(stages, needs, bases.to_vec(), options, escape)?;
        out.target = one.target;
        let (place, result) = join(&mut out, one);
        let result = result.unwrap_or_default();
        out.images.push((needs.target_platform.clone(), moved(result, &place)));
    }
    Ok(out)
}

/// Adds the steps of a graph; equal steps are the same. Answers where each is now.
fn join(out: &mut Graph, one: Graph) -> (Vec<usize>, Option<StageResult>) {
    let mut place: Vec<usize> = Vec::new();
    let remotes: Vec<usize> = one
        .remotes
        .into_iter()
        .map(|r| match out.remotes.iter().position(|o| o.is_same(&r)) {
            Some(i) => i,
            None => {
                out.remotes.push(r);
                out.remotes.len() - 1
            }
        })
        .collect();
    for mut v in one.vertices {
        let moved = |old: usize| place.get(old).copied().unwrap_or(old);
        let source = |s: &mut TreeSource| match s {
            TreeSource::Vertex(Some(old)) => *old = moved(*old),
            TreeSource::Remote(n) => *n = remotes.get(*n).copied().unwrap_or(*n),
            _ => {}
        };
        v.parent = v.parent.map(moved);
        match &mut v.kind {
            Kind::Copy(_, s) => source(s),
            Kind::Run(step) => step.mounts.iter_mut().filter_map(|(_, s)| s.as_mut()).for_each(source),
            _ => {}
        }
        let same = |o: &&super::graph::Vertex| {
            (o.stage, o.lines, o.parent) == (v.stage, v.lines, v.parent)
                && format!("{:?}", o.kind) == format!("{:?}", v.kind)
        };
        let known = out.vertices.iter().position(|o| same(&o));
        place.push(known.unwrap_or(out.vertices.len()));
        if known.is_none() {
            out.vertices.push(v);
        }
    }
    let mut stages = one.stages;
    let result = stages.get(&one.target).cloned();
    for (n, s) in std::mem::take(&mut stages) {
        out.stages.entry(n).or_insert_with(|| moved(s, &place));
    }
    (place, result)
}

fn moved(mut result: StageResult, place: &[usize]) -> StageResult {
    let at = |old: usize| place.get(old).copied().unwrap_or(old);
    result.last = result.last.map(at);
    for line in &mut result.history {
        if let HistoryLine::Layer(_, v) = line {
            *v = at(*v);
        }
    }
    result
}
