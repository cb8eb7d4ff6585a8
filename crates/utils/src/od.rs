//! `od`: bytes as numbers.

mod layout;

use layout::{Format, parse_formats};

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write an unambiguous representation, octal bytes by default, of FILE to standard output.",
    "A|address-radix= j|skip-bytes= N|read-bytes= t|format= v|output-duplicates w|width? S|strings? endian= a b c d f i l o s x D e F h H I L O X",
);

/// A number as `-j` and `-N` take it: hexadecimal with 0x, octal with 0, a multiplier behind.
fn count(text: &str) -> Option<u64> {
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).ok();
    }
    if text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) {
        return u64::from_str_radix(text, 8).ok();
    }
    human::parse(text)
}

struct Out {
    formats: Vec<Format>,
    radix: char,
    width: usize,
    all: bool,
    big: bool,
    last: Option<Vec<u8>>,
    starred: bool,
}

impl Out {
    fn address(&self, at: u64) -> String {
        match self.radix {
            'd' => format!("{at:07}"),
            'x' => format!("{at:06x}"),
            'n' => String::new(),
            _ => format!("{at:07o}"),
        }
    }

    async fn line(&mut self, c: &mut Cli, at: u64, bytes: &[u8]) -> Run<()> {
        if !self.all && bytes.len() == self.width && self.last.as_deref() == Some(bytes) {
            if !std::mem::replace(&mut self.starred, true) {
                c.put("*\n").await?;
            }
            return Ok(());
        }
        self.starred = false;
        self.last = Some(bytes.to_vec());
        // Columns of all formats stand under each other: the widest decides.
        let cell = self.formats.iter().map(|f| (f.width + 1) * self.width / f.size).max().unwrap_or(0);
        for (i, f) in self.formats.iter().enumerate() {
            let lead = self.address(at);
            let lead = if i == 0 { lead } else { " ".repeat(lead.len()) };
            let mut text = lead;
            let fields = self.width / f.size;
            let per = cell / fields.max(1);
            let extra = cell % fields.max(1);
            let used = bytes.len().div_ceil(f.size);
            for k in 0..used {
                let mut part = bytes[k * f.size..bytes.len().min((k + 1) * f.size)].to_vec();
                part.resize(f.size, 0);
                if self.big {
                    part.reverse();
                }
                // The space that is over is shared out from the left.
                let before = (k + 1) * extra / fields.max(1) - k * extra / fields.max(1);
                let shown = f.show(&part);
                text.push_str(&format!("{shown:>w$}", w = per + before));
            }
            if f.printable {
                let missing = (fields - used) * per + extra - used * extra / fields.max(1);
                text.push_str(&" ".repeat(missing));
                let chars: String =
                    bytes.iter().map(|b| if (b' '..=b'~').contains(b) { char::from(*b) } else { '.' }).collect();
                text.push_str(&format!("  >{chars}<"));
            }
            text.push('\n');
            c.put(text).await?;
        }
        Ok(())
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut formats = Vec::new();
    for (name, value) in &p.options {
        let text = match (*name, value) {
            ("t", Some(v)) => v.as_str(),
            ("a", _) => "a",
            ("b", _) => "o1",
            ("c", _) => "c",
            ("d", _) => "u2",
            ("D", _) => "u4",
            ("f" | "F" | "e", _) => "fD",
            ("i", _) => "dI",
            ("I" | "l" | "L", _) => "d8",
            ("o", _) => "o2",
            ("O", _) => "o4",
            ("s", _) => "d2",
            ("x" | "h", _) => "x2",
            ("X" | "H", _) => "x4",
            _ => continue,
        };
        match parse_formats(text) {
            Ok(f) => formats.extend(f),
            Err(message) => return c.die(1, message).await,
        }
    }
    if formats.is_empty() {
        formats = parse_formats("o2").unwrap_or_default();
    }
    let mut operands = p.operands.clone();
    let mut skip = 0;
    let mut limit = None;
    for (name, what) in [("j", "-j"), ("N", "-N")] {
        let Some(v) = p.value(name) else { continue };
        match count(v) {
            Some(n) if name == "j" => skip = n,
            Some(n) => limit = Some(n),
            None => return c.die(1, format!("invalid {what} argument {}", quote::word(v))).await,
        }
    }
    // The old form: od file +offset.
    if let Some(o) = operands.last().filter(|o| o.len() > 1 && o.starts_with('+')).cloned() {
        let decimal = o.ends_with('.');
        let digits = o.trim_start_matches('+').trim_end_matches('.');
        if let Ok(n) = u64::from_str_radix(digits, if decimal { 10 } else { 8 }) {
            skip = n;
            operands.pop();
        }
    }
    let radix = match p.value("A") {
        None => 'o',
        Some(r @ ("d" | "o" | "x" | "n")) => r.chars().next().unwrap_or('o'),
        Some(r) => {
            let text = format!("invalid output address radix {}; it must be one character from [doxn]", quote::word(r));
            return c.die(1, text).await;
        }
    };
    let unit = formats.iter().map(|f| f.size).max().unwrap_or(1);
    let mut width = 16;
    if p.has("w") {
        width = p.value("w").map_or(Some(32), |w| w.parse().ok()).filter(|w| *w > 0).unwrap_or(0);
        if width == 0 || width % unit != 0 || width > 4096 {
            let shown = p.value("w").unwrap_or("").to_owned();
            c.warn(format!("warning: invalid width {shown}; using {unit} instead")).await;
            width = unit;
        }
    }
    let mut feed = Feed::new(&operands);
    if p.has("S") {
        return strings(c, &mut feed, p.value("S").and_then(|v| v.parse().ok()).unwrap_or(3), radix).await;
    }
    let mut out = Out {
        formats,
        radix,
        width,
        all: p.has("v"),
        big: p.value("endian") == Some("big"),
        last: None,
        starred: false,
    };
    let mut at = 0u64;
    let mut held: Vec<u8> = Vec::new();
    let mut to_skip = skip;
    let mut left = limit.unwrap_or(u64::MAX);
    while left > 0 {
        let Some(mut bytes) = feed.chunk(c).await? else { break };
        if at == skip && held.is_empty() && c.code != 0 {
            return Ok(());
        }
        if to_skip > 0 {
            let n = to_skip.min(bytes.len() as u64);
            bytes.drain(..n as usize);
            to_skip -= n;
            at += n;
        }
        bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        left -= bytes.len() as u64;
        held.extend(bytes);
        let whole = held.len() / width * width;
        let ready: Vec<u8> = held.drain(..whole).collect();
        for part in ready.chunks(width) {
            out.line(c, at, part).await?;
            at += width as u64;
        }
    }
    if at == skip && held.is_empty() && c.code != 0 {
        return Ok(());
    }
    if to_skip > 0 {
        return c.die(1, "cannot skip past end of combined input").await;
    }
    if !held.is_empty() {
        out.line(c, at, &held).await?;
        at += held.len() as u64;
    }
    if radix != 'n' {
        let text = format!("{}\n", out.address(at));
        c.put(text).await?;
    }
    Ok(())
}

async fn strings(c: &mut Cli, feed: &mut Feed, least: usize, radix: char) -> Run<()> {
    let bytes = feed.all(c).await?;
    let mut from = 0;
    for part in bytes.split_inclusive(|b| !(b' '..=b'~').contains(b)) {
        let at = from;
        from += part.len();
        if let [text @ .., 0] = part
            && text.len() >= least
        {
            let address = match radix {
                'n' => String::new(),
                'd' => format!("{at:07} "),
                'x' => format!("{at:06x} "),
                _ => format!("{at:07o} "),
            };
            c.put(format!("{address}{}\n", String::from_utf8_lossy(text))).await?;
        }
    }
    Ok(())
}
