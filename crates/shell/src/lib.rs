//! The simulated machine's shells: bash, dash and busybox ash, with a line editor.
//!
//! [`parse`] turns text into a tree, one complete command at a time; [`eval`] runs it as a machine
//! with its frames on the heap, so that it can wait for any system call, be cloned with the world,
//! and fork; [`expand`] makes words into fields; [`builtins`] has one command a file; [`edit`] is
//! the line editor, pure; [`interactive`] joins it to a terminal. Nothing here knows of utilities,
//! of Docker or of lessons: the shell finds programs through `PATH`, and asks docker's own hidden
//! `__complete` command what could follow.

pub mod builtins;
pub mod date;
pub mod dialect;
pub mod edit;
pub mod escape;
pub mod eval;
pub mod expand;
pub mod interactive;
pub mod parse;
pub mod print;
mod program;
pub mod vars;

pub use dialect::Dialect;
pub use program::PROGRAMS;
