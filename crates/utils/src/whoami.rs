//! `whoami`: the user's name.

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new("[OPTION]...", "Print the user name associated with the current effective user ID.", "");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if let Some(extra) = p.operands.first() {
        return c.usage(1, format!("extra operand {}", quote::word(extra))).await;
    }
    let (uid, _) = c.sys.ids();
    let names = Names::load(&c.sys).await;
    match names.users.iter().find(|u| u.uid == uid) {
        Some(u) => c.put(format!("{}\n", u.name)).await,
        None => c.die(1, format!("cannot find name for user ID {uid}: No such file or directory")).await,
    }
}
