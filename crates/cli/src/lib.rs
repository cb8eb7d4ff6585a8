//! The docker client of the simulated machine: what people type, as requests to the engine, and
//! its answers as the text that the real client prints.
//!
//! Start reading: [`tree`] (every command and flag, one table), [`flags`] (pflag's rules),
//! [`help`], `main.rs`-like [`program`], then `commands/<noun>/<verb>.rs`, one file each. All wording
//! and exit codes of docker are made here; the daemon's wording in the engine.
//!
//! It must not know: the engine (only [`layerlab_api`]), files of the real machine, the page.

pub mod build;
mod cli;
mod client;
mod commands;
mod complete;
mod contexts;
mod credentials;
mod error;
pub mod flags;
pub mod format;
pub mod help;
mod host;
mod manifests;
pub mod program;
pub mod tree;

pub use commands::{is_available, why_unavailable};
pub use complete::complete;
pub use program::{PROGRAMS, Understood, understand};

/// The version that the client says it is.
pub const VERSION: &str = "29.7.2";
/// The commit that it says it was built from.
pub const COMMIT: &str = "8659aa5";
