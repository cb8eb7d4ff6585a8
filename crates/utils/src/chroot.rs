//! `chroot`: a program with another root directory.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, Stop, names::Names, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... NEWROOT [COMMAND [ARG]...]",
    "Run COMMAND with root directory set to NEWROOT.",
    "+groups= userspec= skip-chdir",
)
.fails(125);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let Some(root) = p.operands.first().cloned() else { return c.usage(125, "missing operand").await };
    if let Err(e) = c.sys.chroot(&root).await {
        let text = if c.variant == "busybox" {
            format!("can't change root directory to '{root}': {e}")
        } else {
            format!("cannot change root directory to {}: {e}", quote::always(&root))
        };
        return c.die(if c.variant == "busybox" { 1 } else { 125 }, text).await;
    }
    if !p.has("skip-chdir") {
        let _ = c.sys.chdir("/").await;
    }
    if p.has("userspec") || p.has("groups") {
        let names = Names::load(&c.sys).await;
        let spec = p.value("userspec").unwrap_or("").to_owned();
        let (user, group) = spec.split_once(':').unwrap_or((&spec, ""));
        let (own_uid, own_gid) = c.sys.ids();
        let uid = if user.is_empty() { Some(own_uid) } else { names.uid(user) };
        let first = names.users.iter().find(|u| Some(u.uid) == uid).map(|u| u.gid);
        let gid = if group.is_empty() { first.or(Some(own_gid)) } else { names.gid(group) };
        let Some(uid) = uid else { return c.die(125, "invalid user").await };
        let Some(gid) = gid else { return c.die(125, "invalid group").await };
        let more = p.value("groups").map(|g| g.split(',').filter_map(|g| names.gid(g)).collect());
        let known = || names.users.iter().find(|u| u.uid == uid).map(|u| names.groups_of(&u.name, gid));
        let groups = more.or_else(known).unwrap_or_default();
        if let Err(e) = c.sys.set_uid(uid, gid, groups).await {
            return c.die(125, format!("failed to set user-ID: {e}")).await;
        }
    }
    let argv = if p.operands.len() > 1 {
        p.operands[1..].to_vec()
    } else {
        let shell = c.var("SHELL").filter(|s| !s.is_empty()).unwrap_or("/bin/sh").to_owned();
        vec![shell, "-i".to_owned()]
    };
    let name = argv.first().cloned().unwrap_or_default();
    let e = c.become_program(argv).await;
    let text = if c.variant == "busybox" {
        format!("can't execute '{name}': {e}")
    } else {
        format!("failed to run command {}: {e}", quote::word(&name))
    };
    c.warn(text).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}
