//! What the page shows of a world, as data. It only looks; the world cannot tell.

pub(crate) mod build;
mod container;
mod home;
pub(crate) mod image;
mod network;
pub(crate) mod trace;
pub(crate) mod transfer;

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

use layerlab_engine::EngineState;
use layerlab_kernel::PidNsId;
use layerlab_kernel::calls::machine::{CPUS, MEMORY, RELEASE};
use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::syscall::ProcInfo;
use layerlab_oci::Digest;
use layerlab_protocol::{Encoded, Host, Process, Snapshot, SnapshotChange};

use crate::world::World;

/// What a look at a machine brought.
pub struct Look {
    /// What is different from the look before.
    pub change: Encoded<SnapshotChange>,
    /// Something in the home folder is.
    pub home: bool,
}

/// Looks once more at a machine that looked like `seen`, which is how it looks now then. `None`: it looks the same.
pub fn look(world: &World, seen: &mut Option<Snapshot>) -> Option<Look> {
    let now = snapshot(world);
    if seen.as_ref() == Some(&now) {
        return None;
    }
    let home = seen.as_ref().is_none_or(|old| old.home != now.home);
    let change = Encoded::of(&SnapshotChange::between(seen.as_ref(), &now));
    *seen = Some(now);
    Some(Look { change, home })
}

/// The machine at this moment.
pub fn snapshot(world: &World) -> Snapshot {
    let all = world.kernel.sys.process_list(PidNsId(0));
    let processes = container::Processes::new(world, &all);
    let mut s =
        Snapshot { host: host(all), home: home::entries(world), traces: trace::traces(world), ..Snapshot::default() };
    if let Some(engine) = world.engine() {
        let names = names(engine);
        s.containers = container::containers(world, engine, names, &processes);
        s.images = image::images(world, engine, names);
        s.networks = network::networks(engine);
        s.volumes = network::volumes(world, engine);
        s.builds = build::builds(engine);
        s.transfers = transfer::transfers(engine);
    }
    s
}

fn host(all: Vec<ProcInfo>) -> Host {
    // A student would name their shell and the daemon; what runs in containers stands there.
    let own = all.into_iter().filter(|p| !p.cgroup.contains("docker-") && p.pid != 1 && p.state != 'Z');
    Host {
        name: "layerlab".to_owned(),
        system: "Debian 12".to_owned(),
        kernel: RELEASE.to_owned(),
        cpus: CPUS,
        memory: MEMORY,
        processes: own.map(|p| Process { pid: p.pid, host_pid: p.host_pid.0, argv: p.argv }).collect(),
    }
}

/// Changes when an image, a layer or a network comes, goes or gets another name: what is shown of others
/// depends on these.
fn names(engine: &EngineState) -> u64 {
    let mut h = DefaultHasher::new();
    engine.images.names.hash(&mut h);
    engine.images.images.keys().for_each(|d| d.hash(&mut h));
    engine.layers.hash(&mut h);
    engine.networks.values().for_each(|n| (&n.id, &n.name).hash(&mut h));
    h.finish()
}

/// Milliseconds since boot of a time that the engine noted; 0 if it was before.
fn since_boot(world: &World, at: layerlab_oci::Timestamp) -> u64 {
    let ns = i128::from(at.secs) * 1_000_000_000 + i128::from(at.nanos) - i128::from(world.kernel.sys.boot_epoch_ns);
    u64::try_from(ns / 1_000_000).unwrap_or(0)
}

/// A layer as the page shows it.
fn layer(engine: &EngineState, diff_id: &Digest, created_by: &str) -> layerlab_protocol::Layer {
    let info = engine.layers.get(diff_id);
    layerlab_protocol::Layer {
        digest: diff_id.to_string(),
        created_by: image::label(created_by),
        size: info.map_or(0, |l| l.unpacked),
        entries: entries(engine, diff_id),
    }
}

thread_local! {
    /// How many entries a layer has, by its digest: unpacking it anew for each look would cost more than all else.
    static ENTRIES: RefCell<SortedMap<Digest, u32>> = const { RefCell::new(SortedMap::new()) };
}

fn entries(engine: &EngineState, diff_id: &Digest) -> u32 {
    if !engine.layers.contains_key(diff_id) {
        return 0;
    }
    if let Some(known) = ENTRIES.with_borrow(|e| e.get(diff_id).copied()) {
        return known;
    }
    let Ok(list) = layerlab_engine::image::unpack::entries(engine, diff_id) else { return 0 };
    let count = list.len() as u32;
    ENTRIES.with_borrow_mut(|e| e.insert(*diff_id, count));
    count
}
