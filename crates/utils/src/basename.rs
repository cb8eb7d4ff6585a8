//! `basename`: the last part of a path.

use crate::cli::{Cli, Run, Spec, path};

const SPEC: Spec = Spec::new(
    "NAME [SUFFIX]",
    "Print NAME with any leading directory components removed.",
    "+a|multiple s|suffix= z|zero",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let many = p.has("a") || p.has("s");
    if !many {
        c.at_most(&p.operands, 2).await?;
    }
    let suffix =
        p.value("s").map(str::to_owned).or_else(|| p.operands.get(1).filter(|_| !many).cloned()).unwrap_or_default();
    let names = if many { p.operands.as_slice() } else { &p.operands[..1] };
    for name in names {
        let base = path::base(name);
        let base = base.strip_suffix(&suffix).filter(|b| !b.is_empty()).unwrap_or(base);
        c.put(format!("{base}{}", if p.has("z") { '\0' } else { '\n' })).await?;
    }
    Ok(())
}
