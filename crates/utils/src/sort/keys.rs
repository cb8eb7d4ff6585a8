//! What `sort` compares: keys and their orders.

use std::cmp::Ordering;

/// How a key is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub(crate) struct Flags {
    blanks: bool,
    dictionary: bool,
    fold: bool,
    printing: bool,
    pub(crate) reverse: bool,
    kind: u8,
    /// All kinds that were asked for, by bits.
    kinds: u8,
}

/// Letters of the kinds of order.
const KINDS: [u8; 6] = *b"ghMnRV";

impl Flags {
    /// The letters of what cannot go together (coreutils' `check_ordering_compatibility`).
    pub(crate) fn conflict(self) -> Option<String> {
        let has = |k: u8| KINDS.iter().position(|x| *x == k).is_some_and(|n| self.kinds & 1 << n != 0);
        let ignore = self.dictionary || self.printing;
        let single = usize::from(has(b'V') || has(b'R') || ignore);
        let count = b"nghM".iter().filter(|k| has(**k)).count() + single;
        let letters = [
            ('d', self.dictionary),
            ('f', self.fold),
            ('g', has(b'g')),
            ('h', has(b'h')),
            ('i', self.printing && !self.dictionary),
            ('M', has(b'M')),
            ('n', has(b'n')),
            ('R', has(b'R')),
            ('V', has(b'V')),
        ];
        (count > 1).then(|| letters.into_iter().filter(|l| l.1).map(|l| l.0).collect())
    }

    /// Sets a flag by its letter; whether there is such a flag.
    pub(crate) fn set(&mut self, letter: u8) -> bool {
        match letter {
            b'b' => self.blanks = true,
            b'd' => self.dictionary = true,
            b'f' => self.fold = true,
            b'i' => self.printing = true,
            b'r' => self.reverse = true,
            _ if KINDS.contains(&letter) => {
                self.kind = letter;
                self.kinds |= KINDS.iter().position(|k| *k == letter).map_or(0, |n| 1 << n);
            }
            _ => return false,
        }
        true
    }
}

/// `-k F[.C][OPTS][,F[.C][OPTS]]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    from: (usize, usize),
    to: Option<(usize, usize)>,
    skip_start: bool,
    skip_end: bool,
    flags: Flags,
    own: bool,
}

impl Key {
    /// The whole line.
    pub(crate) fn whole(flags: Flags) -> Self {
        Self { from: (1, 1), to: None, skip_start: flags.blanks, skip_end: flags.blanks, flags, own: true }
    }

    /// From the option's value; `{}` in the error stands for it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut k =
            Self { from: (1, 1), to: None, skip_start: false, skip_end: false, flags: Flags::default(), own: false };
        let (start, end) = text.split_once(',').map_or((text, None), |(s, e)| (s, Some(e)));
        let position = |part: &str, k: &mut Self, starts: bool| -> Result<(usize, usize), String> {
            let digits = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
            let n = digits(part);
            let field = part[..n]
                .parse()
                .map_err(|_| "invalid number at field start: invalid count at start of {}".to_owned())?;
            let (mut rest, mut character) = (&part[n..], usize::from(starts));
            if let Some(r) = rest.strip_prefix('.') {
                let n = digits(r);
                character =
                    r[..n].parse().map_err(|_| "invalid number after '.': invalid count at start of {}".to_owned())?;
                rest = &r[n..];
            }
            if character == 0 && starts {
                return Err("character offset is zero: invalid field specification {}".to_owned());
            }
            if field == 0 {
                return Err("field number is zero: invalid field specification {}".to_owned());
            }
            for f in rest.bytes() {
                if !k.flags.set(f) {
                    return Err("stray character in field spec: invalid field specification {}".to_owned());
                }
                k.own = true;
                if f == b'b' {
                    if starts { k.skip_start = true } else { k.skip_end = true }
                }
            }
            Ok((field, character))
        };
        k.from = position(start, &mut k, true)?;
        if let Some(end) = end {
            k.to = Some(position(end, &mut k, false)?);
        }
        Ok(k)
    }

    /// Takes the global flags where it has none of its own.
    pub(crate) fn inherit(&mut self, global: Flags) {
        if !self.own {
            self.flags = global;
            (self.skip_start, self.skip_end) = (global.blanks, global.blanks);
        }
    }

    /// What its flags cannot be together.
    pub(crate) fn conflict(&self) -> Option<String> {
        self.flags.conflict()
    }

    fn part<'a>(&self, line: &'a [u8], separator: Option<u8>) -> &'a [u8] {
        let start_of = |field: usize| -> usize {
            let mut at = 0;
            for _ in 1..field {
                match separator {
                    Some(s) => match line[at..].iter().position(|b| *b == s) {
                        Some(n) => at += n + 1,
                        None => return line.len(),
                    },
                    None => at = end_of_word(line, at),
                }
            }
            at
        };
        let skip = |mut at: usize| {
            while line.get(at).is_some_and(|b| blank(*b)) {
                at += 1;
            }
            at
        };
        let mut start = start_of(self.from.0);
        if self.skip_start {
            start = skip(start);
        }
        start = (start + self.from.1.saturating_sub(1)).min(line.len());
        let end = match self.to {
            None => line.len(),
            Some((field, 0)) => {
                let at = start_of(field);
                match separator {
                    Some(s) => line[at..].iter().position(|b| *b == s).map_or(line.len(), |n| at + n),
                    None => end_of_word(line, at),
                }
            }
            Some((field, character)) => {
                let at = start_of(field);
                let at = if self.skip_end { skip(at) } else { at };
                (at + character).min(line.len())
            }
        };
        &line[start..end.max(start)]
    }

    /// The order of two lines by this key.
    pub(crate) fn compare(&self, a: &[u8], b: &[u8], separator: Option<u8>) -> Ordering {
        let (a, b) = (self.part(a, separator), self.part(b, separator));
        let o = match self.flags.kind {
            b'n' => numeric(a, b),
            b'g' => general_order(a, b),
            b'h' => human(a, b),
            b'M' => month(a).cmp(&month(b)),
            b'V' => version_order(&self.text(a), &self.text(b)),
            _ => self.text(a).cmp(&self.text(b)),
        };
        if self.flags.reverse { o.reverse() } else { o }
    }

    fn text(&self, bytes: &[u8]) -> Vec<u8> {
        let keep = |b: &u8| {
            (!self.flags.dictionary || b.is_ascii_alphanumeric() || blank(*b))
                && (!self.flags.printing || (32..127).contains(b))
        };
        bytes.iter().copied().filter(keep).map(|b| if self.flags.fold { b.to_ascii_uppercase() } else { b }).collect()
    }
}

fn blank(b: u8) -> bool {
    b == b' ' || b == b'\t' || b == b'\n'
}

fn end_of_word(line: &[u8], mut at: usize) -> usize {
    while line.get(at).is_some_and(|b| blank(*b)) {
        at += 1;
    }
    while line.get(at).is_some_and(|b| !blank(*b)) {
        at += 1;
    }
    at
}

/// Sign, whole digits without leading zeros, decimals without trailing ones.
fn number(text: &[u8]) -> (bool, &[u8], &[u8], usize) {
    let mut at = text.iter().take_while(|b| blank(**b)).count();
    let negative = text.get(at) == Some(&b'-');
    at += usize::from(negative);
    let digits = |from: usize| text.get(from..).map_or(0, |t| t.iter().take_while(|b| b.is_ascii_digit()).count());
    let n = digits(at);
    let zeros = text[at..at + n].iter().take_while(|b| **b == b'0').count();
    let whole = &text[at + zeros..at + n];
    at += n;
    let mut decimals: &[u8] = &[];
    if text.get(at) == Some(&b'.') {
        let m = digits(at + 1);
        decimals = &text[at + 1..at + 1 + m];
        at += 1 + m;
    }
    while let [rest @ .., b'0'] = decimals {
        decimals = rest;
    }
    (negative && !(whole.is_empty() && decimals.is_empty()), whole, decimals, at)
}

fn numeric(a: &[u8], b: &[u8]) -> Ordering {
    let ((na, wa, da, _), (nb, wb, db, _)) = (number(a), number(b));
    let size = || wa.len().cmp(&wb.len()).then_with(|| wa.cmp(wb)).then_with(|| da.cmp(db));
    match (na, nb) {
        (false, false) => size(),
        (true, true) => size().reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// What is no number comes first, then NaN, then numbers.
fn general_order(a: &[u8], b: &[u8]) -> Ordering {
    let rank = |n: Option<f64>| n.map_or(0, |n| if n.is_nan() { 1 } else { 2 });
    let (a, b) = (general(a), general(b));
    rank(a).cmp(&rank(b)).then_with(|| a.partial_cmp(&b).unwrap_or(Ordering::Equal))
}

/// A number as `strtold` reads it.
fn general(text: &[u8]) -> Option<f64> {
    let t = String::from_utf8_lossy(text);
    let t = t.trim_start();
    let bare = t.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if bare.starts_with("inf") && t.len() - bare.len() < 2 {
        return Some(if t.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if bare.starts_with("nan") && t.len() - bare.len() < 2 {
        return Some(f64::NAN);
    }
    if let Some(hex) = bare.strip_prefix("0x")
        && hex.starts_with(|c: char| c.is_ascii_hexdigit())
    {
        let n = hex.chars().map_while(|c| c.to_digit(16)).fold(0.0, |n, d| n * 16.0 + f64::from(d));
        return Some(if t.starts_with('-') { -n } else { n });
    }
    let mut end = 0;
    let at = |i: usize| t.as_bytes().get(i).copied().unwrap_or(0);
    if matches!(at(end), b'+' | b'-') {
        end += 1;
    }
    while at(end).is_ascii_digit() || at(end) == b'.' {
        end += 1;
    }
    if matches!(at(end), b'e' | b'E') {
        let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
        if at(end + 1 + sign).is_ascii_digit() {
            end += 1 + sign;
            while at(end).is_ascii_digit() {
                end += 1;
            }
        }
    }
    t.get(..end)?.parse().ok()
}

fn human(a: &[u8], b: &[u8]) -> Ordering {
    let rank = |t: &[u8]| {
        let (negative, whole, decimals, at) = number(t);
        let unit = t
            .get(at)
            .and_then(|u| b"KMGTPEZY".iter().position(|x| *x == u.to_ascii_uppercase()))
            .map_or(0, |i| i as i32 + 1);
        let zero = whole.is_empty() && decimals.is_empty();
        match (zero, negative) {
            (true, _) => 0,
            (_, true) => -unit - 1,
            _ => unit + 1,
        }
    };
    rank(a).cmp(&rank(b)).then_with(|| numeric(a, b))
}

fn month(text: &[u8]) -> usize {
    let at = text.iter().take_while(|b| blank(**b)).count();
    let three = text.get(at..at + 3).map(<[u8]>::to_ascii_uppercase).unwrap_or_default();
    let names = [b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"];
    names.iter().position(|n| n.as_slice() == three).map_or(0, |i| i + 1)
}

/// A name without its endings (`.tar.gz`).
fn stem(name: &[u8]) -> &[u8] {
    let mut end = name.len();
    loop {
        let rest = &name[..end];
        let tail = rest.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'~').count();
        let dot = end - tail;
        let ending =
            tail > 0 && dot > 1 && name[dot - 1] == b'.' && (name[dot].is_ascii_alphabetic() || name[dot] == b'~');
        if !ending {
            return rest;
        }
        end = dot - 1;
    }
}

/// GNU's order of versions (`filevercmp`), as `sort -V` and `ls -v` use it.
pub(crate) fn version_order(a: &[u8], b: &[u8]) -> Ordering {
    versions(stem(a), stem(b)).then_with(|| versions(a, b))
}

fn versions(a: &[u8], b: &[u8]) -> Ordering {
    let rank = |c: Option<&u8>| match c {
        Some(b'~') => -1,
        None => 0,
        Some(c) if c.is_ascii_digit() => 0,
        Some(c) if c.is_ascii_alphabetic() => i32::from(*c),
        Some(c) => i32::from(*c) + 256,
    };
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while a.get(i).is_some_and(|c| !c.is_ascii_digit()) || b.get(j).is_some_and(|c| !c.is_ascii_digit()) {
            let o = rank(a.get(i)).cmp(&rank(b.get(j)));
            if o.is_ne() {
                return o;
            }
            i += 1;
            j += 1;
        }
        let run = |t: &[u8], from: usize| {
            let t = t.get(from..).unwrap_or(&[]);
            let zeros = t.iter().take_while(|c| **c == b'0').count();
            let digits = t[zeros..].iter().take_while(|c| c.is_ascii_digit()).count();
            (from + zeros, from + zeros + digits)
        };
        let ((si, ei), (sj, ej)) = (run(a, i), run(b, j));
        let number = |t: &[u8], s: usize, e: usize| t.get(s..e).unwrap_or(&[]).to_vec();
        let (x, y) = (number(a, si, ei), number(b, sj, ej));
        let o = x.len().cmp(&y.len()).then_with(|| x.cmp(&y));
        if o.is_ne() {
            return o;
        }
        (i, j) = (ei, ej);
    }
    Ordering::Equal
}
