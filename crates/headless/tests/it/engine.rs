//! A running `layerlab engine`, and real clients for it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `layerlab engine`; killed when dropped.
pub(crate) struct Engine {
    child: Child,
    socket: PathBuf,
}

impl Engine {
    pub(crate) fn start(dir: &Path) -> Self {
        let socket = dir.join("docker.sock");
        let child = Command::new(env!("CARGO_BIN_EXE_layerlab"))
            .args(["engine", "--listen"])
            .arg(format!("unix://{}", socket.display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(start.elapsed() < Duration::from_secs(60), "the engine does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { child, socket }
    }

    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new empty folder.
pub(crate) fn temporary(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("layerlab-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}
