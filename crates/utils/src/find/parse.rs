//! The expression, read from the command line.

use layerlab_kernel::Stat;

use super::Test;
use crate::cli::names::Names;
use crate::cli::quote;
use crate::regex::{Kind, compile};

/// Reads an expression.
pub(super) struct Parser<'a> {
    pub(super) words: &'a [String],
    pub(super) at: usize,
    pub(super) max: usize,
    pub(super) min: usize,
    /// There is an action: names are not printed of themselves.
    pub(super) acts: bool,
    pub(super) depth_first: bool,
    pub(super) one_fs: bool,
    pub(super) follow: bool,
    pub(super) now: i64,
    pub(super) zone: crate::cli::zone::Zone,
    /// Files that are compared with.
    pub(super) refs: Vec<(String, Option<Stat>)>,
    pub(super) names: Names,
    pub(super) kind: Kind,
    /// Files that are written to.
    pub(super) outputs: Vec<String>,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.words.get(self.at - 1).cloned()
    }
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    /// Lists with `,`.
    pub(super) fn list(&mut self, depth: u32) -> Result<Test, String> {
        if depth > 100 {
            return Err("the expression is too deep".to_owned());
        }
        let mut parts = vec![self.or(depth)?];
        while self.peek() == "," {
            self.at += 1;
            parts.push(self.or(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Test::List(parts) })
    }

    fn or(&mut self, depth: u32) -> Result<Test, String> {
        let mut parts = vec![self.and(depth)?];
        while matches!(self.peek(), "-o" | "-or") {
            let word = self.next().unwrap_or_default();
            if self.at >= self.words.len() || matches!(self.peek(), "-o" | "-or" | ")") {
                return Err(format!("expected an expression after '{word}'"));
            }
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Test::Or(parts) })
    }

    fn and(&mut self, depth: u32) -> Result<Test, String> {
        let mut parts = Vec::new();
        if matches!(self.peek(), "-a" | "-and" | "-o" | "-or" | ",") {
            return Err(format!(
                "invalid expression; you have used a binary operator '{}' with nothing before it.",
                self.peek()
            ));
        }
        while self.at < self.words.len() && !matches!(self.peek(), "-o" | "-or" | ")" | ",") {
            if matches!(self.peek(), "-a" | "-and") {
                let word = self.next().unwrap_or_default();
                if self.at >= self.words.len() {
                    return Err(format!("expected an expression after '{word}'"));
                }
                continue;
            }
            parts.push(self.one(depth)?);
        }
        Ok(Test::And(parts))
    }

    fn output(&mut self, name: String) -> usize {
        if let Some(n) = self.outputs.iter().position(|o| *o == name) {
            return n;
        }
        self.outputs.push(name);
        self.outputs.len() - 1
    }

    fn act(&mut self, t: Test) -> Test {
        self.acts = true;
        t
    }

    fn reference(&self, name: &str) -> Result<&Stat, String> {
        match self.refs.iter().find(|r| r.0 == name) {
            Some((_, Some(s))) => Ok(s),
            _ => Err(format!("{}: No such file or directory", quote::word(name))),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a primary")]
    fn one(&mut self, depth: u32) -> Result<Test, String> {
        let Some(word) = self.next() else { return Ok(Test::True) };
        let missing = || format!("missing argument to `{word}'");
        let sign = |t: &str| match t.chars().next() {
            Some(s @ ('+' | '-')) => (s, t[1..].to_owned()),
            _ => ('=', t.to_owned()),
        };
        Ok(match word.as_str() {
            "!" | "-not" => {
                if self.at >= self.words.len() {
                    return Err(format!("expected an expression after '{word}'"));
                }
                if depth > 100 {
                    return Err("the expression is too deep".to_owned());
                }
                Test::Not(Box::new(self.one(depth + 1)?))
            }
            "(" => {
                if self.peek() == ")" {
                    return Err("invalid expression; empty parentheses are not allowed.".to_owned());
                }
                let inner = self.list(depth + 1)?;
                if self.next().as_deref() != Some(")") {
                    return Err(
                        "invalid expression; I was expecting to find a ')' somewhere but did not see one.".to_owned()
                    );
                }
                inner
            }
            "-name" => Test::Name(self.next().ok_or_else(missing)?, false),
            "-iname" => Test::Name(self.next().ok_or_else(missing)?.to_lowercase(), true),
            "-path" | "-wholename" => Test::Path(self.next().ok_or_else(missing)?, false),
            "-ipath" | "-iwholename" => Test::Path(self.next().ok_or_else(missing)?.to_lowercase(), true),
            "-lname" => Test::LinkName(self.next().ok_or_else(missing)?, false),
            "-ilname" => Test::LinkName(self.next().ok_or_else(missing)?.to_lowercase(), true),
            "-regextype" => {
                let t = self.next().ok_or_else(missing)?;
                self.kind = match t.as_str() {
                    "posix-extended" | "egrep" | "posix-egrep" | "awk" | "posix-awk" | "gnu-awk" => Kind::Extended,
                    "posix-basic" | "grep" | "sed" | "ed" | "emacs" | "findutils-default" | "posix-minimal-basic" => {
                        Kind::Basic
                    }
                    _ => return Err(format!("Unknown regular expression type {}", quote::word(&t))),
                };
                Test::True
            }
            "-regex" | "-iregex" => {
                let t = self.next().ok_or_else(missing)?;
                let basic = self.kind == Kind::Basic;
                // Emacs' + and ? are special without a backslash.
                let t = if basic { emacs(&t) } else { t };
                let whole = if basic { format!("^\\({t}\\)$") } else { format!("^({t})$") };
                Test::Regex(compile(&whole, self.kind, word == "-iregex")?)
            }
            "-type" | "-xtype" => {
                let t = self.next().ok_or_else(missing)?;
                let kinds: Vec<char> = t.split(',').filter_map(|k| k.chars().next()).collect();
                if let Some(bad) = t.split(',').find(|k| !matches!(*k, "f" | "d" | "l" | "c" | "b" | "p" | "s")) {
                    return Err(if t.is_empty() {
                        format!("Arguments to {word} should contain at least one letter")
                    } else if bad.chars().count() > 1 {
                        format!("Must separate multiple arguments to {word} using: ','")
                    } else {
                        format!("Unknown argument to {word}: {bad}")
                    });
                }
                Test::Type(kinds, word == "-xtype")
            }
            "-size" => {
                let t = self.next().ok_or_else(missing)?;
                let (s, n) = sign(&t);
                let (n, unit) = match n.strip_suffix(|c: char| c.is_ascii_alphabetic()) {
                    Some(d) => (d.to_owned(), n.chars().next_back().unwrap_or('b')),
                    None => (n, 'b'),
                };
                let unit = match unit {
                    'b' => 512,
                    'c' => 1,
                    'w' => 2,
                    'k' => 1 << 10,
                    'M' => 1 << 20,
                    'G' => 1 << 30,
                    other => return Err(format!("invalid -size type `{other}'")),
                };
                Test::Size(s, n.parse().map_err(|_| format!("Invalid argument `{t}' to -size"))?, unit)
            }
            "-mtime" | "-mmin" | "-atime" | "-ctime" | "-amin" | "-cmin" => {
                let t = self.next().ok_or_else(missing)?;
                let (s, n) = sign(&t);
                let unit = if word.ends_with("min") { 60.0 } else { 86_400.0 };
                let which = word.chars().nth(1).unwrap_or('m');
                Test::Time(which, s, n.parse().map_err(|_| format!("invalid argument `{t}' to `{word}'"))?, unit)
            }
            "-newer" | "-anewer" | "-cnewer" => {
                let t = self.next().ok_or_else(missing)?;
                let s = self.reference(&t)?;
                let which = if word == "-newer" { 'm' } else { word.chars().nth(1).unwrap_or('m') };
                Test::Newer(which, s.time('m'))
            }
            w if w.starts_with("-newer") && w.len() == 8 => {
                let t = self.next().ok_or_else(missing)?;
                let which = w.chars().nth(6).unwrap_or('m');
                if w.ends_with('t') {
                    let (secs, nanos) = crate::date::parse(&t, self.now, &self.zone).ok_or_else(|| {
                        format!("I cannot figure out how to interpret {} as a date or time", quote::word(&t))
                    })?;
                    Test::Newer(which, (secs, nanos))
                } else {
                    let s = self.reference(&t)?;
                    Test::Newer(which, s.time(w.chars().last().unwrap_or('m')))
                }
            }
            "-samefile" => {
                let t = self.next().ok_or_else(missing)?;
                let s = self.reference(&t)?;
                Test::Same(s.dev, s.ino)
            }
            "-inum" | "-links" | "-uid" | "-gid" => {
                let t = self.next().ok_or_else(missing)?;
                let (s, n) = sign(&t);
                let n = n.parse().map_err(|_| format!("non-numeric argument to {word}: {}", quote::word(&t)))?;
                Test::Number(word.chars().nth(1).unwrap_or('i'), s, n)
            }
            "-perm" => {
                let t = self.next().ok_or_else(missing)?;
                let (kind, mode) = match t.chars().next() {
                    Some(k @ ('-' | '/')) => (k, &t[1..]),
                    _ => ('=', t.as_str()),
                };
                let mode = crate::chmod::change(mode, 0, false, 0)
                    .ok_or_else(|| format!("invalid mode {}", quote::word(&t)))?;
                Test::Perm(kind, mode)
            }
            "-user" => {
                let t = self.next().ok_or_else(missing)?;
                let uid = self.names.uid(&t);
                let uid =
                    uid.ok_or_else(|| format!("invalid user name or UID argument to -user: {}", quote::word(&t)))?;
                Test::Number('u', '=', uid.into())
            }
            "-group" => {
                let t = self.next().ok_or_else(missing)?;
                let gid = self.names.gid(&t);
                let gid =
                    gid.ok_or_else(|| format!("invalid group name or GID argument to -group: {}", quote::word(&t)))?;
                Test::Number('g', '=', gid.into())
            }
            "-nouser" => Test::Nobody(true),
            "-nogroup" => Test::Nobody(false),
            "-readable" | "-writable" | "-executable" => Test::May(word.chars().nth(1).unwrap_or('r')),
            "-fstype" => {
                let t = self.next().ok_or_else(missing)?;
                Test::FsType(t)
            }
            "-empty" => Test::Empty,
            "-true" => Test::True,
            "-false" => Test::False,
            "-print" => self.act(Test::Print(None, "\n")),
            "-print0" => self.act(Test::Print(None, "\0")),
            "-fprint" | "-fprint0" => {
                let t = self.next().ok_or_else(missing)?;
                let n = self.output(t);
                self.act(Test::Print(Some(n), if word == "-fprint" { "\n" } else { "\0" }))
            }
            "-printf" => {
                let t = self.next().ok_or_else(missing)?;
                self.act(Test::Printf(None, t))
            }
            "-fprintf" => {
                let file = self.next().ok_or_else(missing)?;
                let t = self.next().ok_or_else(missing)?;
                let n = self.output(file);
                self.act(Test::Printf(Some(n), t))
            }
            "-ls" => self.act(Test::Ls(None)),
            "-fls" => {
                let t = self.next().ok_or_else(missing)?;
                let n = self.output(t);
                self.act(Test::Ls(Some(n)))
            }
            "-delete" => {
                self.depth_first = true;
                self.act(Test::Delete)
            }
            "-prune" => Test::Prune,
            "-quit" => self.act(Test::Quit),
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let mut argv = Vec::new();
                let (dir, ask) = (word.ends_with("dir"), word.starts_with("-ok"));
                loop {
                    match self.next().as_deref() {
                        None => return Err(missing()),
                        Some(";") if argv.is_empty() => return Err(format!("invalid argument `;' to `{word}'")),
                        Some(";") => return Ok(self.act(Test::Exec { argv, batch: false, dir, ask })),
                        Some("+") if !ask && argv.last().is_some_and(|a: &String| a == "{}") => {
                            argv.pop();
                            return Ok(self.act(Test::Exec { argv, batch: true, dir, ask }));
                        }
                        Some(w) => argv.push(w.to_owned()),
                    }
                }
            }
            "-maxdepth" | "-mindepth" => {
                let t = self.next().ok_or_else(missing)?;
                let n = t.parse().map_err(|_| {
                    format!("Expected a positive decimal integer argument to {word}, but got {}", quote::word(&t))
                })?;
                if word == "-maxdepth" {
                    self.max = n;
                } else {
                    self.min = n;
                }
                Test::True
            }
            "-depth" | "-d" => {
                self.depth_first = true;
                Test::True
            }
            "-xdev" | "-mount" | "-x" => {
                self.one_fs = true;
                Test::True
            }
            "-follow" => {
                self.follow = true;
                Test::True
            }
            "-noleaf" | "-daystart" | "-ignore_readdir_race" | "-noignore_readdir_race" | "-warn" | "-nowarn" => {
                Test::True
            }
            w if w.starts_with('-') => return Err(format!("unknown predicate `{w}'")),
            w => return Err(format!("paths must precede expression: `{w}'")),
        })
    }
}

/// `+` and `?` of Emacs' patterns as those of POSIX's basic ones with GNU's backslashes.
fn emacs(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    let mut class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
            }
            '[' => {
                class = true;
                out.push(c);
            }
            ']' => {
                class = false;
                out.push(c);
            }
            '+' | '?' if !class => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
