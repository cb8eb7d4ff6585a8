//! OCI images as real bytes: what is written here, real tools load, and every digest is the
//! sha256 of bytes that exist.
//!
//! The crate knows nothing of the kernel, the engine or a browser. It reads no clock and no disk:
//! bytes come in, bytes go out. Input from outside (archives, layers, JSON) is hostile until read.
//!
//! Start reading at [`Reference`] (names), [`Manifest`] and [`ImageConfig`](config::ImageConfig)
//! (JSON whose bytes are Go's), [`layer`] (tar) and [`archive`] (`docker save` and `docker load`).

pub mod archive;
pub mod config;
pub mod descriptor;
pub mod digest;
pub mod gzip;
pub mod index;
pub mod json;
pub mod layer;
pub mod manifest;
pub mod media_type;
pub mod platform;
pub mod reference;
pub mod timestamp;
pub mod zstd;

pub use config::{Config, Healthcheck, History, ImageConfig, RootFs};
pub use descriptor::Descriptor;
pub use digest::Digest;
pub use index::Index;
pub use manifest::Manifest;
pub use platform::Platform;
pub use reference::Reference;
pub use timestamp::Timestamp;

/// File and blob content: shared, never copied. The simulated machine's files have the same type.
pub type Bytes = std::rc::Rc<Vec<u8>>;
