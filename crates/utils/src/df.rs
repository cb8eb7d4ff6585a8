//! `df`: space on file systems, by the sizes that files stand for.

use layerlab_kernel::vfs::FsKind;

use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Show information about the file system on which each FILE resides, or all file systems by default.",
    "a|all B|block-size= h|human-readable H|si i|inodes k l|local m P|portability T|print-type t|type= x|exclude-type= total output?",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mounts = c.sys.mounts().await.unwrap_or_default();
    let mut chosen = Vec::new();
    for path in &p.operands {
        match c.sys.real_path(path).await {
            Ok(full) => {
                let best = mounts
                    .iter()
                    .filter(|m| full == m.path || full.starts_with(&format!("{}/", m.path.trim_end_matches('/'))))
                    .max_by_key(|m| m.path.len());
                chosen.extend(best.or(mounts.first()).cloned());
            }
            Err(e) => c.fail(format!("{}: {e}", quote::before_colon(path))).await,
        }
    }
    if p.operands.is_empty() {
        // Those that hold no bytes are left out.
        chosen = mounts.into_iter().filter(|m| !m.kind.is_pseudo()).collect();
    }
    let (human, si) = (p.has("h"), p.has("H"));
    let show = |n: u64| match (human, si) {
        (true, _) => human::size(n),
        (_, true) => human::size_si(n),
        _ if p.has("m") => n.div_ceil(1 << 20).to_string(),
        _ => n.div_ceil(1024).to_string(),
    };
    let size_heading = if human || si {
        "Size"
    } else if p.has("m") {
        "1M-blocks"
    } else if p.has("P") {
        "1024-blocks"
    } else {
        "1K-blocks"
    };
    let (free, percent) =
        (if human || si { "Avail" } else { "Available" }, if p.has("P") { "Capacity" } else { "Use%" });
    let mut rows = vec![[
        "Filesystem".to_owned(),
        "Type".to_owned(),
        size_heading.to_owned(),
        "Used".to_owned(),
        free.to_owned(),
        percent.to_owned(),
        "Mounted on".to_owned(),
    ]];
    for m in chosen {
        let source = match m.kind {
            FsKind::Ext4 => "/dev/vda1",
            FsKind::Devtmpfs => "udev",
            other => other.name(),
        };
        let (size, used, free) = (m.total, m.used.min(m.total), m.free);
        let full = (used * 100).div_ceil((used + free).max(1));
        rows.push([
            source.to_owned(),
            m.kind.name().to_owned(),
            show(size),
            show(used),
            show(free),
            format!("{full}%"),
            m.path,
        ]);
    }
    let widths: Vec<usize> = (0..7).map(|i| rows.iter().map(|r| r[i].len()).max().unwrap_or(0)).collect();
    for r in &rows {
        let mut line = format!("{:<w$} ", r[0], w = widths[0].max(14));
        if p.has("T") {
            line.push_str(&format!("{:<w$} ", r[1], w = widths[1]));
        }
        let least = [0, 0, 5, 5, 5, 4];
        for i in 2..6 {
            line.push_str(&format!("{:>w$} ", r[i], w = widths[i].max(least[i])));
        }
        c.put(format!("{line}{}\n", r[6])).await?;
    }
    Ok(())
}
