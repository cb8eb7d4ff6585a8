//! `tty`: the terminal's name.

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec =
    Spec::new("[OPTION]...", "Print the file name of the terminal connected to standard input.", "s|silent|quiet")
        .fails(2);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if let Some(extra) = p.operands.first() {
        return c.usage(2, format!("extra operand {}", crate::cli::quote::word(extra))).await;
    }
    let name = c.sys.tty_name(0).await;
    if !p.has("s") {
        c.put(format!("{}\n", name.as_deref().unwrap_or("not a tty"))).await?;
    }
    if name.is_err() { Err(Stop::Code(1)) } else { Ok(()) }
}
