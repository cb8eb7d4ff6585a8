//! `adduser`, `addgroup`, `deluser`, `delgroup`: Debian's, and busybox's of the same names.

use crate::accounts::{Accounts, make_home, number, remove_all, today, valid};
use crate::auth::{ask, crypt};
use crate::cli::{Cli, Parsed, Run, Spec, Stop};

const DEBIAN: Spec = Spec::new(
    "[options] user [group]",
    "Add a user or group to the system.",
    "system group gid= ingroup= uid= home= shell= gecos|comment= disabled-password disabled-login no-create-home add-extra-groups quiet q|quiet2 force-badname allow-badname allow-bad-names remove-home remove-all-files backup only-if-empty firstuid= lastuid= debug",
)
.version("adduser 3.152 (simulated");
const BUSYBOX: Spec = Spec::new(
    "[OPTIONS] USER [GROUP]",
    "Create new user, or add USER to GROUP",
    "h= g= s= G= S D H u= k= remove-home system",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let busybox = c.variant == "busybox";
    let group = c.name == "addgroup" || c.name == "delgroup";
    let p = match (busybox, c.name.as_str()) {
        // In busybox's addgroup -g is a number.
        (true, "addgroup") => {
            c.parse(&Spec::new("[-g GID] [-S] [USER] GROUP", "Add a group or add a user to a group", "g= S")).await?
        }
        (true, _) => c.parse(&BUSYBOX).await?,
        _ => c.parse(&DEBIAN).await?,
    };
    let me = c.name.clone();
    if c.sys.ids().0 != 0 {
        let text = if busybox {
            format!("{me}: permission denied (are you root?)\n")
        } else {
            "fatal: Only root may add a user or group to the system.\n".to_owned()
        };
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    }
    if p.operands.is_empty() || p.operands.len() > 2 {
        let text = if busybox {
            format!("Usage: {me} [OPTIONS] {}\n", if group { "[USER] GROUP" } else { "USER [GROUP]" })
        } else {
            "fatal: Only one or two names allowed.\n".to_owned()
        };
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    }
    let mut a = Accounts::load(&c.sys).await;
    match (me.as_str(), p.operands.len()) {
        ("deluser" | "delgroup", _) => remove(c, &mut a, &p, group || p.has("group")).await,
        (_, 2) => member(c, &mut a, &p.operands, busybox).await,
        ("addgroup", _) => new_group(c, &mut a, &p, busybox).await,
        _ if p.has("group") && !p.has("system") => new_group(c, &mut a, &p, busybox).await,
        _ => new_user(c, &mut a, &p, busybox).await,
    }
}

/// Says something that goes well (Debian's only).
async fn say(c: &mut Cli, p: &Parsed, busybox: bool, text: String) -> Run<()> {
    if busybox || p.has("quiet") || p.has("q") { Ok(()) } else { c.put(format!("{text}\n")).await }
}

async fn fail(c: &mut Cli, busybox: bool, text: String) -> Run<()> {
    let lead = if busybox { format!("{}: ", c.name) } else { "fatal: ".to_owned() };
    c.sys.eprint(format!("{lead}{text}\n")).await;
    Err(Stop::Code(1))
}

async fn save(c: &mut Cli, a: &Accounts, busybox: bool) -> Run<()> {
    match a.save(&c.sys).await {
        Ok(()) => Ok(()),
        Err(e) => fail(c, busybox, format!("/etc/passwd: {e}")).await,
    }
}

async fn member(c: &mut Cli, a: &mut Accounts, names: &[String], busybox: bool) -> Run<()> {
    let [user, group] = names else { return Ok(()) };
    if !a.users.has(user) {
        let text = if busybox { format!("unknown user {user}") } else { format!("The user `{user}' does not exist.") };
        return fail(c, busybox, text).await;
    }
    if !a.groups.has(group) {
        let text =
            if busybox { format!("unknown group {group}") } else { format!("The group `{group}' does not exist.") };
        return fail(c, busybox, text).await;
    }
    a.join(group, user);
    if !busybox {
        c.put(format!("info: Adding user `{user}' to group `{group}' ...\n")).await?;
    }
    save(c, a, busybox).await
}

async fn new_group(c: &mut Cli, a: &mut Accounts, p: &Parsed, busybox: bool) -> Run<()> {
    let name = p.operands.first().cloned().unwrap_or_default();
    let system = p.has("system") || p.has("S");
    if a.groups.has(&name) {
        if busybox {
            return fail(c, busybox, format!("group '{name}' in use")).await;
        }
        return fail(c, busybox, format!("The group `{name}' already exists.")).await;
    }
    let gid = match p.value("gid").or(p.value("g")).and_then(|g| g.parse::<u32>().ok()) {
        Some(n) if a.groups.taken(n) && busybox => return fail(c, busybox, format!("gid '{n}' in use")).await,
        Some(n) if a.groups.taken(n) => return fail(c, busybox, format!("The GID `{n}' is already in use.")).await,
        Some(n) => n,
        None => free(&a.groups, system),
    };
    say(c, p, busybox, format!("info: Adding group `{name}' (GID {gid}) ...")).await?;
    a.groups.add(&[&name, "x", &gid.to_string(), ""]);
    save(c, a, busybox).await
}

/// A free number; those of the system count upwards from 100 here.
fn free(table: &crate::accounts::Table, system: bool) -> u32 {
    if !system {
        return table.free(false);
    }
    let mut range = 100..=999u32;
    let found = range.find(|n| !table.taken(*n));
    found.unwrap_or(999)
}

async fn new_user(c: &mut Cli, a: &mut Accounts, p: &Parsed, busybox: bool) -> Run<()> {
    let name = p.operands.first().cloned().unwrap_or_default();
    let system = p.has("system") || p.has("S");
    if !valid(&name) {
        return fail(c, busybox, if busybox { format!("illegal character with code {} at position 0", name.bytes().next().unwrap_or(0)) } else { "Please enter a username matching the regular expression configured via the NAME_REGEX configuration variable.".to_owned() }).await;
    }
    if a.users.has(&name) {
        if busybox {
            return fail(c, busybox, format!("user '{name}' in use")).await;
        }
        if system {
            return say(c, p, busybox, format!("info: The system user `{name}' already exists. Exiting.")).await;
        }
        return fail(c, busybox, format!("The user `{name}' already exists.")).await;
    }
    let uid = match p.value("uid").or(p.value("u")).and_then(|u| u.parse::<u32>().ok()) {
        Some(n) if a.users.taken(n) => {
            let text = if busybox { format!("uid '{n}' in use") } else { format!("The UID {n} is already in use.") };
            return fail(c, busybox, text).await;
        }
        Some(n) => n,
        None => free(&a.users, system),
    };
    let what = if system { "system user" } else { "user" };
    say(
        c,
        p,
        busybox,
        format!("info: Adding {what} `{name}' {}...", if system { format!("(UID {uid}) ") } else { String::new() }),
    )
    .await?;
    let wanted = p.value("ingroup").or(p.value("G")).or(p.value("gid"));
    let gid = match wanted {
        Some(g) => match a.gid(g) {
            Some(n) => n,
            None if busybox => return fail(c, busybox, format!("unknown group {g}")).await,
            None => return fail(c, busybox, format!("The group `{g}' does not exist.")).await,
        },
        None if system && !p.has("group") && !busybox => 65534,
        None if system && busybox => a.gid("nogroup").unwrap_or(65533),
        None => {
            if a.groups.has(&name) {
                if busybox {
                    return fail(c, busybox, format!("group '{name}' in use")).await;
                }
                return fail(c, busybox, format!("The group `{name}' already exists.")).await;
            }
            let gid = if a.groups.taken(uid) { free(&a.groups, system) } else { uid };

            say(
                c,
                p,
                busybox,
                format!("info: Adding new group `{name}' ({}{gid}) ...", if system { "GID " } else { "" }),
            )
            .await?;
            a.groups.add(&[&name, "x", &gid.to_string(), ""]);
            gid
        }
    };
    let group_name = a.groups.rows.iter().find(|r| number(r, 2) == Some(gid)).and_then(|r| r.first().cloned());
    let group_name = group_name.unwrap_or_else(|| "nogroup".to_owned());
    if system {
        say(c, p, busybox, format!("info: Adding new user `{name}' (UID {uid}) with group `{group_name}' ...")).await?;
    } else {
        say(c, p, busybox, format!("info: Adding new user `{name}' ({uid}) with group `{group_name} ({gid})' ..."))
            .await?;
    }
    let home = p.value("home").or(p.value("h")).map_or_else(
        || if system && !busybox { "/nonexistent".to_owned() } else { format!("/home/{name}") },
        str::to_owned,
    );
    let shell = p.value("shell").or(p.value("s")).map_or_else(
        || {
            match (system, busybox) {
                (true, true) => "/sbin/nologin",
                (true, false) => "/usr/sbin/nologin",
                (false, true) => "/bin/sh",
                (false, false) => "/bin/bash",
            }
            .to_owned()
        },
        str::to_owned,
    );
    let gecos = if busybox { p.value("g").unwrap_or("") } else { p.value("gecos").unwrap_or("") };
    let gecos = match gecos {
        "" if busybox => "Linux User",
        g => g,
    };
    a.users.add(&[&name, "x", &uid.to_string(), &gid.to_string(), gecos, &home, &shell]);
    let locked = p.has("D") || p.has("disabled-password") || p.has("disabled-login") || system;
    let mut secret = "!".to_owned();
    if !locked {
        let mut given = None;
        for _ in 0..3 {
            let Some(first) = ask(c, "New password: ").await else { break };
            let Some(second) = ask(c, "Retype new password: ").await else { break };
            if first == second {
                given = Some(first);
                break;
            }
            c.sys.eprint("Sorry, passwords do not match.\n").await;
        }
        if let Some(g) = given {
            let random = c.sys.random(16).await.map(|b| b.to_vec()).unwrap_or_default();
            secret = crypt::sha512(&g, &crypt::salt(&random), None);
        }
    }
    let day = today(&c.sys);
    a.shadow.add(&[&name, &secret, &day, "0", "99999", "7", "", "", ""]);
    if !system && !busybox && a.groups.has("users") {
        a.join("users", &name);
    }
    save(c, a, busybox).await?;
    let none =
        p.has("no-create-home") || p.has("H") || home == "/nonexistent" || system && busybox && p.value("h").is_none();
    if none {
        if home != "/nonexistent" {
            return say(c, p, busybox, format!("info: Not creating `{home}'.")).await;
        }
        return say(c, p, busybox, format!("info: Not creating home directory `{home}'.")).await;
    }
    if c.sys.stat(&home).await.is_ok() {
        return Ok(());
    }
    say(c, p, busybox, format!("info: Creating home directory `{home}' ...")).await?;
    if !busybox && !system {
        say(c, p, busybox, "info: Copying files from `/etc/skel' ...".to_owned()).await?;
    }
    let mode = if busybox {
        0o2755
    } else if system {
        0o755
    } else {
        0o700
    };
    if let Err(e) = make_home(&c.sys, &home, uid, gid, mode).await {
        return fail(c, busybox, format!("{home}: {e}")).await;
    }
    if !system && !busybox && a.groups.has("users") {
        say(c, p, busybox, format!("info: Adding new user `{name}' to supplemental / extra groups `users' ..."))
            .await?;
        say(c, p, busybox, format!("info: Adding user `{name}' to group `users' ...")).await?;
    }
    Ok(())
}

async fn remove(c: &mut Cli, a: &mut Accounts, p: &Parsed, group: bool) -> Run<()> {
    let busybox = c.variant == "busybox";
    let name = p.operands.first().cloned().unwrap_or_default();
    if let Some(g) = p.operands.get(1) {
        a.leave(Some(g), &name);
        say(c, p, busybox, format!("info: Removing user `{name}' from group `{g}' ...")).await?;
        return save(c, a, busybox).await;
    }
    if group {
        if !a.groups.has(&name) {
            let text =
                if busybox { format!("unknown group {name}") } else { format!("The group `{name}' does not exist.") };
            return fail(c, busybox, text).await;
        }
        say(c, p, busybox, format!("info: Removing group `{name}' ...")).await?;
        a.groups.remove(&name);
        return save(c, a, busybox).await;
    }
    let Some(row) = a.users.find(&name).cloned() else {
        let text = if busybox { format!("unknown user {name}") } else { format!("The user `{name}' does not exist.") };
        return fail(c, busybox, text).await;
    };
    say(c, p, busybox, format!("info: Removing user `{name}' ...")).await?;
    a.users.remove(&name);
    a.shadow.remove(&name);
    a.leave(None, &name);
    if a.groups.find(&name).is_some_and(|g| g.get(3).is_none_or(String::is_empty)) {
        a.groups.remove(&name);
    }
    save(c, a, busybox).await?;
    if p.has("remove-home")
        && let Some(home) = row.get(5)
    {
        remove_all(&c.sys, home).await;
    }
    Ok(())
}
