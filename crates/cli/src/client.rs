//! Talking to the daemon: what more than one command needs.

pub(crate) mod progress;
