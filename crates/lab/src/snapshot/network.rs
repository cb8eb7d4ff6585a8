//! Networks and volumes.

use layerlab_engine::EngineState;
use layerlab_engine::container::Container;
use layerlab_protocol as protocol;

use crate::world::World;

/// All networks but `none` and `host`, by name.
pub(super) fn networks(engine: &EngineState) -> Vec<protocol::Shared<protocol::Network>> {
    let shown = engine.networks.values().filter(|n| n.driver == "bridge");
    let mut list: Vec<protocol::Shared<protocol::Network>> = shown
        .map(|n| protocol::Network {
            id: n.id.clone(),
            name: n.name.clone(),
            driver: n.driver.clone(),
            subnet: n.subnet.map(|(a, p)| format!("{a}/{p}")).unwrap_or_default(),
            gateway: n.gateway.map(|g| g.to_string()).unwrap_or_default(),
            dns: n.has_dns(),
        })
        .map(Into::into)
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

/// How a container hangs on its networks.
pub(super) fn attachments(engine: &EngineState, c: &Container) -> Vec<protocol::Attachment> {
    let endpoints = layerlab_engine::network::endpoints_of(engine, c).into_iter();
    endpoints
        .map(|(network, e)| protocol::Attachment {
            network,
            address: e.ip_address,
            names: e.dns_names.unwrap_or_default(),
        })
        .collect()
}

/// The network that a bridge of the host belongs to.
pub(super) fn of_bridge(world: &World, bridge: &str) -> String {
    let network = world.engine().and_then(|e| e.networks.values().find(|n| n.bridge.as_deref() == Some(bridge)));
    network.map_or_else(|| bridge.to_owned(), |n| n.name.clone())
}

/// All volumes by name.
pub(super) fn volumes(world: &World, engine: &EngineState) -> Vec<protocol::Shared<protocol::Volume>> {
    let root = world.kernel.sys.filesystems.get(&layerlab_kernel::vfs::FsId(0));
    let size = |name: &str| {
        let files = root.map(|fs| fs.tree.walk_from(&layerlab_engine::volume::mountpoint(name))).unwrap_or_default();
        files.iter().filter(|f| f.2.file_type() == layerlab_kernel::FileType::File).map(|f| f.2.nominal_size()).sum()
    };
    engine.volumes.keys().map(|name| protocol::Volume { name: name.clone(), size: size(name) }.into()).collect()
}
