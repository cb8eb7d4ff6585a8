use crate::{Build, Container, Host, Image, Network, Shared, Trace, Transfer, TreeEntry, Volume};
use serde::{Deserialize, Serialize};

/// What the picture, the build view, the layer view and the file list show: the machine at one
/// moment. Lists are in the order in which docker lists them, or else by name.
/// It goes to the page as a [`SnapshotChange`](crate::SnapshotChange).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The machine.
    pub host: Host,
    /// All containers, stopped ones too, newest first.
    pub containers: Vec<Shared<Container>>,
    /// Images on disk, newest first; untagged ones too.
    pub images: Vec<Shared<Image>>,
    /// Networks, `none` and `host` left out.
    pub networks: Vec<Shared<Network>>,
    /// Volumes by name.
    pub volumes: Vec<Shared<Volume>>,
    /// The latest builds, newest first; at most 8.
    pub builds: Vec<Shared<Build>>,
    /// The latest requests, newest first; at most 16.
    pub traces: Vec<Shared<Trace>>,
    /// Images on their way, oldest first.
    pub transfers: Vec<Shared<Transfer>>,
    /// The home folder, depth first, parents before children, names in byte order.
    pub home: Vec<Shared<TreeEntry>>,
}
