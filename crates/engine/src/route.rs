//! Which endpoint a request is for.
//!
//! Every handler is a boxed future of its own: one future of them all would be one giant state
//! machine (181 KB of wasm once).

use std::future::Future;
use std::pin::Pin;

use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::{build, container, image, network, swarm, system, volume};

/// A handler at work.
pub type Handler<'a> = Pin<Box<dyn Future<Output = Reply> + 'a>>;

/// A handler that refuses.
pub fn refuse<'a>(error: ApiError) -> Handler<'a> {
    Box::pin(std::future::ready(Err(error)))
}

/// No such endpoint.
pub fn no_page<'a>() -> Handler<'a> {
    refuse(ApiError::not_found("page not found"))
}

/// The handler that answers a request.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, parts: &'a [&'a str]) -> Handler<'a> {
    match (method, parts) {
        ("GET" | "HEAD", ["_ping"]) => Box::pin(system::ping(cx)),
        ("GET", ["version"]) => Box::pin(system::version(cx)),
        ("GET", ["info"]) => Box::pin(system::info(cx)),
        ("GET", ["events"]) => Box::pin(system::events(cx)),
        ("GET", ["trace"]) => Box::pin(network::trace::endpoint(cx)),
        ("GET", ["system", "df"]) => Box::pin(system::df(cx)),
        ("POST", ["build"]) => Box::pin(build::endpoint(cx)),
        ("POST", ["session", "files"]) => Box::pin(build::session::endpoint(cx)),
        ("GET", ["build", "result", number, what]) => Box::pin(build::result(cx, number, what)),
        ("GET", ["build", "cache"]) => Box::pin(build::cache_list(cx)),
        (_, ["build", "history", rest @ ..]) => build::history::route(cx, method, rest),
        ("POST", ["build", "prune"]) => Box::pin(build::prune(cx)),
        ("GET", ["distribution", name @ .., what @ ("json" | "manifest")]) => {
            Box::pin(
                async move { crate::registry::distribution::endpoint(cx, &name.join("/"), *what == "manifest").await },
            )
        }
        ("POST", ["auth"]) => Box::pin(crate::registry::login::endpoint(cx)),
        ("POST", ["commit"]) => Box::pin(container::commit::endpoint(cx)),
        (_, ["images", rest @ ..]) => image::route(cx, method, rest),
        ("GET", ["containers", "json"]) => Box::pin(container::list::endpoint(cx)),
        ("POST", ["containers", "create"]) => Box::pin(container::create::endpoint(cx)),
        ("POST", ["containers", "prune"]) => Box::pin(container::remove::prune(cx)),
        ("DELETE", ["containers", id]) => Box::pin(container::remove::endpoint(cx, id)),
        (_, ["containers", id, verb]) => container::route(cx, method, id, verb),
        (_, ["exec", id, verb]) => container::exec::route(cx, method, id, verb),
        (_, ["networks", rest @ ..]) => network::endpoint::route(cx, method, rest),
        (_, ["volumes", rest @ ..]) => volume::route(cx, method, rest),
        ("GET", ["plugins"]) => Box::pin(system::plugins(cx)),
        // moby `daemon/pkg/plugin/errors.go`
        ("GET", ["plugins", name @ .., "json"])
        | ("DELETE", ["plugins", name @ ..])
        | ("POST", ["plugins", name @ .., "enable" | "disable" | "set" | "push" | "upgrade"]) => {
            refuse(ApiError::not_found(format!("plugin \"{}\" not found", name.join("/"))))
        }
        (_, ["swarm" | "nodes" | "services" | "tasks" | "secrets" | "configs", ..]) => swarm::route(method, parts),
        _ => no_page(),
    }
}
