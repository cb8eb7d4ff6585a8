//! `dmesg`: the kernel's messages: `/dev/kmsg` where it is, else what boot says of this machine.

use layerlab_kernel::SimTime;

use crate::cli::{Cli, Run, Spec, time};

const SPEC: Spec = Spec::new(
    "[options]",
    "Display or control the kernel ring buffer.",
    "C|clear c|read-clear H|human k|kernel L|color? l|level= n|console-level= r|raw T|ctime t|notime u|userspace w|follow x|decode P|nopager S|syslog d|show-delta e|reltime",
)
.version("util-linux 2.41 (simulated");

/// What the machine is made of, as its kernel says at boot.
async fn boot(c: &Cli) -> Vec<(u64, String)> {
    let mut out = Vec::new();
    if let Ok(u) = c.sys.uname().await {
        out.push((0, format!("Linux version {} (debian-kernel@lists.debian.org) {}", u.release, u.version)));
        out.push((0, format!("Command line: BOOT_IMAGE=/boot/vmlinuz-{} root=/dev/vda1 ro quiet", u.release)));
    }
    if let Ok(i) = c.sys.sys_info().await {
        let k = i.memory_total / 1024;
        out.push((4_000, format!("smpboot: Allowing {} CPUs, 0 hotplug CPUs", i.cpus)));
        out.push((9_000, format!("Memory: {}K/{k}K available", k - k / 32)));
        out.push((61_000, format!("smp: Brought up 1 node, {} CPUs", i.cpus)));
    }
    out.push((412_000, "virtio_blk virtio1: [vda] 125831168 512-byte logical blocks (64.4 GB/60.0 GiB)".to_owned()));
    out.push((498_000, "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.".to_owned()));
    out
}

/// Prints them.
pub(crate) async fn print(c: &mut Cli, calendar: bool) -> Run<()> {
    let info = c.sys.sys_info().await;
    let start = c.sys.wall_clock() - info.map_or(0, |i| i.uptime.0 as i64);
    for (micros, text) in boot(c).await {
        let line = if calendar {
            let at = start / 1_000_000_000 + (micros / 1_000_000) as i64;
            format!("[{}] {text}\n", time::format("%a %b %e %H:%M:%S %Y", at, 0))
        } else {
            format!("[{:>5}.{:06}] {text}\n", micros / 1_000_000, micros % 1_000_000)
        };
        c.put(line).await?;
    }
    Ok(())
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if c.sys.ids().0 != 0 {
        return c.die(1, "read kernel buffer failed: Operation not permitted").await;
    }
    if p.has("C") {
        return Ok(());
    }
    print(c, p.has("T")).await?;
    while p.has("w") {
        c.flush().await?;
        let _ = c.sys.sleep(SimTime::secs(3600)).await;
    }
    Ok(())
}
