//! Builders in containers of their own (`docker buildx create --driver docker-container`): the container
//! runs `buildkitd`, and the volume of its state is what keeps its cache. The daemon does their work
//! for them, with that cache instead of its own and without the images that it has.

use layerlab_kernel::{Disposition, Program, ProgramArgs, Signal, SimTime, async_program};

use crate::error::ApiError;
use crate::state::EngineState;

/// BuildKit's version, as the client tells it.
pub const VERSION: &str = "v0.26.3";

/// The volume with a builder's state, by its container's name.
pub fn volume(container: &str) -> String {
    format!("{container}_state")
}

/// Whether a builder is at work.
///
/// # Errors
/// Its container isn't there or doesn't run.
pub fn check(state: &EngineState, container: &str) -> Result<(), ApiError> {
    let found = state.containers.values().find(|c| c.name == container);
    match found {
        Some(c) if c.is_running() => Ok(()),
        Some(_) => Err(ApiError::internal(format!("container {container} is not running"))),
        None => Err(ApiError::not_found(format!("No such container: {container}"))),
    }
}

/// `buildkitd`: says that it is there, and waits until it shall end.
pub fn start_daemon(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let words: Vec<&str> = args.argv.iter().skip(1).map(String::as_str).collect();
        if words.iter().any(|w| matches!(*w, "--version" | "-v")) {
            let _ = sys.print(format!("buildkitd github.com/moby/buildkit {VERSION}\n")).await;
            return 0;
        }
        for signal in [Signal::TERM, Signal::INT] {
            let _ = sys.sigaction(signal, Disposition::Catch).await;
        }
        let lines = [
            "info msg=\"auto snapshotter: using overlayfs\"",
            "warning msg=\"using host network as the default\"",
            "info msg=\"found worker \\\"worker\\\", labels=map[org.mobyproject.buildkit.worker.executor:oci org.mobyproject.buildkit.worker.snapshotter:overlayfs], platforms=[linux/amd64 linux/amd64/v2 linux/amd64/v3 linux/arm64 linux/386 linux/arm/v7 linux/arm/v6 linux/riscv64]\"",
            "info msg=\"found 1 workers, default=\\\"worker\\\"\"",
            "info msg=\"running server on /run/buildkit/buildkitd.sock\"",
        ];
        for line in lines {
            let at = layerlab_oci::Timestamp { secs: sys.wall_clock().div_euclid(1_000_000_000), nanos: 0 };
            sys.eprint(format!("time=\"{at}\" level={line}\n")).await;
        }
        while sys.take_signals().is_empty() {
            let _ = sys.sleep(SimTime::secs(3600)).await;
        }
        0
    })
}

/// `buildctl`, as far as there is one.
pub fn start_client(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        if args.argv.iter().skip(1).any(|w| matches!(w.as_str(), "--version" | "-v")) {
            let _ = sys.print(format!("buildctl github.com/moby/buildkit {VERSION}\n")).await;
            return 0;
        }
        sys.eprint("buildctl: builds of this machine are started with docker buildx build\n").await;
        1
    })
}
