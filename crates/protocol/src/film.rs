use crate::{LineState, Phase, SnapshotChange, TraceEnd};
use serde::{Deserialize, Serialize};

/// A picture of the machine while a command ran: one for each thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// What had just happened.
    pub moment: Moment,
    /// From the picture before; the first one is whole.
    pub change: SnapshotChange,
}

/// Something that happened in the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// Something that a name or two tell.
    Did {
        /// What.
        deed: Deed,
        /// Names, as the deed has them.
        names: Vec<String>,
    },
    /// A layer is further on its way.
    Layer {
        /// As in [`Layer`](crate::Layer).
        created_by: String,
        /// To a registry, not from it.
        push: bool,
        /// How far.
        phase: Phase,
        /// Nominal bytes that are moved.
        size: u64,
    },
    /// A line of a Dockerfile was taken from the cache, ran, or failed.
    Line {
        /// From 1.
        line: u32,
        /// As in [`BuildLine`](crate::BuildLine).
        text: String,
        /// What became of it.
        state: LineState,
    },
    /// A request was on its way through the machine's network.
    Asked {
        /// As in [`Trace`](crate::Trace).
        what: String,
        /// How it stands.
        end: TraceEnd,
    },
    /// There was more than can be shown: so many moments.
    More(u32),
    /// The command has ended well, and nothing happened that a picture shows.
    Nothing,
    /// The command has ended; `None`: it runs still.
    End(Option<u8>),
}

/// What can happen to things that have names; for each it says which names it has, in their order. Containers,
/// networks and volumes are called by their names, images by their references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Deed {
    /// Nothing yet, the machine is as the command found it: its line.
    Before,
    /// A client asked the daemon to change something: method and path of the Engine API.
    Request,
    /// A registry said which bytes a name means: registry, image, digest.
    Resolved,
    /// An image is here under its name: image.
    Pulled,
    /// A registry has it: image.
    Pushed,
    /// An image got a name: image.
    Tagged,
    /// It lost one: image.
    Untagged,
    /// An image is gone: its id.
    ImageDeleted,
    /// There is a container, with its writable layer and no process yet: container, image.
    Created,
    /// It hangs on a network: container, network, address.
    Joined,
    /// It does not any more: container, network.
    Left,
    /// A volume is mounted into it: container, volume, path.
    Mounted,
    /// It has namespaces of its own: container, their names in `/proc/PID/ns`.
    Isolated,
    /// Its process began: container, command.
    Started,
    /// One more process began in it: container, command.
    Exec,
    /// A signal was sent to its process: container, the signal's number.
    Killed,
    /// Its process ended: container, exit code.
    Ended,
    /// Its processes stand still: container.
    Paused,
    /// They go on: container.
    Unpaused,
    /// It had no more memory: container.
    OutOfMemory,
    /// Its health changed: container, `healthy` or `unhealthy`.
    Health,
    /// It has another name: the old one, the new one.
    Renamed,
    /// It is gone: container.
    Removed,
    /// There is a network: network.
    NetworkCreated,
    /// It is gone: network.
    NetworkRemoved,
    /// There is a volume: volume.
    VolumeCreated,
    /// It is gone: volume.
    VolumeRemoved,
}

impl Deed {
    /// What it did, with the names that belong to it.
    pub fn to<const N: usize>(self, names: [String; N]) -> Moment {
        Moment::Did { deed: self, names: names.into() }
    }
}
