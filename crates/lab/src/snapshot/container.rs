//! Containers, running or not.

use std::cell::RefCell;

use layerlab_engine::EngineState;
use layerlab_engine::container::{Container, Status};
use layerlab_engine::shared::Shared;
use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::syscall::ProcInfo;
use layerlab_kernel::vfs::{FsId, Tree};
use layerlab_kernel::{Pid, PidNsId};
use layerlab_oci::Reference;
use layerlab_protocol as protocol;

use super::image;
use crate::world::World;

/// What was shown of a container last, and what that was made from.
struct Seen {
    container: Shared<Container>,
    root: Option<Tree>,
    shown: protocol::Shared<protocol::Container>,
}

thread_local! {
    /// The stamp of all names, and the containers, newest first. Only a memo: who is still the same in memory
    /// is shown as before.
    static SEEN: RefCell<(u64, Vec<Seen>)> = const { RefCell::new((0, Vec::new())) };
}

/// All containers, newest first; `processes` are those of the machine.
pub(super) fn containers(
    world: &World,
    engine: &EngineState,
    names: u64,
    processes: &Processes,
) -> Vec<protocol::Shared<protocol::Container>> {
    let mut all: Vec<&Shared<Container>> = engine.containers.values().collect();
    all.sort_by_key(|c| std::cmp::Reverse(c.number));
    let (old_names, old) = SEEN.take();
    let mut old = old.into_iter().filter(|_| old_names == names).peekable();
    let mut new = Vec::with_capacity(all.len());
    let mut list = Vec::with_capacity(all.len());
    for c in all {
        let root = c.rootfs.and_then(|fs| tree(world, fs));
        let is_same = |s: &Seen| {
            let root = match (&s.root, root) {
                (Some(a), Some(b)) => a.is_same(b),
                (a, b) => a.is_none() && b.is_none(),
            };
            root && s.container.same(c)
        };
        // Both are in the same order: what is newer here is gone.
        while old.next_if(|s| s.container.number > c.number).is_some() {}
        let known = old.next_if(|s| s.container.number == c.number).filter(is_same);
        let mut seen = known.unwrap_or_else(|| Seen {
            container: c.clone(),
            root: root.cloned(),
            shown: container(world, engine, c).into(),
        });
        // What is no part of the container's own state.
        let (processes, ports) = (processes.of(world, c), ports(world, c));
        if seen.shown.processes != processes || seen.shown.ports != ports {
            (seen.shown.processes, seen.shown.ports) = (processes, ports);
        }
        list.push(seen.shown.clone());
        new.push(seen);
    }
    SEEN.set((names, new));
    list
}

fn shell(world: &World, c: &Container) -> &'static str {
    let root = c.rootfs.filter(|_| c.status == Status::Running).and_then(|fs| tree(world, fs));
    let has = |name: &&str| {
        let at = |folder| root.is_some_and(|t| t.lookup(&format!("{folder}/{name}")).is_some());
        at("/bin") || at("/usr/bin")
    };
    ["bash", "sh"].into_iter().find(has).unwrap_or_default()
}

fn container(world: &World, engine: &EngineState, c: &Container) -> protocol::Container {
    let found = c.image_id.0.and_then(|id| engine.images.images.get(&id));
    let layers = match found {
        Some(i) => image::layers(engine, i),
        None => c.layers.iter().map(|d| super::layer(engine, d, "")).collect(),
    };
    protocol::Container {
        id: c.id.clone(),
        name: c.name.clone(),
        image: protocol::ImageUse { reference: c.image.clone(), id: c.image_id.to_string(), moved: moved(engine, c) },
        state: match c.status {
            Status::Created => protocol::ContainerState::Created,
            Status::Running => protocol::ContainerState::Running,
            Status::Paused => protocol::ContainerState::Paused,
            Status::Restarting => protocol::ContainerState::Restarting,
            Status::Exited | Status::Removing => protocol::ContainerState::Exited { code: c.exit_code },
            Status::Dead => protocol::ContainerState::Dead,
        },
        shell: shell(world, c).to_owned(),
        processes: Vec::new(),
        layers,
        writable: writable(world, engine, c),
        networks: attachments(engine, c),
        ports: Vec::new(),
        mounts: mounts(c),
    }
}

/// Whether the name that it was started from names other bytes now.
fn moved(engine: &EngineState, c: &Container) -> bool {
    let Ok(reference) = Reference::parse_familiar(&c.image) else { return false };
    engine.images.find_named(&reference).is_none_or(|i| c.image_id != i.id())
}

/// The machine's processes by their namespace.
pub(super) struct Processes(SortedMap<PidNsId, Vec<(Pid, Vec<String>)>>);

impl Processes {
    /// Of a list of all.
    pub(super) fn new(world: &World, all: &[ProcInfo]) -> Self {
        let mut by: SortedMap<PidNsId, Vec<(Pid, Vec<String>)>> = SortedMap::new();
        for p in all.iter().filter(|p| p.state != 'Z') {
            let Some(ns) = world.kernel.sys.process(p.host_pid).map(|p| p.pid_ns) else { continue };
            by.entry(ns).or_default().push((p.host_pid, p.argv.clone()));
        }
        Self(by)
    }

    fn of(&self, world: &World, c: &Container) -> Vec<protocol::Process> {
        let Some(ns) = c.pid.and_then(|p| world.kernel.sys.process(p)).map(|p| p.pid_ns) else { return Vec::new() };
        let list = self.0.get(&ns).into_iter().flatten();
        list.map(|(pid, argv)| protocol::Process {
            pid: world.kernel.sys.pid_seen_by(*pid, ns),
            host_pid: pid.0,
            argv: argv.clone(),
        })
        .collect()
    }
}

fn tree(world: &World, fs: FsId) -> Option<&Tree> {
    world.kernel.sys.filesystems.get(&fs).map(|f| &f.tree)
}

/// Nominal bytes of the files that differ from the image's.
fn writable(world: &World, engine: &EngineState, c: &Container) -> u64 {
    let Some(now) = c.rootfs.and_then(|fs| tree(world, fs)) else { return 0 };
    let Ok(base) = layerlab_engine::image::unpack::tree(engine, &c.layers) else { return 0 };
    let changed = now.diff(&base).into_iter().filter(|ch| ch.own).filter_map(|ch| ch.inode);
    changed.filter(|i| i.file_type() == layerlab_kernel::FileType::File).map(|i| i.nominal_size()).sum()
}

fn attachments(engine: &EngineState, c: &Container) -> Vec<protocol::Attachment> {
    super::network::attachments(engine, c)
}

fn ports(world: &World, c: &Container) -> Vec<protocol::PublishedPort> {
    let listens = |port: u16| {
        let ns = c.net.and_then(|n| world.kernel.sys.net.namespaces.get(&n));
        ns.is_some_and(|ns| ns.ports.get(&port).is_some_and(|l| l.iter().any(|(ip, _)| !ip.is_loopback())))
    };
    c.ports
        .iter()
        .filter(|p| p.host_port != 0)
        .map(|p| protocol::PublishedPort {
            address: p.host_ip.to_string(),
            host: p.host_port,
            container: p.private,
            protocol: if p.protocol == "udp" { protocol::Protocol::Udp } else { protocol::Protocol::Tcp },
            listening: listens(p.private),
        })
        .collect()
}

fn mounts(c: &Container) -> Vec<protocol::Mount> {
    let source = |m: &layerlab_api::container::MountPoint| match m.kind.as_str() {
        "volume" => protocol::MountSource::Volume(m.name.clone()),
        "tmpfs" => protocol::MountSource::Tmpfs,
        _ => protocol::MountSource::Bind(m.source.clone()),
    };
    c.mounts
        .iter()
        .map(|m| protocol::Mount { source: source(m), target: m.destination.clone(), read_only: !m.rw })
        .collect()
}
