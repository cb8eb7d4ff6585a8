//! `readlink`: what a symbolic link says.

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE...",
    "Print value of a symbolic link or canonical file name.",
    "f|canonicalize e|canonicalize-existing m|canonicalize-missing n|no-newline q|quiet s|silent v|verbose z|zero",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    for name in &p.operands {
        let found = if p.has("f") || p.has("e") || p.has("m") {
            crate::realpath::resolve(c, name, p.has("e"), p.has("m")).await
        } else {
            c.sys.readlink(name).await
        };
        match found {
            Ok(text) => {
                let end = if p.has("n") && p.operands.len() == 1 {
                    ""
                } else if p.has("z") {
                    "\0"
                } else {
                    "\n"
                };
                c.put(format!("{text}{end}")).await?;
            }
            Err(e) if p.has("v") => c.fail(format!("{}: {e}", quote::before_colon(name))).await,
            Err(_) => c.code = 1,
        }
    }
    Ok(())
}
