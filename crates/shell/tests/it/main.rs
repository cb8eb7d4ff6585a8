//! The shells in a machine: scripts compared with the real ones, and sessions at a terminal.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "cases are files, and the oracles are real programs")]

mod cases;
mod completion;
mod interactive;
mod machine;
mod parser;
mod process;
