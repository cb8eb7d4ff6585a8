//! Waiting for changes of the state: a pipe that whoever changes something writes a byte to.

use layerlab_kernel::{Errno, Fd, PollFd, SimTime, Sys, Syscall};

use crate::context::with;
use crate::error::ApiError;

/// A watch on a container, an exec or (empty) on the events. Call [`Watch::end`].
pub struct Watch {
    sys: Sys,
    /// Readable when something has changed.
    pub fd: Fd,
    write: Fd,
}

impl Watch {
    /// Begins watching.
    ///
    /// # Errors
    /// No descriptors left.
    pub async fn new(sys: &Sys, id: &str) -> Result<Self, ApiError> {
        let (fd, write) = sys.pipe().await?;
        let _ = sys.call(Syscall::SetNonblock { fd: write, on: true }).await;
        let _ = sys.call(Syscall::SetNonblock { fd, on: true }).await;
        with(sys, |s| s.watchers.push((id.to_owned(), write)))?;
        Ok(Self { sys: sys.clone(), fd, write })
    }

    /// Waits for a change; `false`: the time is over.
    ///
    /// # Errors
    /// The call's.
    pub async fn wait(&self, timeout: Option<SimTime>) -> Result<bool, ApiError> {
        let want = vec![PollFd { fd: self.fd, read: true, write: false }];
        match self.sys.poll(want, timeout).await {
            Ok(ready) if ready.is_empty() => Ok(false),
            Ok(_) => {
                self.drain().await;
                Ok(true)
            }
            Err(Errno::EINTR) => Ok(true),
            Err(e) => Err(e.into()),
        }
    }

    /// Waits for a change as long as the client at this connection stays; a stream that nobody reads
    /// any more ends.
    ///
    /// # Errors
    /// The client is gone (`EPIPE`), or the call's.
    pub async fn wait_for(&self, client: Fd, timeout: Option<SimTime>) -> Result<bool, ApiError> {
        let want = [self.fd, client].map(|fd| PollFd { fd, read: true, write: false });
        let ready = match self.sys.poll(want.to_vec(), timeout).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) => return Ok(true),
            Err(e) => return Err(e.into()),
        };
        if ready.iter().any(|r| r.fd == client) && self.sys.read(client, 4096).await.is_ok_and(|data| data.is_empty()) {
            return Err(Errno::EPIPE.into());
        }
        if ready.iter().any(|r| r.fd == self.fd) {
            self.drain().await;
        }
        Ok(!ready.is_empty())
    }

    /// Takes the bytes out of the pipe.
    pub async fn drain(&self) {
        let _ = self.sys.read(self.fd, 4096).await;
    }

    /// Ends watching.
    pub async fn end(self) {
        let _ = with(&self.sys, |s| s.watchers.retain(|w| w.1 != self.write));
        let _ = self.sys.close(self.fd).await;
        let _ = self.sys.close(self.write).await;
    }
}

/// Wakes those who watch this.
pub async fn wake(sys: &Sys, id: &str) {
    let fds = with(sys, |s| s.watchers_of(id)).unwrap_or_default();
    for fd in fds {
        // A full pipe has woken its reader already.
        let _ = sys.write(fd, std::rc::Rc::new(vec![1])).await;
    }
}
