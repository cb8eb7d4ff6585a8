//! `GET /containers/{name}/top`.

use layerlab_api::container::Top;

use crate::context::{Context, Reply};
use crate::error::ApiError;

/// The container's processes as `ps -ef` on the host shows them.
///
/// # Errors
/// It doesn't run.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, running) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.is_running())))??;
    if !running {
        return Err(ApiError::conflict(format!("container {id} is not running")));
    }
    let cgroup = format!("/system.slice/docker-{id}.scope");
    let boot = cx.now().secs - (cx.sys.now().0 / 1_000_000_000) as i64;
    let mut processes = Vec::new();
    for p in cx.sys.procs().await?.into_iter().filter(|p| p.cgroup == cgroup) {
        let started = (boot + (p.started.0 / 1_000_000_000) as i64).rem_euclid(86_400);
        let cpu = p.cpu.0 / 1_000_000_000;
        let user = if p.uid == 0 { "root".to_owned() } else { p.uid.to_string() };
        processes.push(vec![
            user,
            p.pid.to_string(),
            p.ppid.to_string(),
            "0".to_owned(),
            format!("{:02}:{:02}", started / 3600, started / 60 % 60),
            p.tty.clone().unwrap_or_else(|| "?".to_owned()),
            format!("{:02}:{:02}:{:02}", cpu / 3600, cpu / 60 % 60, cpu % 60),
            p.argv.join(" "),
        ]);
    }
    let titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"].map(str::to_owned).to_vec();
    cx.json(200, &Top { titles, processes }).await
}
