//! Who somebody is: the user behind the command, passwords asked for and compared.

pub(crate) mod crypt;

use layerlab_kernel::{Errno, OpenFlags, Termios};

use crate::cli::Cli;
use crate::cli::names::{Names, User};

/// The user who called a program that runs with another's rights: the real user.
pub(crate) async fn caller(c: &Cli) -> u32 {
    let status = c.sys.read_file("/proc/self/status").await.unwrap_or_default();
    let status = String::from_utf8_lossy(&status).into_owned();
    let line = status.lines().find_map(|l| l.strip_prefix("Uid:"));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(c.sys.ids().0)
}

/// Asks on the terminal (else on standard input) without showing what is typed; `None` at its end.
pub(crate) async fn ask(c: &mut Cli, prompt: &str) -> Option<String> {
    let _ = c.flush().await;
    let tty = c.sys.open("/dev/tty", OpenFlags::READ_WRITE, 0).await;
    let (fd, out) = tty.map_or((0, 2), |fd| (fd, fd));
    let saved = c.sys.tc_get_attr(fd).await;
    if let Ok(t) = saved {
        let _ = c.sys.tc_set_attr(fd, Termios { echo: false, ..t }).await;
    }
    let _ = c.sys.write_all(out, prompt.as_bytes().to_vec()).await;
    let mut line = Vec::new();
    let answer = loop {
        match c.sys.read(fd, 1).await {
            Ok(b) if b.is_empty() => break (!line.is_empty()).then_some(()),
            Ok(b) if b.as_slice() == b"\n" => break Some(()),
            Ok(b) => line.extend_from_slice(&b),
            Err(Errno::EINTR) => break None,
            Err(_) => break None,
        }
    };
    if let Ok(t) = saved {
        let _ = c.sys.tc_set_attr(fd, t).await;
        let _ = c.sys.write_all(out, b"\n".to_vec()).await;
    }
    if fd != 0 {
        let _ = c.sys.close(fd).await;
    }
    answer.map(|()| String::from_utf8_lossy(&line).into_owned())
}

/// A user's field of `/etc/shadow` (else of `/etc/passwd`).
pub(crate) async fn secret(c: &Cli, user: &User) -> String {
    let shadow = c.sys.read_file("/etc/shadow").await.unwrap_or_default();
    let text = String::from_utf8_lossy(&shadow).into_owned();
    let line = text.lines().find(|l| l.split(':').next() == Some(user.name.as_str())).map(str::to_owned);
    let line = line.unwrap_or_else(|| user.line.clone());
    line.split(':').nth(1).unwrap_or("").to_owned()
}

/// Whether a password is the user's. An empty field in the file lets everybody in.
pub(crate) fn fits(password: &str, secret: &str) -> bool {
    secret.is_empty() || crypt::verify(password, secret)
}

/// A user by name, with the groups.
pub(crate) async fn find(c: &Cli, name: &str) -> Option<(User, Vec<u32>)> {
    let names = Names::load(&c.sys).await;
    let user = names.users.iter().find(|u| u.name == name).cloned()?;
    let groups = names.groups_of(&user.name, user.gid);
    Some((user, groups))
}

/// A field of a line of `/etc/passwd`: 5 is the home folder, 6 the shell.
pub(crate) fn field(user: &User, n: usize) -> &str {
    user.line.split(':').nth(n).unwrap_or("")
}
