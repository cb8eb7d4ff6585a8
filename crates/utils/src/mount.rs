//! `mount` and `umount`: file systems put into the tree, and taken out. util-linux's, and busybox's.

use layerlab_kernel::{Errno, MountFlags};

use crate::cli::{Cli, Parsed, Run, Spec, Stop};
use crate::findmnt;

const UTIL_LINUX: &str = "util-linux 2.41 (simulated";

const MOUNT: Spec = Spec::new(
    "[-lhV] | -a [options] | [options] <source> <directory>",
    "Mount a filesystem.",
    "a|all t|types= o|options= O= r|read-only|ro w|rw|read-write B|bind R|rbind M|move v|verbose n|no-mtab f|fake l|show-labels m|mkdir? make-shared make-slave make-private make-unbindable make-rshared make-rslave make-rprivate make-runbindable source= target= T|fstab= s i c L= U= N=",
)
.version(UTIL_LINUX);

const UMOUNT: Spec = Spec::new(
    "[-hV] | -a [options] | [options] <source> | <directory>",
    "Unmount filesystems.",
    "a|all t|types= l|lazy f|force R|recursive v|verbose n|no-mtab r|read-only d|detach-loop c i q|quiet O=",
)
.version(UTIL_LINUX);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "umount" {
        return umount(c).await;
    }
    let p = c.parse(&MOUNT).await?;
    let mut operands = p.operands.clone();
    operands.splice(0..0, p.value("source").map(str::to_owned));
    operands.extend(p.value("target").map(str::to_owned));
    let change = ["make-shared", "make-slave", "make-private", "make-unbindable"].iter().find(|m| p.has(m)).is_some()
        || ["make-rshared", "make-rslave", "make-rprivate", "make-runbindable"].iter().find(|m| p.has(m)).is_some();
    if p.has("a") {
        return all(c, &p).await;
    }
    match operands.as_slice() {
        [] => list(c, &p).await,
        [target] if change => one(c, &p, "none", target, None).await,
        [target] => match from_table(c, &p, target).await {
            Some((source, target, kind, options)) => one(c, &p, &source, &target, Some((kind, options))).await,
            None if c.variant == "busybox" => c.die(1, format!("can't find {target} in /etc/fstab")).await,
            None => c.die(1, format!("{target}: can't find in /etc/fstab.")).await,
        },
        [source, target] => one(c, &p, source, target, None).await,
        _ => c.usage(1, "bad usage").await,
    }
}

async fn list(c: &mut Cli, p: &Parsed) -> Run<()> {
    let types: Option<Vec<String>> = p.value("t").map(|t| t.split(',').map(str::to_owned).collect());
    for m in findmnt::mounts(c).await {
        if types.as_ref().is_none_or(|t| match t.first().and_then(|f| f.strip_prefix("no")) {
            Some(first) => m.kind != first && !t.contains(&m.kind),
            None => t.contains(&m.kind),
        }) {
            c.put(format!("{} on {} type {} ({})\n", m.source, m.target, m.kind, m.options)).await?;
        }
    }
    Ok(())
}

type Entry = (String, String, String, String);

/// `/etc/fstab`: source, place, kind, options.
async fn table(c: &Cli) -> Vec<Entry> {
    let text = c.sys.read_file("/etc/fstab").await.unwrap_or_default();
    let entry = |l: &str| {
        let f: Vec<&str> = l.split_whitespace().collect();
        let options = f.get(3).unwrap_or(&"defaults");
        Some((f.first()?.to_string(), f.get(1)?.to_string(), f.get(2)?.to_string(), (*options).to_owned()))
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().filter(|l| !l.trim_start().starts_with('#')).filter_map(entry).collect()
}

async fn from_table(c: &Cli, p: &Parsed, name: &str) -> Option<Entry> {
    let full = c.sys.real_path(name).await.unwrap_or_else(|_| name.to_owned());
    if let Some(e) = table(c).await.into_iter().find(|e| e.0 == name || e.1 == name || e.1 == full) {
        return Some(e);
    }
    // A remount needs no table: the mount is there.
    let remount = p.values("o").iter().any(|o| o.split(',').any(|w| w == "remount"));
    let there = findmnt::mounts(c).await.into_iter().rev().find(|m| m.target == full || m.source == name)?;
    remount.then_some((there.source, there.target, there.kind, String::new()))
}

async fn all(c: &mut Cli, p: &Parsed) -> Run<()> {
    let there = findmnt::mounts(c).await;
    for (source, target, kind, options) in table(c).await {
        let skip = options.split(',').any(|o| o == "noauto") || matches!(kind.as_str(), "swap" | "none");
        if skip || there.iter().any(|m| m.target == target) {
            continue;
        }
        if let Err(Stop::Code(code)) = one(c, p, &source, &target, Some((kind, options))).await {
            c.code = code;
        }
    }
    Ok(())
}

/// What options ask for: flags, and the rest for the file system.
fn options(p: &Parsed, more: Option<&str>) -> (MountFlags, String) {
    let mut f = MountFlags {
        bind: p.has("B") || p.has("R"),
        recursive: p.has("R"),
        move_: p.has("M"),
        read_only: p.has("r"),
        ..MountFlags::default()
    };
    let mut data: Vec<String> = Vec::new();
    let given = p.values("o").join(",");
    for word in more.into_iter().chain([given.as_str()]).flat_map(|o| o.split(',')).filter(|w| !w.is_empty()) {
        match word {
            "bind" => f.bind = true,
            "rbind" => (f.bind, f.recursive) = (true, true),
            "move" => f.move_ = true,
            "remount" => f.remount = true,
            "ro" => f.read_only = true,
            "rw" => f.read_only = false,
            "nosuid" => f.nosuid = true,
            "suid" => f.nosuid = false,
            "noexec" => f.noexec = true,
            "exec" => f.noexec = false,
            "shared" | "rshared" => (f.shared, f.recursive) = (true, f.recursive || word == "rshared"),
            "private" | "slave" | "unbindable" => f.private = true,
            "rprivate" | "rslave" | "runbindable" => (f.private, f.recursive) = (true, true),
            "defaults" | "nodev" | "dev" | "auto" | "noauto" | "user" | "nouser" | "users" | "nofail" | "async"
            | "sync" | "relatime" | "norelatime" | "noatime" | "atime" | "strictatime" | "nodiratime" | "lazytime" => {}
            w if w.starts_with("x-") || w.starts_with("errors=") || w.starts_with("comment=") => {}
            w => data.push(w.to_owned()),
        }
    }
    (f, data.join(","))
}

async fn one(c: &mut Cli, p: &Parsed, source: &str, target: &str, entry: Option<(String, String)>) -> Run<()> {
    let (f, data) = options(p, entry.as_ref().map(|e| e.1.as_str()));
    let kind = match (p.value("t"), &entry) {
        (Some(t), _) if t != "auto" => t.to_owned(),
        (_, Some((kind, _))) if kind != "auto" && kind != "none" => kind.clone(),
        _ => String::new(),
    };
    if p.has("m") {
        let mut made = String::new();
        for part in target.split('/') {
            made.push_str(part);
            if !made.is_empty() {
                let _ = c.sys.mkdir(&made, 0o755).await;
            }
            made.push('/');
        }
    }
    // As libmount does it: one call makes the mount, others change its flags and how it spreads.
    let mut steps = Vec::new();
    let plain = MountFlags { shared: false, private: false, ..f };
    let spread = spread(p, f);
    if f.bind && !f.remount {
        steps.push(MountFlags { read_only: false, nosuid: false, noexec: false, ..plain });
        if f.read_only || f.nosuid || f.noexec {
            steps.push(MountFlags { remount: true, recursive: false, ..plain });
        }
    } else if f.remount || f.move_ || spread.is_none() || !kind.is_empty() {
        steps.push(plain);
    }
    steps.extend(spread);
    for flags in steps {
        if let Err(e) = c.sys.mount(source, target, &kind, flags, &data).await {
            return failed(c, source, target, &kind, flags, e).await;
        }
    }
    if p.has("v") {
        let text = if f.bind { format!("{source} bound on {target}") } else { format!("{source} mounted on {target}") };
        c.put(format!("mount: {text}.\n")).await?;
    }
    Ok(())
}

/// Who sees what is mounted below.
fn spread(p: &Parsed, f: MountFlags) -> Option<MountFlags> {
    let names = [
        ("make-shared", true, false),
        ("make-slave", false, false),
        ("make-private", false, false),
        ("make-unbindable", false, false),
        ("make-rshared", true, true),
        ("make-rslave", false, true),
        ("make-rprivate", false, true),
        ("make-runbindable", false, true),
    ];
    let option = names.iter().find(|n| p.has(n.0)).map(|n| (n.1, n.2));
    let (shared, recursive) = option.or((f.shared || f.private).then_some((f.shared, f.recursive)))?;
    Some(MountFlags { shared, private: !shared, recursive, ..MountFlags::default() })
}

async fn failed(c: &mut Cli, source: &str, target: &str, kind: &str, f: MountFlags, e: Errno) -> Run<()> {
    if c.variant == "busybox" {
        if c.sys.ids().0 != 0 {
            return c.die(1, "permission denied (are you root?)").await;
        }
        return c.die(255, format!("mounting {source} on {target} failed: {e}")).await;
    }
    let place = c.sys.stat(target).await;
    let text = match e {
        Errno::EPERM if c.sys.ids().0 != 0 => "must be superuser to use mount.".to_owned(),
        Errno::EPERM | Errno::EACCES => "permission denied.".to_owned(),
        _ if place.is_err() => "mount point does not exist.".to_owned(),
        Errno::ENOENT => format!("special device {source} does not exist."),
        Errno::ENODEV => format!("unknown filesystem type '{kind}'."),
        Errno::EBUSY => {
            let there = findmnt::mounts(c).await.into_iter().find(|m| m.source == source);
            there.map_or_else(
                || format!("{source} already mounted or mount point busy."),
                |m| format!("{source} already mounted on {}.", m.target),
            )
        }
        Errno::ENOTBLK => format!("{source} is not a block device."),
        Errno::ENOTDIR => "mount point is not a directory.".to_owned(),
        Errno::EINVAL if f.remount => "mount point not mounted or bad option.".to_owned(),
        Errno::EINVAL if f.shared || f.private => "not mount point or bad option.".to_owned(),
        Errno::EINVAL => format!(
            "wrong fs type, bad option, bad superblock on {source}, missing codepage or helper program, or other error."
        ),
        e => format!("mount(2) system call failed: {e}."),
    };
    c.warn(format!("{target}: {text}\n       dmesg(1) may have more information after failed mount system call."))
        .await;
    Err(Stop::Code(32))
}

async fn umount(c: &mut Cli) -> Run<()> {
    let p = c.parse(&UMOUNT).await?;
    let there = findmnt::mounts(c).await;
    let mut places = p.operands.clone();
    if p.has("a") {
        let kinds: Option<Vec<&str>> = p.value("t").map(|t| t.split(',').collect());
        let keep = ["proc", "sysfs", "devtmpfs", "devpts", "cgroup2", "rootfs"];
        let picked = there.iter().rev().filter(|m| match &kinds {
            Some(k) => k.contains(&m.kind.as_str()),
            None => m.target != "/" && !keep.contains(&m.kind.as_str()),
        });
        places.extend(picked.map(|m| m.target.clone()));
    }
    if places.is_empty() && !p.has("a") {
        return c.usage(1, "bad usage").await;
    }
    for place in places {
        // By what is mounted, too: the last place where it is.
        let source = there.iter().rev().find(|m| m.source == place && place.starts_with('/'));
        let target = source.map_or_else(|| place.clone(), |m| m.target.clone());
        let mut list = vec![target.clone()];
        if p.has("R") {
            let below = format!("{}/", target.trim_end_matches('/'));
            list = there.iter().rev().filter(|m| m.target.starts_with(&below)).map(|m| m.target.clone()).collect();
            list.push(target.clone());
        }
        for t in list {
            match c.sys.umount(&t, p.has("l")).await {
                Ok(()) if p.has("v") => c.put(format!("umount: {t} unmounted\n")).await?,
                Ok(()) => {}
                Err(e) if c.variant == "busybox" => c.fail(format!("can't unmount {place}: {e}")).await,
                Err(e) => {
                    let text = match e {
                        Errno::EPERM => "must be superuser to unmount.".to_owned(),
                        Errno::ENOENT => "no mount point specified.".to_owned(),
                        Errno::EINVAL => "not mounted.".to_owned(),
                        Errno::EBUSY => "target is busy.".to_owned(),
                        e => format!("umount failed: {e}."),
                    };
                    c.warn(format!("{t}: {text}")).await;
                    c.code = 32;
                }
            }
        }
    }
    Ok(())
}
