//! `nohup`: a command that a hang-up does not end.

use layerlab_kernel::{Disposition, Errno, OpenFlags, Signal};

use crate::cli::{Cli, Run, Spec, Stop, quote};

const SPEC: Spec =
    Spec::new("COMMAND [ARG]...", "Run COMMAND, ignoring hangup signals. Output goes to nohup.out.", "+").fails(125);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        return c.usage(125, "missing operand").await;
    }
    let (stdin, stdout, stderr) = (c.sys.is_atty(0).await, c.sys.is_atty(1).await, c.sys.is_atty(2).await);
    if stdin && let Ok(fd) = c.sys.open("/dev/null", OpenFlags::READ, 0).await {
        let _ = c.sys.dup2(fd, 0).await;
        let _ = c.sys.close(fd).await;
    }
    if stdout {
        let home = format!("{}/nohup.out", c.var("HOME").unwrap_or(""));
        let mut opened = None;
        for path in ["nohup.out".to_owned(), home] {
            if let Ok(fd) = c.sys.open(&path, OpenFlags::APPEND, 0o600).await {
                opened = Some((fd, path));
                break;
            }
        }
        let Some((fd, path)) = opened else { return c.die(125, "failed to open 'nohup.out': Permission denied").await };
        let lead = if stdin { "ignoring input and appending output" } else { "appending output" };
        c.warn(format!("{lead} to {}", quote::always(&path))).await;
        let _ = c.sys.dup2(fd, 1).await;
        let _ = c.sys.close(fd).await;
    } else if stdin {
        c.warn(if stderr { "ignoring input and redirecting stderr to stdout" } else { "ignoring input" }).await;
    }
    if stderr {
        let _ = c.sys.dup2(1, 2).await;
    }
    let _ = c.sys.sigaction(Signal::HUP, Disposition::Ignore).await;
    let name = p.operands.first().cloned().unwrap_or_default();
    let e = c.become_program(p.operands).await;
    c.warn(format!("failed to run command {}: {e}", quote::word(&name))).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}
