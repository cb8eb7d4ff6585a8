//! `test` and `[`: conditions (POSIX, with GNU's `-ef`, `-nt`, `-ot`, `-a`, `-o` and parentheses).

use layerlab_kernel::{FileType, Stat};

use crate::cli::{Cli, Run, Stop, quote};

/// Conditions in the order in which a stack takes them.
enum Step {
    Constant(bool),
    Unary(char, String),
    Binary(String, String, String),
    Not,
    And,
    Or,
}

const UNARY: &str = "bcdefghknoprstuvwxzGLNOS";
const BINARY: &[&str] = &["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

fn unary(word: &str) -> Option<char> {
    let letter = word.strip_prefix('-').filter(|l| l.len() == 1)?.chars().next()?;
    UNARY.contains(letter).then_some(letter)
}

struct Parser {
    words: Vec<String>,
    at: usize,
    steps: Vec<Step>,
}

impl Parser {
    fn left(&self) -> &[String] {
        &self.words[self.at.min(self.words.len())..]
    }

    fn next(&mut self) -> Result<String, String> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word.ok_or_else(|| match self.words.last() {
            Some(last) => format!("missing argument after {}", quote::word(last)),
            None => "missing argument".to_owned(),
        })
    }

    /// By the number of words, as POSIX tells.
    fn count(&mut self, n: usize, depth: usize) -> Result<(), String> {
        let w: Vec<&str> = self.left().iter().map(String::as_str).collect();
        match (n, w.as_slice()) {
            (0, _) => self.steps.push(Step::Constant(false)),
            (1, [a, ..]) => {
                self.steps.push(Step::Constant(!a.is_empty()));
                self.at += 1;
            }
            (2, ["!", ..]) => {
                self.at += 1;
                self.count(1, depth)?;
                self.steps.push(Step::Not);
            }
            (2, [op, operand, ..]) => {
                let Some(letter) = unary(op) else {
                    let letters = op.strip_prefix('-').filter(|l| l.chars().count() == 1);
                    return Err(match letters {
                        Some(_) => format!("{}: unary operator expected", quote::word(op)),
                        None => format!("missing argument after {}", quote::word(operand)),
                    });
                };
                self.steps.push(Step::Unary(letter, (*operand).to_owned()));
                self.at += 2;
            }
            (3, [_, op, _, ..]) if BINARY.contains(op) => self.binary()?,
            (3, ["!", ..]) => {
                self.at += 1;
                self.count(2, depth)?;
                self.steps.push(Step::Not);
            }
            (3, ["(", _, ")", ..]) => {
                self.at += 1;
                self.count(1, depth)?;
                self.at += 1;
            }
            (3, [_, "-a" | "-o", _, ..]) => self.or(depth)?,
            (3, [_, op, _, ..]) => return Err(format!("{}: binary operator expected", quote::word(op))),
            (4, ["!", ..]) => {
                self.at += 1;
                self.count(3, depth)?;
                self.steps.push(Step::Not);
            }
            (4, ["(", _, _, ")", ..]) => {
                self.at += 1;
                self.count(2, depth)?;
                self.at += 1;
            }
            _ => self.or(depth)?,
        }
        Ok(())
    }

    fn binary(&mut self) -> Result<(), String> {
        let (a, op, b) = (self.next()?, self.next()?, self.next()?);
        self.steps.push(Step::Binary(a, op, b));
        Ok(())
    }

    fn or(&mut self, depth: usize) -> Result<(), String> {
        if depth > 100 {
            return Err("too many parentheses".to_owned());
        }
        self.and(depth)?;
        while self.left().first().is_some_and(|w| w == "-o") {
            self.at += 1;
            self.and(depth)?;
            self.steps.push(Step::Or);
        }
        Ok(())
    }

    fn and(&mut self, depth: usize) -> Result<(), String> {
        self.term(depth)?;
        while self.left().first().is_some_and(|w| w == "-a") {
            self.at += 1;
            self.term(depth)?;
            self.steps.push(Step::And);
        }
        Ok(())
    }

    fn term(&mut self, depth: usize) -> Result<(), String> {
        let mut not = false;
        while self.left().first().is_some_and(|w| w == "!") {
            self.at += 1;
            not = !not;
        }
        let left = self.left();
        if left.first().is_some_and(|w| w == "(") && left.len() > 1 {
            self.at += 1;
            self.or(depth + 1)?;
            match self.next() {
                Ok(w) if w == ")" => {}
                Ok(w) => return Err(format!("')' expected, found {w}")),
                Err(_) => return Err("')' expected".to_owned()),
            }
        } else if left.len() >= 3 && BINARY.contains(&left[1].as_str()) {
            self.binary()?;
        } else if let Some(letter) = left.first().and_then(|w| unary(w)).filter(|_| left.len() > 1) {
            self.at += 1;
            let operand = self.next()?;
            self.steps.push(Step::Unary(letter, operand));
        } else {
            let word = self.next()?;
            self.steps.push(Step::Constant(!word.is_empty()));
        }
        if not {
            self.steps.push(Step::Not);
        }
        Ok(())
    }
}

fn number(text: &str) -> Result<i128, String> {
    text.trim().parse().map_err(|_| format!("invalid integer {}", quote::word(text)))
}

async fn unary_true(c: &Cli, letter: char, operand: &str) -> Result<bool, String> {
    let access = async |r, w, x| c.sys.access(operand, r, w, x).await.is_ok();
    let stat = async || c.sys.stat(operand).await.ok();
    let is = async |t: FileType| stat().await.is_some_and(|s| s.file_type == t);
    let (uid, gid) = c.sys.ids();
    Ok(match letter {
        'n' => !operand.is_empty(),
        'z' => operand.is_empty(),
        't' => match number(operand)?.try_into() {
            Ok(fd) => c.sys.is_atty(fd).await,
            Err(_) => false,
        },
        'r' => access(true, false, false).await,
        'w' => access(false, true, false).await,
        'x' => access(false, false, true).await,
        'h' | 'L' => c.sys.lstat(operand).await.is_ok_and(|s| s.file_type == FileType::Symlink),
        'd' => is(FileType::Dir).await,
        'f' => is(FileType::File).await,
        'c' => is(FileType::Char).await,
        'p' => is(FileType::Fifo).await,
        'S' => is(FileType::Socket).await,
        'e' => stat().await.is_some(),
        's' => stat().await.is_some_and(|s| s.size > 0),
        'N' => stat().await.is_some_and(|s| s.time('m') > s.atime),
        'u' => stat().await.is_some_and(|s| s.mode & 0o4000 > 0),
        'g' => stat().await.is_some_and(|s| s.mode & 0o2000 > 0),
        'k' => stat().await.is_some_and(|s| s.mode & 0o1000 > 0),
        'O' => stat().await.is_some_and(|s| s.uid == uid),
        'G' => stat().await.is_some_and(|s| s.gid == gid),
        _ => false,
    })
}

async fn binary_true(c: &Cli, a: &str, op: &str, b: &str) -> Result<bool, String> {
    let time = |s: &Stat| (s.mtime, s.mtime_nsec);
    Ok(match op {
        "=" | "==" => a == b,
        "!=" => a != b,
        "<" => a < b,
        ">" => a > b,
        "-eq" => number(a)? == number(b)?,
        "-ne" => number(a)? != number(b)?,
        "-lt" => number(a)? < number(b)?,
        "-le" => number(a)? <= number(b)?,
        "-gt" => number(a)? > number(b)?,
        "-ge" => number(a)? >= number(b)?,
        _ => {
            let (x, y) = (c.sys.stat(a).await.ok(), c.sys.stat(b).await.ok());
            match op {
                "-ef" => x.zip(y).is_some_and(|(x, y)| (x.dev, x.ino) == (y.dev, y.ino)),
                "-nt" => x.as_ref().map(time) > y.as_ref().map(time),
                _ => x.as_ref().map(time) < y.as_ref().map(time),
            }
        }
    })
}

async fn evaluate(c: &Cli, words: Vec<String>) -> Result<bool, String> {
    let n = words.len();
    let mut p = Parser { words, at: 0, steps: Vec::new() };
    p.count(n, 0)?;
    if let Some(extra) = p.left().first() {
        return Err(format!("extra argument {}", quote::word(extra)));
    }
    let mut stack = Vec::new();
    for step in p.steps {
        let value = match step {
            Step::Constant(v) => v,
            Step::Unary(letter, operand) => unary_true(c, letter, &operand).await?,
            Step::Binary(a, op, b) => binary_true(c, &a, &op, &b).await?,
            Step::Not => !stack.pop().unwrap_or(false),
            Step::And => {
                let b = stack.pop().unwrap_or(false);
                stack.pop().unwrap_or(false) && b
            }
            Step::Or => {
                let b = stack.pop().unwrap_or(false);
                stack.pop().unwrap_or(false) || b
            }
        };
        stack.push(value);
    }
    Ok(stack.pop().unwrap_or(false))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut words = std::mem::take(&mut c.args);
    if c.name == "[" && words.pop().as_deref() != Some("]") {
        return c.die(2, format!("missing {}", quote::word("]"))).await;
    }
    match evaluate(c, words).await {
        Ok(yes) => Err(Stop::Code(i32::from(!yes))),
        Err(message) => c.die(2, message).await,
    }
}
