//! `whereis`: where a command and its manual page are.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options] [-BMS <dir>... -f] <name>",
    "Locate the binary, source, and manual-page files for a command.",
    "b m s u l",
)
.version("util-linux 2.41 (simulated");

const PLACES: &[&str] =
    &["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/lib", "/etc", "/usr/local/bin", "/usr/local/sbin", "/usr/share"];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() && !p.has("l") {
        return c.usage(1, "not enough arguments").await;
    }
    for name in &p.operands {
        let base = crate::cli::path::base(name);
        let mut found: Vec<String> = Vec::new();
        for dir in PLACES.iter().filter(|_| !p.has("m") && !p.has("s")) {
            let path = format!("{dir}/{base}");
            let Ok(real) = c.sys.real_path(dir).await else { continue };
            let known = found.iter().any(|f| *f == format!("{real}/{base}"));
            if c.sys.stat(&path).await.is_ok() && !known && real == *dir {
                found.push(path);
            }
        }
        let list: String = found.iter().map(|f| format!(" {f}")).collect();
        c.put(format!("{base}:{list}\n")).await?;
    }
    Ok(())
}
