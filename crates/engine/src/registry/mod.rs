//! Registries: the program `registry` (the image `registry:2`), those of the simulated internet, and the
//! daemon as their client. All speak the OCI distribution protocol over the simulated network; `curl` sees
//! the same.

pub(crate) mod client;
pub mod distribution;
mod error;
pub(crate) mod fetch;
mod host;
pub mod login;
mod official;
pub mod push;
mod search;
mod serve;
mod site;
mod store;
mod upload;

pub use fetch::{lookup, lookup_base};
pub use host::SITES;
pub use search::search;
pub use serve::start;
pub use site::start as start_site;
