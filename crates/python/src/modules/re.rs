//! The native half of `re`: patterns to programs. The syntax is the library reference's.

use super::re_match::{Inst, Set, search};
use crate::types::arg;
use crate::value::Value;
use crate::vm::start::Registry;

/// What `re.error` says, and where in the pattern.
struct Bad(String, usize);

type Res<T> = Result<T, Bad>;

const MAX_DEPTH: usize = 60;
const MAX_PROGRAM: usize = 40_000;

const I: i64 = 2;
const M: i64 = 8;
const S: i64 = 16;
const X: i64 = 64;
const A: i64 = 256;

enum Node {
    Empty,
    Char(char, bool),
    Any(bool),
    Set(Set),
    Cat(Vec<Node>),
    Alt(Vec<Node>),
    Repeat { min: u32, max: Option<u32>, greedy: bool, node: Box<Node> },
    Group(usize, Box<Node>),
    Back(usize, bool),
    Assert(char),
    Look { behind: bool, negative: bool, node: Box<Node> },
}

struct Parser<'a> {
    src: &'a [char],
    i: usize,
    flags: i64,
    groups: usize,
    names: Vec<(String, usize)>,
    open: Vec<usize>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.src.get(self.i).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let yes = self.peek() == Some(c);
        self.i += usize::from(yes);
        yes
    }

    fn alternatives(&mut self) -> Res<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Bad("too many nested groups".into(), self.i));
        }
        let saved = self.flags;
        let mut all = vec![self.sequence()?];
        while self.eat('|') {
            all.push(self.sequence()?);
        }
        self.flags = if self.depth == 1 { self.flags } else { saved };
        self.depth -= 1;
        Ok(if all.len() == 1 { all.pop().unwrap_or(Node::Empty) } else { Node::Alt(all) })
    }

    fn sequence(&mut self) -> Res<Node> {
        let mut out = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            if self.flags & X != 0 {
                if c.is_whitespace() {
                    self.i += 1;
                    continue;
                }
                if c == '#' {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.i += 1;
                    }
                    continue;
                }
            }
            let at = self.i;
            let node = self.atom()?;
            let node = self.repeats(node, at)?;
            out.push(node);
        }
        Ok(Node::Cat(out))
    }

    fn repeats(&mut self, node: Node, at: usize) -> Res<Node> {
        let from = self.i;
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.braces()? {
                Some(b) => b,
                None => return Ok(node),
            },
            _ => return Ok(node),
        };
        if !matches!(self.src.get(from), Some('{')) {
            self.i += 1;
        }
        if matches!(node, Node::Empty | Node::Assert('^' | 'A')) {
            return Err(Bad("nothing to repeat".into(), at.max(from)));
        }
        let greedy = !self.eat('?');
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(Bad("multiple repeat".into(), self.i));
        }
        Ok(Node::Repeat { min, max, greedy, node: Box::new(node) })
    }

    /// `{m}`, `{m,}`, `{,n}` or `{m,n}`; anything else is plain text.
    #[allow(clippy::type_complexity, reason = "a pair of bounds, or not one")]
    fn braces(&mut self) -> Res<Option<(u32, Option<u32>)>> {
        let from = self.i;
        let Some(len) = self.src.get(from..).and_then(|r| r.iter().position(|c| *c == '}')) else { return Ok(None) };
        let body: String = self.src.get(from + 1..from + len).unwrap_or(&[]).iter().collect();
        let (a, b) = match body.split_once(',') {
            Some((a, b)) => (a, b),
            None => (body.as_str(), body.as_str()),
        };
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if !digits(a) || !digits(b) || body.is_empty() {
            return Ok(None);
        }
        let min: u32 = if a.is_empty() {
            0
        } else {
            a.parse().map_err(|_| Bad("the repetition number is too large".into(), from))?
        };
        let max = if b.is_empty() {
            None
        } else {
            Some(b.parse().map_err(|_| Bad("the repetition number is too large".into(), from))?)
        };
        if max.is_some_and(|m: u32| m < min) {
            return Err(Bad("min repeat greater than max repeat".into(), from + 1));
        }
        self.i = from + len + 1;
        Ok(Some((min, max)))
    }

    fn atom(&mut self) -> Res<Node> {
        let at = self.i;
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        self.i += 1;
        let fold = self.flags & I != 0;
        Ok(match c {
            '.' => Node::Any(self.flags & S != 0),
            '^' => Node::Assert(if self.flags & M != 0 { '^' } else { 'A' }),
            '$' => Node::Assert(if self.flags & M != 0 { '$' } else { 'e' }),
            '(' => return self.group(at),
            '[' => Node::Set(self.set(at)?),
            '\\' => return self.escape(at),
            '*' | '+' | '?' => return Err(Bad("nothing to repeat".into(), at)),
            c => Node::Char(c, fold),
        })
    }

    fn escape(&mut self, at: usize) -> Res<Node> {
        let Some(c) = self.peek() else { return Err(Bad("bad escape (end of pattern)".into(), at)) };
        self.i += 1;
        let fold = self.flags & I != 0;
        Ok(match c {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => Node::Set(Set {
                negative: false,
                fold: false,
                ascii: self.flags & A != 0,
                ranges: Vec::new(),
                classes: vec![c],
            }),
            'b' | 'B' | 'A' | 'Z' => Node::Assert(c),
            '1'..='9' => {
                let mut n = c as usize - 48;
                if let Some(d) = self.peek().filter(char::is_ascii_digit) {
                    n = n * 10 + d as usize - 48;
                    self.i += 1;
                }
                if n > self.groups {
                    return Err(Bad(format!("invalid group reference {n}"), at + 1));
                }
                if self.open.contains(&n) {
                    return Err(Bad("cannot refer to an open group".into(), at));
                }
                Node::Back(n, fold)
            }
            c => Node::Char(self.plain_escape(c, at)?, fold),
        })
    }

    fn plain_escape(&mut self, c: char, at: usize) -> Res<char> {
        Ok(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\x0c',
            'v' => '\x0b',
            'a' => '\x07',
            '0' => '\0',
            'x' | 'u' | 'U' => {
                let n = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let s: String = self.src.get(self.i..self.i + n).unwrap_or(&[]).iter().collect();
                let v = u32::from_str_radix(&s, 16).ok().and_then(char::from_u32);
                let Some(v) = v else { return Err(Bad(format!("incomplete escape \\{c}{s}"), at)) };
                self.i += n;
                v
            }
            c if c.is_ascii_alphabetic() => return Err(Bad(format!("bad escape \\{c}"), at)),
            c => c,
        })
    }

    fn set(&mut self, at: usize) -> Res<Set> {
        let unterminated = || Bad("unterminated character set".into(), at);
        let negative = self.eat('^');
        let mut set = Set {
            negative,
            fold: self.flags & I != 0,
            ascii: self.flags & A != 0,
            ranges: Vec::new(),
            classes: Vec::new(),
        };
        let first = self.i;
        loop {
            let here = self.i;
            let c = self.peek().ok_or_else(unterminated)?;
            self.i += 1;
            if c == ']' && here > first {
                return Ok(set);
            }
            let Some(low) = self.set_char(c, here, &mut set)? else { continue };
            if self.peek() == Some('-') && self.src.get(self.i + 1).is_some_and(|c| *c != ']') {
                self.i += 1;
                let at = self.i;
                let c = self.peek().ok_or_else(unterminated)?;
                self.i += 1;
                let high = self.set_char(c, at, &mut set)?;
                match high {
                    Some(high) if high >= low => set.ranges.push((low, high)),
                    _ => {
                        let text: String = self.src.get(here..self.i).unwrap_or(&[]).iter().collect();
                        return Err(Bad(format!("bad character range {text}"), here));
                    }
                }
            } else {
                set.ranges.push((low, low));
            }
        }
    }

    /// One character of a set, or None for a class, which is added.
    fn set_char(&mut self, c: char, at: usize, set: &mut Set) -> Res<Option<char>> {
        if c != '\\' {
            return Ok(Some(c));
        }
        let Some(e) = self.peek() else { return Err(Bad("unterminated character set".into(), at)) };
        self.i += 1;
        if matches!(e, 'd' | 'D' | 'w' | 'W' | 's' | 'S') {
            set.classes.push(e);
            return Ok(None);
        }
        if e == 'b' {
            return Ok(Some('\x08'));
        }
        self.plain_escape(e, at).map(Some)
    }

    fn name(&mut self, end: char) -> Res<String> {
        let at = self.i;
        while self.peek().is_some_and(|c| c != end) {
            self.i += 1;
        }
        let name: String = self.src.get(at..self.i).unwrap_or(&[]).iter().collect();
        if !self.eat(end) {
            return Err(Bad(
                if name.is_empty() { "missing group name".into() } else { format!("missing {end}, unterminated name") },
                at,
            ));
        }
        if name.is_empty() {
            return Err(Bad("missing group name".into(), at));
        }
        if !name.chars().all(|c| c == '_' || c.is_alphanumeric()) || name.starts_with(|c: char| c.is_numeric()) {
            return Err(Bad(format!("bad character in group name '{name}'"), at));
        }
        Ok(name)
    }

    fn group(&mut self, at: usize) -> Res<Node> {
        let mut number = 0;
        let mut look = None;
        if self.eat('?') {
            let c = self.peek();
            self.i += 1;
            match c {
                Some(':') => {}
                Some('P') if self.eat('<') => number = self.named()?,
                Some('P') if self.eat('=') => {
                    let from = self.i;
                    let name = self.name(')')?;
                    let found = self.names.iter().find(|n| n.0 == name).map(|n| n.1);
                    let Some(n) = found else { return Err(Bad(format!("unknown group name '{name}'"), from)) };
                    return Ok(Node::Back(n, self.flags & I != 0));
                }
                Some('#') => {
                    while self.peek().is_some_and(|c| c != ')') {
                        self.i += 1;
                    }
                    if !self.eat(')') {
                        return Err(Bad("missing ), unterminated comment".into(), at));
                    }
                    return Ok(Node::Cat(Vec::new()));
                }
                Some(c @ ('=' | '!')) => look = Some((false, c == '!')),
                Some('<') if matches!(self.peek(), Some('=' | '!')) => {
                    let negative = self.peek() == Some('!');
                    self.i += 1;
                    look = Some((true, negative));
                }
                Some(_) => {
                    self.i -= 1;
                    return self.inline_flags(at);
                }
                None => return Err(Bad("unexpected end of pattern".into(), self.i - 1)),
            }
        } else {
            self.groups += 1;
            number = self.groups;
        }
        if number > 0 {
            self.open.push(number);
        }
        let inner = self.alternatives()?;
        if number > 0 {
            self.open.pop();
        }
        if !self.eat(')') {
            return Err(Bad("missing ), unterminated subpattern".into(), at));
        }
        let node = Box::new(inner);
        Ok(match look {
            Some((behind, negative)) => {
                if behind && width(&node).is_none() {
                    return Err(Bad("look-behind requires fixed-width pattern".into(), usize::MAX));
                }
                Node::Look { behind, negative, node }
            }
            None if number > 0 => Node::Group(number, node),
            None => *node,
        })
    }

    fn named(&mut self) -> Res<usize> {
        let from = self.i;
        let name = self.name('>')?;
        self.groups += 1;
        if let Some(old) = self.names.iter().find(|n| n.0 == name) {
            let msg = format!("redefinition of group name '{name}' as group {}; was group {}", self.groups, old.1);
            return Err(Bad(msg, from));
        }
        self.names.push((name, self.groups));
        Ok(self.groups)
    }

    /// `(?i)` for the whole pattern, `(?i:…)` for a part.
    fn inline_flags(&mut self, at: usize) -> Res<Node> {
        let (mut on, mut off, mut minus) = (0, 0, false);
        loop {
            let here = self.i;
            let c = self.peek();
            self.i += 1;
            let flag = match c {
                Some('i') => I,
                Some('m') => M,
                Some('s') => S,
                Some('x') => X,
                Some('a') => A,
                Some('u' | 'L') => 0,
                Some('-') if !minus => {
                    minus = true;
                    continue;
                }
                Some(')') => {
                    if at != 0 {
                        return Err(Bad("global flags not at the start of the expression".into(), at));
                    }
                    self.flags |= on;
                    return Ok(Node::Cat(Vec::new()));
                }
                Some(':') => break,
                Some(c) if on == 0 && !minus => {
                    return Err(Bad(format!("unknown extension ?{c}"), at + 1));
                }
                Some(_) => return Err(Bad("unknown flag".into(), here)),
                None => return Err(Bad("missing -, : or )".into(), here)),
            };
            if minus {
                off |= flag;
            } else {
                on |= flag;
            }
        }
        let saved = self.flags;
        self.flags = (self.flags | on) & !off;
        let inner = self.alternatives()?;
        self.flags = saved;
        if !self.eat(')') {
            return Err(Bad("missing ), unterminated subpattern".into(), at));
        }
        Ok(inner)
    }
}

/// The number of characters that a node matches, if it is always the same.
fn width(n: &Node) -> Option<usize> {
    match n {
        Node::Empty | Node::Assert(_) | Node::Look { .. } => Some(0),
        Node::Char(..) | Node::Any(_) | Node::Set(_) => Some(1),
        Node::Cat(ns) => ns.iter().map(width).sum(),
        Node::Alt(ns) => {
            let mut ws = ns.iter().map(width);
            let first = ws.next()??;
            ws.all(|w| w == Some(first)).then_some(first)
        }
        Node::Repeat { min, max, node, .. } => {
            let w = width(node)?;
            if *max == Some(*min) { w.checked_mul(*min as usize) } else { None }
        }
        Node::Group(_, n) => width(n),
        Node::Back(..) => None,
    }
}

struct Compiler {
    out: Vec<Inst>,
    slots: usize,
    too_big: bool,
}

impl Compiler {
    fn add(&mut self, i: Inst) -> usize {
        if self.out.len() >= MAX_PROGRAM {
            self.too_big = true;
        } else {
            self.out.push(i);
        }
        self.out.len().saturating_sub(1)
    }

    fn fix(&mut self, at: usize, i: Inst) {
        if let Some(slot) = self.out.get_mut(at) {
            *slot = i;
        }
    }

    fn node(&mut self, n: &Node) {
        if self.too_big {
            return;
        }
        match n {
            Node::Empty => {}
            Node::Char(c, fold) => {
                self.add(Inst::Char(*c, *fold));
            }
            Node::Any(all) => {
                self.add(Inst::Any(*all));
            }
            Node::Set(s) => {
                self.add(Inst::Set(s.clone()));
            }
            Node::Cat(ns) => ns.iter().for_each(|n| self.node(n)),
            Node::Alt(ns) => {
                let mut ends = Vec::new();
                for (i, n) in ns.iter().enumerate() {
                    if i + 1 == ns.len() {
                        self.node(n);
                        break;
                    }
                    let split = self.add(Inst::Fail);
                    self.node(n);
                    ends.push(self.add(Inst::Fail));
                    let next = self.out.len();
                    self.fix(split, Inst::Split(split + 1, next));
                }
                let end = self.out.len();
                ends.into_iter().for_each(|e| self.fix(e, Inst::Jump(end)));
            }
            Node::Repeat { min, max, greedy, node } => self.repeat(*min, *max, *greedy, node),
            Node::Group(n, inner) => {
                self.add(Inst::Save(2 * n));
                self.node(inner);
                self.add(Inst::Save(2 * n + 1));
            }
            Node::Back(n, fold) => {
                self.add(Inst::Back(*n, *fold));
            }
            Node::Assert(c) => {
                self.add(Inst::Assert(*c));
            }
            Node::Look { behind, negative, node } => {
                let at = self.add(Inst::Fail);
                self.node(node);
                self.add(Inst::Match);
                let back = if *behind { width(node).unwrap_or(0) } else { 0 };
                let end = self.out.len();
                self.fix(at, Inst::Look { back, negative: *negative, end });
            }
        }
    }

    fn repeat(&mut self, min: u32, max: Option<u32>, greedy: bool, node: &Node) {
        let branch =
            |here: usize, there: usize| if greedy { Inst::Split(here, there) } else { Inst::Split(there, here) };
        for _ in 0..min {
            self.node(node);
            if self.too_big {
                return;
            }
        }
        match max {
            Some(max) => {
                let mut splits = Vec::new();
                for _ in min..max {
                    splits.push(self.add(Inst::Fail));
                    self.node(node);
                    if self.too_big {
                        return;
                    }
                }
                let end = self.out.len();
                splits.into_iter().for_each(|s| self.fix(s, branch(s + 1, end)));
            }
            None => {
                // A round that matches nothing ends the loop.
                let slot = self.slots;
                self.slots += 1;
                let split = self.add(Inst::Fail);
                self.add(Inst::Save(slot));
                self.node(node);
                self.add(Inst::Progress(slot));
                self.add(Inst::Jump(split));
                let end = self.out.len();
                self.fix(split, branch(split + 1, end));
            }
        }
    }
}

/// A pattern's program, its groups, their names and its flags.
struct Program {
    insts: Vec<Inst>,
    groups: usize,
    slots: usize,
    names: Vec<(String, usize)>,
    flags: i64,
}

fn compile(pattern: &str, flags: i64) -> Res<Program> {
    let src: Vec<char> = pattern.chars().collect();
    let mut p = Parser { src: &src, i: 0, flags, groups: 0, names: Vec::new(), open: Vec::new(), depth: 0 };
    let node = p.alternatives()?;
    if p.i < src.len() {
        return Err(Bad("unbalanced parenthesis".into(), p.i));
    }
    let (groups, names, flags) = (p.groups, p.names, p.flags);
    let mut c = Compiler { out: Vec::new(), slots: 2 * (groups + 1), too_big: false };
    c.node(&node);
    c.add(Inst::Match);
    if c.too_big {
        return Err(Bad("the pattern's repetitions are too large".into(), 0));
    }
    Ok(Program { insts: c.out, groups, slots: c.slots, names, flags })
}

pub(super) fn register(reg: &mut Registry) {
    // (groups, names, flags), or (message, position)
    reg.func("_re", "parse", 2, 2, |vm, a| {
        let pattern = vm.want_str(arg(a, 0), "pattern")?.to_string();
        let flags = vm.want_int(arg(a, 1))?;
        match compile(&pattern, flags) {
            Ok(p) => {
                let mut names = Vec::new();
                for (n, i) in p.names {
                    let n = vm.str(n);
                    names.push(vm.tuple(vec![n, Value::Int(i as i64)]));
                }
                let names = vm.tuple(names);
                Ok(vm.tuple(vec![Value::Int(p.groups as i64), names, Value::Int(p.flags)]))
            }
            Err(Bad(msg, at)) => {
                let msg = vm.str(msg);
                let at = if at == usize::MAX { Value::None } else { Value::Int(at as i64) };
                Ok(vm.tuple(vec![msg, at]))
            }
        }
    });
    // find(pattern, flags, text, from, to, mode, limit): spans of up to so many matches; mode 0 searches, 1 matches here, 2 to the end
    reg.func("_re", "find", 7, 7, |vm, a| {
        let pattern = vm.want_str(arg(a, 0), "pattern")?.to_string();
        let flags = vm.want_int(arg(a, 1))?;
        let text: Vec<char> = vm.want_str(arg(a, 2), "string")?.chars().collect();
        let mut at = vm.want_int(arg(a, 3))?.max(0) as usize;
        let end = vm.want_int(arg(a, 4))?.clamp(0, text.len() as i64) as usize;
        let (mode, limit) = (vm.want_int(arg(a, 5))?, vm.want_int(arg(a, 6))?);
        let text = text.get(..end).unwrap_or(&[]);
        let Ok(p) = compile(&pattern, flags) else { return Ok(Value::None) };
        let mut out = Vec::new();
        let mut steps = 0u64;
        let mut not_empty_at = None;
        while at <= end && (out.len() as i64) < limit {
            let found = search(&p.insts, p.slots, text, at, mode, not_empty_at, &mut steps);
            let Ok(found) = found else {
                return vm
                    .fail(crate::vm::builtin_types::T::RuntimeError, "the regular expression takes too many steps");
            };
            let Some(slots) = found else { break };
            let (from, to) =
                (slots.first().copied().flatten().unwrap_or(at), slots.get(1).copied().flatten().unwrap_or(at));
            // After an empty match the next one may start at the same place, but not be empty.
            not_empty_at = (to == from).then_some(to);
            at = to;
            let spans = slots.iter().take(2 * (p.groups + 1)).map(|s| Value::Int(s.map_or(-1, |n| n as i64))).collect();
            out.push(vm.tuple(spans));
        }
        vm.fuel = vm.fuel.saturating_sub(steps / 4);
        Ok(vm.list(out))
    });
}
