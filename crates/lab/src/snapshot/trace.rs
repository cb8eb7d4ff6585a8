//! The latest requests and where they stopped.

use layerlab_kernel::NetNsId;
use layerlab_kernel::net::{HopKind, Trace, TraceEnd};
use layerlab_protocol as protocol;

use crate::world::World;

/// How many the page gets.
const SHOWN: usize = 16;

/// The latest requests, newest first.
pub(super) fn traces(world: &World) -> Vec<protocol::Shared<protocol::Trace>> {
    world.kernel.sys.net.traces.iter().rev().take(SHOWN).map(|t| trace(world, t).into()).collect()
}

fn container(world: &World, of: impl Fn(&layerlab_engine::container::Container) -> bool) -> Option<String> {
    world.engine()?.containers.values().find(|c| of(c)).map(|c| c.id.clone())
}

/// A request and where it stopped.
pub(crate) fn trace(world: &World, t: &Trace) -> protocol::Trace {
    let place = |kind: HopKind, place: &str| match kind {
        HopKind::Process if t.from_ns == NetNsId(0) => Some(protocol::HopPlace::Host),
        HopKind::Process => container(world, |c| c.net == Some(t.from_ns)).map(protocol::HopPlace::Container),
        HopKind::PublishedPort => place.parse().ok().map(|host| protocol::HopPlace::Port { host }),
        HopKind::Bridge => Some(protocol::HopPlace::Network(super::network::of_bridge(world, place))),
        HopKind::Namespace => {
            let ns = world
                .kernel
                .sys
                .net
                .namespaces
                .iter()
                .find(|(_, n)| n.interfaces.iter().any(|i| i.addr.0.to_string() == place));
            let ns = ns.map(|(id, _)| *id);
            container(world, |c| ns.is_some() && c.net == ns).map(protocol::HopPlace::Container)
        }
        HopKind::Loopback | HopKind::Socket | HopKind::Internet => None,
    };
    let hops = t.hops.iter().filter_map(|h| {
        let place = place(h.kind, &h.place)?;
        let address =
            if h.kind == HopKind::Namespace { format!("{}:{}", h.place, inner_port(t)) } else { String::new() };
        Some(protocol::Hop { place, address })
    });
    protocol::Trace {
        number: t.id as u32,
        time: t.at.as_millis(),
        what: if t.request.is_empty() { format!("connect {}", t.to) } else { t.request.clone() },
        hops: hops.collect(),
        end: match t.end {
            TraceEnd::Connected => protocol::TraceEnd::Answered { status: t.status },
            TraceEnd::NothingListens | TraceEnd::OtherAddress
                if t.hops.iter().any(|h| h.kind == HopKind::PublishedPort) =>
            {
                protocol::TraceEnd::Reset
            }
            TraceEnd::NothingListens | TraceEnd::OtherAddress => protocol::TraceEnd::Refused,
            TraceEnd::NoRoute | TraceEnd::NoSuchHost | TraceEnd::OtherNetwork => protocol::TraceEnd::Unreachable,
        },
    }
}

/// The port at the end of the way: behind a published port it is another one.
fn inner_port(t: &Trace) -> u16 {
    let socket =
        t.hops.iter().rev().find(|h| h.kind == HopKind::Socket).and_then(|h| h.place.rsplit(':').next()?.parse().ok());
    socket.unwrap_or_else(|| t.to.port())
}
