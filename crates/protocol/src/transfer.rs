use serde::{Deserialize, Serialize};

/// An image on its way from a registry, or to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Counts the transfers of the machine, from 1.
    pub number: u32,
    /// e.g. `python:3.13-slim`
    pub reference: String,
    /// e.g. `docker.io`
    pub registry: String,
    /// To the registry.
    pub push: bool,
    /// Base first.
    pub layers: Vec<MovingLayer>,
}

/// A layer of an image on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovingLayer {
    /// `sha256:` and 64 digits, of the unpacked tar, as in [`Layer`](crate::Layer).
    pub digest: String,
    /// As in [`Layer`](crate::Layer).
    pub created_by: String,
    /// Nominal bytes that are moved.
    pub size: u64,
    /// How many of them were.
    pub done: u64,
    /// How far it is.
    pub phase: Phase,
}

/// How far a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It was there already, and is not moved.
    Present,
    /// Its turn has not come.
    Waiting,
    /// Bytes are moving.
    Moving,
    /// They are there, packed.
    Moved,
    /// It is unpacked; pushed: the registry has it.
    Done,
}
