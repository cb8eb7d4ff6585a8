//! What images contain: interpreters, servers, package managers. One program a file (or folder).

mod hello_world;
mod pip;
mod python;

/// The programs of this crate.
pub const PROGRAMS: &[(&str, layerlab_kernel::Start)] =
    &[("hello-world", hello_world::start), ("pip", pip::start), ("python", python::start)];
