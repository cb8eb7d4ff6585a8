//! A container's limits as its cgroup has them (runc `libcontainer/cgroups/fs2`).

use layerlab_kernel::Sys;

use super::Container;
use crate::context::with;
use crate::error::ApiError;

/// A container's cgroup.
pub fn cgroup(id: &str) -> String {
    format!("/system.slice/docker-{id}.scope")
}

/// What is written into the cgroup's files.
fn files(c: &Container) -> Vec<(&'static str, String)> {
    let h = &c.host;
    let max = |n: i64| if n > 0 { n.to_string() } else { "max".to_owned() };
    let quota = match (h.nano_cpus, h.cpu_quota) {
        (n, _) if n > 0 => format!("{} 100000", n / 10_000),
        (_, q) if q > 0 => format!("{q} {}", if h.cpu_period > 0 { h.cpu_period } else { 100_000 }),
        _ => format!("max {}", if h.cpu_period > 0 { h.cpu_period } else { 100_000 }),
    };
    let swap = match (h.memory, h.memory_swap) {
        (m, s) if m > 0 && s > m => (s - m).to_string(),
        (m, s) if m > 0 && s == m => "0".to_owned(),
        _ => "max".to_owned(),
    };
    vec![
        ("memory.max", max(h.memory)),
        ("memory.low", h.memory_reservation.max(0).to_string()),
        ("memory.swap.max", swap),
        ("cpu.max", quota),
        ("cpu.weight", weight(h.cpu_shares).to_string()),
        ("pids.max", max(h.pids_limit.unwrap_or(0))),
        ("cpuset.cpus", h.cpuset_cpus.clone()),
    ]
}

/// Shares (2…262144) as a weight (1…10000): cgroups' conversion.
fn weight(shares: i64) -> i64 {
    if shares <= 0 { 100 } else { 1 + (shares.clamp(2, 262_144) - 2) * 9999 / 262_142 }
}

/// Writes a container's limits into its cgroup; where there is no such file, there is no such
/// controller.
///
/// # Errors
/// No such container.
pub async fn apply(sys: &Sys, id: &str) -> Result<(), ApiError> {
    let list = with(sys, |s| s.container(id).map(files))??;
    let dir = format!("/sys/fs/cgroup{}", cgroup(id));
    if sys.stat("/sys/fs/cgroup/cgroup.controllers").await.is_err() {
        return Ok(());
    }
    for group in ["", "/system.slice"] {
        let file = format!("/sys/fs/cgroup{group}/cgroup.subtree_control");
        let _ = super::mounts::write(sys, &file, "+cpuset +cpu +io +memory +pids").await;
    }
    super::mounts::make_dirs(sys, &dir).await?;
    for (file, value) in list {
        if !value.is_empty() {
            let _ = super::mounts::write(sys, &format!("{dir}/{file}"), &value).await;
        }
    }
    Ok(())
}

/// Whether the kernel has killed one of the group's processes for its memory.
pub async fn was_oom_killed(sys: &Sys, id: &str) -> bool {
    let text = sys.read_file(&format!("/sys/fs/cgroup{}/memory.events", cgroup(id))).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().any(|l| l.strip_prefix("oom_kill ").is_some_and(|n| n.trim() != "0"))
}

/// Takes a group away whose processes have ended.
pub async fn drop(sys: &Sys, id: &str) {
    let _ = sys.rmdir(&format!("/sys/fs/cgroup{}", cgroup(id))).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_as_runc_writes_them() {
        let mut c = Container::default();
        c.host.memory = 64 << 20;
        c.host.memory_swap = 128 << 20;
        c.host.nano_cpus = 1_500_000_000;
        c.host.pids_limit = Some(20);
        let files: std::collections::BTreeMap<_, _> = files(&c).into_iter().collect();
        let want = [
            ("memory.max", "67108864"),
            ("memory.swap.max", "67108864"),
            ("cpu.max", "150000 100000"),
            ("pids.max", "20"),
            ("cpu.weight", "100"),
        ];
        for (file, value) in want {
            assert_eq!(files.get(file).map(String::as_str), Some(value), "{file}");
        }
        assert_eq!([weight(2), weight(1024), weight(262_144)], [1, 39, 10_000]);
    }
}
