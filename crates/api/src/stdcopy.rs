//! Standard output and error on one connection: frames with a header of 8 bytes, the stream's
//! number, three zeros and the length in big endian (moby `pkg/stdcopy`).

/// Which stream a frame belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard input (unused).
    Stdin = 0,
    /// Standard output.
    Stdout = 1,
    /// Standard error.
    Stderr = 2,
}

/// A frame with its header.
pub fn frame(stream: Stream, data: &[u8]) -> Vec<u8> {
    let mut out = vec![stream as u8, 0, 0, 0];
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(data);
    out
}

/// Cuts a byte stream into frames.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decoder {
    buffer: Vec<u8>,
}

impl Decoder {
    /// Takes bytes; answers the frames that are whole now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<(Stream, Vec<u8>)> {
        self.buffer.extend_from_slice(bytes);
        let mut frames = Vec::new();
        loop {
            let &[kind, _, _, _, a, b, c, d, ..] = self.buffer.as_slice() else { return frames };
            let len = u32::from_be_bytes([a, b, c, d]) as usize;
            let Some(data) = self.buffer.get(8..8 + len) else { return frames };
            let stream = match kind {
                2 => Stream::Stderr,
                0 => Stream::Stdin,
                _ => Stream::Stdout,
            };
            frames.push((stream, data.to_vec()));
            self.buffer.drain(..8 + len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_any_split() {
        let bytes = [frame(Stream::Stdout, b"out"), frame(Stream::Stderr, b""), frame(Stream::Stderr, b"err")].concat();
        assert_eq!(&bytes[..8], [1, 0, 0, 0, 0, 0, 0, 3]);
        for cut in 0..bytes.len() {
            let mut d = Decoder::default();
            let mut got = d.push(&bytes[..cut]);
            got.extend(d.push(&bytes[cut..]));
            assert_eq!(
                got,
                [(Stream::Stdout, b"out".to_vec()), (Stream::Stderr, vec![]), (Stream::Stderr, b"err".to_vec())]
            );
        }
    }
}
