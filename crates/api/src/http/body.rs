//! Bodies.

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// After so many bytes.
    Length(u64),
    /// With a chunk of length 0.
    Chunked,
    /// With the connection.
    UntilClose,
}

/// A chunk.
pub fn chunk(data: &[u8]) -> Vec<u8> {
    let mut out = format!("{:x}\r\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\r\n");
    out
}

/// The end of a chunked body.
pub fn last_chunk() -> &'static [u8] {
    b"0\r\n\r\n"
}

/// Takes a body out of the bytes of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BodyDecoder {
    framing: Framing,
    /// Bytes left of the body or of the current chunk.
    left: u64,
    in_chunk: bool,
    done: bool,
}

impl BodyDecoder {
    /// For a body of this form.
    pub fn new(framing: Framing) -> Self {
        let left = if let Framing::Length(n) = framing { n } else { 0 };
        Self { framing, left, in_chunk: false, done: framing == Framing::Length(0) }
    }
    /// Whether the body has ended.
    pub fn is_done(&self) -> bool {
        self.done
    }
    /// The connection has ended.
    pub fn close(&mut self) {
        self.done = true;
    }
    /// Takes what of the body is in the buffer; the rest stays there. `None`: malformed.
    pub fn take(&mut self, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
        match self.framing {
            _ if self.done => Some(Vec::new()),
            Framing::UntilClose => Some(std::mem::take(buffer)),
            Framing::Length(_) => {
                let data = self.take_left(buffer);
                self.done = self.left == 0;
                Some(data)
            }
            Framing::Chunked => self.take_chunks(buffer),
        }
    }

    fn take_left(&mut self, buffer: &mut Vec<u8>) -> Vec<u8> {
        let n = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        self.left -= n as u64;
        // Mostly it is all of it, which goes on without a copy.
        let rest = buffer.split_off(n);
        std::mem::replace(buffer, rest)
    }

    fn take_chunks(&mut self, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        loop {
            if self.in_chunk {
                out.extend(self.take_left(buffer));
                if self.left > 0 || buffer.len() < 2 {
                    return Some(out);
                }
                if !buffer.starts_with(b"\r\n") {
                    return None;
                }
                buffer.drain(..2);
                self.in_chunk = false;
            }
            let Some(end) = buffer.windows(2).position(|w| w == b"\r\n") else {
                return (buffer.len() < 4096).then_some(out);
            };
            let line = std::str::from_utf8(buffer.get(..end)?).ok()?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            self.left = u64::from_str_radix(digits, 16).ok()?;
            if self.left == 0 {
                // Trailers are not used: the body ends with an empty line.
                if buffer.len() < end + 4 {
                    return Some(out);
                }
                buffer.drain(..end + 4);
                self.done = true;
                return Some(out);
            }
            buffer.drain(..end + 2);
            self.in_chunk = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_survive_any_split() {
        let bytes = [chunk(b"hello "), chunk(b"world"), last_chunk().to_vec(), b"next".to_vec()].concat();
        for cut in 0..bytes.len() {
            let mut d = BodyDecoder::new(Framing::Chunked);
            let mut buffer = bytes[..cut].to_vec();
            let mut got = d.take(&mut buffer).unwrap();
            buffer.extend(&bytes[cut..]);
            got.extend(d.take(&mut buffer).unwrap());
            assert_eq!(
                (got.as_slice(), buffer.as_slice(), d.is_done()),
                (&b"hello world"[..], &b"next"[..], true),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn malformed_chunks_are_refused() {
        assert_eq!(BodyDecoder::new(Framing::Chunked).take(&mut b"zz\r\n".to_vec()), None);
        assert_eq!(BodyDecoder::new(Framing::Chunked).take(&mut b"1\r\nabc".to_vec()), None);
    }
}
