//! `timeout`: a command with a time limit.

use layerlab_kernel::{Errno, Signal, SimTime, WaitFlags, WaitFor};

use crate::cli::{Cli, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION] DURATION COMMAND [ARG]...",
    "Start COMMAND, and kill it if still running after DURATION.",
    "+k|kill-after= s|signal= v|verbose f|foreground p|preserve-status",
)
.fails(125);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.len() < 2 {
        if c.variant != "busybox" {
            c.sys.eprint(format!("Try '{} --help' for more information.\n", c.name)).await;
        }
        return Err(Stop::Code(125));
    }
    let Some(limit) = crate::sleep::duration(&p.operands[0]) else {
        return c.usage(125, format!("invalid time interval {}", quote::word(&p.operands[0]))).await;
    };
    let Some(signal) = Signal::parse(p.value("s").unwrap_or("TERM")) else {
        return c.usage(125, format!("{}: invalid signal", quote::word(p.value("s").unwrap_or("")))).await;
    };
    let after = p.value("k").and_then(crate::sleep::duration);
    let argv = p.operands[1..].to_vec();
    let pid = match c.start(argv.clone(), &[]).await {
        Ok(pid) => pid,
        Err(e) => {
            let code = if e == Errno::ENOENT { 127 } else { 126 };
            return c.die(code, format!("failed to run command {}: {e}", quote::word(&argv[0]))).await;
        }
    };
    let mine = c.sys.procs().await.unwrap_or_default();
    let number = mine.iter().find(|x| x.host_pid == pid).map_or(pid.0, |x| x.pid) as i32;
    let end = c.sys.now() + limit;
    let mut signalled: Option<SimTime> = None;
    let mut killed = false;
    loop {
        match c.sys.wait(WaitFor::Pid(pid), WaitFlags { no_hang: true, untraced: false }).await {
            Ok((_, status)) => {
                // The signal went to its whole group, and nobody can ignore this one.
                if signalled.is_some() && (killed || signal == Signal::KILL) && !p.has("f") {
                    c.flush().await?;
                    let _ = c.sys.kill(c.sys.pid() as i32, Some(Signal::KILL)).await;
                }
                // As busybox has it, the one that is waited for is the program itself.
                if c.variant == "busybox"
                    && let Some(at) = signalled.map(|_| if killed { Signal::KILL } else { signal })
                {
                    let _ = c.sys.sigaction(at, layerlab_kernel::Disposition::Default).await;
                    let _ = c.sys.kill(c.sys.pid() as i32, Some(at)).await;
                }
                let code = if killed || signalled.is_some() && signal == Signal::KILL {
                    137
                } else if signalled.is_some() && !p.has("p") {
                    124
                } else {
                    status.code()
                };
                return Err(Stop::Code(code));
            }
            Err(Errno::EAGAIN) => {}
            Err(e) => return c.die(125, format!("error waiting for command: {e}")).await,
        }
        let now = c.sys.now();
        if signalled.is_none() && limit.0 > 0 && now >= end {
            signalled = Some(now);
            if p.has("v") {
                let name = quote::word(&argv[0]);
                c.warn(format!("sending signal {} to command {name}", signal.name().trim_start_matches("SIG"))).await;
            }
            let _ = c.sys.kill(number, Some(signal)).await;
            let _ = c.sys.kill(number, Some(Signal::CONT)).await;
        }
        if let (Some(at), Some(k)) = (signalled, after)
            && !killed
            && now >= at + k
        {
            killed = true;
            let _ = c.sys.kill(number, Some(Signal::KILL)).await;
        }
        let left = if signalled.is_none() && limit.0 > 0 { end - now } else { SimTime::millis(10) };
        let _ = c.sys.sleep(left.clamp(SimTime::millis(1), SimTime::millis(10))).await;
    }
}
