//! `docker system dial-stdio`: standard input and output as a connection to the daemon, for `ssh://`
//! hosts and for whoever is outside of the machine.

use layerlab_kernel::{Errno, PollFd};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

const PIECE: usize = 1 << 16;

pub(crate) async fn run(cli: &Cli, _: &Command, _: &Parsed) -> Result<i32, CliError> {
    let fd = cli.client.dial().await.map_err(|e| CliError::from_client(e, &cli.host))?;
    let mut input = true;
    loop {
        let mut fds = vec![PollFd { fd, read: true, write: false }];
        if input {
            fds.push(PollFd { fd: 0, read: true, write: false });
        }
        let ready = match cli.sys.poll(fds, None).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) => continue,
            Err(e) => return Err(e.into()),
        };
        for r in ready {
            let data = cli.sys.read(r.fd, PIECE).await.unwrap_or_default();
            if r.fd == 0 {
                if data.is_empty() || cli.sys.write_all(fd, data.to_vec()).await.is_err() {
                    input = false;
                    let _ = cli.sys.shutdown(fd, false, true).await;
                }
            } else if data.is_empty() || cli.sys.write_all(1, data.to_vec()).await.is_err() {
                // The daemon has said all; what is still typed reaches nobody.
                let _ = cli.sys.close(fd).await;
                return Ok(0);
            }
        }
    }
}
