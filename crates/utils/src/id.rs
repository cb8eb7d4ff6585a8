//! `id`: user and groups.

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [USER]...",
    "Print user and group information for each specified USER, or for the current process.",
    "a Z g|group G|groups n|name r|real u|user z|zero",
);

/// Runs it; also `groups`.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let names = Names::load(&c.sys).await;
    let mut who: Vec<Option<String>> = p.operands.iter().cloned().map(Some).collect();
    if who.is_empty() {
        who.push(None);
    }
    let lone = c.name == "groups";
    for w in who {
        let (uid, gid, groups) = match &w {
            None => {
                let (uid, gid) = c.sys.ids();
                let name = names.users.iter().find(|u| u.uid == uid).map_or(String::new(), |u| u.name.clone());
                (uid, gid, names.groups_of(&name, gid))
            }
            Some(name) => match names.users.iter().find(|u| u.name == *name || u.uid.to_string() == *name) {
                Some(u) => (u.uid, u.gid, names.groups_of(&u.name, u.gid)),
                None => {
                    c.fail(format!("{}: no such user", quote::always(name))).await;
                    continue;
                }
            },
        };
        let show = |n: u32, name: String| if p.has("n") || lone { name } else { n.to_string() };
        let line = if lone || p.has("G") {
            let list: Vec<String> = groups.iter().map(|g| show(*g, names.group(*g))).collect();
            let lead = w.filter(|_| lone).map_or_else(String::new, |n| format!("{n} : "));
            format!("{lead}{}", list.join(" "))
        } else if p.has("u") {
            show(uid, names.user(uid))
        } else if p.has("g") {
            show(gid, names.group(gid))
        } else {
            let named = |n: u32, name: String| if name == n.to_string() { name } else { format!("{n}({name})") };
            let list: Vec<String> = groups.iter().map(|g| named(*g, names.group(*g))).collect();
            format!(
                "uid={} gid={} groups={}",
                named(uid, names.user(uid)),
                named(gid, names.group(gid)),
                list.join(",")
            )
        };
        c.put(format!("{line}\n")).await?;
    }
    Ok(())
}
