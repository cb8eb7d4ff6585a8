//! `POST /containers/create`.

use layerlab_api::container::{CreateRequest, CreateResponse, HostConfig};
use layerlab_kernel::hash::hex;
use layerlab_kernel::vfs::{FsKind, Inode, Node};
use layerlab_oci::Platform;

use super::{Container, ImageId, check, config, mounts, names};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::inspect::platform_of;
use crate::image::{Image, unpack};
use crate::network;
use crate::shared::Shared;

/// Makes a container.
///
/// # Errors
/// The daemon's refusals: no such image, name in use, wrong settings.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let request: CreateRequest = cx.json_body().await?;
    let name = cx.param("name").to_owned();
    let (id, warnings) = create(cx, request, &name).await?;
    cx.json(201, &CreateResponse { id, warnings }).await
}

/// Makes a container; answers its ID and warnings.
///
/// # Errors
/// See [`endpoint`].
pub async fn create(cx: &mut Context, request: CreateRequest, name: &str) -> Result<(String, Vec<String>), ApiError> {
    let CreateRequest { mut config, mut host_config, networking_config } = request;
    if config.image.is_empty() {
        return Err(ApiError::bad("no image specified"));
    }
    let name = name.strip_prefix('/').unwrap_or(name);
    if !name.is_empty() && !names::is_valid(name) {
        return Err(ApiError::bad(format!(
            "Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        )));
    }
    let random = cx.sys.random(4096).await?;
    let mut at = 0;
    let mut take = |n: usize| {
        let piece = random.get(at..at + n).unwrap_or_default().to_vec();
        at += n;
        piece
    };
    let id = hex(&take(32));
    let now = cx.now();
    let cpus = cx.sys.sys_info().await?.cpus;
    check::settings(&config, &host_config, cpus)?;
    let image = cx.with(|s| s.images.find(&config.image))??;
    let (image, mut warnings) = for_platform(&config.image, image, cx.param("platform"))?;
    config::merge(&mut config, &image.config.config);
    let (path, args) = config::command(&config)?;
    crate::remap::check(cx.with(|s| s.remap)?, &host_config)?;
    super::log::check(&host_config.log_config)?;
    if host_config.device_requests.iter().flatten().next().is_some() {
        return Err(ApiError::internal("failed to discover GPU vendor from CDI: no known GPU vendor found"));
    }
    cx.with(|s| references(s, &mut host_config))??;
    for (mode, what) in [(&host_config.pid_mode, "PID"), (&host_config.ipc_mode, "IPC")] {
        if let Some(other) = mode.strip_prefix("container:") {
            let found = cx.with(|s| s.container_id(other))?;
            // No 404: the client would pull the image.
            found.map_err(|e| ApiError::bad(format!("joining {what} namespace of container: {}", e.message)))?;
        }
    }
    if host_config.uts_mode == "host" {
        if !config.hostname.is_empty() {
            return Err(ApiError::bad("conflicting options: hostname and the UTS mode"));
        }
        config.hostname = cx.sys.uname().await?.nodename;
    }
    for m in points_of_images(&host_config) {
        cx.with(|s| s.images.find(&m).map(drop))??;
    }
    if let Some(other) = host_config.network_mode.strip_prefix("container:") {
        if !config.hostname.is_empty() {
            return Err(ApiError::bad("conflicting options: hostname and the network mode"));
        }
        // It is in the other's namespaces, and has its name.
        config.hostname = cx.with(|s| s.container(other).map(|c| c.config.hostname.clone()))?.unwrap_or_default();
    }
    if config.hostname.is_empty() && host_config.network_mode != "host" {
        config.hostname = id.get(..12).unwrap_or_default().to_owned();
    }
    defaults(&mut host_config);
    let bound = host_config.port_bindings.as_ref().is_some_and(|b| !b.is_empty());
    if host_config.network_mode == "host" && bound {
        warnings.push("Published ports are discarded when using host network mode".to_owned());
    }
    let mut points = mounts::plan(&config, &host_config, &mut || hex(&take(32)))?;
    cx.with(|s| mounts::from_others(s, &host_config, &mut points))??;
    for m in host_config.mounts.iter().flatten().filter(|m| m.kind == "bind") {
        if cx.sys.stat(&m.source).await.is_err() {
            return Err(ApiError::bad(format!(
                "invalid mount config for type \"bind\": bind source path does not exist: {}",
                m.source
            )));
        }
    }
    config.volumes = config.volumes.take().filter(|v| !v.0.is_empty());
    let name_random = take(12);
    let tree = cx.with(|s| unpack::container_base(s, image.diff_ids()))?.map_err(ApiError::internal)?;
    let mut rootfs_tree = tree;
    make_workdir(&mut rootfs_tree, &config.working_dir, now.secs);
    let wanted = cx.with(|s| {
        let name = if name.is_empty() {
            let free = |n: &String| !s.containers.values().any(|c| c.name == *n);
            (0..20u32)
                .map(|i| names::generate(name_random.get((i as usize % 6)..).unwrap_or_default(), i))
                .find(free)
                .unwrap_or_else(|| id.clone())
        } else {
            if let Some(other) = s.containers.values().find(|c| c.name == name) {
                return Err(ApiError::conflict(format!(
                    "Conflict. The container name \"/{name}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
                    other.id
                )));
            }
            name.to_owned()
        };
        let networks = network::wanted(s, &host_config, networking_config.endpoints_config.unwrap_or_default())?;
        let new_volumes = mounts::volumes(s, &host_config, &points, now)?;
        Ok((name, networks, new_volumes))
    })?;
    let (name, networks, new_volumes) = wanted?;
    for dir in &new_volumes {
        mounts::make_dirs(&cx.sys, dir).await?;
    }
    let rootfs = cx.sys.fs_new(FsKind::Overlay, rootfs_tree).await?;
    mounts::make_dirs(&cx.sys, &format!("/var/lib/docker/containers/{id}")).await?;
    let container = Container {
        id: id.clone(),
        name,
        created: now,
        image: config.image.clone(),
        image_id: ImageId(Some(image.id())),
        manifest: Some(image.manifest.clone()),
        layers: image.diff_ids().to_vec(),
        config,
        host: host_config,
        path,
        args,
        rootfs: Some(rootfs),
        networks,
        mounts: points,
        ..Container::default()
    };
    cx.with(|s| {
        s.created_count += 1;
        let number = s.created_count;
        s.containers.insert(id.clone(), Container { number, ..container }.into());
        s.container_event(now, "create", &id, &[]);
    })?;
    Ok((id, warnings))
}

/// The images that are mounted.
fn points_of_images(host: &HostConfig) -> Vec<String> {
    host.mounts.iter().flatten().filter(|m| m.kind == "image").map(|m| m.source.clone()).collect()
}

/// The image for the platform that is asked for; without one, a warning where it is another than this machine's.
fn for_platform(name: &str, image: Shared<Image>, wanted: &str) -> Result<(Shared<Image>, Vec<String>), ApiError> {
    if let Some(p) = platform_of(wanted)? {
        let found = image.of(&p).map(Shared::new).ok_or_else(|| {
            let shown =
                layerlab_oci::Reference::parse_familiar(name).map_or_else(|_| name.to_owned(), |r| r.familiar());
            ApiError::not_found(format!(
                "image with reference {shown} was found but does not provide the specified platform ({p})"
            ))
        })?;
        return Ok((found, Vec::new()));
    }
    let have = image.platform();
    let runs = Platform::linux("amd64").runs();
    let warnings = if runs.iter().any(|p| p.matches(&have)) || have.architecture.is_empty() {
        Vec::new()
    } else {
        vec![format!(
            "The requested image's platform ({have}) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested"
        )]
    };
    Ok((image, warnings))
}

/// Other containers that the settings name must be there; a link's name is as `inspect` shows it.
fn references(state: &crate::state::EngineState, host: &mut HostConfig) -> Result<(), ApiError> {
    const DRIVERS: &[&str] = &["", "json-file", "local", "none", "journald", "syslog", "gelf", "fluentd", "awslogs"];
    let driver = &host.log_config.kind;
    if !DRIVERS.contains(&driver.as_str()) {
        return Err(ApiError::internal(format!(
            "error looking up logging plugin {driver}: plugin \"{driver}\" not found"
        )));
    }
    for link in host.links.iter().flatten() {
        let name = link.split(':').next().unwrap_or_default();
        // A 404 would make the client pull the image.
        state
            .container(name)
            .map_err(|e| ApiError::bad(format!("could not get container for {name}: {}", e.message)))?;
    }
    Ok(())
}

/// The working directory is made where it is missing, as root's.
fn make_workdir(tree: &mut layerlab_kernel::vfs::Tree, path: &str, now: i64) {
    let Some(real) = super::user::resolve(tree, path) else { return };
    let mut at = String::new();
    for part in layerlab_kernel::vfs::tree::parts(&real) {
        at.push('/');
        at.push_str(part);
        match tree.at(&at).map(|i| &i.node) {
            Some(Node::Dir { .. } | Node::Symlink(_)) => {}
            Some(_) => return,
            None => {
                let mut dir = Inode::dir(0o755);
                dir.mtime = (now, 0);
                let _ = tree.insert(&at, dir);
            }
        }
    }
}

/// What the daemon fills in.
fn defaults(host: &mut HostConfig) {
    let fill = |text: &mut String, with: &str| {
        if text.is_empty() {
            with.clone_into(text);
        }
    };
    fill(&mut host.log_config.kind, "json-file");
    fill(&mut host.restart_policy.name, "no");
    fill(&mut host.cgroupns_mode, "private");
    fill(&mut host.ipc_mode, "private");
    fill(&mut host.runtime, "runc");
    if matches!(host.network_mode.as_str(), "" | "default") {
        "bridge".clone_into(&mut host.network_mode);
    }
    if host.shm_size == 0 {
        host.shm_size = 64 << 20;
    }
    if host.memory > 0 && host.memory_swap == 0 {
        host.memory_swap = host.memory * 2;
    }
    // What says nothing is null.
    host.memory_swappiness = host.memory_swappiness.filter(|n| *n != -1);
    host.pids_limit = host.pids_limit.filter(|n| *n > 0);
    host.dns = host.dns.take().filter(|d| !d.is_empty());
    host.port_bindings.get_or_insert_with(Default::default);
    host.dns_options.get_or_insert_with(Vec::new);
    host.dns_search.get_or_insert_with(Vec::new);
    host.oom_kill_disable.get_or_insert(false);
    host.blkio_weight_device.get_or_insert_with(Vec::new);
    for list in [
        &mut host.blkio_device_read_bps,
        &mut host.blkio_device_write_bps,
        &mut host.blkio_device_read_iops,
        &mut host.blkio_device_write_iops,
    ] {
        list.get_or_insert_with(Vec::new);
    }
    host.devices.get_or_insert_with(Vec::new);
    host.ulimits.get_or_insert_with(Vec::new);
    let paths = |list: &[&str]| Some(list.iter().map(|p| (*p).to_owned()).collect());
    // Who asks for none has said so with empty lists (`--security-opt systempaths=unconfined`).
    if !host.privileged && host.masked_paths.is_none() {
        host.masked_paths = paths(&[
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware",
        ]);
    }
    if !host.privileged && host.readonly_paths.is_none() {
        host.readonly_paths = paths(&["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]);
    }
}
