//! `numfmt`: numbers to and from what people read.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [NUMBER]...",
    "Reformat NUMBER(s), or the numbers from standard input if none are specified.",
    "debug d|delimiter= field= format= from= from-unit= grouping header? invalid= padding= round= suffix= to= to-unit= z|zero-terminated",
)
.fails(1);

const LETTERS: [&str; 9] = ["", "K", "M", "G", "T", "P", "E", "Z", "Y"];

/// A number with its suffix, as `--from` says; what is wrong otherwise.
fn parse(text: &str, from: &str) -> Result<f64, String> {
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let Ok(n) = number.parse::<f64>() else { return Err(format!("invalid number: {}", quote::word(text))) };
    if suffix.is_empty() {
        return Ok(n);
    }
    let (letter, rest) = suffix.split_at(suffix.chars().next().map_or(0, char::len_utf8));
    let letter = if letter == "k" { "K" } else { letter };
    let Some(power) = LETTERS.iter().position(|l| *l == letter).filter(|p| *p > 0) else {
        return Err(format!("invalid suffix in input: {}", quote::word(text)));
    };
    let base: f64 = match (from, rest) {
        ("none", _) => {
            return Err(format!("rejecting suffix in input: {} (consider using --from)", quote::word(text)));
        }
        ("si", "") | ("auto", "") => 1000.0,
        ("iec", "") | ("iec-i", "i") | ("auto", "i") => 1024.0,
        ("iec-i", "") => return Err(format!("missing 'i' suffix in input: {} (e.g Ki/Mi/Gi)", quote::word(text))),
        _ => return Err(format!("invalid suffix in input {}: {}", quote::word(text), quote::word(rest))),
    };
    Ok(n * base.powi(power as i32))
}

fn round(n: f64, how: &str) -> f64 {
    match how {
        "up" => n.ceil(),
        "down" => n.floor(),
        "towards-zero" => n.trunc(),
        "nearest" => n.round(),
        _ if n < 0.0 => n.floor(),
        _ => n.ceil(),
    }
}

struct Options {
    from: String,
    to: String,
    from_unit: f64,
    to_unit: f64,
    round: String,
    suffix: String,
    padding: i64,
    /// Text before, flags, width, precision, text behind.
    format: Option<(String, String, usize, Option<usize>, String)>,
}

impl Options {
    fn show(&self, n: f64, decimals: usize) -> String {
        let precision = self.format.as_ref().and_then(|f| f.3);
        if self.to == "none" {
            let places = precision.unwrap_or(decimals);
            let scale = 10f64.powi(places as i32);
            let v = round(n * scale, &self.round) / scale;
            return format!("{v:.places$}");
        }
        let base: f64 = if self.to == "si" { 1000.0 } else { 1024.0 };
        let (mut v, mut power) = (n, 0);
        while v.abs() >= base && power + 1 < LETTERS.len() {
            v /= base;
            power += 1;
        }
        let places = precision.unwrap_or(usize::from(v.abs() < 10.0 && power > 0));
        let scale = 10f64.powi(places as i32);
        let mut r = round(v * scale, &self.round) / scale;
        if r.abs() >= base && power + 1 < LETTERS.len() {
            r /= base;
            power += 1;
        }
        let places = precision.unwrap_or(usize::from(r.abs() < 10.0 && power > 0));
        let i = if self.to == "iec-i" && power > 0 { "i" } else { "" };
        let letter = LETTERS.get(power).copied().unwrap_or("");
        format!("{r:.places$}{letter}{i}")
    }

    fn convert(&self, word: &str) -> Result<String, String> {
        let trimmed = word.trim();
        let core = trimmed.strip_suffix(&self.suffix).unwrap_or(trimmed);
        let n = parse(core, &self.from)? * self.from_unit / self.to_unit;
        let plain = core.ends_with(|c: char| c.is_ascii_digit());
        let decimals = core.split_once('.').filter(|_| plain).map_or(0, |(_, d)| d.len());
        let mut text = self.show(n, decimals);
        text.push_str(&self.suffix);
        if let Some((before, flags, width, _, after)) = &self.format {
            text = if flags.contains('-') {
                format!("{text:<width$}")
            } else if flags.contains('0') {
                format!("{text:0>width$}")
            } else {
                format!("{text:>width$}")
            };
            text = format!("{before}{text}{after}");
        }
        let pad = self.padding.unsigned_abs() as usize;
        Ok(if self.padding < 0 { format!("{text:<pad$}") } else { format!("{text:>pad$}") })
    }
}

fn format(text: &str) -> Option<(String, String, usize, Option<usize>, String)> {
    let at = text.find('%')?;
    let rest = &text[at + 1..];
    let flags: String = rest.chars().take_while(|c| "-0' +".contains(*c)).collect();
    let rest = &rest[flags.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let mut rest = &rest[digits.len()..];
    let mut precision = None;
    if let Some(r) = rest.strip_prefix('.') {
        let d: String = r.chars().take_while(char::is_ascii_digit).collect();
        precision = Some(d.parse().unwrap_or(0).min(20));
        rest = &r[d.len()..];
    }
    let after = rest.strip_prefix('f')?;
    Some((text[..at].to_owned(), flags, digits.parse::<usize>().unwrap_or(0).min(1000), precision, after.to_owned()))
}

async fn options(c: &mut Cli, p: &Parsed) -> Run<Options> {
    for (name, known) in [
        ("from", &["none", "auto", "si", "iec", "iec-i"][..]),
        ("to", &["none", "si", "iec", "iec-i"][..]),
        ("round", &["up", "down", "from-zero", "towards-zero", "nearest"][..]),
        ("invalid", &["abort", "fail", "warn", "ignore"][..]),
    ] {
        if let Some(v) = p.value(name).filter(|v| !known.contains(v)) {
            let list: String = known.iter().map(|k| format!("\n  - {}", quote::word(k))).collect();
            let text = format!("invalid argument {} for ‘--{name}’\nValid arguments are:{list}", quote::word(v));
            return c.usage(1, text).await;
        }
    }
    let mut units = [1.0, 1.0];
    for (slot, name) in units.iter_mut().zip(["from-unit", "to-unit"]) {
        if let Some(v) = p.value(name) {
            match parse(v, "auto") {
                Ok(n) if n > 0.0 => *slot = n,
                _ => return c.die(1, format!("invalid unit size: {}", quote::word(v))).await,
            }
        }
    }
    let format = match p.value("format").map(|f| (f, format(f))) {
        None => None,
        Some((_, Some(f))) => Some(f),
        Some((f, None)) => {
            return c
                .die(1, format!("invalid format {}, directive must be %[0]['][-][N][.][N]f", quote::word(f)))
                .await;
        }
    };
    let padding = match p.value("padding").map(|v| (v, v.parse::<i64>())) {
        None => 0,
        Some((_, Ok(n))) if n != 0 && n.abs() < 10_000 => n,
        Some((v, _)) => return c.die(1, format!("invalid padding value {}", quote::word(v))).await,
    };
    Ok(Options {
        from: p.value("from").unwrap_or("none").to_owned(),
        to: p.value("to").unwrap_or("none").to_owned(),
        from_unit: units[0],
        to_unit: units[1],
        round: p.value("round").unwrap_or("from-zero").to_owned(),
        suffix: p.value("suffix").unwrap_or("").to_owned(),
        padding,
        format,
    })
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // Negative numbers are no options.
    let mut args = std::mem::take(&mut c.args);
    if let Some(n) =
        args.iter().position(|a| a.len() > 1 && a.starts_with('-') && a[1..].starts_with(|d: char| d.is_ascii_digit()))
    {
        args.insert(n, "--".to_owned());
    }
    let p = c.parse_args(&SPEC, args).await?;
    let o = options(c, &p).await?;
    let list = p.value("field").unwrap_or("1").to_owned();
    let all = list == "-";
    let mut fields = Vec::new();
    for part in list.split([',', ' ']).filter(|_| !all) {
        let ends = match part.split_once('-') {
            None => part.parse::<usize>().ok().map(|n| (n, n)),
            Some((a, b)) => Some((
                if a.is_empty() { 1 } else { a.parse().unwrap_or(0) },
                if b.is_empty() { usize::MAX } else { b.parse().unwrap_or(0) },
            )),
        };
        match ends.filter(|(a, b)| *a > 0 && a <= b) {
            Some(e) => fields.push(e),
            None => return c.die(1, format!("invalid field value {}", quote::word(&list))).await,
        }
    }
    let wanted = |n: usize| all || fields.iter().any(|(a, b)| (*a..=*b).contains(&n));
    let mode = p.value("invalid").unwrap_or("abort").to_owned();
    let delimiter = p.value("d").map(str::to_owned);
    let end = if p.has("z") { 0 } else { b'\n' };
    let mut header = if p.has("header") { p.value("header").map_or(1, |n| n.parse().unwrap_or(1)) } else { 0usize };
    let mut feed = Feed::new(&[]);
    let mut operands = p.operands.iter();
    loop {
        let line = if p.operands.is_empty() {
            match feed.line(c, end).await? {
                Some(l) => String::from_utf8_lossy(bare(&l, end).0).into_owned(),
                None => break,
            }
        } else {
            match operands.next() {
                Some(o) => o.clone(),
                None => break,
            }
        };
        if header > 0 && p.operands.is_empty() {
            header -= 1;
            c.put(format!("{line}{}", char::from(end))).await?;
            continue;
        }
        let mut out = String::new();
        let parts: Vec<&str> = match &delimiter {
            Some(d) => line.split(d.as_str()).collect(),
            None => {
                // Blanks before a word belong to it.
                let mut parts = Vec::new();
                let mut rest = line.as_str();
                while !rest.is_empty() {
                    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                    let len = rest[blanks..].find([' ', '\t']).map_or(rest.len(), |n| n + blanks);
                    parts.push(&rest[..len]);
                    rest = &rest[len..];
                }
                parts
            }
        };
        for (i, part) in parts.iter().enumerate() {
            if i > 0 && delimiter.is_some() {
                out.push_str(delimiter.as_deref().unwrap_or(""));
            }
            if !wanted(i + 1) {
                out.push_str(part);
                continue;
            }
            let blanks = part.len() - part.trim_start_matches([' ', '\t']).len();
            match o.convert(part) {
                Ok(t) => {
                    // Converted numbers keep the width that blanks gave them.
                    let width = part.chars().count();
                    if blanks > 0 && delimiter.is_none() && o.padding == 0 {
                        if i > 0 && blanks == 1 {
                            out.push(' ');
                            out.push_str(&t);
                        } else {
                            out.push_str(&format!("{t:>width$}"));
                        }
                    } else {
                        out.push_str(&t);
                    }
                }
                Err(e) => {
                    if mode != "ignore" {
                        c.warn(e).await;
                    }
                    if mode == "abort" {
                        return Err(Stop::Code(2));
                    }
                    if mode == "fail" {
                        c.code = 2;
                    }
                    out.push_str(part);
                }
            }
        }
        out.push(char::from(end));
        c.put(out).await?;
    }
    Ok(())
}
