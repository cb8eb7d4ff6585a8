//! `zcat`: what gzip's files say.

use crate::cli::{Cli, Run};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    crate::gzip::zcat(c).await
}
