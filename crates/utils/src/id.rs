//! `id`: user and groups.

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [USER]...",
    "Print user and group information for each specified USER, or for the current process.",
    "a Z g|group G|groups n|name r|real u|user z|zero",
);

/// Whose something is: real and effective ids, and the groups, as getgroups(2) tells them.
struct Whose {
    uid: u32,
    gid: u32,
    euid: u32,
    egid: u32,
    groups: Vec<u32>,
}

/// Runs it; also `groups`.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let names = Names::load(&c.sys).await;
    let (lone, busybox) = (c.name == "groups", c.variant == "busybox");
    let only = p.has("u") || p.has("g") || p.has("G");
    if !lone && !busybox && !only && (p.has("n") || p.has("r")) {
        return c.die(1, "cannot print only names or real IDs in default format").await;
    }
    if p.has("Z") && !busybox {
        return c.die(1, "--context (-Z) works only on an SELinux-enabled kernel").await;
    }
    let mut who: Vec<Option<String>> = p.operands.iter().cloned().map(Some).collect();
    if who.is_empty() {
        who.push(None);
    }
    for w in who {
        let of = match &w {
            None => {
                let i = c.sys.get_ids().await.unwrap_or_default();
                // busybox gives up what a setuid bit gave before it begins.
                let (euid, egid) = if busybox { i.real } else { i.effective };
                Whose { uid: i.real.0, gid: i.real.1, euid, egid, groups: i.groups }
            }
            Some(name) => match names.users.iter().find(|u| u.name == *name || u.uid.to_string() == *name) {
                Some(u) => {
                    let groups = names.groups_of(&u.name, u.gid);
                    Whose { uid: u.uid, gid: u.gid, euid: u.uid, egid: u.gid, groups }
                }
                None => {
                    c.fail(format!("{}: no such user", quote::word(name))).await;
                    continue;
                }
            },
        };
        let show = |n: u32, name: String| if p.has("n") || lone { name } else { n.to_string() };
        let line = if lone || p.has("G") {
            let mut list = vec![of.gid];
            for g in std::iter::once(of.egid).chain(of.groups.iter().copied()) {
                if !list.contains(&g) {
                    list.push(g);
                }
            }
            let list: Vec<String> = list.iter().map(|g| show(*g, names.group(*g))).collect();
            let lead = w.filter(|_| lone).map_or_else(String::new, |n| format!("{n} : "));
            format!("{lead}{}", list.join(" "))
        } else if p.has("u") {
            let n = if p.has("r") { of.uid } else { of.euid };
            show(n, names.user(n))
        } else if p.has("g") {
            let n = if p.has("r") { of.gid } else { of.egid };
            show(n, names.group(n))
        } else {
            all(&names, &of, busybox)
        };
        c.put(format!("{line}\n")).await?;
    }
    Ok(())
}

/// The line that says everything.
fn all(names: &Names, of: &Whose, busybox: bool) -> String {
    let named = |n: u32, name: String| if name == n.to_string() { name } else { format!("{n}({name})") };
    let mut line = format!("uid={} gid={}", named(of.uid, names.user(of.uid)), named(of.gid, names.group(of.gid)));
    if of.euid != of.uid {
        line.push_str(&format!(" euid={}", named(of.euid, names.user(of.euid))));
    }
    if of.egid != of.gid {
        line.push_str(&format!(" egid={}", named(of.egid, names.group(of.egid))));
    }
    // GNU's tells the effective group first (gnulib `mgetgroups`).
    let mut list = if busybox { Vec::new() } else { vec![of.egid] };
    list.extend(of.groups.iter().copied().filter(|g| busybox || *g != of.egid));
    list.dedup();
    let list: Vec<String> = list.iter().map(|g| named(*g, names.group(*g))).collect();
    if !list.is_empty() {
        line.push_str(&format!(" groups={}", list.join(",")));
    }
    line
}
