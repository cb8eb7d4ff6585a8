//! What a person does to the world.

use serde::{Deserialize, Serialize};

/// An input. With its time it determines, together with all before it, what the world becomes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// Bytes typed at the terminal.
    Key(Vec<u8>),
    /// The terminal's new size.
    Resize {
        /// Lines.
        rows: u16,
        /// Columns.
        cols: u16,
    },
    /// A file saved in the editor; the path is relative to the home folder.
    WriteFile {
        /// Where.
        path: String,
        /// What.
        data: Vec<u8>,
    },
    /// A new folder in the home folder.
    CreateFolder {
        /// Where.
        path: String,
    },
    /// A command started from outside, with its standard descriptors there (the page's small
    /// browser, a script of the native program). It runs as the student in the home folder.
    Run {
        /// By what number it is known.
        id: u32,
        /// Command line.
        argv: Vec<String>,
    },
    /// Bytes for the standard input of such a command; none: its end.
    Stdin {
        /// Which.
        id: u32,
        /// What.
        data: Option<Vec<u8>>,
    },
}
