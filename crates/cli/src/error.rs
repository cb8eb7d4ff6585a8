//! Why a command failed: what is printed, and the exit code.

use layerlab_api::client::ClientError;
use layerlab_kernel::Errno;

/// A command's failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CliError {
    /// Printed on standard error, with a line end; empty: nothing.
    pub(crate) message: String,
    /// The exit code.
    pub(crate) code: i32,
    /// The daemon's status, if it was the daemon that refused.
    pub(crate) status: Option<u16>,
}

impl CliError {
    /// With exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1, status: None }
    }
    /// With another exit code.
    pub(crate) fn code(code: i32, message: impl Into<String>) -> Self {
        Self { message: message.into(), code, status: None }
    }
    /// Whether the daemon doesn't know the thing.
    pub(crate) fn is_not_found(&self) -> bool {
        self.status == Some(404)
    }
    /// Several failures of one command, a line each.
    pub(crate) fn join(errors: Vec<Self>) -> Result<i32, Self> {
        if errors.is_empty() {
            return Ok(0);
        }
        let lines: Vec<String> = errors.into_iter().map(|e| e.message).collect();
        Err(Self::new(lines.join("\n")))
    }
    /// The client's words for what went wrong with a request to `host`.
    pub(crate) fn from_client(e: ClientError, host: &str) -> Self {
        match e {
            ClientError::Daemon(status, message) => {
                let message = message.trim();
                Self { status: Some(status), ..Self::new(format!("Error response from daemon: {message}")) }
            }
            ClientError::Connect(Errno::EACCES | Errno::EPERM) => {
                Self::new(format!("permission denied while trying to connect to the docker API at {host}"))
            }
            ClientError::Connect(errno) => Self::new(match host.strip_prefix("unix://") {
                Some(path) => format!(
                    "failed to connect to the docker API at {host}; check if the path is correct and if the daemon is running: dial unix {path}: connect: {}",
                    errno.text().to_lowercase()
                ),
                None => {
                    let address = host.split_once("://").map_or(host, |(_, a)| a);
                    format!(
                        "failed to connect to the docker API at {host}: dial tcp {address}: connect: {}",
                        errno.text().to_lowercase()
                    )
                }
            }),
            ClientError::Upgrade(status) => Self::new(format!("unable to upgrade to tcp, received {status}")),
            ClientError::Conn(e) => Self::new(format!("error during connect: {e}")),
            ClientError::Json(e) => Self::new(format!("Error reading remote info: {e}")),
        }
    }
}

impl From<Errno> for CliError {
    fn from(e: Errno) -> Self {
        Self::new(e.text().to_lowercase())
    }
}

/// What Go says of a failed file operation: `open NAME: no such file or directory`.
pub(crate) fn path_error(op: &str, path: &str, e: Errno) -> CliError {
    CliError::new(format!("{op} {path}: {}", e.text().to_lowercase()))
}
