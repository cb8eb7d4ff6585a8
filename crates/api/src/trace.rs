//! `GET /trace` (our addition): the way that a request would take, and why it stops where it does.

use serde::{Deserialize, Serialize};

/// The way of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Trace {
    /// Method and URL.
    pub request: String,
    /// The places on the way, in order.
    pub hops: Vec<Hop>,
    /// Whether it arrives.
    pub arrives: bool,
    /// How it ends: `connected`, `unknown-name`, `not-published`, `other-address`, `nothing-listens`,
    /// `container-stopped`, `other-network`, `no-such-host`, `no-way-out`.
    pub end: String,
    /// The same in words, with the reason.
    pub reason: String,
    /// What could be done about it; may be empty.
    pub hint: String,
}

/// A place that a request comes by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Hop {
    /// `host`, `container`, `name`, `loopback`, `port`, `network`, `internet` or `socket`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What is known of it: an address, a subnet.
    pub detail: String,
}
