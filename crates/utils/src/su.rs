//! `su`: a shell as another user.

use layerlab_kernel::Errno;

use crate::auth;
use crate::cli::{Cli, Run, Spec, Stop, path};

const SPEC: Spec = Spec::new(
    "[options] [-] [<user> [<argument>...]]",
    "Change the effective user ID and group ID to that of <user>. A mere - implies -l. If <user> is not given, root is assumed.",
    "+m|p|preserve-environment w|whitelist-environment= g|group= G|supp-group= l|login c|command= session-command= f|fast s|shell= P|pty",
)
.version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // Options may follow the user's name, but not the shell's arguments.
    let mut login = false;
    let mut args = std::mem::take(&mut c.args);
    if let Some(at) = args.iter().position(|a| a == "-") {
        args.remove(at);
        login = true;
    }
    let name = if args.first().is_some_and(|a| !a.starts_with('-')) { Some(args.remove(0)) } else { None };
    let mut p = c.parse_args(&SPEC, args).await?;
    login |= p.has("l");
    let name = match name {
        Some(n) => n,
        None if p.operands.is_empty() => "root".to_owned(),
        None => p.operands.remove(0),
    };
    let Some((user, groups)) = auth::find(c, &name).await else {
        return c
            .die(1, format!("user {name} does not exist or the user entry does not contain all the required fields"))
            .await;
    };
    if auth::caller(c).await != 0 {
        let secret = auth::secret(c, &user).await;
        let Some(password) = auth::ask(c, "Password: ").await else {
            return c.die(1, "Authentication token manipulation error").await;
        };
        // Wrong answers take a while, as PAM has it.
        if !auth::fits(&password, &secret) {
            let _ = c.sys.sleep(layerlab_kernel::SimTime::secs(2)).await;
            return c.die(1, "Authentication failure").await;
        }
    }
    let own = auth::field(&user, 6).to_owned();
    let own = if own.is_empty() { "/bin/sh".to_owned() } else { own };
    let keep = p.has("m") && !login;
    let shell = match p.value("s") {
        Some(s) => s.to_owned(),
        None if keep => c.var("SHELL").unwrap_or(&own).to_owned(),
        None => own,
    };
    let home = auth::field(&user, 5).to_owned();
    if login {
        let term = c.var("TERM").map(str::to_owned);
        c.env = term.into_iter().map(|t| ("TERM".to_owned(), t)).collect();
        let path = if user.uid == 0 {
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        } else {
            "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
        };
        set(c, "PATH", path);
    }
    if !keep {
        set(c, "HOME", &home);
        set(c, "SHELL", &shell);
        if user.uid != 0 || login {
            set(c, "USER", &user.name);
            set(c, "LOGNAME", &user.name);
        }
    }
    if let Err(e) = c.sys.set_uid(user.uid, user.gid, groups).await {
        return c.die(1, format!("cannot set groups: {e}")).await;
    }
    if login && c.sys.chdir(&home).await.is_err() {
        c.warn(format!("warning: cannot change directory to {home}: No such file or directory")).await;
    }
    let base = path::base(&shell).to_owned();
    let mut argv = vec![if login { format!("-{base}") } else { base }];
    if let Some(command) = p.value("c").or(p.value("session-command")) {
        argv.extend(["-c".to_owned(), command.to_owned()]);
    }
    argv.extend(p.operands);
    let _ = c.flush().await;
    let env = c.env.clone();
    let e = c.sys.exec(&shell, argv, env).await.err().unwrap_or(Errno::ENOEXEC);
    c.warn(format!("failed to execute {shell}: {e}")).await;
    Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }))
}

/// Sets a variable.
pub(crate) fn set(c: &mut Cli, name: &str, value: &str) {
    c.env.retain(|(k, _)| k != name);
    c.env.push((name.to_owned(), value.to_owned()));
}
