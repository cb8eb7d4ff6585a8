//! `chmod`: permission bits, in octal or letters.

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... MODE[,MODE]... FILE...",
    "Change the mode of each FILE to MODE.",
    "c|changes f|silent|quiet v|verbose R|recursive reference= no-preserve-root preserve-root h|no-dereference dereference H L P",
);

/// The mode that `text` makes of `mode`; `None` where it is no mode.
pub(crate) fn change(text: &str, mode: u32, dir: bool, umask: u32) -> Option<u32> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let m = u32::from_str_radix(text, 8).ok().filter(|m| *m <= 0o7777)?;
        // Octal modes keep a directory's set-id bits unless they have five digits.
        let kept = if dir && text.len() < 5 { mode & 0o6000 } else { 0 };
        return Some(m | kept);
    }
    let mut mode = mode & 0o7777;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let mut who = 0;
        for c in clause[..at].chars() {
            who |= match c {
                'u' => 0o4700,
                'g' => 0o2070,
                'o' => 0o1007,
                'a' => 0o7777,
                _ => return None,
            };
        }
        let masked = if who == 0 { !umask } else { !0 };
        let who = if who == 0 { 0o7777 } else { who };
        let mut rest = &clause[at..];
        while let Some(op) = rest.chars().next() {
            rest = &rest[1..];
            let end = rest.find(['+', '-', '=']).unwrap_or(rest.len());
            let (perms, after) = rest.split_at(end);
            rest = after;
            let mut bits = 0;
            for p in perms.chars() {
                let copy = |shift: u32| {
                    let three = mode >> shift & 7;
                    three << 6 | three << 3 | three
                };
                bits |= match p {
                    'r' => 0o444,
                    'w' => 0o222,
                    'x' => 0o111,
                    'X' if dir || mode & 0o111 != 0 => 0o111,
                    'X' => 0,
                    's' => 0o6000,
                    't' => 0o1000,
                    'u' => copy(6),
                    'g' => copy(3),
                    'o' => copy(0),
                    _ => return None,
                };
            }
            let bits = bits & who & masked;
            mode = match op {
                '+' => mode | bits,
                '-' => mode & !bits,
                _ => mode & !(who & if dir { 0o1777 } else { 0o7777 }) | bits,
            };
        }
    }
    Some(mode)
}

/// `rwxr-xr-x` without the type.
fn letters(mode: u32, s: &layerlab_kernel::Stat) -> String {
    let text = crate::ls::mode_text(&layerlab_kernel::Stat { mode, ..s.clone() });
    text.chars().skip(1).collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `chmod -x file`: what looks like a mode is none of the options.
    let is_mode = |a: &String| {
        a.len() > 1 && a.starts_with('-') && a[1..].chars().all(|ch| "rwxXstugo,+-=".contains(ch)) && a != "--"
    };
    let mut minus = None;
    if let Some(i) = c.args.iter().position(is_mode) {
        minus = Some(c.args.remove(i));
    }
    let p = c.parse(&SPEC).await?;
    let mut operands = p.operands.clone();
    let reference = match p.value("reference") {
        None => None,
        Some(r) => match c.sys.stat(r).await {
            Ok(s) => Some(s.mode),
            Err(e) => return c.die(1, format!("failed to get attributes of {}: {e}", quote::always(r))).await,
        },
    };
    let mode = match (minus, reference) {
        (Some(m), _) => m,
        (None, Some(_)) => String::new(),
        (None, None) if operands.is_empty() => return c.usage(1, "missing operand").await,
        (None, None) => operands.remove(0),
    };
    if reference.is_none() && change(&mode, 0, false, 0).is_none() {
        return c.usage(1, format!("invalid mode: {}", quote::word(&mode))).await;
    }
    if operands.is_empty() {
        return c.usage(1, format!("missing operand after {}", quote::word(&mode))).await;
    }
    let umask = c.sys.umask(0).await.unwrap_or(0o022);
    let _ = c.sys.umask(umask).await;
    let mut todo: Vec<(String, bool)> = operands.into_iter().rev().map(|o| (o, true)).collect();
    while let Some((at, top)) = todo.pop() {
        let stat = match c.sys.lstat(&at).await {
            Ok(s) if s.file_type == FileType::Symlink && !top => continue,
            Ok(s) if s.file_type == FileType::Symlink => c.sys.stat(&at).await,
            r => r,
        };
        let s = match stat {
            Ok(s) => s,
            Err(e) => {
                let dangling = c.sys.lstat(&at).await.is_ok();
                let what = if dangling { "cannot operate on dangling symlink" } else { "cannot access" };
                let tail = if dangling { String::new() } else { format!(": {e}") };
                if !p.has("f") {
                    c.warn(format!("{what} {}{tail}", quote::always(&at))).await;
                }
                if p.has("v") && !dangling {
                    c.put(format!("{} could not be accessed\n", quote::always(&at))).await?;
                }
                c.code = 1;
                continue;
            }
        };
        let dir = s.file_type == FileType::Dir;
        let new = reference.or_else(|| change(&mode, s.mode, dir, umask)).unwrap_or(s.mode);
        if let Err(e) = c.sys.chmod(&at, new).await {
            if !p.has("f") {
                let text = if c.variant == "busybox" {
                    format!("{at}: {e}")
                } else {
                    format!("changing permissions of {}: {e}", quote::always(&at))
                };
                c.warn(text).await;
            }
            c.code = 1;
        } else if p.has("v") || p.has("c") && new != s.mode {
            let name = quote::always(&at);
            let (old_text, new_text) = (letters(s.mode, &s), letters(new, &s));
            let line = if new == s.mode {
                format!("mode of {name} retained as {new:04o} ({new_text})\n")
            } else {
                format!("mode of {name} changed from {:04o} ({old_text}) to {new:04o} ({new_text})\n", s.mode)
            };
            c.put(line).await?;
        }
        if p.has("R") && dir {
            match c.sys.read_dir(&at).await {
                Ok(names) => todo.extend(names.iter().rev().map(|n| (path::join(&at, &n.name), false))),
                Err(e) => c.fail(format!("cannot read directory {}: {e}", quote::always(&at))).await,
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn modes_change_as_in_posix() {
        for (text, mode, dir, expected) in [
            ("755", 0o644, false, Some(0o755)),
            ("+x", 0o644, false, Some(0o755)),
            ("u+x,go-r", 0o644, false, Some(0o700)),
            ("a=r", 0o755, false, Some(0o444)),
            ("g=u", 0o640, false, Some(0o660)),
            ("+X", 0o644, false, Some(0o644)),
            ("+X", 0o644, true, Some(0o755)),
            ("u+s", 0o755, false, Some(0o4755)),
            ("999", 0, false, None),
            ("u+q", 0, false, None),
        ] {
            assert_eq!(change(text, mode, dir, 0o022), expected, "{text}");
        }
    }
}
