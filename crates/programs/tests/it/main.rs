//! The programs in a kernel.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod pip;
