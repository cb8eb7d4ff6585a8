//! `test` and `[`.
use layerlab_kernel::{Cx, FileType, Stat};

use super::Ran;
use crate::dialect::Dialect;
use crate::eval::Shell;

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    let who = argv.first().map_or("test", String::as_str);
    let mut args = argv.get(1..).unwrap_or(&[]);
    if who == "[" {
        match args.split_last() {
            Some((last, rest)) if last == "]" => args = rest,
            _ => {
                fail(sh, who, if sh.dialect.is_bash() { "missing `]'" } else { "missing ]" });
                return 2.into();
            }
        }
    }
    let mut t = Test { sh, cx, args, pos: 0, depth: 0 };
    match t.evaluate() {
        Ok(yes) => i32::from(!yes).into(),
        Err(text) => {
            fail(sh, who, &text);
            2.into()
        }
    }
}

fn fail(sh: &mut Shell, who: &str, text: &str) {
    if sh.dialect == Dialect::Ash {
        sh.complain_as_applet(text);
    } else {
        sh.complain_as(who, text);
    }
}

const BINARY: &[&str] = &["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];
const UNARY: &str = "abcdefghknoprstuvwxzGLNORS";
/// What dash and ash don't have.
const ONLY_BASH: &str = "aovNR";

struct Test<'a, 'b, 'c> {
    sh: &'a mut Shell,
    cx: &'b mut Cx<'c>,
    args: &'a [String],
    pos: usize,
    depth: u32,
}

type Answer = Result<bool, String>;

impl<'a> Test<'a, '_, '_> {
    fn is_unary(&self, s: &str) -> bool {
        let known = |c: char| UNARY.contains(c) && (self.sh.dialect.is_bash() || !ONLY_BASH.contains(c));
        s.len() == 2 && s.starts_with('-') && s.chars().nth(1).is_some_and(known)
    }

    fn is_binary(&self, s: &str) -> bool {
        BINARY.contains(&s) && (s != "==" || !self.sh.is_dash())
    }

    fn at(&self, i: usize) -> &'a str {
        self.args.get(i).map_or("", String::as_str)
    }

    /// POSIX's rules by the number of arguments, then the old grammar.
    fn evaluate(&mut self) -> Answer {
        self.by_count(0, self.args.len())
    }

    fn by_count(&mut self, from: usize, n: usize) -> Answer {
        let (a, b, c) = (self.at(from), self.at(from + 1), self.at(from + 2));
        match n {
            0 => Ok(false),
            1 => Ok(!a.is_empty()),
            2 if a == "!" => Ok(b.is_empty()),
            2 if self.is_unary(a) => unary(self.sh, self.cx, a, b),
            2 if self.is_binary(b) && !self.sh.dialect.is_bash() => Err(format!("{b}: argument expected")),
            2 => Err(match self.sh.dialect {
                Dialect::Bash => format!("{a}: unary operator expected"),
                Dialect::Dash => format!("{a}: unexpected operator"),
                Dialect::Ash => format!("{b}: unknown operand"),
            }),
            3 if self.is_binary(b) => self.binary(a, b, c),
            3 if b == "-a" => Ok(!a.is_empty() && !c.is_empty()),
            3 if b == "-o" => Ok(!a.is_empty() || !c.is_empty()),
            3 if a == "!" => Ok(!self.by_count(from + 1, 2)?),
            3 if a == "(" && c == ")" => Ok(!b.is_empty()),
            3 if self.sh.dialect.is_bash() => Err(format!("{b}: binary operator expected")),
            3 if self.sh.dialect == Dialect::Dash => Err(format!("{a}: unexpected operator")),
            4 if a == "!" => Ok(!self.by_count(from + 1, 3)?),
            4 if a == "(" && self.at(from + 3) == ")" => self.by_count(from + 1, 2),
            _ => {
                self.pos = from;
                let r = self.or()?;
                if self.pos < self.args.len() {
                    return Err(match self.sh.dialect {
                        Dialect::Bash if self.at(self.pos).starts_with('-') => {
                            format!("syntax error: `{}' unexpected", self.at(self.pos))
                        }
                        Dialect::Bash => "too many arguments".into(),
                        Dialect::Dash => format!("{}: unexpected operator", self.at(self.pos.saturating_sub(1))),
                        Dialect::Ash => format!("{}: unknown operand", self.at(self.pos)),
                    });
                }
                Ok(r)
            }
        }
    }

    fn or(&mut self) -> Answer {
        let mut r = self.and()?;
        while self.at(self.pos) == "-o" && self.pos < self.args.len() {
            self.pos += 1;
            r |= self.and()?;
        }
        Ok(r)
    }

    fn and(&mut self) -> Answer {
        let mut r = self.not()?;
        while self.at(self.pos) == "-a" && self.pos < self.args.len() {
            self.pos += 1;
            r &= self.not()?;
        }
        Ok(r)
    }

    fn not(&mut self) -> Answer {
        let mut negate = false;
        while self.at(self.pos) == "!" && self.pos + 1 < self.args.len() {
            self.pos += 1;
            negate = !negate;
        }
        Ok(self.primary()? != negate)
    }

    fn primary(&mut self) -> Answer {
        self.depth += 1;
        if self.depth > 200 {
            return Err("too many arguments".into());
        }
        let (a, b, c) = (self.at(self.pos), self.at(self.pos + 1), self.at(self.pos + 2));
        if self.pos >= self.args.len() {
            return Err("argument expected".into());
        }
        let paren = a == "(" && self.sh.dialect.is_bash();
        if self.is_binary(b) && self.pos + 2 < self.args.len() && !paren {
            self.pos += 3;
            return self.binary(a, b, c);
        }
        if a == "(" {
            self.pos += 1;
            let r = self.or()?;
            if self.at(self.pos) != ")" {
                return Err(if self.sh.dialect.is_bash() {
                    "`)' expected".into()
                } else {
                    "closing paren expected".into()
                });
            }
            self.pos += 1;
            return Ok(r);
        }
        if self.is_unary(a) && self.pos + 1 < self.args.len() {
            self.pos += 2;
            return unary(self.sh, self.cx, a, b);
        }
        self.pos += 1;
        Ok(!a.is_empty())
    }

    fn binary(&mut self, a: &str, op: &str, b: &str) -> Answer {
        Ok(match op {
            "=" | "==" => a == b,
            "!=" => a != b,
            "<" => a < b,
            ">" => a > b,
            "-nt" | "-ot" if !self.sh.dialect.is_bash() && (self.cx.stat(a).is_err() || self.cx.stat(b).is_err()) => {
                false
            }
            "-nt" | "-ot" | "-ef" => return binary_file(self.cx, op, a, b),
            _ => {
                let (x, y) = (self.integer(a)?, self.integer(b)?);
                match op {
                    "-eq" => x == y,
                    "-ne" => x != y,
                    "-lt" => x < y,
                    "-le" => x <= y,
                    "-gt" => x > y,
                    _ => x >= y,
                }
            }
        })
    }

    fn integer(&self, s: &str) -> Result<i64, String> {
        s.trim().parse::<i64>().map_err(|_| match self.sh.dialect {
            Dialect::Bash => format!("{s}: integer expression expected"),
            Dialect::Dash => format!("Illegal number: {s}"),
            Dialect::Ash => format!("{s}: bad number"),
        })
    }
}

/// `-nt`, `-ot`, `-ef`.
pub fn binary_file(cx: &mut Cx<'_>, op: &str, a: &str, b: &str) -> Result<bool, String> {
    let (x, y) = (cx.stat(a).ok(), cx.stat(b).ok());
    let time = |s: &Stat| (s.mtime, s.mtime_nsec);
    Ok(match (op, &x, &y) {
        ("-ef", Some(x), Some(y)) => (x.dev, x.ino) == (y.dev, y.ino),
        ("-nt", Some(x), Some(y)) => time(x) > time(y),
        ("-ot", Some(x), Some(y)) => time(x) < time(y),
        ("-nt", Some(_), None) | ("-ot", None, Some(_)) => true,
        _ => false,
    })
}

/// `-f` and the others.
pub fn unary(sh: &mut Shell, cx: &mut Cx<'_>, op: &str, arg: &str) -> Result<bool, String> {
    let c = op.chars().nth(1).unwrap_or(' ');
    match c {
        'n' => return Ok(!arg.is_empty()),
        'z' => return Ok(arg.is_empty()),
        't' => {
            return match arg.trim().parse::<i32>() {
                Ok(fd) => Ok(cx.tc_get_attr(fd).is_ok()),
                Err(_) if sh.dialect.is_bash() => Ok(false),
                Err(_) => Err(format!("Illegal number: {arg}")),
            };
        }
        'v' => {
            let (name, index) = match arg.split_once('[').and_then(|(n, k)| k.strip_suffix(']').map(|k| (n, k))) {
                Some((n, k)) => (n.to_owned(), Some(k.to_owned())),
                None => (arg.to_owned(), None),
            };
            return Ok(sh.value_of(&crate::eval::Slot { name, index }, cx).is_some());
        }
        'o' => return Ok(sh.opts.has(arg)),
        'R' => return Ok(sh.vars.get_raw(arg).is_some_and(|v| v.nameref)),
        'r' => return Ok(cx.access(arg, true, false, false).is_ok()),
        'w' => return Ok(cx.access(arg, false, true, false).is_ok()),
        'x' => return Ok(cx.access(arg, false, false, true).is_ok()),
        'h' | 'L' => return Ok(cx.lstat(arg).is_ok_and(|s| s.file_type == FileType::Symlink)),
        _ => {}
    }
    let Ok(s) = (if arg.is_empty() { Err(layerlab_kernel::Errno::ENOENT) } else { cx.stat(arg) }) else {
        return Ok(false);
    };
    Ok(match c {
        'a' | 'e' => true,
        'f' => s.file_type == FileType::File,
        'd' => s.file_type == FileType::Dir,
        'b' => s.file_type == FileType::Block,
        'c' => s.file_type == FileType::Char,
        'p' => s.file_type == FileType::Fifo,
        'S' => s.file_type == FileType::Socket,
        's' => s.size > 0,
        'u' => s.mode & 0o4000 != 0,
        'g' => s.mode & 0o2000 != 0,
        'k' => s.mode & 0o1000 != 0,
        'O' => s.uid == cx.ids().0,
        'G' => s.gid == cx.ids().1,
        _ => false,
    })
}
