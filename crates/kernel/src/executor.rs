//! Runs programs in virtual time.
/// (being written)
pub struct Kernel;
