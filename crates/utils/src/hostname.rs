//! `hostname`: shows or sets the host's name.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[OPTION]... [NAME]",
    "Show or set the system's host name.",
    "a|alias A|all-fqdns d|domain f|fqdn|long F|file= i|ip-address I|all-ip-addresses s|short y",
)
.version("net-tools hostname) 3.25 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let name = c.sys.uname().await.map(|u| u.nodename).unwrap_or_default();
    if let Some(new) = p.operands.first() {
        if c.sys.call(layerlab_kernel::Syscall::SetHostname { name: new.clone() }).await.is_err() {
            return c.die(1, "you must be root to change the host name").await;
        }
        return Ok(());
    }
    let line = if p.has("i") {
        match c.sys.resolve(&name).await {
            Ok(a) => a.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(_) => return c.die(1, "Name or service not known").await,
        }
    } else if p.has("I") {
        let all = c.sys.interfaces().await.unwrap_or_default();
        all.iter().filter_map(|i| i.addr).filter(|a| !a.0.is_loopback()).map(|a| format!("{} ", a.0)).collect()
    } else if p.has("s") {
        name.split('.').next().unwrap_or("").to_owned()
    } else if p.has("d") {
        name.split_once('.').map_or(String::new(), |n| n.1.to_owned())
    } else {
        name
    };
    c.put(format!("{line}\n")).await
}
