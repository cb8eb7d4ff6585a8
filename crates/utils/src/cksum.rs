//! `cksum` (POSIX's CRC, or a digest by name) and `sum` (BSD's and System V's).

use crate::cli::{Cli, Run, Spec, quote};
use crate::sha256sum::{Algorithm, sums};

const CKSUM: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print or verify checksums. By default use the 32 bit CRC algorithm.",
    "a|algorithm= base64 c|check l|length= raw tag untagged z|zero ignore-missing q|quiet status strict w|warn debug",
);
const SUM: Spec = Spec::new("[OPTION]... [FILE]...", "Print or check BSD (16-bit) checksums.", "r s|sysv");

/// POSIX's CRC: the bytes, then their number.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = 0u32;
    let mut feed = |b: u8| {
        crc ^= u32::from(b) << 24;
        for _ in 0..8 {
            crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
        }
    };
    bytes.iter().for_each(|b| feed(*b));
    let mut n = bytes.len();
    while n > 0 {
        feed(n as u8);
        n >>= 8;
    }
    !crc
}

fn bsd(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, b| ((n >> 1) + ((n & 1) << 15) + u32::from(*b)) & 0xffff)
}

fn sysv(bytes: &[u8]) -> u32 {
    let s = bytes.iter().fold(0u32, |n, b| n.wrapping_add(u32::from(*b)));
    let r = (s & 0xffff) + (s >> 16);
    (r & 0xffff) + (r >> 16)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(if c.name == "sum" { &SUM } else { &CKSUM }).await?;
    let kind = if c.name == "sum" {
        if p.last_of(&["r", "s"]) == Some("s") { "sysv" } else { "bsd" }.to_owned()
    } else {
        p.value("a").unwrap_or(if p.has("c") { "" } else { "crc" }).to_owned()
    };
    if !matches!(kind.as_str(), "sysv" | "bsd" | "crc") {
        let algorithm = Algorithm::named(&kind);
        if algorithm.is_none() && !kind.is_empty() {
            let text = format!("invalid argument {} for ‘--algorithm’", quote::word(&kind));
            return c.usage(1, text).await;
        }
        return sums(c, &p, algorithm, p.last_of(&["tag", "untagged"]) != Some("untagged")).await;
    }
    let none = p.operands.is_empty();
    let files = if none { vec!["-".to_owned()] } else { p.operands.clone() };
    for f in &files {
        let bytes = match c.slurp(f).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{}: {e}", quote::before_colon(f))).await;
                continue;
            }
        };
        let named = if none { String::new() } else { format!(" {f}") };
        let n = bytes.len();
        let text = match kind.as_str() {
            "crc" => format!("{} {n}{named}\n", crc(&bytes)),
            "sysv" => format!("{} {}{named}\n", sysv(&bytes), n.div_ceil(512)),
            // BSD's gives no name for one file alone, unless it was cksum who was asked.
            _ => format!("{:05} {:5}{}\n", bsd(&bytes), n.div_ceil(1024), named),
        };
        c.put(text).await?;
    }
    Ok(())
}
