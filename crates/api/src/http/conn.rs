//! A connection over a kernel socket, for `async` programs.

use std::fmt;

use layerlab_kernel::{Errno, Fd, Sys};

use super::body::BodyDecoder;
use super::head::{HeadError, Request, Response};

/// Why a message could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnError {
    /// The system call failed.
    Sys(Errno),
    /// The other end closed too early.
    Closed,
    /// What came is no HTTP.
    Malformed,
}

impl fmt::Display for ConnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sys(e) => e.fmt(f),
            Self::Closed => f.write_str("EOF"),
            Self::Malformed => HeadError.fmt(f),
        }
    }
}

impl From<Errno> for ConnError {
    fn from(e: Errno) -> Self {
        Self::Sys(e)
    }
}

impl From<HeadError> for ConnError {
    fn from(_: HeadError) -> Self {
        Self::Malformed
    }
}

/// A connected socket and what was read from it too early.
pub struct Conn {
    /// The system calls of the program.
    pub sys: Sys,
    /// The socket.
    pub fd: Fd,
    /// Read, but not yet used.
    pub buffer: Vec<u8>,
}

const READ: usize = 1 << 16;

impl Conn {
    /// For a connected socket.
    pub fn new(sys: Sys, fd: Fd) -> Self {
        Self { sys, fd, buffer: Vec::new() }
    }

    async fn fill(&mut self) -> Result<bool, ConnError> {
        loop {
            match self.sys.read(self.fd, READ).await {
                Ok(data) => {
                    self.buffer.extend_from_slice(&data);
                    return Ok(!data.is_empty());
                }
                Err(Errno::EINTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// The next request's head; `None` if the client closed instead.
    ///
    /// # Errors
    /// See [`ConnError`].
    pub async fn read_request(&mut self) -> Result<Option<Request>, ConnError> {
        loop {
            if let Some((request, used)) = Request::parse(&self.buffer)? {
                self.buffer.drain(..used);
                return Ok(Some(request));
            }
            if !self.fill().await? {
                return if self.buffer.is_empty() { Ok(None) } else { Err(ConnError::Closed) };
            }
        }
    }

    /// The next response's head.
    ///
    /// # Errors
    /// See [`ConnError`].
    pub async fn read_response(&mut self) -> Result<Response, ConnError> {
        loop {
            if let Some((response, used)) = Response::parse(&self.buffer)? {
                self.buffer.drain(..used);
                return Ok(response);
            }
            if !self.fill().await? {
                return Err(ConnError::Closed);
            }
        }
    }

    /// The next piece of a body; empty at its end.
    ///
    /// # Errors
    /// See [`ConnError`].
    pub async fn read_body(&mut self, body: &mut BodyDecoder) -> Result<Vec<u8>, ConnError> {
        loop {
            if !self.buffer.is_empty() || body.is_done() {
                let data = body.take(&mut self.buffer).ok_or(ConnError::Malformed)?;
                if !data.is_empty() || body.is_done() {
                    return Ok(data);
                }
            }
            if !self.fill().await? {
                body.close();
                return Ok(Vec::new());
            }
        }
    }

    /// A whole body.
    ///
    /// # Errors
    /// See [`ConnError`].
    pub async fn read_all(&mut self, body: &mut BodyDecoder) -> Result<Vec<u8>, ConnError> {
        let mut all = Vec::new();
        loop {
            let data = self.read_body(body).await?;
            if data.is_empty() {
                return Ok(all);
            }
            all.extend(data);
        }
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// The call's.
    pub async fn write(&self, data: impl Into<Vec<u8>>) -> Result<(), ConnError> {
        Ok(self.sys.write_all(self.fd, data).await?)
    }
}
