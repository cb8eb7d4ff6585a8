//! Images: the store, and one file for each endpoint.

pub mod changes;
pub mod delete;
pub mod history;
pub mod import;
pub mod inspect;
pub mod layer;
pub mod layers;
pub mod list;
pub mod load;
pub mod pull;
pub mod save;
pub mod search;
mod store;
pub mod tag;
pub mod unpack;

pub use store::{Image, Named, Store};

use crate::context::Context;
use crate::route::{Handler, no_page};

/// The handler of a request about images.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, rest: &'a [&'a str]) -> Handler<'a> {
    match (method, rest) {
        ("GET", ["json"]) => Box::pin(list::endpoint(cx)),
        ("POST", ["create"]) if !cx.param("fromSrc").is_empty() => Box::pin(import::endpoint(cx)),
        ("POST", ["create"]) => Box::pin(pull::endpoint(cx)),
        ("POST", ["load"]) => Box::pin(load::endpoint(cx)),
        ("GET", ["search"]) => Box::pin(search::endpoint(cx)),
        ("POST", ["prune"]) => Box::pin(delete::prune(cx)),
        ("GET", ["get"]) => Box::pin(async move {
            let names: Vec<String> = cx.request.query.all("names").map(str::to_owned).collect();
            save::endpoint(cx, &names).await
        }),
        ("GET", [name @ .., "json"]) => Box::pin(async move { inspect::endpoint(cx, &name.join("/")).await }),
        ("GET", [name @ .., "history"]) => Box::pin(async move { history::endpoint(cx, &name.join("/")).await }),
        ("GET", [name @ .., "layers"]) => Box::pin(async move { layers::endpoint(cx, &name.join("/")).await }),
        ("GET", [name @ .., "get"]) => Box::pin(async move { save::endpoint(cx, &[name.join("/")]).await }),
        ("POST", [name @ .., "push"]) => {
            Box::pin(async move { crate::registry::push::endpoint(cx, &name.join("/")).await })
        }
        ("POST", [name @ .., "tag"]) => Box::pin(async move { tag::endpoint(cx, &name.join("/")).await }),
        ("DELETE", name) if !name.is_empty() => Box::pin(async move { delete::endpoint(cx, &name.join("/")).await }),
        _ => no_page(),
    }
}
