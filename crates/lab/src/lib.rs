//! The composition root: puts kernel, shell, utilities, engine and client together into a
//! [`World`], and keeps a person's [`Session`] with it: input log, undo, saving.
//!
//! It knows neither browser nor real disk. Start reading at [`world`], then [`session`].

mod activation;
mod busybox;
pub mod film;
pub mod init;
pub mod input;
pub mod log;
pub mod marks;
pub mod observer;
pub mod pace;
pub mod parts;
pub mod scenario;
pub mod session;
pub mod snapshot;
mod terminal;
pub mod world;

pub use film::Film;
pub use input::Input;
pub use log::{Log, LogError};
pub use observer::{Observer, Verdict};
pub use scenario::{HomeFile, Scenario};
pub use session::{Restore, Session, Stop};
pub use world::{Probe, World};

/// Version of the core: logs of another one are played anew, command by command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
