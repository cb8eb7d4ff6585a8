//! `clear` and `reset`: an empty screen.

use layerlab_kernel::Termios;

use crate::cli::{Cli, Run};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "reset" {
        let _ = c.sys.tc_set_attr(2, Termios::COOKED).await;
        return c.put("\x1bc\x1b]104\x07\x1b[!p\x1b[?3;4l\x1b[4l\x1b>\r").await;
    }
    let keep = c.args.iter().any(|a| a == "-x");
    c.put(if keep { "\x1b[H\x1b[2J" } else { "\x1b[H\x1b[2J\x1b[3J" }).await
}
