//! Reading files in pieces and lines.

use layerlab_kernel::{Errno, Fd, OpenFlags, Sys};

/// An open input.
pub(crate) struct Input {
    fd: Fd,
    sys: Sys,
    buffer: Vec<u8>,
    at: usize,
    end: bool,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub(crate) async fn open(sys: &Sys, path: &str) -> Result<Self, Errno> {
        let fd = if path == "-" { 0 } else { sys.open(path, OpenFlags::READ, 0).await? };
        Ok(Self { fd, sys: sys.clone(), buffer: Vec::new(), at: 0, end: false })
    }

    /// The descriptor.
    pub(crate) fn fd(&self) -> Fd {
        self.fd
    }

    /// Says that so many bytes are held ([`Sys::hold`]).
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), Errno> {
        self.sys.hold(bytes)
    }

    /// The next bytes as they come; empty at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Vec<u8>, Errno> {
        if self.at < self.buffer.len() {
            let rest = self.buffer.split_off(self.at);
            self.buffer.clear();
            self.at = 0;
            return Ok(rest);
        }
        if self.end {
            return Ok(Vec::new());
        }
        let bytes = self.sys.read(self.fd, 1 << 16).await?;
        self.end = bytes.is_empty();
        Ok(bytes.to_vec())
    }

    /// Whether the next line needs another read.
    pub(crate) fn dry(&self, delimiter: u8) -> bool {
        !self.end && !self.buffer[self.at..].contains(&delimiter)
    }

    /// The next line with its delimiter (which the last may lack); `None` at the end.
    pub(crate) async fn line(&mut self, delimiter: u8) -> Result<Option<Vec<u8>>, Errno> {
        let mut scanned = self.at;
        loop {
            if let Some(n) = self.buffer[scanned..].iter().position(|b| *b == delimiter) {
                let line = self.buffer[self.at..=scanned + n].to_vec();
                self.at = scanned + n + 1;
                return Ok(Some(line));
            }
            if self.end {
                if self.at >= self.buffer.len() {
                    return Ok(None);
                }
                let line = self.buffer.split_off(self.at);
                return Ok(Some(line));
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            scanned = self.buffer.len();
            let bytes = self.sys.read(self.fd, 1 << 16).await?;
            self.end = bytes.is_empty();
            self.buffer.extend_from_slice(&bytes);
            self.sys.hold(self.buffer.len())?;
        }
    }

    /// Takes back bytes of the last chunk.
    pub(crate) fn put_back(&mut self, bytes: &[u8]) {
        self.buffer.truncate(self.at);
        self.buffer.extend_from_slice(bytes);
    }

    /// Lets the next reader of a file begin behind what has been taken; pipes cannot.
    pub(crate) async fn give_back(&mut self) {
        let ahead = self.buffer.len().saturating_sub(self.at);
        if ahead > 0 {
            let _ = self.sys.lseek(self.fd, -(ahead as i64), layerlab_kernel::Whence::Current).await;
        }
    }

    /// Closes it.
    pub(crate) async fn close(self) {
        if self.fd != 0 {
            let _ = self.sys.close(self.fd).await;
        }
    }
}

/// A text's lines without their newlines.
pub(crate) fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut all: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    if all.last().is_some_and(|l| l.is_empty()) {
        all.pop();
    }
    all
}
