//! gzip as Go's `compress/gzip` heads it: no name, no time, unknown system, default level.
//!
//! The same content always gives the same bytes, but not the very bytes of Go's encoder: the
//! encoder is another one.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{Read, Write};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

use crate::{Bytes, Digest};

/// Most bytes that the memo of compressed layers keeps.
const MEMO_BYTES: usize = 32 << 20;

/// Whether these bytes begin as gzip does.
#[must_use]
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 0x08])
}

/// Compresses.
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::default());
    // Writing into a Vec cannot fail; the result would be truncated, and the digest would tell.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Compresses content whose digest is known, once: the result is kept by digest (bounded, oldest
/// out first). It is a cache only; the result never depends on what it holds.
#[must_use]
pub fn compress_memo(digest: &Digest, bytes: &[u8]) -> Bytes {
    if let Some(known) = MEMO.with_borrow(|memo| memo.entries.get(digest).cloned()) {
        return known;
    }
    let compressed: Bytes = Rc::new(compress(bytes));
    MEMO.with_borrow_mut(|memo| memo.insert(*digest, &compressed));
    compressed
}

thread_local! {
    static MEMO: RefCell<Memo> = RefCell::default();
}

#[derive(Default)]
struct Memo {
    entries: BTreeMap<Digest, Bytes>,
    order: VecDeque<Digest>,
    bytes: usize,
}

impl Memo {
    fn insert(&mut self, digest: Digest, compressed: &Bytes) {
        if compressed.len() > MEMO_BYTES || self.entries.insert(digest, Rc::clone(compressed)).is_some() {
            return;
        }
        self.order.push_back(digest);
        self.bytes += compressed.len();
        while self.bytes > MEMO_BYTES {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if let Some(dropped) = self.entries.remove(&oldest) {
                self.bytes -= dropped.len();
            }
        }
    }
}

/// Why bytes could not be decompressed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GzipError {
    /// More than this many bytes come out.
    TooLarge(u64),
    /// Not gzip, cut off, or a wrong checksum.
    Corrupt,
}

impl fmt::Display for GzipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(f, "gzip: more than {limit} bytes"),
            Self::Corrupt => f.write_str("gzip: invalid data"),
        }
    }
}

impl std::error::Error for GzipError {}

/// Decompresses, at most `limit` bytes. Several members count as one stream, as with Go.
///
/// # Errors
/// More than `limit` bytes, or no whole gzip stream.
pub fn decompress(bytes: &[u8], limit: u64) -> Result<Vec<u8>, GzipError> {
    let mut out = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limit.saturating_add(1));
    decoder.read_to_end(&mut out).map_err(|_| GzipError::Corrupt)?;
    if out.len() as u64 > limit { Err(GzipError::TooLarge(limit)) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_that_of_go() {
        assert_eq!(&compress(b"hello")[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    }

    #[test]
    fn round_trip_and_memo_agree() {
        let content = b"layer ".repeat(1000);
        let compressed = compress(&content);
        assert_eq!(*compress_memo(&Digest::of(&content), &content), compressed);
        assert_eq!(*compress_memo(&Digest::of(&content), &content), compressed);
        assert_eq!(decompress(&compressed, 6000), Ok(content));
    }

    #[test]
    fn refuses_bombs_and_damage() {
        let bomb = compress(&vec![0; 1 << 20]);
        assert_eq!(decompress(&bomb, 1000), Err(GzipError::TooLarge(1000)));
        assert_eq!(decompress(&bomb[..bomb.len() - 3], 2 << 20), Err(GzipError::Corrupt));
        assert_eq!(decompress(b"nonsense", 100), Err(GzipError::Corrupt));
        assert_eq!(decompress(b"", 100), Err(GzipError::Corrupt));
    }
}
