//! dockerd in a simulated machine, driven over its socket by a small client.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod builds;
mod containers;
mod images;
mod machine;
