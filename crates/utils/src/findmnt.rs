//! `findmnt`: mounted file systems as a tree.

use layerlab_kernel::vfs::FsKind;

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] [<device> | <mountpoint>]",
    "Find a (mounted) filesystem.",
    "D|df l|list n|noheadings o|output= r|raw t|types= T|target= S|source= R|submounts J|json P|pairs a|ascii e|evaluate u|notruncate m|mtab k|kernel s|fstab",
)
.version("util-linux 2.41 (simulated");

/// A mount as `/proc/mounts` would have it.
pub(crate) struct Row {
    /// Device, or what stands for it.
    pub(crate) source: String,
    /// Where.
    pub(crate) target: String,
    /// Kind of file system.
    pub(crate) kind: String,
    /// Options.
    pub(crate) options: String,
}

/// The mounts of the caller's namespace: from `/proc/mounts`, else from the kernel itself.
pub(crate) async fn mounts(c: &Cli) -> Vec<Row> {
    if let Ok(text) = c.sys.read_file("/proc/self/mounts").await
        && !text.is_empty()
    {
        let plain = |s: &str| s.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        return String::from_utf8_lossy(&text)
            .lines()
            .filter_map(|l| {
                let f: Vec<&str> = l.split(' ').collect();
                Some(Row {
                    source: plain(f.first()?),
                    target: plain(f.get(1)?),
                    kind: (*f.get(2)?).to_owned(),
                    options: (*f.get(3)?).to_owned(),
                })
            })
            .collect();
    }
    let all = c.sys.mounts().await.unwrap_or_default();
    all.into_iter()
        .map(|m| Row {
            source: match m.kind {
                FsKind::Ext4 => "/dev/vda1".to_owned(),
                k => k.name().to_owned(),
            },
            target: m.path,
            kind: m.kind.name().to_owned(),
            options: format!("{},relatime", if m.read_only { "ro" } else { "rw" }),
        })
        .collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let all = mounts(c).await;
    let types: Option<Vec<&str>> = p.value("t").map(|t| t.split(',').collect());
    let operand = p.operands.first().cloned().or(p.value("S").map(str::to_owned));
    let place = match p.value("T") {
        Some(path) => {
            let Ok(full) = c.sys.real_path(path).await else { return Err(Stop::Code(1)) };
            let below = |t: &str| full == t || full.starts_with(&format!("{}/", t.trim_end_matches('/')));
            all.iter().filter(|m| below(&m.target)).max_by_key(|m| m.target.len()).map(|m| m.target.clone())
        }
        None => None,
    };
    let picked = operand.is_some() || p.has("T") || types.is_some();
    let shown: Vec<&Row> = all
        .iter()
        .filter(|m| types.as_ref().is_none_or(|t| t.contains(&m.kind.as_str())))
        .filter(|m| operand.as_ref().is_none_or(|o| *o == m.target || *o == m.source))
        .filter(|m| !p.has("T") || Some(&m.target) == place.as_ref())
        .collect();
    if shown.is_empty() {
        return Err(Stop::Code(1));
    }
    let names = p.value("o").map_or_else(|| "TARGET,SOURCE,FSTYPE,OPTIONS".to_owned(), str::to_uppercase);
    let columns: Vec<&str> = names.split(',').collect();
    let parent = |m: &Row| {
        all.iter()
            .filter(|o| o.target != m.target && (o.target == "/" || m.target.starts_with(&format!("{}/", o.target))))
            .max_by_key(|o| o.target.len())
            .map(|o| o.target.clone())
    };
    // In the tree a mount is below the one that it is mounted in.
    let mut ordered: Vec<(String, &Row)> = Vec::new();
    if picked || p.has("l") || p.has("r") || p.has("D") {
        ordered.extend(shown.iter().map(|m| (String::new(), *m)));
    } else {
        let mut todo: Vec<(String, String, &Row)> =
            shown.iter().filter(|m| parent(m).is_none()).rev().map(|m| (String::new(), String::new(), *m)).collect();
        while let Some((lead, below, m)) = todo.pop() {
            let children: Vec<&&Row> = shown.iter().filter(|k| parent(k).as_ref() == Some(&m.target)).collect();
            for (i, child) in children.iter().enumerate().rev() {
                let end = i + 1 == children.len();
                todo.push((
                    format!("{below}{}", if end { "└─" } else { "├─" }),
                    format!("{below}{}", if end { "  " } else { "│ " }),
                    child,
                ));
            }
            ordered.push((lead, m));
        }
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !p.has("n") {
        rows.push(columns.iter().map(|n| (*n).to_owned()).collect());
    }
    for (lead, m) in ordered {
        rows.push(
            columns
                .iter()
                .map(|n| match *n {
                    "TARGET" => format!("{lead}{}", m.target),
                    "SOURCE" => m.source.clone(),
                    "FSTYPE" => m.kind.clone(),
                    "OPTIONS" => m.options.clone(),
                    _ => String::new(),
                })
                .collect(),
        );
    }
    let widths: Vec<usize> =
        (0..columns.len()).map(|i| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0)).collect();
    for r in rows {
        let cells: Vec<String> = r
            .iter()
            .enumerate()
            .map(|(i, t)| if p.has("r") || i + 1 == r.len() { t.clone() } else { format!("{t:<w$}", w = widths[i]) })
            .collect();
        c.put(format!("{}\n", cells.join(" ").trim_end())).await?;
    }
    Ok(())
}
