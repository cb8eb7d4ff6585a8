//! `str`'s methods.

use super::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};
use std::sync::Arc;

fn this(vm: &Vm, a: &[Value]) -> Arc<str> {
    vm.text(arg(a, 0)).unwrap_or_default()
}

fn map(vm: &mut Vm, a: &[Value], f: impl Fn(&str) -> String) -> R<Value> {
    let s = f(&this(vm, a));
    Ok(vm.str(s))
}

fn test(vm: &mut Vm, a: &[Value], f: impl Fn(char) -> bool) -> R<Value> {
    let s = this(vm, a);
    Ok(Value::Bool(!s.is_empty() && s.chars().all(f)))
}

pub(super) fn register(reg: &mut Registry) {
    let t = T::Str;
    reg.method(t, "upper", 0, 0, |vm, a| map(vm, a, str::to_uppercase));
    reg.method(t, "lower", 0, 0, |vm, a| map(vm, a, str::to_lowercase));
    reg.method(t, "casefold", 0, 0, |vm, a| map(vm, a, |s| s.to_lowercase().replace('ß', "ss")));
    reg.method(t, "capitalize", 0, 0, |vm, a| {
        map(vm, a, |s| {
            let mut c = s.chars();
            c.next().map_or(String::new(), |f| f.to_uppercase().collect::<String>() + &c.as_str().to_lowercase())
        })
    });
    reg.method(t, "title", 0, 0, |vm, a| {
        map(vm, a, |s| {
            let mut out = String::new();
            let mut word = false;
            for c in s.chars() {
                if word {
                    out.extend(c.to_lowercase());
                } else {
                    out.extend(c.to_uppercase());
                }
                word = c.is_alphabetic();
            }
            out
        })
    });
    reg.method(t, "swapcase", 0, 0, |vm, a| {
        map(vm, a, |s| {
            s.chars()
                .flat_map(|c| {
                    if c.is_uppercase() { c.to_lowercase().collect::<Vec<_>>() } else { c.to_uppercase().collect() }
                })
                .collect()
        })
    });
    reg.method(t, "strip", 0, 1, |vm, a| strip(vm, a, true, true));
    reg.method(t, "lstrip", 0, 1, |vm, a| strip(vm, a, true, false));
    reg.method(t, "rstrip", 0, 1, |vm, a| strip(vm, a, false, true));
    reg.method(t, "split", 0, 2, |vm, a| split(vm, a, false));
    reg.method(t, "rsplit", 0, 2, |vm, a| split(vm, a, true));
    reg.method(t, "splitlines", 0, 1, splitlines);
    reg.method(t, "_join", 1, 1, join);
    reg.method(t, "replace", 2, 3, |vm, a| {
        let s = this(vm, a);
        let (x, y) = (vm.want_str(arg(a, 1), "replace() argument 1")?, vm.want_str(arg(a, 2), "replace() argument 2")?);
        let n = if a.len() > 3 { vm.want_int(arg(a, 3))? } else { -1 };
        if x.is_empty() && y.len().saturating_mul(s.len() + 1) > crate::vm::MAX_BYTES
            || !x.is_empty() && (s.len() / x.len()).saturating_mul(y.len()) > crate::vm::MAX_BYTES
        {
            return vm.memory_error();
        }
        let r = if n < 0 { s.replace(&*x, &y) } else { s.replacen(&*x, &y, n as usize) };
        Ok(vm.str(r))
    });
    reg.method(t, "startswith", 1, 3, |vm, a| affix(vm, a, true));
    reg.method(t, "endswith", 1, 3, |vm, a| affix(vm, a, false));
    reg.method(t, "removeprefix", 1, 1, |vm, a| {
        let p = vm.want_str(arg(a, 1), "removeprefix() argument")?;
        map(vm, a, |s| s.strip_prefix(&*p).unwrap_or(s).to_owned())
    });
    reg.method(t, "removesuffix", 1, 1, |vm, a| {
        let p = vm.want_str(arg(a, 1), "removesuffix() argument")?;
        map(vm, a, |s| s.strip_suffix(&*p).unwrap_or(s).to_owned())
    });
    reg.method(t, "find", 1, 3, |vm, a| Ok(Value::Int(find(vm, a, false)?.map_or(-1, |i| i as i64))));
    reg.method(t, "rfind", 1, 3, |vm, a| Ok(Value::Int(find(vm, a, true)?.map_or(-1, |i| i as i64))));
    reg.method(t, "index", 1, 3, |vm, a| match find(vm, a, false)? {
        Some(i) => Ok(Value::Int(i as i64)),
        None => vm.value_error("substring not found"),
    });
    reg.method(t, "rindex", 1, 3, |vm, a| match find(vm, a, true)? {
        Some(i) => Ok(Value::Int(i as i64)),
        None => vm.value_error("substring not found"),
    });
    reg.method(t, "count", 1, 3, |vm, a| {
        let x = vm.want_str(arg(a, 1), "must be str")?;
        let (s, _) = window(vm, a)?;
        let n = if x.is_empty() { s.chars().count() + 1 } else { s.matches(&*x).count() };
        Ok(Value::Int(n as i64))
    });
    reg.method(t, "center", 1, 2, |vm, a| justify(vm, a, '^'));
    reg.method(t, "ljust", 1, 2, |vm, a| justify(vm, a, '<'));
    reg.method(t, "rjust", 1, 2, |vm, a| justify(vm, a, '>'));
    reg.method(t, "zfill", 1, 1, |vm, a| {
        let n = vm.want_int(arg(a, 1))?.clamp(0, 1 << 24) as usize;
        map(vm, a, |s| {
            let len = s.chars().count();
            if len >= n {
                return s.to_owned();
            }
            let (sign, rest) = if s.starts_with(['+', '-']) { s.split_at(1) } else { ("", s) };
            format!("{sign}{}{rest}", "0".repeat(n - len))
        })
    });
    reg.method(t, "partition", 1, 1, |vm, a| partition(vm, a, false));
    reg.method(t, "rpartition", 1, 1, |vm, a| partition(vm, a, true));
    reg.method(t, "expandtabs", 0, 1, |vm, a| {
        let n = if a.len() > 1 { vm.want_int(arg(a, 1))?.clamp(0, 1000) as usize } else { 8 };
        map(vm, a, |s| {
            let (mut out, mut col) = (String::new(), 0);
            for c in s.chars() {
                if c == '\t' {
                    let k = if n == 0 { 0 } else { n - col % n };
                    out.push_str(&" ".repeat(k));
                    col += k;
                } else {
                    out.push(c);
                    col = if c == '\n' { 0 } else { col + 1 };
                }
            }
            out
        })
    });
    reg.method(t, "isdigit", 0, 0, |vm, a| test(vm, a, |c| c.is_ascii_digit() || "²³¹".contains(c)));
    reg.method(t, "isdecimal", 0, 0, |vm, a| test(vm, a, |c| c.is_ascii_digit()));
    reg.method(t, "isnumeric", 0, 0, |vm, a| test(vm, a, char::is_numeric));
    reg.method(t, "isalpha", 0, 0, |vm, a| test(vm, a, char::is_alphabetic));
    reg.method(t, "isalnum", 0, 0, |vm, a| test(vm, a, char::is_alphanumeric));
    reg.method(t, "isspace", 0, 0, |vm, a| test(vm, a, char::is_whitespace));
    reg.method(t, "isascii", 0, 0, |vm, a| Ok(Value::Bool(this(vm, a).is_ascii())));
    reg.method(t, "isprintable", 0, 0, |vm, a| Ok(Value::Bool(this(vm, a).chars().all(crate::vm::repr::is_printable))));
    reg.method(t, "isupper", 0, 0, |vm, a| {
        let s = this(vm, a);
        Ok(Value::Bool(s.chars().any(char::is_uppercase) && !s.chars().any(char::is_lowercase)))
    });
    reg.method(t, "islower", 0, 0, |vm, a| {
        let s = this(vm, a);
        Ok(Value::Bool(s.chars().any(char::is_lowercase) && !s.chars().any(char::is_uppercase)))
    });
    reg.method(t, "istitle", 0, 0, |vm, a| {
        let s = this(vm, a);
        let (mut word, mut any, mut ok) = (false, false, true);
        for c in s.chars() {
            if c.is_alphabetic() {
                ok &= c.is_uppercase() != word;
                any = true;
            }
            word = c.is_alphabetic();
        }
        Ok(Value::Bool(ok && any))
    });
    reg.method(t, "isidentifier", 0, 0, |vm, a| {
        let s = this(vm, a);
        let ok = s.chars().next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && s.chars().all(|c| c == '_' || c.is_alphanumeric());
        Ok(Value::Bool(ok))
    });
    reg.method(t, "encode", 0, 2, |vm, a| {
        let s = this(vm, a);
        super::bytes::encode(vm, arg(a, 0), &s, arg(a, 1), arg(a, 2))
    });
    reg.method(t, "translate", 1, 1, |vm, a| {
        let s = this(vm, a);
        let Value::Obj(d) = arg(a, 1) else { return Ok(arg(a, 0)) };
        let mut out = String::new();
        for c in s.chars() {
            match vm.dict_get(d, Value::Int(c as i64))?.flatten() {
                None => out.push(c),
                Some(Value::None) => {}
                Some(v) => match (vm.as_int(v), vm.text(v)) {
                    (Some(i), _) => out.extend(u32::try_from(i).ok().and_then(char::from_u32)),
                    (_, Some(t)) => out.push_str(&t),
                    _ => {}
                },
            }
        }
        Ok(vm.str(out))
    });
    reg.func("_prelude", "_parse_format", 1, 1, parse_format);
    reg.func("builtins", "ord", 1, 1, |vm, a| {
        let n = match vm.kind(arg(a, 0)) {
            Kind::Str(s) => {
                let mut c = s.s.chars();
                match (c.next(), c.next()) {
                    (Some(x), None) => return Ok(Value::Int(x as i64)),
                    _ => s.len(),
                }
            }
            Kind::Bytes(b) if b.len() == 1 => return Ok(Value::Int(b.first().copied().unwrap_or(0).into())),
            _ => {
                let t = vm.type_name(arg(a, 0));
                return vm.type_error(format!("ord() expected string of length 1, but {t} found"));
            }
        };
        vm.type_error(format!("ord() expected a character, but string of length {n} found"))
    });
    reg.func("builtins", "chr", 1, 1, |vm, a| {
        let i = vm.want_int(arg(a, 0))?;
        match u32::try_from(i).ok().filter(|i| *i < 0x11_0000) {
            Some(i) => {
                let c = char::from_u32(i).unwrap_or('\u{fffd}');
                Ok(vm.str(c.to_string()))
            }
            None => vm.value_error("chr() arg not in range(0x110000)"),
        }
    });
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn strip(vm: &mut Vm, a: &[Value], left: bool, right: bool) -> R<Value> {
    let s = this(vm, a);
    let set: Option<Vec<char>> = match arg(a, 1) {
        Value::None => None,
        v => Some(vm.want_str(v, "strip arg")?.chars().collect()),
    };
    let hit = |c: char| set.as_ref().map_or_else(|| is_space(c), |s| s.contains(&c));
    let mut r: &str = &s;
    if left {
        r = r.trim_start_matches(hit);
    }
    if right {
        r = r.trim_end_matches(hit);
    }
    Ok(vm.str(r))
}

fn split(vm: &mut Vm, a: &[Value], right: bool) -> R<Value> {
    let s = this(vm, a);
    let max = if a.len() > 2 { vm.want_int(arg(a, 2))? } else { -1 };
    let max = if max < 0 { usize::MAX } else { max as usize };
    let mut parts: Vec<String> = Vec::new();
    if arg(a, 1).is_none() {
        if right {
            let mut rest = s.trim_end_matches(is_space);
            while !rest.is_empty() {
                if parts.len() == max {
                    parts.push(rest.to_owned());
                    break;
                }
                let at = rest.rfind(is_space).map_or(0, |i| i + rest[i..].chars().next().map_or(1, char::len_utf8));
                parts.push(rest[at..].to_owned());
                rest = rest[..at].trim_end_matches(is_space);
            }
            parts.reverse();
        } else {
            let mut rest = s.trim_start_matches(is_space);
            while !rest.is_empty() {
                if parts.len() == max {
                    parts.push(rest.trim_end_matches(is_space).to_owned());
                    // With a limit the rest keeps its inner blanks, and its end, too.
                    if let Some(l) = parts.last_mut() {
                        *l = rest.to_owned();
                    }
                    break;
                }
                let end = rest.find(is_space).unwrap_or(rest.len());
                parts.push(rest[..end].to_owned());
                rest = rest[end..].trim_start_matches(is_space);
            }
        }
    } else {
        let sep = vm.want_str(arg(a, 1), "sep")?;
        if sep.is_empty() {
            return vm.value_error("empty separator");
        }
        if right {
            parts = s.rsplitn(max.saturating_add(1), &*sep).map(str::to_owned).collect();
            parts.reverse();
        } else {
            parts = s.splitn(max.saturating_add(1), &*sep).map(str::to_owned).collect();
        }
    }
    let vs = parts.into_iter().map(|p| vm.str(p)).collect();
    Ok(vm.list(vs))
}

fn splitlines(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let s = this(vm, a);
    let keep = vm.truth(arg(a, 1))?.unwrap_or(false);
    let mut out = Vec::new();
    let mut line = String::new();
    let mut it = s.chars().peekable();
    while let Some(c) = it.next() {
        if matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            let mut end = c.to_string();
            if c == '\r' && it.peek() == Some(&'\n') {
                it.next();
                end.push('\n');
            }
            if keep {
                line.push_str(&end);
            }
            out.push(std::mem::take(&mut line));
        } else {
            line.push(c);
        }
    }
    if !line.is_empty() {
        out.push(line);
    }
    let vs = out.into_iter().map(|p| vm.str(p)).collect();
    Ok(vm.list(vs))
}

/// `sep._join(list)`: the prelude has made the iterable a list.
fn join(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let sep = this(vm, a);
    let items = vm.items(arg(a, 1)).unwrap_or_default();
    let mut out = String::new();
    for (i, v) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(&sep);
        }
        match vm.as_str(*v) {
            Some(s) => out.push_str(&s.s),
            None => {
                let t = vm.type_name(*v);
                return vm.type_error(format!("sequence item {i}: expected str instance, {t} found"));
            }
        }
        if out.len() > crate::vm::MAX_BYTES {
            return vm.memory_error();
        }
    }
    Ok(vm.str(out))
}

/// The part of the string that start and end name, and where it begins (in characters).
fn window(vm: &mut Vm, a: &[Value]) -> R<(String, usize)> {
    let s = this(vm, a);
    if a.len() <= 2 {
        return Ok((s.to_string(), 0));
    }
    let len = s.chars().count();
    let (start, _, n) = vm.slice_range(arg(a, 2), arg(a, 3), Value::None, len)?;
    Ok((s.chars().skip(start as usize).take(n).collect(), start as usize))
}

fn find(vm: &mut Vm, a: &[Value], right: bool) -> R<Option<usize>> {
    let x = vm.want_str(arg(a, 1), "must be str")?;
    let (s, from) = window(vm, a)?;
    let at = if right { s.rfind(&*x) } else { s.find(&*x) };
    Ok(at.map(|i| from + s[..i].chars().count()))
}

fn affix(vm: &mut Vm, a: &[Value], start: bool) -> R<Value> {
    let (s, _) = window(vm, a)?;
    let options = match vm.kind(arg(a, 1)) {
        Kind::Tuple(t) => t.to_vec(),
        _ => vec![arg(a, 1)],
    };
    for o in options {
        let Some(o) = vm.text(o) else {
            let t = vm.type_name(o);
            let n = if start { "startswith" } else { "endswith" };
            return vm.type_error(format!("{n} first arg must be str or a tuple of str, not {t}"));
        };
        if if start { s.starts_with(&*o) } else { s.ends_with(&*o) } {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn justify(vm: &mut Vm, a: &[Value], how: char) -> R<Value> {
    let s = this(vm, a);
    let width = vm.want_int(arg(a, 1))?.clamp(0, 1 << 24) as usize;
    let fill = if a.len() > 2 { vm.want_str(arg(a, 2), "fill character")? } else { " ".into() };
    let Some(f) = fill.chars().next().filter(|_| fill.chars().count() == 1) else {
        return vm.type_error("The fill character must be exactly one character long");
    };
    let n = s.chars().count();
    if n >= width {
        return Ok(vm.str(s));
    }
    let pad = width - n;
    let left = match how {
        '<' => 0,
        '>' => pad,
        // CPython's str.center leans left when both are odd.
        _ => pad / 2 + (pad & width & 1),
    };
    let rep = |n: usize| std::iter::repeat_n(f, n).collect::<String>();
    let r = format!("{}{s}{}", rep(left), rep(pad - left));
    Ok(vm.str(r))
}

fn partition(vm: &mut Vm, a: &[Value], right: bool) -> R<Value> {
    let s = this(vm, a);
    let sep = vm.want_str(arg(a, 1), "must be str")?;
    if sep.is_empty() {
        return vm.value_error("empty separator");
    }
    let found = if right { s.rsplit_once(&*sep) } else { s.split_once(&*sep) };
    let parts = match found {
        Some((x, y)) => [x, &sep, y],
        None if right => ["", "", &s],
        None => [&s, "", ""],
    };
    let vs = parts.iter().map(|p| vm.str(*p)).collect();
    Ok(vm.tuple(vs))
}

/// Parts of a `str.format` text: (literal, field or None, conversion, spec).
fn parse_format(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let cs: Vec<char> = this(vm, a).chars().collect();
    let mut out = Vec::new();
    let mut lit = String::new();
    let mut i = 0;
    while let Some(&c) = cs.get(i) {
        i += 1;
        if (c == '{' || c == '}') && cs.get(i) == Some(&c) {
            lit.push(c);
            i += 1;
        } else if c == '}' {
            return vm.value_error("Single '}' encountered in format string");
        } else if c == '{' {
            let start = i;
            let mut nest = 1;
            while let Some(c) = cs.get(i) {
                match c {
                    '{' => nest += 1,
                    '}' => nest -= 1,
                    _ => {}
                }
                if nest == 0 {
                    break;
                }
                i += 1;
            }
            if i >= cs.len() {
                return if start == cs.len() {
                    vm.value_error("Single '{' encountered in format string")
                } else {
                    vm.value_error("expected '}' before end of string")
                };
            }
            let body = cs.get(start..i).unwrap_or(&[]);
            i += 1;
            let mut depth = 0;
            let cut = body.iter().position(|c| {
                match c {
                    '[' => depth += 1,
                    ']' => depth -= 1,
                    _ => {}
                }
                depth == 0 && matches!(c, '!' | ':')
            });
            let field: String = body.get(..cut.unwrap_or(body.len())).unwrap_or(&[]).iter().collect();
            let mut rest = cut.map_or(&[][..], |n| body.get(n..).unwrap_or(&[]));
            let mut conv = String::new();
            if rest.first() == Some(&'!') {
                conv = rest.get(1).map(ToString::to_string).unwrap_or_default();
                rest = rest.get(2..).unwrap_or(&[]);
            }
            let spec: String = rest.get(1..).unwrap_or(&[]).iter().collect();
            let l = vm.str(std::mem::take(&mut lit));
            let (f, c, s) = (vm.str(field), vm.str(conv), vm.str(spec));
            out.push(vm.tuple(vec![l, f, c, s]));
        } else {
            lit.push(c);
        }
    }
    let l = vm.str(lit);
    out.push(vm.tuple(vec![l, Value::None, Value::None, Value::None]));
    Ok(vm.list(out))
}
