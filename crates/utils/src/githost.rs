//! `githost`: what answers at an address of the simulated internet where git repositories are kept.

pub(crate) use crate::git::hub::main;
