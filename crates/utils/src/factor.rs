//! `factor`: prime factors.

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec =
    Spec::new("[OPTION] [NUMBER]...", "Print the prime factors of each specified integer NUMBER.", "h|exponents");

fn times(a: u64, b: u64, m: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(m)) as u64
}

fn power(mut base: u64, mut e: u64, m: u64) -> u64 {
    let mut r = 1 % m;
    base %= m;
    while e > 0 {
        if e & 1 == 1 {
            r = times(r, base, m);
        }
        base = times(base, base, m);
        e >>= 1;
    }
    r
}

/// Miller and Rabin's test with the bases that decide all 64-bit numbers.
fn prime(n: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if n < 2 {
        return false;
    }
    if let Some(b) = BASES.iter().find(|b| n.is_multiple_of(**b)) {
        return n == *b;
    }
    let s = (n - 1).trailing_zeros();
    let d = (n - 1) >> s;
    BASES.iter().all(|b| {
        let mut x = power(*b, d, n);
        if x == 1 || x == n - 1 {
            return true;
        }
        for _ in 1..s {
            x = times(x, x, n);
            if x == n - 1 {
                return true;
            }
        }
        false
    })
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A divisor of a composite (Pollard's rho).
fn divisor(n: u64) -> u64 {
    if n.is_multiple_of(2) {
        return 2;
    }
    for c in 1u64.. {
        let step = |x: u64| ((u128::from(x) * u128::from(x) + u128::from(c)) % u128::from(n)) as u64;
        let (mut slow, mut fast, mut d) = (2, 2, 1);
        while d == 1 {
            slow = step(slow);
            fast = step(step(fast));
            d = gcd(slow.abs_diff(fast), n);
        }
        if d != n {
            return d;
        }
    }
    n
}

fn factors(n: u64) -> Vec<u64> {
    let mut out = Vec::new();
    let mut n = n;
    for d in (2..1000).filter(|d| *d == 2 || d % 2 == 1) {
        while n > 1 && n.is_multiple_of(d) {
            out.push(d);
            n /= d;
        }
    }
    let mut todo = vec![n];
    while let Some(n) = todo.pop() {
        if n == 1 {
            continue;
        }
        if prime(n) {
            out.push(n);
        } else {
            let d = divisor(n);
            todo.extend([d, n / d]);
        }
    }
    out.sort_unstable();
    out
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut feed = Feed::new(&[]);
    let mut words = p.operands.clone();
    let from_input = words.is_empty();
    loop {
        if from_input {
            let Some(line) = feed.line(c, b'\n').await? else { return Ok(()) };
            words = String::from_utf8_lossy(&line).split_whitespace().map(str::to_owned).collect();
        }
        for word in &words {
            let digits = word.trim().trim_start_matches('+');
            let Some(n) = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok()).flatten()
            else {
                c.fail(format!("{} is not a valid positive integer", quote::word(word))).await;
                continue;
            };
            let mut all = if n > 0 { factors(n) } else { Vec::new() };
            let mut text = format!("{n}:");
            if p.has("h") {
                while let Some(&f) = all.first() {
                    let count = all.iter().filter(|x| **x == f).count();
                    all.retain(|x| *x != f);
                    text.push_str(&if count > 1 { format!(" {f}^{count}") } else { format!(" {f}") });
                }
            } else {
                text.extend(all.iter().map(|f| format!(" {f}")));
            }
            c.put(format!("{text}\n")).await?;
        }
        if !from_input {
            return Ok(());
        }
    }
}
