//! `lscpu`: the processors.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options]",
    "Display information about the CPU architecture.",
    "a|all b|online B|bytes C|caches? c|offline e|extended? J|json p|parse? s|sysroot= x|hex y|physical output-all",
)
.version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let text = c.sys.read_file("/proc/cpuinfo").await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let of = |key: &str| {
        text.lines().filter_map(|l| l.split_once(':')).find(|(k, _)| k.trim() == key).map(|(_, v)| v.trim().to_owned())
    };
    let cpus = text.lines().filter(|l| l.starts_with("processor")).count().max(1);
    let list = if cpus == 1 { "0".to_owned() } else { format!("0-{}", cpus - 1) };
    let machine = c.sys.uname().await.map_or_else(|_| "x86_64".to_owned(), |u| u.machine);
    if p.has("p") {
        c.put("# The following is the parsable format, which can be fed to other\n# programs. Each different item in every column has an unique ID\n# starting usually from zero.\n# CPU,Core,Socket,Node,,L1d,L1i,L2,L3\n").await?;
        for n in 0..cpus {
            c.put(format!("{n},{n},0,0,,{n},{n},{n},0\n")).await?;
        }
        return Ok(());
    }
    let rows = [
        ("Architecture:", Some(machine)),
        ("CPU op-mode(s):", Some("32-bit, 64-bit".to_owned())),
        ("Address sizes:", of("address sizes")),
        ("Byte Order:", Some("Little Endian".to_owned())),
        ("CPU(s):", Some(cpus.to_string())),
        ("On-line CPU(s) list:", Some(list.clone())),
        ("Vendor ID:", of("vendor_id")),
        ("Model name:", of("model name")),
        ("CPU family:", of("cpu family")),
        ("Model:", of("model")),
        ("Thread(s) per core:", Some("1".to_owned())),
        ("Core(s) per socket:", Some(cpus.to_string())),
        ("Socket(s):", Some("1".to_owned())),
        ("Stepping:", of("stepping")),
        ("BogoMIPS:", of("bogomips")),
        ("Flags:", of("flags")),
        ("Hypervisor vendor:", of("flags").filter(|f| f.contains("hypervisor")).map(|_| "KVM".to_owned())),
        ("NUMA node(s):", Some("1".to_owned())),
        ("NUMA node0 CPU(s):", Some(list)),
    ];
    for (name, value) in rows {
        if let Some(v) = value {
            c.put(format!("{name:<40} {v}\n")).await?;
        }
    }
    Ok(())
}
