//! Arithmetic: C's operators on 64 bits, as in `$((…))`.

use crate::dialect::Dialect;

/// What the evaluator reads and writes.
pub trait Scope {
    /// A variable's or element's value.
    fn get(&mut self, name: &str, index: Option<&str>) -> Result<Option<String>, String>;
    /// A variable's value where it is a plain decimal number.
    fn number(&mut self, name: &str) -> Option<i64>;
    /// Sets one.
    fn set(&mut self, name: &str, index: Option<&str>, value: i64) -> Result<(), String>;
    /// Which shell words the errors.
    fn dialect(&self) -> Dialect;
}

const MAX_DEPTH: u32 = 64;

/// Evaluates; the error is the shell's message without its name.
pub fn evaluate(text: &str, scope: &mut dyn Scope) -> Result<i64, String> {
    nested(text, scope, 0)
}

fn nested(text: &str, scope: &mut dyn Scope, depth: u32) -> Result<i64, String> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let mut e = Eval { text, pos: 0, last: 0, scope, depth, skip: 0 };
    let n = e.comma()?;
    e.space();
    if e.pos < text.len() {
        return Err(e.trailing());
    }
    Ok(n)
}

struct Eval<'a> {
    text: &'a str,
    pos: usize,
    /// Where the last token started, for messages.
    last: usize,
    scope: &'a mut dyn Scope,
    depth: u32,
    /// Within a branch that isn't taken: nothing is assigned.
    skip: u32,
}

type Res = Result<i64, String>;

/// A variable that can be assigned.
struct Place<'a> {
    name: &'a str,
    index: Option<&'a str>,
}

const ASSIGN: &[&str] = &["<<=", ">>=", "**=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="];

impl<'a> Eval<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or("")
    }
    fn space(&mut self) {
        let r = self.rest();
        self.pos += r.len() - r.trim_start().len();
    }
    fn error(&self, what: &str, at: usize) -> String {
        let token = self.text.get(at..).unwrap_or("");
        match self.scope.dialect() {
            Dialect::Bash => format!("{}: {what} (error token is \"{token}\")", self.text.trim_start()),
            Dialect::Dash => format!(
                "arithmetic expression: {}: \"{}\"",
                if what.contains("operand") { "expecting primary" } else { "expecting EOF" },
                self.text
            ),
            Dialect::Ash => "arithmetic syntax error".into(),
        }
    }
    fn trailing(&self) -> String {
        let r = self.rest();
        if r.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            || r.starts_with(['"', '\'', '.', '@', '\\', '$', '{', '}', '#'])
        {
            return if r.starts_with('.')
                || r.starts_with('@')
                || r.starts_with('#')
                || r.starts_with('$')
                || r.starts_with('{')
            {
                self.error("syntax error: invalid arithmetic operator", self.pos)
            } else {
                self.error("syntax error in expression", self.pos)
            };
        }
        self.error("syntax error in expression", self.pos)
    }
    fn operand(&self) -> String {
        let at = if self.rest().trim().is_empty() { self.last } else { self.pos };
        self.error("syntax error: operand expected", at)
    }
    fn zero(&self, at: usize) -> String {
        match self.scope.dialect() {
            Dialect::Bash => format!(
                "{}: division by 0 (error token is \"{}\")",
                self.text.trim_start(),
                self.text.get(at..).unwrap_or("")
            ),
            Dialect::Dash => format!("arithmetic expression: division by zero: \"{}\"", self.text),
            Dialect::Ash => "divide by zero".into(),
        }
    }
    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.error("expression recursion level exceeded", self.pos)) } else { Ok(()) }
    }

    fn comma(&mut self) -> Res {
        let mut n = self.assignment()?;
        loop {
            self.space();
            if !self.rest().starts_with(',') || self.scope.dialect() == Dialect::Dash {
                return Ok(n);
            }
            self.pos += 1;
            n = self.assignment()?;
        }
    }

    fn assignment(&mut self) -> Res {
        self.enter()?;
        let n = self.assignment_inner()?;
        self.depth -= 1;
        Ok(n)
    }

    fn assignment_inner(&mut self) -> Res {
        self.space();
        let save = self.pos;
        if let Some(place) = self.place()? {
            self.space();
            let rest = self.rest();
            if rest.starts_with('=') && !rest.starts_with("==") {
                self.last = self.pos;
                self.pos += 1;
                let v = self.assignment()?;
                return self.store(&place, v);
            }
            if let Some(op) = ASSIGN.iter().find(|o| rest.starts_with(**o)) {
                self.last = self.pos;
                self.pos += op.len();
                let at = self.pos;
                // Dash and ash look at the variable afterwards.
                let bash = self.scope.dialect().is_bash();
                let before = if bash { Some(self.load(&place)?) } else { None };
                let right = self.assignment()?;
                let left = match before {
                    Some(n) => n,
                    None => self.load(&place)?,
                };
                let v = self.apply_if_taken(op.trim_end_matches('='), left, right, at)?;
                return self.store(&place, v);
            }
            self.pos = save;
        }
        let n = self.ternary()?;
        if self.assigns() && self.scope.dialect() != Dialect::Dash {
            return Err(self.error("attempted assignment to non-variable", self.pos));
        }
        Ok(n)
    }

    /// An assignment's operator is here.
    fn assigns(&mut self) -> bool {
        self.space();
        let rest = self.rest();
        (rest.starts_with('=') && !rest.starts_with("==")) || ASSIGN.iter().any(|op| rest.starts_with(op))
    }

    fn ternary(&mut self) -> Res {
        let cond = self.binary(0)?;
        self.space();
        if !self.rest().starts_with('?') {
            return Ok(cond);
        }
        self.last = self.pos;
        self.pos += 1;
        self.skip += u32::from(cond == 0);
        let yes = self.comma()?;
        self.skip -= u32::from(cond == 0);
        self.space();
        if !self.rest().starts_with(':') {
            return Err(self.error("`:' expected for conditional expression", self.pos));
        }
        self.last = self.pos;
        self.pos += 1;
        self.skip += u32::from(cond != 0);
        self.enter()?;
        let no = self.ternary()?;
        self.depth -= 1;
        self.skip -= u32::from(cond != 0);
        Ok(if cond == 0 { no } else { yes })
    }

    /// The binary operator here and how tightly it binds; one with `=` behind assigns and is none.
    fn operator(&mut self) -> Option<(&'static str, u8)> {
        self.space();
        let rest = self.rest().as_bytes();
        let at = |i: usize| rest.get(i).copied().unwrap_or(0);
        let found = match (at(0), at(1)) {
            (b'|', b'|') => ("||", 0),
            (b'&', b'&') => ("&&", 1),
            (b'|', n) if n != b'=' => ("|", 2),
            (b'^', n) if n != b'=' => ("^", 3),
            (b'&', n) if n != b'=' => ("&", 4),
            (b'=', b'=') => ("==", 5),
            (b'!', b'=') => ("!=", 5),
            (b'<', b'=') => ("<=", 6),
            (b'>', b'=') => (">=", 6),
            (b'<', b'<') if at(2) != b'=' => ("<<", 7),
            (b'>', b'>') if at(2) != b'=' => (">>", 7),
            (b'<', n) if n != b'<' => ("<", 6),
            (b'>', n) if n != b'>' => (">", 6),
            (b'+', n) if n != b'=' => ("+", 8),
            (b'-', n) if n != b'=' => ("-", 8),
            (b'*', b'*') if at(2) != b'=' && self.scope.dialect() != Dialect::Dash => ("**", 10),
            (b'*', n) if !matches!(n, b'*' | b'=') => ("*", 9),
            (b'/', n) if n != b'=' => ("/", 9),
            (b'%', n) if n != b'=' => ("%", 9),
            _ => return None,
        };
        Some(found)
    }

    /// Operators that bind at least so tightly.
    fn binary(&mut self, least: u8) -> Res {
        let mut left = self.unary()?;
        while let Some((op, level)) = self.operator().filter(|(_, level)| *level >= least) {
            self.last = self.pos;
            self.pos += op.len();
            let shortcut = (op == "||" && left != 0) || (op == "&&" && left == 0);
            self.skip += u32::from(shortcut);
            self.space();
            let at = self.pos;
            // ** binds to the right.
            let right = if op == "**" {
                self.enter()?;
                let n = self.binary(level)?;
                self.depth -= 1;
                n
            } else {
                self.binary(level + 1)?
            };
            self.skip -= u32::from(shortcut);
            left = self.apply_if_taken(op, left, right, at)?;
        }
        Ok(left)
    }

    /// Nobody divides by zero in a branch that isn't taken.
    fn apply_if_taken(&mut self, op: &str, a: i64, b: i64, at: usize) -> Res {
        // busybox does.
        let idle = self.skip > 0 && self.scope.dialect() != Dialect::Ash;
        if idle && matches!(op, "/" | "%") { Ok(0) } else { self.apply(op, a, b, at) }
    }

    fn apply(&mut self, op: &str, a: i64, b: i64, at: usize) -> Res {
        let flag = i64::from;
        Ok(match op {
            "||" => flag(a != 0 || b != 0),
            "&&" => flag(a != 0 && b != 0),
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "==" => flag(a == b),
            "!=" => flag(a != b),
            "<=" => flag(a <= b),
            ">=" => flag(a >= b),
            "<" => flag(a < b),
            ">" => flag(a > b),
            "<<" => a.wrapping_shl(b as u32),
            ">>" => a.wrapping_shr(b as u32),
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "/" | "%" if b == 0 => return Err(self.zero(at)),
            "/" => a.wrapping_div(b),
            "%" => a.wrapping_rem(b),
            "**" if b < 0 => return Err(self.error("exponent less than 0", self.last)),
            "**" => {
                let (mut result, mut base, mut n) = (1_i64, a, b);
                while n > 0 {
                    if n & 1 == 1 {
                        result = result.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    n >>= 1;
                }
                result
            }
            _ => return Err(self.error("syntax error in expression", at)),
        })
    }

    fn unary(&mut self) -> Res {
        self.space();
        for op in ["++", "--"] {
            if self.rest().starts_with(op) && self.scope.dialect() != Dialect::Dash {
                let save = self.pos;
                self.pos += 2;
                self.space();
                if let Some(place) = self.place()? {
                    let v = self.load(&place)?.wrapping_add(if op == "++" { 1 } else { -1 });
                    return self.store(&place, v);
                }
                self.pos = save;
            }
        }
        let Some(c) = self.rest().chars().next() else { return Err(self.operand()) };
        if matches!(c, '+' | '-' | '!' | '~') {
            self.last = self.pos;
            self.pos += 1;
            self.enter()?;
            let n = self.unary()?;
            self.depth -= 1;
            return Ok(match c {
                '+' => n,
                '-' => n.wrapping_neg(),
                '!' => i64::from(n == 0),
                _ => !n,
            });
        }
        self.primary()
    }

    fn primary(&mut self) -> Res {
        self.space();
        let rest = self.rest();
        match rest.chars().next() {
            Some('(') => {
                self.last = self.pos;
                self.pos += 1;
                self.enter()?;
                let n = self.comma()?;
                self.depth -= 1;
                self.space();
                if !self.rest().starts_with(')') {
                    if self.scope.dialect() == Dialect::Dash {
                        return Err(format!("arithmetic expression: expecting ')': \"{}\"", self.text));
                    }
                    return Err(self.error("missing `)'", self.last));
                }
                self.last = self.pos;
                self.pos += 1;
                Ok(n)
            }
            Some('0'..='9') => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let Some(place) = self.place()? else { return Err(self.operand()) };
                let n = self.load(&place)?;
                self.space();
                let rest = self.rest();
                for (op, d) in [("++", 1), ("--", -1)] {
                    if rest.starts_with(op) && self.scope.dialect() != Dialect::Dash {
                        self.pos += 2;
                        self.store(&place, n.wrapping_add(d))?;
                        return Ok(n);
                    }
                }
                Ok(n)
            }
            _ => Err(self.operand()),
        }
    }

    fn number(&mut self) -> Res {
        self.last = self.pos;
        let rest = self.rest();
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'#' | b'@' | b'_')).count();
        let token = rest.get(..len).unwrap_or("").to_owned();
        let at = self.pos;
        self.pos += len;
        let value = if let Some((base, digits)) = token.split_once('#') {
            let base: u32 = base
                .parse()
                .ok()
                .filter(|b| (2..=64).contains(b))
                .ok_or_else(|| self.error("invalid arithmetic base", at))?;
            in_base(digits, base)
        } else if let Some(hex) = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")) {
            in_base(hex, 16)
        } else if token.len() > 1 && token.starts_with('0') {
            in_base(&token, 8)
        } else if self.scope.dialect() == Dialect::Dash && token.bytes().all(|b| b.is_ascii_digit()) {
            // As strtoimax: the largest there is.
            Some(token.parse().unwrap_or(i64::MAX))
        } else if self.scope.dialect() == Dialect::Ash && token.bytes().all(|b| b.is_ascii_digit()) {
            // As strtoull, and 0 where that fails.
            Some(token.parse::<u64>().unwrap_or(0) as i64)
        } else {
            in_base(&token, 10)
        };
        value.ok_or_else(|| self.error("value too great for base", at))
    }

    fn place(&mut self) -> Result<Option<Place<'a>>, String> {
        self.space();
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Ok(None);
        }
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let name = rest.get(..len).unwrap_or("");
        self.last = self.pos;
        self.pos += len;
        let mut index = None;
        if self.rest().starts_with('[') && self.scope.dialect().is_bash() {
            let mut depth = 0_u32;
            let mut end = None;
            for (i, c) in self.rest().char_indices() {
                match c {
                    '[' => depth += 1,
                    ']' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    end = Some(i);
                    break;
                }
            }
            let Some(end) = end else { return Err(self.error("bad array subscript", self.pos)) };
            index = self.rest().get(1..end);
            self.pos += end + 1;
        }
        Ok(Some(Place { name, index }))
    }

    fn load(&mut self, p: &Place<'_>) -> Res {
        if p.index.is_none()
            && let Some(n) = self.scope.number(p.name)
        {
            return Ok(n);
        }
        let Some(text) = self.scope.get(p.name, p.index)? else { return Ok(0) };
        let t = text.trim();
        if t.is_empty() {
            return Ok(0);
        }
        if let Ok(n) = t.parse::<i64>()
            && !(t.len() > 1 && t.trim_start_matches(['-', '+']).starts_with('0'))
        {
            return Ok(n);
        }
        // In dash a variable holds a number, not an expression.
        if self.scope.dialect() == Dialect::Dash && !t.trim_start_matches(['-', '+']).starts_with('0') {
            return Err(format!("Illegal number: {text}"));
        }
        if self.depth + 4 > MAX_DEPTH {
            return Err(self.error("expression recursion level exceeded", self.pos.saturating_sub(p.name.len())));
        }
        nested(t, self.scope, self.depth + 4)
    }

    fn store(&mut self, p: &Place<'_>, v: i64) -> Res {
        // busybox assigns in both branches.
        if self.skip == 0 || self.scope.dialect() == Dialect::Ash {
            self.scope.set(p.name, p.index, v)?;
        }
        Ok(v)
    }
}

fn in_base(digits: &str, base: u32) -> Option<i64> {
    if digits.is_empty() {
        return if base == 16 { Some(0) } else { None };
    }
    let mut n = 0_i64;
    for c in digits.chars() {
        let d = match c {
            '0'..='9' => c as u32 - '0' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + 10,
            'A'..='Z' if base <= 36 => c as u32 - 'A' as u32 + 10,
            'A'..='Z' => c as u32 - 'A' as u32 + 36,
            '@' => 62,
            '_' => 63,
            _ => return None,
        };
        if d >= base {
            return None;
        }
        n = n.wrapping_mul(i64::from(base)).wrapping_add(i64::from(d));
    }
    Some(n)
}
