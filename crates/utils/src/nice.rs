//! `nice`: a program that others go before.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION] [COMMAND [ARG]...]",
    "Run COMMAND with an adjusted niceness, which affects process scheduling. With no COMMAND, print the current niceness.",
    "+n|adjustment=",
)
.fails(125);

/// The niceness of a process.
pub(crate) async fn of(c: &Cli, pid: u32) -> Option<i8> {
    c.sys.procs().await.ok()?.iter().find(|p| p.pid == pid).map(|p| p.nice)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `-5` and `--5` are `-n 5` and `-n -5`.
    let mut args = std::mem::take(&mut c.args);
    let numeric = |t: &str| !t.is_empty() && t.trim_start_matches(['-', '+']).bytes().all(|b| b.is_ascii_digit());
    if let Some(n) = args.first().and_then(|a| a.strip_prefix('-')).filter(|n| *n != "-" && numeric(n)) {
        let n = n.to_owned();
        args.splice(0..1, ["-n".to_owned(), n]);
    }
    let p = c.parse_args(&SPEC, args).await?;
    let own = of(c, c.sys.pid()).await.unwrap_or(0);
    let given = p.value("n").map(str::to_owned);
    let change = match &given {
        None => 10,
        Some(text) => match text.parse::<i64>() {
            Ok(n) => n.clamp(-39, 39) as i8,
            Err(_) => return c.die(125, format!("invalid adjustment {}", quote::word(text))).await,
        },
    };
    let Some(name) = p.operands.first().cloned() else {
        if given.is_some() {
            return c.usage(125, "a command must be given with an adjustment").await;
        }
        return c.put(format!("{own}\n")).await;
    };
    if c.sys.set_nice(0, own.saturating_add(change).clamp(-20, 19)).await.is_err() {
        c.warn("cannot set niceness: Permission denied").await;
    }
    let e = c.become_program(p.operands).await;
    let text = if c.variant == "busybox" {
        format!("can't execute '{name}': {e}")
    } else {
        format!("{}: {e}", quote::word(&name))
    };
    c.warn(text).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}
