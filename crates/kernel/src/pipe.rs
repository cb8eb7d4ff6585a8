//! Pipes: bytes with readers and writers. Sockets are made of them too.

use std::collections::VecDeque;

/// A pipe's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PipeId(pub u32);

/// How many bytes fit (`pipe(7)`: 64 KiB).
pub const CAPACITY: usize = 1 << 16;

/// A pipe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pipe {
    /// What was written and not yet read.
    pub data: VecDeque<u8>,
    /// Open read ends.
    pub readers: u32,
    /// Open write ends.
    pub writers: u32,
    /// How often a named pipe was opened for reading and for writing.
    pub opened: (u64, u64),
    /// The other end was torn away: readers get `ECONNRESET` once the data is read.
    pub reset: bool,
    /// The reader is outside of the machine: writers never wait for it.
    pub unbounded: bool,
}

impl Pipe {
    /// Takes the first `n` bytes out, or as many as there are: copied as a whole, not one by one.
    pub(crate) fn take(&mut self, n: usize) -> Vec<u8> {
        if n >= self.data.len() {
            return std::mem::take(&mut self.data).into();
        }
        let (first, second) = self.data.as_slices();
        let mut out = Vec::with_capacity(n);
        out.extend_from_slice(first.get(..n).unwrap_or(first));
        let rest = n - out.len();
        out.extend_from_slice(second.get(..rest).unwrap_or(second));
        self.data.drain(..n);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_what_came_first_around_the_ring_too() {
        let (mut p, mut all) = (Pipe::default(), Vec::new());
        for round in 0..30u8 {
            p.data.extend((0..7).map(|i| round * 7 + i));
            all.extend(p.take(if round % 3 == 0 { 9 } else { 5 }));
        }
        all.extend(p.take(usize::MAX));
        assert!(p.data.is_empty());
        assert_eq!(all, (0..210).collect::<Vec<u8>>());
    }
}
