//! Where a connection goes.
