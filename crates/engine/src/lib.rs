//! dockerd of the simulated machine: images, containers, networks and builds behind the Docker
//! Engine API, as programs of the simulated kernel.
//!
//! It never knows who asks: client, `curl` and the page's own checks see the same. It reads no
//! clock and no disk of its own; all that it knows is one value, [`state::EngineState`], the memory
//! that its threads share.
//!
//! Start reading at [`daemon`] (the accept loop), [`route`] (which endpoint), then the groups:
//! [`image`] (store, pull, layers), [`catalog`] (what the registry has), [`container`], [`network`],
//! [`build`]. What the page and the checks may ask is in [`query`]; what was done lately, step by step, in [`moment`].

pub mod build;
pub mod catalog;
pub mod container;
pub mod context;
pub mod daemon;
pub mod error;
pub mod filter;
pub mod handler;
pub mod image;
pub mod init;
pub mod moment;
pub mod network;
pub mod query;
pub mod registry;
mod remap;
pub mod route;
pub mod shared;
pub mod state;
pub mod swarm;
pub mod system;
pub mod transfer;
pub mod untar;
pub mod volume;
pub mod watch;

pub use state::EngineState;

/// The version of Docker that this is.
pub const VERSION: &str = "29.7.2";

/// The programs of this crate.
pub const PROGRAMS: &[(&str, layerlab_kernel::program::Start)] = &[
    ("buildctl", build::builder::start_client),
    ("buildkitd", build::builder::start_daemon),
    ("dockerd", daemon::start),
    ("docker-init", init::start),
    ("docker-untar", untar::start),
    ("registry", registry::start),
    ("internet", registry::start_site),
];
