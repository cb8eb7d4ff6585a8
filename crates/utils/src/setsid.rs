//! `setsid`: a command in a session of its own; `ionice`, `taskset`, `chrt` and `stdbuf`: commands whose
//! wishes about disk, processors and buffers change nothing here.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, Stop, quote};

const SETSID: Spec =
    Spec::new("[options] <program> [arguments ...]", "Run a program in a new session.", "+c|ctty f|fork w|wait")
        .version("util-linux 2.41 (simulated");
const IONICE: Spec = Spec::new(
    "[options] -p <pid>...\n ionice [options] <command>",
    "Show or change the I/O-scheduling class and priority of a process.",
    "+c|class= n|classdata= p|pid= P|pgid= t|ignore u|uid=",
)
.version("util-linux 2.41 (simulated");
const TASKSET: Spec = Spec::new(
    "[options] [mask | cpu-list] [pid|cmd [args...]]",
    "Show or change the CPU affinity of a process.",
    "+a|all-tasks p|pid c|cpu-list",
)
.version("util-linux 2.41 (simulated");
const STDBUF: Spec = Spec::new(
    "OPTION... COMMAND",
    "Run COMMAND, with modified buffering operations for its standard streams.",
    "+i|input= o|output= e|error=",
)
.fails(125);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let name = c.name.clone();
    let spec = match name.as_str() {
        "ionice" => &IONICE,
        "taskset" => &TASKSET,
        "stdbuf" => &STDBUF,
        _ => &SETSID,
    };
    let p = c.parse(spec).await?;
    let mut argv = p.operands.clone();
    match name.as_str() {
        "ionice" if argv.is_empty() || p.has("p") => return c.put("none: prio 0\n").await,
        "taskset" => {
            if argv.is_empty() {
                return c.usage(1, "bad usage").await;
            }
            let cpus = c.sys.sys_info().await.map_or(1, |i| i.cpus);
            if p.has("p") {
                let pid = argv.last().cloned().unwrap_or_default();
                let list = if cpus == 1 { "0".to_owned() } else { format!("0-{}", cpus - 1) };
                let shown =
                    if p.has("c") { format!("list: {list}") } else { format!("mask: {:x}", (1u64 << cpus) - 1) };
                return c.put(format!("pid {pid}'s current affinity {shown}\n")).await;
            }
            argv.remove(0);
        }
        "stdbuf" => {
            if argv.is_empty() {
                return c.usage(125, "missing operand").await;
            }
            if p.options.is_empty() {
                return c.usage(125, "you must specify a buffering mode option").await;
            }
        }
        "setsid" => {
            if argv.is_empty() {
                return c.usage(1, "no command specified").await;
            }
            if c.sys.set_sid().await.is_err() || p.has("f") {
                // Who leads a group already lets a child do it.
                let mut again = vec!["setsid".to_owned()];
                again.extend(argv);
                return match c.start(again, &[]).await {
                    Ok(pid) if p.has("w") => {
                        let end =
                            c.sys.wait(layerlab_kernel::WaitFor::Pid(pid), layerlab_kernel::WaitFlags::default()).await;
                        c.code = end.map_or(1, |e| e.1.code());
                        Ok(())
                    }
                    Ok(_) => Ok(()),
                    Err(e) => c.die(1, format!("fork: {e}")).await,
                };
            }
        }
        _ => {}
    }
    let first = argv.first().cloned().unwrap_or_default();
    let e = c.become_program(argv).await;
    let text = if name == "stdbuf" {
        format!("failed to run command {}: {e}", quote::word(&first))
    } else {
        format!("failed to execute {first}: {e}")
    };
    c.warn(text).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}
