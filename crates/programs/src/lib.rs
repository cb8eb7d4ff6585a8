//! What images contain: interpreters, servers, package managers. One program a file (or folder).

mod python;

/// The programs of this crate.
pub const PROGRAMS: &[(&str, layerlab_kernel::Start)] = &[("python", python::start)];
