//! `xxd`: a hex dump, and back from one.

use layerlab_kernel::OpenFlags;

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[options] [infile [outfile]]",
    "Make a hex dump, or with -r turn one back into bytes.",
    "a|autoskip b|bits C|capitalize c|cols= E|EBCDIC e g|groupsize= h i|include l|len= n|name= o= d p|ps|postscript|plain r|revert s|seek= u t v R=",
)
.version("xxd 2024-09-15 (simulated");

struct Layout {
    cols: usize,
    group: usize,
    bits: bool,
    upper: bool,
    little: bool,
    decimal: bool,
    skip_zeros: bool,
}

impl Layout {
    fn line(&self, at: u64, bytes: &[u8]) -> String {
        let address = if self.decimal { format!("{at:08}") } else { format!("{at:08x}") };
        let mut out = format!("{address}: ");
        let digits = if self.bits { 8 } else { 2 };
        let groups = self.cols.div_ceil(self.group);
        let full = self.cols * digits + groups - 1;
        let from = out.len();
        let hex = |b: u8| match (self.bits, self.upper) {
            (true, _) => format!("{b:08b}"),
            (_, true) => format!("{b:02X}"),
            _ => format!("{b:02x}"),
        };
        for (i, g) in bytes.chunks(self.group).enumerate() {
            if i > 0 {
                out.push(' ');
            }
            if self.little {
                out.push_str(&"  ".repeat(self.group.min(self.cols) - g.len()));
                out.extend(g.iter().rev().map(|b| hex(*b)));
            } else {
                out.extend(g.iter().map(|b| hex(*b)));
            }
        }
        let used = out.len() - from;
        out.push_str(&" ".repeat(full.saturating_sub(used) + 2));
        out.extend(bytes.iter().map(|b| if (b' '..=b'~').contains(b) { char::from(*b) } else { '.' }));
        out.push('\n');
        out
    }
}

/// A number: decimal, 0x… or 0….
fn number(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(d) => (-1, d),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let n = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(h) => i64::from_str_radix(h, 16).ok()?,
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8).ok()?,
        None => digits.parse().ok()?,
    };
    Some(sign * n)
}

/// Bytes from a dump.
fn revert(text: &str, plain: bool, cols: usize, bits: bool) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    if plain {
        let mut high = None;
        for d in text.chars().filter_map(|c| c.to_digit(16)) {
            match high.take() {
                None => high = Some(d),
                Some(h) => out.push((h * 16 + d) as u8),
            }
        }
        return out;
    }
    for line in text.lines() {
        let Some((address, rest)) = line.split_once(':') else { continue };
        let Ok(at) = usize::from_str_radix(address.trim(), 16) else { continue };
        if at > 64 << 20 {
            continue;
        }
        if out.len() < at {
            out.resize(at, 0);
        }
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        // Two blanks end the bytes.
        let body = rest.split("  ").next().unwrap_or("");
        let (radix, digits) = if bits { (2, 8) } else { (16, 2) };
        let clean: Vec<char> = body.chars().filter(|c| *c != ' ').collect();
        for (here, pair) in (at..).zip(clean.chunks(digits).take(cols)) {
            let t: String = pair.iter().collect();
            let Ok(b) = u8::from_str_radix(&t, radix) else { break };
            if pair.len() < digits {
                break;
            }
            match out.get_mut(here) {
                Some(o) => *o = b,
                None => out.push(b),
            }
        }
    }
    out
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // Long options may have one dash.
    let args: Vec<String> = std::mem::take(&mut c.args)
        .into_iter()
        .map(|a| match a.as_str() {
            "-ps" | "-plain" | "-postscript" => "-p".to_owned(),
            "-bits" => "-b".to_owned(),
            "-include" => "-i".to_owned(),
            "-revert" => "-r".to_owned(),
            "-cols" => "-c".to_owned(),
            "-len" => "-l".to_owned(),
            "-seek" => "-s".to_owned(),
            "-groupsize" => "-g".to_owned(),
            "-autoskip" => "-a".to_owned(),
            _ => a,
        })
        .collect();
    let p = c.parse_args(&SPEC, args).await?;
    let plain = p.has("p");
    let bits = p.has("b");
    let include = p.has("i");
    let mut numbers = [None; 5];
    for (slot, name) in numbers.iter_mut().zip(["c", "g", "l", "o", "s"]) {
        let Some(v) = p.value(name) else { continue };
        match number(v) {
            Some(n) => *slot = Some(n),
            None if name == "c" => return c.die(1, "invalid number of columns (max. 256).").await,
            None => return c.die(1, format!("invalid number '{v}'")).await,
        }
    }
    let [cols, group, len, offset, seek] = numbers;
    if cols.is_some_and(|n| n < 0 || !plain && n > 256) {
        return c.die(1, "invalid number of columns (max. 256).").await;
    }
    let default = match (plain, include, bits) {
        (true, ..) => 30,
        (_, true, _) => 12,
        (.., true) => 6,
        _ => 16,
    };
    let cols = match cols.map_or(default, |n| n as usize) {
        0 if plain => usize::MAX,
        0 => default,
        n => n,
    };
    let group = match group {
        Some(0) => cols,
        Some(n) if n > 0 => n as usize,
        _ if p.has("e") => 4,
        _ if bits => 1,
        _ => 2,
    };
    let input: Vec<String> = p.operands.first().cloned().into_iter().collect();
    let mut feed = Feed::new(&input);
    let mut data = Vec::new();
    let wanted = len.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
    let skip = seek.unwrap_or(0);
    let first = usize::try_from(skip).unwrap_or(0);
    while !p.has("r") && data.len() < wanted.saturating_add(first) {
        let Some(b) = feed.chunk(c).await? else { break };
        data.extend(b);
    }
    if p.has("r") {
        data = feed.all(c).await?;
    }
    if c.code != 0 {
        return Err(Stop::Code(2));
    }
    let mut out = Vec::new();
    if p.has("r") {
        out = revert(&String::from_utf8_lossy(&data), plain, if plain { 0 } else { 256 }, bits);
        if skip < 0 {
            out.drain(..out.len().min(skip.unsigned_abs() as usize));
        }
    } else {
        let from =
            if skip < 0 { data.len().saturating_sub(skip.unsigned_abs() as usize) } else { first.min(data.len()) };
        let data = &data[from..data.len().min(from.saturating_add(wanted))];
        if plain {
            if data.is_empty() {
                out.extend(b"");
            }
            for line in data.chunks(cols) {
                let hex = |b: &u8| if p.has("u") { format!("{b:02X}") } else { format!("{b:02x}") };
                out.extend(line.iter().flat_map(|b| hex(b).into_bytes()));
                out.push(b'\n');
            }
        } else if include {
            out = included(&p, data, cols, input.first().map(String::as_str).filter(|f| *f != "-"));
        } else {
            let layout = Layout {
                cols,
                group,
                bits,
                upper: p.has("u"),
                little: p.has("e"),
                decimal: p.has("d"),
                skip_zeros: p.has("a"),
            };
            let base = from as u64 + offset.unwrap_or(0) as u64;
            let count = data.len().div_ceil(cols);
            let mut zeros = 0;
            for (i, line) in data.chunks(cols).enumerate() {
                let zero = layout.skip_zeros && line.iter().all(|b| *b == 0) && i + 1 < count;
                zeros = if zero { zeros + 1 } else { 0 };
                match zeros {
                    0 | 1 => out.extend(layout.line(base + (i * cols) as u64, line).bytes()),
                    2 => out.extend(b"*\n"),
                    _ => {}
                }
            }
        }
    }
    match p.operands.get(1) {
        None => c.put(out).await,
        Some(path) => {
            let flags = if p.has("r") { OpenFlags { truncate: false, ..OpenFlags::CREATE } } else { OpenFlags::CREATE };
            match c.sys.open(path, flags, 0o666).await {
                Ok(fd) => c.sys.write_all(fd, out).await.map_err(Stop::Output),
                Err(e) => c.die(3, format!("{path}: {e}")).await,
            }
        }
    }
}

/// `-i`: a C array.
fn included(p: &crate::cli::Parsed, data: &[u8], cols: usize, file: Option<&str>) -> Vec<u8> {
    let name = p.value("n").or(file).map(|f| {
        let plain: String = f.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let plain = if plain.starts_with(|c: char| c.is_ascii_digit()) { format!("__{plain}") } else { plain };
        if p.has("C") { plain.to_uppercase() } else { plain }
    });
    let hex = |b: &u8| if p.has("u") { format!("0X{b:02X}") } else { format!("0x{b:02x}") };
    let rows: Vec<String> =
        data.chunks(cols).map(|r| format!("  {}", r.iter().map(hex).collect::<Vec<_>>().join(", "))).collect();
    let mut body = rows.join(",\n");
    if !body.is_empty() {
        body.push('\n');
    }
    match name {
        None => body.into_bytes(),
        Some(n) => {
            let len = if p.has("C") { format!("{n}_LEN") } else { format!("{n}_len") };
            format!("unsigned char {n}[] = {{\n{body}}};\nunsigned int {len} = {};\n", data.len()).into_bytes()
        }
    }
}
