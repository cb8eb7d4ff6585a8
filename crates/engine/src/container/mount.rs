//! The mounts of a starting container: what it asked for, the engine's own files, `/dev`.

use layerlab_api::container::{HostConfig, Mount, MountPoint};
use layerlab_kernel::vfs::{Dev, FsKind, IdMap, Inode, Node, Tree};
use layerlab_kernel::{FileType, MountSpec, Sys};

use super::{Container, mounts, user};
use crate::context::with;
use crate::error::ApiError;
use crate::image::unpack;
use crate::volume;

/// `/dev` of a container.
pub fn dev() -> Tree {
    let mut tree = Tree::new();
    let chars = [
        ("null", Dev::Null),
        ("zero", Dev::Zero),
        ("full", Dev::Full),
        ("random", Dev::Random),
        ("urandom", Dev::Random),
        ("tty", Dev::Tty),
    ];
    for (name, dev) in chars {
        let _ = tree.insert(&format!("/{name}"), Inode::new(Node::Char(dev), 0o666));
    }
    for (name, target) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ] {
        let _ = tree.insert(&format!("/{name}"), Inode::symlink(target));
    }
    for (name, mode) in [("pts", 0o755), ("shm", 0o1777), ("mqueue", 0o1777)] {
        let _ = tree.insert(&format!("/{name}"), Inode::dir(mode));
    }
    tree
}

/// What `/dev` and, unless it is said, `/dev/shm` may hold.
const SHM: u64 = 64 << 20;

/// Where `--init` puts its program.
pub const INIT: &str = "/sbin/docker-init";

/// Makes the mounts of a starting container. New named volumes get what the image has there.
///
/// # Errors
/// A source is missing, or a call fails.
pub async fn make(
    sys: &Sys,
    container: &Container,
    image: &Tree,
    remap: Option<IdMap>,
) -> Result<Vec<MountSpec>, ApiError> {
    let spec = |fs, source: String, target: &str, read_only| MountSpec {
        fs,
        source,
        target: target.to_owned(),
        read_only,
        ..MountSpec::default()
    };
    let mut specs = system(sys, container).await?;
    let mut foreign = Vec::new();
    let has_own = |target: &str| container.mounts.iter().any(|m| m.destination == target);
    if !has_own("/dev/shm") {
        let mut shm = Tree::new();
        if let Some(root) = shm.get_mut(Tree::ROOT) {
            root.mode = 0o1777;
        }
        let size = u64::try_from(container.host.shm_size).ok().filter(|n| *n > 0).unwrap_or(SHM);
        let shm = spec(sys.fs_new(FsKind::Tmpfs, shm).await?, "/".to_owned(), "/dev/shm", false);
        specs.push(MountSpec { nosuid: true, noexec: true, name: "shm", limit: Some(size), ..shm });
    }
    if container.host.init == Some(true) {
        let mut tools = Tree::new();
        let _ = tools.insert("/docker-init", Inode::file(layerlab_kernel::stub::executable("docker-init", ""), 0o755));
        specs.push(spec(sys.fs_new(FsKind::Tmpfs, tools).await?, "/docker-init".to_owned(), INIT, true));
    }
    for file in ["resolv.conf", "hostname", "hosts"] {
        let (fs, path) = sys.fs_of(&format!("{}/{file}", container.directory())).await?;
        specs.push(spec(fs, path, &format!("/etc/{file}"), false));
    }
    for m in &container.mounts {
        match m.kind.as_str() {
            "tmpfs" => {
                let options = memory_options(&container.host, m);
                known(&options)?;
                let options = Memory::parse(&options);
                let mut tree = Tree::new();
                if let Some(root) = tree.get_mut(Tree::ROOT) {
                    (root.mode, root.uid, root.gid) = options.root;
                    let now = sys.wall_clock();
                    root.mtime = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000) as u32);
                }
                let memory = spec(
                    sys.fs_new(FsKind::Tmpfs, tree).await?,
                    "/".to_owned(),
                    &m.destination,
                    !m.rw || options.read_only,
                );
                specs.push(MountSpec { nosuid: true, noexec: options.noexec, limit: options.limit, ..memory });
            }
            "volume" => {
                let options = asked(&container.host, m).and_then(|a| a.volume_options.clone()).unwrap_or_default();
                volume::mount(sys, &m.name).await?;
                if !options.no_copy && !mounts::parts_of(&m.mode).any(|p| p == "nocopy") {
                    volume::copy_up(sys, &m.name, image, &m.destination).await?;
                }
                let mut source = m.source.clone();
                if !options.subpath.is_empty() {
                    source = format!("{source}/{}", options.subpath.trim_matches('/'));
                    if sys.stat(&source).await.is_err() {
                        return Err(ApiError::internal(format!(
                            "cannot access path {source}: lstat {source}: no such file or directory"
                        )));
                    }
                }
                let (fs, path) = sys.fs_of(&source).await?;
                specs.push(spec(fs, path, &m.destination, !m.rw));
            }
            "image" => {
                let (tree, path) = image_tree(sys, &container.host, m)?;
                specs.push(spec(sys.fs_new(FsKind::Overlay, tree).await?, path, &m.destination, true));
            }
            _ => {
                if sys.stat(&m.source).await.is_err() {
                    mounts::make_dirs(sys, &m.source).await?;
                }
                let (fs, path) = sys.fs_of(&m.source).await?;
                foreign.push(spec(fs, path, &m.destination, !m.rw));
                let options = asked(&container.host, m).and_then(|a| a.bind_options.clone()).unwrap_or_default();
                for inner in below(sys, &m.source).await?.into_iter().filter(|_| !options.non_recursive) {
                    let (fs, path) = sys.fs_of(&format!("{}{inner}", m.source.trim_end_matches('/'))).await?;
                    let target = format!("{}{inner}", m.destination.trim_end_matches('/'));
                    foreign.push(spec(fs, path, &target, !m.rw && !options.read_only_non_recursive));
                }
            }
        }
    }
    // What is the engine's belongs to the container's users, not what is the host's.
    for s in &mut specs {
        s.idmap = remap;
    }
    specs.append(&mut foreign);
    specs.sort_by_key(|s| s.target.matches('/').count());
    Ok(specs)
}

/// What the host has mounted below a directory, which comes along (`rbind`): paths from there.
async fn below(sys: &Sys, source: &str) -> Result<Vec<String>, ApiError> {
    let source = source.trim_end_matches('/');
    let rest = |path: &str| path.strip_prefix(source).filter(|r| r.len() > 1 && r.starts_with('/')).map(str::to_owned);
    Ok(sys.mounts().await?.iter().filter_map(|m| rest(&m.path)).collect())
}

/// What every container has: `/proc`, `/dev`, `/sys`, and what of them is hidden or not writable (moby
/// `daemon/pkg/oci/defaults.go`, runc's `maskPaths`).
async fn system(sys: &Sys, container: &Container) -> Result<Vec<MountSpec>, ApiError> {
    let host = &container.host;
    let mut tree = dev();
    if host.privileged {
        let (fs, path) = sys.fs_of("/dev").await?;
        devices_of(&sys.fs_tree(fs).await?, &path, &mut tree);
    }
    devices(sys, host, &mut tree).await?;
    let at = sys.wall_clock();
    for ino in tree.walk().into_iter().map(|(_, ino, _)| ino).chain([Tree::ROOT]) {
        if let Some(i) = tree.get_mut(ino) {
            i.mtime = (at.div_euclid(1_000_000_000), at.rem_euclid(1_000_000_000) as u32);
        }
    }
    let all =
        |fs, target: &str| MountSpec { fs, source: "/".to_owned(), target: target.to_owned(), ..MountSpec::default() };
    let proc = sys.fs_new(FsKind::Proc, Tree::new()).await?;
    let dev = sys.fs_new(FsKind::Tmpfs, tree).await?;
    let mut specs = vec![all(proc, "/proc"), MountSpec { nosuid: true, limit: Some(SHM), ..all(dev, "/dev") }];
    for (kind, target, name) in [
        (FsKind::Devpts, "/dev/pts", ""),
        (FsKind::Sysfs, "/sys", ""),
        (FsKind::Cgroup2, "/sys/fs/cgroup", "cgroup"),
        (FsKind::Mqueue, "/dev/mqueue", ""),
    ] {
        let read_only = target.starts_with("/sys") && !host.privileged;
        specs.push(MountSpec { read_only, name, ..all(sys.fs_new(kind, Tree::new()).await?, target) });
    }
    // The machine's own files tell whether a path is there, and what it is.
    for path in host.readonly_paths.iter().flatten() {
        if let (Some(source), true) = (path.strip_prefix("/proc"), sys.stat(path).await.is_ok()) {
            specs.push(MountSpec { source: source.to_owned(), read_only: true, ..all(proc, path) });
        }
    }
    for path in host.masked_paths.iter().flatten() {
        specs.push(match sys.stat(path).await {
            Ok(s) if s.file_type == FileType::Dir => {
                let nothing = sys.fs_new(FsKind::Tmpfs, Tree::new()).await?;
                MountSpec { read_only: true, ..all(nothing, path) }
            }
            Ok(_) => MountSpec { source: "/null".to_owned(), nosuid: true, ..all(dev, path) },
            Err(_) => continue,
        });
    }
    Ok(specs)
}

/// All devices of a directory, as a privileged container gets the machine's.
fn devices_of(machine: &Tree, path: &str, tree: &mut Tree) {
    let Some(dir) = machine.lookup(path) else { return };
    for (name, ino) in machine.entries(dir) {
        if let Some(i) = machine.get(ino).filter(|i| matches!(i.node, Node::Char(_) | Node::Block(..)))
            && tree.child(Tree::ROOT, name).is_none()
            && name != "console"
        {
            let _ = tree.insert(&format!("/{name}"), i.as_ref().clone());
        }
    }
}

/// What `--tmpfs PATH:OPTIONS` asks for.
struct Memory {
    root: (u32, u32, u32),
    noexec: bool,
    read_only: bool,
    limit: Option<u64>,
}

impl Memory {
    fn parse(options: &str) -> Self {
        let mut m = Self { root: (0o1777, 0, 0), noexec: true, read_only: false, limit: None };
        for (name, value) in options.split(',').map(|o| o.split_once('=').unwrap_or((o, ""))) {
            match name {
                "exec" => m.noexec = false,
                "ro" => m.read_only = true,
                "mode" => m.root.0 = u32::from_str_radix(value, 8).unwrap_or(m.root.0),
                "uid" => m.root.1 = value.parse().unwrap_or(0),
                "gid" => m.root.2 = value.parse().unwrap_or(0),
                "size" => m.limit = bytes(value),
                _ => {}
            }
        }
        m
    }
}

/// Whether a file system in memory knows all of the options (moby `pkg/mount` `MergeTmpfsOptions`).
///
/// # Errors
/// The first that it does not know.
fn known(options: &str) -> Result<(), ApiError> {
    const FLAGS: &[&str] = &[
        "defaults",
        "ro",
        "rw",
        "suid",
        "nosuid",
        "dev",
        "nodev",
        "exec",
        "noexec",
        "sync",
        "async",
        "dirsync",
        "remount",
        "mand",
        "nomand",
        "atime",
        "noatime",
        "diratime",
        "nodiratime",
        "bind",
        "rbind",
        "unbindable",
        "runbindable",
        "private",
        "rprivate",
        "shared",
        "rshared",
        "slave",
        "rslave",
        "relatime",
        "norelatime",
        "strictatime",
        "nostrictatime",
    ];
    const VALUES: &[&str] = &["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"];
    let unknown = |o: &&str| match o.split_once('=') {
        Some((name, _)) => !VALUES.contains(&name),
        None => !FLAGS.contains(o),
    };
    match options.split(',').filter(|o| !o.is_empty()).find(unknown) {
        Some(o) => {
            let parts: Vec<String> = o.splitn(2, '=').map(|p| format!("{p:?}")).collect();
            Err(ApiError::bad(format!("invalid tmpfs option [{}]", parts.join(" "))))
        }
        None => Ok(()),
    }
}

/// `64m`, `1g`, `65536`.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// What `--mount` said of a mount.
fn asked<'a>(host: &'a HostConfig, m: &MountPoint) -> Option<&'a Mount> {
    host.mounts.iter().flatten().find(|a| a.target == m.destination)
}

/// The options of a file system in memory, of `--tmpfs` or `--mount`.
fn memory_options(host: &HostConfig, m: &MountPoint) -> String {
    let text = host.tmpfs.as_ref().and_then(|t| t.get(&m.destination)).cloned().unwrap_or_default();
    let mut options: Vec<String> = mounts::parts_of(&text).map(str::to_owned).collect();
    if let Some(o) = asked(host, m).and_then(|a| a.tmpfs_options.as_ref()) {
        if o.size_bytes > 0 {
            options.push(format!("size={}", o.size_bytes));
        }
        if o.mode > 0 {
            options.push(format!("mode={:o}", o.mode));
        }
        options.extend(o.options.iter().flatten().map(|o| o.join("=")));
    }
    options.join(",")
}

/// The host's devices that were asked for.
async fn devices(sys: &Sys, host: &HostConfig, tree: &mut Tree) -> Result<(), ApiError> {
    for d in host.devices.iter().flatten() {
        let path = &d.path_on_host;
        let missing = |why: &str| {
            ApiError::internal(format!(
                "error gathering device information while adding custom device \"{path}\": {why}"
            ))
        };
        let (fs, inside) = sys.fs_of(path).await.map_err(|e| missing(&crate::error::lower(e)))?;
        let found = sys.fs_tree(fs).await?.at(&inside).cloned();
        let node = found.filter(|i| matches!(i.node, Node::Char(_) | Node::Block(..)));
        let node = node.ok_or_else(|| missing("not a device node"))?;
        if let Some(name) = d.path_in_container.strip_prefix("/dev/") {
            let _ = tree.insert(&format!("/{name}"), (*node).clone());
        }
    }
    Ok(())
}

/// The files of `--mount type=image`, and which of them are meant.
fn image_tree(sys: &Sys, host: &HostConfig, m: &MountPoint) -> Result<(Tree, String), ApiError> {
    let subpath = asked(host, m).and_then(|a| a.image_options.clone()).unwrap_or_default().subpath;
    let tree = with(sys, |s| {
        let image = s.images.find(&m.source)?;
        unpack::tree(s, image.diff_ids()).map_err(ApiError::internal)
    })??;
    let path = format!("/{}", subpath.trim_matches('/'));
    match user::resolve(&tree, &path) {
        Some(real) if tree.at(&real).is_some() => Ok((tree, real)),
        _ => Err(ApiError::internal(format!("cannot access path {path}: lstat {path}: no such file or directory"))),
    }
}
