//! `POST /containers/{name}/start`.

use layerlab_kernel::net::NetOp;
use layerlab_kernel::{MntNsId, NetNsId, PidNsSpec, SimTime, SpawnSpec, Sys, ThreadBody};

use super::health::{self, Checker};
use super::monitor::Monitor;
use super::{Container, Status, config, mount, process, security, user};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::image::unpack;
use crate::moment::Moment;
use crate::network;
use crate::state::EngineState;
use crate::watch::wake;

/// What containerd and runc need to create a container.
const CREATION: SimTime = SimTime::millis(180);
/// From the process's first instruction to the daemon's answer.
const ANSWER: SimTime = SimTime::millis(120);

/// Starts a container.
///
/// # Errors
/// It runs already (304), is paused, or something is missing or taken.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let _ = cx.body().await?;
    let id = cx.with(|s| s.container_id(name))??;
    let status = cx.with(|s| s.container(&id).map(|c| c.status))??;
    match status {
        Status::Running | Status::Restarting => return Err(ApiError::not_modified()),
        Status::Paused => return Err(ApiError::conflict("cannot start a paused container, try unpause instead")),
        Status::Removing | Status::Dead => {
            return Err(ApiError::conflict("container is marked for removal and cannot be started"));
        }
        Status::Created | Status::Exited => {}
    }
    // Who starts it by hand begins anew with the restart policy (moby `ResetRestartManager`).
    cx.with(|s| s.container_mut(&id).map(|c| (c.restart_count, c.backoff) = (0, 0)))??;
    start(&cx.sys, &id).await?;
    cx.sys.sleep(ANSWER).await?;
    cx.empty(204).await
}

/// What is set up before the process; given back where a later step fails.
#[derive(Default)]
struct SetUp {
    net: Option<NetNsId>,
    own_net: bool,
    mnt: Option<MntNsId>,
}

/// Starts a container's process and its monitor.
///
/// # Errors
/// See [`endpoint`].
pub async fn start(sys: &Sys, id: &str) -> Result<(), ApiError> {
    let mut set_up = SetUp::default();
    match try_start(sys, id, &mut set_up).await {
        Ok(()) => Ok(()),
        Err(e) => {
            undo(sys, id, &set_up).await;
            if e.status == 304 {
                return Ok(());
            }
            let message = e.message.clone();
            let exit_code = if message.contains("permission denied") {
                126
            } else if message.contains("no such file") || message.contains("not found in $PATH") {
                127
            } else {
                128
            };
            with(sys, |s| {
                if let Some(c) = s.containers.get_mut(id) {
                    c.error = message;
                    c.exit_code = exit_code;
                    if c.status == Status::Restarting {
                        c.status = Status::Exited;
                    }
                }
            })?;
            let remove = with(sys, |s| s.container(id).is_ok_and(|c| c.host.auto_remove))?;
            if remove {
                super::remove::remove(sys, id, true).await?;
            }
            wake(sys, id).await;
            Err(e)
        }
    }
}

async fn undo(sys: &Sys, id: &str, set_up: &SetUp) {
    network::release(sys, id).await;
    if let Some(ns) = set_up.net.filter(|_| set_up.own_net) {
        let _ = sys.net(NetOp::NsDrop(ns)).await;
    }
    if let Some(mnt) = set_up.mnt {
        let _ = sys.mnt_ns_drop(mnt).await;
    }
}

async fn try_start(sys: &Sys, id: &str, set_up: &mut SetUp) -> Result<(), ApiError> {
    let container = with(sys, |s| s.container(id).cloned())??;
    let image = with(sys, |s| unpack::tree(s, &container.layers))?.map_err(ApiError::internal)?;
    let rootfs = container.rootfs.ok_or_else(|| ApiError::internal("container has no root file system"))?;
    let tree = sys.fs_tree(rootfs).await?;
    let owner = user::find(&tree, &container.config.user)?;
    let (net, own) = network::join(sys, &container).await?;
    (set_up.net, set_up.own_net) = (Some(net), own);
    network::files::write_all(sys, id).await?;
    let remap = with(sys, |s| s.remap)?.filter(|_| container.host.userns_mode != "host");
    let mounts = mount::make(sys, &container, &image, remap).await?;
    let mnt = sys
        .mnt_ns_new(rootfs, container.host.readonly_rootfs, mounts)
        .await
        .map_err(|e| mount_failed(&container, e))?;
    set_up.mnt = Some(mnt);
    super::limits::apply(sys, id).await?;
    let mut argv = vec![container.path.clone()];
    if container.host.init == Some(true) {
        argv.splice(0..0, [mount::INIT.to_owned(), "--".to_owned()]);
    }
    argv.extend(container.args.iter().cloned());
    let mut spec = SpawnSpec {
        argv,
        env: config::environment(&container.config, &owner.home),
        cwd: if container.config.working_dir.is_empty() {
            "/".to_owned()
        } else {
            container.config.working_dir.clone()
        },
        uid: owner.uid,
        gid: owner.gid,
        groups: owner.groups,
        mnt: Some(mnt),
        net: Some(net),
        pid_ns: with(sys, |s| pid_namespace(s, &container.host.pid_mode))??,
        hostname: (!container.config.hostname.is_empty()).then(|| container.config.hostname.clone()),
        cgroup: super::limits::cgroup(id),
        ..SpawnSpec::default()
    };
    security::apply(&mut spec, &container.host, container.host.privileged);
    spec.remap = remap;
    spec.sysctls = sysctls(sys, &container, own).await?;
    for name in container.host.group_add.iter().flatten() {
        let unknown = || ApiError::bad(format!("unable to find group {name}: no matching entries in group file"));
        spec.groups.push(user::group(&tree, name).ok_or_else(unknown)?);
    }
    let isolated = Moment::Isolated { container: id.to_owned(), namespaces: namespaces(&spec, &container, own) };
    with(sys, |s| s.moment(isolated))?;
    sys.sleep(CREATION).await?;
    // Who stopped or removed it in the meantime does not want it to begin again.
    let unwanted = container.status == Status::Restarting
        && !with(sys, |s| s.container(id).is_ok_and(|c| c.status == Status::Restarting))?;
    if unwanted {
        return Err(ApiError::not_modified());
    }
    let size = Some(container.host.console_size);
    let started = process::spawn(sys, spec, container.config.tty, container.config.open_stdin, size)
        .await
        .map_err(|e| process::create_failed(&container.path, e))?;
    let at = now(sys);
    with(sys, |s| {
        if let Some(c) = s.containers.get_mut(id) {
            c.status = Status::Running;
            c.pid = Some(started.pid);
            c.started = Some(at);
            (c.exit_code, c.oom_killed, c.stopped_by_hand) = (0, false, false);
            c.error.clear();
            (c.mnt, c.net) = (Some(mnt), Some(net));
            (c.stdin, c.master) = (started.stdin, started.master);
            c.health_due = false;
            c.health = health::is_checked(c).then(health::starting);
        }
        for m in container.mounts.iter().filter(|m| m.kind == "volume") {
            let writable = if m.rw { "true" } else { "false" };
            let attributes = [
                ("container", id),
                ("destination", m.destination.as_str()),
                ("driver", "local"),
                ("propagation", ""),
                ("read/write", writable),
            ];
            s.event(at, "volume", "mount", &m.name, &attributes);
        }
        s.container_event(at, "start", id, &[]);
    })?;
    sys.thread(ThreadBody::new(Box::new(Monitor::new(id, &started)))).await?;
    if health::is_checked(&container) {
        sys.thread(ThreadBody::new(Box::new(Checker::new(id, at)))).await?;
    }
    wake(sys, id).await;
    wake(sys, "").await;
    Ok(())
}

/// The namespaces that are a container's own, by the names that `/proc/PID/ns` has.
fn namespaces(spec: &SpawnSpec, container: &Container, own_net: bool) -> Vec<&'static str> {
    let host = &container.host;
    let own = [
        ("mnt", true),
        ("pid", spec.pid_ns == PidNsSpec::New),
        ("net", own_net),
        ("uts", host.uts_mode != "host"),
        ("ipc", matches!(host.ipc_mode.as_str(), "" | "private" | "shareable" | "none")),
        ("cgroup", !spec.host_cgroup_ns),
        ("user", spec.remap.is_some()),
    ];
    own.into_iter().filter(|(_, own)| *own).map(|(name, _)| name).collect()
}

/// What is set in `/proc/sys` for a container's own network: everybody may take low ports and ping (moby
/// `daemon/oci_linux.go`), and what was asked for.
async fn sysctls(sys: &Sys, container: &Container, own_net: bool) -> Result<Vec<(String, String)>, ApiError> {
    let mut list: Vec<(String, String)> = Vec::new();
    if own_net {
        for (name, value) in [("ip_unprivileged_port_start", "0"), ("ping_group_range", "0\t2147483647")] {
            list.push((format!("net.ipv4.{name}"), value.to_owned()));
        }
    }
    for (name, value) in container.host.sysctls.iter().flatten() {
        let path = format!("/proc/sys/{}", name.replace('.', "/"));
        if let Err(e) = sys.stat(&path).await {
            return Err(ApiError::bad(format!(
                "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: open {path}: {}",
                crate::error::lower(e)
            )));
        }
        list.push((name.clone(), value.clone()));
    }
    Ok(list)
}

/// The process namespace that `--pid` asks for.
fn pid_namespace(state: &EngineState, mode: &str) -> Result<PidNsSpec, ApiError> {
    let Some(other) = mode.strip_prefix("container:") else {
        return Ok(if mode == "host" { PidNsSpec::Inherit } else { PidNsSpec::New });
    };
    let other = state.container(other)?;
    let pid = other.pid.filter(|_| other.is_running());
    pid.map(PidNsSpec::Of)
        .ok_or_else(|| ApiError::conflict(format!("cannot join PID of a non running container: {}", other.id)))
}

fn mount_failed(container: &Container, e: layerlab_kernel::Errno) -> ApiError {
    let m = container.mounts.first().cloned().unwrap_or_default();
    let (from, to, why) = (&m.source, &m.destination, crate::error::lower(e));
    let hint = match e {
        layerlab_kernel::Errno::ENOTDIR | layerlab_kernel::Errno::EISDIR => {
            ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"
        }
        _ => "",
    };
    ApiError::internal(format!(
        "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting \"{from}\" to rootfs at \"{to}\": mount src={from}, dst={to}, dstFd=/proc/thread-self/fd/14, flags=MS_BIND|MS_REC: {why}{hint}"
    ))
}
