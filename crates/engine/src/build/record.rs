//! A build as data, for the picture, the checks and the next build's causes.

use std::rc::Rc;

use layerlab_oci::{Digest, Timestamp};

use super::cause::Cause;
use super::key::{FileSet, Inputs, Key};

/// A build, finished or running.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuildRecord {
    /// Counts the machine's builds, from 1.
    pub number: u64,
    /// Its name in `docker buildx history`.
    pub name: String,
    /// The builder; empty: the daemon's own.
    pub builder: String,
    /// Path of the Dockerfile as the client told it.
    pub dockerfile: String,
    /// The Dockerfile's text.
    pub text: String,
    /// `-t`, as given.
    pub tags: Vec<String>,
    /// `--target`.
    pub target: String,
    /// How it stands.
    pub state: BuildState,
    /// When it began.
    pub started: Timestamp,
    /// Milliseconds that it took so far.
    pub took: u64,
    /// Milliseconds that the cache saved.
    pub saved: u64,
    /// The context's files.
    pub context: FileSet,
    /// Every instruction, in the Dockerfile's order.
    pub lines: Vec<LineRecord>,
    /// The image's ID.
    pub image: Option<Digest>,
}

/// How a build stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuildState {
    /// At work.
    Running,
    /// The image is there.
    Done,
    /// It failed.
    Failed {
        /// The line that is to blame, from 1.
        line: Option<u32>,
        /// BuildKit's message, without `failed to solve: `.
        message: String,
    },
    /// The client went away.
    Canceled,
}

/// What became of an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LineRecord {
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// Number of its stage.
    pub stage: u32,
    /// As written, continued lines joined.
    pub text: String,
    /// The step's name without its number, if it is a step.
    pub step: String,
    /// What became of it.
    pub state: LineState,
    /// Milliseconds that it took.
    pub took: u64,
    /// Milliseconds that it took when it last ran, if it came from the cache.
    pub saved: u64,
    /// The layer that it made or found.
    pub layer: Option<Digest>,
    /// The layer's nominal bytes.
    pub size: u64,
    /// What its result depended on.
    pub inputs: Option<Rc<Inputs>>,
    /// Its cache key.
    pub key: Option<Key>,
}

/// What became of an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LineState {
    /// It only changes the image's config.
    Config,
    /// Its turn has not come.
    Waiting,
    /// At work.
    Running(Option<Cause>),
    /// From the cache.
    Hit {
        /// Number of the build that made it; 0: a base image that was here already.
        made_by: u64,
    },
    /// It ran; FROM has no cause.
    Miss(Option<Cause>),
    /// It ran and failed.
    Failed(Option<Cause>),
    /// Not needed, or a step before failed.
    Skipped,
}

impl LineRecord {
    /// An instruction whose turn has not come.
    pub fn new(lines: (u32, u32), stage: u32, text: &str, state: LineState) -> Self {
        let text = text.to_owned();
        Self {
            lines,
            stage,
            text,
            step: String::new(),
            state,
            took: 0,
            saved: 0,
            layer: None,
            size: 0,
            inputs: None,
            key: None,
        }
    }
}
