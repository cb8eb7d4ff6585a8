//! Named network namespaces: files in `/run/netns`, as `ip netns` keeps them.

use layerlab_kernel::net::NsRef;
use layerlab_kernel::{MountFlags, OpenFlags, Unshare};

use crate::cli::{Cli, Run, Stop};

const DIR: &str = "/run/netns";

/// Goes into a named namespace.
pub(super) async fn enter(c: &mut Cli, name: &str) -> Run<()> {
    let fd = match c.sys.open(&format!("{DIR}/{name}"), OpenFlags::READ, 0).await {
        Ok(fd) => fd,
        Err(e) => {
            c.sys.eprint(format!("Cannot open network namespace \"{name}\": {e}\n")).await;
            return Err(Stop::Code(1));
        }
    };
    let r = c.sys.set_ns(fd).await;
    let _ = c.sys.close(fd).await;
    if let Err(e) = r {
        c.sys.eprint(format!("setting the network namespace \"{name}\" failed: {e}\n")).await;
        return Err(Stop::Code(1));
    }
    Ok(())
}

/// The namespace of a name, else of the process with that number.
pub(super) async fn named(c: &Cli, name: &str) -> Option<NsRef> {
    let path = if name.contains('/') { name.to_owned() } else { format!("{DIR}/{name}") };
    match c.sys.open(&path, OpenFlags::READ, 0).await {
        Ok(fd) => Some(NsRef::Open(fd)),
        Err(_) => Some(NsRef::Of(name.parse().ok()?)),
    }
}

/// `ip netns …`.
pub(super) async fn main(c: &mut Cli, command: &str, args: &[String]) -> Run<()> {
    match (command, args) {
        ("list" | "ls" | "l", _) => {
            for e in c.sys.read_dir(DIR).await.unwrap_or_default() {
                c.put(format!("{}\n", e.name)).await?;
            }
            Ok(())
        }
        ("add" | "a", [name, ..]) => add(c, name).await,
        ("delete" | "del" | "d", [name, ..]) => {
            let path = format!("{DIR}/{name}");
            let _ = c.sys.umount(&path, true).await;
            match c.sys.unlink(&path).await {
                Ok(()) => Ok(()),
                Err(e) => {
                    c.sys.eprint(format!("Cannot remove namespace file \"{path}\": {e}\n")).await;
                    Err(Stop::Code(1))
                }
            }
        }
        ("exec" | "e", [name, argv @ ..]) if !argv.is_empty() => {
            enter(c, name).await?;
            let program = argv.first().cloned().unwrap_or_default();
            let e = c.become_program(argv.to_vec()).await;
            c.sys.eprint(format!("exec of \"{program}\" failed: {e}\n")).await;
            Err(Stop::Code(255))
        }
        ("add" | "a" | "delete" | "del" | "d", []) => {
            c.sys.eprint("No netns name specified\n").await;
            Err(Stop::Code(255))
        }
        ("exec" | "e", []) => {
            c.sys.eprint("No netns name specified\n").await;
            Err(Stop::Code(255))
        }
        ("exec" | "e", _) => {
            c.sys.eprint("No command specified\n").await;
            Err(Stop::Code(255))
        }
        _ => {
            c.sys.eprint(format!("Command \"{command}\" is unknown, try \"ip netns help\".\n")).await;
            Err(Stop::Code(255))
        }
    }
}

/// A new namespace that a mount keeps.
async fn add(c: &mut Cli, name: &str) -> Run<()> {
    let path = format!("{DIR}/{name}");
    let _ = c.sys.mkdir(DIR, 0o755).await;
    let flags = OpenFlags { exclusive: true, ..OpenFlags::CREATE };
    match c.sys.open(&path, flags, 0).await {
        Ok(fd) => drop(c.sys.close(fd).await),
        Err(e) => {
            c.sys.eprint(format!("Cannot create namespace file \"{path}\": {e}\n")).await;
            return Err(Stop::Code(1));
        }
    }
    if let Err(e) = c.sys.unshare(Unshare { net: true, ..Unshare::default() }).await {
        let _ = c.sys.unlink(&path).await;
        c.sys.eprint(format!("Failed to create a new network namespace \"{name}\": {e}\n")).await;
        return Err(Stop::Code(1));
    }
    let bind = MountFlags { bind: true, ..MountFlags::default() };
    let mounted = c.sys.mount("/proc/self/ns/net", &path, "none", bind, "").await;
    let own = c.sys.readlink("/proc/self/ns/net").await.unwrap_or_default();
    // It has to be the namespace that is there now, and nothing else.
    let kept = match (&mounted, c.sys.open(&path, OpenFlags::READ, 0).await) {
        (Ok(()), Ok(fd)) => {
            let shown = c.sys.readlink(&format!("/proc/self/fd/{fd}")).await.unwrap_or_default();
            let _ = c.sys.close(fd).await;
            shown == own
        }
        _ => false,
    };
    if kept {
        return Ok(());
    }
    if mounted.is_ok() {
        let _ = c.sys.umount(&path, true).await;
    }
    let _ = c.sys.unlink(&path).await;
    let e = mounted.err().unwrap_or(layerlab_kernel::Errno::EINVAL);
    c.sys.eprint(format!("Bind /proc/self/ns/net -> {path} failed: {e}\n")).await;
    Err(Stop::Code(1))
}
