//! dockerd in a simulated machine, driven over its socket by a small client.
#![allow(clippy::unwrap_used, clippy::panic, unreachable_pub, reason = "tests")]

mod build_config;
mod build_files;
mod build_laws;
mod build_rules;
mod builds;
mod containers;
mod images;
mod lifecycle;
mod machine;
