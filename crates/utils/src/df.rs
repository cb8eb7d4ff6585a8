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
    let busybox = c.variant == "busybox";
    let (only, without) = (p.values("t"), p.values("x"));
    if !only.is_empty() || !without.is_empty() {
        chosen.retain(|m| {
            let kind = m.kind.name();
            (only.is_empty() || only.iter().any(|t| t == kind)) && !without.iter().any(|t| t == kind)
        });
        if chosen.is_empty() {
            return c.die(1, "no file systems processed").await;
        }
    }
    let (human, si) = (p.has("h"), p.has("H"));
    let show = |n: u64| match (human, si) {
        (true, _) if busybox => human::size_busybox(n),
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
    let inodes = p.has("i");
    if inodes {
        rows = vec![["Filesystem", "Type", "Inodes", "IUsed", "IFree", "IUse%", "Mounted on"].map(str::to_owned)];
    }
    let mut sums = (0, 0, 0);
    for m in chosen {
        let source = match m.kind {
            FsKind::Ext4 => "/dev/vda1",
            FsKind::Devtmpfs => "udev",
            other => other.name(),
        };
        // ext4 has one inode for each 16 KiB; a file takes one.
        let (size, used, free) = if inodes {
            let (all, used) = (m.total / 16_384, m.used.div_ceil(16_384 * 16));
            (all, used, all.saturating_sub(used))
        } else {
            (m.total, m.used.min(m.total), m.free)
        };
        sums = (sums.0 + size, sums.1 + used, sums.2 + free);
        let show = |n: u64| if inodes && !human && !si { n.to_string() } else { show(n) };
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
    if p.has("total") {
        let (size, used, free) = sums;
        let show = |n: u64| if inodes && !human && !si { n.to_string() } else { show(n) };
        let full = (used * 100).div_ceil((used + free).max(1));
        rows.push([
            "total".to_owned(),
            "-".to_owned(),
            show(size),
            show(used),
            show(free),
            format!("{full}%"),
            "-".to_owned(),
        ]);
    }
    if let Some((_, list)) = p.options.iter().find(|o| o.0 == "output") {
        let known = ["source", "fstype", "size", "used", "avail", "pcent", "target"];
        let list = list.clone().unwrap_or_else(|| known.join(","));
        let mut columns = Vec::new();
        for name in list.split(',') {
            match known.iter().position(|k| *k == name) {
                Some(n) => columns.push(n),
                None => {
                    return c.usage(1, format!("option --output: field {} unknown", quote::word(name))).await;
                }
            }
        }
        let least = [14, 0, 5, 5, 5, 4, 0];
        let wide = |n: &usize| rows.iter().map(|r| r[*n].len()).max().unwrap_or(0).max(least[*n]);
        for r in &rows {
            let cells: Vec<String> = columns
                .iter()
                .map(|n| {
                    if matches!(n, 2..=5) {
                        format!("{:>w$}", r[*n], w = wide(n))
                    } else {
                        format!("{:<w$}", r[*n], w = wide(n))
                    }
                })
                .collect();
            c.put(format!("{}\n", cells.join(" ").trim_end())).await?;
        }
        return Ok(());
    }
    if c.variant == "busybox" {
        for (i, r) in rows.iter().enumerate() {
            let heading = if inodes {
                format!("{:>9}", "Inodes")
            } else if p.has("P") {
                r[2].clone()
            } else {
                format!("{:>9}", r[2])
            };
            let kind = if p.has("T") { format!("{:<10} ", r[1]) } else { String::new() };
            let line = match i {
                0 => format!("Filesystem           {kind}{heading:<15}Used {:>9} {} Mounted on\n", "Available", r[5]),
                _ => format!(
                    "{:<20} {kind}{:>9} {:>9} {:>9} {:>3}% {}\n",
                    r[0],
                    r[2],
                    r[3],
                    r[4],
                    r[5].trim_end_matches('%'),
                    r[6]
                ),
            };
            c.put(line).await?;
        }
        return Ok(());
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
