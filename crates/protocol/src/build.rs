use serde::{Deserialize, Serialize};

/// A run of `docker build`, line by line of its Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Counts the builds of the machine, from 1.
    pub number: u32,
    /// Path of the Dockerfile on the machine.
    pub dockerfile: String,
    /// As given by `-t`.
    pub tags: Vec<String>,
    /// How it stands.
    pub state: BuildState,
    /// Milliseconds that it took so far.
    pub took: u64,
    /// Milliseconds that the cache saved.
    pub saved: u64,
    /// Every instruction, in the Dockerfile's order.
    pub lines: Vec<BuildLine>,
    /// The finished image's id.
    pub image: Option<String>,
}

/// How a build stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildState {
    /// Still at work.
    Running,
    /// The image is there.
    Done,
    /// `message` is docker's, without `ERROR: `; `line` if one is to blame.
    Failed {
        /// Line of the Dockerfile, from 1.
        line: Option<u32>,
        /// What docker says.
        message: String,
    },
    /// Stopped with ^C.
    Canceled,
}

/// An instruction of the Dockerfile and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildLine {
    /// Its first line in the Dockerfile, from 1.
    pub line: u32,
    /// As written; continued lines joined by single blanks.
    pub text: String,
    /// What became of it.
    pub state: LineState,
    /// Milliseconds that it took, or 0.
    pub took: u64,
    /// Milliseconds that it took when it last ran, if it came from the cache.
    pub saved: u64,
    /// The layer that it made or found, if it makes one.
    pub layer: Option<String>,
    /// The layer's nominal bytes.
    pub size: u64,
}

/// What became of an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineState {
    /// Makes no step: it only changes the image's config (ENV, EXPOSE, CMD …).
    Config,
    /// Its turn has not come.
    Waiting,
    /// At work.
    Running(Option<MissCause>),
    /// From the cache.
    Hit,
    /// Ran, for this first cause.
    Miss(MissCause),
    /// Ran and failed.
    Failed(Option<MissCause>),
    /// In a stage that the target does not need, or after a failure.
    Skipped,
}

/// The first cause why a step could not be taken from the cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MissCause {
    /// Nothing like it was built before (or its cache was pruned).
    NeverBuilt,
    /// `--no-cache`.
    NoCache,
    /// Files that the step copies or mounts: paths in the context, in byte order.
    Files {
        /// With other content or mode.
        changed: Vec<String>,
        /// New.
        added: Vec<String>,
        /// Gone.
        removed: Vec<String>,
    },
    /// The instruction's text is another: the earlier one.
    Instruction {
        /// As it was.
        before: String,
    },
    /// A step that it stands on ran again.
    Parent {
        /// That step's line, from 1.
        line: u32,
    },
    /// The tag of FROM names other bytes now.
    Base {
        /// As in FROM.
        reference: String,
    },
    /// A variable that the step sees has another value.
    Variable {
        /// Its name.
        name: String,
        /// ARG, else ENV.
        argument: bool,
    },
    /// USER, WORKDIR, SHELL or another setting before it changed: the instruction's name.
    Setting {
        /// e.g. `USER`
        instruction: String,
    },
}
