//! `docker buildx …` and `docker builder …`, one file a verb.

pub(crate) mod bake;
pub(crate) mod build;
pub(crate) mod builders;
pub(crate) mod cache;
pub(crate) mod call;
pub(crate) mod context;
pub(crate) mod create;
pub(crate) mod du;
pub(crate) mod imagetools;
pub(crate) mod imagetools_create;
pub(crate) mod inspect;
pub(crate) mod ls;
pub(crate) mod node;
pub(crate) mod output;
pub(crate) mod prune;
pub(crate) mod rm;
pub(crate) mod secrets;
pub(crate) mod stop;
pub(crate) mod use_;
pub(crate) mod version;
