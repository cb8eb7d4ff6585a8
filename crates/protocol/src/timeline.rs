use serde::{Deserialize, Serialize};

/// Every command that was entered, and where we are among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Oldest first, those that can be redone included.
    pub marks: Vec<Mark>,
    /// How many of them are in force: the next command follows mark `at - 1`.
    pub at: u32,
    /// Whether `Undo` does something now.
    pub can_undo: bool,
    /// Whether `Redo` does something now.
    pub can_redo: bool,
}

/// A command of the student, or a save in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The command line, or the path saved.
    pub line: String,
    /// Saved in the editor, not entered.
    pub save: bool,
    /// Exit status; `None` while it runs, and for saves.
    pub exit: Option<u8>,
    /// Milliseconds since boot at its end (while it runs: at its start).
    pub time: u64,
    /// A short name if it is worth a large mark, e.g. `build`, `run web`.
    pub label: Option<String>,
}

/// How virtual time follows real time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Speed {
    /// Time stands still but for steps (`ToWorker::Step`).
    Paused,
    /// A quarter, to watch.
    Slow,
    /// As on a real machine.
    #[default]
    Real,
    /// Eight times.
    Fast,
    /// Waits of a foreground command are skipped.
    Instant,
}
