//! `printenv`: values of the environment.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec =
    Spec::new("[OPTION]... [VARIABLE]...", "Print the values of the specified environment VARIABLE(s).", "+0|null")
        .fails(2);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let end = if p.has("0") { '\0' } else { '\n' };
    if p.operands.is_empty() {
        let text: String = c.env.iter().map(|(k, v)| format!("{k}={v}{end}")).collect();
        return c.put(text).await;
    }
    for name in &p.operands {
        match c.var(name).map(|v| format!("{v}{end}")) {
            Some(line) => c.put(line).await?,
            None => c.code = 1,
        }
    }
    Ok(())
}
