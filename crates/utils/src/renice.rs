//! `renice`: the niceness of running processes.

use crate::cli::{Cli, Run, names::Names};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args).into_iter().peekable();
    if args.peek().is_some_and(|a| a == "-h" || a == "--help") {
        return c.put("\nUsage:\n renice [-n|--priority|--relative] <priority> [-p|--pid] <pid>...\n renice [-n|--priority|--relative] <priority>  -g|--pgrp <pgid>...\n renice [-n|--priority|--relative] <priority>  -u|--user <user>...\n").await;
    }
    let mut relative = c.variant == "busybox" && args.peek().is_some_and(|a| a == "-n");
    if args.peek().is_some_and(|a| matches!(a.as_str(), "-n" | "--priority" | "--relative")) {
        relative |= args.next().is_some_and(|a| a == "--relative");
    }
    let Some(text) = args.next() else { return c.usage(1, "not enough arguments").await };
    let Ok(priority) = text.parse::<i32>() else {
        return c.usage(1, format!("invalid priority '{text}'")).await;
    };
    let names = Names::load(&c.sys).await;
    let (mut kind, mut any) = ("process ID", false);
    for a in args {
        match a.as_str() {
            "-p" | "--pid" => kind = "process ID",
            "-g" | "--pgrp" => kind = "process group ID",
            "-u" | "--user" => kind = "user ID",
            _ => {
                any = true;
                let number = if kind == "user ID" { names.uid(&a) } else { a.parse().ok() };
                match number {
                    Some(n) => one(c, kind, n, priority, relative).await?,
                    None if kind == "user ID" => c.fail(format!("unknown user {a}")).await,
                    None => c.fail(format!("bad {kind} value: {a}")).await,
                }
            }
        }
    }
    if any { Ok(()) } else { c.usage(1, "not enough arguments").await }
}

async fn one(c: &mut Cli, kind: &str, number: u32, priority: i32, relative: bool) -> Run<()> {
    let all = c.sys.procs().await.unwrap_or_default();
    let list: Vec<_> = all
        .iter()
        .filter(|p| match kind {
            "process ID" => p.pid == number,
            "user ID" => p.uid == number,
            _ => p.pgid == number,
        })
        .collect();
    let Some(old) = list.iter().map(|p| p.nice).min() else {
        c.fail(format!("failed to get priority for {number} ({kind}): No such process")).await;
        return Ok(());
    };
    for p in list {
        let new = if relative { i32::from(p.nice) + priority } else { priority };
        if let Err(e) = c.sys.set_nice(p.pid, new.clamp(-20, 19) as i8).await {
            c.fail(format!("failed to set priority for {number} ({kind}): {e}")).await;
            return Ok(());
        }
    }
    if c.variant == "busybox" {
        return Ok(());
    }
    let new = (if relative { i32::from(old) + priority } else { priority }).clamp(-20, 19);
    c.put(format!("{number} ({kind}) old priority {old}, new priority {new}\n")).await
}
