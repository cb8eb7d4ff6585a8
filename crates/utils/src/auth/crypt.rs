//! `crypt(3)` with SHA-512 (`$6$salt$hash`), by Ulrich Drepper's specification.

use sha2::{Digest, Sha512};

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ROUNDS: u32 = 5000;

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut h = Sha512::new();
    for p in parts {
        h.update(p);
    }
    h.finalize().to_vec()
}

/// As many bytes of a digest as needed, over and over.
fn stretch(digest: &[u8], len: usize) -> Vec<u8> {
    digest.iter().copied().cycle().take(len).collect()
}

/// The encrypted form for a salt (at most 16 characters) and a number of rounds.
pub(crate) fn sha512(password: &str, salt: &str, rounds: Option<u32>) -> String {
    let key = password.as_bytes();
    let salt: String = salt.chars().take(16).collect();
    let s = salt.as_bytes();
    let b = hash(&[key, s, key]);
    let mut parts: Vec<&[u8]> = vec![key, s];
    let filled = stretch(&b, key.len());
    parts.push(&filled);
    let mut bits = key.len();
    while bits > 0 {
        parts.push(if bits & 1 == 1 { &b } else { key });
        bits >>= 1;
    }
    let mut a = hash(&parts);
    let p = stretch(&hash(&vec![key; key.len()]), key.len());
    let first = a.first().copied().unwrap_or(0);
    let salted = stretch(&hash(&vec![s; 16 + usize::from(first)]), s.len());
    let n = rounds.unwrap_or(ROUNDS).clamp(1000, 999_999);
    for i in 0..n {
        let mut round: Vec<&[u8]> = vec![if i & 1 == 1 { &p } else { &a }];
        if i % 3 != 0 {
            round.push(&salted);
        }
        if i % 7 != 0 {
            round.push(&p);
        }
        round.push(if i & 1 == 1 { &a } else { &p });
        a = hash(&round);
    }
    let mut out = match rounds {
        Some(_) => format!("$6$rounds={n}${salt}$"),
        None => format!("$6${salt}$"),
    };
    let byte = |i: usize| u32::from(a.get(i).copied().unwrap_or(0));
    let mut group = |mut w: u32, n: usize| {
        for _ in 0..n {
            out.push(char::from(ALPHABET[(w & 63) as usize]));
            w >>= 6;
        }
    };
    let (mut x, mut y, mut z) = (0, 21, 42);
    for _ in 0..21 {
        group(byte(x) << 16 | byte(y) << 8 | byte(z), 4);
        (x, y, z) = (y + 1, z + 1, x + 1);
    }
    group(byte(63), 2);
    out
}

/// Whether a password gives this encrypted form. Forms other than `$6$` fit nobody.
pub(crate) fn verify(password: &str, secret: &str) -> bool {
    let Some(rest) = secret.strip_prefix("$6$") else { return false };
    let (rounds, rest) = match rest.strip_prefix("rounds=").and_then(|r| r.split_once('$')) {
        Some((n, r)) => (n.parse().ok(), r),
        None => (None, rest),
    };
    let Some((salt, _)) = rest.split_once('$') else { return false };
    sha512(password, salt, rounds) == secret
}

/// A salt from random bytes.
pub(crate) fn salt(random: &[u8]) -> String {
    random.iter().take(16).map(|b| char::from(ALPHABET[usize::from(b & 63)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Drepper's own test vectors.
    #[test]
    fn hashes_are_those_of_the_specification() {
        assert_eq!(
            sha512("Hello world!", "saltstring", None),
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        );
        let long = "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.";
        assert_eq!(sha512("Hello world!", "saltstringsaltstring", Some(10_000)), long);
        assert!(verify("Hello world!", long) && !verify("hello world!", long) && !verify("", "*"));
    }
}
