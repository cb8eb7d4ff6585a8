//! Registries: the program `registry` (the image `registry:2`), and the daemon as a registry's client.
//! Both speak the OCI distribution protocol over the simulated network; `curl` sees the same.

pub(crate) mod client;
pub mod distribution;
mod error;
pub(crate) mod fetch;
pub mod login;
pub mod push;
mod serve;
mod store;
mod upload;

pub use fetch::lookup;
pub use serve::start;
