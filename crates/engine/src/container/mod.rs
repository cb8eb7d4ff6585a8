//! Containers: what is known of each, and one file for each thing done with them.

pub mod archive;
pub mod attach;
pub mod changes;
pub mod check;
pub mod commit;
pub mod config;
pub mod create;
pub mod exec;
pub mod finish;
pub mod health;
pub mod inspect;
pub mod limits;
mod line;
pub mod list;
pub mod log;
pub mod logs;
pub mod monitor;
pub mod mount;
pub mod mounts;
pub mod names;
pub mod output;
pub mod process;
pub mod remove;
pub mod rename;
pub mod resize;
pub mod security;
pub mod start;
pub mod stats;
pub mod status;
pub mod stop;
pub mod top;
pub mod update;
pub mod user;
pub mod wait;

use std::net::Ipv4Addr;

use layerlab_api::container::{Config, HostConfig, MountPoint};
use layerlab_kernel::vfs::FsId;
use layerlab_kernel::{Fd, MntNsId, NetNsId, Pid};
use layerlab_oci::{Descriptor, Digest, Timestamp};

use crate::context::Context;
use crate::error::ApiError;
use crate::route::{Handler, no_page};
use crate::state::EngineState;
pub use exec::Exec;
use output::Output;

/// What a container is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Never started.
    #[default]
    Created,
    /// Its process lives.
    Running,
    /// Its process lives, but is frozen.
    Paused,
    /// Its process ended, and the policy starts it again.
    Restarting,
    /// Its process ended.
    Exited,
    /// Being removed.
    Removing,
    /// Removing failed.
    Dead,
}

impl Status {
    /// As the API says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Exited => "exited",
            Self::Removing => "removing",
            Self::Dead => "dead",
        }
    }
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Published {
    /// Port in the container.
    pub private: u16,
    /// `tcp`, `udp`.
    pub protocol: String,
    /// Address on the host.
    pub host_ip: Ipv4Addr,
    /// Port on the host.
    pub host_port: u16,
    /// Also on `[::]` (where no address was asked for).
    pub v6: bool,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Container {
    /// 64 hexadecimal digits.
    pub id: String,
    /// Without the slash.
    pub name: String,
    /// When it was created.
    pub created: Timestamp,
    /// Counts containers: later ones are newer.
    pub number: u64,
    /// The image as typed.
    pub image: String,
    /// The image's ID.
    pub image_id: ImageId,
    /// The manifest of the platform.
    pub manifest: Option<Descriptor>,
    /// The image's layers (diff IDs), lowest first.
    pub layers: Vec<Digest>,
    /// Config, the image's merged in.
    pub config: Config,
    /// What of the host it uses.
    pub host: HostConfig,
    /// The program.
    pub path: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it is doing.
    pub status: Status,
    /// Its first process.
    pub pid: Option<Pid>,
    /// How it ended last.
    pub exit_code: i32,
    /// Why it couldn't be started.
    pub error: String,
    /// When it was started last.
    pub started: Option<Timestamp>,
    /// When it ended last.
    pub finished: Option<Timestamp>,
    /// Killed for its memory.
    pub oom_killed: bool,
    /// Stopped by hand: the restart policy rests.
    pub stopped_by_hand: bool,
    /// Restarts by the policy.
    pub restart_count: u32,
    /// The wait before the last restart by the policy, milliseconds; 0: none yet.
    pub backoff: u64,
    /// Its file system, image and writable layer.
    pub rootfs: Option<FsId>,
    /// Its mounts while it runs.
    pub mnt: Option<MntNsId>,
    /// Its network namespace while it runs.
    pub net: Option<NetNsId>,
    /// Ports while it runs.
    pub ports: Vec<Published>,
    /// Networks to join, with what was asked for.
    pub networks: Vec<(String, layerlab_api::network::EndpointSettings)>,
    /// Mounts beside the root.
    pub mounts: Vec<MountPoint>,
    /// What it wrote.
    pub output: Output,
    /// Where its input is written.
    pub stdin: Option<Fd>,
    /// Its terminal's other end.
    pub master: Option<Fd>,
    /// The checker has waited once.
    pub health_due: bool,
    /// The health check's results.
    pub health: Option<layerlab_api::container::Health>,
}

/// An image's ID, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ImageId(pub Option<Digest>);

impl PartialEq<Digest> for ImageId {
    fn eq(&self, other: &Digest) -> bool {
        self.0 == Some(*other)
    }
}

impl std::fmt::Display for ImageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |d| d.fmt(f))
    }
}

impl Container {
    /// The first 12 digits.
    pub fn short_id(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }
    /// Whether its process lives (paused counts).
    pub fn is_running(&self) -> bool {
        matches!(self.status, Status::Running | Status::Paused)
    }
    /// Where the engine keeps its files.
    pub fn directory(&self) -> String {
        format!("/var/lib/docker/containers/{}", self.id)
    }
}

impl EngineState {
    /// A container by ID, name, or the start of an ID.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn container(&self, name: &str) -> Result<&Container, ApiError> {
        if let Some(c) = self.containers.get(name) {
            return Ok(c);
        }
        let bare = name.strip_prefix('/').unwrap_or(name);
        if let Some(c) = self.containers.values().find(|c| c.name == bare) {
            return Ok(c);
        }
        let mut found = self.containers.values().filter(|c| !name.is_empty() && c.id.starts_with(name));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => Err(ApiError::bad(format!("multiple IDs found with provided prefix: {name}"))),
            (None, _) => Err(ApiError::no_container(name)),
        }
    }

    /// The full ID.
    ///
    /// # Errors
    /// As [`EngineState::container`].
    pub fn container_id(&self, name: &str) -> Result<String, ApiError> {
        self.container(name).map(|c| c.id.clone())
    }

    /// A container to change.
    ///
    /// # Errors
    /// As [`EngineState::container`].
    pub fn container_mut(&mut self, name: &str) -> Result<&mut Container, ApiError> {
        let id = self.container_id(name)?;
        self.containers.get_mut(&id).map(|c| &mut **c).ok_or_else(|| ApiError::no_container(name))
    }

    /// Notes an event of a container.
    pub fn container_event(&mut self, now: Timestamp, action: &str, id: &str, more: &[(&str, &str)]) {
        let Some(c) = self.containers.get(id) else { return };
        let (image, name) = (c.image.clone(), c.name.clone());
        let labels = c.config.labels.clone().unwrap_or_default();
        let mut attributes: Vec<(&str, &str)> = labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        attributes.extend([("image", image.as_str()), ("name", name.as_str())]);
        attributes.extend(more);
        self.event(now, "container", action, id, &attributes);
    }
}

/// The handler of a request about one container.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, name: &'a str, verb: &'a str) -> Handler<'a> {
    match (method, verb) {
        ("GET", "json") => Box::pin(inspect::endpoint(cx, name)),
        ("GET", "stats") => Box::pin(stats::endpoint(cx, name)),
        ("POST", "update") => Box::pin(update::endpoint(cx, name)),
        ("GET", "top") => Box::pin(top::endpoint(cx, name)),
        ("GET", "logs") => Box::pin(logs::endpoint(cx, name)),
        ("GET", "changes") => Box::pin(changes::endpoint(cx, name)),
        ("GET", "export") => Box::pin(archive::export(cx, name)),
        ("HEAD" | "GET", "archive") => Box::pin(archive::get(cx, name)),
        ("PUT", "archive") => Box::pin(archive::put(cx, name)),
        ("POST", "start") => Box::pin(start::endpoint(cx, name)),
        ("POST", "stop") => Box::pin(stop::stop_endpoint(cx, name)),
        ("POST", "restart") => Box::pin(stop::restart_endpoint(cx, name)),
        ("POST", "kill") => Box::pin(stop::kill_endpoint(cx, name)),
        ("POST", "pause") => Box::pin(stop::pause_endpoint(cx, name, true)),
        ("POST", "unpause") => Box::pin(stop::pause_endpoint(cx, name, false)),
        ("POST", "rename") => Box::pin(rename::endpoint(cx, name)),
        ("POST", "attach") => Box::pin(attach::endpoint(cx, name)),
        ("POST", "wait") => Box::pin(wait::endpoint(cx, name)),
        ("POST", "resize") => Box::pin(resize::endpoint(cx, name)),
        ("POST", "exec") => Box::pin(exec::create(cx, name)),
        _ => no_page(),
    }
}
