//! `expr`: evaluates an expression of its arguments (POSIX XCU expr).

use crate::cli::{Cli, Run, Spec, Stop, quote};
use crate::regex::{Kind, compile};

const SPEC: Spec = Spec::new(
    "EXPRESSION",
    "Print the value of EXPRESSION: ARG1 | ARG2, & < <= = != >= > + - * / %, STRING : REGEXP, match, substr, index, length, ( ).",
    "+",
)
.fails(2);

/// Brackets within brackets.
const DEEP: usize = 100;

#[derive(Clone)]
enum Value {
    Int(i128),
    Text(String),
}

impl Value {
    fn show(&self) -> String {
        match self {
            Self::Int(n) => n.to_string(),
            Self::Text(t) => t.clone(),
        }
    }
    fn int(&self) -> Option<i128> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Text(t) => {
                let digits = t.strip_prefix('-').unwrap_or(t);
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                plain.then(|| t.parse().ok()).flatten()
            }
        }
    }
    fn null(&self) -> bool {
        match self {
            Self::Int(n) => *n == 0,
            Self::Text(t) => t.is_empty() || self.int() == Some(0),
        }
    }
}

/// Exit code and message.
type Fails<T> = Result<T, (i32, String)>;

struct Parser<'a> {
    args: &'a [String],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.args.get(self.at).map(String::as_str)
    }
    fn take(&mut self, word: &str) -> bool {
        let yes = self.peek() == Some(word);
        self.at += usize::from(yes);
        yes
    }
    fn missing(&self) -> (i32, String) {
        let last = self.args.last().map_or("", String::as_str);
        (2, format!("syntax error: missing argument after {}", quote::word(last)))
    }

    fn or(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.and(run)?;
        while self.take("|") {
            let b = self.and(run && a.null())?;
            if a.null() {
                a = if b.null() { Value::Int(0) } else { b };
            }
        }
        Ok(a)
    }

    fn and(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.comparison(run)?;
        while self.take("&") {
            let b = self.comparison(run && !a.null())?;
            if a.null() || b.null() {
                a = Value::Int(0);
            }
        }
        Ok(a)
    }

    fn comparison(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.sum(run)?;
        loop {
            let op = match self.peek() {
                Some(op @ ("<" | "<=" | "=" | "==" | "!=" | ">=" | ">")) => op.to_owned(),
                _ => return Ok(a),
            };
            self.at += 1;
            let b = self.sum(run)?;
            let order = match (a.int(), b.int()) {
                (Some(x), Some(y)) => x.cmp(&y),
                _ => a.show().cmp(&b.show()),
            };
            let yes = match op.as_str() {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                ">=" => order.is_ge(),
                _ => order.is_gt(),
            };
            a = Value::Int(i128::from(yes));
        }
    }

    fn arithmetic(run: bool, op: &str, a: &Value, b: &Value) -> Fails<Value> {
        if !run {
            return Ok(Value::Int(0));
        }
        let (Some(x), Some(y)) = (a.int(), b.int()) else { return Err((2, "non-integer argument".to_owned())) };
        if y == 0 && matches!(op, "/" | "%") {
            return Err((2, "division by zero".to_owned()));
        }
        let n = match op {
            "+" => x.checked_add(y),
            "-" => x.checked_sub(y),
            "*" => x.checked_mul(y),
            "/" => x.checked_div(y),
            _ => x.checked_rem(y),
        };
        n.map(Value::Int).ok_or_else(|| (3, "Numerical result out of range".to_owned()))
    }

    fn sum(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.product(run)?;
        while let Some(op) = self.peek().filter(|o| matches!(*o, "+" | "-")).map(str::to_owned) {
            self.at += 1;
            let b = self.product(run)?;
            a = Self::arithmetic(run, &op, &a, &b)?;
        }
        Ok(a)
    }

    fn product(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.matching(run)?;
        while let Some(op) = self.peek().filter(|o| matches!(*o, "*" | "/" | "%")).map(str::to_owned) {
            self.at += 1;
            let b = self.matching(run)?;
            a = Self::arithmetic(run, &op, &a, &b)?;
        }
        Ok(a)
    }

    fn matching(&mut self, run: bool) -> Fails<Value> {
        let mut a = self.word(run)?;
        while self.take(":") {
            let b = self.word(run)?;
            a = if run { matched(&a.show(), &b.show())? } else { a };
        }
        Ok(a)
    }

    fn word(&mut self, run: bool) -> Fails<Value> {
        let Some(first) = self.peek().map(str::to_owned) else { return Err(self.missing()) };
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEP {
            return Err((3, "expression nested too deeply".to_owned()));
        }
        let more = self.at < self.args.len();
        let value = match first.as_str() {
            "+" if more => self.literal()?,
            "(" => {
                let v = self.or(run)?;
                if !self.take(")") {
                    let last = self.args.get(self.at).or(self.args.last()).map_or("", String::as_str);
                    return Err((
                        2,
                        if self.peek().is_some() {
                            format!("syntax error: expecting ')' instead of {}", quote::word(last))
                        } else {
                            format!("syntax error: expecting ')' after {}", quote::word(last))
                        },
                    ));
                }
                v
            }
            ")" => return Err((2, "syntax error: unexpected ')'".to_owned())),
            "length" => Value::Int(self.word(run)?.show().chars().count() as i128),
            "match" => {
                let (a, b) = (self.word(run)?, self.word(run)?);
                if run { matched(&a.show(), &b.show())? } else { a }
            }
            "index" => {
                let (a, b) = (self.word(run)?.show(), self.word(run)?.show());
                Value::Int(a.chars().position(|c| b.contains(c)).map_or(0, |n| n as i128 + 1))
            }
            "substr" => {
                let (text, from, n) = (self.word(run)?.show(), self.word(run)?.int(), self.word(run)?.int());
                match (from, n) {
                    (Some(from @ 1..), Some(n @ 1..)) => Value::Text(
                        text.chars()
                            .skip(usize::try_from(from - 1).unwrap_or(usize::MAX))
                            .take(usize::try_from(n).unwrap_or(usize::MAX))
                            .collect(),
                    ),
                    _ => Value::Text(String::new()),
                }
            }
            _ => Value::Text(first),
        };
        self.depth -= 1;
        Ok(value)
    }

    fn literal(&mut self) -> Fails<Value> {
        let Some(t) = self.peek().map(str::to_owned) else { return Err(self.missing()) };
        self.at += 1;
        Ok(Value::Text(t))
    }
}

/// `STRING : REGEXP`: the first group's text, or how many characters fit.
fn matched(text: &str, pattern: &str) -> Fails<Value> {
    let r = compile(pattern, Kind::Basic, false).map_err(|e| (2, e))?;
    // The match must begin where the text does.
    let hit = r.captures_at(text, 0).filter(|g| g.first().copied().flatten().is_some_and(|(s, _)| s == 0));
    Ok(if r.groups() > 1 {
        let group = hit.as_ref().and_then(|g| g.get(1).copied().flatten());
        Value::Text(group.map_or(String::new(), |(s, e)| text[s..e].to_owned()))
    } else {
        let whole = hit.and_then(|g| g.first().copied().flatten());
        Value::Int(whole.map_or(0, |(s, e)| text[s..e].chars().count() as i128))
    })
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut args = std::mem::take(&mut c.args);
    if args.len() == 1 && matches!(args[0].as_str(), "--help" | "--version") {
        c.parse_args(&SPEC, args).await?;
        return Ok(());
    }
    if args.first().is_some_and(|a| a == "--") {
        args.remove(0);
    }
    if args.is_empty() {
        return c.usage(2, "missing operand").await;
    }
    let mut p = Parser { args: &args, at: 0, depth: 0 };
    let value = match p.or(true) {
        Ok(v) => v,
        Err((code, message)) => return c.die(code, message).await,
    };
    if let Some(extra) = p.peek() {
        let text = format!("syntax error: unexpected argument {}", quote::word(extra));
        return c.die(2, text).await;
    }
    c.put(format!("{}\n", value.show())).await?;
    if value.null() { Err(Stop::Code(1)) } else { Ok(()) }
}
