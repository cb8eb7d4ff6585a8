use serde::{Deserialize, Serialize};

/// A goal of the lesson, and how it is found out whether it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalCheck {
    /// The exercise's id.
    pub exercise: String,
    /// The goal's id within it.
    pub goal: String,
    /// A script for the invisible observer.
    pub script: String,
}

/// How a goal of the lesson stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The exercise's id, the same in all languages.
    pub exercise: String,
    /// The goal's id within it.
    pub goal: String,
    /// How it stands.
    pub state: GoalState,
}

/// How a goal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GoalState {
    /// Reached.
    Done,
    /// Not reached; what is, and what should be. `None` as long as nothing was tried.
    Open(Option<Words>),
}

/// A sentence in every language of the course, so that the page can switch without asking.
/// `code` in backticks is shown as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}
