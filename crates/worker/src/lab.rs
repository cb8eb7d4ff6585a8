//! The machine of `layerlab-lab` as the desk wants it. (Not joined yet.)

use crate::machine::Machine;
use layerlab_protocol::{Boot, BootReport};

/// Boots a machine or continues a saved one.
pub(crate) fn start(_boot: &Boot) -> Result<(Box<dyn Machine>, BootReport), String> {
    Err("this build contains no machine".into())
}
