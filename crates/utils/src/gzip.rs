//! `gzip`, `gunzip` and `zcat` (RFC 1952).

use std::io::{Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Compress or uncompress FILEs (by default, compress FILES in-place).",
    "c|stdout|to-stdout d|decompress|uncompress f|force k|keep l|list n|no-name N|name q|quiet r|recursive t|test v|verbose 1|fast 2 3 4 5 6 7 8 9|best S|suffix=",
)
.version("gzip 1.13 (simulated");

/// Bytes, compressed.
pub(crate) fn compress(bytes: &[u8], level: u32, name: Option<&str>, mtime: u32) -> std::io::Result<Vec<u8>> {
    let mut builder = GzBuilder::new().mtime(mtime).operating_system(3);
    if let Some(n) = name {
        builder = builder.filename(n);
    }
    let mut encoder = builder.write(Vec::new(), Compression::new(level));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Bytes as they were; `None` for what is not gzip's or broken.
pub(crate) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut out).ok()?;
    Some(out)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let back = p.has("d") || p.has("t") || c.name != "gzip";
    let suffix = p.value("S").unwrap_or(".gz").to_owned();
    let level = p.last_of(&["1", "2", "3", "4", "5", "6", "7", "8", "9"]).and_then(|l| l.parse().ok()).unwrap_or(6);
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    if c.variant != "busybox" {
        c.name = "gzip".to_owned();
    }
    let to_stdout = p.has("c");
    if p.has("l") {
        return list(c, &p, &files, &suffix).await;
    }
    let files = if p.has("r") { below(c, files).await } else { files };
    for f in files {
        one(c, &p, &f, back, to_stdout, &suffix, level).await?;
    }
    Ok(())
}

/// Folders' files in their place.
async fn below(c: &Cli, files: Vec<String>) -> Vec<String> {
    let mut todo: Vec<String> = files.into_iter().rev().collect();
    let mut all = Vec::new();
    while let Some(f) = todo.pop() {
        let folder = c.sys.lstat(&f).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir);
        match c.sys.read_dir(&f).await {
            Ok(names) if folder => {
                let path = |n: &str| crate::cli::path::join(&f, n);
                todo.extend(names.iter().rev().map(|e| path(&e.name)));
            }
            _ => all.push(f),
        }
    }
    all
}

/// `zcat`.
pub(crate) async fn zcat(c: &mut Cli) -> Run<()> {
    c.args.insert(0, "-dc".to_owned());
    main(c).await
}

/// By how much less it is, in tenths of a percent, as gzip shows it.
fn share(plain: u64, packed: u64) -> String {
    let tenths = if plain == 0 { 0 } else { ((plain as f64 - packed as f64) * 1000.0 / plain as f64).round() as i64 };
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{:>5}%", format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10))
}

/// Where the header of a member ends (RFC 1952, 2.3).
fn header(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(*bytes.get(at)?) + usize::from(*bytes.get(at + 1)?) * 256;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|b| *b == 0)? + 1;
        }
    }
    Some(at + if flags & 2 != 0 { 2 } else { 0 })
}

/// `-l`: sizes within.
async fn list(c: &mut Cli, p: &crate::cli::Parsed, files: &[String], suffix: &str) -> Run<()> {
    let (mut all, mut title) = ((0u64, 0u64), !p.has("q"));
    let mut shown = 0;
    for f in files {
        let named = f == "-" || f.ends_with(suffix) || c.sys.stat(f).await.is_ok();
        let name = if named { f.clone() } else { format!("{f}{suffix}") };
        let bytes = match c.slurp(&name).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{name}: {e}")).await;
                continue;
            }
        };
        let read = bytes.starts_with(&[0x1f, 0x8b]).then(|| decompress(&bytes)).flatten().zip(header(&bytes));
        let Some((plain, head)) = read else {
            let _ = c.flush().await;
            let shown = if name == "-" { "stdin" } else { &name };
            c.sys.eprint(format!("\ngzip: {shown}: not in gzip format\n")).await;
            c.code = 1;
            continue;
        };
        if std::mem::take(&mut title) {
            let lead = if p.has("v") { "method  crc     date  time  " } else { "" };
            c.put(format!("{lead}         compressed        uncompressed  ratio uncompressed_name\n")).await?;
        }
        let (plain, packed) = (plain.len() as u64, bytes.len() as u64);
        let tail = bytes.len().saturating_sub(8);
        if p.has("v") {
            let crc = bytes.get(tail..tail + 4).map_or(0, |b| b.iter().rev().fold(0u32, |n, b| n << 8 | u32::from(*b)));
            let time = match (&*name, c.sys.stat(&name).await) {
                ("-", _) | (_, Err(_)) => c.sys.wall_clock().div_euclid(1_000_000_000),
                (_, Ok(s)) => s.mtime,
            };
            c.put(format!("defla {crc:08x} {} ", c.zone().await.format("%b %e %H:%M", time, 0))).await?;
        }
        let base = name.strip_suffix(suffix).unwrap_or(if name == "-" { "stdout" } else { &name });
        c.put(format!("{packed:>19} {plain:>19} {} {base}\n", share(plain, (tail.saturating_sub(head)) as u64)))
            .await?;
        all = (all.0 + packed, all.1 + plain);
        shown += 1;
    }
    if shown > 1 {
        let lead = if p.has("v") { "                            " } else { "" };
        let (packed, plain) = all;
        c.put(format!("{lead}{packed:>19} {plain:>19} {} (totals)\n", share(plain, packed))).await?;
    }
    Ok(())
}

async fn one(
    c: &mut Cli,
    p: &crate::cli::Parsed,
    file: &str,
    back: bool,
    to_stdout: bool,
    suffix: &str,
    level: u32,
) -> Run<()> {
    let stdout = to_stdout || file == "-";
    if stdout && !back && !p.has("f") && c.sys.is_atty(1).await {
        c.sys
            .eprint("gzip: compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h\n")
            .await;
        c.code = 1;
        return Ok(());
    }
    let mut name = file.to_owned();
    let mut stat = if file == "-" { None } else { c.sys.lstat(file).await.ok() };
    if stat.is_none() && back && file != "-" {
        let with = if file.ends_with(suffix) { file.to_owned() } else { format!("{file}{suffix}") };
        if let Ok(s) = c.sys.lstat(&with).await {
            (name, stat) = (with, Some(s));
        } else {
            name = with;
        }
    }
    if let Some(s) = &stat {
        use layerlab_kernel::FileType::{Dir, Symlink};
        if s.file_type == Dir {
            c.warn(format!("{name} is a directory -- ignored")).await;
            c.code = if c.code == 1 { 1 } else { 2 };
            return Ok(());
        }
        if s.file_type == Symlink && !stdout && !p.has("f") {
            c.fail(format!("{name}: Too many levels of symbolic links")).await;
            return Ok(());
        }
    }
    let bytes = match c.slurp(&name).await {
        Ok(b) => b,
        Err(e) => {
            c.fail(format!("{name}: {e}")).await;
            return Ok(());
        }
    };
    let target = if back {
        match name.strip_suffix(suffix).or_else(|| name.strip_suffix(".tgz")) {
            Some(t) if name.ends_with(".tgz") => format!("{t}.tar"),
            Some(t) => t.to_owned(),
            None if stdout || p.has("t") => String::new(),
            None => {
                c.warn(format!("{name}: unknown suffix -- ignored")).await;
                c.code = if c.code == 1 { 1 } else { 2 };
                return Ok(());
            }
        }
    } else if name.ends_with(suffix) && !stdout {
        c.warn(format!("{name} already has {suffix} suffix -- unchanged")).await;
        return Ok(());
    } else {
        format!("{name}{suffix}")
    };
    let shown = if file == "-" { "stdin" } else { &name };
    let result = if back {
        let magic = bytes.starts_with(&[0x1f, 0x8b]);
        match decompress(&bytes) {
            Some(out) if magic => out,
            // As cat, where that is asked for.
            _ if !magic && stdout && p.has("f") => bytes.clone(),
            _ => {
                let text = if bytes.len() < 2 {
                    "unexpected end of file"
                } else if magic {
                    "invalid compressed data--format violated"
                } else {
                    "not in gzip format"
                };
                c.sys.eprint(format!("\ngzip: {shown}: {text}\n")).await;
                c.code = 1;
                return Ok(());
            }
        }
    } else {
        let base = crate::cli::path::base(&name).to_owned();
        let keep = stat.is_some() && !p.has("n");
        let time = stat.as_ref().filter(|_| keep).map_or(0, |s| s.mtime as u32);
        match compress(&bytes, level, keep.then_some(base.as_str()), time) {
            Ok(out) => out,
            Err(e) => {
                c.fail(format!("{name}: {e}")).await;
                return Ok(());
            }
        }
    };
    if p.has("t") {
        return Ok(());
    }
    if stdout {
        return c.put(result).await;
    }
    if !p.has("f") && c.sys.lstat(&target).await.is_ok() {
        c.warn(format!("{target} already exists;\tnot overwritten")).await;
        c.code = if c.code == 1 { 1 } else { 2 };
        return Ok(());
    }
    if p.has("v") {
        let (plain, packed) = if back { (&result, &bytes) } else { (&bytes, &result) };
        // What belongs to the form is not counted: the header, and 8 bytes behind.
        let form = header(packed).unwrap_or(10) + 8;
        let share = share(plain.len() as u64, packed.len().saturating_sub(form) as u64);
        let verb = if p.has("k") { "created" } else { "replaced with" };
        c.sys.eprint(format!("{name}:\t{share} -- {verb} {target}\n")).await;
    }
    if let Err(e) = c.sys.write_file(&target, result, 0o600).await {
        c.fail(format!("{target}: {e}")).await;
        return Ok(());
    }
    if let Some(s) = stat {
        let _ = c.sys.chmod(&target, s.mode).await;
        let _ = c.sys.utimes(&target, Some((s.mtime, s.mtime_nsec))).await;
    }
    if !p.has("k") {
        let _ = c.sys.unlink(&name).await;
    }
    Ok(())
}
