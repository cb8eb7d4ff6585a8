use crate::Process;
use serde::{Deserialize, Serialize};

/// The machine itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// e.g. `layerlab`
    pub name: String,
    /// e.g. `Debian 12`
    pub system: String,
    /// As in `uname -r`.
    pub kernel: String,
    /// Number of processors.
    pub cpus: u32,
    /// Bytes of memory.
    pub memory: u64,
    /// Processes of the host itself that a student would name: their shell, dockerd.
    pub processes: Vec<Process>,
}
