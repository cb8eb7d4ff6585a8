//! What happened to a connection attempt, hop by hop: data for the picture and for "why did it fail".

use std::net::SocketAddrV4;

use crate::SimTime;
use crate::syscall::{NetNsId, Pid};

/// How many traces are kept.
pub const KEPT: usize = 64;

/// A place that a connection attempt came by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hop {
    /// What it was.
    pub kind: HopKind,
    /// Its name: a bridge's, an interface's, an address.
    pub place: String,
}

/// Kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HopKind {
    /// The process that connects.
    Process,
    /// The loopback interface.
    Loopback,
    /// A published port of the host.
    PublishedPort,
    /// A bridge.
    Bridge,
    /// The other end's namespace.
    Namespace,
    /// The listening socket.
    Socket,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TraceEnd {
    /// Connected.
    Connected,
    /// Nothing listens on that port there.
    NothingListens,
    /// A program listens there, but only on another address (such as 127.0.0.1).
    OtherAddress,
    /// No route to that network.
    NoRoute,
    /// The network is there, but nobody has that address.
    NoSuchHost,
}

/// A connection attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trace {
    /// Number, counting up.
    pub id: u64,
    /// When.
    pub at: SimTime,
    /// Who connected.
    pub from: Pid,
    /// From which namespace.
    pub from_ns: NetNsId,
    /// Where to.
    pub to: SocketAddrV4,
    /// The places on the way.
    pub hops: Vec<Hop>,
    /// How it ended.
    pub end: TraceEnd,
}
