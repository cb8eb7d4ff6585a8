//! Perl's notation.

use super::{Class, Op, Perl, Set};

/// Parentheses within parentheses.
const DEEP: usize = 60;
/// Operations, with the copies of what is repeated.
const SIZE: usize = 50_000;

enum Node {
    Op(Op),
    Group(usize, Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Repeat { inner: Box<Node>, least: usize, most: Option<usize>, lazy: bool },
    Look { inner: Box<Node>, back: bool, not: bool },
    Atomic(Box<Node>),
}

/// `(?imsx)`.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "they are Perl's flags")]
struct Flags {
    fold: bool,
    multi: bool,
    all: bool,
    free: bool,
}

struct Parser {
    p: Vec<char>,
    at: usize,
    flags: Flags,
    names: Vec<Option<String>>,
    /// Groups that are referred to.
    most: usize,
}

/// Compiles a pattern.
pub(super) fn compile(pattern: &str, ignore_case: bool, multi: bool) -> Result<Perl, String> {
    let flags = Flags { fold: ignore_case, multi, all: false, free: false };
    let mut p = Parser { p: pattern.chars().collect(), at: 0, flags, names: vec![None], most: 0 };
    let node = p.alternatives(0)?;
    if p.at < p.p.len() {
        return Err("unmatched closing parenthesis".to_owned());
    }
    if p.most >= p.names.len() {
        return Err("reference to non-existent subpattern".to_owned());
    }
    let slots = p.names.len() * 2;
    let mut perl = Perl { ops: Vec::new(), names: p.names, slots };
    perl.emit(&node)?;
    perl.ops.push(Op::Match);
    Ok(perl)
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.p.get(self.at).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(i, c)| self.p.get(self.at + i) == Some(&c));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    /// Up to a character, which is read too.
    fn until(&mut self, end: char) -> Result<String, String> {
        let from = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err("missing terminator".to_owned());
        }
        self.at += 1;
        Ok(self.p[from..self.at - 1].iter().collect())
    }

    fn alternatives(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEEP {
            return Err("parentheses are too deeply nested".to_owned());
        }
        let flags = self.flags;
        let mut all = vec![self.sequence(depth)?];
        while self.take("|") {
            all.push(self.sequence(depth)?);
        }
        self.flags = flags;
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Any(all) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, String> {
        let mut all = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            if self.flags.free && c.is_whitespace() {
                self.at += 1;
                continue;
            }
            if self.flags.free && c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                continue;
            }
            if self.take("\\Q") {
                while self.at < self.p.len() && !self.take("\\E") {
                    all.extend(self.peek().map(|c| Node::Op(Op::Char(c, self.flags.fold))));
                    self.at += 1;
                }
            } else if !self.take("\\E") {
                let node = self.atom(depth)?;
                all.push(node);
            }
            if let Some((least, most)) = self.count() {
                let Some(inner) = all.pop() else {
                    return Err("quantifier does not follow a repeatable item".to_owned());
                };
                let (lazy, own) = (self.take("?"), self.take("+"));
                let node = Node::Repeat { inner: Box::new(inner), least, most, lazy };
                all.push(if own { Node::Atomic(Box::new(node)) } else { node });
            }
        }
        Ok(Node::All(all))
    }

    /// A quantifier: at least, and at most.
    fn count(&mut self) -> Option<(usize, Option<usize>)> {
        let counts = match self.peek()? {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            '{' => {
                let close = self.p[self.at..].iter().position(|c| *c == '}')? + self.at;
                let text: String = self.p[self.at + 1..close].iter().collect();
                let counts = match text.split_once(',') {
                    None => (text.parse().ok()?, Some(text.parse().ok()?)),
                    Some((a, "")) => (a.parse().ok()?, None),
                    Some((a, b)) => (a.parse().ok()?, Some(b.parse().ok()?)),
                };
                self.at = close;
                counts
            }
            _ => return None,
        };
        self.at += 1;
        Some(counts)
    }

    fn close(&mut self, node: Node) -> Result<Node, String> {
        if self.take(")") { Ok(node) } else { Err("missing closing parenthesis".to_owned()) }
    }

    fn group(&mut self, name: Option<String>, depth: usize) -> Result<Node, String> {
        let n = self.names.len();
        self.names.push(name);
        let inner = self.alternatives(depth + 1)?;
        self.close(Node::Group(n, Box::new(inner)))
    }

    fn parenthesis(&mut self, depth: usize) -> Result<Node, String> {
        if !self.take("?") {
            return self.group(None, depth);
        }
        for (lead, back, not) in [("=", false, false), ("!", false, true), ("<=", true, false), ("<!", true, true)] {
            if self.take(lead) {
                let inner = Box::new(self.alternatives(depth + 1)?);
                return self.close(Node::Look { inner, back, not });
            }
        }
        for (lead, end) in [("<", '>'), ("P<", '>'), ("'", '\'')] {
            if self.take(lead) {
                let name = self.until(end)?;
                return self.group(Some(name), depth);
            }
        }
        if self.take("P=") {
            let name = self.until(')')?;
            return self.named(&name);
        }
        if self.take("#") {
            self.until(')')?;
            return Ok(Node::All(Vec::new()));
        }
        if self.take(">") {
            let inner = Box::new(self.alternatives(depth + 1)?);
            return self.close(Node::Atomic(inner));
        }
        if self.take("|") {
            let inner = self.alternatives(depth + 1)?;
            return self.close(inner);
        }
        if self.take("(") {
            return self.condition(depth);
        }
        let mut flags = self.flags;
        let mut on = true;
        loop {
            let c = self.peek().ok_or("missing closing parenthesis")?;
            self.at += 1;
            match c {
                '-' => on = false,
                '^' => flags = Flags { fold: false, multi: false, all: false, free: false },
                'i' => flags.fold = on,
                'm' => flags.multi = on,
                's' => flags.all = on,
                'x' => flags.free = on,
                'U' | 'u' | 'n' | 'J' => {}
                ')' => {
                    self.flags = flags;
                    return Ok(Node::All(Vec::new()));
                }
                ':' => {
                    let before = std::mem::replace(&mut self.flags, flags);
                    let inner = self.alternatives(depth + 1)?;
                    self.flags = before;
                    return self.close(inner);
                }
                _ => return Err("unrecognized character after (? or (?-".to_owned()),
            }
        }
    }

    /// `(?(1)yes|no)`: by whether a group took part.
    fn condition(&mut self, depth: usize) -> Result<Node, String> {
        let name = self.until(')')?;
        let name = name.trim_matches(['<', '>', '\'']);
        let n = match name.parse() {
            Ok(n) => n,
            Err(_) => self.number(name)?,
        };
        self.most = self.most.max(n);
        let both = self.alternatives(depth + 1)?;
        let (yes, no) = match both {
            Node::Any(mut all) if all.len() == 2 => {
                let no = all.pop().unwrap_or(Node::All(Vec::new()));
                (all.pop().unwrap_or(Node::All(Vec::new())), no)
            }
            one => (one, Node::All(Vec::new())),
        };
        let is = |not: bool| Node::Op(Op::Given(n, not));
        self.close(Node::Any(vec![Node::All(vec![is(false), yes]), Node::All(vec![is(true), no])]))
    }

    fn number(&self, name: &str) -> Result<usize, String> {
        let found = self.names.iter().position(|n| n.as_deref() == Some(name));
        found.ok_or_else(|| "reference to non-existent subpattern".to_owned())
    }

    fn named(&mut self, name: &str) -> Result<Node, String> {
        let n = self.number(name)?;
        Ok(Node::Op(Op::Back(n, self.flags.fold)))
    }

    fn atom(&mut self, depth: usize) -> Result<Node, String> {
        let Some(c) = self.peek() else { return Ok(Node::All(Vec::new())) };
        self.at += 1;
        let f = self.flags;
        Ok(match c {
            '(' => self.parenthesis(depth)?,
            '[' => Node::Op(Op::Set(self.set()?, f.fold)),
            '.' => Node::Op(Op::Any(f.all)),
            '^' => Node::Op(if f.multi { Op::LineBegin } else { Op::Begin }),
            '$' => Node::Op(if f.multi { Op::LineEnd } else { Op::LastLine }),
            '*' | '+' | '?' => return Err("quantifier does not follow a repeatable item".to_owned()),
            '\\' => self.escape()?,
            c => Node::Op(Op::Char(c, f.fold)),
        })
    }

    fn escape(&mut self) -> Result<Node, String> {
        let Some(c) = self.peek() else { return Err("\\ at end of pattern".to_owned()) };
        if let Some(class) = class(c) {
            self.at += 1;
            return Ok(Node::Op(Op::Set(Set { classes: vec![class], ..Set::default() }, false)));
        }
        self.at += 1;
        let fold = self.flags.fold;
        Ok(Node::Op(match c {
            'A' => Op::Begin,
            'z' => Op::End,
            'Z' => Op::LastLine,
            'b' => Op::Word(true),
            'B' => Op::Word(false),
            'K' => Op::Keep,
            'G' => return Ok(Node::All(Vec::new())),
            'R' => {
                let pair = "\r\n".chars().map(|c| Node::Op(Op::Char(c, false))).collect();
                let one = Set { classes: vec![(Class::Vertical, false)], ..Set::default() };
                return Ok(Node::Atomic(Box::new(Node::Any(vec![Node::All(pair), Node::Op(Op::Set(one, false))]))));
            }
            'X' => Op::Any(true),
            'N' => Op::Any(false),
            'k' => {
                let end = match self.peek() {
                    Some('{') => '}',
                    Some('\'') => '\'',
                    _ => '>',
                };
                self.at += 1;
                let name = self.until(end)?;
                return self.named(&name);
            }
            'g' => {
                let text = if self.take("{") {
                    self.until('}')?
                } else {
                    let from = self.at;
                    while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                        self.at += 1;
                    }
                    self.p[from..self.at].iter().collect()
                };
                match text.parse::<i64>() {
                    Ok(n) if n < 0 => self.back(self.names.len().saturating_sub(n.unsigned_abs() as usize)),
                    Ok(n) => self.back(n as usize),
                    Err(_) => return self.named(&text),
                }
            }
            '1'..='9' => {
                let from = self.at - 1;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
                let text: String = self.p[from..self.at].iter().collect();
                self.back(text.parse().unwrap_or(usize::MAX))
            }
            _ => {
                self.at -= 1;
                Op::Char(self.character()?, fold)
            }
        }))
    }

    fn back(&mut self, n: usize) -> Op {
        self.most = self.most.max(n);
        Op::Back(n, self.flags.fold)
    }

    fn digits(&mut self, radix: u32, most: usize) -> char {
        let from = self.at;
        while self.at - from < most && self.p.get(self.at).is_some_and(|d| d.is_digit(radix)) {
            self.at += 1;
        }
        let text: String = self.p[from..self.at].iter().collect();
        char::from_u32(u32::from_str_radix(&text, radix).unwrap_or(0)).unwrap_or('\u{fffd}')
    }

    /// A character behind a backslash.
    fn character(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("\\ at end of pattern")?;
        self.at += 1;
        Ok(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\x0c',
            'a' => '\x07',
            'e' => '\x1b',
            '0' => self.digits(8, 2),
            'x' if self.p.get(self.at) == Some(&'{') => {
                self.at += 1;
                let text = self.until('}')?;
                char::from_u32(u32::from_str_radix(&text, 16).unwrap_or(0)).unwrap_or('\u{fffd}')
            }
            'x' => self.digits(16, 2),
            'u' => self.digits(16, 4),
            c => c,
        })
    }

    fn set(&mut self) -> Result<Set, String> {
        let mut set = Set { negated: self.take("^"), ..Set::default() };
        let mut first = true;
        let missing = || "missing terminating ] for character class".to_owned();
        loop {
            let c = self.peek().ok_or_else(missing)?;
            if c == ']' && !first {
                self.at += 1;
                return Ok(set);
            }
            first = false;
            if self.take("[:") {
                let text = self.until(':')?;
                if !self.take("]") {
                    return Err(missing());
                }
                let (not, name) = text.strip_prefix('^').map_or((false, text.as_str()), |n| (true, n));
                set.classes.push((posix(name).ok_or("unknown POSIX class name")?, not));
                continue;
            }
            let Some(from) = self.member(&mut set)? else { continue };
            if self.peek() == Some('-') && self.p.get(self.at + 1).is_some_and(|c| *c != ']') {
                self.at += 1;
                match self.member(&mut set)? {
                    Some(to) if to < from => return Err("range out of order in character class".to_owned()),
                    Some(to) => set.ranges.push((from, to)),
                    None => set.ranges.extend([(from, from), ('-', '-')]),
                }
            } else {
                set.ranges.push((from, from));
            }
        }
    }

    /// A character of a set; `None`: a class, which is in the set now.
    fn member(&mut self, set: &mut Set) -> Result<Option<char>, String> {
        let c = self.peek().ok_or("missing terminating ] for character class")?;
        self.at += 1;
        if c != '\\' {
            return Ok(Some(c));
        }
        if let Some(class) = self.peek().and_then(class) {
            self.at += 1;
            set.classes.push(class);
            return Ok(None);
        }
        if self.take("b") {
            return Ok(Some('\x08'));
        }
        self.character().map(Some)
    }
}

/// `\d` and its kin.
fn class(c: char) -> Option<(Class, bool)> {
    let class = match c.to_ascii_lowercase() {
        'd' => Class::Digit,
        'w' => Class::Word,
        's' => Class::Space,
        'h' => Class::Blank,
        'v' => Class::Vertical,
        _ => return None,
    };
    Some((class, c.is_ascii_uppercase()))
}

fn posix(name: &str) -> Option<Class> {
    Some(match name {
        "digit" => Class::Digit,
        "word" => Class::Word,
        "space" => Class::Space,
        "blank" => Class::Blank,
        "alpha" => Class::Alpha,
        "alnum" => Class::Alnum,
        "upper" => Class::Upper,
        "lower" => Class::Lower,
        "punct" => Class::Punct,
        "print" => Class::Print,
        "graph" => Class::Graph,
        "cntrl" => Class::Control,
        "xdigit" => Class::Hex,
        _ => return None,
    })
}

impl Perl {
    fn emit(&mut self, node: &Node) -> Result<(), String> {
        if self.ops.len() > SIZE {
            return Err("regular expression is too large".to_owned());
        }
        match node {
            Node::Op(op) => self.ops.push(op.clone()),
            Node::Group(n, inner) => {
                self.ops.push(Op::Save(n * 2));
                self.emit(inner)?;
                self.ops.push(Op::Save(n * 2 + 1));
            }
            Node::All(all) => all.iter().try_for_each(|n| self.emit(n))?,
            Node::Any(all) => {
                let mut ends = Vec::new();
                for (i, n) in all.iter().enumerate() {
                    let split = self.ops.len();
                    let last = i + 1 == all.len();
                    if !last {
                        self.ops.push(Op::Jump(0));
                    }
                    self.emit(n)?;
                    if !last {
                        ends.push(self.ops.len());
                        self.ops.push(Op::Jump(0));
                        self.ops[split] = Op::Split(split + 1, self.ops.len());
                    }
                }
                for e in ends {
                    self.ops[e] = Op::Jump(self.ops.len());
                }
            }
            Node::Look { inner, back, not } => {
                let here = self.inner(inner)?;
                self.ops[here] = Op::Look { end: self.ops.len(), back: *back, not: *not };
            }
            Node::Atomic(inner) => {
                let here = self.inner(inner)?;
                self.ops[here] = Op::Atomic(self.ops.len());
            }
            Node::Repeat { inner, least, most, lazy } => {
                for _ in 0..*least {
                    self.emit(inner)?;
                }
                let split = |from: usize, to: usize| if *lazy { Op::Split(to, from) } else { Op::Split(from, to) };
                let Some(most) = most else {
                    let slot = self.slots;
                    self.slots += 1;
                    let at = self.ops.len();
                    self.ops.extend([Op::Jump(0), Op::Save(slot)]);
                    self.emit(inner)?;
                    self.ops.extend([Op::Moved(slot), Op::Jump(at)]);
                    self.ops[at] = split(at + 1, self.ops.len());
                    return Ok(());
                };
                let mut splits = Vec::new();
                for _ in *least..*most {
                    splits.push(self.ops.len());
                    self.ops.push(Op::Jump(0));
                    self.emit(inner)?;
                }
                for s in splits {
                    self.ops[s] = split(s + 1, self.ops.len());
                }
            }
        }
        Ok(())
    }

    /// A pattern of its own behind a place that is filled later.
    fn inner(&mut self, node: &Node) -> Result<usize, String> {
        let here = self.ops.len();
        self.ops.push(Op::Jump(0));
        self.emit(node)?;
        self.ops.push(Op::Match);
        Ok(here)
    }
}
