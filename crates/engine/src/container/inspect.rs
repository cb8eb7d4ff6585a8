//! `GET /containers/{name}/json`.

use std::collections::BTreeMap;

use layerlab_api::ZERO_TIME;
use layerlab_api::container::{
    Inspect, NetworkSettings, PortBinding, PortMap, RootFsStorage, Snapshot, State, Storage,
};
use layerlab_oci::Timestamp;

use super::{Container, Status};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::list::descriptor;
use crate::network;
use crate::state::EngineState;

/// Tells all of a container.
///
/// # Errors
/// No such container.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let mut answer = cx.with(|s| s.container(name).map(|c| inspect(s, c)))??;
    if cx.flag("size") {
        let size = super::list::writable_size(&cx.sys, &answer.id).await? as i64;
        let image = cx.with(|s| super::list::image_size(s, &answer.id))?? as i64;
        (answer.size_rw, answer.size_root_fs) = (Some(size), Some(size + image));
    }
    cx.json(200, &answer).await
}

fn time(t: Option<Timestamp>) -> String {
    t.map_or_else(|| ZERO_TIME.to_owned(), |t| t.to_string())
}

/// All of a container.
pub fn inspect(state: &EngineState, c: &Container) -> Inspect {
    let file = |name: &str| if c.started.is_some() { format!("{}/{name}", c.directory()) } else { String::new() };
    let execs: Vec<String> =
        state.execs.values().filter(|e| e.container == c.id && e.is_running()).map(|e| e.id.clone()).collect();
    let sandbox = if c.is_running() { c.id.chars().rev().collect() } else { String::new() };
    Inspect {
        id: c.id.clone(),
        created: c.created.to_string(),
        path: c.path.clone(),
        args: c.args.clone(),
        state: State {
            status: c.status.name().to_owned(),
            running: c.is_running() || c.status == Status::Restarting,
            paused: c.status == Status::Paused,
            restarting: c.status == Status::Restarting,
            oom_killed: c.oom_killed,
            dead: c.status == Status::Dead,
            pid: c.pid.map_or(0, |p| p.0),
            exit_code: c.exit_code,
            error: c.error.clone(),
            started_at: time(c.started),
            finished_at: time(c.finished),
            health: c.health.clone(),
        },
        image: c.image_id.to_string(),
        resolv_conf_path: file("resolv.conf"),
        hostname_path: file("hostname"),
        hosts_path: file("hosts"),
        log_path: file(&format!("{}-json.log", c.id)),
        name: format!("/{}", c.name),
        restart_count: c.restart_count,
        driver: "overlayfs".to_owned(),
        platform: "linux".to_owned(),
        exec_ids: (!execs.is_empty()).then_some(execs),
        host_config: c.host.clone(),
        storage: Storage { root_fs: RootFsStorage { snapshot: Snapshot { name: "overlayfs".to_owned() } } },
        mounts: c.mounts.clone(),
        config: c.config.clone(),
        network_settings: NetworkSettings {
            sandbox_key: if sandbox.is_empty() {
                String::new()
            } else {
                format!("/var/run/docker/netns/{}", sandbox.get(..12).unwrap_or_default())
            },
            sandbox_id: sandbox,
            ports: port_map(c),
            networks: network::endpoints_of(state, c),
        },
        image_manifest_descriptor: c.manifest.as_ref().map(descriptor),
        ..Inspect::default()
    }
}

/// Ports as inspect shows them: exposed ones without a binding are null.
pub fn port_map(c: &Container) -> PortMap {
    let mut map: PortMap = BTreeMap::new();
    if !c.is_running() {
        return map;
    }
    for exposed in c.config.exposed_ports.iter().flat_map(|e| &e.0) {
        map.insert(exposed.clone(), None);
    }
    for p in &c.ports {
        let list = map.entry(format!("{}/{}", p.private, p.protocol)).or_default().get_or_insert_with(Vec::new);
        let host_port = p.host_port.to_string();
        list.push(PortBinding { host_ip: p.host_ip.to_string(), host_port: host_port.clone() });
        if p.v6 {
            list.push(PortBinding { host_ip: "::".to_owned(), host_port });
        }
    }
    map
}

/// A container's name, for messages.
///
/// # Errors
/// No such container.
pub fn name_of(state: &EngineState, name: &str) -> Result<String, ApiError> {
    state.container(name).map(|c| c.name.clone())
}
