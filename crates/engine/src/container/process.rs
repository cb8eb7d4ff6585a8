//! Starting a process in a container: descriptors, and runc's words for what goes wrong.

use layerlab_kernel::{Errno, Fd, OpenFlags, Pid, SpawnSpec, Sys, WinSize};

use crate::error::{ApiError, lower};

/// A started process, and the engine's ends of its descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Started {
    /// The process.
    pub pid: Pid,
    /// Where its input is written: a pipe, or the terminal.
    pub stdin: Option<Fd>,
    /// Its output: a pipe, or the terminal.
    pub stdout: Fd,
    /// Its errors; none with a terminal.
    pub stderr: Option<Fd>,
    /// The terminal's other end.
    pub master: Option<Fd>,
}

/// Starts a process with new descriptors.
///
/// # Errors
/// The call's: see [`explain`].
pub async fn spawn(
    sys: &Sys,
    mut spec: SpawnSpec,
    tty: bool,
    open_stdin: bool,
    size: Option<[u32; 2]>,
) -> Result<Started, Errno> {
    spec.new_session = true;
    if tty {
        let (master, slave) = sys.open_pty().await?;
        if let Some([h, w]) = size.filter(|s| s[0] > 0 && s[1] > 0) {
            let size = WinSize { rows: h as u16, cols: w as u16 };
            let _ = sys.set_win_size(master, size).await;
        }
        spec.fds = vec![(0, slave), (1, slave), (2, slave)];
        spec.controlling_tty = Some(0);
        let result = sys.spawn(spec).await;
        let _ = sys.close(slave).await;
        return match result {
            Ok(pid) => Ok(Started {
                pid,
                stdin: open_stdin.then_some(master),
                stdout: master,
                stderr: None,
                master: Some(master),
            }),
            Err(e) => {
                let _ = sys.close(master).await;
                Err(e)
            }
        };
    }
    let (in_read, in_write) = if open_stdin {
        let (r, w) = sys.pipe().await?;
        (r, Some(w))
    } else {
        (sys.open("/dev/null", OpenFlags::READ, 0).await?, None)
    };
    let (out_read, out_write) = sys.pipe().await?;
    let (err_read, err_write) = sys.pipe().await?;
    spec.fds = vec![(0, in_read), (1, out_write), (2, err_write)];
    let result = sys.spawn(spec).await;
    for fd in [in_read, out_write, err_write] {
        let _ = sys.close(fd).await;
    }
    match result {
        Ok(pid) => Ok(Started { pid, stdin: in_write, stdout: out_read, stderr: Some(err_read), master: None }),
        Err(e) => {
            for fd in [Some(out_read), Some(err_read), in_write].into_iter().flatten() {
                let _ = sys.close(fd).await;
            }
            Err(e)
        }
    }
}

/// runc's words for why a program can't be started.
pub fn explain(program: &str, e: Errno) -> String {
    match e {
        Errno::ENOENT if program.contains('/') => {
            format!("exec: {program:?}: stat {program}: no such file or directory")
        }
        Errno::ENOENT => format!("exec: {program:?}: executable file not found in $PATH"),
        Errno::EISDIR => format!("exec: {program:?}: is a directory"),
        Errno::EACCES => format!("exec: {program:?}: permission denied"),
        Errno::ENOEXEC => format!("exec {program}: exec format error"),
        e => format!("exec: {program:?}: {}", lower(e)),
    }
}

/// What `docker run` says of it.
pub fn create_failed(program: &str, e: Errno) -> ApiError {
    ApiError::bad(format!(
        "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: {}",
        explain(program, e)
    ))
}

/// What `docker exec` says of it.
pub fn exec_failed(program: &str, e: Errno) -> String {
    format!("OCI runtime exec failed: exec failed: unable to start container process: {}", explain(program, e))
}
