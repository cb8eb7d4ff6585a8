//! `sudo`: a command as another user, as `/etc/sudoers` allows it.

mod rules;

use layerlab_kernel::{Errno, SimTime};

use crate::auth;
use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, Stop, path};
use crate::su::set;

const SPEC: Spec = Spec::new(
    "[-bEHknPS] [-g group] [-u user] [VAR=value] [-i | -s] [command [arg ...]]",
    "Execute a command as another user.",
    "+b|background E|preserve-env? H|set-home i|login k|reset-timestamp K|remove-timestamp l|list n|non-interactive p|prompt= P|preserve-groups s|shell S|stdin u|user= g|group= v|validate e|edit V C|close-from= D|chdir= h",
)
.version("Sudo version 1.9.16 (simulated");

/// Where sudo keeps who has given a password lately.
const STAMPS: &str = "/run/sudo/ts";
/// For how long (`timestamp_timeout`).
const MINUTES: u64 = 15;

async fn usage(c: &mut Cli) -> Run<()> {
    c.sys.eprint("usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]\n            [-u user] [command [arg ...]]\nusage: sudo [-ABbEHkNnPS] [-C num] [-D directory]\n            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]\n            [-u user] [VAR=value] [-i | -s] [command [arg ...]]\n").await;
    Err(Stop::Code(1))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.has("V") {
        return c.put("Sudo version 1.9.16p2\n").await;
    }
    if c.sys.ids().0 != 0 {
        return c.die(1, "/usr/bin/sudo must be owned by uid 0 and have the setuid bit set").await;
    }
    let names = Names::load(&c.sys).await;
    let uid = auth::caller(c).await;
    let Some(me) = names.users.iter().find(|u| u.uid == uid).cloned() else {
        return c.die(1, "you do not exist in the passwd database".to_string()).await;
    };
    let stamp = format!("{STAMPS}/{}", me.name);
    if p.has("K") || p.has("k") && p.operands.is_empty() {
        let _ = c.sys.unlink(&stamp).await;
        return Ok(());
    }
    let mut operands = p.operands.clone();
    let mut vars = Vec::new();
    while let Some((k, v)) = operands.first().and_then(|o| o.split_once('=')) {
        vars.push((k.to_owned(), v.to_owned()));
        operands.remove(0);
    }
    let shell = p.has("s") || p.has("i");
    if operands.is_empty() && !shell && !p.has("l") && !p.has("v") {
        return usage(c).await;
    }
    let target = p.value("u").unwrap_or("root").to_owned();
    let target = match target.strip_prefix('#').and_then(|n| n.parse::<u32>().ok()) {
        Some(uid) => names.user(uid),
        None => target,
    };
    let Some((user, groups)) = auth::find(c, &target).await else {
        return c.die(1, format!("unknown user {target}")).await;
    };
    let mine: Vec<String> = names.groups_of(&me.name, me.gid).iter().map(|g| names.group(*g)).collect();
    let host = c.sys.uname().await.map(|u| u.nodename).unwrap_or_default();
    let allowed = rules::read(&c.sys).await;
    let command = match operands.first() {
        Some(o) => c.find_program(o).await.into_iter().next(),
        None => Some(auth::field(if p.has("i") { &user } else { &me }, 6).to_owned()),
    };
    let line = command.clone().unwrap_or_default();
    let rule =
        allowed.iter().rev().find(|r| r.fits(&me.name, &mine, &user.name) && (line.is_empty() || r.allows(&line)));
    let any = allowed.iter().any(|r| r.fits(&me.name, &mine, &user.name));
    let free = uid == 0 || rule.is_some_and(|r| r.no_password) || fresh(c, &stamp).await;
    if !free {
        if p.has("n") {
            return c.die(1, "a password is required").await;
        }
        password(c, &me.name, p.value("p"), p.has("S")).await?;
        let _ = c.sys.mkdir("/run/sudo", 0o711).await;
        let _ = c.sys.mkdir(STAMPS, 0o700).await;
        let _ = c.sys.write_file(&stamp, c.sys.now().0.to_string(), 0o600).await;
    }
    if uid != 0 && !any {
        c.sys.eprint(format!("{} is not in the sudoers file.\n", me.name)).await;
        return Err(Stop::Code(1));
    }
    if p.has("l") {
        return list(c, &me.name, &mine, &host, &allowed).await;
    }
    if p.has("v") {
        return Ok(());
    }
    if uid != 0 && rule.is_none() {
        let words = std::iter::once(line).chain(operands.iter().skip(1).cloned()).collect::<Vec<_>>().join(" ");
        c.sys
            .eprint(format!(
                "Sorry, user {} is not allowed to execute '{words}' as {} on {host}.\n",
                me.name, user.name
            ))
            .await;
        return Err(Stop::Code(1));
    }
    if !shell && command.is_none() {
        return c.die(1, format!("{}: command not found", operands[0])).await;
    }
    environment(c, &me.name, uid, &user, p.has("E"), p.has("i"));
    for (k, v) in vars {
        set(c, &k, &v);
    }
    let argv = if shell {
        let full = line.clone();
        let mut argv = vec![if p.has("i") { format!("-{}", path::base(&full)) } else { full }];
        if !operands.is_empty() {
            argv.extend(["-c".to_owned(), operands.join(" ")]);
        }
        argv
    } else {
        operands.clone()
    };
    let program = if shell { auth::field(if p.has("i") { &user } else { &me }, 6).to_owned() } else { line };
    set(
        c,
        "SUDO_COMMAND",
        &std::iter::once(program.clone()).chain(operands.iter().skip(1).cloned()).collect::<Vec<_>>().join(" "),
    );
    if let Err(e) = c.sys.set_uid(user.uid, user.gid, groups).await {
        return c.die(1, format!("unable to change to runas uid: {e}")).await;
    }
    if p.has("i") {
        let _ = c.sys.chdir(auth::field(&user, 5)).await;
    } else if let Some(dir) = p.value("D")
        && let Err(e) = c.sys.chdir(dir).await
    {
        return c.die(1, format!("unable to change directory to {dir}: {e}")).await;
    }
    let env = c.env.clone();
    let _ = c.flush().await;
    let mut e = c.sys.exec(&program, argv.clone(), env.clone()).await.err().unwrap_or(Errno::ENOEXEC);
    if e == Errno::ENOEXEC {
        let mut sh = vec!["sh".to_owned(), program.clone()];
        sh.extend(argv.into_iter().skip(1));
        e = c.sys.exec("/bin/sh", sh, env).await.err().unwrap_or(Errno::ENOEXEC);
    }
    c.die(1, format!("unable to execute {program}: {e}")).await
}

/// Whether the password was given a short while ago.
async fn fresh(c: &Cli, stamp: &str) -> bool {
    let text = c.sys.read_file(stamp).await.unwrap_or_default();
    let at = String::from_utf8_lossy(&text).parse::<u64>().ok().map(SimTime);
    at.is_some_and(|at| c.sys.now() < at + SimTime::secs(MINUTES * 60))
}

async fn password(c: &mut Cli, user: &str, prompt: Option<&str>, stdin: bool) -> Run<()> {
    let Some((me, _)) = auth::find(c, user).await else { return Err(Stop::Code(1)) };
    let secret = auth::secret(c, &me).await;
    let prompt = prompt.map_or_else(|| format!("[sudo] password for {user}: "), |p| p.replace("%u", user));
    if !stdin && c.sys.open("/dev/tty", layerlab_kernel::OpenFlags::READ, 0).await.is_err() {
        c.sys.eprint("sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\n").await;
        return c.die(1, "a password is required").await;
    }
    for n in 1..=3 {
        let Some(given) = auth::ask(c, &prompt).await else {
            return c.die(1, "a password is required").await;
        };
        if auth::fits(&given, &secret) {
            return Ok(());
        }
        let _ = c.sys.sleep(SimTime::secs(2)).await;
        if n < 3 {
            c.sys.eprint("Sorry, try again.\n").await;
        }
    }
    c.die(1, "3 incorrect password attempts").await
}

/// The environment of the command: little is kept (`env_reset`).
fn environment(c: &mut Cli, me: &str, uid: u32, user: &crate::cli::names::User, all: bool, login: bool) {
    let kept = ["TERM", "LANG", "DISPLAY", "COLORTERM", "PS1", "PS2", "LS_COLORS", "XAUTHORITY"];
    if !all {
        c.env.retain(|(k, _)| {
            kept.contains(&k.as_str()) && !login || k == "TERM" || k.starts_with("LC_") || k == "LANG"
        });
    }
    set(c, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    set(c, "HOME", auth::field(user, 5));
    set(c, "SHELL", auth::field(user, 6));
    set(c, "USER", &user.name);
    set(c, "LOGNAME", &user.name);
    set(c, "MAIL", &format!("/var/mail/{}", user.name));
    set(c, "SUDO_USER", me);
    set(c, "SUDO_UID", &uid.to_string());
    set(c, "SUDO_GID", &uid.to_string());
}

async fn list(c: &mut Cli, me: &str, groups: &[String], host: &str, rules: &[rules::Rule]) -> Run<()> {
    let mut text = format!(
        "Matching Defaults entries for {me} on {host}:\n    env_reset, mail_badpass, secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin, use_pty\n\nUser {me} may run the following commands on {host}:\n"
    );
    for r in rules.iter().filter(|r| r.names(me, groups)) {
        let tag = if r.no_password { "NOPASSWD: " } else { "" };
        let group = if r.groups { " : ALL" } else { "" };
        text.push_str(&format!("    ({}{group}) {tag}{}\n", r.targets.join(", "), r.commands.join(", ")));
    }
    c.put(text).await
}
