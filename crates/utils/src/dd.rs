//! `dd`: copies blocks (POSIX XCU dd).

use layerlab_kernel::float::Float;
use layerlab_kernel::{Fd, FileType, OpenFlags, Whence};

use crate::cli::{Cli, Run, Spec, Stop, human, quote};

const SPEC: Spec = Spec::new(
    "[OPERAND]...",
    "Copy a file, converting and formatting according to the operands: if= of= bs= ibs= obs= cbs= count= skip= seek= conv= iflag= oflag= status=",
    "",
);

/// Blocks larger than this are not read.
const MOST: u64 = 64 << 20;

#[derive(Default)]
struct Options {
    input: Option<String>,
    output: Option<String>,
    ibs: usize,
    obs: usize,
    cbs: usize,
    count: Option<u64>,
    skip: u64,
    seek: u64,
    conv: Vec<String>,
    iflag: Vec<String>,
    oflag: Vec<String>,
    status: String,
}

impl Options {
    fn conv(&self, name: &str) -> bool {
        self.conv.iter().any(|c| c == name)
    }
    fn i(&self, name: &str) -> bool {
        self.iflag.iter().any(|c| c == name)
    }
    fn o(&self, name: &str) -> bool {
        self.oflag.iter().any(|c| c == name)
    }
}

#[derive(Default)]
struct Count {
    whole_in: u64,
    part_in: u64,
    whole_out: u64,
    part_out: u64,
    bytes: u64,
    truncated: u64,
}

/// A number of operands: `2x512`, `1k`, `3B`.
fn number(text: &str) -> Option<u64> {
    text.trim_start().split('x').try_fold(1u64, |n, part| {
        let part = part.strip_suffix('B').filter(|p| p.ends_with(|d: char| d.is_ascii_digit())).unwrap_or(part);
        part.starts_with(|d: char| d.is_ascii_digit()).then(|| human::parse(part)).flatten()?.checked_mul(n)
    })
}

async fn options(c: &mut Cli, args: Vec<String>) -> Run<Options> {
    let mut o = Options { ibs: 512, obs: 512, ..Options::default() };
    let (mut bs, mut count, mut skip, mut seek) = (None, None, None, None);
    for arg in args {
        let Some((name, value)) = arg.split_once('=') else {
            return c.usage(1, format!("unrecognized operand {}", quote::word(&arg))).await;
        };
        let words = || value.split(',').filter(|w| !w.is_empty()).map(str::to_owned);
        match name {
            "if" => o.input = Some(value.to_owned()),
            "of" => o.output = Some(value.to_owned()),
            "conv" => o.conv.extend(words()),
            "iflag" => o.iflag.extend(words()),
            "oflag" => o.oflag.extend(words()),
            "status" => {
                if !matches!(value, "none" | "noxfer" | "progress" | "default") {
                    return c.usage(1, format!("invalid status level: {}", quote::word(value))).await;
                }
                value.clone_into(&mut o.status);
            }
            "bs" | "ibs" | "obs" | "cbs" | "count" | "skip" | "seek" | "iseek" | "oseek" => {
                let block = matches!(name, "bs" | "ibs" | "obs" | "cbs");
                let Some(n) = number(value).filter(|n| !block || *n > 0) else {
                    return c.die(1, format!("invalid number: {}", quote::word(value))).await;
                };
                if block && n > MOST {
                    return c.die(1, format!("memory exhausted by input buffer of size {n} bytes")).await;
                }
                let bytes = value.ends_with('B') && value.trim_end_matches('B').ends_with(|d: char| d.is_ascii_digit());
                match name {
                    "bs" => bs = Some(n as usize),
                    "ibs" => o.ibs = n as usize,
                    "obs" => o.obs = n as usize,
                    "cbs" => o.cbs = n as usize,
                    "count" => count = Some((n, bytes)),
                    "skip" | "iseek" => skip = Some((n, bytes)),
                    _ => seek = Some((n, bytes)),
                }
            }
            _ => return c.usage(1, format!("unrecognized operand {}", quote::word(&arg))).await,
        }
    }
    if let Some(n) = bs {
        (o.ibs, o.obs) = (n, n);
    }
    const CONV: &[&str] = &[
        "ascii",
        "ebcdic",
        "ibm",
        "block",
        "unblock",
        "lcase",
        "ucase",
        "sparse",
        "swab",
        "sync",
        "excl",
        "nocreat",
        "notrunc",
        "noerror",
        "fdatasync",
        "fsync",
    ];
    const FLAGS: &[&str] = &[
        "append",
        "direct",
        "directory",
        "dsync",
        "sync",
        "fullblock",
        "nonblock",
        "noatime",
        "nocache",
        "noctty",
        "nofollow",
        "count_bytes",
        "skip_bytes",
        "seek_bytes",
    ];
    for (what, known, given) in
        [("conversion", CONV, &o.conv), ("input flag", FLAGS, &o.iflag), ("output flag", FLAGS, &o.oflag)]
    {
        if let Some(bad) = given.iter().find(|w| !known.contains(&w.as_str())) {
            return c.usage(1, format!("invalid {what}: {}", quote::word(bad))).await;
        }
    }
    // In bytes from here on.
    let bytes = |given: Option<(u64, bool)>, flag: bool, block: usize| {
        given.map(|(n, b)| if b || flag { n } else { n.saturating_mul(block as u64) })
    };
    o.skip = bytes(skip, o.i("skip_bytes"), o.ibs).unwrap_or(0);
    o.seek = bytes(seek, o.o("seek_bytes"), o.obs).unwrap_or(0);
    o.count = match count {
        Some((n, b)) if b || o.i("count_bytes") => {
            o.iflag.push("count_bytes".to_owned());
            Some(n)
        }
        other => other.map(|(n, _)| n),
    };
    Ok(o)
}

fn convert(o: &Options, block: &mut [u8]) {
    if o.conv("swab") {
        for pair in block.chunks_exact_mut(2) {
            pair.swap(0, 1);
        }
    }
    if o.conv("ucase") {
        block.make_ascii_uppercase();
    }
    if o.conv("lcase") {
        block.make_ascii_lowercase();
    }
}

/// `conv=block`: lines to records of `cbs` bytes; what is left of the last line stays in `held`.
fn records(o: &Options, held: &mut Vec<u8>, end: bool, count: &mut Count) -> Vec<u8> {
    let mut out = Vec::new();
    if o.conv("block") {
        while let Some(n) = held.iter().position(|b| *b == b'\n').or((end && !held.is_empty()).then_some(held.len())) {
            let mut line: Vec<u8> = held.drain(..n).collect();
            if !held.is_empty() {
                held.remove(0);
            }
            count.truncated += u64::from(line.len() > o.cbs);
            line.resize(o.cbs, b' ');
            out.extend(line);
        }
    } else {
        while held.len() >= o.cbs || end && !held.is_empty() {
            let line: Vec<u8> = held.drain(..o.cbs.min(held.len())).collect();
            let keep = line.iter().rposition(|b| *b != b' ').map_or(0, |n| n + 1);
            out.extend(&line[..keep]);
            out.push(b'\n');
        }
    }
    out
}

async fn open(c: &mut Cli, o: &Options) -> Run<(Fd, Fd)> {
    let input = match &o.input {
        None => 0,
        Some(f) => match c.sys.open(f, OpenFlags::READ, 0).await {
            Ok(fd) => fd,
            Err(e) => return c.die(1, format!("failed to open {}: {e}", quote::always(f))).await,
        },
    };
    let output = match &o.output {
        None => 1,
        Some(f) => {
            let flags = OpenFlags {
                create: !o.conv("nocreat"),
                exclusive: o.conv("excl"),
                truncate: o.seek == 0 && !o.conv("notrunc"),
                append: o.o("append"),
                ..OpenFlags::CREATE
            };
            match c.sys.open(f, flags, 0o666).await {
                Ok(fd) => fd,
                Err(e) => return c.die(1, format!("failed to open {}: {e}", quote::always(f))).await,
            }
        }
    };
    if o.seek > 0 && o.output.is_some() && !o.conv("notrunc") {
        let _ = c.sys.truncate(output, o.seek).await;
    }
    Ok((input, output))
}

/// Passes over what is not to be copied.
async fn skip(c: &mut Cli, o: &Options, input: Fd, output: Fd) -> Run<()> {
    let start = c.sys.lseek(input, 0, Whence::Current).await;
    if o.skip > 0 && start.and(c.sys.lseek(input, o.skip as i64, Whence::Current).await).is_err() {
        let mut left = o.skip;
        while left > 0 {
            match c.sys.read(input, left.min(1 << 16) as usize).await {
                Ok(b) if !b.is_empty() => left -= b.len() as u64,
                _ => {
                    let name = o.input.as_deref().unwrap_or("standard input");
                    c.warn(format!("{}: cannot skip to specified offset", quote::maybe(name))).await;
                    break;
                }
            }
        }
    }
    if o.seek > 0 && c.sys.lseek(output, o.seek as i64, Whence::Current).await.is_err() {
        let mut left = o.seek;
        while left > 0 {
            let n = left.min(1 << 16);
            c.sys.write_all(output, vec![0; n as usize]).await.map_err(Stop::Output)?;
            left -= n;
        }
    }
    Ok(())
}

/// What one read of a file or of `/dev/zero` gives at most, in bytes.
const MOST_AT_ONCE: usize = 1 << 25;

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let o = options(c, p.operands).await?;
    let started = c.sys.now().0;
    let (input, output) = open(c, &o).await?;
    skip(c, &o, input, output).await?;
    let mut n = Count::default();
    let mut held: Vec<u8> = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    let recorded = o.cbs > 0 && (o.conv("block") || o.conv("unblock"));
    let by_bytes = o.i("count_bytes");
    // Linux gives as much of a file or of /dev/zero as is asked for; here a read gives a part of much.
    let is_given_whole = c.sys.fstat(input).await.is_ok_and(|s| match s.file_type {
        FileType::File | FileType::Block => true,
        FileType::Char => matches!(s.rdev, (1, 5 | 7..=9)),
        _ => false,
    });
    let fills = match () {
        () if o.i("fullblock") => usize::MAX,
        () if is_given_whole => MOST_AT_ONCE,
        () => 0,
    };
    let mut taken = 0u64;
    let mut failed = None;
    loop {
        let left = match o.count {
            Some(limit) if by_bytes => usize::try_from(limit.saturating_sub(taken)).unwrap_or(usize::MAX),
            Some(limit) if n.whole_in + n.part_in >= limit => 0,
            _ => usize::MAX,
        };
        if left == 0 {
            break;
        }
        let want = o.ibs.min(left);
        let mut block: Vec<u8> = Vec::new();
        loop {
            match c.sys.read(input, want - block.len()).await {
                Ok(b) => {
                    block.extend_from_slice(&b);
                    if b.is_empty() || block.len() >= want.min(fills) {
                        break;
                    }
                }
                Err(e) => {
                    let name = o.input.as_deref().unwrap_or("standard input");
                    c.warn(format!("error reading {}: {e}", quote::always(name))).await;
                    c.code = 1;
                    break;
                }
            }
        }
        if block.is_empty() {
            break;
        }
        taken += block.len() as u64;
        if block.len() == o.ibs {
            n.whole_in += 1;
        } else {
            n.part_in += 1;
            if o.conv("sync") {
                block.resize(o.ibs, if recorded { b' ' } else { 0 });
            }
        }
        convert(&o, &mut block);
        if recorded {
            line.extend(block);
            block = records(&o, &mut line, false, &mut n);
        }
        held.extend(block);
        // With ibs and obs equal a part of a block goes out as it came.
        let direct = o.ibs == o.obs && !recorded;
        while held.len() >= o.obs || direct && !held.is_empty() {
            let part: Vec<u8> = held.drain(..o.obs.min(held.len())).collect();
            failed = write(c, output, part, &o, &mut n).await;
            if failed.is_some() {
                break;
            }
        }
        if failed.is_some() {
            break;
        }
    }
    if failed.is_none() {
        if recorded {
            held.extend(records(&o, &mut line, true, &mut n));
        }
        while !held.is_empty() && failed.is_none() {
            let part: Vec<u8> = held.drain(..o.obs.min(held.len())).collect();
            failed = write(c, output, part, &o, &mut n).await;
        }
    }
    if let Some(e) = failed {
        let name = o.output.as_deref().unwrap_or("standard output");
        c.warn(format!("error writing {}: {e}", quote::always(name))).await;
        c.code = 1;
    }
    report(c, &o, &n, started).await;
    Ok(())
}

async fn write(c: &Cli, fd: Fd, part: Vec<u8>, o: &Options, n: &mut Count) -> Option<layerlab_kernel::Errno> {
    let len = part.len();
    if let Err(e) = c.sys.write_all(fd, part).await {
        return Some(e);
    }
    n.bytes += len as u64;
    if len == o.obs {
        n.whole_out += 1;
    } else {
        n.part_out += 1;
    }
    None
}

async fn report(c: &mut Cli, o: &Options, n: &Count, started: u64) {
    if o.status == "none" {
        return;
    }
    let mut text = format!("{}+{} records in\n{}+{} records out\n", n.whole_in, n.part_in, n.whole_out, n.part_out);
    if n.truncated > 0 {
        text.push_str(&format!("{} truncated record{}\n", n.truncated, if n.truncated == 1 { "" } else { "s" }));
    }
    if o.status != "noxfer" {
        let seconds = (c.sys.now().0.saturating_sub(started) as f64 / 1e9).max(1e-6);
        let scaled = |v: f64, base: f64, units: [&str; 5]| {
            let (mut v, mut i) = (v, 0);
            while v >= base && i + 1 < units.len() {
                v /= base;
                i += 1;
            }
            if v < 9.95 && i > 0 { format!("{v:.1} {}", units[i]) } else { format!("{v:.0} {}", units[i]) }
        };
        let si = scaled(n.bytes as f64, 1000.0, ["B", "kB", "MB", "GB", "TB"]);
        let iec = scaled(n.bytes as f64, 1024.0, ["B", "KiB", "MiB", "GiB", "TiB"]);
        let shown = match n.bytes {
            1 => "1 byte".to_owned(),
            b if b < 1000 => format!("{b} bytes"),
            b if b < 1024 => format!("{b} bytes ({si})"),
            b => format!("{b} bytes ({si}, {iec})"),
        };
        let rate = scaled(n.bytes as f64 / seconds, 1000.0, ["B/s", "kB/s", "MB/s", "GB/s", "TB/s"]);
        let time = Float::from(seconds).text('g', None, false);
        text.push_str(&format!("{shown} copied, {time} s, {rate}\n"));
    }
    let _ = c.flush().await;
    c.sys.eprint(text).await;
}
