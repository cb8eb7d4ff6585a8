//! What a container's settings may say (moby `daemon/container.go`, `daemon/daemon_unix.go`).

use layerlab_api::container::{Config, Healthcheck, HostConfig};
use layerlab_kernel::Signal;

use crate::error::ApiError;

/// The least memory that a container may have.
const LEAST: i64 = 6 << 20;
/// Names of runtimes that this engine has.
const RUNTIMES: [&str; 3] = ["", "runc", "io.containerd.runc.v2"];

fn bad(why: impl Into<String>) -> Result<(), ApiError> {
    Err(ApiError::bad(why.into()))
}

/// Refuses settings that cannot be, before an image is looked for.
///
/// # Errors
/// The daemon's words.
pub fn settings(config: &Config, host: &HostConfig, cpus: u32) -> Result<(), ApiError> {
    let dir = &config.working_dir;
    if !dir.is_empty() && !dir.starts_with('/') {
        return bad(format!("the working directory '{dir}' is invalid, it needs to be an absolute path"));
    }
    if !config.stop_signal.is_empty() && Signal::parse(&config.stop_signal).is_none() {
        return bad(format!("invalid signal: {}", config.stop_signal));
    }
    if let Some(h) = &config.healthcheck {
        health(h)?;
    }
    if host.auto_remove && !matches!(host.restart_policy.name.as_str(), "" | "no") {
        return bad("can't create 'AutoRemove' container with restart policy");
    }
    restart(host)?;
    super::security::check(host)?;
    if !matches!(host.isolation.as_str(), "" | "default") {
        return bad(format!("invalid isolation '{}' on linux", host.isolation));
    }
    resources(host, cpus)?;
    namespaces(host)?;
    if !RUNTIMES.contains(&host.runtime.as_str()) {
        return bad(format!("unknown or invalid runtime name: {}", host.runtime));
    }
    for target in host.tmpfs.iter().flatten().map(|t| t.0) {
        if target == "/" {
            return bad("invalid specification: destination can't be '/'");
        }
        if !target.starts_with('/') {
            return bad(format!("invalid mount path: '{target}' mount path must be absolute"));
        }
    }
    Ok(())
}

fn health(h: &Healthcheck) -> Result<(), ApiError> {
    let times = [
        (h.interval, "Interval"),
        (h.timeout, "Timeout"),
        (h.start_period, "StartPeriod"),
        (h.start_interval, "StartInterval"),
    ];
    if let Some((_, what)) = times.iter().find(|(t, _)| *t != 0 && *t < 1_000_000) {
        return bad(format!("{what} in Healthcheck cannot be less than 1ms"));
    }
    if h.retries < 0 {
        return bad("Retries in Healthcheck cannot be negative");
    }
    Ok(())
}

fn restart(host: &HostConfig) -> Result<(), ApiError> {
    let policy = &host.restart_policy;
    match policy.name.as_str() {
        "no" | "always" | "unless-stopped" if policy.maximum_retry_count != 0 => {
            let and = if policy.maximum_retry_count < 0 { " and cannot be negative" } else { "" };
            bad(format!("invalid restart policy: maximum retry count can only be used with 'on-failure'{and}"))
        }
        "" if policy.maximum_retry_count > 0 => {
            bad("invalid restart policy: maximum retry count can only be used with 'on-failure'")
        }
        "on-failure" if policy.maximum_retry_count < 0 => {
            bad("invalid restart policy: maximum retry count cannot be negative")
        }
        "" | "no" | "always" | "unless-stopped" | "on-failure" => Ok(()),
        other => bad(format!(
            "invalid restart policy: unknown policy '{other}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
        )),
    }
}

fn namespaces(host: &HostConfig) -> Result<(), ApiError> {
    let of_container = |mode: &str| mode.strip_prefix("container:").is_some_and(|c| !c.is_empty());
    let ipc = host.ipc_mode.as_str();
    if !matches!(ipc, "" | "none" | "private" | "shareable" | "host") && !of_container(ipc) {
        return bad(format!("invalid IPC mode: {ipc}"));
    }
    let pid = host.pid_mode.as_str();
    if !matches!(pid, "" | "host") && !of_container(pid) {
        return bad(format!("invalid PID mode: {pid}"));
    }
    if host.shm_size < 0 {
        return bad("SHM size can not be less than 0");
    }
    if !matches!(host.uts_mode.as_str(), "" | "host") {
        return bad(format!("invalid UTS mode: {}", host.uts_mode));
    }
    if !(-1000..=1000).contains(&host.oom_score_adj) {
        return bad(format!("Invalid value {}, range for oom score adj is [-1000, 1000]", host.oom_score_adj));
    }
    let parent = &host.cgroup_parent;
    if !parent.is_empty() && (parent.len() <= ".slice".len() || !parent.ends_with(".slice")) {
        return bad("cgroup-parent for systemd cgroup should be a valid slice named as \"xxx.slice\"");
    }
    if !matches!(host.cgroupns_mode.as_str(), "" | "private" | "host") {
        return bad(format!("invalid cgroup namespace mode: {}", host.cgroupns_mode));
    }
    Ok(())
}

/// Refuses limits that cannot be; `docker update` asks this too.
///
/// # Errors
/// The daemon's words.
pub fn resources(host: &HostConfig, cpus: u32) -> Result<(), ApiError> {
    restart(host)?;
    if host.memory != 0 && host.memory < LEAST {
        return bad("Minimum memory limit allowed is 6MB");
    }
    if host.memory > 0 && host.memory_swap > 0 && host.memory_swap < host.memory {
        return bad("Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if host.memory == 0 && host.memory_swap > 0 {
        return bad("You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if let Some(n) = host.memory_swappiness.filter(|n| *n != -1 && !(0..=100).contains(n)) {
        return bad(format!("Invalid value: {n}, valid memory swappiness range is 0-100"));
    }
    let reservation = host.memory_reservation;
    if reservation > 0 && reservation < LEAST {
        return bad("Minimum memory reservation allowed is 6MB");
    }
    if host.memory > 0 && reservation > host.memory {
        return bad("Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    if host.nano_cpus > 0 && host.cpu_period > 0 {
        return bad("Conflicting options: Nano CPUs and CPU Period cannot both be set");
    }
    if host.nano_cpus > 0 && host.cpu_quota > 0 {
        return bad("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
    }
    if host.nano_cpus < 0 || host.nano_cpus > i64::from(cpus) * 1_000_000_000 {
        return bad(format!("range of CPUs is from 0.01 to {cpus}.00, as there are only {cpus} CPUs available"));
    }
    if host.cpu_period != 0 && !(1000..=1_000_000).contains(&host.cpu_period) {
        return bad("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
    }
    if host.cpu_quota > 0 && host.cpu_quota < 1000 {
        return bad("CPU cfs quota can not be less than 1ms (i.e. 1000)");
    }
    let last = cpus.saturating_sub(1);
    let all = if last == 0 { "0".to_owned() } else { format!("0-{last}") };
    for (wanted, there, what, names) in [
        (&host.cpuset_cpus, (last, all.as_str()), "cpus", "CPUs"),
        (&host.cpuset_mems, (0, "0"), "mems", "memory nodes"),
    ] {
        match highest(wanted) {
            None => return bad(format!("Invalid value {wanted} for cpuset {what}: invalid format: {wanted}")),
            Some(n) if n > there.0 => {
                return bad(format!(
                    "Requested {names} are not available - requested {wanted}, available: {}",
                    there.1
                ));
            }
            Some(_) => {}
        }
    }
    if host.blkio_weight > 0 && !(10..=1000).contains(&host.blkio_weight) {
        return bad("Range of blkio weight is from 10 to 1000");
    }
    Ok(())
}

/// The highest number of a list like `0-2,7`; 0 of an empty one.
fn highest(list: &str) -> Option<u32> {
    let mut most = 0;
    for part in list.split(',').filter(|_| !list.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if last < first {
            return None;
        }
        most = most.max(last);
    }
    Some(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(change: impl Fn(&mut Config, &mut HostConfig)) -> String {
        let (mut config, mut host) = (Config::default(), HostConfig::default());
        change(&mut config, &mut host);
        settings(&config, &host, 4).map_or_else(|e| e.message, |()| String::new())
    }

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        assert_eq!(why(|_, _| ()), "");
        assert_eq!(
            why(|_, h| h.memory_swap = 32 << 20),
            "You should always set the Memory limit when using Memoryswap limit, see usage"
        );
        assert_eq!(
            why(|_, h| (h.memory, h.memory_reservation) = (64 << 20, 128 << 20)),
            "Minimum memory limit can not be less than memory reservation limit, see usage"
        );
        assert_eq!(
            why(|_, h| (h.nano_cpus, h.cpu_period) = (1_000_000_000, 1000)),
            "Conflicting options: Nano CPUs and CPU Period cannot both be set"
        );
        assert_eq!(
            why(|_, h| h.cpuset_cpus = "0,4".to_owned()),
            "Requested CPUs are not available - requested 0,4, available: 0-3"
        );
        assert_eq!(why(|_, h| h.cpuset_cpus = "0-3".to_owned()), "");
        assert_eq!(why(|_, h| h.cpuset_cpus = "x".to_owned()), "Invalid value x for cpuset cpus: invalid format: x");
    }

    #[test]
    fn modes_and_paths_that_are_none_are_refused() {
        assert_eq!(
            why(|c, _| c.working_dir = "rel".to_owned()),
            "the working directory 'rel' is invalid, it needs to be an absolute path"
        );
        assert_eq!(why(|_, h| h.ipc_mode = "foo".to_owned()), "invalid IPC mode: foo");
        assert_eq!(why(|_, h| h.runtime = "foo".to_owned()), "unknown or invalid runtime name: foo");
        assert_eq!(
            why(|_, h| h.tmpfs = Some([("rel".to_owned(), String::new())].into())),
            "invalid mount path: 'rel' mount path must be absolute"
        );
        assert_eq!(
            why(|c, _| c.healthcheck = Some(Healthcheck { interval: 100_000, ..Healthcheck::default() })),
            "Interval in Healthcheck cannot be less than 1ms"
        );
    }
}
