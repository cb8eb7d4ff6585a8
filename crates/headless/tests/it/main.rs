//! The native program, as a person or a script uses it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod beside;
mod cases;
mod command_line;
mod engine;
mod hijack;
mod real_client;
mod real_python;
mod real_tools;
mod standin;
