//! Which endpoint a request is for.

use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::{build, container, image, network, system, volume};

/// Answers a request.
///
/// # Errors
/// The endpoint's refusal; there is none: 404.
pub async fn route(cx: &mut Context) -> Reply {
    let method = cx.request.method.clone();
    let path = cx.request.path.clone();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET" | "HEAD", ["_ping"]) => system::ping(cx).await,
        ("GET", ["version"]) => system::version(cx).await,
        ("GET", ["info"]) => system::info(cx).await,
        ("GET", ["events"]) => system::events(cx).await,
        ("GET", ["system", "df"]) => system::df(cx).await,
        ("POST", ["build"]) => build::endpoint(cx).await,
        ("POST", ["build", "prune"]) => build::prune(cx).await,
        ("GET", ["images", "json"]) => image::list::endpoint(cx).await,
        ("POST", ["images", "create"]) => image::pull::endpoint(cx).await,
        ("POST", ["images", "load"]) => image::load::endpoint(cx).await,
        ("POST", ["images", "prune"]) => image::delete::prune(cx).await,
        ("GET", ["images", "get"]) => {
            let names: Vec<String> = cx.request.query.all("names").map(str::to_owned).collect();
            image::save::endpoint(cx, &names).await
        }
        ("GET", ["images", name @ .., "json"]) => image::inspect::endpoint(cx, &name.join("/")).await,
        ("GET", ["images", name @ .., "history"]) => image::history::endpoint(cx, &name.join("/")).await,
        ("GET", ["images", name @ .., "get"]) => image::save::endpoint(cx, &[name.join("/")]).await,
        ("POST", ["images", name @ .., "tag"]) => image::tag::endpoint(cx, &name.join("/")).await,
        ("DELETE", ["images", name @ ..]) if !name.is_empty() => image::delete::endpoint(cx, &name.join("/")).await,
        ("GET", ["containers", "json"]) => container::list::endpoint(cx).await,
        ("POST", ["containers", "create"]) => container::create::endpoint(cx).await,
        ("POST", ["containers", "prune"]) => container::remove::prune(cx).await,
        ("DELETE", ["containers", id]) => container::remove::endpoint(cx, id).await,
        (_, ["containers", id, verb]) => container::route(cx, &method, id, verb).await,
        (_, ["exec", id, verb]) => container::exec::route(cx, &method, id, verb).await,
        (_, ["networks", rest @ ..]) => network::endpoint::route(cx, &method, rest).await,
        (_, ["volumes", rest @ ..]) => volume::route(cx, &method, rest).await,
        _ => Err(ApiError::not_found("page not found")),
    }
}
