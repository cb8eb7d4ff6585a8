//! `base64`: bytes as text (RFC 4648).

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]",
    "Base64 encode or decode FILE, or standard input, to standard output.",
    "d|decode i|ignore-garbage w|wrap=",
);
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// What could be read, and whether that was all.
fn decode(text: &[u8], ignore: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let (mut n, mut have, mut pads) = (0u32, 0, 0);
    for b in text.iter().filter(|b| **b != b'\n') {
        match LETTERS.iter().position(|l| l == b) {
            Some(v) if pads == 0 => {
                n = n << 6 | v as u32;
                have += 1;
            }
            None if *b == b'=' && have + pads >= 2 => pads += 1,
            None if ignore && *b != b'=' => continue,
            _ => return (out, false),
        }
        if have + pads == 4 {
            let bytes = (n << (6 * pads)).to_be_bytes();
            out.extend_from_slice(&bytes[1..4 - pads]);
            (n, have, pads) = (0, 0, 0);
        }
    }
    if have >= 2 {
        // A last group without its padding still counts.
        let bytes = (n << (6 * (4 - have))).to_be_bytes();
        out.extend_from_slice(&bytes[1..have]);
        return (out, false);
    }
    (out, have == 0)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 1).await?;
    let file = p.operands.first().map_or("-", String::as_str);
    let wrap = match p.value("w").map(str::parse::<usize>) {
        None => 76,
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            return c.die(1, format!("invalid wrap size: {}", quote::always(p.value("w").unwrap_or("")))).await;
        }
    };
    let bytes = match c.slurp(file).await {
        Ok(b) => b,
        Err(layerlab_kernel::Errno::EISDIR) => return c.die(1, "read error: Is a directory").await,
        Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(file))).await,
    };
    if p.has("d") {
        let (out, whole) = decode(&bytes, p.has("i"));
        c.put(out).await?;
        return if whole { Ok(()) } else { c.die(1, "invalid input").await };
    }
    let text = encode(&bytes);
    if wrap == 0 {
        return c.put(text).await;
    }
    for line in text.as_bytes().chunks(wrap) {
        c.put(line).await?;
        c.put("\n").await?;
    }
    Ok(())
}
