//! `stat`: what is known of files.

use layerlab_kernel::{FileType, Stat};

use crate::cli::names::Names;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE...",
    "Display file or file system status.",
    "L|dereference f|file-system c|format= printf= t|terse cached=",
);

fn kind(s: &Stat) -> &'static str {
    match s.file_type {
        FileType::File if s.size == 0 => "regular empty file",
        FileType::File => "regular file",
        FileType::Dir => "directory",
        FileType::Symlink => "symbolic link",
        FileType::Char => "character special file",
        FileType::Block => "block special file",
        FileType::Fifo => "fifo",
        FileType::Socket => "socket",
    }
}

fn type_bits(s: &Stat) -> u32 {
    match s.file_type {
        FileType::Fifo => 0o010_000,
        FileType::Char => 0o020_000,
        FileType::Dir => 0o040_000,
        FileType::Block => 0o060_000,
        FileType::File => 0o100_000,
        FileType::Symlink => 0o120_000,
        FileType::Socket => 0o140_000,
    }
}

async fn render(c: &Cli, format: &str, path: &str, s: &Stat, names: &Names) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    let size = if s.file_type == FileType::Dir { s.size.max(4096) } else { s.size };
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let mut flags = String::new();
        while let Some(f) = chars.peek().filter(|f| "-+ #0123456789.".contains(**f)) {
            flags.push(*f);
            chars.next();
        }
        let text = match chars.next() {
            Some('a') if flags.contains('#') => format!("{:#o}", s.mode).replacen("0o", "0", 1),
            Some('a') => format!("{:o}", s.mode),
            Some('A') => crate::ls::mode_text(s),
            Some('b') => (crate::ls::kib(s) * 2).to_string(),
            Some('B') => "512".to_owned(),
            Some('d') => s.dev.to_string(),
            Some('D') => format!("{:x}", s.dev),
            Some('f') => format!("{:x}", s.mode | type_bits(s)),
            Some('F') => kind(s).to_owned(),
            Some('g') => s.gid.to_string(),
            Some('G') => names.group(s.gid),
            Some('h') => s.nlink.to_string(),
            Some('i') => s.ino.to_string(),
            Some('n') => path.to_owned(),
            Some('N') => match c.sys.readlink(path).await {
                Ok(to) if s.file_type == FileType::Symlink => {
                    format!("{} -> {}", quote::always(path), quote::always(&to))
                }
                _ => quote::always(path),
            },
            Some('o') => "4096".to_owned(),
            Some('s') => size.to_string(),
            Some('t') => format!("{:x}", s.rdev.0),
            Some('T') => format!("{:x}", s.rdev.1),
            Some('u') => s.uid.to_string(),
            Some('U') => names.user(s.uid),
            Some('w') => "-".to_owned(),
            Some('W') => "0".to_owned(),
            Some(k @ ('X' | 'Y' | 'Z')) => s.time(which(k)).0.to_string(),
            Some(k @ ('x' | 'y' | 'z')) => {
                let (secs, nanos) = s.time(which(k));
                c.zone().await.format("%Y-%m-%d %H:%M:%S.%N %z", secs, nanos)
            }
            Some('\n') => "%\n".to_owned(),
            Some('%') | None => "%".to_owned(),
            Some(_) => "?".to_owned(),
        };
        let width: usize = flags.trim_start_matches(['-', '0', '+', ' ', '#']).parse().unwrap_or(0);
        out.push_str(&match (flags.starts_with('-'), flags.starts_with('0')) {
            (true, _) => format!("{text:<width$}"),
            (_, true) => format!("{text:0>width$}"),
            _ => format!("{text:>width$}"),
        });
    }
    out
}

/// Which time a letter of the format is.
fn which(letter: char) -> char {
    match letter.to_ascii_lowercase() {
        'x' => 'a',
        'z' => 'c',
        _ => 'm',
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let names = Names::load(&c.sys).await;
    for path in &p.operands {
        let s = match if p.has("L") { c.sys.stat(path).await } else { c.sys.lstat(path).await } {
            Ok(s) => s,
            Err(e) => {
                c.fail(format!("cannot statx {}: {e}", quote::always(path))).await;
                continue;
            }
        };
        let device = matches!(s.file_type, FileType::Char | FileType::Block);
        let format = match (p.value("c"), p.value("printf")) {
            (Some(f), _) => format!("{f}\n"),
            (_, Some(f)) => String::from_utf8_lossy(&crate::echo::unescape(f).0).into_owned(),
            _ if p.has("t") => "%n %s %b %f %u %g %d %i %h %t %T %X %Y %Z %W %o\n".to_owned(),
            _ => format!(
                "  File: {}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: 0,%d\tInode: %-11i Links: {}\nAccess: (%04a/%10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n",
                if s.file_type == FileType::Symlink { "%N".to_owned() } else { "%n".to_owned() },
                if device { "%-5h Device type: %t,%T" } else { "%h" }
            ),
        };
        // Busybox: the device as one number, and no birth.
        let format = if c.variant == "busybox" {
            format.replace("Device: 0,%d\t", "Device: %Dh/%dd\t").replace(" Birth: %w\n", "")
        } else {
            format
        };
        let text = render(c, &format, path, &s, &names).await;
        c.put(text).await?;
    }
    Ok(())
}
