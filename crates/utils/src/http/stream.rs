//! A connection with a deadline.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::net::tls::{self, TlsError};
use layerlab_kernel::{Errno, Fd, PollFd, SimTime, SockAddr, SockKind, Sys};

/// What can go wrong on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NetError {
    /// The deadline has passed.
    Timeout,
    /// A system call's error.
    Errno(Errno),
}

impl From<Errno> for NetError {
    fn from(e: Errno) -> Self {
        Self::Errno(e)
    }
}

/// A connected socket with what was read from it.
pub(crate) struct Stream {
    sys: Sys,
    fd: Fd,
    buffer: Vec<u8>,
    end: bool,
    deadline: Option<SimTime>,
    /// Bytes that have come.
    pub(crate) received: u64,
}

impl Stream {
    /// Connects to an address.
    pub(crate) async fn tcp(sys: &Sys, ip: Ipv4Addr, port: u16) -> Result<Self, Errno> {
        Self::connect(sys, SockKind::Tcp, SockAddr::Inet(SocketAddrV4::new(ip, port))).await
    }

    /// Connects to a path.
    pub(crate) async fn unix(sys: &Sys, path: &str) -> Result<Self, Errno> {
        Self::connect(sys, SockKind::UnixStream, SockAddr::Unix(path.to_owned())).await
    }

    async fn connect(sys: &Sys, kind: SockKind, addr: SockAddr) -> Result<Self, Errno> {
        let fd = sys.socket(kind).await?;
        if let Err(e) = sys.connect(fd, addr).await {
            let _ = sys.close(fd).await;
            return Err(e);
        }
        Ok(Self { sys: sys.clone(), fd, buffer: Vec::new(), end: false, deadline: None, received: 0 })
    }

    /// Reads end then with [`NetError::Timeout`].
    pub(crate) fn set_deadline(&mut self, at: Option<SimTime>) {
        self.deadline = at;
    }

    /// Begins TLS with a server of this name.
    pub(crate) async fn tls(&mut self, name: &str) -> Result<(), TlsError> {
        tls::connect(&self.sys, self.fd, name, None).await.map(drop)
    }

    /// Sends all.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), NetError> {
        Ok(self.sys.write_all(self.fd, bytes).await?)
    }

    /// Reads more; false at the end.
    async fn fill(&mut self) -> Result<bool, NetError> {
        if self.end {
            return Ok(false);
        }
        if let Some(deadline) = self.deadline {
            let left = deadline - self.sys.now();
            let wanted = vec![PollFd { fd: self.fd, read: true, write: false }];
            if left.0 == 0 || self.sys.poll(wanted, Some(left)).await?.is_empty() {
                return Err(NetError::Timeout);
            }
        }
        let bytes = self.sys.read(self.fd, 1 << 16).await?;
        self.end = bytes.is_empty();
        self.received += bytes.len() as u64;
        self.buffer.extend_from_slice(&bytes);
        Ok(!self.end)
    }

    /// The next bytes, at most `limit`; empty at the end.
    pub(crate) async fn some(&mut self, limit: u64) -> Result<Vec<u8>, NetError> {
        if self.buffer.is_empty() && !self.fill().await? {
            return Ok(Vec::new());
        }
        let n = self.buffer.len().min(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(self.buffer.drain(..n).collect())
    }

    /// The next line with its end; what is left at the end of the stream; `None` if nothing is.
    pub(crate) async fn line(&mut self) -> Result<Option<Vec<u8>>, NetError> {
        loop {
            if let Some(n) = self.buffer.iter().position(|b| *b == b'\n') {
                return Ok(Some(self.buffer.drain(..=n).collect()));
            }
            if !self.fill().await? {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then_some(rest));
            }
        }
    }

    /// The own address, as `curl -v` shows it.
    pub(crate) async fn close(self) {
        let _ = self.sys.close(self.fd).await;
    }
}
