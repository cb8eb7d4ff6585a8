//! `clear`: an empty screen.

use crate::cli::{Cli, Run};

/// Runs it (xterm's sequences).
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    c.put("\x1b[H\x1b[2J\x1b[3J").await
}
