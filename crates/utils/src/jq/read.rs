//! Reads JSON as jq does, with its words for what is wrong (`jv_parse.c`).

use std::rc::Rc;

use super::value::{DEEP, Object, Value};

/// What is open.
enum Open {
    Array(Vec<Value>),
    Object(Object),
    Key(Rc<str>),
}

/// Reads one value after the other.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    column: usize,
}

/// The parser between two values.
#[derive(Default)]
struct State {
    stack: Vec<Open>,
    next: Option<Value>,
    /// A number or word that is being read.
    token: String,
    /// Whether the last sign was used.
    took: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text: text.as_bytes(), at: 0, line: 1, column: 0 }
    }

    fn place(&self) -> String {
        format!("at line {}, column {}", self.line, self.column)
    }

    fn byte(&mut self) -> Option<u8> {
        let b = self.text.get(self.at).copied()?;
        self.at += 1;
        self.column += 1;
        if b == b'\n' {
            self.line += 1;
            self.column = 0;
        }
        Some(b)
    }

    /// The next value; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Value>, String> {
        let mut s = State::default();
        loop {
            let from = (self.at, self.line, self.column);
            let Some(b) = self.byte() else { break };
            let result = match b {
                b' ' | b'\t' | b'\r' | b'\n' => s.literal(),
                b'"' => s.literal().and_then(|()| {
                    if s.finished() {
                        return Ok(());
                    }
                    let text = self.string()?;
                    s.took = true;
                    s.value(Value::text(text))
                }),
                b'[' | b',' | b']' | b'{' | b':' | b'}' => {
                    s.literal().and_then(|()| if s.finished() { Ok(()) } else { s.sign(b) })
                }
                _ => {
                    s.token.push(char::from(b));
                    continue;
                }
            };
            if let Err(e) = result {
                let end = if e == "Unfinished string" { " at EOF" } else { "" };
                return Err(format!("{e}{end} {}", self.place()));
            }
            if s.finished() {
                // A sign or quote behind a number or word begins the next value.
                if !b.is_ascii_whitespace() && !s.took {
                    (self.at, self.line, self.column) = from;
                }
                return Ok(s.next);
            }
        }
        s.literal().map_err(|e| format!("{e} at EOF {}", self.place()))?;
        if !s.stack.is_empty() {
            return Err(format!("Unfinished JSON term at EOF {}", self.place()));
        }
        Ok(s.next)
    }

    fn string(&mut self) -> Result<String, String> {
        let mut raw: Vec<u8> = Vec::new();
        let mut escaped = false;
        loop {
            let Some(b) = self.byte() else { return Err("Unfinished string".to_owned()) };
            if b == b'"' && !escaped {
                break;
            }
            escaped = b == b'\\' && !escaped;
            raw.push(b);
        }
        unescape(&raw)
    }
}

fn unescape(raw: &[u8]) -> Result<String, String> {
    let mut out: Vec<u8> = Vec::new();
    let mut at = 0;
    let unit = |at: usize| -> Result<u32, String> {
        let digits = raw.get(at..at + 4).and_then(|d| std::str::from_utf8(d).ok());
        let n = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        n.ok_or_else(|| "Invalid \\uXXXX escape".to_owned())
    };
    while let Some(b) = raw.get(at).copied() {
        at += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let Some(e) = raw.get(at).copied() else { return Err("Expected escape character at end of string".to_owned()) };
        at += 1;
        match e {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'"' | b'\\' | b'/' => out.push(e),
            b'u' => {
                let high = unit(at)?;
                at += 4;
                let pair = (0xd800..0xdc00).contains(&high) && raw.get(at..at + 2) == Some(b"\\u");
                let c = if pair {
                    let low = unit(at + 2)?;
                    at += 6;
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff))
                } else {
                    char::from_u32(high)
                };
                out.extend(c.unwrap_or('\u{fffd}').to_string().bytes());
            }
            _ => return Err("Invalid escape".to_owned()),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

type Fails = Result<(), String>;

fn wrong(text: &str) -> Fails {
    Err(text.to_owned())
}

impl State {
    fn finished(&self) -> bool {
        self.stack.is_empty() && self.next.is_some()
    }

    fn value(&mut self, v: Value) -> Fails {
        if self.next.is_some() {
            return wrong("Expected separator between values");
        }
        self.next = Some(v);
        Ok(())
    }

    /// The number or word that has ended here.
    fn literal(&mut self) -> Fails {
        self.took = false;
        let token = std::mem::take(&mut self.token);
        let word = match token.as_bytes() {
            [] => return Ok(()),
            [b't', ..] => Some(("true", Value::Bool(true))),
            [b'f', ..] => Some(("false", Value::Bool(false))),
            [b'\'', ..] => return wrong("Invalid string literal; expected \", but got '"),
            [b'n', ..] if token.len() == 3 => Some(("nan", Value::Number(f64::NAN))),
            [b'n', ..] => Some(("null", Value::Null)),
            _ => None,
        };
        match word {
            Some((w, v)) if token == w => self.value(v),
            Some(_) => wrong("Invalid literal"),
            None => {
                let plain = token.trim_start_matches(['-', '+']);
                let named = plain.eq_ignore_ascii_case("nan");
                let digits = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.');
                match token.parse::<f64>() {
                    Ok(n) if digits || named => self.value(Value::Number(n)),
                    _ => wrong("Invalid numeric literal"),
                }
            }
        }
    }

    fn sign(&mut self, b: u8) -> Fails {
        self.took = true;
        match b {
            b'[' | b'{' => {
                if self.stack.len() >= DEEP * 2 {
                    return wrong("Exceeds depth limit for parsing");
                }
                if self.next.is_some() {
                    return wrong("Expected separator between values");
                }
                self.stack.push(if b == b'[' { Open::Array(Vec::new()) } else { Open::Object(Object::default()) });
            }
            b':' => {
                let Some(key) = self.next.take() else { return wrong("Expected string key before ':'") };
                if !matches!(self.stack.last(), Some(Open::Object(_))) {
                    return wrong("':' not as part of an object");
                }
                match key {
                    Value::Text(k) => self.stack.push(Open::Key(k)),
                    _ => return wrong("Object keys must be strings"),
                }
            }
            b',' => {
                let Some(v) = self.next.take() else { return wrong("Expected value before ','") };
                match self.stack.last_mut() {
                    Some(Open::Array(a)) => a.push(v),
                    Some(Open::Key(_)) => self.pair(v),
                    _ => return wrong("Objects must consist of key:value pairs"),
                }
            }
            b']' => {
                let Some(Open::Array(mut a)) = self.stack.pop() else { return wrong("Unmatched ']'") };
                match self.next.take() {
                    Some(v) => a.push(v),
                    None if !a.is_empty() => return wrong("Expected another array element"),
                    None => {}
                }
                self.next = Some(Value::array(a));
            }
            _ => {
                match self.next.take() {
                    Some(v) => {
                        if self.stack.is_empty() {
                            return wrong("Unmatched '}'");
                        }
                        if !matches!(self.stack.last(), Some(Open::Key(_))) {
                            return wrong("Objects must consist of key:value pairs");
                        }
                        self.pair(v);
                    }
                    None => match self.stack.last() {
                        Some(Open::Object(o)) if !o.is_empty() => return wrong("Expected another key-value pair"),
                        Some(Open::Object(_)) => {}
                        _ => return wrong("Unmatched '}'"),
                    },
                }
                if let Some(Open::Object(o)) = self.stack.pop() {
                    self.next = Some(Value::Object(Rc::new(o)));
                }
            }
        }
        Ok(())
    }

    fn pair(&mut self, v: Value) {
        if let Some(Open::Key(k)) = self.stack.pop()
            && let Some(Open::Object(o)) = self.stack.last_mut()
        {
            o.set(k, v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    // Expected texts: jq 1.6 and 1.7.1.
    #[test]
    fn what_is_wrong_is_said_in_jqs_words() {
        for (text, message) in [
            ("{bad", "Invalid numeric literal at EOF at line 1, column 4"),
            ("{\"a\":}", "Unmatched '}' at line 1, column 6"),
            ("[1,2", "Unfinished JSON term at EOF at line 1, column 4"),
            ("nul", "Invalid literal at EOF at line 1, column 3"),
            ("\"abc", "Unfinished string at EOF at line 1, column 4"),
            ("{\"a\" 1}", "Expected separator between values at line 1, column 7"),
            ("[1 2]", "Expected separator between values at line 1, column 5"),
            ("]", "Unmatched ']' at line 1, column 1"),
            ("{\"a\":1,}", "Expected another key-value pair at line 1, column 8"),
            ("[1,]", "Expected another array element at line 1, column 4"),
            ("{a:1}", "Invalid numeric literal at line 1, column 3"),
            ("\"\\x\"", "Invalid escape at line 1, column 4"),
            ("{\n\"a\" 5\n}", "Expected separator between values at line 3, column 0"),
        ] {
            assert_eq!(Reader::new(text).next().map(|_| ()).unwrap_err(), message, "{text}");
        }
        let mut r = Reader::new("1\"a\"[] true");
        let mut all = Vec::new();
        while let Some(v) = r.next().unwrap() {
            all.push(v.show());
        }
        assert_eq!(all, ["1", "\"a\"", "[]", "true"]);
    }
}
