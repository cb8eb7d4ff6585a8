//! Containers, running or not.

use layerlab_engine::EngineState;
use layerlab_engine::container::{Container, Status};
use layerlab_kernel::vfs::FsId;
use layerlab_oci::Reference;
use layerlab_protocol as protocol;

use super::image;
use crate::world::World;

/// All containers, newest first.
pub(super) fn containers(world: &World, engine: &EngineState) -> Vec<protocol::Container> {
    let mut all: Vec<&Container> = engine.containers.values().map(|c| &**c).collect();
    all.sort_by_key(|c| std::cmp::Reverse(c.number));
    all.into_iter().map(|c| container(world, engine, c)).collect()
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
        processes: processes(world, c),
        layers,
        writable: writable(world, engine, c),
        networks: attachments(engine, c),
        ports: ports(world, c),
        mounts: mounts(c),
    }
}

/// Whether the name that it was started from names other bytes now.
fn moved(engine: &EngineState, c: &Container) -> bool {
    let Ok(reference) = Reference::parse_familiar(&c.image) else { return false };
    engine.images.find_named(&reference).is_none_or(|i| c.image_id != i.id())
}

fn processes(world: &World, c: &Container) -> Vec<protocol::Process> {
    let Some(ns) = c.pid.and_then(|p| world.kernel.sys.process(p)).map(|p| p.pid_ns) else { return Vec::new() };
    let list = world.kernel.sys.process_list(ns).into_iter().filter(|p| p.state != 'Z');
    list.map(|p| protocol::Process { pid: p.pid, host_pid: p.host_pid.0, argv: p.argv }).collect()
}

fn tree(world: &World, fs: FsId) -> Option<&layerlab_kernel::vfs::Tree> {
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
