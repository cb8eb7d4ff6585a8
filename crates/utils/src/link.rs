//! `link` and `unlink`: the bare system calls.

use crate::cli::{Cli, Run, Spec, quote};

const LINK: Spec =
    Spec::new("FILE1 FILE2", "Call the link function to create a link named FILE2 to an existing FILE1.", "");
const UNLINK: Spec = Spec::new("FILE", "Call the unlink function to remove the specified FILE.", "");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let one = c.name == "unlink";
    let p = c.parse(if one { &UNLINK } else { &LINK }).await?;
    let n = if one { 1 } else { 2 };
    c.need(&p.operands, n).await?;
    c.at_most(&p.operands, n).await?;
    let a = &p.operands[0];
    if one {
        if let Err(e) = c.sys.unlink(a).await {
            return c.die(1, format!("cannot unlink {}: {e}", quote::always(a))).await;
        }
        return Ok(());
    }
    let b = &p.operands[1];
    if let Err(e) = c.sys.link(a, b).await {
        return c.die(1, format!("cannot create link {} to {}: {e}", quote::always(b), quote::always(a))).await;
    }
    Ok(())
}
