use crate::{GoalCheck, HomeFile, ObjectKind, SavedSession, Speed};
use serde::{Deserialize, Serialize};

/// What the page tells the worker.
#[expect(missing_docs, reason = "a variant's words cover its fields")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Starts a machine, or continues a saved one. The first message; a later one replaces the machine.
    Boot(Boot),
    /// Bytes from the keyboard, a paste, or the terminal's answers to queries: for the terminal that is shown.
    Key(Vec<u8>),
    /// The size in characters of the place where terminals are shown.
    Resize { rows: u16, cols: u16 },
    /// Saves a file of the home folder. Answer: `Saved`.
    WriteFile { path: String, bytes: Vec<u8> },
    /// Answer: `File`.
    ReadFile { path: String },
    /// Makes an empty file, or a folder if `path` ends in `/`. Answer: `Saved`.
    CreateFile { path: String },
    /// Back to the mark before the current one.
    Undo,
    /// Forward again, as long as nothing else was done since.
    Redo,
    /// To the state just after the mark with this index.
    JumpTo(u32),
    /// How virtual time follows real time. A setting of the view, never an input.
    Speed(Speed),
    /// While time stands still: on to the next thing that happens.
    Step,
    /// A hidden page pauses the machine.
    Visible(bool),
    /// Look at the goals now. Answer: `Checks`. (They are also looked at after every command.)
    CheckNow,
    /// A fresh machine of the same scenario; the log starts anew. Answer: `Ready`.
    Reset,
    /// Asks a published port of the machine, as a browser would. Answer: `Http` with the same id.
    HttpGet { id: u32, port: u16, path: String },
    /// All that docker tells of something, asked without leaving a trace. Answer: `Inspected` with the same id.
    Inspect { id: u32, kind: ObjectKind, name: String },
    /// Plays the latest command once more, in a copy of the machine. Answer: `Film`.
    Film,
    /// Shows this terminal. Answers: `Terminals`, `Output`.
    ShowTerminal(u32),
    /// Opens one more terminal and shows it; `command` is typed at it. Answers: `Terminals`, `Output`.
    OpenTerminal { command: Option<String> },
    /// Closes a terminal; not the first one. Answer: `Terminals`, and `Output` if it was shown.
    CloseTerminal(u32),
    /// Answered by `Pong` as soon as the worker is free: how the page notices that it hangs.
    Ping(u32),
}

/// What a lesson brings to its machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonStart {
    /// Its folder's name; empty: no lesson.
    pub slug: String,
    /// The home folder's files.
    pub files: Vec<HomeFile>,
    /// What all checks begin with.
    pub observer: String,
    /// Its goals, in the order of its text.
    pub goals: Vec<GoalCheck>,
    /// Exercises that were done before: their goals are not looked at any more.
    pub done: Vec<String>,
}

/// How a machine starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// What lies on the machine and which goals are looked at; by default an empty home folder, and no goals.
    pub lesson: LessonStart,
    /// Decides container ids, ports and all else that is random.
    pub seed: u64,
    /// Boot date of the machine's clock, seconds since 1970.
    pub date: u64,
    /// The terminal's size.
    pub rows: u16,
    /// The terminal's size.
    pub cols: u16,
    /// What to continue.
    pub saved: Option<SavedSession>,
}
