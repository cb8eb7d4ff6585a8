//! zstd, read only: layers that newer builders compress with it.

use std::fmt;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How far back a frame may refer, in bytes: what it asks for is memory that we must have. Level 19
/// of the zstd program uses 8 MiB.
const WINDOW_MAX: u64 = 32 << 20;

/// Bytes that are unpacked before the limit is looked at again.
const STEP: usize = 1 << 20;

/// Whether these bytes begin as zstd does.
#[must_use]
pub fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// Why bytes could not be decompressed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ZstdError {
    /// More than this many bytes come out.
    TooLarge(u64),
    /// A frame refers further back than we keep.
    Window,
    /// Not zstd, or cut off.
    Corrupt,
}

impl fmt::Display for ZstdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(f, "zstd: more than {limit} bytes"),
            Self::Window => write!(f, "zstd: window size exceeded"),
            Self::Corrupt => f.write_str("zstd: invalid data"),
        }
    }
}

impl std::error::Error for ZstdError {}

/// Decompresses, at most `limit` bytes. Several frames count as one stream.
///
/// # Errors
/// More than `limit` bytes, or no whole zstd stream.
pub fn decompress(bytes: &[u8], limit: u64) -> Result<Vec<u8>, ZstdError> {
    if bytes.is_empty() {
        return Err(ZstdError::Corrupt);
    }
    let mut out = Vec::new();
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(WINDOW_MAX);
    let mut input = bytes;
    while !input.is_empty() {
        match decoder.init(&mut input) {
            Ok(()) => frame(&mut decoder, &mut input, &mut out, limit)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let length = usize::try_from(length).map_err(|_| ZstdError::Corrupt)?;
                input = input.get(length..).ok_or(ZstdError::Corrupt)?;
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => return Err(ZstdError::Window),
            Err(_) => return Err(ZstdError::Corrupt),
        }
    }
    Ok(out)
}

fn frame(decoder: &mut FrameDecoder, input: &mut &[u8], out: &mut Vec<u8>, limit: u64) -> Result<(), ZstdError> {
    loop {
        decoder.decode_blocks(&mut *input, BlockDecodingStrategy::UptoBytes(STEP)).map_err(|_| ZstdError::Corrupt)?;
        out.extend(decoder.collect().unwrap_or_default());
        if out.len() as u64 > limit {
            return Err(ZstdError::TooLarge(limit));
        }
        if decoder.is_finished() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf 'hello hello hello hello\n' | zstd -19 --no-check`
    const HELLO: &[u8] = &[
        0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68, 0x6d, 0x00, 0x00, 0x38, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x0a, 0x01,
        0x00, 0x99, 0x4b, 0x11,
    ];

    #[test]
    fn reads_frames_of_the_zstd_program() {
        let expected = b"hello hello hello hello\n".to_vec();
        assert!(is_zstd(HELLO));
        assert_eq!(decompress(HELLO, 1000), Ok(expected.clone()));
        assert_eq!(decompress(&HELLO.repeat(2), 1000), Ok(expected.repeat(2)));
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9][..], HELLO].concat();
        assert_eq!(decompress(&skippable, 1000), Ok(expected));
    }

    #[test]
    fn refuses_too_much_and_damage() {
        assert_eq!(decompress(HELLO, 10), Err(ZstdError::TooLarge(10)));
        for cut in 0..HELLO.len() {
            assert_eq!(decompress(&HELLO[..cut], 1000), Err(ZstdError::Corrupt), "{cut}");
        }
        assert_eq!(decompress(b"nonsense", 1000), Err(ZstdError::Corrupt));
        // A window of 1 GiB.
        let huge = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 1, 0, 0];
        assert_eq!(decompress(&huge, 1000), Err(ZstdError::Window));
    }
}
