//! What the desk needs of a machine. `lab.rs` is the one that there is; tests of the desk bring a
//! scripted one.

use layerlab_lab::snapshot::Look;
use layerlab_protocol::{
    Boot, BootReport, Encoded, FileContent, Frame, GoalState, HomeFile, HttpAnswer, HttpFailure, ObjectKind, Speed,
    Terminal, Timeline,
};

/// Something that the person does to the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// At the terminal that is shown.
    Key(Vec<u8>),
    Resize {
        rows: u16,
        cols: u16,
    },
    WriteFile {
        path: String,
        bytes: Vec<u8>,
    },
    CreateFile {
        path: String,
    },
    Undo,
    Redo,
    JumpTo(u32),
    HttpGet {
        id: u32,
        port: u16,
        path: String,
    },
    OpenTerminal {
        command: Option<String>,
    },
    CloseTerminal(u32),
}

/// How far a slice came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All that was due is done.
    Done,
    /// There is more to do at once.
    More,
    /// It cannot go on before this part of its programs is there.
    Missing(&'static str),
}

/// How far a film is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filmed {
    /// None is being made.
    Nothing,
    /// It takes another turn.
    More,
    /// It is there.
    Done(Encoded<Vec<Frame>>),
}

/// An answer to `Input::HttpGet`, with its id.
pub(crate) type HttpResult = (u32, Result<HttpAnswer, HttpFailure>);

/// What looks at goals.
pub(crate) trait Observe {
    /// Begins to look whether a goal is reached, by this script, in a copy of the machine as it is now.
    fn observe(&mut self, script: &str);
    /// Goes on looking for some milliseconds; how the goal stands once that is found out.
    fn observed(&mut self) -> Option<GoalState>;
}

/// A machine with its session.
pub(crate) trait Machine: Observe {
    /// Applies an input. If it is one that the log keeps, `announce` gets the bytes that store it
    /// before anything happens.
    ///
    /// # Errors
    /// The kernel's words.
    fn apply(&mut self, input: &Input, announce: &mut dyn FnMut(Vec<u8>)) -> Result<(), String>;
    /// Lets virtual time follow `milliseconds` of real time at that speed, but does not work longer
    /// than some milliseconds.
    fn run(&mut self, milliseconds: f64, speed: Speed) -> Progress;
    /// Lets virtual time go on to the next thing that happens.
    fn step(&mut self);
    /// Milliseconds until something happens by itself; `None`: never.
    fn next_event(&mut self) -> Option<f64>;
    /// The terminals, and which of them is shown.
    fn terminals(&self) -> (Vec<Terminal>, u32);
    /// Shows another one, if it is there.
    fn show(&mut self, terminal: u32);
    /// A command runs in the foreground of the terminal that is shown.
    fn busy(&self) -> bool;
    /// Of the terminal that is shown.
    fn take_output(&mut self) -> Vec<u8>;
    /// All that the terminal that is shown has shown.
    fn transcript(&self) -> Vec<u8>;
    /// If it changed since the last call.
    fn take_timeline(&mut self) -> Option<Timeline>;
    fn take_http(&mut self) -> Vec<HttpResult>;
    /// Begins to play the latest command once more, in a copy. Whether that is possible.
    fn film(&mut self) -> bool;
    /// Goes on with that for some milliseconds.
    fn filmed(&mut self) -> Filmed;
    /// What is different since the last look; `None`: nothing, or what looks at it is not loaded.
    fn look(&mut self) -> Option<Look>;
    /// All that docker tells of something; `None` where it does not answer.
    fn inspect(&self, kind: ObjectKind, name: &str) -> Option<String>;
    fn read_file(&self, path: &str) -> FileContent;
    fn home(&self) -> Vec<HomeFile>;
    /// The whole log.
    fn log(&self) -> Vec<u8>;
}

/// Boots a machine or continues a saved one.
pub(crate) type StartMachine = Box<dyn Fn(&Boot) -> Result<(Box<dyn Machine>, BootReport), String>>;
