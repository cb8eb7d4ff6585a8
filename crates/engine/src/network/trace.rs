//! `GET /trace?url=URL[&from=CONTAINER]` (our addition): the hops of a request and why it stops. The
//! kernel decides the way; here it gets Docker's names and a reason.

use std::net::Ipv4Addr;

use layerlab_api::trace::{Hop, Trace};
use layerlab_kernel::net::{HopKind, Route, TraceEnd};
use layerlab_kernel::{Pid, Way};

use crate::container::Container;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::network::Network;
use crate::shared::Shared;
use crate::state::EngineState;

/// An URL's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Url {
    scheme: String,
    host: String,
    port: u16,
    path: String,
}

fn parse(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let (place, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let place = place.rsplit('@').next().unwrap_or(place);
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (place, if scheme == "https" { 443 } else { 80 }),
    };
    let host = host.to_ascii_lowercase();
    (!host.is_empty()).then(|| Url { scheme: scheme.to_ascii_lowercase(), host, port, path: path.to_owned() })
}

/// Tells the way of a request.
///
/// # Errors
/// It is no URL, or there is no such running container to ask from.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let text = cx.param("url").to_owned();
    let url = parse(&text).ok_or_else(|| ApiError::bad(format!("invalid URL: {text}")))?;
    let from = cx.param("from").to_owned();
    let mut pid = Pid(1);
    let mut me = None;
    if !from.is_empty() {
        let c = cx.with(|s| s.container(&from).cloned())??;
        pid = c.pid.ok_or_else(|| ApiError::conflict(format!("container {} is not running", c.id)))?;
        me = Some(c);
    }
    let way = cx.sys.way(pid, &url.host, url.port).await?;
    let trace = cx.with(|s| tell(s, me.as_ref(), &url, &way))?;
    cx.json(200, &trace).await
}

fn hop(kind: &str, name: impl Into<String>, detail: impl Into<String>) -> Hop {
    Hop { kind: kind.to_owned(), name: name.into(), detail: detail.into() }
}

fn tell(s: &EngineState, me: Option<&Container>, url: &Url, way: &Way) -> Trace {
    let mut t =
        Trace { request: format!("GET {}://{}:{}{}", url.scheme, url.host, url.port, url.path), ..Trace::default() };
    t.hops.push(match me {
        Some(c) => hop("container", &c.name, "the request starts here"),
        None => hop("host", "host", "the request starts here"),
    });
    if url.host.parse::<Ipv4Addr>().is_err() {
        let list: Vec<String> = way.addrs.iter().map(ToString::to_string).collect();
        t.hops.push(hop("name", &url.host, if list.is_empty() { "unknown".to_owned() } else { list.join(", ") }));
    }
    let Some(route) = &way.route else {
        (t.end, t.reason, t.hint) = unknown_name(s, me, url);
        return t;
    };
    for h in &route.hops {
        t.hops.push(match h.kind {
            HopKind::Process => continue,
            HopKind::Loopback => hop("loopback", "lo", "stays on this machine"),
            HopKind::PublishedPort => {
                let inner = owner(s, route).map_or_else(String::new, |c| format!(" of container {}", c.name));
                hop("port", &h.place, format!("published: leads to {}{inner}", route.to))
            }
            HopKind::Bridge => match s.networks.values().find(|n| n.bridge.as_deref() == Some(&h.place)) {
                Some(n) => hop("network", &n.name, subnet(n)),
                None => hop("network", &h.place, "a bridge of the host"),
            },
            HopKind::Namespace => match owner(s, route) {
                Some(c) => hop("container", &c.name, &h.place),
                None => hop("host", &h.place, ""),
            },
            HopKind::Socket => hop("socket", &h.place, "a program listens here"),
            HopKind::Internet => hop("internet", &h.place, route.to.to_string()),
        });
    }
    (t.end, t.reason, t.hint) = end(s, me, url, way, route);
    t.arrives = t.end == "connected";
    t
}

fn subnet(n: &Network) -> String {
    n.subnet.map(|(a, p)| format!("{a}/{p}")).unwrap_or_default()
}

/// The container that a way ends in.
fn owner<'a>(s: &'a EngineState, route: &Route) -> Option<&'a Container> {
    let (ns, _) = route.target?;
    s.containers.values().map(|c| &**c).find(|c| c.net == Some(ns) && c.is_running())
}

type End = (String, String, String);

fn ended(end: &str, reason: String, hint: impl Into<String>) -> End {
    (end.to_owned(), reason, hint.into())
}

/// The names of the networks that a container is in.
fn networks(c: &Container) -> String {
    let all: Vec<&str> = c.networks.iter().map(|n| n.0.as_str()).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

fn unknown_name(s: &EngineState, me: Option<&Container>, url: &Url) -> End {
    let host = &url.host;
    let Ok(c) = s.container(host) else {
        return ended("unknown-name", format!("nobody knows the name {host}"), "");
    };
    let Some(me) = me else {
        let hint = match c.ports.first() {
            Some(p) => format!("ask for http://localhost:{}/, where its port {} is published", p.host_port, p.private),
            None => "publish a port of it, and ask for localhost".to_owned(),
        };
        let reason = format!("{host} is a container, but the host does not know containers by their names");
        return ended("unknown-name", reason, hint);
    };
    if !c.is_running() {
        let reason = format!("container {host} does not run: only running containers have a name on a network");
        return ended("container-stopped", reason, format!("docker start {host}"));
    }
    let shared = me.networks.iter().find(|(n, _)| c.networks.iter().any(|(o, _)| o == n));
    match shared {
        Some((n, _)) => ended(
            "unknown-name",
            format!("{host} and {} share only the network {n}, and there containers have no names", me.name),
            "docker network create NAME, and start both with --network NAME",
        ),
        None => ended(
            "other-network",
            format!("{host} is in the network {}, {} in {}: they share none", networks(c), me.name, networks(me)),
            format!("docker network connect {} {}", c.networks.first().map_or("NETWORK", |n| &n.0), me.name),
        ),
    }
}

fn end(s: &EngineState, me: Option<&Container>, url: &Url, way: &Way, route: &Route) -> End {
    let port = route.to.port();
    match route.end {
        TraceEnd::Connected => {
            let who = owner(s, route).map(|c| format!("container {}", c.name));
            let who = who.or_else(|| route.server.as_ref().map(|_| format!("{} on the internet", url.host)));
            ended("connected", format!("{} answers", who.unwrap_or_else(|| "a program here".to_owned())), "")
        }
        TraceEnd::OtherAddress => {
            let list: Vec<String> = way.port.listening.iter().map(|a| format!("{a}:{port}")).collect();
            let list = list.join(", ");
            match owner(s, route) {
                Some(c) => ended(
                    "other-address",
                    format!(
                        "the program in container {} listens on {list} only: nobody from outside of the container reaches that",
                        c.name
                    ),
                    format!("let it listen on 0.0.0.0:{port}"),
                ),
                None => ended("other-address", format!("the program listens on {list} only"), ""),
            }
        }
        TraceEnd::NothingListens => nothing_listens(s, me, url, way, route),
        TraceEnd::OtherNetwork => {
            let there = s.networks.values().find(|n| n.members.values().any(|m| m.addr == *route.to.ip()));
            let there = there.map_or_else(|| "another network".to_owned(), |n| format!("the network {}", n.name));
            let here = me.map_or_else(String::new, networks);
            ended("other-network", format!("{} is in {there}, which is cut off from {here}", route.to.ip()), "")
        }
        TraceEnd::NoSuchHost => ended("no-such-host", format!("nobody has the address {}", route.to.ip()), ""),
        TraceEnd::NoRoute => {
            let internal = me.and_then(|c| {
                c.networks.iter().filter_map(|(n, _)| s.network(n).ok()).find(|n| n.internal).map(|n| n.name.clone())
            });
            let reason = match internal {
                Some(n) => format!("the network {n} is internal: there is no way out of it"),
                None => format!("there is no way to {}", route.to.ip()),
            };
            ended("no-way-out", reason, "")
        }
    }
}

fn nothing_listens(s: &EngineState, me: Option<&Container>, url: &Url, way: &Way, route: &Route) -> End {
    let port = route.to.port();
    let others: Vec<String> = way.port.others.iter().map(ToString::to_string).collect();
    if let Some(c) = owner(s, route) {
        let reason = format!("nothing listens at port {port} in container {}", c.name);
        let hint = match others.as_slice() {
            [] => format!("docker logs {}", c.name),
            list => format!("its programs listen at {}", list.join(", ")),
        };
        return ended("nothing-listens", reason, hint);
    }
    let bound = |c: &&Shared<Container>| {
        let all = c.host.port_bindings.iter().flatten().flat_map(|(_, b)| b.iter().flatten());
        all.into_iter().any(|b| b.host_port == url.port.to_string())
    };
    if let Some(c) = s.containers.values().filter(|c| !c.is_running()).find(bound) {
        return ended(
            "container-stopped",
            format!("container {}, which publishes port {}, does not run", c.name, url.port),
            format!("docker start {}", c.name),
        );
    }
    // On the host's own addresses: somebody may have it under another number or another address.
    let running = || s.containers.values().filter(|c| c.is_running());
    for c in running() {
        let Some(p) = c.ports.iter().find(|p| p.host_port == url.port) else { continue };
        return ended(
            "other-address",
            format!("port {} is published on {} only", url.port, p.host_ip),
            format!("ask for http://{}:{}/", p.host_ip, url.port),
        );
    }
    if me.is_some() {
        let hint =
            if route.to.ip().is_loopback() { "localhost is the container itself here, not the host" } else { "" };
        return ended("nothing-listens", format!("nothing listens at port {port} there"), hint);
    }
    for c in running() {
        if let Some(p) = c.ports.iter().find(|p| p.private == url.port) {
            return ended(
                "not-published",
                format!(
                    "port {} of the host is not published; port {} of container {} is, as {}",
                    url.port, p.private, c.name, p.host_port
                ),
                format!("ask for http://localhost:{}/", p.host_port),
            );
        }
    }
    for c in running() {
        let exposes = c
            .config
            .exposed_ports
            .iter()
            .flat_map(|e| &e.0)
            .any(|e| e.split('/').next() == Some(&url.port.to_string()));
        if exposes {
            return ended(
                "not-published",
                format!(
                    "port {} of the host is not published: container {} exposes it, which publishes nothing",
                    url.port, c.name
                ),
                format!("docker run -p {0}:{0} …", url.port),
            );
        }
    }
    ended("nothing-listens", format!("nothing listens at port {port} of the host, and no container publishes it"), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_in_every_form() {
        let url = |t: &str| parse(t).map(|u| (u.scheme, u.host, u.port, u.path));
        let is = |s: &str, h: &str, p: u16, f: &str| Some((s.to_owned(), h.to_owned(), p, f.to_owned()));
        assert_eq!(url("http://localhost:8080/a?b"), is("http", "localhost", 8080, "/a?b"));
        assert_eq!(url("web"), is("http", "web", 80, "/"));
        assert_eq!(url("https://Hub.example"), is("https", "hub.example", 443, "/"));
        assert_eq!(url("http://me:secret@web:1/"), is("http", "web", 1, "/"));
        assert_eq!(url("http://web:x/"), None);
        assert_eq!(url("http:///"), None);
    }
}
