//! `GET /containers/{name}/stats`.

use std::collections::BTreeMap;

use layerlab_api::ZERO_TIME;
use layerlab_api::container::{CpuStats, CpuUsage, MemoryStats, NetworkStats, PidsStats, Stats};
use layerlab_kernel::{SimTime, Sys};

use super::Container;
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::watch::Watch;

/// Between two readings.
const INTERVAL: SimTime = SimTime::secs(1);

/// Readings once a second, or one.
///
/// # Errors
/// No such container.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let id = cx.with(|s| s.container_id(name))??;
    let stream = cx.param("stream").is_empty() || cx.flag("stream");
    let one_shot = cx.flag("one-shot");
    let sys = cx.sys.clone();
    let mut last = Stats { preread: ZERO_TIME.to_owned(), ..Stats::default() };
    if !stream {
        let mut reading = read(&sys, &id).await?;
        // The head comes at once: who asks for several takes their seconds at the same time.
        cx.begin("application/json").await?;
        if !one_shot && reading.read != ZERO_TIME {
            sys.sleep(INTERVAL).await?;
            let before = reading;
            reading = after(read(&sys, &id).await?, &before);
        }
        let mut line = serde_json::to_vec(&reading)?;
        line.push(b'\n');
        cx.send(&line).await?;
        return cx.end().await;
    }
    cx.begin("application/json").await?;
    let watch = Watch::new(&sys, &id).await?;
    loop {
        // A container that was removed ends the stream.
        let Ok(reading) = read(&sys, &id).await else { break };
        let reading = after(reading, &last);
        let mut line = serde_json::to_vec(&reading)?;
        line.push(b'\n');
        if cx.send(&line).await.is_err() {
            break;
        }
        last = reading;
        let until = sys.now() + INTERVAL;
        while sys.now() < until && with(&sys, |s| s.containers.contains_key(&id))? {
            if watch.wait_for(cx.fd(), Some(until - sys.now())).await.is_err() {
                watch.end().await;
                return Ok(());
            }
        }
    }
    watch.end().await;
    cx.end().await
}

fn after(mut reading: Stats, last: &Stats) -> Stats {
    reading.precpu_stats = last.cpu_stats.clone();
    if last.read.is_empty() { ZERO_TIME.to_owned() } else { last.read.clone() }.clone_into(&mut reading.preread);
    reading
}

async fn read(sys: &Sys, id: &str) -> Result<Stats, ApiError> {
    let container = with(sys, |s| s.container(id).cloned())??;
    let stats = Stats {
        id: container.id.clone(),
        name: format!("/{}", container.name),
        os_type: "linux".to_owned(),
        read: ZERO_TIME.to_owned(),
        preread: ZERO_TIME.to_owned(),
        ..Stats::default()
    };
    if !container.is_running() {
        return Ok(stats);
    }
    let machine = sys.sys_info().await?;
    let used = usage(sys, &container).await?;
    let limit = if container.host.memory > 0 { container.host.memory as u64 } else { machine.memory_total };
    let pids_limit = container.host.pids_limit.filter(|n| *n > 0).map(i64::unsigned_abs);
    let busy = sys.now().0.saturating_mul(u64::from(machine.cpus));
    Ok(Stats {
        read: now(sys).to_string(),
        pids_stats: PidsStats { current: used.pids, limit: pids_limit },
        cpu_stats: CpuStats {
            cpu_usage: CpuUsage { total_usage: used.cpu },
            system_cpu_usage: busy,
            online_cpus: machine.cpus,
        },
        memory_stats: MemoryStats { usage: used.memory.min(limit), limit, ..MemoryStats::default() },
        networks: Some(networks(&container)),
        ..stats
    })
}

/// What a container's cgroup has used.
struct Usage {
    /// Nanoseconds.
    cpu: u64,
    memory: u64,
    pids: u64,
}

async fn usage(sys: &Sys, c: &Container) -> Result<Usage, ApiError> {
    let cgroup = format!("/system.slice/docker-{}.scope", c.id);
    let mut used = Usage { cpu: 0, memory: 0, pids: 0 };
    for p in sys.procs().await?.into_iter().filter(|p| p.cgroup == cgroup) {
        used.cpu += p.cpu.0;
        used.memory += p.memory;
        used.pids += 1;
    }
    // The controller's own figures count what has ended, too.
    let dir = format!("/sys/fs/cgroup{cgroup}");
    if let Ok(text) = sys.read_file(&format!("{dir}/cpu.stat")).await {
        let text = String::from_utf8_lossy(&text).into_owned();
        let micros = text.lines().find_map(|l| l.strip_prefix("usage_usec ")?.trim().parse::<u64>().ok());
        used.cpu = micros.map_or(used.cpu, |m| m.saturating_mul(1000));
    }
    for (file, field) in [("memory.current", &mut used.memory), ("pids.current", &mut used.pids)] {
        if let Ok(text) = sys.read_file(&format!("{dir}/{file}")).await
            && let Ok(n) = String::from_utf8_lossy(&text).trim().parse()
        {
            *field = n;
        }
    }
    Ok(used)
}

/// The kernel counts no bytes of interfaces: they are there, with none.
fn networks(c: &Container) -> BTreeMap<String, NetworkStats> {
    let shared = c.host.network_mode == "host" || c.host.network_mode.starts_with("container:");
    let n = if shared { 0 } else { c.networks.len() };
    (0..n).map(|i| (format!("eth{i}"), NetworkStats::default())).collect()
}
