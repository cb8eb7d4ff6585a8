//! The crate against real tools, and against arbitrary input.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests run real tools on real files, and fail by panicking"
)]

mod arbitrary;
mod buildah;
mod docker_cli;
mod go_bytes;
mod hostile;
mod image;
mod laws;
mod skopeo;
mod tar_tools;
mod tool;
mod umoci;
