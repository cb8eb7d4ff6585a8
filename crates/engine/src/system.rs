//! `/_ping`, `/version`, `/info`, `/events`, `/system/df`.

use std::collections::BTreeMap;

use layerlab_api::events::Event;
use layerlab_api::filters::Filters;
use layerlab_api::system::{
    BuildCache, Component, DiskUsage, Info, PlatformName, PluginsInfo, Runtime, Usage, Version,
};
use layerlab_api::{API_VERSION, MIN_API_VERSION};
use layerlab_kernel::SimTime;

use crate::container::{Status, list as containers};
use crate::context::{Context, Reply, json_line};
use crate::error::ApiError;
use crate::image::list as images;
use crate::watch::Watch;

/// Says that the daemon is there.
///
/// # Errors
/// The connection's.
pub async fn ping(cx: &mut Context) -> Reply {
    cx.ping().await
}

/// Which version this is.
///
/// # Errors
/// The connection's.
pub async fn version(cx: &mut Context) -> Reply {
    let uname = cx.sys.uname().await?;
    let detail = |commit: &str| BTreeMap::from([("GitCommit".to_owned(), commit.to_owned())]);
    let mut engine = detail("6a43e3d");
    for (k, v) in [
        ("ApiVersion", API_VERSION),
        ("Arch", "amd64"),
        ("BuildTime", "2026-08-05T10:12:31.000000000+00:00"),
        ("Experimental", "false"),
        ("GoVersion", "go1.26.0"),
        ("KernelVersion", uname.release.as_str()),
        ("MinAPIVersion", MIN_API_VERSION),
        ("Os", "linux"),
    ] {
        engine.insert(k.to_owned(), v.to_owned());
    }
    let component =
        |name: &str, version: &str, details| Component { name: name.to_owned(), version: version.to_owned(), details };
    let answer = Version {
        platform: PlatformName { name: "Docker Engine - Community".to_owned() },
        version: crate::VERSION.to_owned(),
        api_version: API_VERSION.to_owned(),
        min_api_version: MIN_API_VERSION.to_owned(),
        os: "linux".to_owned(),
        arch: "amd64".to_owned(),
        components: vec![
            component("Engine", crate::VERSION, engine),
            component("containerd", "v2.3.3", detail("")),
            component("runc", "1.4.3", detail("")),
            component("docker-init", "0.19.0", detail("de40ad0")),
        ],
        git_commit: "6a43e3d".to_owned(),
        go_version: "go1.26.0".to_owned(),
        kernel_version: uname.release,
        build_time: "2026-08-05T10:12:31.000000000+00:00".to_owned(),
    };
    cx.json(200, &answer).await
}

/// How the daemon is.
///
/// # Errors
/// The connection's.
pub async fn info(cx: &mut Context) -> Reply {
    let uname = cx.sys.uname().await?;
    let machine = cx.sys.sys_info().await?;
    let os = cx.sys.read_file("/etc/os-release").await.unwrap_or_default();
    let os = String::from_utf8_lossy(&os).into_owned();
    let value = |key: &str| {
        os.lines().find_map(|l| l.strip_prefix(key)).map(|v| v.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let mut answer = cx.with(|s| {
        let count = |f: &dyn Fn(Status) -> bool| s.containers.values().filter(|c| f(c.status)).count() as u32;
        Info {
            id: s.daemon_id.clone(),
            containers: s.containers.len() as u32,
            containers_running: count(&|x| matches!(x, Status::Running | Status::Restarting)),
            containers_paused: count(&|x| x == Status::Paused),
            containers_stopped: count(&|x| matches!(x, Status::Created | Status::Exited | Status::Dead)),
            images: s.images.images.len() as u32,
            ..Info::default()
        }
    })?;
    let text = str::to_owned;
    answer.driver = text("overlayfs");
    answer.driver_status = vec![[text("driver-type"), text("io.containerd.snapshotter.v1")]];
    answer.logging_driver = text("json-file");
    answer.cgroup_driver = text("systemd");
    answer.cgroup_version = text("2");
    answer.kernel_version = uname.release;
    answer.operating_system = value("PRETTY_NAME=");
    answer.os_version = value("VERSION_ID=");
    answer.os_type = text("linux");
    answer.architecture = uname.machine;
    answer.ncpu = machine.cpus;
    answer.mem_total = machine.memory_total as i64;
    answer.docker_root_dir = text("/var/lib/docker");
    answer.name = uname.nodename;
    answer.server_version = text(crate::VERSION);
    answer.default_runtime = text("runc");
    answer.init_binary = text("docker-init");
    more_info(&mut answer);
    answer.system_time = cx.now().to_string();
    answer.security_options = vec![text("name=seccomp,profile=builtin"), text("name=cgroupns")];
    if cx.with(|s| s.remap.is_some())? {
        answer.security_options.push(text("name=userns"));
    }
    cx.json(200, &answer).await
}

/// What is the same on every machine of this kind.
fn more_info(answer: &mut Info) {
    let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    answer.plugins = PluginsInfo {
        volume: list(&["local"]),
        network: list(&["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]),
        authorization: None,
        log: list(&["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"]),
    };
    for on in [
        &mut answer.memory_limit,
        &mut answer.swap_limit,
        &mut answer.cpu_cfs_period,
        &mut answer.cpu_cfs_quota,
        &mut answer.cpu_shares,
        &mut answer.cpu_set,
        &mut answer.pids_limit,
        &mut answer.ipv4_forwarding,
    ] {
        *on = true;
    }
    let runtime = || Runtime { path: "runc".to_owned() };
    answer.runtimes =
        [("io.containerd.runc.v2".to_owned(), runtime()), ("runc".to_owned(), runtime())].into_iter().collect();
    "inactive".clone_into(&mut answer.swarm.local_node_state);
    "https://index.docker.io/v1/".clone_into(&mut answer.index_server_address);
    answer.registry_config.insecure_registry_cidrs = list(&["::1/128", "127.0.0.0/8"]);
    "v2.3.3".clone_into(&mut answer.containerd_commit.id);
    "1.4.3".clone_into(&mut answer.runc_commit.id);
    "de40ad0".clone_into(&mut answer.init_commit.id);
    "iptables".clone_into(&mut answer.firewall_backend.driver);
    answer.firewall_backend.info = [("EnableUserlandProxy", "true"), ("UserlandProxyPath", "/usr/bin/docker-proxy")]
        .map(|(name, value)| [name.to_owned(), value.to_owned()])
        .to_vec();
    answer.cdi_spec_dirs = list(&["/etc/cdi", "/var/run/cdi"]);
}

/// Which plugins are installed: none can be.
///
/// # Errors
/// The connection's.
pub async fn plugins(cx: &mut Context) -> Reply {
    cx.json(200, &serde_json::json!([])).await
}

fn passes(e: &Event, f: &Filters) -> bool {
    let any = |name: &str, fits: &dyn Fn(&str) -> bool| !f.has(name) || f.get(name).any(fits);
    let attribute = |k: &str, v: &str| e.actor.attributes.get(k).is_some_and(|a| a == v);
    any("type", &|t| e.kind == t)
        && any("event", &|a| e.action == a || e.action.split(':').next() == Some(a))
        && any("container", &|c| e.kind == "container" && (e.actor.id.starts_with(c) || attribute("name", c)))
        && any("image", &|i| {
            let names = |k: &str| e.actor.attributes.get(k).is_some_and(|a| a == i || a.split(':').next() == Some(i));
            e.kind == "image" && (e.actor.id == i || names("name")) || e.kind == "container" && names("image")
        })
        && any("network", &|n| e.kind == "network" && (e.actor.id.starts_with(n) || attribute("name", n)))
        && any("volume", &|v| e.kind == "volume" && e.actor.id == v)
        && any("scope", &|s| e.scope == s)
        && any("daemon", &|_| e.kind == "daemon")
        && f.get("label")
            .all(|l| l.split_once('=').map_or(e.actor.attributes.contains_key(l), |(k, v)| attribute(k, v)))
}

/// What happens, as it happens.
///
/// # Errors
/// The connection's.
pub async fn events(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    let seconds = |t: &str| t.split('.').next().unwrap_or_default().parse::<i64>().ok();
    let (since, until) = (seconds(cx.param("since")), seconds(cx.param("until")));
    cx.begin("application/json").await?;
    let watch = Watch::new(&cx.sys, "").await?;
    let result = tell_events(cx, &filters, since, until, &watch).await;
    watch.end().await;
    result?;
    cx.end().await
}

async fn tell_events(
    cx: &mut Context,
    filters: &Filters,
    since: Option<i64>,
    until: Option<i64>,
    watch: &Watch,
) -> Reply {
    let mut seen = cx.with(|s| if since.is_some() { s.event_count - s.events.len() as u64 } else { s.event_count })?;
    loop {
        let (new, count) = cx.with(|s| {
            let skip = s.events.len() as u64 - (s.event_count - seen).min(s.events.len() as u64);
            (s.events.iter().skip(skip as usize).cloned().collect::<Vec<_>>(), s.event_count)
        })?;
        seen = count;
        for e in new
            .iter()
            .filter(|e| since.is_none_or(|t| e.time >= t) && until.is_none_or(|t| e.time <= t) && passes(e, filters))
        {
            let mut line = serde_json::to_vec(&**e)?;
            line.push(b'\n');
            cx.send(&line).await?;
        }
        let left = until.map(|t| t - cx.now().secs);
        if left.is_some_and(|l| l <= 0) {
            return Ok(());
        }
        watch.wait_for(cx.fd(), left.map(|l| SimTime::secs(l.unsigned_abs()))).await?;
    }
}

/// What takes how much space.
///
/// # Errors
/// The connection's.
pub async fn df(cx: &mut Context) -> Reply {
    let now = cx.now();
    let ids: Vec<String> = cx.with(|s| s.containers.keys().cloned().collect())?;
    let mut sizes = BTreeMap::new();
    for id in ids {
        sizes.insert(id.clone(), containers::writable_size(&cx.sys, &id).await? as i64);
    }
    let mut volume_sizes = BTreeMap::new();
    for name in cx.with(|s| s.volumes.keys().cloned().collect::<Vec<_>>())? {
        volume_sizes.insert(name.clone(), crate::volume::size(&cx.sys, &name).await);
    }
    let records = crate::build::cache_records(&cx.sys, "").await?;
    // API versions before 1.52 know lists only.
    let legacy = cx.is_before(52);
    let json = cx.with(|s| {
        let mut images = images::list(s, &Filters::default(), false)?;
        for i in &mut images {
            i.shared_size = shared_size(s, &i.id);
        }
        let mut containers = containers::list(s, &Filters::default(), true, now)?;
        for c in &mut containers {
            c.size_rw = sizes.get(&*c.id).copied();
        }
        let layers: i64 = s.layers.values().map(|l| (l.compressed + l.unpacked) as i64).sum();
        let running: i64 = containers.iter().filter(|c| c.state == "running").map(|c| c.size_rw.unwrap_or(0)).sum();
        let writable: i64 = sizes.values().sum();
        let cache: Vec<BuildCache> = records.iter().map(|r| r.line.clone()).collect();
        let unused: i64 = images.iter().filter(|i| i.containers == 0).map(|i| i.size).sum();
        let answer = DiskUsage {
            image_usage: Usage {
                active_count: images.iter().filter(|i| i.containers > 0).count() as i64,
                total_count: images.len() as i64,
                total_size: layers,
                reclaimable: unused.min(layers),
                items: images,
            },
            container_usage: Usage {
                active_count: containers.iter().filter(|c| c.state == "running").count() as i64,
                total_count: containers.len() as i64,
                total_size: writable,
                reclaimable: writable - running,
                items: containers,
            },
            volume_usage: volume_usage(s, &volume_sizes),
            build_cache_usage: Usage {
                total_count: cache.len() as i64,
                total_size: cache.iter().map(|c: &BuildCache| c.size).sum(),
                reclaimable: cache.iter().filter(|c| !c.shared).map(|c| c.size).sum(),
                items: cache,
                ..Usage::default()
            },
        };
        if !legacy {
            return json_line(&answer);
        }
        let DiskUsage { image_usage, container_usage, volume_usage, build_cache_usage } = answer;
        json_line(&serde_json::json!({
            "LayersSize": image_usage.total_size,
            "Images": image_usage.items,
            "Containers": container_usage.items,
            "Volumes": volume_usage.items,
            "BuildCache": build_cache_usage.items,
        }))
    })??;
    cx.answer(200, "application/json", json).await
}

/// Bytes of an image's layers that another image has, too.
fn shared_size(state: &crate::state::EngineState, id: &str) -> i64 {
    let Some(image) = state.images.images.values().find(|i| i.id().to_string() == id) else { return 0 };
    let others = || state.images.images.values().filter(|o| o.id() != image.id());
    let shared = image.diff_ids().iter().filter(|d| others().any(|o| o.diff_ids().contains(d)));
    shared.filter_map(|d| state.layers.get(d)).map(|l| (l.unpacked + l.compressed) as i64).sum()
}

fn volume_usage(
    state: &crate::state::EngineState,
    sizes: &BTreeMap<String, u64>,
) -> Usage<layerlab_api::volume::Volume> {
    let mut usage = Usage::default();
    for v in state.volumes.values() {
        let users = state.containers.values().filter(|c| c.mounts.iter().any(|m| m.name == v.name)).count() as i64;
        let size = sizes.get(&v.name).copied().unwrap_or(0) as i64;
        usage.total_count += 1;
        usage.total_size += size;
        if users > 0 {
            usage.active_count += 1;
        } else {
            usage.reclaimable += size;
        }
        let data = layerlab_api::volume::UsageData { ref_count: users, size };
        usage.items.push(layerlab_api::volume::Volume { usage_data: Some(data), ..crate::volume::show(v) });
    }
    usage
}
