//! `-printf` and `-ls`.

use layerlab_kernel::FileType;

use super::Seen;
use crate::cli::{Cli, path};

/// A file's letter.
pub(super) fn letter(t: FileType) -> char {
    match t {
        FileType::File => 'f',
        FileType::Dir => 'd',
        FileType::Symlink => 'l',
        FileType::Char => 'c',
        FileType::Block => 'b',
        FileType::Fifo => 'p',
        FileType::Socket => 's',
    }
}

/// What a format makes of a file.
pub(super) async fn printf(c: &Cli, format: &str, s: &Seen<'_>) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut chars = format.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch == '\\' {
            match chars.next() {
                Some('n') => out.push(b'\n'),
                Some('t') => out.push(b'\t'),
                Some('r') => out.push(b'\r'),
                Some('a') => out.push(7),
                Some('b') => out.push(8),
                Some('f') => out.push(12),
                Some('v') => out.push(11),
                Some('c') => return out,
                Some(d @ '0'..='7') => {
                    let mut n = d.to_digit(8).unwrap_or(0);
                    for _ in 0..2 {
                        let Some(d) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                        n = n * 8 + d;
                        chars.next();
                    }
                    out.push(n as u8);
                }
                Some('\\') => out.push(b'\\'),
                Some(o) => out.extend(format!("\\{o}").bytes()),
                None => out.push(b'\\'),
            }
            continue;
        }
        if ch != '%' {
            out.extend(ch.to_string().bytes());
            continue;
        }
        let mut flags = String::new();
        while let Some(f) = chars.peek().filter(|f| "-+ #0".contains(**f)) {
            flags.push(*f);
            chars.next();
        }
        let mut number = |first: bool| -> Option<usize> {
            if !first {
                chars.next_if_eq(&'.')?;
            }
            let mut n = None;
            while let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
                n = Some((n.unwrap_or(0) * 10 + d as usize).min(10_000));
                chars.next();
            }
            n.or(if first { None } else { Some(0) })
        };
        let width = number(true).unwrap_or(0);
        let precision = number(false);
        let Some(kind) = chars.next() else {
            out.push(b'%');
            break;
        };
        let st = s.stat;
        let mut numeric = false;
        let mut text = match kind {
            '%' => "%".to_owned(),
            'p' => s.path.to_owned(),
            'f' => path::base(s.path).to_owned(),
            'h' => {
                let trimmed = s.path.trim_end_matches('/');
                trimmed.rsplit_once('/').map_or(".", |(d, _)| d).to_owned()
            }
            'P' => s.path[s.root.len().min(s.path.len())..].trim_start_matches('/').to_owned(),
            'H' => s.root.to_owned(),
            'l' => {
                if st.file_type == FileType::Symlink {
                    c.sys.readlink(s.path).await.unwrap_or_default()
                } else {
                    String::new()
                }
            }
            'y' => letter(st.file_type).to_string(),
            'Y' => match c.sys.stat(s.path).await {
                Ok(t) => letter(t.file_type).to_string(),
                Err(layerlab_kernel::Errno::ELOOP) => "L".to_owned(),
                Err(_) => "N".to_owned(),
            },
            'M' => crate::ls::mode_text(st),
            'u' => s.names.user(st.uid),
            'g' => s.names.group(st.gid),
            'F' => super::fs_type(c, s.path).await,
            't' | 'a' | 'c' => {
                let (secs, nanos) = st.time(kind.to_ascii_lowercase());
                let at = s.zone.format("%a %b %e %H:%M:%S", secs, nanos);
                format!("{at}.{nanos:09}0 {}", s.zone.format("%Y", secs, 0))
            }
            'T' | 'A' | 'C' | 'B' => {
                let (secs, nanos) = st.time(kind.to_ascii_lowercase());
                match chars.next() {
                    Some('@') => format!("{secs}.{nanos:09}0"),
                    Some('+') => format!("{}.{nanos:09}0", s.zone.format("%Y-%m-%d+%H:%M:%S", secs, 0)),
                    Some('S') => format!("{}.{nanos:09}0", s.zone.format("%S", secs, nanos)),
                    Some('T' | 'X') => format!("{}.{nanos:09}0", s.zone.format("%T", secs, nanos)),
                    Some(k) => s.zone.format(&format!("%{k}"), secs, nanos),
                    None => String::new(),
                }
            }
            kind => {
                numeric = true;
                match kind {
                    's' => st.size.to_string(),
                    'k' => crate::ls::kib(st).to_string(),
                    'b' => (crate::ls::kib(st) * 2).to_string(),
                    'm' => {
                        if flags.contains('#') {
                            format!("{:04o}", st.mode)
                        } else {
                            format!("{:o}", st.mode)
                        }
                    }
                    'U' => st.uid.to_string(),
                    'G' => st.gid.to_string(),
                    'i' => st.ino.to_string(),
                    'n' => st.nlink.to_string(),
                    'd' => s.depth.to_string(),
                    'D' => st.dev.to_string(),
                    'S' => "1".to_owned(),
                    other => format!("%{other}"),
                }
            }
        };
        if let (Some(p), false) = (precision, numeric) {
            text = text.chars().take(p).collect();
        }
        let text = if flags.contains('-') {
            format!("{text:<width$}")
        } else if flags.contains('0') && numeric {
            format!("{text:0>width$}")
        } else {
            format!("{text:>width$}")
        };
        out.extend(text.bytes());
    }
    out
}

/// `-ls`: as `ls -dils`.
pub(super) async fn ls(c: &Cli, s: &Seen<'_>) -> String {
    let st = s.stat;
    let old = s.now / 1_000_000_000 - st.mtime > 15_778_476 || st.mtime > s.now / 1_000_000_000;
    let when = s.zone.format(if old { "%b %e  %Y" } else { "%b %e %H:%M" }, st.mtime, 0);
    let target = if st.file_type == FileType::Symlink {
        format!(" -> {}", c.sys.readlink(s.path).await.unwrap_or_default())
    } else {
        String::new()
    };
    format!(
        "{:>9} {:>6} {} {:>3} {:<8} {:<8} {:>8} {when} {}{target}\n",
        st.ino,
        crate::ls::kib(st),
        crate::ls::mode_text(st),
        st.nlink,
        s.names.user(st.uid),
        s.names.group(st.gid),
        st.size,
        s.path
    )
}
