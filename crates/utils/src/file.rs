//! `file`: what files hold, by their first bytes.

use layerlab_kernel::FileType;

use crate::cli::{Cli, Run, Spec, human_width};

const SPEC: Spec = Spec::new(
    "[OPTION...] [FILE...]",
    "Determine type of FILEs.",
    "b|brief i|mime mime-type mime-encoding f|files-from= F|separator= h|no-dereference L|dereference N|no-pad 0|print0 s|special-files z|uncompress k|keep-going r|raw p|preserve-date e= m= n|no-buffer E",
)
.version("file-5.46 (simulated");

fn le(b: &[u8], at: usize, n: usize) -> u64 {
    b.get(at..at + n).map_or(0, |b| b.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
}

fn be(b: &[u8], at: usize, n: usize) -> u64 {
    b.get(at..at + n).map_or(0, |b| b.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
}

fn elf(b: &[u8]) -> String {
    let bits = if b.get(4) == Some(&2) { "64-bit" } else { "32-bit" };
    let order = if b.get(5) == Some(&2) { "MSB" } else { "LSB" };
    let kind = match le(b, 16, 2) {
        1 => "relocatable",
        3 => "shared object",
        4 => "core file",
        _ => "executable",
    };
    let machine = match le(b, 18, 2) {
        0x3e => "x86-64",
        0xb7 => "ARM aarch64",
        0x28 => "ARM, EABI5",
        3 => "Intel 80386",
        0xf3 => "UCB RISC-V",
        _ => "unknown arch",
    };
    format!("ELF {bits} {order} {kind}, {machine}, version 1 (SYSV), statically linked, stripped")
}

/// Text: which kind; nothing for what is none.
fn text(b: &[u8]) -> Option<(String, &'static str, &'static str)> {
    let control = |b: u8| b < 7 || (14..27).contains(&b) || (28..32).contains(&b) || b == 127;
    let whole = std::str::from_utf8(b).or_else(|e| {
        // The last character may be cut.
        if e.error_len().is_none() { std::str::from_utf8(&b[..e.valid_up_to()]) } else { Err(e) }
    });
    let (encoding, charset) = match whole {
        _ if b.iter().any(|b| control(*b)) => return None,
        Ok(t) if t.is_ascii() => ("ASCII", "us-ascii"),
        Ok(t) if t.starts_with('\u{feff}') => ("Unicode text, UTF-8 (with BOM)", "utf-8"),
        Ok(_) => ("Unicode text, UTF-8", "utf-8"),
        Err(_) if b.iter().any(|b| (0x80..0xa0).contains(b)) => ("Non-ISO extended-ASCII", "unknown-8bit"),
        Err(_) => ("ISO-8859", "iso-8859-1"),
    };
    let t = String::from_utf8_lossy(b).into_owned();
    let head = t.trim_start_matches('\u{feff}').trim_start();
    let (script, mime) = if let Some(line) = head.strip_prefix("#!") {
        let line = line.lines().next().unwrap_or("").trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        let program = words.first().copied().unwrap_or("");
        let base = program.rsplit('/').next().unwrap_or("");
        let base = if base == "env" { words.get(1).copied().unwrap_or("env") } else { base };
        match base {
            "sh" | "dash" => ("POSIX shell script, ".to_owned(), "text/x-shellscript"),
            "bash" => ("Bourne-Again shell script, ".to_owned(), "text/x-shellscript"),
            b if b.starts_with("python") => ("Python script, ".to_owned(), "text/x-script.python"),
            "perl" => ("Perl script text executable, ".to_owned(), "text/x-perl"),
            "node" => ("Node.js script executable, ".to_owned(), "application/javascript"),
            _ => (format!("a {line} script, "), "text/plain"),
        }
    } else if head.starts_with('{') && head.trim_end().ends_with('}') && head.contains('"')
        || head.starts_with("[{") && head.trim_end().ends_with(']')
    {
        return Some(("JSON text data".to_owned(), "application/json", charset));
    } else if head.to_ascii_lowercase().starts_with("<!doctype html") || head.to_ascii_lowercase().starts_with("<html")
    {
        ("HTML document, ".to_owned(), "text/html")
    } else if head.starts_with("<?xml") {
        ("XML 1.0 document, ".to_owned(), "text/xml")
    } else if head.starts_with("-----BEGIN CERTIFICATE-----") {
        return Some(("PEM certificate".to_owned(), "text/plain", charset));
    } else if head.starts_with("diff ") || head.starts_with("--- ") && head.contains("\n+++ ") {
        ("unified diff output, ".to_owned(), "text/x-diff")
    } else if ["import ", "from ", "def ", "class "].iter().any(|k| head.starts_with(k))
        && head.contains('\n')
        && (head.contains(" import ") || head.contains("def ") && head.contains("):"))
    {
        ("Python script, ".to_owned(), "text/x-script.python")
    } else if head.starts_with("#include") || head.contains("\n#include <") {
        ("C source, ".to_owned(), "text/x-c")
    } else if is_csv(&t) {
        return Some(("CSV text".to_owned(), "text/csv", charset));
    } else {
        (String::new(), "text/plain")
    };
    let mut out = format!("{script}{encoding} text");
    if !script.is_empty()
        && !script.contains("document")
        && !script.contains("source")
        && !script.contains("diff")
        && !script.contains("executable")
    {
        out.push_str(" executable");
    }
    let longest = t.lines().map(str::len).max().unwrap_or(0);
    if longest > 300 {
        out.push_str(&format!(", with very long lines ({longest})"));
    }
    let (crlf, lf) = (t.matches("\r\n").count(), t.matches('\n').count());
    if crlf > 0 && crlf == lf {
        out.push_str(", with CRLF line terminators");
    } else if crlf > 0 {
        out.push_str(", with CRLF, LF line terminators");
    } else if lf == 0 && t.contains('\r') {
        out.push_str(", with CR line terminators");
    } else if lf == 0 {
        out.push_str(", with no line terminators");
    }
    if b.contains(&27) {
        out.push_str(", with escape sequences");
    }
    Some((out, mime, charset))
}

/// As file's is_csv.c: the same number of commas, outside of quotes, in each of some lines.
fn is_csv(text: &str) -> bool {
    let (mut quoted, mut commas, mut first, mut lines) = (false, 0, 0, 0);
    for ch in text.chars() {
        match ch {
            '"' => quoted = !quoted,
            ',' if !quoted => commas += 1,
            '\n' if !quoted => {
                lines += 1;
                if lines == 1 {
                    first = commas;
                }
                if first == 0 || first != commas {
                    return false;
                }
                if lines == 10 {
                    return true;
                }
                commas = 0;
            }
            _ => {}
        }
    }
    first > 0 && lines > 2
}

/// Description, MIME type and character set of some content.
fn magic(b: &[u8], size: u64) -> (String, &'static str, &'static str) {
    let starts = |m: &[u8]| b.starts_with(m);
    let binary = |d: &str, m: &'static str| (d.to_owned(), m, "binary");
    if size == 0 {
        return binary("empty", "inode/x-empty");
    }
    if size == 1 && b.iter().any(|b| *b < 7) {
        return binary("very short file (no magic)", "application/octet-stream");
    }
    if starts(b"\x7fELF") {
        return (elf(b), "application/x-executable", "binary");
    }
    if starts(b"\x1f\x8b") {
        let mut d = "gzip compressed data".to_owned();
        let flags = b.get(3).copied().unwrap_or(0);
        if flags & 8 != 0 {
            let name = b.get(10..).and_then(|n| n.split(|b| *b == 0).next()).unwrap_or(&[]);
            d.push_str(&format!(", was \"{}\"", String::from_utf8_lossy(name)));
        }
        let time = le(b, 4, 4) as i64;
        if time > 0 {
            d.push_str(&format!(", last modified: {}", crate::cli::time::format("%a %b %e %H:%M:%S %Y", time, 0)));
        }
        match b.get(8) {
            Some(2) => d.push_str(", max compression"),
            Some(4) => d.push_str(", max speed"),
            _ => {}
        }
        let os = if b.get(9) == Some(&3) { ", from Unix" } else { "" };
        d.push_str(os);
        return (d, "application/gzip", "binary");
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        let colors = match b.get(25) {
            Some(0) => "grayscale",
            Some(2) => "RGB",
            Some(3) => "colormap",
            Some(4) => "gray+alpha",
            _ => "RGBA",
        };
        let inter = if b.get(28) == Some(&1) { "interlaced" } else { "non-interlaced" };
        let depth = b.get(24).copied().unwrap_or(8);
        let d = format!("PNG image data, {} x {}, {depth}-bit/color {colors}, {inter}", be(b, 16, 4), be(b, 20, 4));
        return (d, "image/png", "binary");
    }
    if starts(b"GIF8") {
        let v = String::from_utf8_lossy(b.get(3..6).unwrap_or(&[])).into_owned();
        return (format!("GIF image data, version {v}, {} x {}", le(b, 6, 2), le(b, 8, 2)), "image/gif", "binary");
    }
    if b.get(257..262) == Some(b"ustar") {
        let d = if b.get(262) == Some(&b' ') { "POSIX tar archive (GNU)" } else { "POSIX tar archive" };
        return binary(d, "application/x-tar");
    }
    if starts(b"\x28\xb5\x2f\xfd") {
        return binary("Zstandard compressed data (v0.8+), Dictionary ID: None", "application/zstd");
    }
    if starts(b"PK\x03\x04") {
        let v = be(b, 4, 1);
        return (
            format!("Zip archive data, at least v{}.{} to extract, compression method=deflate", v / 10, v % 10),
            "application/zip",
            "binary",
        );
    }
    for (m, d, mime) in [
        (&b"\xff\xd8\xff"[..], "JPEG image data", "image/jpeg"),
        (b"%PDF-", "PDF document", "application/pdf"),
        (b"BZh", "bzip2 compressed data, block size = 900k", "application/x-bzip2"),
        (b"\xfd7zXZ\0", "XZ compressed data", "application/x-xz"),
        (b"SQLite format 3\0", "SQLite 3.x database", "application/vnd.sqlite3"),
        (b"!<arch>\n", "current ar archive", "application/x-archive"),
        (b"\0asm", "WebAssembly (wasm) binary module version 0x1 (MVP)", "application/wasm"),
    ] {
        if starts(m) {
            let version = if mime == "application/pdf" {
                format!(", version {}", String::from_utf8_lossy(b.get(5..8).unwrap_or(&[])))
            } else {
                String::new()
            };
            return (format!("{d}{version}"), mime, "binary");
        }
    }
    text(b).unwrap_or_else(|| binary("data", "application/octet-stream"))
}

async fn describe(c: &Cli, file: &str, follow: bool) -> (String, String, &'static str) {
    let plain = |d: &str, m: &str| (d.to_owned(), m.to_owned(), "binary");
    let s = if file == "-" {
        c.sys.fstat(0).await
    } else if follow {
        c.sys.stat(file).await
    } else {
        c.sys.lstat(file).await
    };
    let s = match s {
        Ok(s) => s,
        Err(e) => {
            let d = format!("cannot open `{file}' ({e})");
            return (d.clone(), d, "binary");
        }
    };
    let extra = [(0o4000, "setuid "), (0o2000, "setgid "), (0o1000, "sticky ")];
    let bits: String = extra.iter().filter(|(m, _)| s.mode & m != 0).map(|(_, t)| *t).collect();
    match s.file_type {
        FileType::Dir => {
            (format!("{}directory", bits.replace("sticky ", "sticky, ")), "inode/directory".to_owned(), "binary")
        }
        FileType::Symlink => {
            let to = c.sys.readlink(file).await.unwrap_or_default();
            let kind = if c.sys.stat(file).await.is_ok() { "symbolic link to" } else { "broken symbolic link to" };
            (format!("{kind} {to}"), "inode/symlink".to_owned(), "binary")
        }
        FileType::Char => {
            (format!("character special ({}/{})", s.rdev.0, s.rdev.1), "inode/chardevice".to_owned(), "binary")
        }
        FileType::Block => {
            (format!("block special ({}/{})", s.rdev.0, s.rdev.1), "inode/blockdevice".to_owned(), "binary")
        }
        FileType::Fifo if file != "-" => plain("fifo (named pipe)", "inode/fifo"),
        FileType::Socket => plain("socket", "inode/socket"),
        _ => match c.slurp(file).await {
            Ok(b) => {
                let head = &b[..b.len().min(1 << 20)];
                let (d, m, e) = magic(head, b.len() as u64);
                (format!("{bits}{d}"), m.to_owned(), e)
            }
            Err(layerlab_kernel::Errno::EACCES) => {
                plain("regular file, no read permission", "application/octet-stream")
            }
            Err(e) => {
                let d = format!("cannot open `{file}' ({e})");
                (d.clone(), d, "binary")
            }
        },
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut files = Vec::new();
    for list in p.values("f") {
        match c.slurp(&list).await {
            Ok(b) => files.extend(String::from_utf8_lossy(&b).lines().map(str::to_owned)),
            Err(e) => return c.die(1, format!("Cannot open `{list}' ({e})")).await,
        }
    }
    files.extend(p.operands.iter().cloned());
    if files.is_empty() {
        c.sys.eprint(format!("Usage: file {}\n", SPEC.usage)).await;
        return Err(crate::cli::Stop::Code(1));
    }
    let follow = p.has("L") && !p.has("h");
    let named = |f: &String| if f == "-" { "/dev/stdin".to_owned() } else { f.clone() };
    let width = if p.has("N") { 0 } else { files.iter().map(|f| human_width(&named(f))).max().unwrap_or(0) };
    for f in &files {
        let (d, mime, charset) = describe(c, f, follow).await;
        let name = named(f);
        let shown = if p.has("i") {
            format!("{mime}; charset={charset}")
        } else if p.has("mime-type") {
            mime
        } else if p.has("mime-encoding") {
            charset.to_owned()
        } else {
            d
        };
        if p.has("b") {
            c.put(format!("{shown}\n")).await?;
        } else {
            let sep = p.value("F").unwrap_or(":");
            let fill = " ".repeat(width.saturating_sub(human_width(&name)));
            let zero = if p.has("0") { "\0" } else { "" };
            c.put(format!("{name}{zero}{sep}{fill} {shown}\n")).await?;
        }
    }
    Ok(())
}
