//! `docker context …`, one file a verb: this machine has only the default context.

pub(crate) mod ls;
pub(crate) mod show;
pub(crate) mod use_;
