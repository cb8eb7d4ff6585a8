//! One command of `layerlab` a file.

pub(crate) mod course;
pub(crate) mod dockerfile;
pub(crate) mod engine;
pub(crate) mod interactive;
pub(crate) mod layers;
pub(crate) mod replay;
pub(crate) mod sh;
