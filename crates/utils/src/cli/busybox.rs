//! Messages as busybox words them, made of GNU's: where a machine has busybox, its applets speak so.
//! Source of the texts: busybox 1.35 to 1.37 run on the same mistakes.

/// The line before an applet's usage.
pub(crate) const BANNER: &str = "BusyBox v1.37.0 multi-call binary.\n\n";

/// Applets that say "can't open" of what they cannot read.
const OPENERS: &[&str] =
    &["cat", "uniq", "md5sum", "sha1sum", "sha256sum", "sha512sum", "less", "more", "patch", "bc", "tail", "tar", "dd"];

/// Applets and the letters of their options, as busybox takes them.
const LETTERS: &[(&str, &str)] = &[
    ("base64", "diw"),
    ("basename", "as"),
    ("cat", "benvtAu"),
    ("cmp", "lns"),
    ("cp", "adfilnprstuvHLPRT"),
    ("cut", "bcdfnsDFO"),
    ("date", "drsuDIR"),
    ("df", "ahikmtBHPT"),
    ("diff", "abdipqrstuwBELNSTU"),
    ("du", "abcdhklmsxHL"),
    ("egrep", "acefhilmnoqrsvwxzABCEFHILR"),
    ("env", "iu0"),
    ("fgrep", "acefhilmnoqrsvwxzABCEFHILR"),
    ("fold", "bsw"),
    ("free", "bkmgh"),
    ("grep", "acefhilmnoqrsvwxzABCEFHILR"),
    ("gunzip", "cdfknqtv"),
    ("gzip", "cdfknqtv123456789"),
    ("id", "gnruG"),
    ("ln", "bfnsvST"),
    ("ls", "acdghiklnprstuvwxACFHLQRSTX1"),
    ("md5sum", "bcstw"),
    ("mkdir", "mpv"),
    ("mktemp", "dpqtu"),
    ("mv", "fintvT"),
    ("nl", "bipsvw"),
    ("od", "abcdfhijlostvwxANS"),
    ("paste", "ds"),
    ("readlink", "fnqsv"),
    ("rm", "firvR"),
    ("rmdir", "pv"),
    ("sed", "efinrsEz"),
    ("seq", "sw"),
    ("sha256sum", "bcstw"),
    ("shuf", "einoz"),
    ("sort", "bcdfgikmnorstuzhMSTV"),
    ("stat", "cftL"),
    ("tac", ""),
    ("tee", "ai"),
    ("touch", "acdfhmrt"),
    ("tr", "cdsC"),
    ("truncate", "cs"),
    ("uname", "aimnoprsv"),
    ("uniq", "cdfisuwz"),
    ("uptime", "s"),
    ("wc", "clmwL"),
    ("which", "a"),
    ("xargs", "aeinprstxEIP0o"),
];

/// An option's letter that an applet does not know.
pub(crate) fn unknown<'a>(name: &str, options: impl Iterator<Item = &'a str>) -> Option<String> {
    let letters = LETTERS.iter().find(|l| l.0 == name)?.1;
    let mut short = options.filter(|o| o.len() == 1);
    short.find(|o| !letters.contains(o)).map(|o| format!("invalid option -- '{o}'"))
}

/// An applet's usage with the letters of its options.
pub(crate) fn usage(name: &str, usage: &str) -> String {
    match LETTERS.iter().find(|l| l.0 == name) {
        Some((_, letters)) if !letters.is_empty() => {
            let rest = usage.trim_start_matches("[OPTION]...").trim_start_matches("OPTION...").trim_start();
            format!("[-{letters}] {rest}").trim_end().to_owned()
        }
        _ => usage.to_owned(),
    }
}

/// `lead'NAME'tail`: the parts around a quoted name.
fn quoted<'a>(message: &'a str, lead: &str) -> Option<(&'a str, &'a str)> {
    let rest = message.strip_prefix(lead)?.strip_prefix('\'')?;
    rest.split_once('\'')
}

/// A message in busybox's words; `None`: busybox says nothing there.
pub(crate) fn reword(name: &str, message: &str) -> Option<String> {
    let same = Some(message.to_owned());
    // Of a name, and what went wrong with it.
    for lead in ["cannot access ", "cannot open ", "cannot stat ", "cannot statx ", "cannot touch ", "failed to open "]
    {
        let Some((file, rest)) = quoted(message, lead) else { continue };
        let why = rest.strip_prefix(" for reading").unwrap_or(rest);
        return Some(match name {
            "cp" => format!("can't stat '{file}'{why}"),
            "stat" => format!("can't stat '{file}'{why}"),
            "mv" => format!("can't rename '{file}'{why}"),
            n if OPENERS.contains(&n) => format!("can't open '{file}'{why}"),
            _ => format!("{file}{why}"),
        });
    }
    if let Some((file, why)) = quoted(message, "cannot remove ") {
        return Some(match why {
            ": Is a directory" => format!("'{file}' is a directory"),
            why => format!("can't remove '{file}'{why}"),
        });
    }
    if let Some((file, why)) = quoted(message, "cannot create directory ") {
        return Some(format!("can't create directory '{file}'{why}"));
    }
    if let Some((file, why)) = quoted(message, "cannot unlink ") {
        return Some(format!("can't remove file '{file}'{why}"));
    }
    if let Some((file, why)) = quoted(message, "failed to remove ") {
        return Some(format!("'{file}'{why}"));
    }
    for lead in ["failed to create symbolic link ", "failed to create hard link "] {
        if let Some((file, why)) = quoted(message, lead) {
            return Some(format!("{file}{why}"));
        }
    }
    for lead in ["failed to run command ", ""] {
        let found = quoted(message, lead).filter(|_| matches!(name, "env" | "timeout" | "nohup" | "nice" | "chroot"));
        if let Some((file, why)) = found {
            return Some(format!("can't execute '{file}'{why}"));
        }
    }
    if let Some((mode, "")) = quoted(message, "invalid mode: ") {
        return Some(format!("invalid mode '{mode}'"));
    }
    if let Some((user, "")) = quoted(message, "invalid user: ") {
        return Some(format!("unknown user {user}"));
    }
    if let Some((group, "")) = quoted(message, "invalid group: ") {
        return Some(format!("unknown group {group}"));
    }
    if let Some((number, "")) = quoted(message, "invalid time interval ") {
        return Some(format!("invalid number '{number}'"));
    }
    if let Some((user, ": no such user")) = quoted(message, "") {
        return Some(format!("unknown user {user}"));
    }
    if let Some((file, why)) = quoted(message, "").filter(|_| name == "find") {
        return Some(format!("{file}{why}"));
    }
    if let Some(rest) = message.strip_prefix("cannot read: ") {
        return Some(rest.to_owned());
    }
    if let Some(rest) = message.strip_prefix("-r not specified; ") {
        return Some(rest.to_owned());
    }
    if name == "sed" {
        if let Some(file) = message.strip_prefix("couldn't open file ") {
            return Some(file.to_owned());
        }
        if message.contains("unterminated `s' command") {
            return Some("unmatched '/'".to_owned());
        }
        if let Some((_, command)) = message.split_once("unknown command: `") {
            return Some(format!("unsupported command {}", command.trim_end_matches('\'')));
        }
    }
    if let Some(rest) = message.strip_prefix("cannot open ").filter(|_| name == "awk") {
        return Some(rest.replacen(" (", ": ", 1).trim_end_matches(')').to_owned());
    }
    if let Some(user) = message.strip_prefix("invalid user name or UID argument to -user: ") {
        return Some(format!("unknown user {}", user.trim_matches('\'')));
    }
    if let Some(predicate) = message.strip_prefix("unknown predicate `") {
        return Some(format!("unrecognized: {}", predicate.trim_end_matches('\'')));
    }
    if let Some(process) = message.strip_suffix(": no process found") {
        return Some(format!("{process}: no process killed"));
    }
    if let Some(rest) = message.strip_prefix("cannot open ").filter(|_| name == "rev") {
        return Some(rest.to_owned());
    }
    if let Some((pid, why)) = message.strip_prefix('(').and_then(|m| m.split_once("): ")).filter(|_| name == "kill") {
        return Some(format!("can't kill pid {pid}: {why}"));
    }
    if let Some(rest) = message.strip_prefix("can't read ").filter(|_| name == "sed") {
        return Some(rest.to_owned());
    }
    if let Some(file) = message.strip_suffix(": unknown suffix -- ignored") {
        return Some(format!("{file}: unknown suffix - ignored"));
    }
    if let Some((file, _)) = quoted(message, "").filter(|(_, why)| *why == ": No such file") {
        return Some(format!("{file}: No such file or directory"));
    }
    if name == "tar" {
        if message == "Error is not recoverable: exiting now" {
            return None;
        }
        if message == "Exiting with failure status due to previous errors" {
            return Some("error exit delayed from previous errors".to_owned());
        }
        if message == "This does not look like a tar archive" {
            return Some("invalid tar magic".to_owned());
        }
        if let Some((file, why)) = message.split_once(": Cannot open: ") {
            return Some(format!("can't open '{file}': {why}"));
        }
        if let Some((file, why)) = message.split_once(": Cannot stat: ") {
            return Some(format!("{file}: {why}"));
        }
        return same;
    }
    let Some((file, why)) = message.rsplit_once(": ").filter(|(f, _)| !f.contains(' ')) else { return same };
    match (name, why) {
        ("cat", "Is a directory") => Some("read error: Is a directory".to_owned()),
        ("diff", _) => Some(format!("can't stat '{file}': {why}")),
        (n, "No such file or directory" | "Permission denied") if OPENERS.contains(&n) => {
            Some(format!("can't open '{file}': {why}"))
        }
        _ => same,
    }
}

/// Whether a mistake in the command line shows the usage too.
pub(crate) fn shows_usage(message: &str) -> bool {
    let option = ["invalid option", "unrecognized option", "option requires", "option '"];
    usage_alone(message) || option.iter().any(|m| message.starts_with(m))
}

/// Whether a mistake in the command line shows the usage alone.
pub(crate) fn usage_alone(message: &str) -> bool {
    ["missing ", "extra operand", "you must specify", "too few"].iter().any(|m| message.starts_with(m))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected texts: busybox 1.35 on the same command lines.
    #[test]
    fn messages_are_busyboxs() {
        for (name, gnu, busybox) in [
            ("ls", "cannot access 'x': No such file or directory", "x: No such file or directory"),
            ("cat", "x: No such file or directory", "can't open 'x': No such file or directory"),
            ("cp", "cannot stat 'x': No such file or directory", "can't stat 'x': No such file or directory"),
            ("cp", "-r not specified; omitting directory 'd'", "omitting directory 'd'"),
            ("mv", "cannot stat 'x': No such file or directory", "can't rename 'x': No such file or directory"),
            ("rm", "cannot remove 'd': Is a directory", "'d' is a directory"),
            ("rm", "cannot remove 'x': No such file or directory", "can't remove 'x': No such file or directory"),
            ("mkdir", "cannot create directory 'd': File exists", "can't create directory 'd': File exists"),
            ("rmdir", "failed to remove 'd': Directory not empty", "'d': Directory not empty"),
            ("head", "cannot open 'x' for reading: No such file or directory", "x: No such file or directory"),
            (
                "tail",
                "cannot open 'x' for reading: No such file or directory",
                "can't open 'x': No such file or directory",
            ),
            ("chmod", "invalid mode: 'zz'", "invalid mode 'zz'"),
            ("chown", "invalid user: 'u'", "unknown user u"),
            ("ln", "failed to create symbolic link 'a': File exists", "a: File exists"),
            ("grep", "x: No such file or directory", "x: No such file or directory"),
            ("find", "'x': No such file or directory", "x: No such file or directory"),
            ("env", "'x': No such file or directory", "can't execute 'x': No such file or directory"),
            ("tar", "x: Cannot open: No such file or directory", "can't open 'x': No such file or directory"),
            ("diff", "x: No such file or directory", "can't stat 'x': No such file or directory"),
            ("date", "invalid date 'zz'", "invalid date 'zz'"),
        ] {
            assert_eq!(reword(name, gnu).as_deref(), Some(busybox));
        }
        assert_eq!(reword("tar", "Error is not recoverable: exiting now"), None);
    }
}
