//! `usermod`: changes users.

use crate::accounts::Accounts;
use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] LOGIN",
    "Modify a user account.",
    "a|append c|comment= d|home= e|expiredate= f|inactive= g|gid= G|groups= l|login= L|lock m|move-home o|non-unique p|password= r|remove s|shell= u|uid= U|unlock",
)
.fails(2)
.version("shadow-utils 4.17 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let [name] = p.operands.as_slice() else {
        c.sys.eprint("Usage: usermod [options] LOGIN\n").await;
        return Err(Stop::Code(2));
    };
    if p.options.is_empty() {
        return c.die(0, "no changes").await;
    }
    if p.has("a") && !p.has("G") {
        c.warn("-a flag is only allowed with the -G flag").await;
        return Err(Stop::Code(2));
    }
    let mut a = Accounts::load(&c.sys).await;
    if !a.users.has(name) {
        return c.die(6, format!("user '{name}' does not exist")).await;
    }
    let mut wanted = Vec::new();
    for g in p.value("G").unwrap_or("").split(',').filter(|g| !g.is_empty()) {
        if !a.groups.has(g) {
            return c.die(6, format!("group '{g}' does not exist")).await;
        }
        wanted.push(g.to_owned());
    }
    if c.sys.ids().0 != 0 {
        c.warn("Permission denied.").await;
        return c.die(1, "cannot lock /etc/passwd; try again later.").await;
    }
    let gid = match p.value("g") {
        None => None,
        Some(g) => match a.gid(g) {
            Some(n) => Some(n.to_string()),
            None => return c.die(6, format!("group '{g}' does not exist")).await,
        },
    };
    if let Some(uid) = p.value("u").and_then(|u| u.parse::<u32>().ok())
        && a.users.taken(uid)
        && !p.has("o")
    {
        return c.die(4, format!("UID '{uid}' already exists")).await;
    }
    let mut moved = None;
    if let Some(row) = a.users.find(name) {
        row.resize(7, String::new());
        let changes = [("u", 2), ("c", 4), ("d", 5), ("s", 6), ("l", 0)];
        for (option, field) in changes {
            if let Some(v) = p.value(option) {
                let old = std::mem::replace(&mut row[field], v.to_owned());
                if option == "d" && p.has("m") {
                    moved = Some((old, v.to_owned()));
                }
            }
        }
        if let Some(g) = gid {
            row[3] = g;
        }
    }
    if let Some(row) = a.shadow.find(name) {
        row.resize(9, String::new());
        if p.has("L") && !row[1].starts_with('!') {
            row[1].insert(0, '!');
        }
        if p.has("U") && row[1].len() > 1 {
            row[1] = row[1].trim_start_matches('!').to_owned();
        }
        if let Some(v) = p.value("p") {
            v.clone_into(&mut row[1]);
        }
        if let Some(v) = p.value("l") {
            v.clone_into(&mut row[0]);
        }
    }
    if p.has("r") {
        for g in &wanted {
            a.leave(Some(g), name);
        }
    } else if p.has("G") {
        if !p.has("a") {
            a.leave(None, name);
        }
        for g in &wanted {
            a.join(g, name);
        }
    }
    if let Err(e) = a.save(&c.sys).await {
        return c.die(1, format!("cannot write /etc/passwd: {e}")).await;
    }
    if let Some((from, to)) = moved {
        let _ = c.sys.rename(&from, &to).await;
    }
    Ok(())
}
