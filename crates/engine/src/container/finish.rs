//! What happens when a container's process has ended.

use layerlab_kernel::net::NetOp;
use layerlab_kernel::{Program, ProgramArgs, SimTime, Sys, async_program};

use super::{Status, limits, remove, start};
use crate::context::{now, with};
use crate::error::ApiError;
use crate::network;
use crate::watch::wake;

/// Ran so long, a container counts as having come up: the wait before a restart is short again.
const STEADY: i64 = 10;

/// The thread that does it; `id` is a container's or an exec's.
pub fn thread(id: String, code: i32) -> Box<dyn Program> {
    let args = ProgramArgs {
        argv: vec!["dockerd".to_owned(), format!("finish {id}")],
        env: Vec::new(),
        variant: String::new(),
    };
    async_program(args, move |sys, _| async move {
        // The daemon's state may be gone while it stops.
        let _ = finish(&sys, &id, code).await;
        0
    })
}

async fn finish(sys: &Sys, id: &str, code: i32) -> Result<(), ApiError> {
    if with(sys, |s| s.execs.contains_key(id))? {
        super::exec::finished(sys, id, code).await?;
        return Ok(());
    }
    let at = now(sys);
    let Ok(container) = with(sys, |s| s.container(id).cloned())? else { return Ok(()) };
    if code == 137 && limits::was_oom_killed(sys, id).await {
        with(sys, |s| {
            s.container_event(at, "oom", id, &[]);
            if let Some(c) = s.containers.get_mut(id) {
                c.oom_killed = true;
            }
        })?;
    }
    limits::drop(sys, id).await;
    release(sys, id).await?;
    let again = restarts(&container, code);
    let ran_steadily = container.started.is_some_and(|t| at.secs - t.secs >= STEADY);
    with(sys, |s| {
        let secs = container.started.map_or(0, |t| at.secs - t.secs).to_string();
        for m in container.mounts.iter().filter(|m| m.kind == "volume") {
            s.event(at, "volume", "unmount", &m.name, &[("container", id), ("driver", "local")]);
        }
        s.container_event(at, "die", id, &[("execDuration", secs.as_str()), ("exitCode", &code.to_string())]);
        if let Some(c) = s.containers.get_mut(id) {
            c.status = if again { Status::Restarting } else { Status::Exited };
            (c.exit_code, c.finished) = (code, Some(at));
            c.restart_count += u32::from(again);
            c.backoff = backoff(c.backoff, ran_steadily);
        }
    })?;
    // A removal that waits for the end does it itself.
    if container.host.auto_remove && !again {
        remove::remove(sys, id, true).await?;
    }
    wake(sys, id).await;
    wake(sys, "").await;
    if again {
        sys.sleep(SimTime::millis(backoff(container.backoff, ran_steadily))).await?;
        let still = with(sys, |s| s.container(id).is_ok_and(|c| c.status == Status::Restarting))?;
        if still {
            start::start(sys, id).await?;
        }
    }
    Ok(())
}

/// Gives back what the running container held.
///
/// # Errors
/// The daemon has no state.
pub async fn release(sys: &Sys, id: &str) -> Result<(), ApiError> {
    let taken = with(sys, |s| {
        let c = s.containers.get_mut(id)?;
        c.pid = None;
        let shared = c.host.network_mode == "host" || c.host.network_mode.starts_with("container:");
        Some((c.mnt.take(), c.net.take().filter(|_| !shared), c.stdin.take(), c.master.take()))
    })?;
    let Some((mnt, net, stdin, _master)) = taken else { return Ok(()) };
    // A terminal's other end is also its input; the monitor has closed it.
    if let Some(fd) = stdin.filter(|fd| Some(*fd) != _master) {
        let _ = sys.close(fd).await;
    }
    network::release(sys, id).await;
    if let Some(ns) = net {
        let _ = sys.net(NetOp::NsDrop(ns)).await;
    }
    if let Some(mnt) = mnt {
        let _ = sys.mnt_ns_drop(mnt).await;
    }
    Ok(())
}

/// The wait before a restart, in milliseconds, after one of `last` (moby `restartmanager`): 100 ms, doubled
/// each time up to a minute.
fn backoff(last: u64, ran_steadily: bool) -> u64 {
    if last == 0 || ran_steadily { 100 } else { (last * 2).min(60_000) }
}

fn restarts(c: &super::Container, code: i32) -> bool {
    if c.stopped_by_hand || c.status == Status::Removing {
        return false;
    }
    let policy = &c.host.restart_policy;
    match policy.name.as_str() {
        "always" | "unless-stopped" => true,
        "on-failure" => {
            code != 0
                && (policy.maximum_retry_count == 0
                    || i64::from(c.restart_count) < i64::from(policy.maximum_retry_count))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute_and_begins_anew_after_a_steady_run() {
        let mut waits = vec![backoff(0, false)];
        while waits.len() < 12 {
            waits.push(backoff(waits[waits.len() - 1], false));
        }
        assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
        assert_eq!((backoff(60_000, true), backoff(100, false)), (100, 200));
    }
}
