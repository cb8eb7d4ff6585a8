//! `journalctl`: what services wrote (`/var/log/<unit>.log`), and the kernel's messages with `-k`.

use layerlab_kernel::SimTime;

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[OPTIONS...] [MATCHES...]",
    "Query the journal.",
    "u|unit= n|lines? f|follow r|reverse e|pager-end x|catalog k|dmesg b|boot? S|since= U|until= o|output= p|priority= q|quiet a|all t|identifier= no-pager no-hostname utc disk-usage list-boots",
)
.version("systemd 257 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `-n 20` is as good as `-n20` here.
    let mut args: Vec<String> = Vec::new();
    for a in std::mem::take(&mut c.args) {
        match args.last_mut() {
            Some(last) if last.as_str() == "-n" && a.parse::<u32>().is_ok() => last.push_str(&a),
            _ => args.push(a),
        }
    }
    let p = c.parse_args(&SPEC, args).await?;
    let lines = if p.has("n") { p.value("n").and_then(|n| n.parse::<usize>().ok()).unwrap_or(10) } else { usize::MAX };
    if p.has("k") {
        return crate::dmesg::print(c, false).await;
    }
    let mut files: Vec<String> =
        p.values("u").iter().map(|u| format!("/var/log/{}.log", u.trim_end_matches(".service"))).collect();
    if files.is_empty() {
        for e in c.sys.read_dir("/var/log").await.unwrap_or_default() {
            if e.name.ends_with(".log") {
                files.push(format!("/var/log/{}", e.name));
            }
        }
    }
    let mut text = String::new();
    for f in &files {
        match c.sys.read_file(f).await {
            Ok(b) => text.push_str(&String::from_utf8_lossy(&b)),
            Err(layerlab_kernel::Errno::EACCES) => {
                c.sys.eprint("Hint: You are currently not seeing messages from other users and the system.\n      Users in groups 'adm', 'systemd-journal' can see all messages.\n      Pass -q to turn off this notice.\n").await;
            }
            Err(_) => {}
        }
    }
    let mut all: Vec<&str> = text.lines().collect();
    if all.is_empty() && !p.has("f") {
        return c.put("-- No entries --\n").await;
    }
    all = all[all.len().saturating_sub(if p.has("f") { lines.min(10) } else { lines })..].to_vec();
    if p.has("r") {
        all.reverse();
    }
    for l in all {
        c.put(format!("{l}\n")).await?;
    }
    let mut shown = text.len();
    while p.has("f") {
        c.flush().await?;
        let _ = c.sys.sleep(SimTime::millis(500)).await;
        let mut now = String::new();
        for f in &files {
            now.push_str(&String::from_utf8_lossy(&c.sys.read_file(f).await.unwrap_or_default()));
        }
        if let Some(new) = now.get(shown..) {
            c.put(new).await?;
        }
        shown = now.len();
    }
    Ok(())
}
