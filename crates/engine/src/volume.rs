//! Volumes: `/volumes…`, and what containers do with them.

use std::collections::BTreeMap;

use layerlab_api::container::Driver;
use layerlab_api::filters::Filters;
use layerlab_api::volume::{CreateRequest, List, PruneReport, Volume as Shown};
use layerlab_kernel::hash::hex;
use layerlab_kernel::vfs::{Node, Tree};
use layerlab_kernel::{MountFlags, OpenFlags, Sys};
use layerlab_oci::Timestamp;

use crate::container::{Container, mounts, names, user};
use crate::context::{Context, Reply, with};
use crate::error::ApiError;
use crate::filter::{self, labels};
use crate::route::{Handler, no_page};
use crate::state::EngineState;

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Volume {
    /// Its name; 64 hexadecimal digits if it is anonymous.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Made for a container, without a name.
    pub anonymous: bool,
    /// As asked for.
    pub labels: Option<BTreeMap<String, String>>,
    /// As asked for.
    pub options: Option<BTreeMap<String, String>>,
}

/// Where a volume's files are.
pub fn mountpoint(name: &str) -> String {
    format!("/var/lib/docker/volumes/{name}/_data")
}

/// The label that tells volumes without a name.
fn marks(anonymous: bool) -> Option<BTreeMap<String, String>> {
    anonymous.then(|| BTreeMap::from([("com.docker.volume.anonymous".to_owned(), String::new())]))
}

/// Makes a volume if there is none; answers whether it did.
pub fn ensure(state: &mut EngineState, name: &str, now: Timestamp, anonymous: bool) -> bool {
    if state.volumes.contains_key(name) {
        return false;
    }
    state.volumes.insert(
        name.to_owned(),
        Volume { name: name.to_owned(), created: now, anonymous, labels: marks(anonymous), ..Volume::default() },
    );
    state.event(now, "volume", "create", name, &[("driver", "local")]);
    true
}

/// Refuses drivers and options that there are not (moby `volume/local/local_unix.go`).
///
/// # Errors
/// The daemon's words.
pub fn check_driver(name: &str, driver: &Driver) -> Result<(), ApiError> {
    const NEEDS: [(&str, &[&str]); 3] = [("device", &["type"]), ("o", &["device", "type"]), ("type", &["device"])];
    let plugin = &driver.name;
    if !matches!(plugin.as_str(), "" | "local") {
        return Err(ApiError::not_found(format!(
            "create {name}: error looking up volume plugin {plugin}: plugin \"{plugin}\" not found"
        )));
    }
    let Some(options) = &driver.options else { return Ok(()) };
    if let Some(unknown) = options.keys().find(|k| !["device", "o", "size", "type"].contains(&k.as_str())) {
        return Err(ApiError::bad(format!("create {name}: invalid option: \"{unknown}\"")));
    }
    for (_, needs) in NEEDS.iter().filter(|n| options.contains_key(n.0)) {
        if let Some(missing) = needs.iter().find(|n| !options.contains_key(**n)) {
            return Err(ApiError::bad(format!("create {name}: missing required option: \"{missing}\"")));
        }
    }
    Ok(())
}

/// Mounts what a volume's options name at its place, if it is not there yet.
///
/// # Errors
/// The kernel's refusal, in the daemon's words.
pub async fn mount(sys: &Sys, name: &str) -> Result<(), ApiError> {
    let options = with(sys, |s| s.volumes.get(name).and_then(|v| v.options.clone()))?.unwrap_or_default();
    let text = |key: &str| options.get(key).map_or("", String::as_str);
    let (kind, device, data) = (text("type"), text("device"), text("o"));
    let place = mountpoint(name);
    if kind.is_empty() || sys.mounts().await?.iter().any(|m| m.path == place) {
        return Ok(());
    }
    mounts::make_dirs(sys, &place).await?;
    let has = |word: &str| data.split(',').any(|o| o == word);
    let flags = MountFlags {
        bind: has("bind") || has("rbind"),
        read_only: has("ro"),
        noexec: has("noexec"),
        ..MountFlags::default()
    };
    let data: Vec<&str> = data.split(',').filter(|o| o.contains('=')).collect();
    let failed = |e: layerlab_kernel::Errno| {
        let why = crate::error::lower(e);
        ApiError::internal(format!(
            "error while mounting volume '{place}': failed to mount local volume: mount {device}:{place}, flags: 0x1000: {why}"
        ))
    };
    sys.mount(device, &place, kind, flags, &data.join(",")).await.map_err(failed)
}

/// As the API shows it.
pub fn show(v: &Volume) -> Shown {
    Shown {
        created_at: Timestamp { nanos: 0, ..v.created }.to_string(),
        driver: "local".to_owned(),
        labels: v.labels.clone(),
        mountpoint: mountpoint(&v.name),
        name: v.name.clone(),
        options: v.options.clone(),
        scope: "local".to_owned(),
        usage_data: None,
    }
}

/// The handler of a request about volumes.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, rest: &'a [&'a str]) -> Handler<'a> {
    match (method, rest) {
        ("GET", []) => Box::pin(list(cx)),
        ("POST", ["create"]) => Box::pin(create(cx)),
        ("POST", ["prune"]) => Box::pin(prune(cx)),
        ("GET", [name]) => Box::pin(inspect(cx, name)),
        ("DELETE", [name]) => Box::pin(delete(cx, name)),
        _ => no_page(),
    }
}

async fn list(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    filter::known(&filters, &["dangling", "driver", "label", "name"])?;
    let volumes = cx.with(|s| {
        let used = |n: &str| s.containers.values().any(|c| c.mounts.iter().any(|m| m.name == n));
        let labelled = |v: &Volume, l: &str| {
            let has = |k: &str| v.labels.as_ref().and_then(|m| m.get(k));
            l.split_once('=').map_or(has(l).is_some(), |(k, w)| has(k).is_some_and(|x| x == w))
        };
        let fits = |v: &&Volume| {
            (!filters.has("name") || filters.get("name").any(|x| v.name.contains(x)))
                && (!filters.has("driver") || filters.get("driver").any(|x| x == "local"))
                && filters.get("label").all(|l| labelled(v, l))
                && filters.get("dangling").all(|d| matches!(d, "1" | "true") != used(&v.name))
        };
        s.volumes.values().filter(fits).map(show).collect()
    })?;
    cx.json(200, &List { volumes, warnings: None }).await
}

async fn inspect(cx: &mut Context, name: &str) -> Reply {
    let v = cx.with(|s| s.volumes.get(name).map(show))?;
    let v = v.ok_or_else(|| ApiError::not_found(format!("get {name}: no such volume")))?;
    cx.json(200, &v).await
}

/// What a volume of the local driver may be called (moby `volume/service/local`, `validateName`).
///
/// # Errors
/// The name is none.
pub fn check_name(name: &str) -> Result<(), ApiError> {
    if name.len() == 1 {
        return Err(ApiError::bad(format!(
            "create {name}: volume name is too short, names should be at least two alphanumeric characters"
        )));
    }
    if !names::is_valid(name) {
        return Err(ApiError::bad(format!(
            "create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
        )));
    }
    Ok(())
}

async fn create(cx: &mut Context) -> Reply {
    let request: CreateRequest = cx.json_body().await?;
    let random = cx.sys.random(32).await?;
    let anonymous = request.name.is_empty();
    let name = if anonymous { hex(&random) } else { request.name.clone() };
    check_name(&name)?;
    check_driver(&name, &Driver { name: request.driver.clone(), options: request.driver_opts.clone() })?;
    let now = cx.now();
    let new = cx.with(|s| {
        let new = ensure(s, &name, now, anonymous);
        if let Some(v) = s.volumes.get_mut(&name).filter(|_| new) {
            v.options = request.driver_opts.clone();
            v.labels = match (marks(anonymous), request.labels.clone()) {
                (Some(mut marks), more) => {
                    marks.extend(more.unwrap_or_default());
                    Some(marks)
                }
                (None, labels) => labels,
            };
        }
        new
    })?;
    if new {
        mounts::make_dirs(&cx.sys, &mountpoint(&name)).await?;
    }
    let answer = cx.with(|s| s.volumes.get(&name).map(show))?.unwrap_or_default();
    cx.json(201, &answer).await
}

async fn delete(cx: &mut Context, name: &str) -> Reply {
    let force = cx.flag("force");
    let now = cx.now();
    let found = cx.with(|s| {
        if !s.volumes.contains_key(name) {
            return if force { Ok(false) } else { Err(ApiError::not_found(format!("get {name}: no such volume"))) };
        }
        let users: Vec<String> =
            s.containers.values().filter(|c| c.mounts.iter().any(|m| m.name == name)).map(|c| c.id.clone()).collect();
        if !users.is_empty() {
            return Err(ApiError::conflict(format!("remove {name}: volume is in use - [{}]", users.join(", "))));
        }
        s.volumes.remove(name);
        s.builder_caches.remove(name);
        s.event(now, "volume", "destroy", name, &[("driver", "local")]);
        Ok(true)
    })??;
    if found {
        remove_files(&cx.sys, name).await;
    }
    cx.empty(204).await
}

async fn prune(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    filter::known(&filters, &["all", "label", "label!"])?;
    let all = filters.get("all").any(|v| matches!(v, "1" | "true"));
    let gone: Vec<String> = cx.with(|s| {
        let used = |n: &str| s.containers.values().any(|c| c.mounts.iter().any(|m| m.name == n));
        let list: Vec<String> =
            s.volumes.values().filter(|v| (all || v.anonymous) && !used(&v.name)).map(|v| v.name.clone()).collect();
        let list: Vec<String> = list
            .into_iter()
            .filter(|n| s.volumes.get(n).is_some_and(|v| labels(&filters, v.labels.as_ref())))
            .collect();
        s.volumes.retain(|n, _| !list.contains(n));
        s.builder_caches.retain(|n, _| !list.contains(n));
        list
    })?;
    let mut space_reclaimed = 0;
    for name in &gone {
        space_reclaimed += size(&cx.sys, name).await;
        remove_files(&cx.sys, name).await;
    }
    let at = cx.now();
    cx.with(|s| {
        for name in &gone {
            s.event(at, "volume", "destroy", name, &[("driver", "local")]);
        }
    })?;
    cx.json(200, &PruneReport { volumes_deleted: (!gone.is_empty()).then_some(gone), space_reclaimed }).await
}

/// Forgets a removed container's anonymous volumes; answers their names.
pub fn drop_anonymous(state: &mut EngineState, container: &Container) -> Vec<String> {
    let used = |s: &EngineState, n: &str| s.containers.values().any(|c| c.mounts.iter().any(|m| m.name == n));
    let mut gone = Vec::new();
    for m in container.mounts.iter().filter(|m| m.kind == "volume") {
        if state.volumes.get(&m.name).is_some_and(|v| v.anonymous) && !used(state, &m.name) {
            state.volumes.remove(&m.name);
            gone.push(m.name.clone());
        }
    }
    gone
}

/// Bytes of a volume's files.
pub async fn size(sys: &Sys, name: &str) -> u64 {
    let mut dirs = vec![mountpoint(name)];
    let mut sum = 0;
    while let Some(dir) = dirs.pop() {
        for e in sys.read_dir(&dir).await.unwrap_or_default() {
            let path = format!("{dir}/{}", e.name);
            if e.file_type == layerlab_kernel::FileType::Dir {
                dirs.push(path);
            } else if let Ok(stat) = sys.lstat(&path).await {
                sum += stat.size;
            }
        }
    }
    sum
}

/// Removes a volume's files.
pub async fn remove_files(sys: &Sys, name: &str) {
    let root = format!("/var/lib/docker/volumes/{name}");
    let mut dirs = vec![root.clone()];
    let mut i = 0;
    while let Some(dir) = dirs.get(i).cloned() {
        for e in sys.read_dir(&dir).await.unwrap_or_default() {
            let path = format!("{dir}/{}", e.name);
            if e.file_type == layerlab_kernel::FileType::Dir {
                dirs.push(path);
            } else {
                let _ = sys.unlink(&path).await;
            }
        }
        i += 1;
    }
    for dir in dirs.iter().rev() {
        let _ = sys.rmdir(dir).await;
    }
}

/// An empty volume gets what the image has at its place, with owners and modes, once.
///
/// # Errors
/// A call fails.
pub async fn copy_up(sys: &Sys, name: &str, image: &Tree, target: &str) -> Result<(), ApiError> {
    let dir = mountpoint(name);
    mounts::make_dirs(sys, &dir).await?;
    if !sys.read_dir(&dir).await?.is_empty() {
        return Ok(());
    }
    let Some(real) = user::resolve(image, target) else { return Ok(()) };
    let Some(root) = image.at(&real).cloned() else { return Ok(()) };
    if !matches!(root.node, Node::Dir { .. }) {
        return Ok(());
    }
    sys.chmod(&dir, root.mode).await?;
    sys.chown(&dir, Some(root.uid), Some(root.gid), false).await?;
    let prefix = format!("{}/", real.trim_end_matches('/'));
    for (path, _, inode) in image.walk() {
        let Some(rest) = path.strip_prefix(&prefix) else { continue };
        let to = format!("{dir}/{rest}");
        match &inode.node {
            Node::Dir { .. } => sys.mkdir(&to, inode.mode).await?,
            Node::File(content) => {
                let fd = sys.open(&to, OpenFlags::CREATE, inode.mode).await?;
                let r = sys.write_all(fd, content.to_vec()).await;
                sys.close(fd).await?;
                r?;
                if let Some(size) = inode.nominal {
                    sys.set_nominal_size(&to, size).await?;
                }
            }
            Node::Symlink(t) => sys.symlink(t, &to).await?,
            _ => continue,
        }
        sys.chown(&to, Some(inode.uid), Some(inode.gid), false).await?;
        if !matches!(inode.node, Node::Symlink(_)) {
            sys.chmod(&to, inode.mode).await?;
            sys.utimes(&to, Some(inode.mtime)).await?;
        }
    }
    Ok(())
}
