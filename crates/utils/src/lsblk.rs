//! `lsblk`: block devices. The machine has one disk with one partition.

use crate::cli::{Cli, Run, Spec, Stop, human};

const SPEC: Spec = Spec::new(
    "[options] [<device> ...]",
    "List information about block devices.",
    "a|all b|bytes d|nodeps f|fs l|list n|noheadings o|output= p|paths r|raw J|json m|perms t|topology S|scsi i|ascii P|pairs",
)
.version("util-linux 2.41 (simulated");

struct Device {
    name: &'static str,
    number: &'static str,
    size: u64,
    kind: &'static str,
    depth: usize,
    fs: &'static str,
}

/// The disk, as `df` knows it, and what the partition table takes.
const DEVICES: &[Device] = &[
    Device { name: "vda", number: "254:0", size: (60 << 30) + (1 << 20), kind: "disk", depth: 0, fs: "" },
    Device { name: "vda1", number: "254:1", size: 60 << 30, kind: "part", depth: 1, fs: "ext4" },
];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mounts = crate::findmnt::mounts(c).await;
    let at = |name: &str| {
        let device = format!("/dev/{name}");
        let places: Vec<String> = mounts.iter().filter(|m| m.source == device).map(|m| m.target.clone()).collect();
        places.join("\n")
    };
    let mut wanted: Vec<&Device> = DEVICES.iter().filter(|d| !p.has("d") || d.depth == 0).collect();
    if !p.operands.is_empty() {
        wanted.clear();
        for o in &p.operands {
            match DEVICES.iter().find(|d| d.name == o.trim_start_matches("/dev/")) {
                Some(d) => wanted.extend(DEVICES.iter().filter(|x| x.name == d.name || d.depth == 0 && x.depth > 0)),
                None => {
                    c.warn(format!("{o}: not a block device")).await;
                    c.code = 32;
                }
            }
        }
        if wanted.is_empty() {
            return Err(Stop::Code(c.code));
        }
    }
    let default = if p.has("f") {
        "NAME,FSTYPE,FSVER,LABEL,UUID,FSAVAIL,FSUSE%,MOUNTPOINTS"
    } else {
        "NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS"
    };
    let names = p.value("o").map_or_else(|| default.to_owned(), str::to_uppercase);
    let columns: Vec<&str> = names.split(',').collect();
    let lead = |d: &Device| if d.depth > 0 && !p.has("l") && !p.has("r") { "└─" } else { "" };
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !p.has("n") {
        rows.push(columns.iter().map(|n| (*n).to_owned()).collect());
    }
    for d in wanted {
        let path = if p.has("p") { "/dev/" } else { "" };
        rows.push(
            columns
                .iter()
                .map(|n| match *n {
                    "NAME" | "KNAME" => format!("{}{path}{}", lead(d), d.name),
                    "PATH" => format!("/dev/{}", d.name),
                    "MAJ:MIN" => d.number.to_owned(),
                    "RM" | "RO" => "0".to_owned(),
                    "SIZE" if p.has("b") => d.size.to_string(),
                    "SIZE" => human::size(d.size & !((1 << 28) - 1)).replace(".0", ""),
                    "TYPE" => d.kind.to_owned(),
                    "FSTYPE" => d.fs.to_owned(),
                    "FSVER" if d.fs == "ext4" => "1.0".to_owned(),
                    "MOUNTPOINT" | "MOUNTPOINTS" => at(d.name),
                    _ => String::new(),
                })
                .collect(),
        );
    }
    let right = |n: &str| matches!(n, "RM" | "SIZE" | "RO" | "MAJ:MIN" | "FSAVAIL" | "FSUSE%");
    let widths: Vec<usize> =
        (0..columns.len()).map(|i| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0)).collect();
    for r in rows {
        let cells: Vec<String> = r
            .iter()
            .zip(&columns)
            .enumerate()
            .map(|(i, (t, n))| {
                let w = widths[i];
                match *n {
                    _ if p.has("r") => t.clone(),
                    // The colon stands below the colon.
                    "MAJ:MIN" => format!(
                        "{t:<w$}",
                        t = format!("{}{t}", " ".repeat(3usize.saturating_sub(t.find(':').unwrap_or(3))))
                    ),
                    n if right(n) => format!("{t:>w$}"),
                    _ if i + 1 == r.len() => t.clone(),
                    _ => format!("{t:<w$}"),
                }
            })
            .collect();
        c.put(format!("{}\n", cells.join(" "))).await?;
    }
    if c.code > 0 { Err(Stop::Code(c.code)) } else { Ok(()) }
}
