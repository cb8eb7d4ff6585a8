//! sed's language: a script becomes a list of commands.

use crate::regex::{Kind, Pattern, compile_lines};

/// Which lines.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Line(u64),
    /// First and step.
    Step(u64, u64),
    Last,
    /// `None`: the last used one.
    Regex(Option<Pattern>),
    /// As the second one: so many lines more.
    Plus(u64),
    /// As the second one: up to a multiple.
    Multiple(u64),
}

/// Part of what `s` puts in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l`, `\E`.
    Case(char),
}

/// An `s` command.
#[derive(Clone, Debug)]
pub(super) struct Subst {
    pub(super) regex: Option<Pattern>,
    pub(super) with: Vec<Piece>,
    pub(super) global: bool,
    pub(super) print: bool,
    /// What comes out is a command.
    pub(super) execute: bool,
    pub(super) nth: usize,
    pub(super) file: Option<usize>,
}

/// What a command does. Jumps name commands.
#[derive(Clone, Debug)]
pub(super) enum Verb {
    /// `{`: where its block ends.
    Open(usize),
    Nothing,
    Text(char, String),
    /// `b`, `t`, `T`.
    Branch(char, String, usize),
    Quit(char, i32),
    Read(String),
    /// `R`: one line of a file, by its number among those read.
    ReadLine(usize),
    /// `w`, or `W` where only the first line is written.
    Write(usize, bool),
    /// `e`: a command, or the pattern space as one.
    Execute(String),
    /// `l`: how wide; `None`: as the command line says.
    List(Option<usize>),
    Subst(Box<Subst>),
    Translate(Vec<(char, char)>),
    /// One letter says all.
    Plain(char),
}

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) from: Option<Address>,
    pub(super) to: Option<Address>,
    pub(super) zero: bool,
    pub(super) not: bool,
    pub(super) verb: Verb,
}

/// A script, read.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) commands: Vec<Command>,
    /// Files that are written.
    pub(super) files: Vec<String>,
    /// Files that are read line by line.
    pub(super) readers: Vec<String>,
    /// It begins with `#n`.
    pub(super) quiet: bool,
}

struct Parser {
    text: Vec<char>,
    at: usize,
    kind: Kind,
    sandbox: bool,
    /// Whether the command that is read has two addresses.
    ranged: bool,
    files: Vec<String>,
    readers: Vec<String>,
}

/// What is wrong, and after how many characters.
type Wrong = (usize, String);

/// Reads a script.
pub(super) fn parse(text: &str, kind: Kind, sandbox: bool) -> Result<Script, Wrong> {
    let mut p = Parser {
        text: text.chars().collect(),
        at: 0,
        kind,
        sandbox,
        ranged: false,
        files: Vec::new(),
        readers: Vec::new(),
    };
    let quiet = text == "#n" || text.starts_with("#n\n");
    let mut commands: Vec<Command> = Vec::new();
    let (mut open, mut labels): (Vec<usize>, Vec<(String, usize)>) = (Vec::new(), Vec::new());
    while let Some(c) = p.peek() {
        if c.is_whitespace() || c == ';' {
            p.at += 1;
            continue;
        }
        if c == '#' {
            p.until_newline();
            continue;
        }
        let mut command = p.addresses()?;
        p.ranged = command.to.is_some();
        let Some(verb) = p.next() else { return p.wrong("missing command") };
        command.verb = match verb {
            '{' => {
                open.push(commands.len());
                Verb::Open(0)
            }
            '#' => return p.wrong("comments don't accept any addresses"),
            '}' => {
                if command.from.is_some() {
                    return p.wrong("} doesn't want any addresses");
                }
                let Some(start) = open.pop() else { return p.wrong("unexpected `}'") };
                let end = commands.len();
                if let Some(c) = commands.get_mut(start) {
                    c.verb = Verb::Open(end);
                }
                p.end()?;
                Verb::Nothing
            }
            ':' => {
                if command.from.is_some() {
                    return p.wrong(": doesn't want any addresses");
                }
                let label = p.label(true);
                if label.is_empty() {
                    return p.wrong("\":\" lacks a label");
                }
                labels.push((label, commands.len()));
                Verb::Nothing
            }
            _ => p.verb(verb)?,
        };
        commands.push(command);
    }
    if !open.is_empty() {
        return Err((0, "unmatched `{'".to_owned()));
    }
    let end = commands.len();
    for c in &mut commands {
        if let Verb::Branch(_, label, to) = &mut c.verb {
            *to = match labels.iter().find(|l| l.0 == *label) {
                Some(l) => l.1,
                None if label.is_empty() => end,
                None => return Err((usize::MAX, format!("can't find label for jump to `{label}'"))),
            };
        }
    }
    Ok(Script { commands, files: p.files, readers: p.readers, quiet })
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, Wrong> {
        Err((self.at, message.into()))
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|c| c.is_whitespace() && c != '\n') {
            self.at += 1;
        }
    }

    fn until_newline(&mut self) -> String {
        let from = self.at;
        while self.peek().is_some_and(|c| c != '\n') {
            self.at += 1;
        }
        self.text[from..self.at].iter().collect()
    }

    fn number(&mut self) -> Option<u64> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.text[from..self.at].iter().collect::<String>().parse().ok()
    }

    /// After a command: nothing more, `;`, `}`, `#` or the line's end.
    fn end(&mut self) -> Result<(), Wrong> {
        self.blanks();
        match self.peek() {
            None | Some('}' | '#') => Ok(()),
            Some('\n' | ';') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => {
                self.at += 1;
                self.wrong("extra characters after command")
            }
        }
    }

    fn label(&mut self, definition: bool) -> String {
        self.blanks();
        let from = self.at;
        while self.peek().is_some_and(|c| c != '\n' && c != ';' && (definition || c != '}')) {
            self.at += 1;
        }
        self.text[from..self.at].iter().collect::<String>().trim_end().to_owned()
    }

    fn addresses(&mut self) -> Result<Command, Wrong> {
        let mut c = Command { from: None, to: None, zero: false, not: false, verb: Verb::Nothing };
        c.from = self.address(false)?;
        if c.from.is_some() {
            self.blanks();
            if self.peek() == Some(',') {
                self.at += 1;
                self.blanks();
                c.to = self.address(true)?;
                if c.to.is_none() {
                    return self.past("unexpected `,'");
                }
            }
        }
        if matches!(c.from, Some(Address::Line(0))) {
            if !matches!(c.to, Some(Address::Regex(_))) {
                return self.wrong("invalid usage of line address 0");
            }
            c.zero = true;
        }
        self.blanks();
        while self.peek() == Some('!') {
            self.at += 1;
            c.not = true;
            self.blanks();
        }
        Ok(c)
    }

    fn address(&mut self, second: bool) -> Result<Option<Address>, Wrong> {
        Ok(match self.peek() {
            Some('0'..='9') => {
                let n = self.number().unwrap_or(u64::MAX);
                if self.peek() == Some('~') {
                    self.at += 1;
                    Some(Address::Step(n, self.number().unwrap_or(0)))
                } else {
                    Some(Address::Line(n))
                }
            }
            Some('$') => {
                self.at += 1;
                Some(Address::Last)
            }
            Some(sign @ ('+' | '~')) if second => {
                self.at += 1;
                let n = self.number().unwrap_or(0);
                Some(if sign == '+' { Address::Plus(n) } else { Address::Multiple(n) })
            }
            Some(c @ ('/' | '\\')) => {
                self.at += 1;
                let delimiter = if c == '/' { Some('/') } else { self.next() };
                let text = delimiter.and_then(|d| self.delimited(d, true));
                let Some(text) = text else { return self.wrong("unterminated address regex") };
                let (mut ignore, mut multi) = (false, false);
                while let Some(f @ ('I' | 'M')) = self.peek() {
                    self.at += 1;
                    if f == 'I' { ignore = true } else { multi = true }
                }
                Some(Address::Regex(self.regex(&text, ignore, multi)?))
            }
            _ => None,
        })
    }

    fn regex(&self, text: &str, ignore: bool, multi: bool) -> Result<Option<Pattern>, Wrong> {
        if text.is_empty() {
            return Ok(None);
        }
        compile_lines(&escapes(text, ""), self.kind, ignore, multi).map(Some).map_err(|e| (self.at, e))
    }

    /// A text up to the delimiter; an escaped delimiter loses its backslash.
    fn delimited(&mut self, delimiter: char, regex: bool) -> Option<String> {
        let mut out = String::new();
        // Within brackets the delimiter is a character as others; where they began.
        let mut bracket: Option<usize> = None;
        while let Some(c) = self.next() {
            if regex && c == '[' && bracket.is_none() && self.closes() {
                bracket = Some(self.at + usize::from(self.peek() == Some('^')));
            } else if c == ']' && bracket.is_some_and(|b| self.at > b + 1) {
                bracket = None;
            }
            if c == '\\' && bracket.is_none() {
                match self.next()? {
                    n if n == delimiter => {
                        // `s|a\|b|x|`: the character itself, not the operator.
                        if regex && "+?|(){}".contains(n) && self.kind == Kind::Extended
                            || regex && ".*[]^$".contains(n)
                        {
                            out.push('\\');
                        }
                        if !regex && n == '&' {
                            out.push('\\');
                        }
                        out.push(n);
                    }
                    '\n' if regex => out.push('\n'),
                    n => out.extend(['\\', n]),
                }
                continue;
            }
            if c == delimiter && bracket.is_none() {
                return Some(out);
            }
            if regex && c == '\n' {
                return None;
            }
            out.push(c);
        }
        None
    }

    /// Whether the bracket that has just begun ends on its line.
    fn closes(&self) -> bool {
        self.text[self.at..].iter().skip(1).take_while(|c| **c != '\n').any(|c| *c == ']')
    }

    fn file_name(&mut self) -> Result<String, Wrong> {
        self.blanks();
        let name = self.until_newline();
        if name.is_empty() {
            return self.wrong("missing filename in r/R/w/W commands");
        }
        Ok(name)
    }

    fn file(&mut self) -> Result<usize, Wrong> {
        let name = self.file_name()?;
        Ok(listed(&mut self.files, name))
    }

    fn verb(&mut self, verb: char) -> Result<Verb, Wrong> {
        Ok(match verb {
            'a' | 'i' | 'c' => Verb::Text(verb, self.text_argument()?),
            'b' | 't' | 'T' => Verb::Branch(verb, self.label(false), 0),
            'q' | 'Q' if self.ranged => return self.wrong("command only uses one address"),
            'q' | 'Q' => {
                self.blanks();
                let code = self.number().unwrap_or(0) as i32;
                self.end()?;
                Verb::Quit(verb, code)
            }
            'e' | 'r' | 'R' | 'w' | 'W' if self.sandbox => {
                return self.wrong("e/r/w commands disabled in sandbox mode");
            }
            'e' => {
                self.blanks();
                Verb::Execute(self.until_newline())
            }
            'r' => Verb::Read(self.file_name()?),
            'R' => {
                let name = self.file_name()?;
                Verb::ReadLine(listed(&mut self.readers, name))
            }
            'w' | 'W' => Verb::Write(self.file()?, verb == 'W'),
            'l' => {
                self.blanks();
                let width = self.number();
                self.end()?;
                Verb::List(width.map(|w| w as usize))
            }
            'v' => {
                self.until_newline();
                Verb::Nothing
            }
            's' => self.substitute()?,
            'y' => self.translate()?,
            '=' | 'd' | 'D' | 'F' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' => {
                self.end()?;
                Verb::Plain(verb)
            }
            other => return self.wrong(format!("unknown command: `{other}'")),
        })
    }

    fn text_argument(&mut self) -> Result<String, Wrong> {
        self.blanks();
        if self.peek().is_none() {
            return self.wrong("expected \\ after `a', `c' or `i'");
        }
        if self.peek() == Some('\\') {
            self.at += 1;
            let here = self.at;
            self.blanks();
            if self.peek() == Some('\n') {
                self.at += 1;
            } else {
                self.at = here;
            }
            // Nothing more: an empty text.
            if self.peek().is_none() {
                return Ok(String::new());
            }
        }
        let mut out = String::new();
        while let Some(c) = self.next() {
            match c {
                '\n' => break,
                '\\' => match self.next() {
                    Some('t') => out.push('\t'),
                    Some(n) => out.push(n),
                    None => {}
                },
                c => out.push(c),
            }
        }
        out.push('\n');
        Ok(out)
    }

    fn substitute(&mut self) -> Result<Verb, Wrong> {
        let unterminated = "unterminated `s' command";
        let Some(delimiter) = self.next().filter(|c| *c != '\n' && *c != '\\') else {
            return self.wrong(unterminated);
        };
        let Some(pattern) = self.delimited(delimiter, true) else { return self.wrong(unterminated) };
        let Some(with) = self.delimited(delimiter, false) else { return self.wrong(unterminated) };
        let mut s = Subst {
            regex: None,
            with: pieces(&escapes(&with, "&\\\n")),
            global: false,
            print: false,
            execute: false,
            nth: 0,
            file: None,
        };
        let (mut ignore, mut multi) = (false, false);
        loop {
            match self.peek() {
                Some('g') if s.global => return self.past("multiple `g' options to `s' command"),
                Some('p') if s.print => return self.past("multiple `p' options to `s' command"),
                Some('g') => s.global = true,
                Some('p') => s.print = true,
                Some('i' | 'I') => ignore = true,
                Some('m' | 'M') => multi = true,
                Some('e' | 'w') if self.sandbox => {
                    return self.past("e/r/w commands disabled in sandbox mode");
                }
                Some('e') => s.execute = true,
                Some('0'..='9') => {
                    s.nth = self.number().unwrap_or(1) as usize;
                    if s.nth == 0 {
                        return self.wrong("number option to `s' command may not be zero");
                    }
                    continue;
                }
                Some('w') => {
                    self.at += 1;
                    s.file = Some(self.file()?);
                    break;
                }
                None | Some('}' | '#') => break,
                Some('\n' | ';') => {
                    self.at += 1;
                    break;
                }
                Some(c) if c.is_whitespace() => {}
                Some(_) => return self.past("unknown option to `s'"),
            }
            self.at += 1;
        }
        s.regex = self.regex(&pattern, ignore, multi)?;
        let groups = s.with.iter().filter_map(|p| if let Piece::Group(n) = p { Some(*n) } else { None }).max();
        if let (Some(r), Some(n)) = (&s.regex, groups)
            && n >= r.groups()
        {
            return self.wrong(format!("invalid reference \\{n} on `s' command's RHS"));
        }
        Ok(Verb::Subst(Box::new(s)))
    }

    fn past<T>(&mut self, message: &str) -> Result<T, Wrong> {
        self.at += 1;
        self.wrong(message)
    }

    fn translate(&mut self) -> Result<Verb, Wrong> {
        let parts = self.next().and_then(|d| Some((self.delimited(d, false)?, self.delimited(d, false)?)));
        let Some((from, to)) = parts else { return self.wrong("unterminated `y' command") };
        let plain = |t: &str| {
            let mut out = Vec::new();
            let mut chars = t.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => match chars.next() {
                        Some('n') => out.push('\n'),
                        Some('t') => out.push('\t'),
                        Some('\\') => out.push('\\'),
                        Some(n) => out.extend(['\\', n]),
                        None => out.push('\\'),
                    },
                    c => out.push(c),
                }
            }
            out
        };
        let (from, to) = (plain(&from), plain(&to));
        if from.len() != to.len() {
            return self.wrong("strings for `y' command are different lengths");
        }
        self.end()?;
        Ok(Verb::Translate(from.into_iter().zip(to).collect()))
    }
}

/// GNU's escapes for characters that are hard to write: `\t`, `\x41`, `\d065`, `\o101`, `\cA`. What means
/// something to the reader of the text gets a backslash.
fn escapes(text: &str, special: &str) -> String {
    let mut out = String::new();
    let p: Vec<char> = text.chars().collect();
    let mut i = 0;
    while let Some(&c) = p.get(i) {
        i += 1;
        let Some(&n) = p.get(i).filter(|_| c == '\\') else {
            out.push(c);
            continue;
        };
        i += 1;
        let (radix, most) = match n {
            'd' => (10, 3),
            'o' => (8, 3),
            'x' => (16, 2),
            _ => (0, 0),
        };
        let digits: String = p[i..].iter().take(most).take_while(|d| d.is_digit(radix.max(2))).collect();
        let plain = match n {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'c' if p.get(i).is_some_and(char::is_ascii) => {
                i += 1;
                char::from((p[i - 1].to_ascii_uppercase() as u8) ^ 0x40)
            }
            _ if !digits.is_empty() => {
                i += digits.len();
                let code = u32::from_str_radix(&digits, radix).unwrap_or(0);
                let c = char::from_u32(code & 0xff).unwrap_or('\0');
                if special.contains(c) {
                    out.push('\\');
                }
                c
            }
            n => {
                out.push('\\');
                n
            }
        };
        out.push(plain);
    }
    out
}

/// A name's place in a list, which it joins.
fn listed(names: &mut Vec<String>, name: String) -> usize {
    names.iter().position(|n| *n == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let piece = match c {
            '&' => Piece::Group(0),
            '\\' => match chars.next() {
                Some(d @ '0'..='9') => Piece::Group(d as usize - '0' as usize),
                Some(k @ ('U' | 'L' | 'u' | 'l' | 'E')) => Piece::Case(k),
                Some('n') => {
                    literal.push('\n');
                    continue;
                }
                Some(e @ ('t' | 'r' | 'f' | 'v' | 'a')) => {
                    literal.push(match e {
                        't' => '\t',
                        'r' => '\r',
                        'f' => '\x0c',
                        'v' => '\x0b',
                        _ => '\x07',
                    });
                    continue;
                }
                Some(n) => {
                    literal.push(n);
                    continue;
                }
                None => continue,
            },
            c => {
                literal.push(c);
                continue;
            }
        };
        if !literal.is_empty() {
            out.push(Piece::Text(std::mem::take(&mut literal)));
        }
        out.push(piece);
    }
    if !literal.is_empty() {
        out.push(Piece::Text(literal));
    }
    out
}
