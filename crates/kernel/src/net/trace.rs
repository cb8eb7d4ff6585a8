//! What happened to a connection attempt, hop by hop: data for the picture and for "why did it fail".

use std::net::SocketAddrV4;

use crate::SimTime;
use crate::pipe::PipeId;
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
    /// A server of the internet.
    Internet,
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
    /// It is on another of Docker's networks, from which this one is cut off.
    OtherNetwork,
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
    /// What was asked for: method and path, where it was HTTP.
    pub request: String,
    /// What was answered: the status, where it was HTTP.
    pub status: Option<u16>,
    /// Bytes of the answer and of the request come by these.
    pub pipes: Option<(PipeId, PipeId)>,
}

/// What is the matter with a port of a namespace, for who wants to know why nobody answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PortState {
    /// The addresses that programs listen on at this port.
    pub listening: Vec<std::net::Ipv4Addr>,
    /// The ports that programs listen at.
    pub others: Vec<u16>,
}

impl super::Net {
    /// Notes what the first bytes on a connection say: the request's line, the answer's status.
    pub(crate) fn overhear(&mut self, pipe: PipeId, bytes: &[u8]) {
        let known = |t: &&mut Trace| t.pipes.is_some_and(|(a, b)| a == pipe || b == pipe);
        let Some(t) = self.traces.iter_mut().rev().take(16).find(known) else { return };
        let Some((answer, _)) = t.pipes else { return };
        if answer != pipe {
            if t.request.is_empty() {
                t.request = request_line(bytes).unwrap_or_default();
            }
        } else if !t.request.is_empty() {
            t.status = status_line(bytes);
            // What comes later is none of our business.
            t.pipes = None;
        }
    }
}

/// Method and path of a request's first line.
fn request_line(bytes: &[u8]) -> Option<String> {
    let line = bytes.split(|b| *b == b'\r' || *b == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let (request, version) = line.rsplit_once(' ')?;
    let method = request.split(' ').next()?;
    let good = version.starts_with("HTTP/") && !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
    good.then(|| request.chars().take(200).collect())
}

/// Status of an answer's first line.
fn status_line(bytes: &[u8]) -> Option<u16> {
    let rest = bytes.strip_prefix(b"HTTP/1.")?;
    std::str::from_utf8(rest.get(2..5)?).ok()?.parse().ok()
}
