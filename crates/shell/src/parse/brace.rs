//! Brace expansion: `{a,b}` and `{1..9}`, before all other expansions.

use std::rc::Rc;

use super::ast::{Part, Word};

/// How many words one word may become.
const LIMIT: usize = 100_000;

/// The words that a word stands for; itself where it has no braces.
pub fn expand_braces(word: &Word) -> Vec<Word> {
    if !word.iter().any(|p| matches!(p, Part::Lit(s) if s.contains('{'))) {
        return vec![word.clone()];
    }
    let mut done = Vec::new();
    let mut todo: Vec<Vec<Atom>> = vec![atoms(word)];
    while let Some(w) = todo.pop() {
        if done.len() + todo.len() > LIMIT {
            return vec![word.clone()];
        }
        match split(&w) {
            // Pushed in reverse, so that the first comes off first.
            Some(alternatives) => todo.extend(alternatives.into_iter().rev()),
            None => done.push(join(&w)),
        }
    }
    done
}

#[derive(Clone)]
enum Atom {
    Char(char),
    /// A `{` that opens nothing.
    Plain(char),
    Part(Part),
}

fn atoms(word: &[Part]) -> Vec<Atom> {
    let mut out = Vec::new();
    for p in word {
        match p {
            Part::Lit(s) => out.extend(s.chars().map(Atom::Char)),
            p => out.push(Atom::Part(p.clone())),
        }
    }
    out
}

fn join(atoms: &[Atom]) -> Word {
    let mut parts = Vec::new();
    let mut text = String::new();
    for a in atoms {
        match a {
            Atom::Char(c) | Atom::Plain(c) => text.push(*c),
            Atom::Part(p) => {
                if !text.is_empty() {
                    parts.push(Part::Lit(std::mem::take(&mut text).into()));
                }
                parts.push(p.clone());
            }
        }
    }
    if !text.is_empty() {
        parts.push(Part::Lit(text.into()));
    }
    Rc::from(parts)
}

fn is(a: &Atom, c: char) -> bool {
    matches!(a, Atom::Char(x) if *x == c)
}

/// The alternatives of the first brace expression.
fn split(w: &[Atom]) -> Option<Vec<Vec<Atom>>> {
    for (i, a) in w.iter().enumerate() {
        if !is(a, '{') {
            continue;
        }
        let mut depth = 0_u32;
        let mut commas = Vec::new();
        let mut close = None;
        for (j, b) in w.iter().enumerate().skip(i + 1) {
            if is(b, '{') {
                depth += 1;
            } else if is(b, '}') {
                if depth == 0 {
                    close = Some(j);
                    break;
                }
                depth -= 1;
            } else if is(b, ',') && depth == 0 {
                commas.push(j);
            }
        }
        let Some(close) = close else { continue };
        let inner: Vec<Vec<Atom>> = if commas.is_empty() {
            match sequence(w.get(i + 1..close)?) {
                Some(items) => items.into_iter().map(|s| s.chars().map(Atom::Plain).collect()).collect(),
                None => continue,
            }
        } else {
            let mut from = i + 1;
            let mut v = Vec::new();
            for end in commas.into_iter().chain([close]) {
                v.push(w.get(from..end)?.to_vec());
                from = end + 1;
            }
            v
        };
        return Some(
            inner
                .into_iter()
                .map(|mid| {
                    // What was passed over on the left opens nothing.
                    let mut out: Vec<Atom> =
                        w.iter().take(i).cloned().map(|a| if is(&a, '{') { Atom::Plain('{') } else { a }).collect();
                    out.extend(mid);
                    out.extend(w.iter().skip(close + 1).cloned());
                    out
                })
                .collect(),
        );
    }
    None
}

/// `a..b` and `a..b..step`.
fn sequence(atoms: &[Atom]) -> Option<Vec<String>> {
    let text: String = atoms.iter().map(|a| if let Atom::Char(c) = a { *c } else { '\0' }).collect();
    let parts: Vec<&str> = text.split("..").collect();
    let (a, b, step) = match parts.as_slice() {
        [a, b] => (*a, *b, 1),
        [a, b, s] => (*a, *b, s.parse::<i64>().ok()?),
        _ => return None,
    };
    let step = if step == 0 { 1 } else { step.checked_abs()? };
    let number = |s: &str| s.parse::<i64>().ok().filter(|_| !s.starts_with('+') || s.len() > 1);
    if let (Some(x), Some(y)) = (number(a), number(b)) {
        let padded = |s: &str| s.trim_start_matches('-').len() > 1 && s.trim_start_matches('-').starts_with('0');
        let width = if padded(a) || padded(b) { a.len().max(b.len()) } else { 0 };
        return Some(range(x, y, step)?.into_iter().map(|n| pad(n, width)).collect());
    }
    let single = |s: &str| {
        let mut it = s.chars();
        it.next().filter(|c| it.next().is_none() && c.is_ascii_alphabetic())
    };
    let (x, y) = (single(a)?, single(b)?);
    Some(
        range(i64::from(u32::from(x)), i64::from(u32::from(y)), step)?
            .into_iter()
            .filter_map(|n| u32::try_from(n).ok().and_then(char::from_u32))
            .map(String::from)
            .collect(),
    )
}

fn pad(n: i64, width: usize) -> String {
    if n < 0 { format!("-{:0>w$}", n.unsigned_abs(), w = width.saturating_sub(1)) } else { format!("{n:0>width$}") }
}

fn range(x: i64, y: i64, step: i64) -> Option<Vec<i64>> {
    let count = (i128::from(y) - i128::from(x)).unsigned_abs() / u128::from(step.unsigned_abs());
    if count as usize > LIMIT {
        return None;
    }
    let step = if x <= y { step } else { -step };
    (0..=count as i64).map(|k| k.checked_mul(step).and_then(|d| x.checked_add(d))).collect()
}
