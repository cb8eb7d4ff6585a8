//! `docker buildx …` and `docker builder …`, one file a verb.

pub(crate) mod build;
pub(crate) mod context;
pub(crate) mod du;
pub(crate) mod output;
pub(crate) mod prune;
pub(crate) mod secrets;
pub(crate) mod version;
