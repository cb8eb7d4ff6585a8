//! Mounts: `-v`, `--mount`, `--tmpfs`, the engine's own files, `/dev`.

use layerlab_api::container::{Config, HostConfig, MountPoint};
use layerlab_kernel::vfs::{Dev, FsKind, Inode, Node, Tree};
use layerlab_kernel::{MountSpec, OpenFlags, Sys};
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

/// Where `--init` puts its program.
pub const INIT: &str = "/sbin/docker-init";

/// Makes the mounts of a starting container. New named volumes get what the image has there.
///
/// # Errors
/// A source is missing, or a call fails.
pub async fn make(sys: &Sys, container: &Container, image: &Tree) -> Result<Vec<MountSpec>, ApiError> {
    let spec =
        |fs, source: String, target: &str, read_only| MountSpec { fs, source, target: target.to_owned(), read_only };
    let dev = sys.fs_new(FsKind::Devtmpfs, dev()).await?;
    let mut specs = vec![spec(dev, "/".to_owned(), "/dev", false)];
    for (kind, target, read_only) in [
        (FsKind::Proc, "/proc", false),
        (FsKind::Devpts, "/dev/pts", false),
        (FsKind::Sysfs, "/sys", true),
        (FsKind::Cgroup2, "/sys/fs/cgroup", true),
    ] {
        specs.push(spec(sys.fs_new(kind, Tree::new()).await?, "/".to_owned(), target, read_only));
    }
    let has_own = |target: &str| container.mounts.iter().any(|m| m.destination == target);
    if !has_own("/dev/shm") {
        let mut shm = Tree::new();
        if let Some(root) = shm.get_mut(Tree::ROOT) {
            root.mode = 0o1777;
        }
        specs.push(spec(sys.fs_new(FsKind::Tmpfs, shm).await?, "/".to_owned(), "/dev/shm", false));
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
                let mut tree = Tree::new();
                if let Some(root) = tree.get_mut(Tree::ROOT) {
                    root.mode = 0o1777;
                }
                specs.push(spec(sys.fs_new(FsKind::Tmpfs, tree).await?, "/".to_owned(), &m.destination, !m.rw));
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
                specs.push(spec(fs, path, &m.destination, !m.rw));
            }
        }
    }
    specs.sort_by_key(|s| s.target.matches('/').count());
    Ok(specs)
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
