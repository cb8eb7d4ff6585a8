//! `who`, `w`, `users`, `last`, `logname`: who is there. A login is a session with a terminal.

use layerlab_kernel::ProcInfo;

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[OPTION]... [ FILE | ARG1 ARG2 ]",
    "Print information about users who are currently logged in.",
    "a|all b|boot H|heading m q|count r|runlevel s|short T|w|mesg u|users f|from h|no-header o|old-style i|ip-addr n=",
);

/// The leaders of sessions on terminals, one a terminal.
async fn sessions(c: &Cli) -> Vec<ProcInfo> {
    let mut all = c.sys.procs().await.unwrap_or_default();
    all.retain(|p| p.tty.is_some() && p.sid == p.pid);
    all
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let names = Names::load(&c.sys).await;
    let list = sessions(c).await;
    let info = c.sys.sys_info().await;
    let up = info.map_or(0, |i| i.uptime.0);
    let boot = c.sys.wall_clock() - up as i64;
    let zone = c.zone().await;
    let at = |t: u64, f: &str| zone.format(f, (boot + t as i64) / 1_000_000_000, 0);
    let tty = |x: &ProcInfo| x.tty.clone().unwrap_or_default();
    let mut text = String::new();
    match c.name.as_str() {
        "logname" => {
            let procs = c.sys.procs().await.unwrap_or_default();
            let mine = procs.iter().find(|x| x.pid == c.sys.pid()).and_then(|x| x.tty.clone());
            return match list.iter().find(|x| x.tty == mine && mine.is_some()) {
                Some(x) => c.put(format!("{}\n", names.user(x.uid))).await,
                None => c.die(1, "no login name").await,
            };
        }
        "users" => {
            let mut users: Vec<String> = list.iter().map(|x| names.user(x.uid)).collect();
            users.sort();
            text = format!("{}\n", users.join(" "));
        }
        "last" => {
            for x in &list {
                let day = at(x.started.0, "%a %b %e %H:%M");
                text.push_str(&format!("{:<8} {:<12} {:<16} {day}   still logged in\n", names.user(x.uid), tty(x), ""));
            }
            let day = at(0, "%a %b %e %H:%M");
            let release = c.sys.uname().await.map(|u| u.release).unwrap_or_default();
            let release: String = release.chars().take(16).collect();
            text.push_str(&format!("{:<8} {:<12} {release:<16} {day}   still running\n", "reboot", "system boot"));
            text.push_str(&format!("\nwtmp begins {}\n", at(0, "%a %b %e %H:%M:%S %Y")));
        }
        "w" => {
            if !p.has("h") {
                text = format!("{}\n", crate::uptime::line(c).await);
                text.push_str("USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n");
            }
            let procs = c.sys.procs().await.unwrap_or_default();
            for x in list.iter().filter(|x| p.operands.first().is_none_or(|u| *u == names.user(x.uid))) {
                let on: Vec<&ProcInfo> = procs.iter().filter(|y| y.tty == x.tty).collect();
                let seconds = |n: u64| format!("{}.{:02}s", n / 1_000_000_000, n / 10_000_000 % 100);
                let jobs: u64 = on.iter().map(|y| y.cpu.0).sum();
                let front = on.iter().filter(|y| y.foreground).max_by_key(|y| y.pid).copied().unwrap_or(x);
                text.push_str(&format!(
                    "{:<8} {:<8} {:<16} {}    {:>5}  {:>5}  {:>5} {}\n",
                    names.user(x.uid),
                    tty(x),
                    "-",
                    at(x.started.0, "%H:%M"),
                    "0.00s",
                    seconds(jobs),
                    seconds(front.cpu.0),
                    front.argv.join(" ")
                ));
            }
        }
        _ => {
            if p.has("q") {
                let users: Vec<String> = list.iter().map(|x| names.user(x.uid)).collect();
                return c.put(format!("{}\n# users={}\n", users.join(" "), users.len())).await;
            }
            if p.has("H") {
                text.push_str("NAME     LINE         TIME             COMMENT\n");
            }
            if p.has("b") || p.has("a") {
                text.push_str(&format!("         {:<12} {}\n", "system boot", at(0, "%Y-%m-%d %H:%M")));
            }
            if !p.has("b") || p.has("a") {
                for x in &list {
                    text.push_str(&format!(
                        "{:<8} {:<12} {}\n",
                        names.user(x.uid),
                        tty(x),
                        at(x.started.0, "%Y-%m-%d %H:%M")
                    ));
                }
            }
        }
    }
    c.put(text).await
}
