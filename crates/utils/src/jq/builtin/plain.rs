//! Those that take values and give one.

use super::super::eval::{Jq, Stop, fail, get};
use super::super::read::Reader;
use super::super::value::Value;
use super::super::{arith, format, paths};
use super::matches::matches;
use super::time::{broken, scan, seconds};
use super::{NAMES, array, contains, flat, keys, number, ranked, string};

#[allow(clippy::too_many_lines, reason = "one arm a function")]
pub(super) fn plain(jq: &Jq, name: &str, v: &Value, args: &[Value]) -> Result<Value, Stop> {
    let null = Value::Null;
    let a = args.first().unwrap_or(&null);
    let b = args.get(1).unwrap_or(&null);
    let math = |f: fn(f64) -> f64| Ok(Value::Number(f(number(v, "")?)));
    let math2 = |f: fn(f64, f64) -> f64| Ok(Value::Number(f(number(a, "")?, number(b, "")?)));
    match name {
        "length" => Ok(Value::Number(match v {
            Value::Null => 0.0,
            Value::Bool(_) => return fail(format!("boolean ({}) has no length", v.brief())),
            Value::Number(n) => n.abs(),
            Value::Text(t) => t.chars().count() as f64,
            Value::Array(a) => a.len() as f64,
            Value::Object(o) => o.len() as f64,
        })),
        "utf8bytelength" => match v {
            Value::Text(t) => Ok(Value::Number(t.len() as f64)),
            v => fail(format!("{} ({}) only strings have UTF-8 byte length", v.kind(), v.brief())),
        },
        "keys" => Ok(Value::array(keys(v, true)?)),
        "keys_unsorted" => Ok(Value::array(keys(v, false)?)),
        "has" => match (v, a) {
            (Value::Object(o), Value::Text(k)) => Ok(Value::Bool(o.get(k).is_some())),
            (Value::Array(x), Value::Number(n)) => Ok(Value::Bool(*n >= 0.0 && (*n as usize) < x.len())),
            (v, k) => fail(format!("Cannot check whether {} has a {} key", v.kind(), k.kind())),
        },
        "contains" => contains(v, a, 0).map(Value::Bool),
        "delpaths" => paths::delete(v, array(a, "Paths must be specified as an array")?),
        "setpath" => paths::set_path(v, array(a, "Path must be specified as an array")?, b.clone()),
        "type" => Ok(Value::text(v.kind())),
        "tostring" => Ok(match v {
            Value::Text(_) => v.clone(),
            v => Value::text(v.show()),
        }),
        "tonumber" => match v {
            Value::Number(_) => Ok(v.clone()),
            Value::Text(t) => match t.trim().parse::<f64>() {
                Ok(n) if t.contains(|c: char| c.is_ascii_digit()) => Ok(Value::Number(n)),
                _ => fail(format!("Cannot use {} ({}) as number", v.kind(), v.brief())),
            },
            v => fail(format!("{} ({}) cannot be parsed as a number", v.kind(), v.brief())),
        },
        "tojson" => Ok(Value::text(v.show())),
        "fromjson" => {
            let t = string(v, "only strings can be parsed")?;
            let mut r = Reader::new(&t);
            match r.next() {
                Ok(Some(value)) => match r.next() {
                    Ok(None) => Ok(value),
                    _ => fail(format!("Unexpected extra JSON values (while parsing '{t}')")),
                },
                Ok(None) => Ok(Value::Null),
                Err(e) => fail(format!("{e} (while parsing '{t}')")),
            }
        }
        "ascii_downcase" => Ok(Value::text(string(v, "ascii_downcase input must be a string")?.to_ascii_lowercase())),
        "ascii_upcase" => Ok(Value::text(string(v, "ascii_upcase input must be a string")?.to_ascii_uppercase())),
        "explode" => {
            let t = string(v, "cannot be exploded")?;
            Ok(Value::array(t.chars().map(|c| Value::Number(f64::from(c as u32))).collect()))
        }
        "implode" => {
            let mut t = String::new();
            for c in match v {
                Value::Array(a) => a.iter(),
                _ => return fail("implode input must be an array"),
            } {
                let Value::Number(n) = c else { return fail("Unicode codepoint must be numeric") };
                t.push(char::from_u32(*n as u32).unwrap_or('\u{fffd}'));
            }
            Ok(Value::text(t))
        }
        "ltrimstr" | "rtrimstr" | "trimstr" => Ok(match (v, a) {
            (Value::Text(t), Value::Text(p)) => {
                let mut t: &str = t;
                if name != "rtrimstr" {
                    t = t.strip_prefix(&**p).unwrap_or(t);
                }
                if name != "ltrimstr" {
                    t = t.strip_suffix(&**p).unwrap_or(t);
                }
                Value::text(t)
            }
            _ => v.clone(),
        }),
        "trim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim())),
        "ltrim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim_start())),
        "rtrim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim_end())),
        "startswith" | "endswith" => match (v, a) {
            (Value::Text(t), Value::Text(p)) => {
                Ok(Value::Bool(if name == "startswith" { t.starts_with(&**p) } else { t.ends_with(&**p) }))
            }
            _ => fail(format!("{name}() requires string inputs")),
        },
        "split" => match (v, a) {
            (Value::Text(t), Value::Text(by)) => Ok(arith::split(t, by)),
            _ => fail("split input and separator must be strings"),
        },
        "indices" => match (v, a) {
            (Value::Null, _) => Ok(Value::Null),
            (Value::Text(t), Value::Text(p)) if !p.is_empty() => {
                let at = t.char_indices().filter(|(i, _)| t[*i..].starts_with(&**p));
                Ok(Value::array(at.map(|(i, _)| Value::Number(t[..i].chars().count() as f64)).collect()))
            }
            (Value::Array(x), Value::Array(y)) => Ok(arith::indices(x, y)),
            (Value::Array(x), y) => Ok(arith::indices(x, std::slice::from_ref(y))),
            (v, a) => get(v, a),
        },
        "flatten" => {
            let depth = number(a, "")?;
            if depth < 0.0 {
                return fail("flatten depth must not be negative");
            }
            let mut all = Vec::new();
            let Value::Array(items) = v else {
                return fail(format!("Cannot iterate over {} ({})", v.kind(), v.brief()));
            };
            for x in items.iter() {
                flat(x, depth - 1.0, &mut all);
            }
            Ok(Value::array(all))
        }
        "floor" => math(f64::floor),
        "ceil" => math(f64::ceil),
        "round" => math(f64::round),
        "trunc" => math(f64::trunc),
        "sqrt" => math(f64::sqrt),
        "fabs" => math(f64::abs),
        "exp" => math(libm::exp),
        "exp2" => math(libm::exp2),
        "exp10" => math(libm::exp10),
        "log" => math(libm::log),
        "log2" => math(libm::log2),
        "log10" => math(libm::log10),
        "sin" => math(libm::sin),
        "cos" => math(libm::cos),
        "tan" => math(libm::tan),
        "asin" => math(libm::asin),
        "acos" => math(libm::acos),
        "atan" => math(libm::atan),
        "cbrt" => math(libm::cbrt),
        "gamma" => math(libm::lgamma),
        "logb" => math(|n| f64::from(libm::ilogb(n))),
        "pow" => math2(libm::pow),
        "fmod" => math2(libm::fmod),
        "atan2" => math2(libm::atan2),
        "ldexp" => math2(|x, n| libm::ldexp(x, n as i32)),
        "infinite" => Ok(Value::Number(f64::INFINITY)),
        "nan" => Ok(Value::Number(f64::NAN)),
        "isinfinite" => Ok(Value::Bool(number(v, "")?.is_infinite())),
        "isnan" => Ok(Value::Bool(number(v, "")?.is_nan())),
        "isnormal" => Ok(Value::Bool(number(v, "")?.is_normal())),
        "sort" => {
            let mut all = array(v, "cannot be sorted, as it is not an array")?.to_vec();
            all.sort_by(Value::compare);
            Ok(Value::array(all))
        }
        "_sort_by" => {
            let mut all = ranked(v, a)?;
            all.sort_by(|x, y| x.0.compare(&y.0));
            Ok(Value::array(all.into_iter().map(|(_, v)| v).collect()))
        }
        "_group_by" => {
            let mut all = ranked(v, a)?;
            all.sort_by(|x, y| x.0.compare(&y.0));
            let mut groups: Vec<Value> = Vec::new();
            for group in all.chunk_by(|x, y| x.0.compare(&y.0).is_eq()) {
                groups.push(Value::array(group.iter().map(|(_, v)| v.clone()).collect()));
            }
            Ok(Value::array(groups))
        }
        "_min_by" => Ok(ranked(v, a)?.into_iter().min_by(|x, y| x.0.compare(&y.0)).map_or(Value::Null, |(_, v)| v)),
        "_max_by" => Ok(ranked(v, a)?.into_iter().max_by(|x, y| x.0.compare(&y.0)).map_or(Value::Null, |(_, v)| v)),
        "reverse" => match v {
            Value::Text(t) => Ok(Value::text(t.chars().rev().collect::<String>())),
            Value::Null => Ok(Value::array(Vec::new())),
            v => {
                Ok(Value::array(array(v, "cannot be reversed, as it is not an array")?.iter().rev().cloned().collect()))
            }
        },
        "transpose" => {
            let Value::Array(rows) = v else {
                return fail(format!("Cannot iterate over {} ({})", v.kind(), v.brief()));
            };
            let width = rows.iter().map(|r| if let Value::Array(a) = r { a.len() } else { 0 }).max().unwrap_or(0);
            let mut all = Vec::new();
            for i in 0..width {
                let column: Result<Vec<Value>, Stop> = rows.iter().map(|r| get(r, &Value::Number(i as f64))).collect();
                all.push(Value::array(column?));
            }
            Ok(Value::array(all))
        }
        "now" => Ok(Value::Number(jq.now)),
        "mktime" if !matches!(v, Value::Array(_)) => fail("mktime requires array inputs"),
        "mktime" => seconds(v).map(|n| Value::Number(n.floor())),
        "gmtime" | "localtime" if !matches!(v, Value::Number(_)) => fail(format!("{name}() requires a number")),
        "gmtime" => Ok(broken(number(v, "")?)),
        "localtime" => {
            let t = number(v, "")?;
            Ok(broken(t + jq.zone.at(t.floor() as i64).0 as f64))
        }
        "strflocaltime" => {
            let f = string(a, "strflocaltime/1 requires a string format")?;
            let at = seconds(v)?.floor() as i64;
            // A time that is taken apart is one of the zone's clock.
            let at = if matches!(v, Value::Array(_)) { jq.zone.universal(at) } else { at };
            Ok(Value::text(jq.zone.format(&f, at, 0)))
        }
        "strftime" => {
            let f = string(a, "strftime/1 requires a string format")?;
            Ok(Value::text(crate::cli::time::format(&f, seconds(v)?.floor() as i64, 0)))
        }
        "strptime" => {
            let (Value::Text(t), Value::Text(f)) = (v, a) else {
                return fail("strptime/1 requires string inputs and arguments");
            };
            match scan(t, f) {
                Some(n) => Ok(broken(n)),
                None => fail(format!("date \"{t}\" does not match format \"{f}\"")),
            }
        }
        "input_filename" => Ok(Value::Null),
        "builtins" => Ok(Value::array(NAMES.iter().map(|(n, k)| Value::text(format!("{n}/{k}"))).collect())),
        "_match" => matches(v, a, b, args.get(2).is_some_and(Value::truth)),
        "_join_subs" => {
            // Texts between matches and what takes the matches' places.
            let t = string(a, "cannot be matched")?;
            let chars: Vec<char> = t.chars().collect();
            let (ms, with) = (array(b, "")?, array(args.get(2).unwrap_or(&null), "")?);
            let mut out = String::new();
            let mut at = 0;
            for (m, w) in ms.iter().zip(with) {
                let n =
                    |k: &str| get(m, &Value::text(k)).map(|v| if let Value::Number(n) = v { n as usize } else { 0 });
                let (from, len) = (n("offset")?, n("length")?);
                out.extend(chars.get(at..from).unwrap_or(&[]));
                out.push_str(&format::text(w));
                at = from + len;
            }
            out.extend(chars.get(at..).unwrap_or(&[]));
            Ok(Value::text(out))
        }
        _ => fail(format!("{name}/{} is not defined", args.len())),
    }
}
