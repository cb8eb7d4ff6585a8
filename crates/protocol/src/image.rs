use serde::{Deserialize, Serialize};

/// An image on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `sha256:` and 64 digits, as docker shows it as the image's id.
    pub id: String,
    /// As `docker images` shows them; none: a dangling image.
    pub references: Vec<String>,
    /// Nominal bytes, unpacked.
    pub size: u64,
    /// Base first.
    pub layers: Vec<Layer>,
    /// Virtual time of its making on this machine, milliseconds since boot; 0: came with it.
    pub created: u64,
}

/// A layer of an image. Equal digest means the same bytes, stored once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// `sha256:` and 64 digits, of the unpacked tar (diff id).
    pub digest: String,
    /// The instruction that made it as the Dockerfile has it (`COPY . .`), or what it brings
    /// (`debian 12`) for a base image's.
    pub created_by: String,
    /// Nominal bytes.
    pub size: u64,
    /// Files and folders in it, for details.
    pub entries: u32,
}
