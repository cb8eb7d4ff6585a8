//! The body of an answer, as it comes.

use super::{NetError, Stream};

/// How a body is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// There is none.
    None,
    /// So many bytes.
    Length(u64),
    /// In chunks.
    Chunked,
    /// Until the connection ends.
    Close,
}

/// Why a body breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// The connection.
    Net(NetError),
    /// It ended with so many bytes missing.
    Short(u64),
    /// It ended within the chunks.
    Chunks,
}

impl From<NetError> for BodyError {
    fn from(e: NetError) -> Self {
        Self::Net(e)
    }
}

/// A body being read.
pub(crate) struct Body {
    framing: Framing,
    left: u64,
    first: bool,
    end: bool,
}

impl Body {
    /// For an answer with this framing.
    pub(crate) fn new(framing: Framing) -> Self {
        let left = if let Framing::Length(n) = framing { n } else { 0 };
        Self { framing, left, first: true, end: framing == Framing::None }
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn next(&mut self, s: &mut Stream) -> Result<Option<Vec<u8>>, BodyError> {
        if self.end {
            return Ok(None);
        }
        if self.left == 0 {
            match self.framing {
                Framing::Chunked => self.chunk(s).await?,
                Framing::Close => {
                    let bytes = s.some(u64::MAX).await?;
                    return Ok((!bytes.is_empty()).then_some(bytes));
                }
                _ => self.end = true,
            }
            if self.end {
                return Ok(None);
            }
        }
        let bytes = s.some(self.left).await?;
        if bytes.is_empty() {
            return Err(if self.framing == Framing::Chunked { BodyError::Chunks } else { BodyError::Short(self.left) });
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    async fn chunk(&mut self, s: &mut Stream) -> Result<(), BodyError> {
        if !self.first {
            s.line().await?;
        }
        self.first = false;
        let line = s.line().await?.ok_or(BodyError::Chunks)?;
        let text = String::from_utf8_lossy(&line);
        let size = text.split(';').next().unwrap_or("").trim();
        self.left = u64::from_str_radix(size, 16).map_err(|_| BodyError::Chunks)?;
        if self.left == 0 {
            // Trailers.
            while let Some(l) = s.line().await? {
                if l == b"\r\n" || l == b"\n" {
                    break;
                }
            }
            self.end = true;
        }
        Ok(())
    }
}
