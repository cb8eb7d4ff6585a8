//! `printf`: a format and its arguments.

use std::ops::RangeInclusive;

use layerlab_kernel::float::{Float, Format};

use crate::cli::{Cli, Run, quote};

/// What `%d` takes.
const SIGNED: RangeInclusive<i128> = i64::MIN as i128..=i64::MAX as i128;
/// What `%u` and `%x` take.
const UNSIGNED: RangeInclusive<i128> = -(u64::MAX as i128)..=u64::MAX as i128;
/// What `*` takes.
const WIDTHS: RangeInclusive<i128> = i32::MIN as i128..=i32::MAX as i128;

/// What is wrong with an argument, and how much of the output stands before it.
struct Complaint {
    after: usize,
    text: String,
}

/// The output, what is wrong with the arguments, and whether `\c` ended it.
fn render(format: &str, args: &[String]) -> (Vec<u8>, Vec<Complaint>, bool) {
    let (mut out, mut complaints) = (Vec::new(), Vec::new());
    let mut left = args;
    loop {
        let before = left.len();
        if once(format, &mut left, &mut out, &mut complaints) {
            return (out, complaints, true);
        }
        if left.is_empty() || left.len() == before {
            return (out, complaints, false);
        }
    }
}

/// A format with one number, of which nothing is wrong.
pub(crate) fn number(format: &str, number: &str) -> Vec<u8> {
    render(format, &[number.to_owned()]).0
}

/// An integer within a range, and what is wrong with its text.
fn integer(text: &str, range: RangeInclusive<i128>) -> (i128, Option<&'static str>) {
    if let Some(c) = text.strip_prefix(['\'', '"']) {
        return (c.chars().next().map_or(0, |c| i128::from(u32::from(c))), None);
    }
    let t = text.trim_start();
    let (negative, digits) = t.strip_prefix('-').map_or((false, t.trim_start_matches('+')), |d| (true, d));
    let (radix, digits) = match digits {
        d if d.starts_with("0x") || d.starts_with("0X") => (16, &d[2..]),
        d if d.len() > 1 && d.starts_with('0') => (8, &d[1..]),
        d => (10, d),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let n = if end == 0 { 0 } else { i128::from_str_radix(&digits[..end], radix).unwrap_or(i128::MAX) };
    let n = if negative { -n } else { n };
    let within = n.clamp(*range.start(), *range.end());
    let problem = match end {
        0 if !t.is_empty() => Some("expected a numeric value"),
        end if end < digits.len() => Some("value not completely converted"),
        _ if within != n => Some("Numerical result out of range"),
        _ => None,
    };
    (within, problem)
}

fn float(text: &str) -> (Float, Option<&'static str>) {
    let format = Format::LongDouble;
    if let Some(c) = text.strip_prefix(['\'', '"']).and_then(|rest| rest.chars().next()) {
        return (Float::whole(format, u32::from(c).into()), None);
    }
    let read = Float::read(text, format);
    let problem = match read.len {
        _ if text.is_empty() => None,
        0 => Some("expected a numeric value"),
        n if n < text.len() => Some("value not completely converted"),
        _ => read.range.then_some("Numerical result out of range"),
    };
    (read.value, problem)
}

fn once(format: &str, left: &mut &[String], out: &mut Vec<u8>, complaints: &mut Vec<Complaint>) -> bool {
    let mut next = || match *left {
        [first, rest @ ..] => {
            *left = rest;
            Some(first.clone())
        }
        [] => None,
    };
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            // One escape at a time: what it is ends before the next special character.
            let tail = &rest[1..];
            let first = tail.chars().next();
            let digits = |from: usize, most: usize, radix: u32| {
                tail[from..].chars().take(most).take_while(|d| d.is_digit(radix)).count()
            };
            let n = match first {
                Some('0'..='7') => digits(0, 3, 8),
                Some('x') => 1 + digits(1, 2, 16),
                Some('u') => 1 + digits(1, 4, 16),
                Some('U') => 1 + digits(1, 8, 16),
                Some(f) => f.len_utf8(),
                None => 0,
            };
            let escape = &rest[..=n];
            if first == Some('c') {
                return true;
            }
            let unicode = || u32::from_str_radix(tail.get(1..n)?, 16).ok().and_then(char::from_u32);
            match first {
                Some('u' | 'U') if unicode().is_some() => out.extend(unicode().unwrap_or_default().to_string().bytes()),
                Some('"') => out.push(b'"'),
                Some('0'..='7') => out.push(u32::from_str_radix(&tail[..n], 8).unwrap_or(0) as u8),
                _ => out.extend(crate::echo::unescape(escape).0),
            }
            rest = &rest[1 + n..];
            continue;
        }
        let directive = rest;
        rest = &rest[c.len_utf8()..];
        if c != '%' {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        if let Some(r) = rest.strip_prefix('%') {
            out.push(b'%');
            rest = r;
            continue;
        }
        let flags: String = rest.chars().take_while(|f| "-+ #0'".contains(*f)).collect();
        rest = &rest[flags.len()..];
        let mut number = |rest: &mut &str| -> Option<i64> {
            if let Some(r) = rest.strip_prefix('*') {
                *rest = r;
                return next().map(|n| integer(&n, WIDTHS).0 as i64);
            }
            let n = rest.find(|d: char| !d.is_ascii_digit()).unwrap_or(rest.len());
            let v = rest[..n].parse().ok();
            *rest = &rest[n..];
            v
        };
        let width = number(&mut rest);
        let precision = match rest.strip_prefix('.') {
            Some(r) => {
                rest = r;
                Some(number(&mut rest).unwrap_or(0).clamp(0, 4096) as usize)
            }
            None => None,
        };
        let left_align = flags.contains('-') || width.is_some_and(|w| w < 0);
        let width = width.unwrap_or(0).unsigned_abs().min(4096) as usize;
        rest = rest.trim_start_matches(['l', 'h', 'j', 'z', 't', 'L']);
        let Some(conversion) = rest.chars().next() else {
            out.push(b'%');
            return false;
        };
        rest = &rest[conversion.len_utf8()..];
        let arg = next();
        let text = arg.clone().unwrap_or_default();
        let sign = |negative: bool| {
            if negative {
                "-"
            } else if flags.contains('+') {
                "+"
            } else if flags.contains(' ') {
                " "
            } else {
                ""
            }
        };
        let mut finite = true;
        let after = out.len();
        let mut complain = |problem: Option<&str>| {
            complaints.extend(problem.map(|p| Complaint { after, text: format!("{}: {p}", quote::word(&text)) }));
        };
        let mut whole = |range| {
            let (n, problem) = integer(&text, range);
            complain(problem);
            n
        };
        let (mut prefix, mut body, numeric) = match conversion {
            's' => (String::new(), precision.map_or(text.clone(), |p| text.chars().take(p).collect()), false),
            'b' => {
                let (bytes, ended) = crate::echo::unescape(&text);
                out.extend(bytes);
                if ended {
                    return true;
                }
                continue;
            }
            'q' => (String::new(), quote::maybe(&text), false),
            // Of nothing, the NUL that ends it.
            'c' => (String::new(), text.chars().next().unwrap_or('\0').to_string(), false),
            'd' | 'i' => {
                let n = whole(SIGNED);
                (sign(n < 0).to_owned(), n.unsigned_abs().to_string(), true)
            }
            'u' => (String::new(), (whole(UNSIGNED) as u64).to_string(), true),
            'o' => (String::new(), format!("{:o}", whole(UNSIGNED) as u64), true),
            'x' | 'X' => {
                let n = whole(UNSIGNED) as u64;
                // Zero has no prefix.
                let mark = flags.contains('#') && n != 0;
                let (prefix, body) =
                    if conversion == 'x' { ("0x", format!("{n:x}")) } else { ("0X", format!("{n:X}")) };
                (if mark { prefix } else { "" }.to_owned(), body, true)
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' | 'a' | 'A' => {
                let (v, problem) = float(&text);
                complain(problem);
                finite = v.is_finite();
                (sign(v.negative).to_owned(), v.text(conversion, precision, flags.contains('#')), true)
            }
            _ => {
                let directive = &directive[..directive.len() - rest.len()];
                complaints.push(Complaint {
                    after: out.len(),
                    text: format!("{directive}: invalid conversion specification"),
                });
                return true;
            }
        };
        if let (Some(p), true) = (precision, "diuoxX".contains(conversion)) {
            body = format!("{body:0>p$}");
        }
        // Zeros go behind it.
        if "aA".contains(conversion) && finite {
            prefix.extend(body.drain(..2));
        }
        let length = prefix.chars().count() + body.chars().count();
        let fill = width.saturating_sub(length);
        let zero = flags.contains('0')
            && numeric
            && finite
            && !left_align
            && !(precision.is_some() && "diuoxX".contains(conversion));
        let shown = match (left_align, zero) {
            (true, _) => format!("{prefix}{body}{}", " ".repeat(fill)),
            (_, true) => format!("{prefix}{}{body}", "0".repeat(fill)),
            _ => format!("{}{prefix}{body}", " ".repeat(fill)),
        };
        out.extend(shown.bytes());
    }
    false
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    if args.first().is_some_and(|a| a == "--") {
        args.remove(0);
    }
    if args.is_empty() {
        return c.usage(1, "missing operand").await;
    }
    let format = args.remove(0);
    let (bytes, complaints, ended) = render(&format, &args);
    let mut said = 0;
    for complaint in complaints {
        c.put(bytes.get(said..complaint.after).unwrap_or_default()).await?;
        said = complaint.after;
        c.fail(complaint.text).await;
    }
    c.put(bytes.get(said..).unwrap_or_default()).await?;
    let mut left = args.as_slice();
    if ended {
        c.code = 0;
    } else if !once(&format, &mut left, &mut Vec::new(), &mut Vec::new()) && left.len() == args.len() {
        // No conversion takes them.
        if let Some(first) = args.first() {
            c.warn(format!("warning: ignoring excess arguments, starting with {}", quote::word(first))).await;
        }
    }
    Ok(())
}
