//! `nsenter`: a program in another process's namespaces.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec};
use crate::unshare::{become_it, child, program};

const SPEC: Spec = Spec::new(
    "[options] [<program> [<argument>...]]",
    "Run a program with namespaces of other processes.",
    "+a|all t|target= m|mount? u|uts? i|ipc? n|net? p|pid? C|cgroup? U|user? T|time? r|root? w|wd? W|wdns= F|no-fork S|setuid= G|setgid= preserve-credentials e|env Z|follow-context",
)
.version("util-linux 2.41 (simulated");

/// Option and file of `/proc/<pid>/ns`, in the order in which they are entered.
const KINDS: &[(&str, &str)] =
    &[("U", "user"), ("C", "cgroup"), ("i", "ipc"), ("u", "uts"), ("n", "net"), ("p", "pid"), ("m", "mnt")];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let target = p.value("t").map(str::to_owned);
    if let Some(t) = &target
        && t.parse::<u32>().is_err()
    {
        return c.die(1, format!("failed to parse pid: '{t}'")).await;
    }
    if p.has("a") && target.is_none() {
        return c.die(1, "no target PID specified for --all").await;
    }
    let mut entered = Vec::new();
    for (option, kind) in KINDS {
        let given = p.has(option);
        if !given && !p.has("a") {
            continue;
        }
        let path = match (p.value(option), &target) {
            (Some(file), _) => file.trim_start_matches('=').to_owned(),
            (None, Some(t)) => format!("/proc/{t}/ns/{kind}"),
            (None, None) => return c.die(1, format!("neither filename nor target pid supplied for ns/{kind}")).await,
        };
        // With -a, namespaces that are the own already are left out.
        if !given && c.sys.readlink(&path).await.ok() == c.sys.readlink(&format!("/proc/self/ns/{kind}")).await.ok() {
            continue;
        }
        match c.sys.open(&path, OpenFlags::READ, 0).await {
            Ok(fd) => entered.push((*kind, fd)),
            Err(e) => return c.die(1, format!("cannot open {path}: {e}")).await,
        }
    }
    // Paths of the target are found before its mounts replace ours.
    let mut places = Vec::new();
    for (option, link) in [("r", "root"), ("w", "cwd")] {
        if p.has(option) {
            places.push(match (p.value(option), &target) {
                (Some(path), _) => Some(path.to_owned()),
                (None, Some(t)) => c.sys.readlink(&format!("/proc/{t}/{link}")).await.ok(),
                (None, None) => None,
            });
        } else {
            places.push(None);
        }
    }
    for (kind, fd) in &entered {
        if let Err(e) = c.sys.set_ns(*fd).await {
            return c.die(1, format!("reassociate to namespace 'ns/{kind}' failed: {e}")).await;
        }
        let _ = c.sys.close(*fd).await;
    }
    if let Some(Some(root)) = places.first()
        && let Err(e) = c.sys.chroot(root).await
    {
        return c.die(1, format!("chroot failed: {e}")).await;
    }
    if let Some(Some(dir)) = places.get(1)
        && let Err(e) = c.sys.chdir(dir).await
    {
        return c.die(1, format!("change directory by file descriptor failed: {e}")).await;
    }
    let id = |name: &str| p.value(name).and_then(|v| v.parse::<u32>().ok());
    let user = entered.iter().any(|(k, _)| *k == "user") && !p.has("preserve-credentials");
    if id("S").is_some() || id("G").is_some() || user {
        let (uid, gid) = (id("S").unwrap_or(0), id("G").unwrap_or(0));
        if let Err(e) = c.sys.set_uid(uid, gid, vec![gid]).await {
            return c.die(1, format!("setuid() failed: {e}")).await;
        }
    }
    let argv = program(c, &p.operands);
    if entered.iter().any(|(k, _)| *k == "pid") && !p.has("F") {
        child(c, argv).await
    } else {
        become_it(c, argv).await
    }
}
