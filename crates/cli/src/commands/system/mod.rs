//! `docker system …`, `docker version`, one file a verb.

pub(crate) mod df;
mod df_verbose;
pub(crate) mod dial_stdio;
pub(crate) mod events;
pub(crate) mod info;
pub(crate) mod prune;
pub(crate) mod version;
