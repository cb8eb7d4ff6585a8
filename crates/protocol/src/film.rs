use crate::{LineState, Phase, SnapshotChange, TraceEnd};
use serde::{Deserialize, Serialize};

/// A picture of the machine while a command ran: one for each thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// What had just happened.
    pub moment: Moment,
    /// Milliseconds since the command began.
    pub time: u64,
    /// From the picture before; the first one is whole.
    pub change: SnapshotChange,
}

/// Something that happened in the machine. Containers, networks, volumes and images are called by their names.
#[expect(missing_docs, reason = "a variant's words cover its fields")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// Nothing yet: the machine as the command found it.
    Before {
        line: String,
    },
    /// A client asked the daemon to change something; `path` as in the Engine API.
    Request {
        method: String,
        path: String,
    },
    /// A registry said which bytes a name means.
    Resolved {
        reference: String,
        registry: String,
        digest: String,
    },
    /// A layer is further on its way; `created_by` as in `Layer`.
    Layer {
        digest: String,
        created_by: String,
        push: bool,
        phase: Phase,
        size: u64,
    },
    /// An image is here under its name.
    Pulled {
        reference: String,
    },
    Pushed {
        reference: String,
    },
    Tagged {
        reference: String,
    },
    Untagged {
        reference: String,
    },
    ImageDeleted {
        id: String,
    },
    /// A container with its writable layer, and no process yet.
    Created {
        container: String,
        image: String,
    },
    /// It hangs on a network; the address is empty where it is not known any more.
    Joined {
        container: String,
        network: String,
        address: String,
    },
    Left {
        container: String,
        network: String,
    },
    Mounted {
        container: String,
        volume: String,
        path: String,
    },
    /// Its own namespaces, by the names in `/proc/PID/ns`.
    Isolated {
        container: String,
        namespaces: Vec<String>,
    },
    /// Its process began.
    Started {
        container: String,
        command: String,
    },
    /// One more process began in it.
    Exec {
        container: String,
        command: String,
    },
    /// A signal was sent to its process, by number.
    Killed {
        container: String,
        signal: String,
    },
    /// Its process ended.
    Ended {
        container: String,
        code: String,
    },
    Paused {
        container: String,
    },
    Unpaused {
        container: String,
    },
    OutOfMemory {
        container: String,
    },
    /// e.g. `healthy`
    Health {
        container: String,
        state: String,
    },
    Renamed {
        container: String,
        before: String,
    },
    Removed {
        container: String,
    },
    NetworkCreated {
        name: String,
    },
    NetworkRemoved {
        name: String,
    },
    VolumeCreated {
        name: String,
    },
    VolumeRemoved {
        name: String,
    },
    /// A line of a Dockerfile was taken from the cache, ran, or failed.
    Line {
        line: u32,
        text: String,
        state: LineState,
    },
    /// A request was on its way through the machine's network.
    Asked {
        what: String,
        end: TraceEnd,
    },
    /// There was more than can be shown.
    More {
        left_out: u32,
    },
    /// The command has ended well, and nothing happened that a picture shows.
    Nothing,
    /// The command has ended; `None`: it runs still.
    End {
        exit: Option<u8>,
    },
}
