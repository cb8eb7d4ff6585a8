//! Checks: what an exercise's goals look at. They look at the machine's state, never at what was
//! typed, so that every right way is accepted; where a goal is not reached they say what is and
//! what should be.

mod built_after_change;
mod container_runs;
mod image_built;
mod port_answers;
mod step_cached;
mod view;

use layerlab_lab::Session;
use layerlab_protocol::{CheckResult, GoalState, Words};
use serde::Deserialize;

pub use view::View;

use crate::Lesson;

/// How to find out whether a goal is reached; written in `lesson.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Check {
    /// An image of this name was built on this machine.
    ImageBuilt {
        /// Its name, as typed.
        image: String,
    },
    /// A container of this image runs.
    ContainerRuns {
        /// The image's name.
        image: String,
    },
    /// A container of this image answers HTTP on a port of the host.
    PortAnswers {
        /// The port on the host.
        port: u16,
        /// The image's name.
        image: String,
    },
    /// The image holds a file of the home folder as it is now, and that one was changed.
    BuiltAfterChange {
        /// The image's name.
        image: String,
        /// The file in the home folder.
        file: String,
        /// The file in the image.
        path: String,
    },
    /// In the latest build of this image that ran at least one step, this step came from the cache.
    StepCached {
        /// The image's name.
        image: String,
        /// How the instruction begins.
        step: String,
    },
    /// As `port-answers`, with a container of the image that holds the changed file.
    PortAnswersNew {
        /// The port on the host.
        port: u16,
        /// The image's name.
        image: String,
        /// The file in the home folder.
        file: String,
        /// The file in the image.
        path: String,
    },
}

/// Reached, or what is missing (nothing is said as long as nothing was tried).
type Verdict = Result<(), Option<Words>>;

fn words(de: impl Into<String>, en: impl Into<String>) -> Option<Words> {
    Some(Words { de: de.into(), en: en.into() })
}

impl Check {
    /// A check from `lesson.toml`, as JSON.
    ///
    /// # Errors
    /// No such kind, or other parameters.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// Looks.
    pub fn verdict(&self, view: &View<'_>) -> GoalState {
        let verdict = match self {
            Self::ImageBuilt { image } => image_built::check(view, image),
            Self::ContainerRuns { image } => container_runs::check(view, image),
            Self::PortAnswers { port, image } => port_answers::check(view, *port, image),
            Self::BuiltAfterChange { image, file, path } => built_after_change::check(view, image, file, path),
            Self::StepCached { image, step } => step_cached::check(view, image, step),
            Self::PortAnswersNew { port, image, file, path } => port_answers::check_new(view, *port, image, file, path),
        };
        match verdict {
            Ok(()) => GoalState::Done,
            Err(why) => GoalState::Open(why),
        }
    }
}

/// How all goals of a lesson stand.
pub fn all(lesson: &Lesson, session: &Session) -> Vec<CheckResult> {
    let view = View::new(lesson, session.world());
    let goals = lesson.exercises.iter().flat_map(|e| e.goals.iter().map(move |g| (e, g)));
    goals
        .map(|(e, g)| CheckResult {
            exercise: e.id.to_owned(),
            goal: g.id.to_owned(),
            // A check that does not parse is found by the lesson's test.
            state: Check::parse(g.check).map_or(GoalState::Open(None), |c| c.verdict(&view)),
        })
        .collect()
}
