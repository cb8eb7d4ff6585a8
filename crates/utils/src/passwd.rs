//! `passwd` and `chpasswd`: passwords.

use crate::accounts::{Accounts, today};
use crate::auth::{self, ask, crypt};
use crate::cli::{Cli, Run, Spec, Stop, input};

const SPEC: Spec = Spec::new(
    "[options] [LOGIN]",
    "Change passwords.",
    "a|all d|delete e|expire k|keep-tokens i|inactive= l|lock u|unlock q|quiet S|status s|stdin",
)
.version("shadow-utils 4.17 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "chpasswd" {
        return from_input(c).await;
    }
    let p = c.parse(&SPEC).await?;
    let uid = auth::caller(c).await;
    let mut a = Accounts::load(&c.sys).await;
    let own = a.users.rows.iter().find(|r| crate::accounts::number(r, 2) == Some(uid)).and_then(|r| r.first().cloned());
    let Some(name) = p.operands.first().cloned().or(own.clone()) else {
        return c.die(1, "Cannot determine your user name.").await;
    };
    if !a.users.has(&name) {
        return c.die(1, format!("user '{name}' does not exist")).await;
    }
    if uid != 0 && (own.as_deref() != Some(name.as_str()) || ["d", "l", "u", "e"].iter().any(|o| p.has(o))) {
        c.sys.eprint(format!("passwd: You may not view or modify password information for {name}.\n")).await;
        return Err(Stop::Code(1));
    }
    let secret = a.shadow.find(&name).and_then(|r| r.get(1).cloned()).unwrap_or_default();
    if p.has("S") {
        let state = if secret.starts_with(['!', '*']) {
            "L"
        } else if secret.is_empty() {
            "NP"
        } else {
            "P"
        };
        let row = a.shadow.find(&name).cloned().unwrap_or_default();
        let days: i64 = row.get(2).and_then(|d| d.parse().ok()).unwrap_or(0);
        let date = crate::cli::time::format("%Y-%m-%d", days * 86_400, 0);
        return c.put(format!("{name} {state} {date} 0 99999 7 -1\n")).await;
    }
    let new = if p.has("d") {
        String::new()
    } else if p.has("l") {
        format!("!{}", secret.trim_start_matches('!'))
    } else if p.has("u") {
        secret.trim_start_matches('!').to_owned()
    } else {
        if uid != 0 {
            c.sys.eprint(format!("Changing password for {name}.\n")).await;
            let given = ask(c, "Current password: ").await;
            if !given.is_some_and(|g| auth::fits(&g, &secret)) {
                c.sys.eprint("passwd: Authentication token manipulation error\npasswd: password unchanged\n").await;
                return Err(Stop::Code(10));
            }
        }
        let mut chosen = None;
        for _ in 0..3 {
            let Some(first) = ask(c, "New password: ").await else { break };
            if first.is_empty() {
                c.sys.eprint("No password has been supplied.\n").await;
                continue;
            }
            let Some(second) = ask(c, "Retype new password: ").await else { break };
            if first == second {
                chosen = Some(first);
                break;
            }
            c.sys.eprint("Sorry, passwords do not match.\n").await;
        }
        match chosen {
            Some(text) => encrypt(c, &text).await,
            None => {
                c.sys.eprint("passwd: Authentication token manipulation error\npasswd: password unchanged\n").await;
                return Err(Stop::Code(10));
            }
        }
    };
    set(c, &mut a, &name, &new);
    if let Err(e) = a.save(&c.sys).await {
        c.sys.eprint(format!("passwd: {e}\npasswd: password unchanged\n")).await;
        return Err(Stop::Code(10));
    }
    if p.has("q") {
        Ok(())
    } else {
        c.put(if p.has("d") || p.has("l") || p.has("u") {
            "passwd: password changed.\n"
        } else {
            "passwd: password updated successfully\n"
        })
        .await
    }
}

async fn encrypt(c: &Cli, text: &str) -> String {
    let random = c.sys.random(16).await.map(|b| b.to_vec()).unwrap_or_default();
    crypt::sha512(text, &crypt::salt(&random), None)
}

fn set(c: &Cli, a: &mut Accounts, name: &str, secret: &str) {
    let day = today(&c.sys);
    match a.shadow.find(name) {
        Some(row) => {
            row.resize(9, String::new());
            secret.clone_into(&mut row[1]);
            row[2] = day;
        }
        None => a.shadow.add(&[name, secret, &day, "0", "99999", "7", "", "", ""]),
    }
}

async fn from_input(c: &mut Cli) -> Run<()> {
    let encrypted = c.args.iter().any(|a| a == "-e" || a == "--encrypted");
    if c.sys.ids().0 != 0 {
        c.warn("Permission denied.").await;
        return c.die(1, "cannot lock /etc/passwd; try again later.").await;
    }
    let text = c.sys.read_all(0).await.unwrap_or_default();
    let mut a = Accounts::load(&c.sys).await;
    for (i, line) in input::lines(&text).into_iter().enumerate() {
        let line = String::from_utf8_lossy(line).into_owned();
        let Some((name, password)) = line.split_once(':') else {
            return c.die(1, format!("line {}: missing new password", i + 1)).await;
        };
        if !a.users.has(name) {
            c.warn(format!("line {}: user '{name}' does not exist", i + 1)).await;
            return c.die(1, "error detected, changes ignored").await;
        }
        let secret = if encrypted { password.to_owned() } else { encrypt(c, password).await };
        set(c, &mut a, name, &secret);
    }
    match a.save(&c.sys).await {
        Ok(()) => Ok(()),
        Err(e) => c.die(1, format!("cannot write /etc/shadow: {e}")).await,
    }
}
