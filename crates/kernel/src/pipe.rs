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
