//! `GET /containers/json`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use layerlab_api::container::{Port, Summary, SummaryHealth, SummaryHostConfig, SummaryNetworks};
use layerlab_api::filters::Filters;
use layerlab_kernel::Sys;
use layerlab_oci::{Digest, Timestamp};

use super::{Container, Status, line, status};
use crate::context::{Context, Reply, json_line, with};
use crate::error::ApiError;
use crate::image::{layer, unpack};
use crate::network::{self, Network};
use crate::shared::Shared;
use crate::state::EngineState;

const FILTERS: [&str; 16] = [
    "ancestor",
    "before",
    "exited",
    "expose",
    "health",
    "id",
    "is-task",
    "isolation",
    "label",
    "name",
    "network",
    "publish",
    "since",
    "status",
    "volume",
    "until",
];

/// Lists containers, newest first.
///
/// # Errors
/// A filter that there isn't.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    if let Some(name) = filters.0.keys().find(|k| !FILTERS.contains(&k.as_str())) {
        return Err(ApiError::bad(format!("invalid filter '{name}'")));
    }
    let limit: i64 = cx.param("limit").parse().unwrap_or(0);
    let all = cx.flag("all") || limit > 0 || filters.has("status") || filters.has("exited");
    let now = cx.now();
    let limit = if limit > 0 { usize::try_from(limit).unwrap_or(usize::MAX) } else { usize::MAX };
    if !cx.flag("size") {
        let json = cx.with(|s| {
            let mut containers = select(s, &filters, all)?;
            containers.truncate(limit);
            line::json(&Known::new(s, &containers), &containers, now)
        })??;
        return cx.answer(200, "application/json", json).await;
    }
    let ids = cx.with(|s| Ok::<_, ApiError>(select(s, &filters, all)?.iter().map(|c| c.id.clone()).collect()))?;
    let mut sizes = BTreeMap::new();
    for id in ids.map(|ids: Vec<String>| ids.into_iter().take(limit))? {
        let writable = writable_size(&cx.sys, &id).await? as i64;
        let image = cx.with(|s| image_size(s, &id))??;
        sizes.insert(id, (writable, writable + image as i64));
    }
    let json = cx.with(|s| {
        let mut list = list(s, &filters, all, now)?;
        list.truncate(limit);
        for c in &mut list {
            (c.size_rw, c.size_root_fs) = sizes.get(&*c.id).copied().unzip();
        }
        json_line(&list)
    })??;
    cx.answer(200, "application/json", json).await
}

/// Bytes of the writable layer (nominal, in blocks).
///
/// # Errors
/// No such container.
pub async fn writable_size(sys: &Sys, id: &str) -> Result<u64, ApiError> {
    let (fs, layers) = with(sys, |s| s.container(id).map(|c| (c.rootfs, c.layers.clone())))??;
    let Some(fs) = fs else { return Ok(0) };
    let tree = sys.fs_tree(fs).await?;
    let base = with(sys, |s| unpack::container_base(s, &layers))?.map_err(ApiError::internal)?;
    Ok(layer::blocks(&layer::entries(&tree.diff(&base), 0)))
}

/// Bytes of the layers below it, unpacked.
///
/// # Errors
/// No such container.
pub fn image_size(state: &EngineState, id: &str) -> Result<u64, ApiError> {
    let c = state.container(id)?;
    Ok(c.layers.iter().filter_map(|d| state.layers.get(d)).map(|l| l.unpacked).sum())
}

/// Lines of the containers that pass the filters, newest first.
///
/// # Errors
/// A filter names a container that there isn't.
pub fn list<'a>(
    state: &'a EngineState,
    filters: &Filters,
    all: bool,
    now: Timestamp,
) -> Result<Vec<Summary<'a>>, ApiError> {
    let containers = select(state, filters, all)?;
    let known = Known::new(state, &containers);
    Ok(containers.into_iter().map(|c| summary(&known, c, now)).collect())
}

fn select<'a>(state: &'a EngineState, filters: &Filters, all: bool) -> Result<Vec<&'a Shared<Container>>, ApiError> {
    const STATES: &[&str] = &["created", "running", "paused", "restarting", "removing", "exited", "dead"];
    if let Some(other) = filters.get("status").find(|s| !STATES.contains(s)) {
        let all = STATES.join(", ");
        return Err(ApiError::bad(format!(
            "invalid filter 'status={other}': invalid value for state ({other}): must be one of {all}"
        )));
    }
    let edge = |name: &str| filters.get(name).next().map(|n| state.container(n).map(|c| c.number)).transpose();
    let (before, since) = (edge("before")?, edge("since")?);
    let mut containers: Vec<&Shared<Container>> = state
        .containers
        .values()
        .filter(|c| {
            all || filters.has("status") || filters.has("exited") || c.is_running() || c.status == Status::Restarting
        })
        .filter(|c| before.is_none_or(|b| c.number < b) && since.is_none_or(|b| c.number > b))
        .filter(|c| passes(state, c, filters))
        .collect();
    containers.sort_by_key(|c| std::cmp::Reverse(c.number));
    Ok(containers)
}

/// What many containers of a list ask for, found once.
pub(super) struct Known<'a> {
    state: &'a EngineState,
    /// The image that a name means now.
    images: BTreeMap<&'a str, Option<Digest>>,
    networks: BTreeMap<&'a str, &'a Network>,
}

impl<'a> Known<'a> {
    pub(super) fn new(state: &'a EngineState, containers: &[&'a Shared<Container>]) -> Self {
        let mut images = BTreeMap::new();
        for c in containers {
            let name = c.image.as_str();
            images.entry(name).or_insert_with(|| state.images.find(name).ok().map(|i| i.id()));
        }
        let networks = state.networks.values().map(|n| (n.name.as_str(), &**n)).collect();
        Self { state, images, networks }
    }

    /// Whether the name that a container was made from still means its image.
    pub(super) fn is_still(&self, c: &Container) -> bool {
        self.images.get(c.image.as_str()).copied().flatten().is_some_and(|i| c.image_id == i)
    }

    /// A network that a container hangs on.
    pub(super) fn network(&self, name: &str) -> Option<&'a Network> {
        self.networks.get(name).copied().or_else(|| self.state.network(name).ok())
    }
}

fn passes(state: &EngineState, c: &Container, f: &Filters) -> bool {
    let any = |name: &str, fits: &dyn Fn(&str) -> bool| !f.has(name) || f.get(name).any(fits);
    let label = |l: &str| {
        let value = |k| c.config.labels.as_ref().and_then(|labels| labels.get(k));
        l.split_once('=').map_or_else(|| value(l).is_some(), |(k, v)| value(k).is_some_and(|x| x == v))
    };
    let name_fits = |n: &str| {
        let bare = n.trim_start_matches('^').trim_start_matches('/').trim_end_matches('$');
        match (n.starts_with('^'), n.ends_with('$')) {
            (true, true) => c.name == bare,
            (true, false) => c.name.starts_with(bare),
            (false, true) => c.name.ends_with(bare),
            (false, false) => c.name.contains(bare),
        }
    };
    let ancestor = |a: &str| {
        c.image == a || state.images.find(a).is_ok_and(|i| c.image_id == i.id() || c.layers.starts_with(i.diff_ids()))
    };
    let publishes = |p: &str| {
        let port = p.split('/').next().unwrap_or_default();
        c.ports.iter().any(|q| q.host_port.to_string() == port)
    };
    let exposes = |p: &str| {
        let full = if p.contains('/') { p.to_owned() } else { format!("{p}/tcp") };
        c.config.exposed_ports.as_ref().is_some_and(|e| e.0.contains(&full))
    };
    any("id", &|i| c.id.starts_with(i))
        && any("name", &name_fits)
        && f.get("label").all(label)
        && any("status", &|s| c.status.name() == s)
        && any("exited", &|e| c.status == Status::Exited && c.exit_code.to_string() == e)
        && any("ancestor", &ancestor)
        && any("network", &|n| c.networks.iter().any(|m| m.0 == n || state.network(n).is_ok_and(|x| x.name == m.0)))
        && any("volume", &|v| c.mounts.iter().any(|m| m.name == v || m.destination == v || m.source == v))
        && any("publish", &publishes)
        && any("expose", &exposes)
        && any("health", &|h| c.health.as_ref().map_or("none", |x| x.status.as_str()) == h)
}

/// The ports of a running container: exposed ones and published ones.
pub fn ports(c: &Container) -> Vec<Port> {
    if !c.is_running() || c.host.network_mode == "host" {
        return Vec::new();
    }
    let mut list = Vec::new();
    for p in &c.ports {
        let port =
            |ip: String| Port { ip, private_port: p.private, public_port: Some(p.host_port), kind: p.protocol.clone() };
        list.push(port(p.host_ip.to_string()));
        if p.v6 {
            list.push(port("::".to_owned()));
        }
    }
    for exposed in c.config.exposed_ports.iter().flat_map(|e| &e.0) {
        let (number, kind) = exposed.split_once('/').unwrap_or((exposed, "tcp"));
        let Ok(private_port) = number.parse() else { continue };
        if !list.iter().any(|p: &Port| p.private_port == private_port && p.kind == kind) {
            list.push(Port { ip: String::new(), private_port, public_port: None, kind: kind.to_owned() });
        }
    }
    list
}

/// The COMMAND column, uncut: arguments with blanks in single quotes.
pub fn command(c: &Container) -> String {
    let mut out = c.path.clone();
    for a in &c.args {
        let quote = if a.contains(' ') || a.is_empty() { "'" } else { "" };
        for text in [" ", quote, a, quote] {
            out.push_str(text);
        }
    }
    out
}

/// A container's line.
pub(super) fn summary<'a>(known: &Known<'a>, c: &'a Container, now: Timestamp) -> Summary<'a> {
    // If the name has moved to another image, the ID is shown.
    let still = known.is_still(c);
    let image_id = c.image_id.to_string();
    let networks = c.networks.iter();
    let networks = networks.map(|(name, e)| (name.into(), network::endpoint(c, e, known.network(name)))).collect();
    Summary {
        id: Cow::Borrowed(&c.id),
        names: vec![format!("/{}", c.name)],
        image: if still { Cow::Borrowed(&c.image) } else { image_id.clone().into() },
        image_id: image_id.into(),
        command: command(c),
        created: c.created.secs,
        ports: ports(c),
        labels: c.config.labels.as_ref().map_or_else(Cow::default, Cow::Borrowed),
        state: Cow::Borrowed(c.status.name()),
        status: status::text(c, now),
        host_config: SummaryHostConfig { network_mode: Cow::Borrowed(&c.host.network_mode) },
        health: c.health.as_ref().map(|h| SummaryHealth { status: h.status.clone(), failing_streak: h.failing_streak }),
        network_settings: SummaryNetworks { networks },
        mounts: Cow::Borrowed(&c.mounts),
        ..Summary::default()
    }
}
