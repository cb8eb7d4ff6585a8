//! Decimal numbers of any length, with the digits behind the point that each carries (its scale).

use std::cmp::Ordering;
use std::rc::Rc;

const LIMB: u64 = 1_000_000_000;
/// Digits in a limb.
const WIDTH: usize = 9;
/// Numbers of more limbs are refused.
const MOST: usize = 250_000;

/// `±magnitude · 10^-scale`.
#[derive(Clone, Debug, Default)]
pub(super) struct Number {
    negative: bool,
    /// Base 10⁹, the lowest first, no zeros at the end.
    limbs: Vec<u32>,
    /// Digits behind the point.
    pub(super) scale: usize,
}

fn trim(limbs: &mut Vec<u32>) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut out, mut carry) = (Vec::with_capacity(a.len().max(b.len()) + 1), 0);
    for i in 0..a.len().max(b.len()) {
        let sum = u64::from(a.get(i).copied().unwrap_or(0)) + u64::from(b.get(i).copied().unwrap_or(0)) + carry;
        out.push((sum % LIMB) as u32);
        carry = sum / LIMB;
    }
    out.push(carry as u32);
    trim(&mut out);
    out
}

/// `a - b`, where `a` is not the smaller one.
fn subtract(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut out, mut borrow) = (Vec::with_capacity(a.len()), 0);
    for (i, x) in a.iter().enumerate() {
        let take = u64::from(b.get(i).copied().unwrap_or(0)) + borrow;
        borrow = u64::from(u64::from(*x) < take);
        out.push((u64::from(*x) + borrow * LIMB - take) as u32);
    }
    trim(&mut out);
    out
}

fn multiply(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut out = vec![0u32; a.len() + b.len()];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0;
        for (j, y) in b.iter().enumerate() {
            let sum = u64::from(out[i + j]) + u64::from(*x) * u64::from(*y) + carry;
            out[i + j] = (sum % LIMB) as u32;
            carry = sum / LIMB;
        }
        out[i + b.len()] = carry as u32;
    }
    trim(&mut out);
    out
}

/// Quotient and remainder by a small number.
fn divide_small(a: &[u32], by: u64) -> (Vec<u32>, u64) {
    let (mut out, mut rest) = (vec![0; a.len()], 0);
    for (i, x) in a.iter().enumerate().rev() {
        let sum = rest * LIMB + u64::from(*x);
        out[i] = (sum / by) as u32;
        rest = sum % by;
    }
    trim(&mut out);
    (out, rest)
}

/// The whole quotient (Knuth's algorithm D); `b` is not zero.
fn divide(a: &[u32], b: &[u32]) -> Vec<u32> {
    if compare(a, b) == Ordering::Less {
        return Vec::new();
    }
    let &[.., top] = b else { return Vec::new() };
    if b.len() == 1 {
        return divide_small(a, u64::from(top)).0;
    }
    let factor = [(LIMB / (u64::from(top) + 1)) as u32];
    let (mut a, b) = (multiply(a, &factor), multiply(b, &factor));
    let n = b.len();
    a.resize(a.len().max(n) + 1, 0);
    let mut out = vec![0; a.len() - n];
    let (first, second) = (u64::from(b[n - 1]), u64::from(b[n - 2]));
    for at in (0..out.len()).rev() {
        let head = u64::from(a[at + n]) * LIMB + u64::from(a[at + n - 1]);
        let (mut guess, mut rest) = (head / first, head % first);
        while guess >= LIMB || guess * second > rest * LIMB + u64::from(a[at + n - 2]) {
            guess -= 1;
            rest += first;
            if rest >= LIMB {
                break;
            }
        }
        let (mut borrow, mut carry) = (0u64, 0u64);
        for i in 0..=n {
            let product = guess * u64::from(b.get(i).copied().unwrap_or(0)) + carry;
            carry = product / LIMB;
            let take = product % LIMB + borrow;
            borrow = u64::from(u64::from(a[at + i]) < take);
            a[at + i] = (u64::from(a[at + i]) + borrow * LIMB - take) as u32;
        }
        if borrow > 0 {
            guess -= 1;
            let mut carry = 0;
            for i in 0..=n {
                let sum = u64::from(a[at + i]) + u64::from(b.get(i).copied().unwrap_or(0)) + carry;
                a[at + i] = (sum % LIMB) as u32;
                carry = sum / LIMB;
            }
        }
        out[at] = guess as u32;
    }
    trim(&mut out);
    out
}

fn shift_up(limbs: &[u32], digits: usize) -> Vec<u32> {
    if limbs.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0; digits / WIDTH];
    out.extend(multiply(limbs, &[10u32.pow((digits % WIDTH) as u32)]));
    out
}

fn shift_down(limbs: &[u32], digits: usize) -> Vec<u32> {
    let whole = limbs.get(digits / WIDTH..).unwrap_or_default();
    divide_small(whole, 10u64.pow((digits % WIDTH) as u32)).0
}

/// The whole square root.
fn root(a: &[u32]) -> Vec<u32> {
    if a.is_empty() {
        return Vec::new();
    }
    // From above, Newton's steps only fall.
    let mut x = vec![0; a.len().div_ceil(2)];
    x.push(1);
    loop {
        let (next, _) = divide_small(&add(&x, &divide(a, &x)), 2);
        if compare(&next, &x) != Ordering::Less {
            return x;
        }
        x = next;
    }
}

impl Number {
    /// A whole number.
    pub(super) fn from(n: u64) -> Self {
        let mut limbs = vec![(n % LIMB) as u32, (n / LIMB % LIMB) as u32, (n / LIMB / LIMB) as u32];
        trim(&mut limbs);
        Self { negative: false, limbs, scale: 0 }
    }

    /// `0` or `1`.
    pub(super) fn truth(yes: bool) -> Self {
        Self::from(u64::from(yes))
    }

    fn with(negative: bool, limbs: Vec<u32>, scale: usize) -> Self {
        Self { negative: negative && !limbs.is_empty(), limbs, scale }
    }

    /// Reads digits (`A` is ten) in a base: a digit alone counts as it is, others at most the base's last.
    pub(super) fn parse(text: &str, base: u64) -> Self {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let alone = whole.len() + part.len() == 1;
        let value = |c: char| {
            let d = u64::from(c.to_digit(36).unwrap_or(0));
            if alone { d } else { d.min(base - 1) }
        };
        if base == 10 && !alone {
            let digits: Vec<u8> = whole.chars().chain(part.chars()).map(|c| value(c) as u8).collect();
            let mut limbs: Vec<u32> =
                digits.rchunks(WIDTH).map(|c| c.iter().fold(0, |n, d| n * 10 + u32::from(*d))).collect();
            trim(&mut limbs);
            return Self::with(false, limbs, part.len());
        }
        let fold = |digits: &str| {
            digits.chars().fold(Vec::new(), |n, c| add(&multiply(&n, &[base as u32]), &Self::from(value(c)).limbs))
        };
        let scale = part.len();
        let whole = Self::with(false, fold(whole), 0);
        if part.is_empty() {
            return whole;
        }
        let below = part.chars().fold(vec![1], |n, _| multiply(&n, &[base as u32]));
        let part = Self::with(false, divide(&shift_up(&fold(part), scale), &below), scale);
        whole.plus(&part)
    }

    /// Whether it is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    /// Whether it is below zero.
    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// The whole part where it fits.
    pub(super) fn to_u64(&self) -> Option<u64> {
        shift_down(&self.limbs, self.scale)
            .iter()
            .rev()
            .try_fold(0u64, |n, l| n.checked_mul(LIMB)?.checked_add(u64::from(*l)))
    }

    /// Work that an operation with it takes, in limbs.
    pub(super) fn size(&self) -> usize {
        self.limbs.len()
    }

    /// With as many digits behind the point; the rest is cut off.
    pub(super) fn scaled(&self, scale: usize) -> Self {
        let limbs = match scale.cmp(&self.scale) {
            Ordering::Equal => return self.clone(),
            Ordering::Greater => shift_up(&self.limbs, scale - self.scale),
            Ordering::Less => shift_down(&self.limbs, self.scale - scale),
        };
        Self::with(self.negative, limbs, scale)
    }

    /// The other sign.
    pub(super) fn negated(&self) -> Self {
        Self::with(!self.negative, self.limbs.clone(), self.scale)
    }

    /// The sum.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.scaled(scale), other.scaled(scale));
        if a.negative == b.negative {
            return Self::with(a.negative, add(&a.limbs, &b.limbs), scale);
        }
        match compare(&a.limbs, &b.limbs) {
            Ordering::Less => Self::with(b.negative, subtract(&b.limbs, &a.limbs), scale),
            _ => Self::with(a.negative, subtract(&a.limbs, &b.limbs), scale),
        }
    }

    /// The difference.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The product, with at most `scale` digits behind the point or as many as a factor has.
    pub(super) fn times(&self, other: &Self, scale: usize) -> Self {
        let full = self.scale + other.scale;
        let exact = Self::with(self.negative != other.negative, multiply(&self.limbs, &other.limbs), full);
        exact.scaled(full.min(scale.max(self.scale).max(other.scale)))
    }

    /// The quotient; `None` by zero.
    pub(super) fn over(&self, other: &Self, scale: usize) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let top = self.scaled(scale + other.scale);
        Some(Self::with(self.negative != other.negative, divide(&top.limbs, &other.limbs), scale))
    }

    /// What division leaves; `None` by zero.
    pub(super) fn modulo(&self, other: &Self, scale: usize) -> Option<Self> {
        let rest = self.scale.max(scale + other.scale);
        let quotient = self.over(other, scale)?;
        Some(self.minus(&quotient.times(other, rest)).scaled(rest))
    }

    /// The power by a whole number; `Err(true)`: too large for us, `Err(false)`: zero divided.
    pub(super) fn power(&self, exponent: &Self, scale: usize) -> Result<Self, bool> {
        let n = exponent.to_u64().ok_or(true)?;
        if n == 0 {
            return Ok(Self::from(1));
        }
        let small = self.is_zero() || self.limbs == [1];
        if !small && n.saturating_mul(self.limbs.len() as u64) > MOST as u64 * 2 {
            return Err(true);
        }
        let bounded = self.scale.saturating_mul(n as usize).min(scale.max(self.scale));
        let result = if exponent.negative { scale } else { bounded };
        let (mut power, mut out, mut n) = (self.clone(), Self::from(1), n);
        while n > 0 {
            if n % 2 == 1 {
                out = out.times(&power, out.scale + power.scale);
            }
            n /= 2;
            if n > 0 {
                power = power.times(&power.clone(), power.scale * 2);
            }
        }
        if exponent.negative { Self::from(1).over(&out, scale).ok_or(false) } else { Ok(out.scaled(result)) }
    }

    /// The square root of what is not below zero.
    pub(super) fn root(&self, scale: usize) -> Self {
        let one = self.compare(&Self::from(1)) == Ordering::Equal;
        if self.is_zero() || one {
            return Self::truth(one);
        }
        let scale = scale.max(self.scale);
        let limbs = root(&self.scaled(2 * scale).limbs);
        Self::with(false, limbs, scale)
    }

    /// Which is larger.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let difference = self.minus(other);
        match (difference.is_zero(), difference.negative) {
            (true, _) => Ordering::Equal,
            (_, true) => Ordering::Less,
            _ => Ordering::Greater,
        }
    }

    /// Digits without the point and leading zeros before it.
    fn digits(&self) -> String {
        let mut text = String::new();
        for (i, l) in self.limbs.iter().rev().enumerate() {
            text.push_str(&if i == 0 { l.to_string() } else { format!("{l:09}") });
        }
        format!("{text:0>width$}", width = self.scale)
    }

    /// How many digits it has.
    pub(super) fn length(&self) -> usize {
        self.digits().len().max(1)
    }

    /// As `bc` prints it in a base.
    pub(super) fn show(&self, base: u64) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let sign = if self.negative { "-" } else { "" };
        if base == 10 {
            let digits = self.digits();
            let (whole, part) = digits.split_at(digits.len() - self.scale);
            let point = if part.is_empty() { "" } else { "." };
            return format!("{sign}{whole}{point}{part}");
        }
        let width = (base - 1).to_string().len();
        let digit = |d: u64, space: bool| match char::from_digit(d as u32, 16).filter(|_| base <= 16) {
            Some(c) => c.to_ascii_uppercase().to_string(),
            None => format!("{}{d:0width$}", if space { " " } else { "" }),
        };
        let mut rest = shift_down(&self.limbs, self.scale);
        let mut part = Self::with(false, self.limbs.clone(), self.scale)
            .minus(&Self::with(false, rest.clone(), 0))
            .scaled(self.scale);
        let mut whole = Vec::new();
        while !rest.is_empty() {
            let (next, d) = divide_small(&rest, base);
            whole.push(d);
            rest = next;
        }
        let mut text = sign.to_owned();
        for d in whole.iter().rev() {
            text.push_str(&digit(*d, true));
        }
        if self.scale > 0 {
            text.push('.');
            let factor = Self::from(base);
            let mut reached = Self::from(1);
            let mut first = true;
            while reached.digits().len() <= self.scale {
                part = part.times(&factor, self.scale);
                let d = part.to_u64().unwrap_or(0);
                part = part.minus(&Self::from(d));
                text.push_str(&digit(d, !first));
                first = false;
                reached = reached.times(&factor, 0);
            }
        }
        text
    }
}

/// A number that several places hold.
pub(super) type Shared = Rc<Number>;

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        match text.strip_prefix('-') {
            Some(t) => Number::parse(t, 10).negated(),
            None => Number::parse(text, 10),
        }
    }

    // Expected values from Python's decimal and int.
    #[test]
    fn long_division_is_exact() {
        let (a, b) = (n("123456789012345678901234567890123456789"), n("999999999999999999999"));
        assert_eq!(a.over(&b, 0).unwrap().show(10), "123456789012345678");
        assert_eq!(a.modulo(&b, 0).unwrap().show(10), "901358024679135802467");
        let c = n("1000000000000000000").over(&n("999999999500000000"), 5).unwrap();
        assert_eq!(c.show(10), "1.00000");
        assert_eq!(n("2").power(&n("200"), 0).unwrap().root(0).show(10), "1267650600228229401496703205376");
    }

    #[test]
    fn bases_are_read_and_written() {
        assert_eq!(Number::parse("FF.8", 16).show(10), "255.5");
        assert_eq!(n("399").show(20), " 19 19");
        assert_eq!(n("5.25").show(2), "101.0100000");
        assert_eq!(n("12345.678").show(100), " 01 23 45.67 80");
        assert_eq!(n("-.5").show(10), "-.5");
    }
}
