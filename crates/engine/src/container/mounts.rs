//! Mounts: `-v`, `--mount`, `--tmpfs`, the engine's own files, `/dev`.

use layerlab_api::container::{Config, HostConfig, MountPoint};
use layerlab_kernel::vfs::{Dev, FsKind, IdMap, Inode, Node, Tree};
use layerlab_kernel::{FileType, MountSpec, OpenFlags, Sys};
use layerlab_oci::Timestamp;

use super::Container;
use crate::error::ApiError;
use crate::state::EngineState;
use crate::volume;

const NAME_RULE: &str =
    "only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path";

/// What a container mounts, by its config; volumes that are new get made later.
///
/// # Errors
/// The daemon's refusals.
pub fn plan(
    config: &Config,
    host: &HostConfig,
    random: &mut impl FnMut() -> String,
) -> Result<Vec<MountPoint>, ApiError> {
    let mut points: Vec<MountPoint> = Vec::new();
    let mut add = |p: MountPoint| {
        if points.iter().any(|q| q.destination == p.destination) {
            return Err(ApiError::bad(format!("Duplicate mount point: {}", p.destination)));
        }
        points.push(p);
        Ok(())
    };
    for bind in host.binds.iter().flatten() {
        add(parse_bind(bind)?)?;
    }
    for m in host.mounts.iter().flatten() {
        let kind = m.kind.as_str();
        if !["bind", "volume", "tmpfs", "image"].contains(&kind) {
            return Err(ApiError::bad(format!("invalid mount config for type \"{kind}\": mount type unknown")));
        }
        if !m.target.starts_with('/') {
            return Err(ApiError::bad(format!(
                "invalid mount config for type \"{kind}\": invalid mount path: '{}' mount path must be absolute",
                m.target
            )));
        }
        let name = if kind == "volume" {
            if m.source.is_empty() { random() } else { m.source.clone() }
        } else {
            String::new()
        };
        add(MountPoint {
            kind: kind.to_owned(),
            name: name.clone(),
            source: if kind == "volume" { volume::mountpoint(&name) } else { m.source.clone() },
            destination: m.target.clone(),
            driver: if kind == "volume" { "local".to_owned() } else { String::new() },
            mode: if kind == "volume" { "z".to_owned() } else { String::new() },
            rw: !m.read_only,
            propagation: if kind == "bind" { "rprivate".to_owned() } else { String::new() },
        })?;
    }
    for target in host.tmpfs.iter().flatten().map(|t| t.0) {
        add(MountPoint { kind: "tmpfs".to_owned(), destination: target.clone(), rw: true, ..MountPoint::default() })?;
    }
    for target in config.volumes.iter().flat_map(|v| &v.0) {
        if !points.iter().any(|p| p.destination == *target) {
            let name = random();
            points.push(MountPoint {
                kind: "volume".to_owned(),
                source: volume::mountpoint(&name),
                name,
                destination: target.clone(),
                driver: "local".to_owned(),
                mode: String::new(),
                rw: true,
                propagation: String::new(),
            });
        }
    }
    Ok(points)
}

/// `--volumes-from CONTAINER[:ro|:rw]`: its mounts, where the new one has none of its own.
///
/// # Errors
/// No such container, or another mode.
pub fn from_others(state: &EngineState, host: &HostConfig, points: &mut Vec<MountPoint>) -> Result<(), ApiError> {
    for spec in host.volumes_from.iter().flatten() {
        let (name, mode) = spec.split_once(':').unwrap_or((spec, "rw"));
        if !matches!(mode, "ro" | "rw" | "z" | "Z") {
            return Err(ApiError::bad(format!("invalid mode for volumes-from: {mode}")));
        }
        let other = state.container(name).map_err(|e| ApiError { status: 400, ..e })?;
        for m in other.mounts.iter().filter(|m| m.kind != "tmpfs") {
            if !points.iter().any(|p| p.destination == m.destination && !(p.mode.is_empty() && p.kind == "volume")) {
                points.retain(|p| p.destination != m.destination);
                points.push(MountPoint { rw: m.rw && mode != "ro", ..m.clone() });
            }
        }
    }
    Ok(())
}

fn parse_bind(bind: &str) -> Result<MountPoint, ApiError> {
    let mut parts = bind.split(':');
    let (source, target, mode) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(s), Some(t), m, None) => (s, t, m.unwrap_or("")),
        _ => return Err(ApiError::bad(format!("invalid volume specification: '{bind}'"))),
    };
    if !target.starts_with('/') {
        let kind = if source.starts_with('/') { "bind" } else { "volume" };
        return Err(ApiError::bad(format!(
            "invalid volume specification: '{bind}': invalid mount config for type \"{kind}\": invalid mount path: '{target}' mount path must be absolute"
        )));
    }
    let rw = !mode.split(',').any(|m| m == "ro");
    if source.starts_with('/') {
        return Ok(MountPoint {
            kind: "bind".to_owned(),
            source: source.to_owned(),
            destination: target.to_owned(),
            mode: mode.to_owned(),
            rw,
            propagation: "rprivate".to_owned(),
            ..MountPoint::default()
        });
    }
    if !super::names::is_valid(source) {
        return Err(ApiError::bad(format!(
            "create {source}: \"{source}\" includes invalid characters for a local volume name, {NAME_RULE}"
        )));
    }
    Ok(MountPoint {
        kind: "volume".to_owned(),
        name: source.to_owned(),
        source: volume::mountpoint(source),
        destination: target.to_owned(),
        driver: "local".to_owned(),
        mode: if mode.is_empty() { "z".to_owned() } else { mode.to_owned() },
        rw,
        propagation: String::new(),
    })
}

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
                let options = container.host.tmpfs.as_ref().and_then(|t| t.get(&m.destination));
                let options = Memory::parse(options.map_or("", String::as_str));
                let mut tree = Tree::new();
                if let Some(root) = tree.get_mut(Tree::ROOT) {
                    (root.mode, root.uid, root.gid) = options.root;
                }
                let memory = spec(sys.fs_new(FsKind::Tmpfs, tree).await?, "/".to_owned(), &m.destination, !m.rw);
                specs.push(MountSpec { nosuid: true, noexec: options.noexec, limit: options.limit, ..memory });
            }
            "volume" => {
                volume::copy_up(sys, &m.name, image, &m.destination).await?;
                let (fs, path) = sys.fs_of(&m.source).await?;
                specs.push(spec(fs, path, &m.destination, !m.rw));
            }
            _ => {
                if sys.stat(&m.source).await.is_err() {
                    make_dirs(sys, &m.source).await?;
                }
                let (fs, path) = sys.fs_of(&m.source).await?;
                foreign.push(spec(fs, path, &m.destination, !m.rw));
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

/// What every container has: `/proc`, `/dev`, `/sys`, and what of them is hidden or not writable (moby
/// `daemon/pkg/oci/defaults.go`, runc's `maskPaths`).
async fn system(sys: &Sys, container: &Container) -> Result<Vec<MountSpec>, ApiError> {
    let host = &container.host;
    let mut tree = dev();
    if host.privileged {
        let (fs, path) = sys.fs_of("/dev").await?;
        devices_of(&sys.fs_tree(fs).await?, &path, &mut tree);
    }
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
    limit: Option<u64>,
}

impl Memory {
    fn parse(options: &str) -> Self {
        let mut m = Self { root: (0o1777, 0, 0), noexec: true, limit: None };
        for (name, value) in options.split(',').map(|o| o.split_once('=').unwrap_or((o, ""))) {
            match name {
                "exec" => m.noexec = false,
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

/// `mkdir -p`, root's.
///
/// # Errors
/// The call's.
pub async fn make_dirs(sys: &Sys, path: &str) -> Result<(), ApiError> {
    let mut at = String::new();
    for part in layerlab_kernel::vfs::tree::parts(path) {
        at.push('/');
        at.push_str(part);
        if sys.stat(&at).await.is_err() {
            sys.mkdir(&at, 0o755).await?;
        }
    }
    Ok(())
}

/// Writes a file of the engine's.
///
/// # Errors
/// The call's.
pub async fn write(sys: &Sys, path: &str, text: &str) -> Result<(), ApiError> {
    let fd = sys.open(path, OpenFlags::CREATE, 0o644).await?;
    let r = sys.write_all(fd, text.as_bytes()).await;
    sys.close(fd).await?;
    Ok(r?)
}

/// Makes the volumes that the mounts name, where they are missing.
pub fn volumes(state: &mut EngineState, points: &[MountPoint], now: Timestamp) -> Vec<String> {
    let mut new = Vec::new();
    for p in points.iter().filter(|p| p.kind == "volume") {
        if volume::ensure(state, &p.name, now, p.mode.is_empty()) {
            new.push(p.source.clone());
        }
    }
    new
}
