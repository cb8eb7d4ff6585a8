//! `useradd` and `userdel`: makes users and takes them away.

use crate::accounts::{Accounts, make_home, number, remove_all, today, valid};
use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options] LOGIN",
    "Create a new user.",
    "b|base-dir= c|comment= d|home-dir|home= D|defaults e|expiredate= f|inactive= g|gid= G|groups= k|skel= K|key= l|no-log-init m|create-home M|no-create-home N|no-user-group o|non-unique p|password= r|system R|root= s|shell= u|uid= U|user-group badname",
)
.fails(2)
.version("shadow-utils 4.17 (simulated");
const DELETE: Spec =
    Spec::new("[options] LOGIN", "Delete a user account and related files.", "f|force r|remove R|root= Z")
        .fails(2)
        .version("shadow-utils 4.17 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "userdel" {
        return delete(c).await;
    }
    let p = c.parse(&SPEC).await?;
    if p.has("D") && p.operands.is_empty() {
        return c.put("GROUP=100\nGROUPS=\nHOME=/home\nINACTIVE=-1\nEXPIRE=\nSHELL=/bin/sh\nSKEL=/etc/skel\nUSRSKEL=/usr/etc/skel\nCREATE_MAIL_SPOOL=no\nLOG_INIT=yes\n").await;
    }
    let [name] = p.operands.as_slice() else {
        c.sys.eprint("Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n").await;
        return Err(crate::cli::Stop::Code(2));
    };
    if !valid(name) {
        return c.die(3, format!("invalid user name '{name}': use --badname to ignore")).await;
    }
    if c.sys.ids().0 != 0 {
        c.warn("Permission denied.").await;
        return c.die(1, "cannot lock /etc/passwd; try again later.").await;
    }
    let mut a = Accounts::load(&c.sys).await;
    if a.users.has(name) {
        return c.die(9, format!("user '{name}' already exists")).await;
    }
    let system = p.has("r");
    let uid = match p.value("u").map(str::parse::<u32>) {
        None => a.users.free(system),
        Some(Ok(n)) if !a.users.taken(n) || p.has("o") => n,
        Some(Ok(n)) => return c.die(4, format!("UID {n} is not unique")).await,
        Some(Err(_)) => return c.die(3, format!("invalid user ID '{}'", p.value("u").unwrap_or(""))).await,
    };
    let mut more = Vec::new();
    for g in p.value("G").unwrap_or("").split(',').filter(|g| !g.is_empty()) {
        match a.groups.rows.iter().find(|r| r.first().is_some_and(|n| n == g) || r.get(2).is_some_and(|n| n == g)) {
            Some(r) => more.push(r.first().cloned().unwrap_or_default()),
            None => return c.die(6, format!("group '{g}' does not exist")).await,
        }
    }
    let gid = match p.value("g") {
        Some(g) => match a.gid(g) {
            Some(gid) => gid,
            None => return c.die(6, format!("group '{g}' does not exist")).await,
        },
        None if p.has("N") => 100,
        None => {
            if a.groups.has(name) {
                return c
                    .die(9, format!("group {name} exists - if you want to add this user to that group, use -g."))
                    .await;
            }
            let gid = if a.groups.taken(uid) { a.groups.free(system) } else { uid };
            a.groups.add(&[name, "x", &gid.to_string(), ""]);
            gid
        }
    };
    let home = p.value("d").map_or_else(|| format!("{}/{name}", p.value("b").unwrap_or("/home")), str::to_owned);
    let shell = p.value("s").unwrap_or("/bin/sh");
    a.users.add(&[name, "x", &uid.to_string(), &gid.to_string(), p.value("c").unwrap_or(""), &home, shell]);
    let secret = p.value("p").unwrap_or("!");
    let ages = if system { ["", "", ""] } else { ["0", "99999", "7"] };
    a.shadow.add(&[name, secret, &today(&c.sys), ages[0], ages[1], ages[2], "", "", ""]);
    for g in more {
        a.join(&g, name);
    }
    if let Err(e) = a.save(&c.sys).await {
        return c.die(1, format!("cannot write /etc/passwd: {e}")).await;
    }
    if p.has("m") && !p.has("M") {
        if c.sys.stat(&home).await.is_ok() {
            c.warn(format!("warning: the home directory {home} already exists.")).await;
            c.warn("Not copying any file from skel directory into it.").await;
        } else if let Err(e) = make_home(&c.sys, &home, uid, gid, 0o755).await {
            return c.die(12, format!("cannot create directory {home}: {e}")).await;
        }
    }
    Ok(())
}

async fn delete(c: &mut Cli) -> Run<()> {
    let p = c.parse(&DELETE).await?;
    let [name] = p.operands.as_slice() else {
        c.sys.eprint("Usage: userdel [options] LOGIN\n").await;
        return Err(crate::cli::Stop::Code(2));
    };
    let mut a = Accounts::load(&c.sys).await;
    let Some(row) = a.users.find(name).cloned() else {
        return c.die(6, format!("user '{name}' does not exist")).await;
    };
    if c.sys.ids().0 != 0 {
        c.warn("Permission denied.").await;
        return c.die(1, "cannot lock /etc/passwd; try again later.").await;
    }
    let uid = number(&row, 2);
    let procs = c.sys.procs().await.unwrap_or_default();
    if let Some(busy) = procs.iter().find(|x| Some(x.uid) == uid).filter(|_| !p.has("f")) {
        return c.die(8, format!("user {name} is currently used by process {}", busy.pid)).await;
    }
    a.users.remove(name);
    a.shadow.remove(name);
    a.leave(None, name);
    let own = a.groups.find(name).is_some_and(|g| g.get(3).is_none_or(String::is_empty));
    if own {
        a.groups.remove(name);
    }
    if let Err(e) = a.save(&c.sys).await {
        return c.die(1, format!("cannot write /etc/passwd: {e}")).await;
    }
    if p.has("r") {
        let mail = format!("/var/mail/{name}");
        if c.sys.stat(&mail).await.is_ok() {
            let _ = c.sys.unlink(&mail).await;
        } else {
            c.warn(format!("{name} mail spool ({mail}) not found")).await;
        }
        let home = row.get(5).cloned().unwrap_or_default();
        if c.sys.stat(&home).await.is_ok() {
            remove_all(&c.sys, &home).await;
        } else {
            c.warn(format!("{name} home directory ({home}) not found")).await;
        }
    }
    Ok(())
}
