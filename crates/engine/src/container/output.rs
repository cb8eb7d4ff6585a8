//! What a process wrote: the json-file log's content, in memory.

use std::collections::VecDeque;

use layerlab_api::stdcopy::Stream;
use layerlab_kernel::Bytes;
use layerlab_oci::Timestamp;

use super::log::Rotation;

/// Bytes that are kept of one container's output.
const KEPT: usize = 8 << 20;

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// When.
    pub time: Timestamp,
    /// Standard output or error.
    pub stream: Stream,
    /// What.
    pub data: Bytes,
}

/// Output, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Output {
    /// The pieces that are kept.
    pub chunks: VecDeque<Chunk>,
    /// How many pieces were dropped before them.
    pub dropped: u64,
    bytes: usize,
    /// Files of a rotated log, oldest first: their bytes, and the number of the piece that each begins with.
    files: VecDeque<(u64, u64)>,
}

/// What `json-file` writes around a line.
const AROUND: u64 = 66;

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When its first byte was written.
    pub time: Timestamp,
    /// Standard output or error.
    pub stream: Stream,
    /// With its line end, if it has one yet.
    pub data: Vec<u8>,
}

impl Output {
    /// Adds a piece to a log of files with a size.
    pub fn push_rotated(&mut self, time: Timestamp, stream: Stream, data: Bytes, rotation: Rotation) {
        if let Some(size) = rotation.size {
            let number = self.end();
            if self.files.back().is_none_or(|f| f.0 >= size) {
                self.files.push_back((0, number));
            }
            while self.files.len() as u64 > rotation.files {
                self.files.pop_front();
                let first = self.files.front().map_or(number, |f| f.1);
                while self.dropped < first {
                    let Some(old) = self.chunks.pop_front() else { break };
                    self.bytes -= old.data.len();
                    self.dropped += 1;
                }
            }
            let lines = data.iter().filter(|b| **b == b'\n').count().max(1) as u64;
            if let Some(f) = self.files.back_mut() {
                f.0 += data.len() as u64 + lines * AROUND;
            }
        }
        self.push(time, stream, data);
    }

    /// Adds a piece.
    pub fn push(&mut self, time: Timestamp, stream: Stream, data: Bytes) {
        self.bytes += data.len();
        self.chunks.push_back(Chunk { time, stream, data });
        while self.bytes > KEPT {
            let Some(old) = self.chunks.pop_front() else { break };
            self.bytes -= old.data.len();
            self.dropped += 1;
        }
    }

    /// The number that the next piece will have.
    pub fn end(&self) -> u64 {
        self.dropped + self.chunks.len() as u64
    }

    /// The pieces from a number on.
    pub fn since(&self, number: u64) -> Vec<Chunk> {
        let skip = usize::try_from(number.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        self.chunks.iter().skip(skip).cloned().collect()
    }

    /// The lines so far, in the order in which they were ended; those not ended yet come last.
    pub fn lines(&self) -> Vec<Line> {
        let mut cutter = LineCutter::default();
        let mut lines: Vec<Line> = self.chunks.iter().flat_map(|c| cutter.push(c)).collect();
        lines.extend(cutter.rest());
        lines
    }
}

/// Cuts pieces into lines, as the json-file logger does.
#[derive(Clone, Debug, Default)]
pub struct LineCutter {
    open: [Option<Line>; 2],
}

impl LineCutter {
    /// Takes a piece; answers the lines that it ends.
    pub fn push(&mut self, chunk: &Chunk) -> Vec<Line> {
        let mut ended = Vec::new();
        let [stdout, stderr] = &mut self.open;
        let open = if chunk.stream == Stream::Stderr { stderr } else { stdout };
        for piece in chunk.data.split_inclusive(|b| *b == b'\n') {
            let line = open.get_or_insert_with(|| Line { time: chunk.time, stream: chunk.stream, data: Vec::new() });
            line.data.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                ended.extend(open.take());
            }
        }
        ended
    }

    /// What has no line end yet.
    pub fn rest(&mut self) -> Vec<Line> {
        self.open.iter_mut().filter_map(Option::take).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(o: &mut Output, secs: i64, stream: Stream, text: &str) {
        o.push(Timestamp { secs, nanos: 0 }, stream, Bytes::new(text.as_bytes().to_vec()));
    }

    #[test]
    fn a_rotated_log_keeps_its_newest_files() {
        let mut o = Output::default();
        let rotation = Rotation { size: Some(200), files: 2 };
        for n in 0..20 {
            let line = Bytes::new(format!("line {n:04}\n").into_bytes());
            o.push_rotated(Timestamp::default(), Stream::Stdout, line, rotation);
        }
        // A line takes 76 bytes, so a file takes three of them.
        assert_eq!((o.dropped, o.lines().len()), (15, 5));
    }

    #[test]
    fn lines_are_put_together_across_pieces() {
        let mut o = Output::default();
        chunk(&mut o, 1, Stream::Stdout, "a\nb");
        chunk(&mut o, 2, Stream::Stderr, "err\n");
        chunk(&mut o, 3, Stream::Stdout, "c\nd");
        let lines: Vec<(i64, Vec<u8>)> = o.lines().into_iter().map(|l| (l.time.secs, l.data)).collect();
        let want = [(1, "a\n"), (2, "err\n"), (1, "bc\n"), (3, "d")];
        assert_eq!(lines, want.map(|(t, s)| (t, s.as_bytes().to_vec())));
        assert_eq!(o.since(2).len(), 1);
    }
}
