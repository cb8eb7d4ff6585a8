//! `docker exec`: `POST /containers/{name}/exec`, `/exec/{id}/start`, `/resize`, `/json`.

use layerlab_api::IdResponse;
use layerlab_api::detach::detach_keys;
use layerlab_api::exec::{CreateRequest, Inspect, ProcessConfig, StartRequest};
use layerlab_kernel::hash::hex;
use layerlab_kernel::{Fd, Pid, PidNsSpec, SimTime, SpawnSpec, Sys, ThreadBody};

use super::attach::{self, Join};
use super::monitor::Monitor;
use super::output::Output;
use super::{Status, config, process, user};
use crate::context::{Context, Reply, now, with};
use crate::error::ApiError;
use crate::route::{Handler, no_page, refuse};
use crate::watch::wake;

/// What runc needs to start a process in a container.
const CREATION: SimTime = SimTime::millis(60);

/// A process started in a running container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Exec {
    /// 64 hexadecimal digits.
    pub id: String,
    /// The container.
    pub container: String,
    /// What was asked for.
    pub request: CreateRequest,
    /// It was started.
    pub started: bool,
    /// Its process while it runs.
    pub pid: Option<Pid>,
    /// How it ended.
    pub exit_code: Option<i32>,
    /// What it wrote.
    pub output: Output,
    /// Where its input is written.
    pub stdin: Option<Fd>,
    /// Its terminal's other end.
    pub master: Option<Fd>,
}

impl Exec {
    /// Whether its process lives.
    pub fn is_running(&self) -> bool {
        self.pid.is_some()
    }
}

/// Prepares an exec.
///
/// # Errors
/// No such container; it doesn't run or is paused.
pub async fn create(cx: &mut Context, name: &str) -> Reply {
    let request: CreateRequest = cx.json_body().await?;
    let random = cx.sys.random(32).await?;
    let id = hex(&random);
    let (container, status) = cx.with(|s| s.container(name).map(|c| (c.id.clone(), c.status)))??;
    match status {
        Status::Running => {}
        Status::Paused => {
            return Err(ApiError::conflict(format!("Container {name} is paused, unpause the container before exec")));
        }
        Status::Restarting => {
            return Err(ApiError::conflict(format!(
                "Container {container} is restarting, wait until the container is running"
            )));
        }
        _ => return Err(ApiError::conflict(format!("container {container} is not running"))),
    }
    if request.cmd.as_ref().is_none_or(Vec::is_empty) {
        return Err(ApiError::bad("No exec command specified"));
    }
    // Who is to run it is looked up here, too (moby `daemon/exec.go`).
    let rootfs = cx.with(|s| s.containers.get(&container).and_then(|c| c.rootfs))?;
    if let Some(rootfs) = rootfs.filter(|_| !request.user.is_empty()) {
        user::find(&cx.sys.fs_tree(rootfs).await?, &request.user)?;
    }
    let keys = &request.detach_keys;
    if !keys.is_empty() && detach_keys(keys).is_none() {
        return Err(ApiError::internal(format!("Invalid escape keys ({keys}) provided")));
    }
    let at = cx.now();
    let command = request.cmd.clone().unwrap_or_default().join(" ");
    cx.with(|s| {
        s.container_event(at, &format!("exec_create: {command}"), &container, &[("execID", id.as_str())]);
        s.execs.insert(id.clone(), Exec { id: id.clone(), container, request, ..Exec::default() });
    })?;
    cx.json(201, &IdResponse { id }).await
}

/// The handler of a request about an exec.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, id: &'a str, verb: &'a str) -> Handler<'a> {
    if cx.with(|s| !s.execs.contains_key(id)).unwrap_or(true) {
        return refuse(ApiError::not_found(format!("No such exec instance: {id}")));
    }
    match (method, verb) {
        ("POST", "start") => Box::pin(start(cx, id)),
        ("POST", "resize") => Box::pin(super::resize::exec(cx, id)),
        ("GET", "json") => Box::pin(async move {
            let answer = cx.with(|s| s.execs.get(id).map(inspect))?.unwrap_or_default();
            cx.json(200, &answer).await
        }),
        _ => no_page(),
    }
}

fn inspect(e: &Exec) -> Inspect {
    let mut words = e.request.cmd.clone().unwrap_or_default().into_iter();
    Inspect {
        id: e.id.clone(),
        running: e.is_running(),
        exit_code: e.exit_code,
        process_config: ProcessConfig {
            tty: e.request.tty,
            entrypoint: words.next().unwrap_or_default(),
            arguments: words.collect(),
            privileged: e.request.privileged,
            user: e.request.user.clone(),
        },
        open_stdin: e.request.attach_stdin,
        open_stderr: e.request.attach_stderr,
        open_stdout: e.request.attach_stdout,
        can_remove: false,
        container_id: e.container.clone(),
        detach_keys: e.request.detach_keys.clone(),
        pid: e.pid.map_or(0, |p| p.0),
    }
}

async fn start(cx: &mut Context, id: &str) -> Reply {
    let request: StartRequest = cx.json_body().await?;
    let exec = cx
        .with(|s| s.execs.get(id).cloned())?
        .ok_or_else(|| ApiError::not_found(format!("No such exec instance: {id}")))?;
    if exec.started {
        return Err(ApiError::conflict(format!("exec command {id} is already running")));
    }
    let sys = cx.sys.clone();
    if request.detach {
        sys.sleep(CREATION).await?;
        if let Err((code, e)) = begin(&sys, &exec, request.console_size).await {
            failed(&sys, id, code)?;
            return Err(e);
        }
        return cx.empty(200).await;
    }
    // As with the real daemon the connection is taken over first; a reason why there is no process is
    // what then comes over it.
    let (fd, early) = cx.hijack(exec.request.tty).await?;
    sys.sleep(CREATION).await?;
    if let Err((code, e)) = begin(&sys, &exec, request.console_size).await {
        failed(&sys, id, code)?;
        let text = format!("{}\r\n", e.message);
        let data = if exec.request.tty {
            text.into_bytes()
        } else {
            layerlab_api::stdcopy::frame(layerlab_api::stdcopy::Stream::Stderr, text.as_bytes())
        };
        sys.write_all(fd, data).await?;
        return Ok(());
    }
    let join = Join {
        id: id.to_owned(),
        tty: exec.request.tty,
        stdin: exec.request.attach_stdin,
        stdin_once: true,
        stdout: exec.request.attach_stdout,
        stderr: exec.request.attach_stderr,
        ..Join::default()
    };
    attach::run(&sys, fd, early, &join, true).await
}

fn failed(sys: &Sys, id: &str, code: i32) -> Result<(), ApiError> {
    with(sys, |s| {
        if let Some(e) = s.execs.get_mut(id) {
            (e.started, e.exit_code) = (true, Some(code));
        }
    })
}

async fn begin(sys: &Sys, exec: &Exec, size: Option<[u32; 2]>) -> Result<(), (i32, ApiError)> {
    let other = |e: ApiError| (126, e);
    let container = with(sys, |s| s.container(&exec.container).cloned()).map_err(other)?.map_err(other)?;
    let (Some(first), Some(rootfs)) = (container.pid, container.rootfs) else {
        return Err((126, ApiError::conflict(format!("container {} is not running", container.id))));
    };
    let tree = sys.fs_tree(rootfs).await.map_err(|e| other(e.into()))?;
    let who = if exec.request.user.is_empty() { &container.config.user } else { &exec.request.user };
    let owner = user::find(&tree, who).map_err(other)?;
    let mut settings = container.config.clone();
    settings.tty = exec.request.tty;
    settings.env.get_or_insert_with(Vec::new).extend(exec.request.env.clone().unwrap_or_default());
    let cwd = [&exec.request.working_dir, &container.config.working_dir]
        .into_iter()
        .find(|d| !d.is_empty())
        .map_or("/", String::as_str);
    let argv = exec.request.cmd.clone().unwrap_or_default();
    let program = argv.first().cloned().unwrap_or_default();
    if !exec.request.working_dir.is_empty() && user::resolve(&tree, cwd).is_none_or(|p| tree.at(&p).is_none()) {
        let text = format!(
            "OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd (\"{cwd}\") set in config.json failed: no such file or directory"
        );
        return Err((127, ApiError::bad(text)));
    }
    let mut spec = SpawnSpec {
        argv,
        env: config::environment(&settings, &owner.home),
        cwd: cwd.to_owned(),
        uid: owner.uid,
        gid: owner.gid,
        groups: owner.groups,
        mnt: container.mnt,
        net: container.net,
        pid_ns: PidNsSpec::Of(first),
        hostname: (!container.config.hostname.is_empty()).then(|| container.config.hostname.clone()),
        cgroup: super::limits::cgroup(&container.id),
        ..SpawnSpec::default()
    };
    super::security::apply(&mut spec, &container.host, exec.request.privileged || container.host.privileged);
    let size = size.or(exec.request.console_size);
    let started = process::spawn(sys, spec, exec.request.tty, exec.request.attach_stdin, size).await.map_err(|e| {
        let code = if e == layerlab_kernel::Errno::ENOENT { 127 } else { 126 };
        (code, ApiError::bad(process::exec_failed(&program, e)))
    })?;
    let at = now(sys);
    with(sys, |s| {
        if let Some(e) = s.execs.get_mut(&exec.id) {
            (e.started, e.pid) = (true, Some(started.pid));
            (e.stdin, e.master) = (started.stdin, started.master);
        }
        let command = exec.request.cmd.clone().unwrap_or_default().join(" ");
        s.container_event(at, &format!("exec_start: {command}"), &exec.container, &[("execID", exec.id.as_str())]);
    })
    .map_err(other)?;
    sys.thread(ThreadBody::new(Box::new(Monitor::new(&exec.id, &started)))).await.map_err(|e| other(e.into()))?;
    Ok(())
}

/// An exec's process has ended.
///
/// # Errors
/// The daemon has no state.
pub async fn finished(sys: &Sys, id: &str, code: i32) -> Result<(), ApiError> {
    let at = now(sys);
    let stdin = with(sys, |s| {
        let e = s.execs.get_mut(id)?;
        (e.pid, e.exit_code) = (None, Some(code));
        let (container, stdin, master) = (e.container.clone(), e.stdin.take(), e.master.take());
        s.container_event(at, "exec_die", &container, &[("execID", id), ("exitCode", &code.to_string())]);
        stdin.filter(|fd| Some(*fd) != master)
    })?;
    if let Some(fd) = stdin {
        let _ = sys.close(fd).await;
    }
    wake(sys, id).await;
    wake(sys, "").await;
    Ok(())
}
