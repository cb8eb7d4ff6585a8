//! `printf` and `sprintf`.

use layerlab_kernel::float::Float;

use super::value::Value;

/// What a format makes of values; what is wrong otherwise. `convert`: how `%s` shows numbers.
pub(super) fn format(format: &str, args: &[Value], convert: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut args = args.iter();
    let mut rest = format.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = String::from("%");
        let (mut left, mut plus, mut space, mut zero, mut alternate) = (false, false, false, false, false);
        while let Some(&f) = rest.peek() {
            match f {
                '-' => left = true,
                '+' => plus = true,
                ' ' => space = true,
                '0' => zero = true,
                '#' => alternate = true,
                '\'' => {}
                _ => break,
            }
            spec.push(f);
            rest.next();
        }
        let mut number = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| -> Result<Option<i64>, String> {
            if rest.peek() == Some(&'*') {
                rest.next();
                let v = args.next().ok_or("not enough arguments passed to sprintf")?;
                return Ok(Some(v.number() as i64));
            }
            let mut n = None;
            while let Some(d) = rest.peek().and_then(|c| c.to_digit(10)) {
                n = Some((n.unwrap_or(0) * 10 + i64::from(d)).min(100_000));
                rest.next();
            }
            Ok(n)
        };
        let width = number(&mut rest)?.unwrap_or(0);
        left |= width < 0;
        let width = width.unsigned_abs().min(100_000) as usize;
        let precision = if rest.peek() == Some(&'.') {
            rest.next();
            let n = number(&mut rest)?.unwrap_or(0);
            usize::try_from(n).ok().map(|n| n.min(4096))
        } else {
            None
        };
        while rest.peek().is_some_and(|c| matches!(c, 'l' | 'h' | 'j' | 'z' | 't' | 'L' | 'q')) {
            rest.next();
        }
        let Some(conversion) = rest.next() else {
            out.push_str(&spec);
            break;
        };
        if conversion == '%' {
            out.push('%');
            continue;
        }
        if !"diouxXcsfFeEgGaA".contains(conversion) {
            out.push_str(&spec);
            out.push(conversion);
            continue;
        }
        let value = args.next().ok_or_else(|| format!("not enough arguments passed to sprintf(\"{format}\")"))?;
        let n = value.number();
        let sign = |negative: bool| match (negative, plus, space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let mut fills = zero && !left;
        let (prefix, body) = match conversion {
            'c' => {
                let body = match value {
                    Value::Number(n) | Value::Both(_, n) => char::from_u32(*n as u32).map(String::from),
                    v => v.show(convert).chars().next().map(String::from),
                };
                fills = false;
                // Of an empty text C prints its end.
                ("", body.unwrap_or_else(|| "\0".to_owned()))
            }
            's' => {
                fills = false;
                let t = value.show(convert);
                ("", precision.map_or_else(|| t.to_string(), |p| t.chars().take(p).collect()))
            }
            _ if !n.is_finite() => {
                fills = false;
                (sign(n.is_sign_negative()), if n.is_nan() { "nan" } else { "inf" }.to_owned())
            }
            'd' | 'i' => {
                let n = n.trunc();
                let digits =
                    if n.abs() < 9e18 { (n as i64).unsigned_abs().to_string() } else { format!("{:.0}", n.abs()) };
                (sign(n < 0.0), least(digits, precision, &mut fills))
            }
            'o' | 'x' | 'X' | 'u' => {
                let n = n.trunc();
                let bits = if n < 0.0 { n as i64 as u64 } else { n as u64 };
                let (prefix, digits) = match conversion {
                    'o' => (if alternate { "0" } else { "" }, format!("{bits:o}")),
                    'x' => (if alternate && bits != 0 { "0x" } else { "" }, format!("{bits:x}")),
                    'X' => (if alternate && bits != 0 { "0X" } else { "" }, format!("{bits:X}")),
                    _ => ("", bits.to_string()),
                };
                (prefix, least(digits, precision, &mut fills))
            }
            _ => (sign(n.is_sign_negative()), Float::from(n).text(conversion, precision, alternate)),
        };
        let length = prefix.len() + body.chars().count();
        let fill = width.saturating_sub(length);
        if fills {
            out.push_str(prefix);
            out.extend(std::iter::repeat_n('0', fill));
            out.push_str(&body);
        } else {
            out.extend(std::iter::repeat_n(' ', if left { 0 } else { fill }));
            out.push_str(prefix);
            out.push_str(&body);
            out.extend(std::iter::repeat_n(' ', if left { fill } else { 0 }));
        }
    }
    Ok(out)
}

/// Digits with a precision: that many at least; zeros don't fill then.
fn least(digits: String, precision: Option<usize>, fills: &mut bool) -> String {
    let Some(p) = precision else { return digits };
    *fills = false;
    if p == 0 && digits == "0" { String::new() } else { format!("{digits:0>p$}") }
}
