//! `stop`, `restart`, `kill`, `pause`, `unpause`.

use layerlab_kernel::{Signal, SimTime, Sys};

use super::{Status, start};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::watch::{Watch, wake};

/// Stops a container: its signal, then SIGKILL.
///
/// # Errors
/// No such container; it doesn't run (304).
pub async fn stop_endpoint(cx: &mut Context, name: &str) -> Reply {
    let id = cx.with(|s| s.container_id(name))??;
    let timeout = timeout(cx)?;
    let signal = signal(cx.param("signal"))?;
    if !stop(&cx.sys, &id, timeout, signal).await? {
        return Err(ApiError::not_modified());
    }
    cx.empty(204).await
}

/// Stops and starts.
///
/// # Errors
/// No such container; starting fails.
pub async fn restart_endpoint(cx: &mut Context, name: &str) -> Reply {
    let id = cx.with(|s| s.container_id(name))??;
    let timeout = timeout(cx)?;
    let signal = signal(cx.param("signal"))?;
    stop(&cx.sys, &id, timeout, signal).await?;
    start::start(&cx.sys, &id).await?;
    let at = cx.now();
    cx.with(|s| s.container_event(at, "restart", &id, &[]))?;
    cx.empty(204).await
}

fn timeout(cx: &Context) -> Result<Option<i64>, ApiError> {
    match cx.param("t") {
        "" => Ok(None),
        t => t.parse().map(Some).map_err(|_| ApiError::bad(format!("strconv.Atoi: parsing \"{t}\": invalid syntax"))),
    }
}

fn signal(text: &str) -> Result<Option<Signal>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    Signal::parse(text).map(Some).ok_or_else(|| ApiError::bad(format!("invalid signal: {text}")))
}

/// Stops a container; `false`: it wasn't running. `timeout` in seconds, negative: wait for ever.
///
/// # Errors
/// No such container.
pub async fn stop(sys: &Sys, id: &str, timeout: Option<i64>, signal: Option<Signal>) -> Result<bool, ApiError> {
    let (running, status, own, own_timeout) = with(sys, |s| {
        s.container_mut(id).map(|c| {
            let running = c.is_running();
            if running || c.status == Status::Restarting {
                c.stopped_by_hand = true;
            }
            (running, c.status, c.config.stop_signal.clone(), c.config.stop_timeout)
        })
    })??;
    if status == Status::Restarting {
        with(sys, |s| s.container_mut(id).map(|c| c.status = Status::Exited))??;
        wake(sys, id).await;
        return Ok(true);
    }
    if !running {
        return Ok(false);
    }
    let signal = signal.or_else(|| Signal::parse(&own)).unwrap_or(Signal::TERM);
    let seconds = timeout.or(own_timeout).unwrap_or(10);
    let watch = Watch::new(sys, id).await?;
    send(sys, id, signal).await?;
    let limit = (seconds >= 0).then(|| SimTime::secs(seconds.unsigned_abs()));
    let ended = ended_within(sys, id, &watch, limit).await?;
    if !ended {
        send(sys, id, Signal::KILL).await?;
        ended_within(sys, id, &watch, None).await?;
    }
    watch.end().await;
    let at = now(sys);
    with(sys, |s| s.container_event(at, "stop", id, &[]))?;
    Ok(true)
}

/// Waits until the container doesn't run.
///
/// # Errors
/// The call's.
pub async fn ended_within(sys: &Sys, id: &str, watch: &Watch, limit: Option<SimTime>) -> Result<bool, ApiError> {
    let start = sys.now();
    loop {
        if !with(sys, |s| s.container(id).is_ok_and(super::Container::is_running))? {
            return Ok(true);
        }
        let left = limit.map(|l| l - (sys.now() - start));
        if left == Some(SimTime(0)) {
            return Ok(false);
        }
        watch.wait(left).await?;
    }
}

/// Sends a signal to the container's first process.
///
/// # Errors
/// No such container.
pub async fn send(sys: &Sys, id: &str, signal: Signal) -> Result<(), ApiError> {
    let at = now(sys);
    let pid = with(sys, |s| {
        s.container_event(at, "kill", id, &[("signal", &signal.number().to_string())]);
        s.container(id).map(|c| (c.pid, c.status == Status::Paused))
    })??;
    if let (Some(pid), paused) = pid {
        // It may have ended just now.
        let _ = sys.kill_host(pid, signal).await;
        if paused {
            let _ = sys.kill_host(pid, Signal::CONT).await;
        }
    }
    Ok(())
}

/// Sends a signal, SIGKILL unless told.
///
/// # Errors
/// It doesn't run, or there is no such signal.
pub async fn kill_endpoint(cx: &mut Context, name: &str) -> Reply {
    let (id, running) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.is_running())))??;
    let signal = signal(cx.param("signal"))
        .map_err(|e| ApiError::bad(format!("cannot kill container: {name}: {}", e.message)))?
        .unwrap_or(Signal::KILL);
    if !running {
        return Err(ApiError::conflict(format!("cannot kill container: {name}: container {id} is not running")));
    }
    if signal == Signal::KILL || signal == Signal::TERM {
        cx.with(|s| s.container_mut(&id).map(|c| c.stopped_by_hand = true))??;
    }
    let watch = Watch::new(&cx.sys, &id).await?;
    send(&cx.sys, &id, signal).await?;
    if signal == Signal::KILL {
        ended_within(&cx.sys, &id, &watch, Some(SimTime::secs(10))).await?;
    }
    watch.end().await;
    cx.empty(204).await
}

/// Freezes or thaws a container.
///
/// # Errors
/// It doesn't run, or is so already.
pub async fn pause_endpoint(cx: &mut Context, name: &str, pause: bool) -> Reply {
    let (id, status) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.status)))??;
    match (status, pause) {
        (Status::Running, true) | (Status::Paused, false) => {}
        (Status::Paused, true) => return Err(ApiError::conflict(format!("container {id} is already paused"))),
        (Status::Running, false) => return Err(ApiError::conflict(format!("Container {id} is not paused"))),
        _ => return Err(ApiError::conflict(format!("container {id} is not running"))),
    }
    freeze(&cx.sys, &id, pause).await?;
    let at = cx.now();
    cx.with(|s| {
        if let Some(c) = s.containers.get_mut(&id) {
            c.status = if pause { Status::Paused } else { Status::Running };
        }
        s.container_event(at, if pause { "pause" } else { "unpause" }, &id, &[]);
    })?;
    cx.empty(204).await
}

/// The freezer: stops every process of the cgroup, or lets them go on.
///
/// # Errors
/// The call's.
pub async fn freeze(sys: &Sys, id: &str, on: bool) -> Result<(), ApiError> {
    let cgroup = super::limits::cgroup(id);
    let signal = if on { Signal::STOP } else { Signal::CONT };
    for p in sys.procs().await?.into_iter().filter(|p| p.cgroup == cgroup) {
        let _ = sys.kill_host(p.host_pid, signal).await;
    }
    Ok(())
}
