//! `base64` and `base32`: bytes as text (RFC 4648).

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]",
    "Encode or decode FILE, or standard input, to standard output.",
    "d|decode i|ignore-garbage w|wrap=",
);
const BASENC: Spec = Spec::new(
    "[OPTION]... [FILE]",
    "basenc encode or decode FILE, or standard input, to standard output.",
    "base64 base64url base32 base32hex base16 base2msbf d|decode i|ignore-garbage w|wrap=",
);
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE32HEX: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
const BASE16: &[u8] = b"0123456789ABCDEF";
const BASE2: &[u8] = b"01";

/// Letters and bits of each.
struct Code {
    letters: &'static [u8],
    bits: usize,
}

impl Code {
    /// Letters of a group.
    fn group(&self) -> usize {
        match self.bits {
            6 => 4,
            4 => 2,
            _ => 8,
        }
    }

    fn encode(&self, bytes: &[u8]) -> String {
        let mut out = String::new();
        let size = self.group() * self.bits / 8;
        for chunk in bytes.chunks(size) {
            let n = chunk.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)) << (8 * (size - chunk.len()));
            let used = (chunk.len() * 8).div_ceil(self.bits);
            for i in 0..self.group() {
                let shift = size * 8 - self.bits * (i + 1);
                let letter =
                    self.letters.get((n >> shift) as usize & (self.letters.len() - 1)).copied().unwrap_or(b'=');
                out.push(if i < used { char::from(letter) } else { '=' });
            }
        }
        out
    }

    /// What could be read, and whether that was all.
    fn decode(&self, text: &[u8], ignore: bool) -> (Vec<u8>, bool) {
        let mut out = Vec::new();
        let group = self.group();
        let (mut n, mut have, mut pads) = (0u64, 0, 0);
        let size = group * self.bits / 8;
        let flush = |n: u64, have: usize, out: &mut Vec<u8>| {
            let n = n << (self.bits * (group - have));
            let bytes = have * self.bits / 8;
            out.extend((0..bytes).map(|i| (n >> (8 * (size - 1 - i))) as u8));
        };
        for b in text.iter().filter(|b| **b != b'\n') {
            match self.letters.iter().position(|l| l == b) {
                Some(v) if pads == 0 => {
                    n = n << self.bits | v as u64;
                    have += 1;
                }
                None if *b == b'=' && have >= 2 => pads += 1,
                None if ignore && *b != b'=' => continue,
                _ => return (out, false),
            }
            if have + pads == group {
                flush(n, have, &mut out);
                (n, have, pads) = (0, 0, 0);
            }
        }
        if have > 0 {
            // A last group without its padding still counts.
            flush(n, have, &mut out);
            return (out, false);
        }
        (out, true)
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(if c.name == "basenc" { &BASENC } else { &SPEC }).await?;
    let kinds = ["base64", "base64url", "base32", "base32hex", "base16", "base2msbf"];
    let kind = if c.name == "basenc" { p.last_of(&kinds) } else { Some(c.name.as_str()) };
    let (letters, bits) = match kind {
        None => return c.usage(1, "missing encoding type").await,
        Some("base64url") => (BASE64URL, 6),
        Some("base32") => (BASE32, 5),
        Some("base32hex") => (BASE32HEX, 5),
        Some("base16") => (BASE16, 4),
        Some("base2msbf") => (BASE2, 1),
        Some(_) => (BASE64, 6),
    };
    let code = Code { letters, bits };
    c.at_most(&p.operands, 1).await?;
    let file = p.operands.first().map_or("-", String::as_str);
    let wrap = match p.value("w").map(str::parse::<usize>) {
        None => 76,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            return c.die(1, format!("invalid wrap size: {}", quote::word(p.value("w").unwrap_or("")))).await;
        }
    };
    let bytes = match c.slurp(file).await {
        Ok(b) => b,
        Err(layerlab_kernel::Errno::EISDIR) => return c.die(1, "read error: Is a directory").await,
        Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(file))).await,
    };
    if p.has("d") {
        let (out, whole) = code.decode(&bytes, p.has("i"));
        c.put(out).await?;
        return if whole { Ok(()) } else { c.die(1, "invalid input").await };
    }
    let text = code.encode(&bytes);
    if wrap == 0 {
        return c.put(text).await;
    }
    for line in text.as_bytes().chunks(wrap) {
        c.put(line).await?;
        c.put("\n").await?;
    }
    Ok(())
}
