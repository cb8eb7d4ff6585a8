//! A small backtracking matcher for what `regex-lite` cannot do: back-references, and the longest of
//! several alternatives (POSIX XBD 9.1). It reads the translated pattern.

use std::collections::BTreeSet;

use regex_lite::{Regex, RegexBuilder};

/// Steps until a match is given up; a pattern with back-references can take exponentially many.
const STEPS: usize = 400_000;
/// Parentheses within parentheses.
const DEEP: usize = 100;
/// Copies of repeated parts.
const SIZE: usize = 20_000;

/// Groups' places in the text; the whole match first.
pub(crate) type Groups = Vec<Option<(usize, usize)>>;

#[derive(Clone, Debug)]
enum Op {
    Char(char),
    Any,
    Class(Regex),
    Group(usize),
    /// Remembers the place in a slot.
    Save(usize),
    /// Fails where nothing was read since `Save`.
    Moved(usize),
    /// First the one, then the other.
    Split(usize, usize),
    Jump(usize),
    Begin,
    End,
    LineBegin,
    LineEnd,
    Word(bool),
    /// At a word's start (or end).
    Edge(bool),
    Match,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    ops: Vec<Op>,
    groups: usize,
    slots: usize,
    back: bool,
    ignore_case: bool,
}

enum Node {
    Op(Op),
    Group(usize, Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

struct Parser<'a> {
    p: &'a [char],
    at: usize,
    groups: usize,
    back: bool,
    ignore_case: bool,
    multi: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.p.get(self.at).copied()
    }

    fn alternatives(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEP {
            return None;
        }
        let mut all = vec![self.sequence(depth)?];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence(depth)?);
        }
        Some(if all.len() == 1 { all.remove(0) } else { Node::Any(all) })
    }

    fn sequence(&mut self, depth: usize) -> Option<Node> {
        let mut all = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let mut node = self.atom(depth)?;
            while let Some(c) = self.peek() {
                let (least, most) = match c {
                    '*' => (0, None),
                    '+' => (1, None),
                    '?' => (0, Some(1)),
                    '{' => {
                        let close = self.p[self.at..].iter().position(|c| *c == '}')? + self.at;
                        let text: String = self.p[self.at + 1..close].iter().collect();
                        self.at = close;
                        match text.split_once(',') {
                            None => (text.parse().ok()?, Some(text.parse().ok()?)),
                            Some((a, "")) => (a.parse().ok()?, None),
                            Some((a, b)) => (a.parse().ok()?, Some(b.parse().ok()?)),
                        }
                    }
                    _ => break,
                };
                self.at += 1;
                node = Node::Repeat(Box::new(node), least, most);
            }
            all.push(node);
        }
        Some(Node::All(all))
    }

    fn class(&self, text: &str) -> Option<Node> {
        let whole = format!("\\A(?s:{text})\\z");
        let r = RegexBuilder::new(&whole).case_insensitive(self.ignore_case).build().ok()?;
        Some(Node::Op(Op::Class(r)))
    }

    fn atom(&mut self, depth: usize) -> Option<Node> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            '(' if self.p[self.at..].starts_with(&['?', 's', ':', '.', ')']) => {
                self.at += 5;
                Node::Op(Op::Any)
            }
            '(' if self.p[self.at..].starts_with(&['?', ':', ')']) => {
                self.at += 3;
                Node::All(Vec::new())
            }
            '(' => {
                self.groups += 1;
                let n = self.groups;
                let inner = self.alternatives(depth + 1)?;
                if self.peek() != Some(')') {
                    return None;
                }
                self.at += 1;
                Node::Group(n, Box::new(inner))
            }
            '[' => {
                let from = self.at - 1;
                while self.peek()? != ']' {
                    match self.peek()? {
                        '\\' => self.at += 1,
                        '[' if self.p.get(self.at + 1) == Some(&':') => {
                            self.at += 2;
                            while self.peek()? != ']' {
                                self.at += 1;
                            }
                        }
                        _ => {}
                    }
                    self.at += 1;
                }
                self.at += 1;
                let text: String = self.p[from..self.at].iter().collect();
                self.class(&text)?
            }
            '^' => Node::Op(if self.multi { Op::LineBegin } else { Op::Begin }),
            '$' => Node::Op(if self.multi { Op::LineEnd } else { Op::End }),
            '\\' => {
                let n = self.peek()?;
                self.at += 1;
                match n {
                    'A' => Node::Op(Op::Begin),
                    'z' => Node::Op(Op::End),
                    'b' if self.p[self.at..].starts_with(&['{', 's']) => {
                        self.at += "{start}".len();
                        Node::Op(Op::Edge(true))
                    }
                    'b' if self.p[self.at..].starts_with(&['{', 'e']) => {
                        self.at += "{end}".len();
                        Node::Op(Op::Edge(false))
                    }
                    'b' => Node::Op(Op::Word(true)),
                    'B' => Node::Op(Op::Word(false)),
                    'w' | 'W' | 's' | 'S' => self.class(&format!("\\{n}"))?,
                    '1'..='9' => {
                        self.back = true;
                        Node::Op(Op::Group(n.to_digit(10)? as usize))
                    }
                    n => Node::Op(Op::Char(n)),
                }
            }
            c => Node::Op(Op::Char(c)),
        })
    }
}

impl Matcher {
    /// Compiles a translated pattern; `None` for what is too big or means nothing.
    pub(crate) fn new(text: &str, ignore_case: bool, multi: bool) -> Option<Self> {
        let p: Vec<char> = text.chars().collect();
        let mut parser = Parser { p: &p, at: 0, groups: 0, back: false, ignore_case, multi };
        let node = parser.alternatives(0)?;
        if parser.at < p.len() {
            return None;
        }
        let slots = (parser.groups + 1) * 2;
        let mut m = Self { ops: Vec::new(), groups: parser.groups, slots, back: parser.back, ignore_case };
        m.emit(&node)?;
        m.ops.push(Op::Match);
        Some(m)
    }

    fn emit(&mut self, node: &Node) -> Option<()> {
        if self.ops.len() > SIZE {
            return None;
        }
        match node {
            Node::Op(op) => self.ops.push(op.clone()),
            Node::Group(n, inner) => {
                self.ops.push(Op::Save(n * 2));
                self.emit(inner)?;
                self.ops.push(Op::Save(n * 2 + 1));
            }
            Node::All(all) => {
                for n in all {
                    self.emit(n)?;
                }
            }
            Node::Any(all) => {
                let mut ends = Vec::new();
                for (i, n) in all.iter().enumerate() {
                    let split = self.ops.len();
                    if i + 1 < all.len() {
                        self.ops.push(Op::Split(split + 1, 0));
                    }
                    self.emit(n)?;
                    if i + 1 < all.len() {
                        ends.push(self.ops.len());
                        self.ops.push(Op::Jump(0));
                        self.ops[split] = Op::Split(split + 1, self.ops.len());
                    }
                }
                for e in ends {
                    self.ops[e] = Op::Jump(self.ops.len());
                }
            }
            Node::Repeat(inner, least, most) => {
                for _ in 0..*least {
                    self.emit(inner)?;
                }
                let Some(most) = most else {
                    let slot = self.slots;
                    self.slots += 1;
                    let split = self.ops.len();
                    self.ops.extend([Op::Jump(0), Op::Save(slot)]);
                    self.emit(inner)?;
                    self.ops.extend([Op::Moved(slot), Op::Jump(split)]);
                    self.ops[split] = Op::Split(split + 1, self.ops.len());
                    return Some(());
                };
                let mut splits = Vec::new();
                for _ in *least..*most {
                    splits.push(self.ops.len());
                    self.ops.push(Op::Jump(0));
                    self.emit(inner)?;
                }
                for s in splits {
                    self.ops[s] = Op::Split(s + 1, self.ops.len());
                }
            }
        }
        Some(())
    }

    /// How many groups it has, the whole match counted.
    pub(crate) fn groups(&self) -> usize {
        self.groups + 1
    }

    /// Whether every group that is referred to exists.
    pub(crate) fn complete(&self) -> bool {
        self.ops.iter().all(|o| !matches!(o, Op::Group(n) if *n > self.groups))
    }

    /// The longest match that starts at `start`; `None` too after too many steps.
    pub(crate) fn at(&self, text: &str, start: usize) -> Option<Groups> {
        let mut first = vec![None; self.slots];
        first[0] = Some(start);
        let mut todo = vec![(0, start, first)];
        let mut seen = BTreeSet::new();
        let mut best: Option<Vec<Option<usize>>> = None;
        let mut steps = 0;
        let same = |a: char, b: char| a == b || self.ignore_case && a.to_lowercase().eq(b.to_lowercase());
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        while let Some((mut pc, mut at, mut slots)) = todo.pop() {
            loop {
                steps += 1;
                if steps > STEPS {
                    return None;
                }
                if !self.back && !seen.insert((pc, at)) {
                    break;
                }
                let next = text[at..].chars().next();
                let go = match &self.ops[pc] {
                    Op::Char(c) => next.filter(|n| same(*c, *n)).map(char::len_utf8),
                    Op::Any => next.map(char::len_utf8),
                    Op::Class(r) => next.map(char::len_utf8).filter(|n| r.is_match(&text[at..at + n])),
                    Op::Group(n) => match (slots[n * 2], slots[n * 2 + 1]) {
                        (Some(a), Some(b)) => {
                            let wanted = &text[a..b];
                            let mut rest = text[at..].chars();
                            wanted.chars().all(|c| rest.next().is_some_and(|r| same(c, r))).then(|| {
                                let left = rest.as_str().len();
                                text.len() - at - left
                            })
                        }
                        _ => None,
                    },
                    Op::Save(slot) => {
                        slots[*slot] = Some(at);
                        Some(0)
                    }
                    Op::Moved(slot) => (slots[*slot] != Some(at)).then_some(0),
                    Op::Split(a, b) => {
                        todo.push((*b, at, slots.clone()));
                        pc = *a;
                        continue;
                    }
                    Op::Jump(to) => {
                        pc = *to;
                        continue;
                    }
                    Op::Begin => (at == 0).then_some(0),
                    Op::End => (at == text.len()).then_some(0),
                    Op::LineBegin => (at == 0 || text[..at].ends_with('\n')).then_some(0),
                    Op::LineEnd => (at == text.len() || next == Some('\n')).then_some(0),
                    Op::Word(wanted) => ((word(text[..at].chars().next_back()) != word(next)) == *wanted).then_some(0),
                    Op::Edge(start) => {
                        let (before, after) = (word(text[..at].chars().next_back()), word(next));
                        (before != after && after == *start).then_some(0)
                    }
                    Op::Match => {
                        if best.as_ref().is_none_or(|b| b[1] < Some(at)) {
                            slots[1] = Some(at);
                            best = Some(slots);
                        }
                        break;
                    }
                };
                let Some(n) = go else { break };
                at += n;
                pc += 1;
            }
        }
        best.map(|s| s.chunks(2).take(self.groups + 1).map(|p| p[0].zip(*p.get(1)?)).collect())
    }
}
