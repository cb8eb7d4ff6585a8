//! `mountpoint`: whether a directory is one.

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[-qd] <directory>",
    "Check whether a directory or file is a mountpoint.",
    "q|quiet nofollow d|fs-devno x|devno",
)
.version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let [path] = p.operands.as_slice() else { return c.usage(1, "bad usage").await };
    let stat = match c.sys.stat(path).await {
        Ok(s) => s,
        Err(_) if p.has("q") => return Err(Stop::Code(1)),
        Err(e) => return c.die(1, format!("{path}: {e}")).await,
    };
    if p.has("d") && stat.file_type == FileType::Dir {
        c.put(format!("{}:{}\n", stat.dev >> 8, stat.dev & 0xff)).await?;
    }
    let real = c.sys.real_path(path).await.unwrap_or_default();
    let table = c.sys.read_file("/proc/self/mountinfo").await.unwrap_or_default();
    let is = String::from_utf8_lossy(&table).lines().any(|l| l.split(' ').nth(4) == Some(real.as_str()));
    if !p.has("q") && !p.has("d") {
        c.put(format!("{path} is {}a mountpoint\n", if is { "" } else { "not " })).await?;
    }
    if is { Ok(()) } else { Err(Stop::Code(32)) }
}
