//! `docker buildx …` and `docker builder …`, one file a verb.

pub(crate) mod bake;
pub(crate) mod build;
pub(crate) mod builders;
pub(crate) mod cache;
pub(crate) mod call;
pub(crate) mod context;
pub(crate) mod create;
pub(crate) mod du;
pub(crate) mod history;
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
pub(crate) mod vcs;
pub(crate) mod version;

/// Which buildx this is.
pub(crate) const VERSION: &str = "v0.30.1";
/// What it tells the client of itself (`docker-cli-plugin-metadata`).
pub(crate) const METADATA: &str = "{\"SchemaVersion\":\"0.1.0\",\"Vendor\":\"Docker Inc.\",\"Version\":\"v0.30.1\",\"ShortDescription\":\"Docker Buildx\"}\n";
