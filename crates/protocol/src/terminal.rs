use serde::{Deserialize, Serialize};

/// One of a person's terminals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terminal {
    /// 0: the first, which is always there. It is that of its `/dev/pts/…`.
    pub number: u32,
    /// The container that who types there is in, as the command line names it; `None`: the host.
    pub container: Option<String>,
}
