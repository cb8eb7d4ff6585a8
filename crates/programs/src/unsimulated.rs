//! What runs in the place of a program that an image has and this machine has not: it says so.

use layerlab_kernel::{Program, ProgramArgs, async_program};

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, args| async move {
        let name = args.name().to_owned();
        sys.eprint(format!(
            "{name}: Layerlab does not simulate this program yet: its image is here with files, layers and settings, but it cannot run\n"
        ))
        .await;
        127
    })
}
