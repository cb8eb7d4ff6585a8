//! `docker network …`, one file a verb.

pub(crate) mod connect;
pub(crate) mod create;
pub(crate) mod disconnect;
pub(crate) mod inspect;
mod ipam;
pub(crate) mod ls;
pub(crate) mod prune;
pub(crate) mod rm;
