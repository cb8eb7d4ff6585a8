//! The Layerlab page.
fn main() {}
