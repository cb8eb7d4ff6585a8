//! What happened in a machine since the last look, in the order in which it did.

use layerlab_api::events::Event;
use layerlab_engine::EngineState;
use layerlab_engine::build::record::{BuildRecord, LineState};
use layerlab_engine::moment::Moment as Of;
use layerlab_engine::shared::Shared;
use layerlab_kernel::NetNsId;
use layerlab_kernel::net::{HopKind, Trace};
use layerlab_protocol::{Deed, Moment};

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
        Of::Request { method, path } => Deed::Request.to([method.clone(), path.clone()]),
        Of::Resolved { reference, registry, digest } => {
            Deed::Resolved.to([registry.clone(), reference.clone(), digest.to_string()])
        }
        Of::Layer { created_by, push, phase, size } => Moment::Layer {
            created_by: snapshot::image::label(created_by),
            push: *push,
            phase: snapshot::transfer::phase(*phase),
            size: *size,
        },
        Of::Isolated { container, namespaces } => Deed::Isolated.to([name(engine, container), namespaces.join(", ")]),
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
    let own = || id.to_owned();
    // Events of containers say its name, those of networks and volumes its ID.
    let container = || match event.kind.as_str() {
        "container" => of("name"),
        _ => name(engine, &of("container")),
    };
    let (action, detail) = event.action.split_once(": ").unwrap_or((&event.action, ""));
    Some(match (event.kind.as_str(), action) {
        ("container", "create") => Deed::Created.to([container(), of("image")]),
        ("container", "start") => {
            let command = engine.containers.get(id).map(|c| {
                let words: Vec<&str> = std::iter::once(&c.path).chain(&c.args).map(String::as_str).collect();
                words.join(" ")
            });
            Deed::Started.to([container(), command.unwrap_or_default()])
        }
        ("container", "exec_start") => Deed::Exec.to([container(), detail.to_owned()]),
        ("container", "kill") => Deed::Killed.to([container(), of("signal")]),
        ("container", "die") => Deed::Ended.to([container(), of("exitCode")]),
        ("container", "pause") => Deed::Paused.to([container()]),
        ("container", "unpause") => Deed::Unpaused.to([container()]),
        ("container", "oom") => Deed::OutOfMemory.to([container()]),
        ("container", "health_status") => Deed::Health.to([container(), detail.to_owned()]),
        ("container", "rename") => Deed::Renamed.to([of("oldName").trim_start_matches('/').to_owned(), container()]),
        ("container", "destroy") => Deed::Removed.to([container()]),
        ("network", "connect") => {
            let address = engine.networks.get(id).and_then(|n| n.members.get(&of("container"))).map(|m| m.addr);
            let address = address.map_or_else(|| "–".to_owned(), |a| a.to_string());
            Deed::Joined.to([container(), of("name"), address])
        }
        ("network", "disconnect") => Deed::Left.to([container(), of("name")]),
        ("network", "create") => Deed::NetworkCreated.to([of("name")]),
        ("network", "destroy") => Deed::NetworkRemoved.to([of("name")]),
        ("volume", "create") => Deed::VolumeCreated.to([own()]),
        ("volume", "destroy") => Deed::VolumeRemoved.to([own()]),
        ("volume", "mount") => Deed::Mounted.to([container(), own(), of("destination")]),
        ("image", "pull") => Deed::Pulled.to([own()]),
        ("image", "push") => Deed::Pushed.to([own()]),
        ("image", "tag") => Deed::Tagged.to([of("name")]),
        ("image", "untag") => Deed::Untagged.to([of("name")]),
        ("image", "delete") => Deed::ImageDeleted.to([own()]),
        _ => return None,
    })
}
