//! `true` and `false`.

use crate::cli::{Cli, Run};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    c.code = i32::from(c.name == "false");
    Ok(())
}
