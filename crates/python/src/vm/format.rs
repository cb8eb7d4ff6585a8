//! Format specifications (PEP 3101) and the `%` operator.

use super::repr::{float_repr, str_repr};
use super::*;

#[derive(Clone, Debug)]
pub(crate) struct Spec {
    fill: char,
    align: Option<char>,
    sign: char,
    alt: bool,
    zero: bool,
    width: usize,
    group: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

pub(crate) fn parse_spec(s: &str) -> Option<Spec> {
    let cs: Vec<char> = s.chars().collect();
    let mut i = 0;
    let at = |i: usize| cs.get(i).copied();
    let mut sp = Spec {
        fill: ' ',
        align: None,
        sign: '-',
        alt: false,
        zero: false,
        width: 0,
        group: None,
        precision: None,
        kind: None,
    };
    let is_align = |c: Option<char>| matches!(c, Some('<' | '>' | '=' | '^'));
    if is_align(at(1)) {
        sp.fill = at(0)?;
        sp.align = at(1);
        i = 2;
    } else if is_align(at(0)) {
        sp.align = at(0);
        i = 1;
    }
    if let Some(c @ ('+' | '-' | ' ')) = at(i) {
        sp.sign = c;
        i += 1;
    }
    if at(i) == Some('z') {
        i += 1;
    }
    if at(i) == Some('#') {
        sp.alt = true;
        i += 1;
    }
    if at(i) == Some('0') {
        sp.zero = true;
        if sp.align.is_none() {
            sp.fill = '0';
            sp.align = Some('=');
        }
        i += 1;
    }
    while let Some(d) = at(i).and_then(|c| c.to_digit(10)) {
        sp.width = sp.width.saturating_mul(10).saturating_add(d as usize);
        i += 1;
    }
    if let Some(c @ (',' | '_')) = at(i) {
        sp.group = Some(c);
        i += 1;
    }
    if at(i) == Some('.') {
        i += 1;
        let mut p = 0usize;
        let from = i;
        while let Some(d) = at(i).and_then(|c| c.to_digit(10)) {
            p = p.saturating_mul(10).saturating_add(d as usize);
            i += 1;
        }
        if from == i {
            return None;
        }
        sp.precision = Some(p);
    }
    if let Some(c) = at(i) {
        sp.kind = Some(c);
        i += 1;
    }
    if i == cs.len() && sp.width < 10_000_000 && sp.precision.is_none_or(|p| p < 10_000_000) { Some(sp) } else { None }
}

fn pad(body: &str, sp: &Spec, default: char) -> String {
    let n = body.chars().count();
    if n >= sp.width {
        return body.to_owned();
    }
    let total = sp.width - n;
    let (left, right) = match sp.align.unwrap_or(default) {
        '<' => (0, total),
        '^' => (total / 2, total - total / 2),
        _ => (total, 0),
    };
    let fill = |n: usize| std::iter::repeat_n(sp.fill, n).collect::<String>();
    format!("{}{body}{}", fill(left), fill(right))
}

/// Sign, prefix and digits; grouping and zero padding go between.
fn number(negative: bool, prefix: &str, int: &str, rest: &str, sp: &Spec) -> String {
    let sign = match (negative, sp.sign) {
        (true, _) => "-",
        (_, '+') => "+",
        (_, ' ') => " ",
        _ => "",
    };
    let mut digits = int.to_owned();
    let pad_inside = sp.align == Some('=');
    if let Some(g) = sp.group {
        let size = if matches!(sp.kind, Some('x' | 'X' | 'b' | 'o')) { 4 } else { 3 };
        if pad_inside && sp.fill == '0' {
            let fixed = sign.len() + prefix.len() + rest.chars().count();
            while grouped(&digits, g, size).len() + fixed < sp.width {
                let longer = format!("0{digits}");
                if grouped(&longer, g, size).len() + fixed > sp.width {
                    break;
                }
                digits = longer;
            }
        }
        digits = grouped(&digits, g, size);
    }
    let body = format!("{digits}{rest}");
    let len = sign.len() + prefix.len() + body.chars().count();
    if pad_inside && len < sp.width {
        let fill: String = std::iter::repeat_n(sp.fill, sp.width - len).collect();
        return format!("{sign}{prefix}{fill}{body}");
    }
    pad(&format!("{sign}{prefix}{body}"), sp, '>')
}

fn grouped(digits: &str, g: char, size: usize) -> String {
    let n = digits.len();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (n - i).is_multiple_of(size) {
            out.push(g);
        }
        out.push(c);
    }
    out
}

/// `%e` with Python's two-digit exponent.
fn exponent(f: f64, p: usize) -> String {
    let s = format!("{f:.p$e}");
    let (m, e) = s.split_once('e').unwrap_or((&s, "0"));
    let e: i32 = e.parse().unwrap_or(0);
    format!("{m}e{}{:02}", if e < 0 { '-' } else { '+' }, e.abs())
}

fn general(f: f64, p: usize, alt: bool) -> String {
    let p = p.max(1);
    if f == 0.0 {
        return if alt { format!("0.{}", "0".repeat(p - 1)) } else { "0".into() };
    }
    let s = format!("{f:.*e}", p - 1);
    let exp: i32 = s.split_once('e').and_then(|x| x.1.parse().ok()).unwrap_or(0);
    let mut out = if exp < -4 || exp >= p as i32 {
        exponent(f, p - 1)
    } else {
        format!("{f:.*}", (p as i32 - 1 - exp).max(0) as usize)
    };
    if !alt {
        let (m, e) = match out.split_once('e') {
            Some((m, e)) => (m.to_owned(), format!("e{e}")),
            None => (out.clone(), String::new()),
        };
        if m.contains('.') {
            out = format!("{}{e}", m.trim_end_matches('0').trim_end_matches('.'));
        }
    }
    out
}

/// The digits of a non-negative finite float by a presentation type.
fn float_body(f: f64, sp: &Spec) -> String {
    let p = sp.precision;
    match sp.kind {
        Some('f' | 'F') => format!("{f:.*}", p.unwrap_or(6)),
        Some('%') => format!("{:.*}%", p.unwrap_or(6), f * 100.0),
        Some('e') => exponent(f, p.unwrap_or(6)),
        Some('E') => exponent(f, p.unwrap_or(6)).to_uppercase(),
        Some('g' | 'n') => general(f, p.unwrap_or(6), sp.alt),
        Some('G') => general(f, p.unwrap_or(6), sp.alt).to_uppercase(),
        _ => match p {
            None => float_repr(f),
            Some(p) => {
                let s = general(f, p, false);
                let exp: i32 = format!("{f:e}").split_once('e').and_then(|x| x.1.parse().ok()).unwrap_or(0);
                if s.contains('.') || s.contains('e') {
                    s
                } else if exp >= p as i32 - 1 && f != 0.0 && p as i32 <= exp {
                    exponent(f, p.saturating_sub(1))
                } else {
                    format!("{s}.0")
                }
            }
        },
    }
}

impl Vm {
    /// A replacement field of an f-string.
    pub(crate) fn format_value(&mut self, v: Value, conv: Option<char>, spec: Value, cont: Cont) -> R<()> {
        let plain = match conv {
            None if spec.is_unbound() && self.user_method(v, "__format__").is_none() => self.to_str(v),
            Some('r') if spec.is_unbound() => self.repr(v, 0),
            Some('s') if spec.is_unbound() => self.to_str(v),
            _ => None,
        };
        if let Some(s) = plain {
            let s = self.str(s);
            return self.deliver(cont, s);
        }
        if conv.is_none() && self.user_method(v, "__format__").is_none() && !spec.is_unbound() {
            let t = self.text(spec).unwrap_or_default();
            if let Some(s) = self.format_spec(v, &t)? {
                let s = self.str(s);
                return self.deliver(cont, s);
            }
        }
        let c = self.str(conv.map(String::from).unwrap_or_default());
        let spec = if spec.is_unbound() { self.str("") } else { spec };
        self.call_prelude("_format_value", vec![v, c, spec], cont)
    }

    /// `format(v, spec)` of builtin values; `None` if it isn't one.
    pub(crate) fn format_spec(&mut self, v: Value, spec: &str) -> R<Option<String>> {
        let t = self.type_name(v);
        if spec.is_empty() && !matches!(v, Value::Obj(_)) {
            return Ok(self.to_str(v));
        }
        let layout = self.layout(self.class_of(v));
        let numeric = self.as_big(v).is_some() || self.as_float(v).is_some();
        if !numeric && self.as_str(v).is_none() {
            let _ = layout;
            return Ok(None);
        }
        let Some(sp) = parse_spec(spec) else {
            return self.value_error(format!("Invalid format specifier '{spec}' for object of type '{t}'"));
        };
        if let Some(s) = self.as_str(v) {
            let s = s.s.clone();
            if !matches!(sp.kind, None | Some('s')) {
                let k = sp.kind.unwrap_or('?');
                return self.value_error(format!("Unknown format code '{k}' for object of type 'str'"));
            }
            if sp.align == Some('=') && !sp.zero {
                return self.value_error("'=' alignment not allowed in string format specifier");
            }
            let body: String = match sp.precision {
                Some(p) => s.chars().take(p).collect(),
                None => s.to_string(),
            };
            let sp = Spec { align: if sp.align == Some('=') { Some('<') } else { sp.align }, ..sp };
            return Ok(Some(pad(&body, &sp, '<')));
        }
        if let Some(b) = self.as_big(v)
            && !matches!(sp.kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'))
        {
            if matches!(v, Value::Bool(_)) && sp.kind.is_none() && spec.is_empty() {
                return Ok(self.to_str(v));
            }
            if sp.precision.is_some() {
                return self.value_error("Precision not allowed in integer format specifier");
            }
            let neg = b.sign() == num_bigint::Sign::Minus;
            let m = b.magnitude();
            let (digits, prefix) = match sp.kind {
                None | Some('d' | 'n') => (m.to_string(), ""),
                Some('x') => (m.to_str_radix(16), "0x"),
                Some('X') => (m.to_str_radix(16).to_uppercase(), "0X"),
                Some('o') => (m.to_str_radix(8), "0o"),
                Some('b') => (m.to_str_radix(2), "0b"),
                Some('c') => {
                    let c = m.to_u32().and_then(char::from_u32).unwrap_or('\u{fffd}');
                    return Ok(Some(pad(&c.to_string(), &sp, '<')));
                }
                Some(k) => return self.value_error(format!("Unknown format code '{k}' for object of type '{t}'")),
            };
            let prefix = if sp.alt { prefix } else { "" };
            return Ok(Some(number(neg, prefix, &digits, "", &sp)));
        }
        let f = self.number(v).unwrap_or(0.0);
        if let Some(k) = sp.kind
            && !"eEfFgGn%".contains(k)
        {
            return self.value_error(format!("Unknown format code '{k}' for object of type '{t}'"));
        }
        if !f.is_finite() {
            let mut body = if f.is_nan() { "nan".to_owned() } else { "inf".to_owned() };
            if matches!(sp.kind, Some('E' | 'F' | 'G')) {
                body = body.to_uppercase();
            }
            if sp.kind == Some('%') {
                body.push('%');
            }
            let sp = Spec { fill: if sp.zero { ' ' } else { sp.fill }, group: None, ..sp };
            return Ok(Some(number(f < 0.0, "", &body, "", &sp)));
        }
        let body = float_body(f.abs(), &sp);
        let cut = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        let (int, rest) = body.split_at(cut);
        Ok(Some(number(f.is_sign_negative(), "", int, rest, &sp)))
    }

    /// `format % values`
    pub(crate) fn percent(&mut self, a: Value, b: Value, cont: Cont) -> R<()> {
        let fmt: Vec<char> = self.text(a).unwrap_or_default().chars().collect();
        let tuple = match self.kind(b) {
            Kind::Tuple(t) => Some(t.to_vec()),
            _ => None,
        };
        let mapping = tuple.is_none() && (self.as_dict(b).is_some() || self.user_method(b, "__getitem__").is_some());
        let values = tuple.clone().unwrap_or_else(|| vec![b]);
        let mut used = 0;
        let mut named = false;
        let mut out = String::new();
        let mut i = 0;
        while let Some(&c) = fmt.get(i) {
            i += 1;
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut key = None;
            if fmt.get(i) == Some(&'(') {
                let end = fmt.iter().skip(i).position(|c| *c == ')').map(|n| n + i);
                let Some(end) = end else { return self.value_error("incomplete format key") };
                key = Some(fmt.get(i + 1..end).unwrap_or(&[]).iter().collect::<String>());
                i = end + 1;
            }
            let (mut left, mut plus, mut space, mut zero, mut alt) = (false, false, false, false, false);
            while let Some(c) = fmt.get(i) {
                match c {
                    '-' => left = true,
                    '+' => plus = true,
                    ' ' => space = true,
                    '0' => zero = true,
                    '#' => alt = true,
                    _ => break,
                }
                i += 1;
            }
            let mut next = |vm: &mut Vm| -> R<Value> {
                match values.get(used) {
                    Some(v) => {
                        used += 1;
                        Ok(*v)
                    }
                    None => vm.type_error("not enough arguments for format string"),
                }
            };
            let mut width = 0usize;
            if fmt.get(i) == Some(&'*') {
                i += 1;
                let w = next(self)?;
                let w = self.as_int(w).unwrap_or(0);
                left |= w < 0;
                width = w.unsigned_abs() as usize;
            } else {
                while let Some(d) = fmt.get(i).and_then(|c| c.to_digit(10)) {
                    width = width.saturating_mul(10).saturating_add(d as usize);
                    i += 1;
                }
            }
            let mut precision = None;
            if fmt.get(i) == Some(&'.') {
                i += 1;
                let mut p = 0usize;
                if fmt.get(i) == Some(&'*') {
                    i += 1;
                    let v = next(self)?;
                    p = self.as_int(v).unwrap_or(0).max(0) as usize;
                }
                while let Some(d) = fmt.get(i).and_then(|c| c.to_digit(10)) {
                    p = p.saturating_mul(10).saturating_add(d as usize);
                    i += 1;
                }
                precision = Some(p);
            }
            while matches!(fmt.get(i), Some('l' | 'h' | 'L')) {
                i += 1;
            }
            let Some(&conv) = fmt.get(i) else { return self.value_error("incomplete format") };
            i += 1;
            if width > 1_000_000 || precision.is_some_and(|p| p > 1_000_000) {
                return self.memory_error();
            }
            if conv == '%' {
                out.push('%');
                continue;
            }
            let v = match key {
                Some(k) => {
                    named = true;
                    if !mapping {
                        return self.type_error("format requires a mapping");
                    }
                    let ks = self.str(k);
                    let found = match b {
                        Value::Obj(r) if self.as_dict(b).is_some() => self.dict_get(r, ks)?.flatten(),
                        _ => None,
                    };
                    match found {
                        Some(v) => v,
                        None => return Err(self.exc_args(T::KeyError, vec![ks])),
                    }
                }
                None => next(self)?,
            };
            let sp = Spec {
                fill: if zero && !left { '0' } else { ' ' },
                align: Some(if left {
                    '<'
                } else if zero {
                    '='
                } else {
                    '>'
                }),
                sign: if plus {
                    '+'
                } else if space {
                    ' '
                } else {
                    '-'
                },
                alt,
                zero,
                width,
                group: None,
                precision,
                kind: Some(conv),
            };
            match conv {
                's' | 'r' | 'a' => {
                    let s = if conv == 's' { self.to_str(v) } else { self.repr(v, 0) };
                    let Some(s) = s else {
                        // An object with its own text: the prelude makes the texts first.
                        return self.call_prelude("_percent_slow", vec![a, b], cont);
                    };
                    let s: String = precision.map_or(s.clone(), |p| s.chars().take(p).collect());
                    out.push_str(&pad(&s, &Spec { fill: ' ', align: Some(if left { '<' } else { '>' }), ..sp }, '>'));
                }
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                    let b = self.as_big(v).or_else(|| {
                        self.as_float(v)
                            .filter(|_| "diu".contains(conv))
                            .and_then(|f| num_traits::FromPrimitive::from_f64(f.trunc()))
                    });
                    let Some(n): Option<BigInt> = b else {
                        let t = self.type_name(v);
                        let what = if "diu".contains(conv) { "a real number" } else { "an integer" };
                        return self.type_error(format!("%{conv} format: {what} is required, not {t}"));
                    };
                    let m = n.magnitude();
                    let (d, p) = match conv {
                        'x' => (m.to_str_radix(16), "0x"),
                        'X' => (m.to_str_radix(16).to_uppercase(), "0X"),
                        'o' => (m.to_str_radix(8), "0o"),
                        _ => (m.to_string(), ""),
                    };
                    let d = precision.map_or(d.clone(), |p| format!("{}{d}", "0".repeat(p.saturating_sub(d.len()))));
                    out.push_str(&number(n.sign() == num_bigint::Sign::Minus, if alt { p } else { "" }, &d, "", &sp));
                }
                'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                    let Some(f) = self.number(v) else {
                        let t = self.type_name(v);
                        return self.type_error(format!("must be real number, not {t}"));
                    };
                    let body = if f.is_finite() {
                        float_body(f.abs(), &sp)
                    } else if f.is_nan() {
                        "nan".into()
                    } else {
                        "inf".into()
                    };
                    out.push_str(&number(f.is_sign_negative(), "", &body, "", &sp));
                }
                'c' => {
                    let s = match (self.as_int(v), self.text(v)) {
                        (Some(i), _) => u32::try_from(i).ok().and_then(char::from_u32).map(String::from),
                        (_, Some(s)) if s.chars().count() == 1 => Some(s.to_string()),
                        _ => None,
                    };
                    let Some(s) = s else { return self.type_error("%c requires int or char") };
                    out.push_str(&pad(&s, &Spec { fill: ' ', ..sp }, '>'));
                }
                c => {
                    return self.value_error(format!(
                        "unsupported format character '{c}' (0x{:x}) at index {}",
                        c as u32,
                        i - 1
                    ));
                }
            }
        }
        if !named && !mapping && used < values.len() {
            return self.type_error("not all arguments converted during string formatting");
        }
        let _ = str_repr;
        let s = self.str(out);
        self.deliver(cont, s)
    }
}
