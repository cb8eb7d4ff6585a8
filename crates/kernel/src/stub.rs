//! Stand-in executables.
