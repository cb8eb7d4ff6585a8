//! Base64 (RFC 4648): bytes as text. Every crate of the machine takes it from here.

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn coded(bytes: &[u8], last: [u8; 2], pad: bool) -> String {
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let all = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let six = (all >> (18 - 6 * i) & 63) as usize;
            let letter = LETTERS.get(six).copied().unwrap_or(if six == 62 { last[0] } else { last[1] });
            if i <= three.len() {
                out.push(char::from(letter));
            } else if pad {
                out.push('=');
            }
        }
    }
    out
}

/// The usual alphabet, with padding.
pub fn encode(bytes: &[u8]) -> String {
    coded(bytes, *b"+/", true)
}

/// The alphabet for URLs, with padding.
pub fn encode_url(bytes: &[u8]) -> String {
    coded(bytes, *b"-_", true)
}

/// The alphabet for URLs, without padding.
pub fn encode_url_bare(bytes: &[u8]) -> String {
    coded(bytes, *b"-_", false)
}

/// Either alphabet, with or without padding; `None`: it is none.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for c in text.trim_end_matches('=').bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4648, section 10.
    #[test]
    fn the_examples_of_the_rfc() {
        for (plain, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encode(plain.as_bytes()), code);
            assert_eq!(decode(code).as_deref(), Some(plain.as_bytes()));
            assert_eq!(decode(code.trim_end_matches('=')).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!((encode(&[0xfb, 0xff]), encode_url(&[0xfb, 0xff])), ("+/8=".into(), "-_8=".into()));
        assert_eq!(encode_url_bare(&[0xfb, 0xff]), "-_8");
        assert_eq!((decode("-_8="), decode("+/8=")), (Some(vec![0xfb, 0xff]), Some(vec![0xfb, 0xff])));
        assert_eq!(decode("a b"), None);
    }
}
