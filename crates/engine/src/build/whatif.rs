//! What a build would do if something were changed: nothing is built. A pure function of Dockerfile,
//! context, cache and change; what it says is what building then does.

use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_api::build::{BuildOptions, Cause};
use layerlab_dockerfile::Severity;
use layerlab_kernel::vfs::{Inode, Node, Tree};
use layerlab_oci::Digest;
use serde::Serialize;

use super::cache::BuildCache;
use super::context::BuildContext;
use super::error::BuildError;
use super::graph::Base;
use super::needs::Wanted;
use super::plan::{self, Decision, World};
use super::platform;
use super::record::BuildRecord;

/// A change that is only thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file of the context gets other content (or is new).
    File(String),
    /// A file of the context goes.
    Remove(String),
    /// A line of the Dockerfile becomes another.
    Line(usize, String),
    /// Two lines of the Dockerfile change places.
    Swap(usize, usize),
    /// A build argument gets a value.
    Arg(String, String),
}

impl Change {
    /// Reads `file=PATH`, `remove=PATH`, `line=N:TEXT`, `swap=N,M`, `arg=NAME=VALUE`.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("invalid change {text:?}: file=PATH, remove=PATH, line=N:TEXT, swap=N,M or arg=NAME=VALUE");
        let (kind, rest) = text.split_once('=').ok_or_else(wrong)?;
        let path = || rest.trim_start_matches("./").trim_matches('/').to_owned();
        match kind {
            "file" => Ok(Self::File(path())),
            "remove" => Ok(Self::Remove(path())),
            "line" => {
                let (n, text) = rest.split_once(':').ok_or_else(wrong)?;
                Ok(Self::Line(n.trim().parse().map_err(|_| wrong())?, text.to_owned()))
            }
            "swap" => {
                let (a, b) = rest.split_once(',').ok_or_else(wrong)?;
                Ok(Self::Swap(a.trim().parse().map_err(|_| wrong())?, b.trim().parse().map_err(|_| wrong())?))
            }
            "arg" => {
                let (k, v) = rest.split_once('=').ok_or_else(wrong)?;
                Ok(Self::Arg(k.to_owned(), v.to_owned()))
            }
            _ => Err(wrong()),
        }
    }
}

/// What a forecast is made from.
pub struct Input<'a> {
    /// The Dockerfile.
    pub text: &'a str,
    /// The build's options.
    pub options: &'a BuildOptions,
    /// The context.
    pub context: &'a BuildContext,
    /// Named contexts.
    pub named: &'a [Rc<BuildContext>],
    /// Base images that are known, with their layers.
    pub bases: &'a [(Base, Vec<Digest>)],
    /// The cache.
    pub cache: &'a BuildCache,
    /// The build before.
    pub previous: Option<&'a BuildRecord>,
    /// The tree of layers.
    pub tree: &'a dyn Fn(&[Digest]) -> Option<Tree>,
}

/// What would become of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// FROM.
    Base,
    /// From the cache.
    Hit,
    /// It would run.
    Runs {
        /// Why.
        cause: Cause,
    },
    /// It copies from a step that would run: only then is it known.
    Depends,
    /// The build would fail here.
    Fails,
}

/// A step of a forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// As shown: `[2/5] WORKDIR /app`.
    pub name: String,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// What would become of it.
    pub outcome: Outcome,
    /// Milliseconds that it took when it last ran; 0: it never has.
    pub took: u64,
    /// Bytes of its layer when it last ran.
    pub size: u64,
}

/// What a build would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Every step.
    pub steps: Vec<Step>,
}

impl Forecast {
    /// Milliseconds that the steps took that would run.
    pub fn took(&self) -> u64 {
        self.running().map(|s| s.took).sum()
    }
    /// Bytes of their layers.
    pub fn size(&self) -> u64 {
        self.running().map(|s| s.size).sum()
    }
    fn running(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|s| matches!(s.outcome, Outcome::Runs { .. }))
    }
}

/// Tells what would happen.
///
/// # Errors
/// The changed Dockerfile can't be built, or needs an image that is not known here.
pub fn forecast(input: &Input<'_>, change: &Change) -> Result<Forecast, BuildError> {
    let mut options = input.options.clone();
    let mut lines: Vec<&str> = input.text.split('\n').collect();
    let mut context = input.context.clone();
    let place = |n: usize| n.checked_sub(1).filter(|i| *i < lines.len());
    let no_line = |n: usize| BuildError::new(format!("the Dockerfile has no line {n}"));
    match change {
        Change::File(path) | Change::Remove(path) => {
            let ignored = context.ignore.as_ref().is_some_and(|i| i.matches(path));
            if !ignored {
                let tree = with_file(&context.tree, path, matches!(change, Change::File(_)));
                context = context.with_tree(tree);
            }
        }
        Change::Line(n, new) => {
            let i = place(*n).ok_or_else(|| no_line(*n))?;
            if let Some(line) = lines.get_mut(i) {
                *line = new;
            }
        }
        Change::Swap(a, b) => {
            let (i, j) = (place(*a).ok_or_else(|| no_line(*a))?, place(*b).ok_or_else(|| no_line(*b))?);
            lines.swap(i, j);
        }
        Change::Arg(name, value) => {
            options.build_args.insert(name.clone(), Some(value.clone()));
        }
    }
    let text = lines.join("\n");
    let parsed = layerlab_dockerfile::parse(&text);
    let escape = parsed.ast.directives.escape_char();
    let (stages, args, diagnostics) = layerlab_dockerfile::stages(&parsed.ast);
    let mut all = parsed.diagnostics.iter().chain(&diagnostics);
    if let Some(d) = all.find(|d| d.severity == Severity::Error) {
        return Err(d.into());
    }
    let needs = platform::all_needs(&stages, &args, &options, escape)?;
    let mut bases = Vec::new();
    let mut chains = Vec::new();
    for Wanted { full, lines, platform, .. } in &platform::images(&needs) {
        let known = input.bases.iter().find(|(b, _)| b.reference == *full && b.platform == *platform);
        let (base, chain) =
            known.ok_or_else(|| BuildError::at(format!("{full} would have to be fetched first"), *lines))?;
        bases.push(base.clone());
        chains.push(chain.clone());
    }
    let graph = platform::graph(&stages, &needs, &bases, &options, escape)?;
    let names: Vec<Option<String>> = stages.iter().map(|s| s.name.clone()).collect();
    let world = World {
        number: 0,
        options: &options,
        stage_names: &names,
        cache: input.cache,
        previous: input.previous,
        context: &context,
        named: input.named,
        remotes: &[],
        bases: &chains,
        done: &BTreeMap::new(),
        ran: &BTreeMap::new(),
        tree: input.tree,
    };
    let plan = plan::plan(&graph, &world);
    let mut out = Forecast::default();
    for (vertex, step) in graph.vertices.iter().zip(&plan.steps) {
        let outcome = match &step.decision {
            Decision::Base => Outcome::Base,
            Decision::Hit { .. } => Outcome::Hit,
            Decision::Miss(cause) => Outcome::Runs { cause: cause.clone() },
            Decision::Later => Outcome::Depends,
            Decision::Fails(_) => Outcome::Fails,
        };
        let before = input.previous.and_then(|p| p.lines.iter().find(|l| l.step == vertex.text));
        out.steps.push(Step {
            name: vertex.name.clone(),
            lines: vertex.lines,
            outcome,
            took: before.map_or(0, |l| l.took.max(l.saved)),
            size: before.map_or(0, |l| l.size),
        });
    }
    Ok(out)
}

/// The tree with another content of a file, or without it.
fn with_file(tree: &Tree, path: &str, keep: bool) -> Tree {
    let mut tree = tree.clone();
    let full = format!("/{path}");
    if !keep {
        tree.remove_path(&full);
        return tree;
    }
    let mut inode = tree.at(&full).map_or_else(|| Inode::file(Vec::new(), 0o644), |i| Inode::clone(i));
    if let Node::File(content) = &inode.node {
        let mut content = content.to_vec();
        content.push(b'\n');
        inode.node = Node::File(Rc::new(content));
        let _ = tree.insert(&full, inode);
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::Change;

    #[test]
    fn changes_are_read() {
        assert_eq!(Change::parse("file=./src/a.py"), Ok(Change::File("src/a.py".into())));
        assert_eq!(Change::parse("line=3:RUN echo a=b:c"), Ok(Change::Line(3, "RUN echo a=b:c".into())));
        assert_eq!(Change::parse("swap=3,5"), Ok(Change::Swap(3, 5)));
        assert_eq!(Change::parse("arg=V=1=2"), Ok(Change::Arg("V".into(), "1=2".into())));
        assert!(Change::parse("nonsense").is_err() && Change::parse("swap=a,b").is_err());
    }
}
