//! The commands in a kernel, compared with the machine's own GNU tools where it has them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the real tools run on the real machine")]

mod archive;
mod differential;
mod git;
mod githost;
mod machine;
mod namespaces;
mod network;
mod streams;
mod system;
mod terminal;
mod web;
