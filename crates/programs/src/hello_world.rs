//! `hello`: what the image hello-world runs.

use layerlab_kernel::{Program, ProgramArgs, async_program};

/// The shape is the original's, the words are ours.
const TEXT: &str = "
Hello from Docker!
This message shows that your installation works: a container has written it.

On the way to it,
 1. the Docker client asked the Docker daemon to run the image,
 2. the daemon pulled the \"hello-world\" image from the Docker Hub
    (amd64),
 3. the daemon made a new container from that image, and started the
    program in it that writes what you are reading,
 4. the daemon passed the output on to the client, which sent it to
    your terminal.

For something more ambitious, have a whole Ubuntu in a container:
 $ docker run -it ubuntu bash

Share images and more, with a free Docker ID:
 https://hub.docker.com/

More examples and ideas:
 https://docs.docker.com/get-started/

";

/// Starts it.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    async_program(args, |sys, _| async move { i32::from(sys.print(TEXT).await.is_err()) })
}
