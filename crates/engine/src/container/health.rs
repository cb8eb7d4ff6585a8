//! HEALTHCHECK: a command that is run in the container again and again (moby `daemon/health.go`).

use std::hash::Hash;

use layerlab_api::container::{Health, HealthResult, Healthcheck};
use layerlab_kernel::hash::hex;
use layerlab_kernel::{
    Cx, PidNsSpec, PollFd, Program, ProgramArgs, Signal, SimTime, SpawnSpec, StateHasher, Step, Sys, Syscall,
    ThreadBody, WaitFlags, WaitFor, async_program,
};
use layerlab_oci::Timestamp;

use super::{Container, Status, config, process, user};
use crate::context::{now, with};
use crate::error::ApiError;
use crate::state::EngineState;
use crate::watch::wake;

const SECOND: i64 = 1_000_000_000;
/// Bytes of output that a result keeps.
const OUTPUT_MAX: usize = 4096;
/// Results that are kept.
const RESULTS_KEPT: usize = 5;

/// Times of a check, with the defaults filled in; nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Times {
    interval: i64,
    timeout: i64,
    start_period: i64,
    start_interval: i64,
    retries: u32,
}

impl Times {
    fn of(h: &Healthcheck) -> Self {
        let or = |n: i64, default: i64| if n > 0 { n } else { default };
        Self {
            interval: or(h.interval, 30 * SECOND),
            timeout: or(h.timeout, 30 * SECOND),
            start_period: h.start_period,
            start_interval: or(h.start_interval, 5 * SECOND),
            retries: u32::try_from(or(h.retries, 3)).unwrap_or(3),
        }
    }
}

/// Whether a container has a check.
pub fn is_checked(c: &Container) -> bool {
    let test = c.config.healthcheck.as_ref().and_then(|h| h.test.as_ref());
    test.is_some_and(|t| t.len() > 1 && t.first().is_some_and(|k| k != "NONE"))
}

/// What a container begins with.
pub fn starting() -> Health {
    Health { status: "starting".to_owned(), ..Health::default() }
}

/// Runs the check of a container while it runs. A state machine, because it lives as long.
#[derive(Clone, Hash)]
pub struct Checker {
    id: String,
    started: Option<Timestamp>,
}

impl Checker {
    /// For a container that was started at this time.
    pub fn new(id: &str, started: Timestamp) -> Self {
        Self { id: id.to_owned(), started: Some(started) }
    }

    /// How long to wait for the next check; `None`: the container doesn't run any more.
    fn wait(&self, cx: &mut Cx<'_>) -> Option<SimTime> {
        let now = Timestamp::from_nanos(i128::from(cx.wall_clock()));
        let state = cx.memory::<EngineState>()?;
        let c = state.containers.get(&self.id).filter(|c| c.is_running() && c.started == self.started)?;
        let times = Times::of(c.config.healthcheck.as_ref()?);
        let fresh = c.health.as_ref().is_some_and(|h| h.status == "starting") && in_start_period(c, &times, now);
        Some(SimTime(if fresh { times.start_interval } else { times.interval }.unsigned_abs()))
    }
}

fn in_start_period(c: &Container, times: &Times, now: Timestamp) -> bool {
    let started = c.started.unwrap_or(now);
    let since = (now.secs - started.secs) * SECOND + i64::from(now.nanos) - i64::from(started.nanos);
    since < times.start_period
}

impl Program for Checker {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        let _ = cx.result();
        let Some(wait) = self.wait(cx) else { return Step::exit(0) };
        let due = cx.memory::<EngineState>().and_then(|s| s.containers.get_mut(&self.id)).is_some_and(|c| {
            // The first turn only begins the waiting.
            std::mem::replace(&mut c.health_due, true) && c.status == Status::Running
        });
        if due {
            let _ = cx.thread(ThreadBody::new(probe_thread(self.id.clone())));
        }
        Step::Syscall(Syscall::Sleep { duration: wait })
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        0
    }
}

fn probe_thread(id: String) -> Box<dyn Program> {
    let args = ProgramArgs {
        argv: vec!["dockerd".to_owned(), format!("health {id}")],
        env: Vec::new(),
        variant: String::new(),
    };
    async_program(args, move |sys, _| async move {
        // The container may be gone meanwhile.
        let _ = probe(&sys, &id).await;
        0
    })
}

async fn probe(sys: &Sys, id: &str) -> Result<(), ApiError> {
    let c = with(sys, |s| s.container(id).cloned())??;
    let Some(check) = c.config.healthcheck.clone() else { return Ok(()) };
    let times = Times::of(&check);
    let start = now(sys);
    let (exit_code, output) = run(sys, &c, &check, &times).await?;
    let end = now(sys);
    let result = HealthResult { start: start.to_string(), end: end.to_string(), exit_code, output };
    with(sys, |s| {
        let forgiving = s.containers.get(id).is_some_and(|c| in_start_period(c, &times, end));
        let Some(c) = s.containers.get_mut(id).filter(|k| k.is_running() && k.started == c.started) else { return };
        let health = c.health.get_or_insert_with(starting);
        let before = health.status.clone();
        record(health, result, times.retries, forgiving);
        let after = health.status.clone();
        if before != after {
            s.container_event(end, &format!("health_status: {after}"), id, &[]);
        }
    })?;
    wake(sys, id).await;
    wake(sys, "").await;
    Ok(())
}

/// What a result means: healthy at the first success; unhealthy after so many failures in a row,
/// those of the start period not counted.
fn record(health: &mut Health, result: HealthResult, retries: u32, forgiving: bool) {
    if result.exit_code == 0 {
        health.failing_streak = 0;
        "healthy".clone_into(&mut health.status);
    } else if !(forgiving && health.status == "starting") {
        health.failing_streak += 1;
        if health.failing_streak >= retries {
            "unhealthy".clone_into(&mut health.status);
        }
    }
    health.log.push(result);
    let surplus = health.log.len().saturating_sub(RESULTS_KEPT);
    health.log.drain(..surplus);
}

async fn run(sys: &Sys, c: &Container, check: &Healthcheck, times: &Times) -> Result<(i32, String), ApiError> {
    let (Some(first), Some(rootfs)) = (c.pid, c.rootfs) else { return Ok((-1, String::new())) };
    let test = check.test.clone().unwrap_or_default();
    let words: Vec<String> = test.iter().skip(1).cloned().collect();
    let argv = if test.first().is_some_and(|k| k == "CMD-SHELL") {
        let shell = c.config.shell.clone().filter(|s| !s.is_empty());
        [shell.unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned()]), words].concat()
    } else {
        words
    };
    let program = argv.first().cloned().unwrap_or_default();
    // A probe is an exec and shows as one (moby `daemon/health.go`).
    let (exec, command) = (hex(&sys.random(32).await?), argv.join(" "));
    let event = |action: &str, more: &[(&str, &str)]| {
        let attributes = [&[("execID", exec.as_str())], more].concat();
        let at = now(sys);
        with(sys, |s| s.container_event(at, action, &c.id, &attributes))
    };
    event(&format!("exec_create: {command}"), &[])?;
    event(&format!("exec_start: {command}"), &[])?;
    let owner = user::find(&sys.fs_tree(rootfs).await?, &c.config.user)?;
    let mut spec = SpawnSpec {
        argv,
        env: config::environment(&c.config, &owner.home),
        cwd: if c.config.working_dir.is_empty() { "/".to_owned() } else { c.config.working_dir.clone() },
        uid: owner.uid,
        gid: owner.gid,
        groups: owner.groups,
        mnt: c.mnt,
        net: c.net,
        pid_ns: PidNsSpec::Of(first),
        hostname: (!c.config.hostname.is_empty()).then(|| c.config.hostname.clone()),
        cgroup: super::limits::cgroup(&c.id),
        ..SpawnSpec::default()
    };
    super::security::apply(&mut spec, &c.host, c.host.privileged);
    let started = match process::spawn(sys, spec, false, false, None).await {
        Ok(started) => started,
        Err(e) => return Ok((-1, process::exec_failed(&program, e))),
    };
    let deadline = sys.now() + SimTime(times.timeout.unsigned_abs());
    let mut open: Vec<i32> = [Some(started.stdout), started.stderr].into_iter().flatten().collect();
    let mut output = Vec::new();
    let mut late = false;
    while !open.is_empty() {
        let fds = open.iter().map(|fd| PollFd { fd: *fd, read: true, write: false }).collect();
        let ready = sys.poll(fds, Some(deadline - sys.now())).await.unwrap_or_default();
        if ready.is_empty() && sys.now() >= deadline {
            late = true;
            let _ = sys.kill_host(started.pid, Signal::KILL).await;
            break;
        }
        for r in ready {
            match sys.read(r.fd, 1 << 16).await {
                Ok(data) if !data.is_empty() => output.extend_from_slice(&data),
                _ => {
                    let _ = sys.close(r.fd).await;
                    open.retain(|fd| *fd != r.fd);
                }
            }
        }
    }
    for fd in open {
        let _ = sys.close(fd).await;
    }
    let (_, status) = sys.wait(WaitFor::Pid(started.pid), WaitFlags::default()).await?;
    event("exec_die", &[("exitCode", &status.code().to_string())])?;
    if late {
        return Ok((-1, format!("Health check exceeded timeout ({}s)", times.timeout / SECOND)));
    }
    output.truncate(OUTPUT_MAX);
    Ok((status.code(), String::from_utf8_lossy(&output).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_outside_of_the_start_period_are_unhealthy() {
        let mut h = starting();
        let result = |exit_code| HealthResult { exit_code, ..HealthResult::default() };
        for _ in 0..5 {
            record(&mut h, result(1), 3, true);
        }
        assert_eq!((h.status.as_str(), h.failing_streak, h.log.len()), ("starting", 0, 5));
        record(&mut h, result(0), 3, false);
        assert_eq!(h.status, "healthy");
        for want in ["healthy", "healthy", "unhealthy"] {
            record(&mut h, result(1), 3, false);
            assert_eq!(h.status, want);
        }
        assert_eq!(h.log.len(), 5);
    }
}
