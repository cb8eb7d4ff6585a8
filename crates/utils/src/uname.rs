//! `uname`: the kernel.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[OPTION]...",
    "Print certain system information. With no OPTION, same as -s.",
    "a|all s|kernel-name n|nodename r|kernel-release v|kernel-version m|machine p|processor i|hardware-platform o|operating-system",
);

/// Runs it; also `arch`.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 0).await?;
    let u = match c.sys.uname().await {
        Ok(u) => u,
        Err(e) => return c.die(1, format!("cannot get system name: {e}")).await,
    };
    if c.name == "arch" {
        return c.put(format!("{}\n", u.machine)).await;
    }
    let all = p.has("a");
    let rows = [
        ("s", "Linux", true),
        ("n", u.nodename.as_str(), true),
        ("r", u.release.as_str(), true),
        ("v", u.version.as_str(), true),
        ("m", u.machine.as_str(), true),
        ("p", "unknown", false),
        ("i", "unknown", false),
        ("o", "GNU/Linux", true),
    ];
    let mut parts: Vec<&str> = rows.iter().filter(|(o, _, in_all)| p.has(o) || all && *in_all).map(|r| r.1).collect();
    if parts.is_empty() {
        parts.push("Linux");
    }
    c.put(format!("{}\n", parts.join(" "))).await
}
