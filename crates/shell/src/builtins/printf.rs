//! `printf`.
use layerlab_kernel::Cx;
use layerlab_kernel::float::{Float, Format};

use super::Ran;
use crate::dialect::Dialect;
use crate::escape::{Escape, Flavour, backslash_quote, expand, sequence};
use crate::eval::{Shell, Slot};

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let mut args = argv.get(1..).unwrap_or(&[]);
    let mut var = None;
    if sh.dialect.is_bash() && args.first().is_some_and(|a| a == "-v") {
        var = args.get(1).cloned();
        args = args.get(2..).unwrap_or(&[]);
    }
    if args.first().is_some_and(|a| a == "--") {
        args = args.get(1..).unwrap_or(&[]);
    }
    let Some(format) = args.first() else {
        match sh.dialect {
            Dialect::Bash => sh.err("printf: usage: printf [-v var] format [arguments]\n"),
            Dialect::Dash => sh.complain_as("printf", "usage: printf format [arg ...]"),
            Dialect::Ash => sh.complain_as_applet("usage: printf FORMAT [ARGUMENT...]"),
        }
        return 2.into();
    };
    let mut p = Printf { sh, cx, args: args.get(1..).unwrap_or(&[]), next: 0, out: Vec::new(), status: 0, stop: false };
    loop {
        let before = p.next;
        p.once(format);
        if p.stop || p.next >= p.args.len() || p.next == before {
            break;
        }
    }
    let (out, status) = (p.out, p.status);
    match var {
        Some(v) => {
            let text = String::from_utf8_lossy(&out).into_owned();
            let (name, index) = match v.split_once('[').and_then(|(n, k)| k.strip_suffix(']').map(|k| (n, k))) {
                Some((n, k)) => (n.to_owned(), Some(k.to_owned())),
                None => (v, None),
            };
            sh.assign(&Slot { name, index }, &text, false, cx);
        }
        None => sh.out(out),
    }
    status.into()
}

struct Printf<'a, 'b, 'c> {
    sh: &'a mut Shell,
    cx: &'b mut Cx<'c>,
    args: &'a [String],
    next: usize,
    out: Vec<u8>,
    status: i32,
    stop: bool,
}

#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alt: bool,
    width: usize,
    precision: Option<usize>,
}

impl Printf<'_, '_, '_> {
    fn arg(&mut self) -> Option<&str> {
        let a = self.args.get(self.next);
        self.next += usize::from(a.is_some());
        a.map(String::as_str)
    }

    fn once(&mut self, format: &str) {
        let mut rest = format;
        while let Some(i) = rest.find(['%', '\\']) {
            self.out.extend_from_slice(rest.get(..i).unwrap_or("").as_bytes());
            let tail = rest.get(i + 1..).unwrap_or("");
            if rest.as_bytes().get(i) == Some(&b'\\') {
                match sequence(tail, Flavour::Format, self.sh.dialect) {
                    (Escape::Bytes(b), n) => {
                        self.out.extend(b);
                        rest = tail.get(n..).unwrap_or("");
                    }
                    (Escape::Stop, _) => {
                        self.stop = true;
                        return;
                    }
                    (Escape::None, _) if tail.starts_with('c') && self.sh.dialect == Dialect::Ash => {
                        self.stop = true;
                        return;
                    }
                    (Escape::None, _) => {
                        if tail.starts_with('x') && self.sh.dialect.is_bash() {
                            self.sh.complain_as("printf", "missing hex digit for \\x");
                        }
                        self.out.push(b'\\');
                        rest = tail;
                    }
                }
            } else {
                match self.conversion(tail) {
                    Some(n) => rest = tail.get(n..).unwrap_or(""),
                    None => return,
                }
            }
        }
        self.out.extend_from_slice(rest.as_bytes());
    }

    /// The conversion after a `%`; answers its length.
    fn conversion(&mut self, s: &str) -> Option<usize> {
        let b = s.as_bytes();
        let mut i = 0;
        let mut spec = Spec::default();
        while let Some(c) = b.get(i) {
            match c {
                b'-' => spec.minus = true,
                b'+' => spec.plus = true,
                b' ' => spec.space = true,
                b'0' => spec.zero = true,
                b'#' => spec.alt = true,
                b'\'' => {}
                _ => break,
            }
            i += 1;
        }
        if b.get(i) == Some(&b'*') {
            i += 1;
            let w = self.integer_arg(true);
            spec.minus |= w < 0;
            spec.width = usize::try_from(w.unsigned_abs()).unwrap_or(0);
        } else {
            while let Some(d) = b.get(i).filter(|d| d.is_ascii_digit()) {
                spec.width = spec.width.saturating_mul(10).saturating_add(usize::from(d - b'0'));
                i += 1;
            }
        }
        spec.width = spec.width.min(1 << 20);
        if b.get(i) == Some(&b'.') {
            i += 1;
            if b.get(i) == Some(&b'*') {
                i += 1;
                spec.precision = usize::try_from(self.integer_arg(true)).ok();
            } else {
                let mut p = 0_usize;
                while let Some(d) = b.get(i).filter(|d| d.is_ascii_digit()) {
                    p = p.saturating_mul(10).saturating_add(usize::from(d - b'0'));
                    i += 1;
                }
                spec.precision = Some(p.min(1 << 20));
            }
        }
        if b.get(i) == Some(&b'(') && self.sh.dialect.is_bash() {
            return self.time(s, i, &spec);
        }
        let modifiers: &[u8] = match self.sh.dialect {
            Dialect::Bash => b"lhjzt",
            Dialect::Dash => b"",
            Dialect::Ash => b"hlLz",
        };
        while b.get(i).is_some_and(|c| modifiers.contains(c)) {
            i += 1;
        }
        let c = s.get(i..).and_then(|t| t.chars().next());
        match c {
            Some('%') if i == 0 => self.out.push(b'%'),
            Some('c') => {
                // Of nothing, the NUL that ends it.
                let a = self.arg().unwrap_or("").chars().next().unwrap_or('\0').to_string();
                self.pad(a.into_bytes(), &spec);
            }
            Some('s') => {
                let a = self.arg().unwrap_or("").to_owned();
                self.string(a.as_bytes(), &spec);
            }
            Some('b') => {
                let a = self.arg().unwrap_or("").to_owned();
                let (bytes, stop) = expand(&a, Flavour::Echo, self.sh.dialect);
                self.string(&bytes, &spec);
                if stop {
                    self.stop = true;
                    return None;
                }
            }
            Some('q' | 'Q') if self.sh.dialect.is_bash() => {
                let a = backslash_quote(self.arg().unwrap_or(""));
                self.string(a.as_bytes(), &spec);
            }
            Some('d' | 'i') => {
                let n = self.integer_arg(true);
                self.number(
                    &n.unsigned_abs().to_string(),
                    if n < 0 {
                        "-"
                    } else if spec.plus {
                        "+"
                    } else if spec.space {
                        " "
                    } else {
                        ""
                    },
                    &spec,
                );
            }
            Some('u') => {
                let n = self.integer_arg(false) as u64;
                self.number(&n.to_string(), "", &spec);
            }
            Some('o') => {
                let n = self.integer_arg(false) as u64;
                let alone = spec.alt && n == 0 && spec.precision == Some(0);
                self.number(&format!("{n:o}"), if alone || (spec.alt && n != 0) { "0" } else { "" }, &spec);
            }
            Some('x') => {
                let n = self.integer_arg(false) as u64;
                self.number(&format!("{n:x}"), if spec.alt && n != 0 { "0x" } else { "" }, &spec);
            }
            Some('X') => {
                let n = self.integer_arg(false) as u64;
                self.number(&format!("{n:X}"), if spec.alt && n != 0 { "0X" } else { "" }, &spec);
            }
            Some(c @ ('f' | 'F' | 'e' | 'E' | 'g' | 'G')) => self.float(c, &spec),
            Some(c @ ('a' | 'A')) if self.sh.dialect != Dialect::Ash => self.float(c, &spec),
            Some(c) => {
                let text = match self.sh.dialect {
                    Dialect::Bash => format!("`{c}': invalid format character"),
                    Dialect::Dash => format!("%{}: invalid directive", s.get(..i + c.len_utf8()).unwrap_or("")),
                    Dialect::Ash => format!("%{}: invalid format", s.get(i..).unwrap_or("")),
                };
                self.fail(&text);
                if self.sh.dialect == Dialect::Dash {
                    self.status = 2;
                }
                self.stop = true;
                return None;
            }
            None => {
                self.fail(&match self.sh.dialect {
                    Dialect::Bash => format!("`%{s}': missing format character"),
                    Dialect::Dash => "missing format character".to_owned(),
                    Dialect::Ash => format!("%{s}: invalid format"),
                });
                if self.sh.dialect == Dialect::Dash {
                    self.status = 2;
                }
                self.stop = true;
                return None;
            }
        }
        Some(i + c.map_or(0, char::len_utf8))
    }

    fn fail(&mut self, text: &str) {
        self.say(text);
        self.status = 1;
    }

    fn say(&mut self, text: &str) {
        // What was printed before comes first, but in dash, which prints all at its end.
        if self.sh.dialect != Dialect::Dash {
            let out = std::mem::take(&mut self.out);
            self.sh.out(out);
        }
        // An applet of busybox names no builtin.
        if self.sh.dialect == Dialect::Ash {
            self.sh.complain_as_applet(text);
        } else {
            self.sh.complain_as("printf", text);
        }
    }

    fn integer_arg(&mut self, signed: bool) -> i64 {
        let Some(text) = self.arg().map(str::to_owned) else {
            if self.sh.dialect == Dialect::Ash {
                self.fail("invalid number ''");
            }
            return 0;
        };
        if let Some(c) = text.strip_prefix(['"', '\'']) {
            return c.chars().next().map_or(0, |c| i64::from(u32::from(c)));
        }
        let t = text.trim_start();
        let (sign, digits) = match t.strip_prefix('-') {
            Some(d) => (-1_i128, d),
            None => (1, t.strip_prefix('+').unwrap_or(t)),
        };
        let (radix, digits) = if let Some(h) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            (16, h)
        } else if digits.len() > 1 && digits.starts_with('0') {
            (8, digits)
        } else {
            (10, digits)
        };
        let len = digits.chars().take_while(|c| c.is_digit(radix)).count();
        let value = i128::from_str_radix(digits.get(..len).unwrap_or(""), radix).unwrap_or(0) * sign;
        let nothing = text.is_empty() && self.sh.dialect != Dialect::Ash;
        if !nothing && (len < digits.len() || (len == 0 && radix != 8)) {
            if !text.is_empty() || self.sh.dialect == Dialect::Ash {
                self.fail(&no_number(&text, len > 0, self.sh.dialect));
            }
            if self.sh.dialect == Dialect::Ash {
                return 0;
            }
        }
        // Out of range: the nearest, except that unsigned values keep their bits.
        if value > i128::from(u64::MAX) || (signed && value > i128::from(i64::MAX)) || value < i128::from(i64::MIN) {
            match self.sh.dialect {
                Dialect::Bash => self.say(&format!("warning: {text}: Numerical result out of range")),
                Dialect::Dash => self.fail(&format!("{text}: Numerical result out of range")),
                Dialect::Ash => {
                    self.fail(&format!("invalid number '{text}'"));
                    return 0;
                }
            }
            if value < 0 { i64::MIN } else { i64::MAX }
        } else {
            i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { (value as u64) as i64 })
        }
    }

    fn float(&mut self, c: char, spec: &Spec) {
        let format = if self.sh.dialect.is_bash() { Format::LongDouble } else { Format::Double };
        let text = self.arg().unwrap_or("0").to_owned();
        let value = match text.strip_prefix(['"', '\'']) {
            Some(q) => Float::whole(format, q.chars().next().map_or(0, |c| u32::from(c).into())),
            None => self.float_of(&text, format),
        };
        let sign = if value.negative {
            "-"
        } else if spec.plus {
            "+"
        } else if spec.space {
            " "
        } else {
            ""
        };
        let body = value.text(c, spec.precision, spec.alt);
        let wide = Spec {
            precision: None,
            ..Spec { minus: spec.minus, zero: spec.zero && value.is_finite(), width: spec.width, ..Spec::default() }
        };
        // Zeros go behind `0x`.
        match body.strip_prefix(if c == 'A' { "0X" } else { "0x" }) {
            Some(digits) => self.number(digits, &format!("{sign}0{}", if c == 'A' { 'X' } else { 'x' }), &wide),
            None => self.number(&body, sign, &wide),
        }
    }

    fn float_of(&mut self, text: &str, format: Format) -> Float {
        let read = Float::read(text, format);
        if read.len < text.len() {
            self.fail(&no_number(text, read.len > 0, self.sh.dialect));
            if self.sh.dialect == Dialect::Ash {
                return Float::whole(format, 0);
            }
        } else if read.range {
            match self.sh.dialect {
                Dialect::Bash => self.say(&format!("warning: {text}: Numerical result out of range")),
                Dialect::Dash => self.fail(&format!("{text}: Numerical result out of range")),
                Dialect::Ash => self.fail(&format!("invalid number '{text}'")),
            }
        }
        read.value
    }

    fn time(&mut self, s: &str, open: usize, spec: &Spec) -> Option<usize> {
        let close = s.find(")T")?;
        let format = s.get(open + 1..close)?.to_owned();
        let arg = self.arg().and_then(|a| a.parse::<i64>().ok()).unwrap_or(-1);
        let secs = if arg < 0 { self.cx.wall_clock() / 1_000_000_000 } else { arg };
        let zone = self.sh.zone(self.cx);
        let text = crate::date::strftime(if format.is_empty() { "%X" } else { &format }, secs, &zone);
        self.string(text.as_bytes(), spec);
        Some(close + 2)
    }

    fn number(&mut self, digits: &str, sign: &str, spec: &Spec) {
        let mut d = digits.to_owned();
        if let Some(p) = spec.precision {
            if p == 0 && d == "0" {
                d.clear();
            }
            d = zeros(p, d);
        }
        if spec.zero && !spec.minus && spec.precision.is_none() {
            let w = spec.width.saturating_sub(sign.len());
            d = zeros(w, d);
        }
        self.pad(format!("{sign}{d}").into_bytes(), spec);
    }

    fn string(&mut self, bytes: &[u8], spec: &Spec) {
        let n = spec.precision.unwrap_or(usize::MAX).min(bytes.len());
        // Characters are not cut.
        let mut end = n;
        while end < bytes.len() && end > 0 && bytes.get(end).is_some_and(|b| b & 0xc0 == 0x80) {
            end -= 1;
        }
        self.pad(bytes.get(..end).unwrap_or(bytes).to_vec(), spec);
    }

    fn pad(&mut self, bytes: Vec<u8>, spec: &Spec) {
        let fill = spec.width.saturating_sub(bytes.len());
        if !spec.minus {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
        self.out.extend(bytes);
        if spec.minus {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
    }
}

/// Zeros before it up to a width; the formatting machinery knows no large ones.
fn zeros(width: usize, digits: String) -> String {
    "0".repeat(width.saturating_sub(digits.len())) + &digits
}

/// What is said of a text that is no number, or only begins with one.
fn no_number(text: &str, begins: bool, dialect: Dialect) -> String {
    match dialect {
        Dialect::Bash => {
            let kind = match text.as_bytes() {
                [b'0', d, ..] if d.is_ascii_digit() => "octal ",
                [b'0', b'x', ..] => "hex ",
                _ => "",
            };
            format!("{text}: invalid {kind}number")
        }
        Dialect::Dash if begins => format!("{text}: not completely converted"),
        Dialect::Dash => format!("{text}: expected numeric value"),
        Dialect::Ash => format!("invalid number '{text}'"),
    }
}
