use crate::{CheckResult, Encoded, FileContent, Frame, HomeFile, SnapshotChange, Terminal, Timeline};
use serde::{Deserialize, Serialize};

/// What the worker tells the page.
#[expect(missing_docs, reason = "a variant's words cover its fields")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The machine runs.
    Ready(BootReport),
    /// Bytes for the terminal that is shown. `replace`: clear it first (after undo, jump, reset and replay, and
    /// when another one is shown, where the bytes are the whole transcript up to here).
    Output { bytes: Vec<u8>, replace: bool },
    /// The terminals and which of them is shown; sent when that changed.
    Terminals { list: Vec<Terminal>, shown: u32 },
    /// What the machine looks like now, as the difference from what was told last.
    Snapshot(Encoded<SnapshotChange>),
    /// Answer to `ReadFile`.
    File { path: String, content: FileContent },
    /// Answer to `WriteFile` and `CreateFile`: `None`, or the kernel's words (`No space left on device`).
    Saved { path: String, error: Option<String> },
    /// The marks and where on them we are; sent when it changed.
    Timeline(Timeline),
    /// All goals of the lesson; sent when one changed.
    Checks(Vec<CheckResult>),
    /// To be stored.
    Persist(Persist),
    /// The home folder's files, after a command or a save that changed one: kept beside the log.
    Home(Vec<HomeFile>),
    /// Answer to `HttpGet`.
    Http { id: u32, answer: Result<HttpAnswer, HttpFailure> },
    /// Answer to `Inspect`: what `docker … inspect` prints; `None` while the machine cannot be asked.
    Inspected { id: u32, text: Option<String> },
    /// Answer to `Film`: what happened during the latest command, step by step; `None` where it cannot
    /// be told.
    Film(Option<Encoded<Vec<Frame>>>),
    /// A command runs in the foreground of the terminal that is shown (build, sleep …); at a prompt: false.
    Busy(bool),
    /// Answer to `Ping`.
    Pong(u32),
    /// The worker's last words: a defect of ours, never of the student's.
    Crashed { message: String },
}

/// How the start went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootReport {
    /// Inputs that were replayed from a saved session.
    pub replayed: u32,
    /// Why replay ended before the log's end, if it did.
    pub stop: Option<ReplayStop>,
}

/// Why a saved session could not be continued as it was.
#[expect(missing_docs, reason = "a variant's words cover its fields")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplayStop {
    /// The bytes are no session. The machine is fresh; the files of `home` were put back.
    Unreadable { reason: String },
    /// Made by another version; commands were played anew, and this one was the first to differ.
    Differs { line: String },
    /// The last input crashed the machine and was left out.
    Pending,
}

/// What is to be stored of the session. Sent before the input is applied, so that a crash leaves it
/// pending.
#[expect(missing_docs, reason = "a variant's words cover its fields")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Persist {
    /// Replaces all that is stored (after boot, undo, jump, reset).
    Whole { log: Vec<u8> },
    /// One more input, about to be applied.
    Append { record: Vec<u8> },
    /// All appended ones are applied, and what followed from them is over: the machine waits again.
    Applied,
}

/// An answer of a server inside the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpAnswer {
    /// e.g. 200
    pub status: u16,
    /// e.g. `OK`
    pub reason: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As received.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpFailure {
    /// Nothing listens there.
    Refused,
    /// The connection broke before an answer was complete.
    Reset,
    /// The server did not answer within the time given.
    Timeout,
    /// What came was not HTTP.
    NotHttp,
}
