//! `docker manifest …`, one file a verb: the client asks registries itself.

pub(crate) mod annotate;
pub(crate) mod create;
pub(crate) mod inspect;
pub(crate) mod push;
pub(crate) mod rm;
