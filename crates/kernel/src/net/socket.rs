//! Stream sockets: two pipes each, once connected.

use std::collections::VecDeque;

use crate::pipe::PipeId;
use crate::syscall::{NetNsId, SockAddr, SockKind};

/// A socket's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SockId(pub u32);

/// What a socket is doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SockState {
    /// Made, maybe bound.
    Idle,
    /// Takes connections; those not yet accepted.
    Listening {
        /// Connected sockets, oldest first.
        queue: VecDeque<SockId>,
        /// At most so many.
        backlog: u32,
    },
    /// Connected.
    Connected {
        /// Bytes from the other.
        rx: PipeId,
        /// Bytes to the other.
        tx: PipeId,
    },
}

/// A socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Socket {
    /// TCP or unix.
    pub kind: SockKind,
    /// Its namespace.
    pub ns: NetNsId,
    /// State.
    pub state: SockState,
    /// Own address.
    pub local: Option<SockAddr>,
    /// The other's address.
    pub peer: Option<SockAddr>,
    /// For a bound unix socket: file system and inode.
    pub place: Option<(u32, u64)>,
}
