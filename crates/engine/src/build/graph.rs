//! The steps of a build and the stages' results, as data: see [`super::stage`] for how they come about.

use std::collections::BTreeMap;

use layerlab_dockerfile::instruction::Mount;
use layerlab_oci::{Digest, History, ImageConfig, Platform};

use super::key::{CopyOp, RunOp};

/// Where programs are looked for, if the image doesn't say.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A base image.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its full name.
    pub reference: String,
    /// What the name points to.
    pub digest: Digest,
    /// What its steps stand on: the same, for another platform than this machine's the manifest.
    pub key: Digest,
    /// The platform that it was asked for.
    pub platform: Platform,
    /// Its config.
    pub config: ImageConfig,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Vertex {
    /// As shown: `[2/5] WORKDIR /app`.
    pub name: String,
    /// The same without its number.
    pub text: String,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// Its stage.
    pub stage: usize,
    /// The step that it stands on; none: on nothing.
    pub parent: Option<usize>,
    /// What it does.
    pub kind: Kind,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// FROM an image: number of the base.
    From(usize),
    /// RUN.
    Run(Box<RunStep>),
    /// COPY or ADD, and from where.
    Copy(Box<CopyOp>, TreeSource),
    /// WORKDIR: the absolute path.
    Workdir(String),
}

/// A RUN. The files of its bind mounts are not yet in the key.
#[derive(Clone, Debug)]
pub struct RunStep {
    /// What is in the key.
    pub op: RunOp,
    /// What runs.
    pub argv: Vec<String>,
    /// As the error message names it.
    pub shown: String,
    /// A script that is written to `/dev/pipes/` first: name and content.
    pub script: Option<(String, String)>,
    /// Mounts with their sources; none: nothing is copied or shown.
    pub mounts: Vec<(Mount, Option<TreeSource>)>,
    /// Environment that is in no key.
    pub proxies: Vec<(String, String)>,
}

/// A tree that files come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeSource {
    /// The build context.
    Context,
    /// A step's result; none: nothing.
    Vertex(Option<usize>),
    /// A base image.
    Base(usize),
    /// A named context, by number.
    Named(usize),
    /// A file that ADD fetches, by number.
    Remote(usize),
}

/// A file or repository that ADD fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The step's name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// `--checksum`.
    pub checksum: Option<String>,
    /// `--keep-git-dir`.
    pub keep_git_dir: bool,
    /// First and last line, from 1.
    pub lines: (u32, u32),
}

impl Remote {
    /// Whether the same is fetched.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.url, &self.checksum, self.keep_git_dir) == (&other.url, &other.checksum, other.keep_git_dir)
    }
}

/// A line of the image's history.
#[derive(Clone, Debug)]
pub enum HistoryLine {
    /// Of the base image.
    Base(History),
    /// Only config.
    Config(String),
    /// With the layer of this step.
    Layer(String, usize),
}

/// A stage's result.
#[derive(Clone, Debug, Default)]
pub struct StageResult {
    /// The image's config.
    pub config: ImageConfig,
    /// Its history.
    pub history: Vec<HistoryLine>,
    /// Its last step.
    pub last: Option<usize>,
    /// ARG so far, with their values.
    pub args: Vec<(String, Option<String>)>,
}

/// All steps of a build.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In an order in which they can be done.
    pub vertices: Vec<Vertex>,
    /// Results of the stages that are built.
    pub stages: BTreeMap<usize, StageResult>,
    /// Base images.
    pub bases: Vec<Base>,
    /// Files that ADD fetches.
    pub remotes: Vec<Remote>,
    /// The stage that is wanted.
    pub target: usize,
    /// What becomes an image: the wanted stage's result for each platform.
    pub images: Vec<(Platform, StageResult)>,
}

impl Graph {
    /// The results that an image is made from.
    pub fn results(&self) -> impl Iterator<Item = &StageResult> {
        self.images.iter().map(|i| &i.1)
    }
}
