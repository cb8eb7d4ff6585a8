//! `POST /containers/{name}/attach`, and what it shares with `exec`: a raw connection to a process.

use layerlab_api::detach::detach_keys;
use layerlab_api::stdcopy::{Stream, frame};
use layerlab_kernel::{Errno, Fd, PollFd, SimTime, Sys};

use super::output::{Chunk, Output};
use crate::context::{Context, Reply, with};
use crate::error::ApiError;
use crate::state::EngineState;
use crate::watch::Watch;

/// What is joined.
#[derive(Clone, Debug, Default)]
pub struct Join {
    /// The container's or exec's ID.
    pub id: String,
    /// One raw stream.
    pub tty: bool,
    /// The client's input goes to the process.
    pub stdin: bool,
    /// The client's end of input ends the process's.
    pub stdin_once: bool,
    /// Send standard output.
    pub stdout: bool,
    /// Send standard error.
    pub stderr: bool,
    /// Which piece of the output comes first.
    pub from: u64,
    /// Wait for a process that isn't there yet.
    pub wait_for_start: bool,
}

/// What there is of the process now.
struct Now {
    output: Vec<Chunk>,
    end: u64,
    running: bool,
    started: bool,
    stdin: Option<Fd>,
}

fn look(state: &EngineState, id: &str, from: u64) -> Option<Now> {
    let now =
        |o: &Output, running, started, stdin| Now { output: o.since(from), end: o.end(), running, started, stdin };
    if let Some(c) = state.containers.get(id) {
        return Some(now(&c.output, c.is_running(), c.started.is_some() || !c.error.is_empty(), c.stdin));
    }
    state.execs.get(id).map(|e| now(&e.output, e.is_running(), true, e.stdin))
}

/// Joins the client to a container's first process.
///
/// # Errors
/// Keys that are none, no such container; it is paused or between two starts.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let _ = cx.body().await?;
    let join = match prepare(cx, name) {
        Ok(join) => join,
        // Moby has the connection in its hands already, and answers with plain text.
        Err(e) => {
            let text = format!("{}\r\n", e.message);
            return cx.answer(e.status, "application/vnd.docker.raw-stream", text).await;
        }
    };
    let stream = cx.flag("stream");
    let (fd, early) = cx.hijack(join.tty).await?;
    if stream || cx.flag("logs") {
        let sys = cx.sys.clone();
        // Clients that take the connection over late would lose what comes along with the head.
        sys.sleep(SimTime::millis(10)).await?;
        run(&sys, fd, early, &join, stream).await?;
    }
    Ok(())
}

fn prepare(cx: &Context, name: &str) -> Result<Join, ApiError> {
    let keys = cx.param("detachKeys");
    if !keys.is_empty() && detach_keys(keys).is_none() {
        return Err(ApiError::bad(format!("Invalid detach keys ({keys}) provided")));
    }
    let logs = cx.flag("logs");
    let now = cx.now();
    let mut join = cx.with(|s| {
        let c = s.container(name)?;
        if c.status == super::Status::Paused {
            return Err(ApiError::conflict(format!("container {name} is paused, unpause the container before attach")));
        }
        if c.status == super::Status::Restarting {
            let text = format!("container {name} is restarting, wait until the container is running");
            return Err(ApiError::conflict(text));
        }
        let join = Join {
            id: c.id.clone(),
            tty: c.config.tty,
            stdin: c.config.open_stdin,
            stdin_once: c.config.stdin_once,
            from: if logs { 0 } else { c.output.end() },
            wait_for_start: !c.is_running(),
            ..Join::default()
        };
        s.container_event(now, "attach", &join.id, &[]);
        Ok(join)
    })??;
    join.stdin &= cx.flag("stdin");
    (join.stdout, join.stderr) = (cx.flag("stdout"), cx.flag("stderr"));
    Ok(join)
}

/// Moves bytes both ways until the process has ended or the client is gone.
///
/// # Errors
/// The daemon has no state.
pub async fn run(sys: &Sys, fd: Fd, early: Vec<u8>, join: &Join, stream: bool) -> Reply {
    let watch = Watch::new(sys, &join.id).await?;
    let result = pump(sys, fd, early, join, stream, &watch).await;
    watch.end().await;
    match result {
        // The client has gone.
        Err(e) if e.message == crate::error::lower(Errno::EPIPE) => Ok(()),
        r => r,
    }
}

async fn pump(sys: &Sys, fd: Fd, mut pending: Vec<u8>, join: &Join, stream: bool, watch: &Watch) -> Reply {
    let mut from = join.from;
    let mut client_reads = true;
    let mut stdin_open = join.stdin;
    let mut seen_running = !join.wait_for_start;
    loop {
        let Some(now) = with(sys, |s| look(s, &join.id, from))? else { return Ok(()) };
        for chunk in &now.output {
            let wanted = if chunk.stream == Stream::Stderr { join.stderr } else { join.stdout };
            if wanted {
                let data = if join.tty { chunk.data.to_vec() } else { frame(chunk.stream, &chunk.data) };
                sys.write_all(fd, data).await?;
            }
        }
        from = now.end;
        seen_running |= now.running || (now.started && !join.wait_for_start);
        let over = seen_running && !now.running;
        if !stream || over || (join.wait_for_start && !now.running && now.started && seen_running) {
            return Ok(());
        }
        if let (Some(input), true) = (now.stdin, stdin_open) {
            if !pending.is_empty() && sys.write_all(input, std::mem::take(&mut pending)).await.is_err() {
                stdin_open = false;
            }
            if !client_reads {
                close_stdin(sys, join, input).await?;
                stdin_open = false;
            }
        }
        let mut fds = vec![PollFd { fd: watch.fd, read: true, write: false }];
        if client_reads {
            fds.push(PollFd { fd, read: true, write: false });
        }
        let ready = match sys.poll(fds, None).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) => continue,
            Err(e) => return Err(e.into()),
        };
        for r in ready {
            if r.fd == watch.fd {
                watch.drain().await;
                continue;
            }
            match sys.read(fd, 1 << 16).await {
                Ok(data) if !data.is_empty() => {
                    if join.stdin {
                        pending.extend_from_slice(&data);
                    }
                }
                _ => client_reads = false,
            }
        }
    }
}

/// The client's input has ended: so does the process's, where that is wanted. A terminal stays open:
/// who detached can attach again (moby `container/stream/attach.go`).
async fn close_stdin(sys: &Sys, join: &Join, input: Fd) -> Reply {
    if join.stdin_once && !join.tty {
        with(sys, |s| {
            if let Some(c) = s.containers.get_mut(&join.id) {
                c.stdin = None;
            } else if let Some(e) = s.execs.get_mut(&join.id) {
                e.stdin = None;
            }
        })?;
        let _ = sys.close(input).await;
    }
    Ok(())
}
