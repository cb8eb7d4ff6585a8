//! `chown` and `chgrp`: owners of files.

use layerlab_kernel::FileType;

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [OWNER][:[GROUP]] FILE...",
    "Change the owner and/or group of each FILE.",
    "c|changes f|silent|quiet v|verbose R|recursive h|no-dereference dereference from= reference= H L P preserve-root no-preserve-root",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut operands = p.operands.clone();
    let names = Names::load(&c.sys).await;
    let (uid, gid) = match p.value("reference") {
        Some(r) => match c.sys.stat(r).await {
            Ok(s) => (Some(s.uid), Some(s.gid)),
            Err(e) => return c.die(1, format!("failed to get attributes of {}: {e}", quote::always(r))).await,
        },
        None => {
            c.need(&operands, 1).await?;
            let who = operands.remove(0);
            if operands.is_empty() {
                return c.usage(1, format!("missing operand after {}", quote::word(&who))).await;
            }
            let group_only = c.name == "chgrp";
            let (user, group) = match who.split_once([':', '.']) {
                _ if group_only => ("", Some(who.as_str())),
                Some((u, g)) => (u, Some(g)),
                None => (who.as_str(), None),
            };
            let uid = if user.is_empty() { None } else { names.uid(user) };
            if !user.is_empty() && uid.is_none() {
                return c.die(1, format!("invalid user: {}", quote::word(&who))).await;
            }
            let gid = match group {
                None => None,
                Some("") => uid.and_then(|u| names.users.iter().find(|x| x.uid == u)).map(|u| u.gid),
                Some(g) => match names.gid(g) {
                    Some(n) => Some(n),
                    None => return c.die(1, format!("invalid group: {}", quote::word(&who))).await,
                },
            };
            (uid, gid)
        }
    };
    let mut todo: Vec<(String, bool)> = operands.into_iter().rev().map(|o| (o, true)).collect();
    while let Some((at, top)) = todo.pop() {
        let s = match c.sys.lstat(&at).await {
            Ok(s) => s,
            Err(e) => {
                c.fail(format!("cannot access {}: {e}", quote::always(&at))).await;
                continue;
            }
        };
        let follow = !p.has("h") && (top && !p.has("R"));
        if let Err(e) = c.sys.chown(&at, uid, gid, follow).await {
            let what = if c.name == "chgrp" { "group" } else { "ownership" };
            let text = if c.variant == "busybox" {
                format!("{at}: {e}")
            } else {
                format!("changing {what} of {}: {e}", quote::always(&at))
            };
            c.fail(text).await;
        }
        if p.has("R") && s.file_type == FileType::Dir {
            match c.sys.read_dir(&at).await {
                Ok(names) => todo.extend(names.iter().rev().map(|n| (path::join(&at, &n.name), false))),
                Err(e) => c.fail(format!("cannot read directory {}: {e}", quote::always(&at))).await,
            }
        }
    }
    Ok(())
}
