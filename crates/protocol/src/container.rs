use crate::Layer;
use serde::{Deserialize, Serialize};

/// A container, running or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// 64 hexadecimal digits.
    pub id: String,
    /// Without the slash.
    pub name: String,
    /// What it was started from.
    pub image: ImageUse,
    /// As in `docker ps`.
    pub state: ContainerState,
    /// The shell that a terminal in it would run: `bash`, else `sh`; empty: it has none, or does not run.
    pub shell: String,
    /// Seen from inside: number 1 first.
    pub processes: Vec<Process>,
    /// The image's layers, base first.
    pub layers: Vec<Layer>,
    /// Nominal bytes in the writable layer.
    pub writable: u64,
    /// Networks that it hangs on.
    pub networks: Vec<Attachment>,
    /// Ports of the host that lead to it.
    pub ports: Vec<PublishedPort>,
    /// Volumes and folders mounted into it.
    pub mounts: Vec<Mount>,
}

/// The image of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageUse {
    /// As given to `docker run`, e.g. `notes:1.0`.
    pub reference: String,
    /// `sha256:` and 64 digits: the image that it was made from.
    pub id: String,
    /// Since then the reference names another image (or none): "web still runs the old image".
    pub moved: bool,
}

/// What a container does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// Made, never started.
    Created,
    /// Its number 1 lives.
    Running,
    /// All its processes are frozen.
    Paused,
    /// Between two starts of its restart policy.
    Restarting,
    /// Its number 1 has ended.
    Exited {
        /// 128 + signal if a signal ended it.
        code: i32,
    },
    /// Could not be removed.
    Dead,
}

/// A process as `ps` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// In the container's pid namespace (for the host's list: the host's).
    pub pid: u32,
    /// The same process on the host.
    pub host_pid: u32,
    /// Program and arguments.
    pub argv: Vec<String>,
}

/// How a container hangs on a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The network's name.
    pub network: String,
    /// Empty while the container does not run.
    pub address: String,
    /// Names by which others find it there, its own included; empty without DNS.
    pub names: Vec<String>,
}

/// A port of the host that leads into a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPort {
    /// Address on the host, e.g. `0.0.0.0`.
    pub address: String,
    /// On the host.
    pub host: u16,
    /// In the container.
    pub container: u16,
    /// tcp or udp.
    pub protocol: Protocol,
    /// Whether a process in the container listens there: if not, requests are refused.
    pub listening: bool,
}

/// Of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    /// tcp
    #[default]
    Tcp,
    /// udp
    Udp,
}

/// Something mounted into a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// What is mounted.
    pub source: MountSource,
    /// Path in the container.
    pub target: String,
    /// Mounted with `ro`.
    pub read_only: bool,
}

/// What a mount shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MountSource {
    /// A volume, by name.
    Volume(String),
    /// A path of the host.
    Bind(String),
    /// Memory.
    Tmpfs,
}
