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
    /// Who made it.
    pub uid: u32,
    /// Datagrams that have arrived or are on their way, by their time.
    pub datagrams: VecDeque<Datagram>,
}

/// A datagram: of UDP, or an ICMP message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Datagram {
    /// When it is there.
    pub at: crate::SimTime,
    /// From whom.
    pub from: std::net::SocketAddrV4,
    /// What is left of its time to live.
    pub ttl: u8,
    /// ICMP type and code; (0, 0) is an echo's reply.
    pub icmp: (u8, u8),
    /// Its bytes.
    pub data: crate::Bytes,
}

/// The inode number that a socket shows.
pub fn inode_number(id: SockId) -> u32 {
    30_000 + id.0
}
