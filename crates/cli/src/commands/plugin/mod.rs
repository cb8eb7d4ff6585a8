//! `docker plugin …`: this daemon has no managed plugins, which their list tells.

pub(crate) mod ls;
pub(crate) mod other;
