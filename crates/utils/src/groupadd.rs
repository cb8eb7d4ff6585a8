//! `groupadd`, `groupdel` and `groupmod`: makes, takes away and changes groups.

use crate::accounts::{Accounts, number, valid};
use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] GROUP",
    "Create, delete or modify a group.",
    "f|force g|gid= K|key= n|new-name= o|non-unique p|password= r|system U|users=",
)
.fails(2)
.version("shadow-utils 4.17 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let [name] = p.operands.as_slice() else {
        c.sys.eprint(format!("Usage: {} [options] GROUP\n", c.name)).await;
        return Err(Stop::Code(2));
    };
    let mut a = Accounts::load(&c.sys).await;
    let add = c.name == "groupadd";
    if add && !valid(name) {
        return c.die(3, format!("'{name}' is not a valid group name")).await;
    }
    if !add && !a.groups.has(name) {
        return c.die(6, format!("group '{name}' does not exist")).await;
    }
    if add && a.groups.has(name) {
        return if p.has("f") { Ok(()) } else { c.die(9, format!("group '{name}' already exists")).await };
    }
    if c.sys.ids().0 != 0 {
        c.warn("Permission denied.").await;
        return c.die(10, "cannot lock /etc/group; try again later.").await;
    }
    let gid = match p.value("g").map(str::parse::<u32>) {
        None => None,
        Some(Ok(n)) if !a.groups.taken(n) || p.has("o") => Some(n),
        Some(Ok(n)) => return c.die(4, format!("GID '{n}' already exists")).await,
        Some(Err(_)) => return c.die(3, format!("invalid group ID '{}'", p.value("g").unwrap_or(""))).await,
    };
    match c.name.as_str() {
        "groupdel" => {
            let id = a.gid(name);
            if let Some(user) = a.users.rows.iter().find(|u| number(u, 3) == id) {
                let user = user.first().cloned().unwrap_or_default();
                return c.die(8, format!("cannot remove the primary group of user '{user}'")).await;
            }
            a.groups.remove(name);
        }
        "groupmod" => {
            if let Some(row) = a.groups.find(name) {
                row.resize(4, String::new());
                if let Some(n) = gid {
                    row[2] = n.to_string();
                }
                if let Some(new) = p.value("n") {
                    new.clone_into(&mut row[0]);
                }
            }
        }
        _ => {
            let gid = gid.unwrap_or_else(|| a.groups.free(p.has("r")));
            a.groups.add(&[name, "x", &gid.to_string(), p.value("U").unwrap_or("")]);
        }
    }
    match a.save(&c.sys).await {
        Ok(()) => Ok(()),
        Err(e) => c.die(10, format!("cannot write /etc/group: {e}")).await,
    }
}
