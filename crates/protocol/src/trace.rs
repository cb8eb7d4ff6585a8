use serde::{Deserialize, Serialize};

/// The way of a request through the machine's network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Counts the requests of the machine, from 1.
    pub number: u32,
    /// Milliseconds since boot at its start.
    pub time: u64,
    /// What was asked, e.g. `GET /` or `connect db:6379`.
    pub what: String,
    /// From where it started to where it ended.
    pub hops: Vec<Hop>,
    /// How it ended.
    pub end: TraceEnd,
}

/// A station of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Where.
    pub place: HopPlace,
    /// Address and port there, e.g. `172.17.0.2:5000`; may be empty.
    pub address: String,
}

/// Where a request passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HopPlace {
    /// The host's own processes (`curl` at the prompt, the page's browser tab).
    Host,
    /// A name was looked up.
    Dns {
        /// The name.
        name: String,
    },
    /// A published port of the host.
    Port {
        /// Its number.
        host: u16,
    },
    /// A network, by name.
    Network(String),
    /// A container, by id.
    Container(String),
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TraceEnd {
    /// Still under way.
    Open,
    /// A server answered; the HTTP status if it was HTTP.
    Answered {
        /// e.g. 200
        status: Option<u16>,
    },
    /// Nothing listens at the last hop.
    Refused,
    /// The other side broke it off.
    Reset,
    /// No answer in time.
    Timeout,
    /// The name is unknown there.
    UnknownName,
    /// No way leads there.
    Unreachable,
}
