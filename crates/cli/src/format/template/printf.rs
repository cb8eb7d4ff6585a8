//! Go's `fmt.Sprintf` for the values that templates have.

use super::functions::type_name;
use crate::format::go;
use crate::format::quote;
use crate::format::value::Value;

/// Widest field and most digits that are honoured.
const MAX_WIDTH: usize = 10_000;

#[derive(Default)]
struct Spec {
    minus: bool,
    zero: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    width: usize,
    precision: Option<usize>,
}

/// A format being read (Go's `fmt.pp.doPrintf`).
struct Reader<'a> {
    rest: &'a str,
    args: &'a [Value],
    /// The next argument.
    next: usize,
    /// An argument was named by its number.
    reordered: bool,
    /// All numbers of this verb are those of arguments.
    good: bool,
}

impl Reader<'_> {
    fn take(&mut self, c: char) -> bool {
        let found = self.rest.strip_prefix(c);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// `[2]`; whether there was a number.
    fn index(&mut self) -> bool {
        if !self.rest.starts_with('[') {
            return false;
        }
        self.reordered = true;
        let Some((inside, after)) = self.rest.get(1..).and_then(|r| r.split_once(']')) else {
            self.good = false;
            self.rest = self.rest.get(1..).unwrap_or("");
            return false;
        };
        self.rest = after;
        let number = inside.parse::<usize>().ok().filter(|_| inside.bytes().all(|b| b.is_ascii_digit()));
        match number {
            Some(n) if (1..=self.args.len()).contains(&n) => self.next = n - 1,
            _ => self.good = false,
        }
        number.is_some()
    }

    fn number(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, after) = self.rest.split_at(end);
        self.rest = after;
        let value = |n: usize, d: u8| (n * 10 + usize::from(d - b'0')).min(MAX_WIDTH);
        (end > 0).then(|| digits.bytes().fold(0, value))
    }

    /// The number that an argument gives for `*`; `None`: it is none.
    fn star(&mut self) -> Option<i64> {
        let found = self.args.get(self.next);
        self.next += 1;
        match found {
            Some(Value::Int(n)) if n.unsigned_abs() <= 1_000_000 => Some(*n),
            _ => None,
        }
    }

    /// A verb with what stands before it, written to `out`; `false`: the format ends in it.
    fn verb(&mut self, out: &mut String) -> bool {
        let mut spec = Spec::default();
        self.good = true;
        while let Some(f) = self.rest.chars().next().filter(|c| "-0+# ".contains(*c)) {
            self.take(f);
            match f {
                '-' => spec.minus = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                '#' => spec.sharp = true,
                _ => spec.space = true,
            }
        }
        let mut indexed = self.index();
        if self.take('*') {
            match self.star() {
                Some(n) => {
                    spec.minus |= n < 0;
                    spec.width = usize::try_from(n.unsigned_abs()).unwrap_or(0).min(MAX_WIDTH);
                }
                None => out.push_str("%!(BADWIDTH)"),
            }
            indexed = false;
        } else if let Some(n) = self.number() {
            spec.width = n;
            self.good &= !indexed;
        }
        if self.take('.') {
            self.good &= !indexed;
            indexed = self.index();
            if self.take('*') {
                match self.star() {
                    Some(n) => spec.precision = usize::try_from(n).ok().map(|n| n.min(MAX_WIDTH)),
                    None => out.push_str("%!(BADPREC)"),
                }
                indexed = false;
            } else {
                spec.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !indexed {
            self.index();
        }
        let Some(verb) = self.rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            return false;
        };
        self.take(verb);
        match self.args.get(self.next) {
            _ if verb == '%' => out.push('%'),
            _ if !self.good => out.push_str(&format!("%!{verb}(BADINDEX)")),
            Some(v) => {
                out.push_str(&pad(&one(verb, v, &spec), &spec, v));
                self.next += 1;
            }
            None => out.push_str(&format!("%!{verb}(MISSING)")),
        }
        true
    }
}

pub(super) fn printf(format: &str, args: &[Value]) -> String {
    let mut out = String::new();
    let mut reader = Reader { rest: format, args, next: 0, reordered: false, good: true };
    while let Some((before, after)) = reader.rest.split_once('%') {
        out.push_str(before);
        reader.rest = after;
        if !reader.verb(&mut out) {
            break;
        }
    }
    out.push_str(reader.rest);
    let extra = args.get(reader.next..).filter(|_| !reader.reordered).unwrap_or(&[]);
    let extra: Vec<String> = extra.iter().map(|v| format!("{}={v}", type_name(v))).collect();
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    out
}

/// The bytes of a text in hexadecimal.
fn hex(s: &str, spec: &Spec) -> String {
    let before = if spec.sharp { "0x" } else { "" };
    let bytes: Vec<String> = s.bytes().map(|b| format!("{b:02x}")).collect();
    if spec.space {
        return bytes.iter().map(|b| format!("{before}{b}")).collect::<Vec<_>>().join(" ");
    }
    if bytes.is_empty() { String::new() } else { format!("{before}{}", bytes.concat()) }
}

fn float(verb: char, n: f64, spec: &Spec) -> String {
    let text = match verb {
        'x' => go::hex(n),
        'b' => go::binary(n),
        'e' => go::exponent(&format!("{n:.*e}", spec.precision.unwrap_or(6))),
        'g' => spec.precision.map_or_else(|| go::shortest(n), |p| go::general(n, p)),
        _ => format!("{n:.*}", spec.precision.unwrap_or(6)),
    };
    let before = match text.starts_with('-') {
        false if spec.plus => "+",
        false if spec.space => " ",
        _ => "",
    };
    format!("{before}{text}")
}

/// Both parts as numbers of their own, each with the width that is asked for.
fn complex(verb: char, re: f64, im: f64, spec: &Spec) -> String {
    let part = |n: f64, plus: bool| {
        let own = Spec { plus, space: spec.space && !plus, ..*spec };
        pad(&one(verb, &Value::Float(n), &own), &own, &Value::Float(n))
    };
    format!("({}{}i)", part(re, spec.plus && verb != 'v'), part(im, true))
}

fn pad(s: &str, spec: &Spec, v: &Value) -> String {
    if matches!(v, Value::Complex(..)) {
        return s.to_owned();
    }
    let missing = spec.width.saturating_sub(s.chars().count());
    if spec.minus {
        return format!("{s}{}", " ".repeat(missing));
    }
    if spec.zero && matches!(v, Value::Int(_) | Value::Float(_)) {
        let (sign, digits) = s.strip_prefix(['-', '+']).map_or(("", s), |d| (s.get(..1).unwrap_or(""), d));
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    format!("{}{s}", " ".repeat(missing))
}

fn one(verb: char, v: &Value, spec: &Spec) -> String {
    let wrong = || match v {
        Value::Null => format!("%!{verb}(<nil>)"),
        _ => format!("%!{verb}({}={v})", type_name(v)),
    };
    match (verb, v) {
        ('s', Value::Str(s)) | ('v', Value::Str(s)) if !(verb == 'v' && spec.sharp) => {
            spec.precision.map_or_else(|| s.to_string(), |p| s.chars().take(p).collect())
        }
        ('v', Value::Pointer(p)) if matches!(**p, Value::Struct(_)) => format!("&{v}"),
        ('v', Value::Float(n)) => float('g', *n, spec),
        ('v' | 'f' | 'F' | 'e' | 'g' | 'E' | 'G' | 'x' | 'X' | 'b', Value::Complex(re, im)) => {
            complex(verb, *re, *im, spec)
        }
        ('v', Value::Str(_)) if spec.sharp => one('q', v, &Spec::default()),
        ('v', Value::List(l) | Value::Strings(l)) if spec.sharp => {
            let items: Vec<String> = l.iter().map(|v| one('v', v, spec)).collect();
            format!("{}{{{}}}", type_name(v), items.join(", "))
        }
        ('v', _) => v.inner(),
        ('s', Value::Map(_) | Value::Row(_)) => v.to_string(),
        ('T', Value::Row(r)) => format!("*{}", r.type_name),
        ('T', _) => type_name(v).to_owned(),
        ('q', Value::Str(s)) => quote(s),
        (_, Value::List(l) | Value::Strings(l)) if verb != 'p' => {
            format!("[{}]", l.iter().map(|v| one(verb, v, spec)).collect::<Vec<_>>().join(" "))
        }
        ('d', Value::Int(n)) if spec.plus => format!("{n:+}"),
        ('d', Value::Int(n)) => n.to_string(),
        ('x', Value::Int(n)) => format!("{}{n:x}", if spec.sharp { "0x" } else { "" }),
        ('X', Value::Int(n)) => format!("{}{n:X}", if spec.sharp { "0X" } else { "" }),
        ('o', Value::Int(n)) => format!("{n:o}"),
        ('b', Value::Int(n)) => format!("{n:b}"),
        ('c', Value::Int(n)) => u32::try_from(*n).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string(),
        ('q', Value::Int(n)) => match u32::try_from(*n).ok().and_then(char::from_u32) {
            Some('\'') => "'\\''".to_owned(),
            c => format!("'{}'", c.unwrap_or('\u{fffd}')),
        },
        ('U', Value::Int(n)) if spec.sharp => format!("U+{n:04X} {}", one('q', v, &Spec::default())),
        ('U', Value::Int(n)) => format!("U+{n:04X}"),
        ('O', Value::Int(n)) => format!("0o{n:o}"),
        ('x', Value::Str(s)) => hex(s, spec),
        ('X', Value::Str(s)) => hex(s, spec).to_uppercase(),
        ('t', Value::Bool(b)) => b.to_string(),
        ('f' | 'F' | 'e' | 'g' | 'x' | 'b', Value::Float(n)) => float(verb, *n, spec),
        ('E' | 'G' | 'X', Value::Float(n)) => float(verb.to_ascii_lowercase(), *n, spec).to_uppercase(),
        _ => wrong(),
    }
}
