//! Builders of the driver `docker-container`: a container `buildx_buildkit_NODE` that runs BuildKit, with
//! its state in a volume (buildx `driver/docker-container`).

use layerlab_api::build::{Status, Trace, Vertex};
use layerlab_api::container::{Config, CreateRequest, HostConfig, Inspect, Mount, RestartPolicy};
use layerlab_api::query::Query;

use super::builders::{Builder, Node};
use crate::build::trace::State;
use crate::cli::Cli;
use crate::error::CliError;

/// BuildKit's image.
const IMAGE: &str = "moby/buildkit:buildx-stable-1";
/// What a new builder's BuildKit is started with.
pub(crate) const FLAGS: &str = "--allow-insecure-entitlement=network.host";

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeStatus {
    /// There is no container.
    Inactive,
    /// It doesn't run.
    Stopped,
    /// It runs.
    Running,
}

impl NodeStatus {
    /// As `docker buildx ls` shows it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Stopped => "stopped",
            Self::Running => "running",
        }
    }
}

/// The name of a node's container.
pub(crate) fn container(node: &Node) -> String {
    format!("buildx_buildkit_{}", node.name)
}

/// How a node stands.
pub(crate) async fn status(cli: &Cli, builder: &Builder, node: &Node) -> NodeStatus {
    if builder.driver == "docker" {
        return NodeStatus::Running;
    }
    let found: Result<Inspect, _> = cli.get(&format!("/containers/{}/json", container(node)), Query::default()).await;
    match found {
        Ok(c) if c.state.running => NodeStatus::Running,
        Ok(_) => NodeStatus::Stopped,
        Err(_) => NodeStatus::Inactive,
    }
}

/// The step that tells of booting.
struct Boot<'a> {
    cli: &'a Cli,
    state: &'a mut State,
    vertex: Vertex,
}

impl Boot<'_> {
    fn tell(&mut self, what: &str, started: i64) {
        let now = self.cli.now();
        let status = Status {
            id: what.to_owned(),
            vertex: self.vertex.digest.clone(),
            timestamp: now,
            started: Some(started),
            completed: Some(now),
            ..Status::default()
        };
        self.state.apply(&Trace { statuses: vec![status], ..Trace::default() });
    }
}

/// Starts the node's container, which is made if there is none; the step goes to `state`.
///
/// # Errors
/// The daemon's.
pub(crate) async fn boot(cli: &Cli, builder: &Builder, node: &Node, state: &mut State) -> Result<(), CliError> {
    let standing = status(cli, builder, node).await;
    if standing == NodeStatus::Running {
        return Ok(());
    }
    let vertex = Vertex {
        digest: format!("sha256:boot{}", node.name),
        name: "[internal] booting buildkit".to_owned(),
        started: Some(cli.now()),
        ..Vertex::default()
    };
    state.apply(&Trace { vertexes: vec![vertex.clone()], ..Trace::default() });
    let mut boot = Boot { cli, state, vertex };
    let result = start(&mut boot, node, standing).await;
    boot.vertex.completed = Some(cli.now());
    boot.vertex.error = result.as_ref().err().map(|e| e.message.clone()).unwrap_or_default();
    let Boot { state, vertex, .. } = boot;
    state.apply(&Trace { vertexes: vec![vertex], ..Trace::default() });
    result
}

async fn start(boot: &mut Boot<'_>, node: &Node, standing: NodeStatus) -> Result<(), CliError> {
    let cli = boot.cli;
    let name = container(node);
    if standing == NodeStatus::Inactive {
        let image = node.driver_opts.as_ref().and_then(|o| o.get("image")).map_or(IMAGE, String::as_str);
        let begin = cli.now();
        crate::commands::image::pull::pull(cli, image, None, 2, true).await?;
        boot.tell(&format!("pulling image {image}"), begin);
        let begin = cli.now();
        create(cli, node, &name, image).await?;
        cli.do_("POST", &format!("/containers/{name}/start"), Query::default()).await?;
        boot.tell(&format!("creating container {name}"), begin);
        return Ok(());
    }
    let begin = cli.now();
    cli.do_("POST", &format!("/containers/{name}/start"), Query::default()).await?;
    boot.tell(&format!("starting container {name}"), begin);
    Ok(())
}

async fn create(cli: &Cli, node: &Node, name: &str, image: &str) -> Result<(), CliError> {
    let option = |k: &str| node.driver_opts.as_ref().and_then(|o| o.get(k)).cloned();
    let mount = Mount {
        kind: "volume".to_owned(),
        source: format!("{name}_state"),
        target: "/var/lib/buildkit".to_owned(),
        read_only: false,
        ..Mount::default()
    };
    let body = CreateRequest {
        config: Config {
            image: image.to_owned(),
            cmd: node.flags.clone(),
            hostname: name.to_owned(),
            ..Config::default()
        },
        host_config: HostConfig {
            privileged: true,
            mounts: Some(vec![mount]),
            network_mode: option("network").unwrap_or_default(),
            restart_policy: RestartPolicy { name: "unless-stopped".to_owned(), maximum_retry_count: 0 },
            ..HostConfig::default()
        },
        ..CreateRequest::default()
    };
    cli.post_only("/containers/create", Query::default().with("name", name), &body).await
}

/// Stops the node's container.
///
/// # Errors
/// The daemon's.
pub(crate) async fn stop(cli: &Cli, builder: &Builder, node: &Node) -> Result<(), CliError> {
    if status(cli, builder, node).await != NodeStatus::Running {
        return Ok(());
    }
    cli.do_("POST", &format!("/containers/{}/stop", container(node)), Query::default()).await
}

/// Removes the node's container, and its state unless that is to stay.
///
/// # Errors
/// The daemon's.
pub(crate) async fn remove(cli: &Cli, builder: &Builder, node: &Node, keep_state: bool) -> Result<(), CliError> {
    if status(cli, builder, node).await == NodeStatus::Inactive {
        return Ok(());
    }
    let name = container(node);
    cli.do_("DELETE", &format!("/containers/{name}"), Query::default().flag("force", true).flag("v", true)).await?;
    if keep_state {
        return Ok(());
    }
    cli.do_("DELETE", &format!("/volumes/{name}_state"), Query::default().flag("force", true)).await
}
