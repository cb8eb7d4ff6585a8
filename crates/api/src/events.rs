//! `GET /events`: moby's `api/types/events`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whom an event is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Actor {
    /// Its ID, or an image's name.
    #[serde(rename = "ID")]
    pub id: String,
    /// `image`, `name`, `exitCode` and so on.
    pub attributes: BTreeMap<String, String>,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// `container`, `image`, `network`, `volume`, `builder`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// `create`, `start`, `die`, ….
    #[serde(rename = "Action")]
    pub action: String,
    /// Whom it is about.
    #[serde(rename = "Actor")]
    pub actor: Actor,
    /// `local`.
    pub scope: String,
    /// Seconds since 1970.
    pub time: i64,
    /// Nanoseconds since 1970.
    #[serde(rename = "timeNano")]
    pub time_nano: i64,
}
