//! What a container mounts, as it was asked for: `-v`, `--mount`, `--tmpfs`, `--volumes-from`.

use layerlab_api::container::{Config, Driver, HostConfig, Mount, MountPoint};
use layerlab_kernel::{OpenFlags, Sys};
use layerlab_oci::Timestamp;

use crate::error::ApiError;
use crate::state::EngineState;
use crate::volume;

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
        check_mount(m)?;
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
            propagation: if kind == "bind" { propagation(m) } else { String::new() },
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

/// Refuses what does not go together (moby `volume/mounts/linux_parser.go`).
fn check_mount(m: &Mount) -> Result<(), ApiError> {
    let kind = m.kind.as_str();
    let wrong = |why: String| Err(ApiError::bad(format!("invalid mount config for type \"{kind}\": {why}")));
    if m.target == "/" {
        return wrong("invalid specification: destination can't be '/'".to_owned());
    }
    match kind {
        "bind" | "image" if m.source.is_empty() => wrong("field Source must not be empty".to_owned()),
        "bind" if !m.source.starts_with('/') => {
            wrong(format!("invalid mount path: '{}' mount path must be absolute", m.source))
        }
        "tmpfs" if !m.source.is_empty() => wrong("field Source must not be specified".to_owned()),
        "volume" if m.source.is_empty() && m.volume_options.as_ref().is_some_and(|v| !v.subpath.is_empty()) => {
            wrong("must not set Subpath when using anonymous volumes".to_owned())
        }
        "volume" => {
            if !m.source.is_empty() {
                volume::check_name(&m.source)?;
            }
            let subpath = m.volume_options.as_ref().map_or("", |v| v.subpath.as_str());
            if subpath.starts_with('/') || subpath.split('/').any(|p| p == "..") {
                return wrong("subpath must be a relative path within the volume".to_owned());
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn propagation(m: &Mount) -> String {
    let asked = m.bind_options.as_ref().map_or("", |b| b.propagation.as_str());
    if asked.is_empty() { "rprivate".to_owned() } else { asked.to_owned() }
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
    const MODES: &[&str] = &[
        "ro",
        "rw",
        "z",
        "Z",
        "nocopy",
        "shared",
        "rshared",
        "slave",
        "rslave",
        "private",
        "rprivate",
        "consistent",
        "cached",
        "delegated",
    ];
    if parts_of(mode).any(|m| !MODES.contains(&m)) {
        return Err(ApiError::bad(format!("invalid mode: {mode}")));
    }
    if target == "/" {
        return Err(ApiError::bad(format!(
            "invalid volume specification: '{bind}': invalid specification: destination can't be '/'"
        )));
    }
    let rw = !parts_of(mode).any(|m| m == "ro");
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
    volume::check_name(source)?;
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

/// The words of a mode: `ro,z`.
pub(super) fn parts_of(mode: &str) -> impl Iterator<Item = &str> {
    mode.split(',').filter(|m| !m.is_empty())
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

/// Makes the volumes that the mounts name, where they are missing; answers their places.
///
/// # Errors
/// A driver or an option that there is not.
pub fn volumes(
    state: &mut EngineState,
    host: &HostConfig,
    points: &[MountPoint],
    now: Timestamp,
) -> Result<Vec<String>, ApiError> {
    let mut new = Vec::new();
    for p in points.iter().filter(|p| p.kind == "volume") {
        let asked = host.mounts.iter().flatten().find(|m| m.target == p.destination);
        let options = asked.and_then(|m| m.volume_options.clone()).unwrap_or_default();
        let driver = options.driver_config.unwrap_or_default();
        let name = if driver.name.is_empty() { host.volume_driver.clone() } else { driver.name.clone() };
        if !state.volumes.contains_key(&p.name) {
            // No 404: the client would pull the image.
            volume::check_driver(&p.name, &Driver { name, ..driver.clone() })
                .map_err(|e| ApiError { status: 400, ..e })?;
        }
        if volume::ensure(state, &p.name, now, p.mode.is_empty()) {
            if let Some(v) = state.volumes.get_mut(&p.name) {
                if let Some(labels) = options.labels {
                    v.labels.get_or_insert_default().extend(labels);
                }
                v.options = driver.options;
            }
            new.push(p.source.clone());
        }
    }
    Ok(new)
}
