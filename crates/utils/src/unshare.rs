//! `unshare`: a program in namespaces of its own.

use layerlab_kernel::{Errno, MountFlags, Unshare};

use crate::cli::{Cli, Parsed, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] [<program> [<argument>...]]",
    "Run a program with some namespaces unshared from the parent.",
    "+m mount? u uts? i ipc? n net? p pid? U user? C cgroup? T time? f|fork r|map-root-user c|map-current-user mount-proc? kill-child? propagation= setgroups= map-user= map-group= R|root= w|wd= S|setuid= G|setgid= keep-caps in-child",
)
.version("util-linux 2.41 (simulated");

/// What is started where nothing is said: the caller's shell.
pub(crate) fn program(c: &Cli, operands: &[String]) -> Vec<String> {
    if operands.is_empty() {
        return vec![c.var("SHELL").filter(|s| !s.is_empty()).unwrap_or("/bin/sh").to_owned()];
    }
    operands.to_vec()
}

/// Becomes it, or says why not.
pub(crate) async fn become_it(c: &mut Cli, argv: Vec<String>) -> Run<()> {
    let name = argv.first().cloned().unwrap_or_default();
    let e = c.become_program(argv).await;
    let text = if c.variant == "busybox" {
        format!("can't execute '{name}': {e}")
    } else {
        format!("failed to execute {name}: {e}")
    };
    c.warn(text).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}

/// Starts it as a child, where that is asked for, and ends as it ends.
pub(crate) async fn child(c: &mut Cli, argv: Vec<String>) -> Run<()> {
    let name = argv.first().cloned().unwrap_or_default();
    match c.run_child(argv).await {
        Ok(status) => Err(Stop::Code(status.code())),
        Err(Errno::EAGAIN | Errno::ENOMEM) => c.die(1, "fork failed: Cannot allocate memory").await,
        Err(e) => c.die(if e == Errno::ENOENT { 127 } else { 126 }, format!("failed to execute {name}: {e}")).await,
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let root = p.has("r");
    if p.has("in-child") {
        return last_steps(c, &p).await;
    }
    let (uid, gid) = c.sys.ids();
    // Only the long options can name a file.
    let either = |short: &str, long: &str| p.has(short) || p.has(long);
    let what = Unshare {
        mount: either("m", "mount") || p.has("mount-proc"),
        pid: either("p", "pid"),
        net: either("n", "net"),
        uts: either("u", "uts"),
        user: either("U", "user") || root || p.has("c") || p.has("map-user") || p.has("map-group"),
        ipc: either("i", "ipc"),
        cgroup: either("C", "cgroup"),
    };
    if let Err(e) = c.sys.unshare(what).await {
        return c
            .die(1, if c.variant == "busybox" { format!("unshare(0x0): {e}") } else { format!("unshare failed: {e}") })
            .await;
    }
    let inside = |name: &str, own: u32| match p.value(name).and_then(|v| v.parse().ok()) {
        Some(n) => Some(n),
        None if root => Some(0),
        None => p.has("c").then_some(own),
    };
    let maps = [("uid_map", inside("map-user", uid), uid), ("gid_map", inside("map-group", gid), gid)];
    for (file, id, own) in maps {
        let Some(id) = id else { continue };
        if file == "gid_map" {
            let _ = c.sys.write_file("/proc/self/setgroups", p.value("setgroups").unwrap_or("deny"), 0o644).await;
        }
        let path = format!("/proc/self/{file}");
        if let Err(e) = c.sys.write_file(&path, format!("{id} {own} 1\n"), 0o644).await {
            return c.die(1, format!("write failed {path}: {e}")).await;
        }
    }
    if what.mount && p.value("propagation") != Some("unchanged") {
        let shared = p.value("propagation") == Some("shared");
        let flags = MountFlags { recursive: true, shared, private: !shared, ..MountFlags::default() };
        if let Err(e) = c.sys.mount("none", "/", "", flags, "").await {
            return c.die(1, format!("cannot change root filesystem propagation: {e}")).await;
        }
    }
    let forks = p.has("f") || p.has("kill-child");
    let steps = ["mount-proc", "R", "w", "S", "G"].iter().any(|o| p.has(o));
    if !forks {
        return if steps { last_steps(c, &p).await } else { become_it(c, program(c, &p.operands)).await };
    }
    if !steps {
        return child(c, program(c, &p.operands)).await;
    }
    // What has to be done in the new namespaces is done by a second one of these.
    let me = c.sys.readlink("/proc/self/exe").await.unwrap_or_else(|_| "unshare".to_owned());
    let mut argv = vec![if c.variant == "busybox" { "unshare".to_owned() } else { me }, "--in-child".to_owned()];
    for (name, value) in &p.options {
        match (*name, value) {
            ("mount-proc", Some(v)) => argv.push(format!("--mount-proc={v}")),
            ("mount-proc", None) => argv.push("--mount-proc".to_owned()),
            ("R" | "w" | "S" | "G", Some(v)) => argv.extend([format!("-{name}"), v.clone()]),
            _ => {}
        }
    }
    argv.push("--".to_owned());
    argv.extend(program(c, &p.operands));
    child(c, argv).await
}

async fn last_steps(c: &mut Cli, p: &Parsed) -> Run<()> {
    if let Some(root) = p.value("R").map(str::to_owned) {
        if let Err(e) = c.sys.chroot(&root).await {
            return c.die(1, format!("cannot change root directory to '{root}': {e}")).await;
        }
        let _ = c.sys.chdir("/").await;
    }
    if let Some(dir) = p.value("w").map(str::to_owned)
        && let Err(e) = c.sys.chdir(&dir).await
    {
        return c.die(1, format!("cannot chdir to '{dir}': {e}")).await;
    }
    if p.has("mount-proc") {
        let place = p.value("mount-proc").unwrap_or("/proc").to_owned();
        let flags = MountFlags { nosuid: true, noexec: true, ..MountFlags::default() };
        if let Err(e) = c.sys.mount("proc", &place, "proc", flags, "").await {
            return c.die(1, format!("mount {place} failed: {e}")).await;
        }
    }
    let (uid, gid) = c.sys.ids();
    let id = |name: &str| p.value(name).and_then(|v| v.parse::<u32>().ok());
    if id("S").is_some() || id("G").is_some() {
        let (u, g) = (id("S").unwrap_or(uid), id("G").unwrap_or(gid));
        if let Err(e) = c.sys.set_uid(u, g, vec![g]).await {
            return c.die(1, format!("setuid failed: {e}")).await;
        }
    }
    become_it(c, program(c, &p.operands)).await
}
