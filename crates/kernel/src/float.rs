//! Floating-point numbers as C reads and writes them, exactly: strtod(3), strtold(3), printf(3).
//!
//! What stands at the prompt may not use std's `f64` texts: their tables alone are 11 KB of the page,
//! and bash and coreutils count with `long double` anyway.

use std::cmp::Ordering;

/// C's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `double`: 53 bits.
    Double,
    /// x86-64's `long double`: 64 bits.
    LongDouble,
}

impl Format {
    fn bits(self) -> u32 {
        match self {
            Self::Double => 53,
            Self::LongDouble => 64,
        }
    }
    /// The least exponent that the last bit can have.
    fn least(self) -> i32 {
        match self {
            Self::Double => -1_074,
            Self::LongDouble => -16_445,
        }
    }
    /// Numbers are less than two to this power.
    fn end(self) -> i32 {
        match self {
            Self::Double => 1_024,
            Self::LongDouble => 16_384,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Mantissa, and the exponent of its last bit.
    Finite(u64, i32),
    Infinite,
    NotANumber,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Float {
    format: Format,
    /// Whether it has a minus.
    pub negative: bool,
    value: Value,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// The number.
    pub value: Float,
    /// How many bytes of the text belong to it.
    pub len: usize,
    /// `ERANGE`: it is too large, or so small that digits were lost.
    pub range: bool,
}

/// More digits say nothing anew.
const DIGITS: usize = 12_000;
/// So many places hold every number.
const PLACES: usize = 16_500;

impl Float {
    /// The number of so much.
    pub fn whole(format: Format, n: u64) -> Self {
        let (value, _) = round(Big::of(n.into()), 0, false, format);
        Self { format, negative: false, value }
    }

    /// Whether it is neither infinite nor no number.
    pub fn is_finite(&self) -> bool {
        matches!(self.value, Value::Finite(..))
    }

    /// The number that the text begins with; blanks before it are skipped.
    pub fn read(text: &str, format: Format) -> Read {
        let body = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        let (negative, rest) = match body.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, body.strip_prefix('+').unwrap_or(body)),
        };
        let before = text.len() - rest.len();
        let found = word(rest).or_else(|| hexadecimal(rest, format)).or_else(|| decimal(rest, format));
        let (value, len, range) = found.map_or((Value::Finite(0, 0), 0, false), |(v, n, r)| (v, before + n, r));
        Read { value: Self { format, negative, value }, len, range }
    }

    /// Its text without a sign, as `%f`, `%e`, `%g` or `%a` give it (in capitals, too). `alt`: `#`.
    pub fn text(&self, conversion: char, precision: Option<usize>, alt: bool) -> String {
        let p = precision.unwrap_or(6);
        let dot = if alt { "." } else { "" };
        let text = match (self.value, conversion.to_ascii_lowercase()) {
            (Value::Infinite, _) => "inf".to_owned(),
            (Value::NotANumber, _) => "nan".to_owned(),
            (Value::Finite(m, e), 'f') => fixed(m, e, p) + if p == 0 { dot } else { "" },
            (Value::Finite(m, e), 'e') => {
                let (digits, x) = scientific(m, e, p);
                digits + if p == 0 { dot } else { "" } + &power(x)
            }
            (Value::Finite(m, e), 'a') => self.hexadecimal(m, e, precision, dot),
            (Value::Finite(m, e), _) => {
                let p = p.max(1);
                let (digits, x) = scientific(m, e, p - 1);
                let (digits, tail) = match usize::try_from(x) {
                    Ok(x) if x < p => (fixed(m, e, p - 1 - x), String::new()),
                    Err(_) if x >= -4 => (fixed(m, e, p - 1 + x.unsigned_abs() as usize), String::new()),
                    _ => (digits, power(x)),
                };
                match digits.contains('.') {
                    true if !alt => digits.trim_end_matches('0').trim_end_matches('.').to_owned() + &tail,
                    true => digits + &tail,
                    false => digits + dot + &tail,
                }
            }
        };
        if conversion.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
    }

    /// As glibc does: one bit before the point, of a long double four.
    fn hexadecimal(&self, m: u64, e: i32, precision: Option<usize>, dot: &str) -> String {
        let bits = self.format.bits();
        let places = (bits - 1) / 4;
        // To the left as far as the format goes.
        let shift = (bits + m.leading_zeros()).saturating_sub(64).min((e - self.format.least()).unsigned_abs());
        let (mut n, e) = if m == 0 { (0, 0) } else { (u128::from(m) << shift, e - shift as i32) };
        let kept = precision.map_or(places, |p| p.min(places as usize) as u32);
        let cut = 4 * (places - kept);
        let (half, lost) = ((1_u128 << cut) >> 1, n & ((1 << cut) - 1));
        n >>= cut;
        n += u128::from(lost > half || (lost == half && half > 0 && n & 1 == 1));
        let (whole, part) = (n >> (4 * kept), n & ((1 << (4 * kept)) - 1));
        let mut digits = if kept > 0 { format!("{part:0width$x}", width = kept as usize) } else { String::new() };
        match precision {
            Some(p) => digits.extend(std::iter::repeat_n('0', p.saturating_sub(digits.len()))),
            None => digits.truncate(digits.trim_end_matches('0').len()),
        }
        let dot = if digits.is_empty() { dot } else { "." };
        format!("0x{whole:x}{dot}{digits}p{:+}", if m == 0 { 0 } else { e + 4 * places as i32 })
    }
}

impl From<f64> for Float {
    fn from(v: f64) -> Self {
        let bits = v.to_bits();
        let (part, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
        let value = match exponent {
            0x7ff if part == 0 => Value::Infinite,
            0x7ff => Value::NotANumber,
            0 => Value::Finite(part, -1_074),
            _ => Value::Finite(part | 1 << 52, exponent - 1_075),
        };
        Self { format: Format::Double, negative: v.is_sign_negative(), value }
    }
}

/// `inf`, `infinity`, `nan`, `nan(…)`.
fn word(text: &str) -> Option<(Value, usize, bool)> {
    let is = |w: &str| text.get(..w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w));
    if is("inf") {
        return Some((Value::Infinite, if is("infinity") { 8 } else { 3 }, false));
    }
    let more = || {
        let inner = text.get(3..)?.strip_prefix('(')?;
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        inner.get(end..)?.starts_with(')').then_some(end + 2)
    };
    is("nan").then(|| (Value::NotANumber, 3 + more().unwrap_or(0), false))
}

/// Digits with at most one point: those without the point, how many are behind it, and the text's length.
fn digits(text: &str, radix: u32) -> Option<(Vec<u8>, i64, usize)> {
    let (mut found, mut behind, mut point, mut len) = (Vec::new(), 0, false, 0);
    let mut any = false;
    for c in text.chars() {
        match c.to_digit(radix) {
            Some(d) => {
                any = true;
                behind += i64::from(point);
                if d > 0 || !found.is_empty() {
                    found.push(d as u8);
                }
            }
            None if c == '.' && !point => point = true,
            None => break,
        }
        len += 1;
    }
    any.then_some((found, behind, len))
}

/// `e-12` behind the digits: what it says and its length.
fn exponent(text: &str, letter: char) -> (i64, usize) {
    let found = || {
        let rest = text.strip_prefix([letter, letter.to_ascii_uppercase()])?;
        let (sign, number) = match rest.strip_prefix('-') {
            Some(n) => (-1, n),
            None => (1, rest.strip_prefix('+').unwrap_or(rest)),
        };
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let value = number.get(..end).filter(|n| !n.is_empty())?;
        let value = value.bytes().fold(0_i64, |n, d| (n * 10 + i64::from(d - b'0')).min(1 << 40));
        Some((sign * value, text.len() - number.len() + end))
    };
    found().unwrap_or((0, 0))
}

fn hexadecimal(text: &str, format: Format) -> Option<(Value, usize, bool)> {
    let rest = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let (found, behind, len) = digits(rest, 16)?;
    let (power, more) = exponent(rest.get(len..).unwrap_or(""), 'p');
    let mut n = Big::default();
    let kept = found.len().min(DIGITS);
    found.iter().take(kept).for_each(|d| n.push(16, u32::from(*d)));
    let shift = power - 4 * behind + 4 * (found.len() - kept) as i64;
    let lost = found.iter().skip(kept).any(|d| *d > 0);
    let (value, range) = round(n, shift.clamp(-70_000, 70_000) as i32, lost, format);
    Some((value, 2 + len + more, range))
}

fn decimal(text: &str, format: Format) -> Option<(Value, usize, bool)> {
    let (found, behind, len) = digits(text, 10)?;
    let (power, more) = exponent(text.get(len..).unwrap_or(""), 'e');
    let len = len + more;
    let power = power - behind;
    if found.is_empty() {
        return Some((Value::Finite(0, 0), len, false));
    }
    // Beyond all formats.
    match found.len() as i64 + power {
        5_000.. => return Some((Value::Infinite, len, true)),
        ..-5_000 => return Some((Value::Finite(0, 0), len, true)),
        _ => {}
    }
    let mut n = Big::default();
    let kept = found.len().min(DIGITS);
    found.iter().take(kept).for_each(|d| n.push(10, u32::from(*d)));
    let lost = found.iter().skip(kept).any(|d| *d > 0);
    let power = power + (found.len() - kept) as i64;
    let (value, range) = match u32::try_from(power) {
        Ok(power) => {
            n.times_ten_to(power);
            round(n, 0, lost, format)
        }
        Err(_) => {
            let mut by = Big::of(1);
            by.times_ten_to(power.unsigned_abs() as u32);
            // A quotient of two bits more than are kept; the rest only counts as something or nothing.
            let shift = i64::from(by.bits()) - i64::from(n.bits()) + i64::from(format.bits()) + 2;
            let cut = shift < 0 && n.right(shift.unsigned_abs() as u32);
            n.left(shift.max(0) as u32);
            let (quotient, rest) = n.divided(by);
            round(Big::of(quotient), -shift as i32, lost || cut || rest, format)
        }
    };
    Some((value, len, range))
}

/// `n` times two to the `e`, and a little more if something was `lost`: the nearest number, of two the even one.
/// Whether it is out of range.
fn round(mut n: Big, e: i32, lost: bool, format: Format) -> (Value, bool) {
    let drop = (n.bits() as i32 - format.bits() as i32).max(format.least() - e).max(0);
    let (mut half, mut rest) = (false, lost);
    if drop > 0 {
        rest |= n.right(drop as u32 - 1);
        half = n.bit(0);
        n.right(1);
    }
    let even = n.bit(0);
    let mut m = n.low();
    let mut e = e + drop;
    if half && (rest || even) {
        match m.checked_add(1) {
            Some(more) => m = more,
            None => (m, e) = (1 << 63, e + 1),
        }
    }
    let length = 64 - m.leading_zeros() as i32;
    if m > 0 && length + e > format.end() {
        return (Value::Infinite, true);
    }
    let small = length + e < format.least() + format.bits() as i32;
    (Value::Finite(m, if m == 0 { 0 } else { e }), small && (half || rest))
}

/// `m` times two to the `e` times ten to the `k`, rounded to a whole number.
fn scaled(m: u64, e: i32, k: i64) -> Big {
    let mut n = Big::of(m.into());
    let mut rest = false;
    if k > 0 {
        n.times_ten_to(k as u32);
    }
    // Twice as much, for the half.
    let e = e + 1;
    if e > 0 {
        n.left(e as u32);
    }
    if k < 0 {
        rest |= n.by_ten_to(k.unsigned_abs() as u32);
    }
    if e < 0 {
        rest |= n.right(e.unsigned_abs());
    }
    let half = n.bit(0);
    n.right(1);
    if half && (rest || n.bit(0)) {
        n.push(1, 1);
    }
    n
}

fn fixed(m: u64, e: i32, places: usize) -> String {
    let kept = places.min(PLACES);
    let digits = scaled(m, e, kept as i64).decimal();
    let mut text = "0".repeat((kept + 1).saturating_sub(digits.len())) + &digits;
    if places > 0 {
        text.insert(text.len() - kept, '.');
        text.extend(std::iter::repeat_n('0', places - kept));
    }
    text
}

/// One digit, so many places behind it, and the exponent of ten.
fn scientific(m: u64, e: i32, places: usize) -> (String, i32) {
    let kept = places.min(PLACES);
    let length = 64 - m.leading_zeros() as i32;
    let mut x = if m == 0 { 0 } else { (i64::from(length + e - 1) * 30_103).div_euclid(100_000) as i32 };
    let mut digits = loop {
        let digits = if m == 0 { "0".repeat(kept + 1) } else { scaled(m, e, kept as i64 - i64::from(x)).decimal() };
        match digits.len().cmp(&(kept + 1)) {
            Ordering::Less => x -= 1,
            Ordering::Equal => break digits,
            Ordering::Greater => x += 1,
        }
    };
    if places > 0 {
        digits.insert(1, '.');
        digits.extend(std::iter::repeat_n('0', places - kept));
    }
    (digits, x)
}

fn power(x: i32) -> String {
    format!("e{}{:02}", if x < 0 { '-' } else { '+' }, x.unsigned_abs())
}

/// A large number; the lowest part first, none is zero at the end.
#[derive(Default)]
struct Big(Vec<u32>);

impl Big {
    fn of(n: u128) -> Self {
        let mut all = Self((0..4).map(|i| (n >> (32 * i)) as u32).collect());
        all.trim();
        all
    }
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
    /// Times `by`, and `more`.
    fn push(&mut self, by: u32, more: u32) {
        let mut carry = u64::from(more);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(by);
            *part = carry as u32;
            carry >>= 32;
        }
        self.0.push(carry as u32);
        self.trim();
    }
    fn times_ten_to(&mut self, power: u32) {
        (0..power / 9).for_each(|_| self.push(1_000_000_000, 0));
        self.push(10_u32.pow(power % 9), 0);
    }
    /// Divided; what is left.
    fn by(&mut self, by: u32) -> u32 {
        let mut rest = 0;
        for part in self.0.iter_mut().rev() {
            let n = rest << 32 | u64::from(*part);
            *part = (n / u64::from(by)) as u32;
            rest = n % u64::from(by);
        }
        self.trim();
        rest as u32
    }
    /// Divided; whether something is left.
    fn by_ten_to(&mut self, power: u32) -> bool {
        let mut rest = 0;
        (0..power / 9).for_each(|_| rest |= self.by(1_000_000_000));
        (rest | self.by(10_u32.pow(power % 9))) > 0
    }
    fn bits(&self) -> u32 {
        self.0.last().map_or(0, |top| self.0.len() as u32 * 32 - top.leading_zeros())
    }
    fn bit(&self, n: u32) -> bool {
        self.0.get(n as usize / 32).is_some_and(|part| part >> (n % 32) & 1 == 1)
    }
    fn low(&self) -> u64 {
        let part = |n: usize| u64::from(self.0.get(n).copied().unwrap_or(0));
        part(1) << 32 | part(0)
    }
    /// To the left.
    fn left(&mut self, n: u32) {
        self.push(1 << (n % 32), 0);
        if !self.0.is_empty() {
            self.0.splice(..0, std::iter::repeat_n(0, n as usize / 32));
        }
    }
    /// To the right; whether something is lost.
    fn right(&mut self, n: u32) -> bool {
        let parts = (n as usize / 32).min(self.0.len());
        let lost = self.0.drain(..parts).any(|part| part > 0);
        self.by(1 << (n % 32)) > 0 || lost
    }
    fn order(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
    /// The quotient, of at most 128 bits, and whether something is left.
    fn divided(mut self, mut by: Self) -> (u128, bool) {
        let steps = self.bits().saturating_sub(by.bits());
        by.left(steps);
        let mut quotient = 0;
        for _ in 0..=steps {
            quotient <<= 1;
            if self.order(&by) != Ordering::Less {
                quotient |= 1;
                let mut borrow = false;
                for (i, part) in self.0.iter_mut().enumerate() {
                    let (less, a) = part.overflowing_sub(by.0.get(i).copied().unwrap_or(0));
                    let (less, b) = less.overflowing_sub(u32::from(borrow));
                    (*part, borrow) = (less, a || b);
                }
                self.trim();
            }
            by.right(1);
        }
        (quotient, !self.0.is_empty())
    }
    fn decimal(mut self) -> String {
        let mut parts = Vec::new();
        while !self.0.is_empty() {
            parts.push(self.by(1_000_000_000));
        }
        let mut text = parts.pop().unwrap_or(0).to_string();
        parts.iter().rev().for_each(|part| text.push_str(&format!("{part:09}")));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Float, Format};
    use proptest::prelude::*;

    fn long(text: &str, conversion: char, precision: Option<usize>) -> String {
        Float::read(text, Format::LongDouble).value.text(conversion, precision, false)
    }

    /// From bash 5.2's and coreutils 9.1's printf.
    #[test]
    fn long_doubles_are_those_of_glibc() {
        assert_eq!(long("0.1", 'f', Some(25)), "0.1000000000000000000013553");
        assert_eq!(long("0.1", 'a', None), "0xc.ccccccccccccccdp-7");
        assert_eq!(long("1", 'a', None), "0x8p-3");
        assert_eq!(long("1e-320", 'g', None), "1e-320");
        assert_eq!(long("0x1p-3", 'g', Some(3)), "0.125");
        assert_eq!(long("1e4932", 'e', Some(20)), "1.00000000000000000001e+4932");
        assert_eq!(long("3.6e-4951", 'e', None), "3.645200e-4951");
        assert_eq!(long("2.5", 'f', Some(0)), "2");
        assert_eq!(long("1234567", 'g', None), "1.23457e+06");
        assert_eq!(long("0.0001", 'g', None), "0.0001");
        assert_eq!(long("0.00001", 'g', None), "1e-05");
        assert_eq!(long("inFinity", 'F', None), "INF");
    }

    #[test]
    fn a_number_ends_where_it_ends() {
        let len = |text| Float::read(text, Format::Double).len;
        let all = [" 1.5e3x", "1e", "0x", "0x.8p1q", ".", "-.5", "nan(abc)d", "nan(", "1.2.3", "infinit", "", "+"];
        assert_eq!(all.map(len), [6, 1, 1, 6, 0, 3, 8, 3, 3, 3, 0, 0]);
        assert!(Float::read("1e400", Format::Double).range && Float::read("1e-400", Format::Double).range);
        assert!(!Float::read("1e400", Format::LongDouble).range);
    }

    proptest! {
        #[test]
        fn doubles_are_read_and_written_as_std_does(bits in any::<u64>(), places in 0usize..30) {
            let v = f64::from_bits(bits);
            prop_assume!(v.is_finite());
            let own = Float::from(v.abs());
            prop_assert_eq!(own.text('f', Some(places), false), format!("{:.places$}", v.abs()));
            let (e, std) = (own.text('e', Some(places), false), format!("{:.places$e}", v.abs()));
            prop_assert_eq!(e.split_once('e').unwrap().0, std.split_once('e').unwrap().0);
            for text in [format!("{v:e}"), format!("{v}"), format!("{v:.places$e}")] {
                let read = Float::read(&text, Format::Double);
                let expected: f64 = text.parse().unwrap();
                prop_assert_eq!(read.len, text.len());
                prop_assert_eq!(read.value.text('e', Some(20), false), Float::from(expected).text('e', Some(20), false));
            }
        }

        #[test]
        fn decimals_are_read_as_std_does(text in "[0-9]{0,30}\\.[0-9]{1,40}(e-?[0-9]{1,3})?") {
            let expected: f64 = text.parse().unwrap();
            let read = Float::read(&text, Format::Double);
            prop_assert_eq!(read.value.text('a', None, false), Float::from(expected).text('a', None, false));
        }
    }
}
