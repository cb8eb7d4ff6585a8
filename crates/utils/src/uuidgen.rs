//! `uuidgen` and `mcookie`: random numbers with a name.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options]",
    "Create a new random value.",
    "r|random t|time n|namespace= N|name= m|md5 s|sha1 x|hex f|file= m|max-size= v|verbose",
)
.version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    c.parse(&SPEC).await?;
    let mut bytes = c.sys.random(16).await.unwrap_or_default().to_vec();
    bytes.resize(16, 0);
    if c.name == "uuidgen" {
        // RFC 9562, version 4.
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
    }
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    if c.name != "uuidgen" {
        return c.put(format!("{hex}\n")).await;
    }
    let part = |a: usize, b: usize| hex.get(a..b).unwrap_or("");
    c.put(format!("{}-{}-{}-{}-{}\n", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))).await
}
