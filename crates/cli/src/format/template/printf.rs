//! Go's `fmt.Sprintf` for the values that templates have.

use super::functions::type_name;
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
    width: usize,
    precision: Option<usize>,
}

pub(super) fn printf(format: &str, args: &[Value]) -> String {
    let mut out = String::new();
    let mut args = args.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = Spec::default();
        while let Some(f) = chars.next_if(|c| "-0+# ".contains(*c)) {
            match f {
                '-' => spec.minus = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                '#' => spec.sharp = true,
                _ => {}
            }
        }
        let mut number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut n = 0usize;
            if chars.next_if_eq(&'*').is_some() {
                return match args.next() {
                    Some(Value::Int(n)) => usize::try_from(*n).unwrap_or(0).min(MAX_WIDTH),
                    _ => 0,
                };
            }
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                n = (n * 10 + d.to_digit(10).unwrap_or(0) as usize).min(MAX_WIDTH);
            }
            n
        };
        spec.width = number(&mut chars);
        if chars.next_if_eq(&'.').is_some() {
            spec.precision = Some(number(&mut chars));
        }
        let Some(verb) = chars.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        match args.next() {
            Some(v) => out.push_str(&pad(&one(verb, v, &spec), &spec, v)),
            None => out.push_str(&format!("%!{verb}(MISSING)")),
        }
    }
    let extra: Vec<String> = args.map(|v| format!("{}={v}", type_name(v))).collect();
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    out
}

fn pad(s: &str, spec: &Spec, v: &Value) -> String {
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
        ('v' | 's', Value::Str(s)) => spec.precision.map_or_else(|| s.to_string(), |p| s.chars().take(p).collect()),
        ('v', Value::Pointer(p)) if matches!(**p, Value::Struct(_)) => format!("&{v}"),
        ('v', _) => v.inner(),
        ('s', Value::List(_) | Value::Map(_) | Value::Row(_)) => v.to_string(),
        ('T', Value::Row(r)) => format!("*{}", r.type_name),
        ('T', _) => type_name(v).to_owned(),
        ('q', Value::Str(s)) => quote(s),
        ('q', Value::List(l)) => format!("[{}]", l.iter().map(|v| one('q', v, spec)).collect::<Vec<_>>().join(" ")),
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
        ('U', Value::Int(n)) => format!("U+{n:04X}"),
        ('x', Value::Str(s)) => s.bytes().map(|b| format!("{b:02x}")).collect(),
        ('X', Value::Str(s)) => s.bytes().map(|b| format!("{b:02X}")).collect(),
        ('t', Value::Bool(b)) => b.to_string(),
        ('f' | 'F', Value::Float(n)) => format!("{n:.*}", spec.precision.unwrap_or(6)),
        ('g', Value::Float(n)) => spec.precision.map_or_else(|| n.to_string(), |p| crate::format::go::general(*n, p)),
        _ => wrong(),
    }
}
