//! Images: the store, and one file for each endpoint.

pub mod delete;
pub mod history;
pub mod inspect;
pub mod layer;
pub mod list;
pub mod load;
pub mod pull;
pub mod save;
mod store;
pub mod tag;
pub mod unpack;

pub use store::{Image, Named, Store};
