//! What happened in a machine since the last look, in the order in which it did.

use layerlab_api::events::Event;
use layerlab_engine::EngineState;
use layerlab_engine::build::record::{BuildRecord, LineState};
use layerlab_engine::moment::Moment as Of;
use layerlab_engine::shared::Shared;
use layerlab_kernel::NetNsId;
use layerlab_kernel::net::{HopKind, Trace};
use layerlab_protocol::Moment;

use crate::snapshot;
use crate::world::World;

/// What has been seen of a machine.
pub(super) struct Watch {
    moments: u64,
    build: Option<Shared<BuildRecord>>,
    /// The latest request's number, and whether it was answered.
    request: Option<(u64, bool)>,
}

impl Watch {
    /// All that was until now.
    pub(super) fn new(world: &World) -> Self {
        let engine = world.engine();
        Self {
            moments: engine.map_or(0, |e| e.moment_count),
            build: engine.and_then(|e| e.builds.back().cloned()),
            request: world.kernel.sys.net.traces.last().map(|t| (t.id, t.status.is_some())),
        }
    }

    /// What is new.
    pub(super) fn news(&mut self, world: &World) -> Vec<Moment> {
        let mut new = Vec::new();
        if let Some(engine) = world.engine() {
            if self.moments != engine.moment_count {
                new.extend(engine.moments_since(self.moments).filter_map(|m| moment(engine, m)));
                self.moments = engine.moment_count;
            }
            if let Some(now) = engine.builds.back() {
                new.extend(self.lines(now));
            }
        }
        if let Some(t) = world.kernel.sys.net.traces.last() {
            let now = (t.id, t.status.is_some());
            if self.request.replace(now) != Some(now) && is_shown(t) {
                let shown = snapshot::trace::trace(world, t);
                new.push(Moment::Asked { what: shown.what, end: shown.end });
            }
        }
        new
    }

    /// Lines of the latest build that are over now.
    fn lines(&mut self, now: &Shared<BuildRecord>) -> Vec<Moment> {
        if self.build.as_ref().is_some_and(|b| b.same(now)) {
            return Vec::new();
        }
        let old = self.build.replace(now.clone()).filter(|b| b.number == now.number);
        let was = |i: usize| old.as_ref().and_then(|b| b.lines.get(i)).is_some_and(|l| is_over(&l.state));
        let over = now.lines.iter().enumerate().filter(|(i, l)| is_over(&l.state) && !was(*i));
        over.map(|(_, l)| {
            let l = snapshot::build::line(l);
            Moment::Line { line: l.line, text: l.text, state: l.state }
        })
        .collect()
    }
}

fn is_over(state: &LineState) -> bool {
    matches!(state, LineState::Hit { .. } | LineState::Miss(_) | LineState::Failed(_))
}

/// The daemon's own way to registries is told by what it brings, that of containers to the internet not at all.
fn is_shown(t: &Trace) -> bool {
    let outside = t.hops.iter().any(|h| h.kind == HopKind::Internet);
    let by_daemon = t.hops.first().is_some_and(|h| h.place.ends_with("dockerd"));
    !by_daemon && (t.from_ns == NetNsId(0) || !outside)
}

fn moment(engine: &EngineState, moment: &Of) -> Option<Moment> {
    Some(match moment {
        Of::Request { method, path } => Moment::Request { method: method.clone(), path: path.clone() },
        Of::Resolved { reference, registry, digest } => {
            let (reference, registry) = (reference.clone(), registry.clone());
            Moment::Resolved { reference, registry, digest: digest.to_string() }
        }
        Of::Layer { diff_id, push, phase, size } => {
            let all = engine.transfers.values().flat_map(|t| &t.layers);
            let made = all.filter(|l| l.diff_id == *diff_id).map(|l| l.created_by.as_str()).next();
            Moment::Layer {
                digest: diff_id.to_string(),
                created_by: snapshot::image::label(made.unwrap_or_default()),
                push: *push,
                phase: snapshot::transfer::phase(*phase),
                size: *size,
            }
        }
        Of::Isolated { container, namespaces } => Moment::Isolated {
            container: name(engine, container),
            namespaces: namespaces.iter().map(|n| (*n).to_owned()).collect(),
        },
        Of::Event(event) => return told(engine, event),
    })
}

fn name(engine: &EngineState, id: &str) -> String {
    engine.containers.get(id).map_or_else(|| id.get(..12).unwrap_or(id).to_owned(), |c| c.name.clone())
}

/// What an event of the daemon tells (docs: `docker system events`, object types).
fn told(engine: &EngineState, event: &Event) -> Option<Moment> {
    let of = |key: &str| event.actor.attributes.get(key).cloned().unwrap_or_default();
    let id = event.actor.id.as_str();
    // Events of containers say its name, those of networks and volumes its ID.
    let container = match event.kind.as_str() {
        "container" => of("name"),
        _ => name(engine, &of("container")),
    };
    let (action, detail) = event.action.split_once(": ").unwrap_or((&event.action, ""));
    Some(match (event.kind.as_str(), action) {
        ("container", "create") => Moment::Created { container, image: of("image") },
        ("container", "start") => {
            let command = engine.containers.get(id).map(|c| {
                let words: Vec<&str> = std::iter::once(&c.path).chain(&c.args).map(String::as_str).collect();
                words.join(" ")
            });
            Moment::Started { container, command: command.unwrap_or_default() }
        }
        ("container", "exec_start") => Moment::Exec { container, command: detail.to_owned() },
        ("container", "kill") => Moment::Killed { container, signal: of("signal") },
        ("container", "die") => Moment::Ended { container, code: of("exitCode") },
        ("container", "pause") => Moment::Paused { container },
        ("container", "unpause") => Moment::Unpaused { container },
        ("container", "oom") => Moment::OutOfMemory { container },
        ("container", "health_status") => Moment::Health { container, state: detail.to_owned() },
        ("container", "rename") => {
            Moment::Renamed { container, before: of("oldName").trim_start_matches('/').to_owned() }
        }
        ("container", "destroy") => Moment::Removed { container },
        ("network", "connect") => {
            let address = engine.networks.get(id).and_then(|n| n.members.get(&of("container"))).map(|m| m.addr);
            let address = address.map(|a| a.to_string()).unwrap_or_default();
            Moment::Joined { container, network: of("name"), address }
        }
        ("network", "disconnect") => Moment::Left { container, network: of("name") },
        ("network", "create") => Moment::NetworkCreated { name: of("name") },
        ("network", "destroy") => Moment::NetworkRemoved { name: of("name") },
        ("volume", "create") => Moment::VolumeCreated { name: id.to_owned() },
        ("volume", "destroy") => Moment::VolumeRemoved { name: id.to_owned() },
        ("volume", "mount") => Moment::Mounted { container, volume: id.to_owned(), path: of("destination") },
        ("image", "pull") => Moment::Pulled { reference: id.to_owned() },
        ("image", "push") => Moment::Pushed { reference: id.to_owned() },
        ("image", "tag") => Moment::Tagged { reference: of("name") },
        ("image", "untag") => Moment::Untagged { reference: of("name") },
        ("image", "delete") => Moment::ImageDeleted { id: id.to_owned() },
        _ => return None,
    })
}
