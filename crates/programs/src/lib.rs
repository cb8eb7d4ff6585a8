//! What images contain: interpreters, servers, package managers. One program a file (or folder).

mod hello_world;
mod nginx;
mod packages;
mod pip;
mod python;
mod redis;
mod unsimulated;

/// The programs of this crate.
pub const PROGRAMS: &[(&str, layerlab_kernel::Start)] = &[
    ("apk", packages::apk::start),
    ("apt", packages::apt::start),
    ("apt-cache", packages::apt::start),
    ("apt-get", packages::apt::start),
    ("dpkg", packages::dpkg::start),
    ("dpkg-query", packages::dpkg::start),
    ("hello-world", hello_world::start),
    ("mirror", packages::mirror::start),
    ("nginx", nginx::start),
    ("pip", pip::start),
    ("python", python::start),
    ("redis-cli", redis::cli::start),
    ("redis-server", redis::start),
    ("unsimulated", unsimulated::start),
];
