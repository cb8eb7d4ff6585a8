//! From the flags of `run` and `create` to the request (docker/cli `cli/command/container/opts.go`).

use std::collections::{BTreeMap, BTreeSet};

use layerlab_api::container::{
    BindOptions, Config, CreateRequest, Device, DeviceRequest, Healthcheck, HostConfig, KeySet, LogConfig, Mount,
    PortMap, RestartPolicy, ThrottleDevice, Ulimit,
};

use super::networks::{is_mac, networking};
use super::{devices, mount};
use crate::cli::Cli;
use crate::error::{CliError, path_error};
use crate::flags::{Parsed, port, value};
use crate::tree::Command;

/// What the request depends on beside the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) cwd: String,
    /// Lines of `--env-file` and `--label-file`.
    pub(crate) env_lines: Vec<String>,
    pub(crate) label_lines: Vec<String>,
    /// `--security-opt seccomp=FILE` with the profile itself.
    pub(crate) seccomp: BTreeMap<String, String>,
}

impl Inputs {
    /// Reads the files that the flags name.
    pub(crate) async fn read(cli: &Cli, p: &Parsed) -> Result<Self, CliError> {
        let mut inputs = Self {
            env: cli.args.env.iter().cloned().collect(),
            cwd: cli.sys.getcwd().await.unwrap_or_default(),
            ..Self::default()
        };
        for (flag, lines) in [("env-file", &mut inputs.env_lines), ("label-file", &mut inputs.label_lines)] {
            for path in p.list(flag) {
                let bytes = cli.sys.read_file(path).await.map_err(|e| path_error("open", path, e))?;
                lines.extend(file_lines(path, &String::from_utf8_lossy(&bytes)).map_err(CliError::new)?);
            }
        }
        for o in p.list("security-opt") {
            let path = o.strip_prefix("seccomp=").or_else(|| o.strip_prefix("seccomp:"));
            let Some(path) = path.filter(|p| !matches!(*p, "unconfined" | "builtin")) else { continue };
            let fail = |e: String| CliError::new(format!("opening seccomp profile ({path}) failed: {e}"));
            let bytes = cli.sys.read_file(path).await.map_err(|e| fail(path_error("open", path, e).message))?;
            let profile: serde_json::Value = serde_json::from_slice(&bytes)
                .map_err(|e| CliError::new(format!("compacting json for seccomp profile ({path}) failed: {e}")))?;
            inputs.seccomp.insert(o.clone(), format!("seccomp={profile}"));
        }
        Ok(inputs)
    }
}

/// `KEY=value` lines; `#` starts a comment line.
fn file_lines(path: &str, text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let name = line.split('=').next().unwrap_or("");
        if name.contains(char::is_whitespace) {
            return Err(format!("invalid env file ({path}): variable '{name}' contains whitespaces"));
        }
        if name.is_empty() {
            return Err(format!("invalid env file ({path}): no variable name on line '{line}'"));
        }
        out.push(line.to_owned());
    }
    Ok(out)
}

/// `KEY` alone takes its value from the environment, if it is there.
pub(crate) fn environment(lines: &[String], flags: &[String], env: &BTreeMap<String, String>) -> Vec<String> {
    let resolve = |e: &String| match env.get(e) {
        Some(v) if !e.contains('=') => format!("{e}={v}"),
        _ => e.clone(),
    };
    let from_file = lines.iter().filter(|l| l.contains('=') || env.contains_key(*l));
    from_file.chain(flags).map(resolve).collect()
}

/// `k=v` pairs as a map.
pub(crate) fn key_values<'a>(items: impl IntoIterator<Item = &'a String>) -> BTreeMap<String, String> {
    items
        .into_iter()
        .map(|i| i.split_once('=').map_or((i.clone(), String::new()), |(k, v)| (k.to_owned(), v.to_owned())))
        .collect()
}

pub(super) fn some(list: &[String]) -> Option<Vec<String>> {
    (!list.is_empty()).then(|| list.to_vec())
}

pub(crate) fn bytes(p: &Parsed, name: &str) -> i64 {
    match p.opt(name) {
        Some("-1") => -1,
        v => v.and_then(|v| value::parse_bytes(v).ok()).unwrap_or(0),
    }
}

fn capability(c: &str) -> String {
    let up = c.to_uppercase();
    if up == "ALL" || up.starts_with("CAP_") { up } else { format!("CAP_{up}") }
}

/// The request for an image with a command.
pub(crate) fn request(c: &Command, p: &Parsed, inputs: &Inputs) -> Result<CreateRequest, String> {
    let image = p.arg(0).to_owned();
    let command = p.args.get(1..).unwrap_or(&[]);
    let attach: Vec<String> = p.list("attach").iter().map(|a| a.to_ascii_lowercase()).collect();
    let interactive = p.bool("interactive");
    let has = |s: &str| attach.iter().any(|a| a == s);
    let (ports, exposed) = ports(p)?;
    let (volumes, binds) = volumes(p, inputs)?;
    let labels = key_values(inputs.label_lines.iter().chain(p.list("label")));
    let attach_stdin = has("stdin") || interactive;
    let config = Config {
        hostname: p.str(c, "hostname").to_owned(),
        domainname: p.str(c, "domainname").to_owned(),
        user: p.str(c, "user").to_owned(),
        attach_stdin,
        attach_stdout: has("stdout") || attach.is_empty(),
        attach_stderr: has("stderr") || attach.is_empty(),
        exposed_ports: (!exposed.is_empty()).then_some(KeySet(exposed)),
        tty: p.bool("tty"),
        open_stdin: interactive,
        stdin_once: interactive && attach_stdin,
        env: some(&environment(&inputs.env_lines, p.list("env"), &inputs.env)),
        cmd: some(command),
        healthcheck: healthcheck(p)?,
        image,
        volumes: Some(KeySet(volumes)),
        working_dir: p.str(c, "workdir").to_owned(),
        entrypoint: p.opt("entrypoint").map(|e| vec![e.to_owned()]),
        labels: Some(labels),
        stop_signal: p.str(c, "stop-signal").to_owned(),
        stop_timeout: p.int("stop-timeout"),
        ..Config::default()
    };
    let (mode, networking_config) = networking(p)?;
    let host_config = host_config(c, p, binds, ports, mode, inputs)?;
    Ok(CreateRequest { config, host_config, networking_config })
}

fn ports(p: &Parsed) -> Result<(PortMap, BTreeSet<String>), String> {
    let mut map = PortMap::new();
    let mut exposed = BTreeSet::new();
    for spec in p.list("publish") {
        for m in port::publish(spec)? {
            exposed.insert(m.port.clone());
            map.entry(m.port).or_default().get_or_insert_default().push(m.binding);
        }
    }
    for spec in p.list("expose") {
        exposed.extend(port::expose(spec)?);
    }
    Ok((map, exposed))
}

/// Anonymous volumes, and what is mounted from somewhere.
fn volumes(p: &Parsed, inputs: &Inputs) -> Result<(BTreeSet<String>, Vec<String>), String> {
    let mut anonymous = BTreeSet::new();
    let mut binds = Vec::new();
    for v in p.list("volume") {
        if v.is_empty() {
            return Err("invalid empty volume spec".to_owned());
        }
        let fields = volume_fields(v).map_err(|e| format!("invalid spec: {v}: {e}"))?;
        match fields.split_first() {
            Some((host, rest)) if !rest.is_empty() && host.starts_with('.') => {
                binds.push(format!("{}:{}", absolute(host, &inputs.cwd), rest.join(":")));
            }
            Some((_, rest)) if !rest.is_empty() => binds.push(v.clone()),
            _ => {
                anonymous.insert(v.clone());
            }
        }
    }
    Ok((anonymous, binds))
}

/// Source, place and options of a `--volume`. One letter before a colon is a drive, as the real client
/// reads it.
fn volume_fields(spec: &str) -> Result<Vec<String>, String> {
    let (mut fields, mut field) = (Vec::new(), String::new());
    for c in spec.chars().map(Some).chain([None]) {
        match c {
            Some(':') if field.len() == 1 && field.starts_with(|c: char| c.is_ascii_alphabetic()) => field.push(':'),
            Some(':') | None if field.is_empty() => return Err("empty section between colons".to_owned()),
            Some(':') if fields.len() == 2 => return Err("too many colons".to_owned()),
            Some(':') | None => fields.push(std::mem::take(&mut field)),
            Some(c) => field.push(c),
        }
    }
    Ok(fields)
}

/// Go's `filepath.Abs`.
pub(crate) fn absolute(path: &str, cwd: &str) -> String {
    let full = if path.starts_with('/') { path.to_owned() } else { format!("{cwd}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            p => parts.push(p),
        }
    }
    format!("/{}", parts.join("/"))
}

fn healthcheck(p: &Parsed) -> Result<Option<Healthcheck>, String> {
    let flags = [
        "health-cmd",
        "health-interval",
        "health-timeout",
        "health-retries",
        "health-start-period",
        "health-start-interval",
    ];
    let any = flags.iter().any(|f| p.is_set(f));
    if p.bool("no-healthcheck") {
        return if any {
            Err("--no-healthcheck conflicts with --health-* options".into())
        } else {
            Ok(Some(Healthcheck { test: Some(vec!["NONE".into()]), ..Healthcheck::default() }))
        };
    }
    let nanos = |f: &str| p.opt(f).and_then(|v| value::parse_duration(v).ok()).unwrap_or(0);
    for f in ["interval", "timeout", "start-period", "start-interval"] {
        if nanos(&format!("health-{f}")) < 0 {
            return Err(format!("--health-{f} cannot be negative"));
        }
    }
    // What says nothing is no check.
    let says = |f: &&str| !matches!(p.opt(f), None | Some("" | "0" | "0s"));
    if !flags.iter().any(says) {
        return Ok(None);
    }
    Ok(Some(Healthcheck {
        test: p.opt("health-cmd").filter(|c| !c.is_empty()).map(|c| vec!["CMD-SHELL".into(), c.to_owned()]),
        interval: nanos("health-interval"),
        timeout: nanos("health-timeout"),
        start_period: nanos("health-start-period"),
        start_interval: nanos("health-start-interval"),
        retries: p.int("health-retries").unwrap_or(0),
    }))
}

pub(crate) fn restart_policy(spec: &str) -> Result<RestartPolicy, String> {
    let (name, count) = spec.split_once(':').unwrap_or((spec, ""));
    if name.is_empty() && !spec.is_empty() {
        return Err("invalid restart policy format: no policy provided before colon".into());
    }
    let maximum_retry_count = match count {
        "" => 0,
        n => {
            n.parse().map_err(|_| "invalid restart policy format: maximum retry count must be an integer".to_owned())?
        }
    };
    Ok(RestartPolicy { name: name.to_owned(), maximum_retry_count })
}

fn device(spec: &str) -> Result<Device, String> {
    if spec.is_empty() {
        return Err("bad format for path: ".to_owned());
    }
    let parts: Vec<&str> = spec.split(':').collect();
    let is_mode = |m: &str| !m.is_empty() && m.chars().all(|c| "rwm".contains(c));
    let (host, inside, mode) = match parts.as_slice() {
        [h] => (*h, *h, "rwm"),
        [h, m] if is_mode(m) => (*h, *h, *m),
        [h, c] => (*h, *c, "rwm"),
        [h, c, m] if is_mode(m) => (*h, *c, *m),
        [_, _, m] => return Err(format!("bad mode specified: {m}")),
        _ => return Err(format!("bad format for path: {spec}")),
    };
    if !inside.starts_with('/') {
        return Err(format!("{inside} is not an absolute path"));
    }
    Ok(Device { path_on_host: host.into(), path_in_container: inside.into(), cgroup_permissions: mode.into() })
}

fn ulimit(spec: &str) -> Option<Ulimit> {
    let (name, limits) = spec.split_once('=')?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    Some(Ulimit { name: name.into(), soft: soft.parse().ok()?, hard: hard.parse().ok()? })
}

/// Devices by path, and those that a specification names (`vendor.com/class=name`).
fn devices_of(p: &Parsed) -> Result<(Vec<Device>, Vec<String>), String> {
    let (mut paths, mut named) = (Vec::new(), Vec::new());
    for d in p.list("device") {
        match d.split_once('=') {
            Some((class, _)) if class.contains('/') && !d.starts_with('/') => named.push(d.clone()),
            _ => paths.push(device(d)?),
        }
    }
    Ok((paths, named))
}

fn check(c: &Command, p: &Parsed) -> Result<(), String> {
    let restart = p.str(c, "restart");
    if p.bool("rm") && !matches!(restart, "" | "no") {
        return Err("conflicting options: cannot specify both --restart and --rm".into());
    }
    let uts = p.str(c, "uts");
    if !matches!(uts, "" | "host") {
        return Err("--uts: invalid UTS mode".into());
    }
    if !matches!(p.str(c, "userns"), "" | "host") {
        return Err("--userns: invalid USER mode".into());
    }
    let pid = p.str(c, "pid");
    if !matches!(pid, "" | "host" | "private") && pid.strip_prefix("container:").is_none_or(str::is_empty) {
        return Err("--pid: invalid PID mode".into());
    }
    if let Some(n) = p.int("memory-swappiness").filter(|n| !(-1..=100).contains(n)) {
        return Err(format!("invalid value: {n}. Valid memory swappiness range is 0-100"));
    }
    if p.str(c, "log-driver") == "none" && !p.list("log-opt").is_empty() {
        return Err("invalid logging opts for driver none".into());
    }
    if let Some(mac) = p.opt("mac-address").filter(|m| !m.is_empty() && !is_mac(m)) {
        return Err(format!("{mac} is not a valid mac address"));
    }
    if p.int("health-retries").is_some_and(|n| n < 0) {
        return Err("--health-retries cannot be negative".into());
    }
    if !matches!(p.str(c, "cgroupns"), "" | "host" | "private") {
        return Err("--cgroupns: invalid CGROUP mode".into());
    }
    if p.list("storage-opt").iter().any(|o| !o.contains('=')) {
        return Err("invalid storage option".into());
    }
    for o in p.list("security-opt") {
        if !o.contains(['=', ':']) && o != "no-new-privileges" {
            return Err(format!("Invalid --security-opt: {}", crate::format::quote(o)));
        }
    }
    match p.str(c, "pull") {
        "always" | "missing" | "never" | "" => Ok(()),
        other => Err(format!("invalid pull option: '{other}': must be one of \"always\", \"missing\" or \"never\"")),
    }
}

fn host_config(
    c: &Command,
    p: &Parsed,
    binds: Vec<String>,
    ports: PortMap,
    mode: String,
    inputs: &Inputs,
) -> Result<HostConfig, String> {
    check(c, p)?;
    let text = |name: &str| p.str(c, name).to_owned();
    let int = |name: &str| p.int(name).unwrap_or(0);
    let map = |name: &str| (!p.list(name).is_empty()).then(|| key_values(p.list(name)));
    let mut mounts: Vec<_> = p.list("mount").iter().filter_map(|m| mount::parse(m, &inputs.cwd).ok()).collect();
    if p.bool("use-api-socket") {
        mounts.push(Mount {
            kind: "bind".into(),
            source: layerlab_api::SOCKET.to_owned(),
            target: layerlab_api::SOCKET.to_owned(),
            bind_options: Some(BindOptions::default()),
            ..Mount::default()
        });
    }
    let throttles = |name: &str, read: fn(&str) -> Result<ThrottleDevice, String>| {
        Some(p.list(name).iter().filter_map(|v| read(v).ok()).collect())
    };
    let (paths, named) = devices_of(p)?;
    let cdi = (!named.is_empty()).then(|| DeviceRequest {
        driver: "cdi".to_owned(),
        device_ids: Some(named),
        ..DeviceRequest::default()
    });
    let requests: Vec<_> = p.opt("gpus").and_then(|v| devices::gpus(v).ok()).into_iter().chain(cdi).collect();
    let gpus = (!requests.is_empty()).then_some(requests);
    let tmpfs = p
        .list("tmpfs")
        .iter()
        .map(|t| t.split_once(':').map_or((t.clone(), String::new()), |(k, v)| (k.into(), v.into())));
    // The client takes this one away and says it by empty lists (docker/cli `parseSystemPaths`).
    let (system, security): (Vec<String>, Vec<String>) =
        p.list("security-opt").iter().cloned().partition(|o| o == "systempaths=unconfined");
    let unconfined = !system.is_empty();
    let security: Vec<String> = security.into_iter().map(|o| inputs.seccomp.get(&o).cloned().unwrap_or(o)).collect();
    let mut ulimits: Vec<Ulimit> = p.list("ulimit").iter().filter_map(|u| ulimit(u)).collect();
    ulimits.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(HostConfig {
        binds: some(&binds),
        container_id_file: text("cidfile"),
        log_config: LogConfig { kind: text("log-driver"), config: key_values(p.list("log-opt")) },
        network_mode: mode,
        port_bindings: Some(ports),
        restart_policy: restart_policy(p.str(c, "restart"))?,
        auto_remove: p.bool("rm"),
        volume_driver: text("volume-driver"),
        volumes_from: some(p.list("volumes-from")),
        annotations: map("annotation"),
        cap_add: some(&p.list("cap-add").iter().map(|c| capability(c)).collect::<Vec<_>>()),
        cap_drop: some(&p.list("cap-drop").iter().map(|c| capability(c)).collect::<Vec<_>>()),
        cgroupns_mode: text("cgroupns"),
        dns: Some(p.list("dns").to_vec()),
        dns_options: Some([p.list("dns-option"), p.list("dns-opt")].concat()),
        dns_search: Some(p.list("dns-search").to_vec()),
        extra_hosts: some(
            &p.list("add-host")
                .iter()
                .map(|h| {
                    h.split_once(['=', ':']).map_or(h.clone(), |(n, ip)| format!("{n}:{}", ip.trim_matches(['[', ']'])))
                })
                .collect::<Vec<_>>(),
        ),
        group_add: some(p.list("group-add")),
        ipc_mode: text("ipc"),
        links: some(p.list("link")),
        oom_score_adj: int("oom-score-adj"),
        pid_mode: text("pid"),
        privileged: p.bool("privileged"),
        publish_all_ports: p.bool("publish-all"),
        readonly_rootfs: p.bool("read-only"),
        security_opt: some(&security),
        masked_paths: unconfined.then(Vec::new),
        readonly_paths: unconfined.then(Vec::new),
        storage_opt: map("storage-opt"),
        tmpfs: (!p.list("tmpfs").is_empty()).then(|| tmpfs.collect()),
        uts_mode: text("uts"),
        userns_mode: text("userns"),
        shm_size: bytes(p, "shm-size"),
        sysctls: map("sysctl"),
        runtime: text("runtime"),
        isolation: text("isolation"),
        cpu_shares: int("cpu-shares"),
        memory: bytes(p, "memory"),
        nano_cpus: p.opt("cpus").and_then(|v| value::parse_cpus(v).ok()).unwrap_or(0),
        cgroup_parent: text("cgroup-parent"),
        blkio_weight: u16::try_from(int("blkio-weight")).unwrap_or(0),
        blkio_weight_device: Some(
            p.list("blkio-weight-device").iter().filter_map(|v| devices::weight(v).ok()).collect(),
        ),
        blkio_device_read_bps: throttles("device-read-bps", devices::bytes_a_second),
        blkio_device_write_bps: throttles("device-write-bps", devices::bytes_a_second),
        blkio_device_read_iops: throttles("device-read-iops", devices::requests_a_second),
        blkio_device_write_iops: throttles("device-write-iops", devices::requests_a_second),
        device_requests: gpus,
        cpu_period: int("cpu-period"),
        cpu_quota: int("cpu-quota"),
        cpu_realtime_period: int("cpu-rt-period"),
        cpu_realtime_runtime: int("cpu-rt-runtime"),
        cpuset_cpus: text("cpuset-cpus"),
        cpuset_mems: text("cpuset-mems"),
        devices: Some(paths),
        device_cgroup_rules: some(p.list("device-cgroup-rule")),
        memory_reservation: bytes(p, "memory-reservation"),
        memory_swap: bytes(p, "memory-swap"),
        memory_swappiness: Some(p.int("memory-swappiness").unwrap_or(-1)),
        oom_kill_disable: Some(p.bool("oom-kill-disable")),
        pids_limit: Some(int("pids-limit")),
        ulimits: Some(ulimits),
        mounts: (!mounts.is_empty()).then_some(mounts),
        init: p.opt("init").map(|_| p.bool("init")),
        ..HostConfig::default()
    })
}
