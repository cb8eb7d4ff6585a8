//! `find`: walks folders and tests what is there.

use layerlab_kernel::{ExitStatus, FileType, Stat};

use crate::cli::{Cli, Run, path, quote};

/// Part of the expression.
enum Test {
    Name(String, bool),
    Path(String, bool),
    Type(char),
    Size(char, u64, u64),
    Time(char, i64, i64),
    Newer(i64, u32),
    Perm(char, u32),
    User(u32),
    Group(u32),
    Empty,
    True,
    False,
    Print(&'static str),
    Delete,
    Prune,
    Quit,
    Exec(Vec<String>, bool),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
}

struct Parser<'a> {
    words: &'a [String],
    at: usize,
    max: usize,
    min: usize,
    acts: bool,
    depth_first: bool,
    now: i64,
    refs: Vec<(String, Option<Stat>)>,
    names: crate::cli::names::Names,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.words.get(self.at - 1).cloned()
    }
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    fn or(&mut self, depth: u32) -> Result<Test, String> {
        if depth > 200 {
            return Err("the expression is too deep".to_owned());
        }
        let mut parts = vec![self.and(depth)?];
        while matches!(self.peek(), "-o" | "-or") {
            self.at += 1;
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Test::Or(parts) })
    }

    fn and(&mut self, depth: u32) -> Result<Test, String> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), "" | "-o" | "-or" | ")") {
            if matches!(self.peek(), "-a" | "-and") {
                self.at += 1;
                continue;
            }
            parts.push(self.one(depth)?);
        }
        Ok(Test::And(parts))
    }

    fn one(&mut self, depth: u32) -> Result<Test, String> {
        let Some(word) = self.next() else { return Ok(Test::True) };
        let missing = || format!("missing argument to `{word}'");
        let sign = |t: &str| match t.chars().next() {
            Some(s @ ('+' | '-')) => (s, t[1..].to_owned()),
            _ => ('=', t.to_owned()),
        };
        Ok(match word.as_str() {
            "!" | "-not" => Test::Not(Box::new(self.one(depth)?)),
            "(" => {
                let inner = self.or(depth + 1)?;
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
            "-ipath" => Test::Path(self.next().ok_or_else(missing)?.to_lowercase(), true),
            "-type" | "-xtype" => {
                let t = self.next().ok_or_else(missing)?;
                let kinds: Vec<Test> = t.split(',').filter_map(|k| k.chars().next()).map(Test::Type).collect();
                if t.split(',').any(|k| !matches!(k, "f" | "d" | "l" | "c" | "b" | "p" | "s")) {
                    return Err(format!("Unknown argument to -type: {t}"));
                }
                Test::Or(kinds)
            }
            "-size" => {
                let t = self.next().ok_or_else(missing)?;
                let (s, n) = sign(&t);
                let (n, unit) = match n.strip_suffix(|c: char| c.is_ascii_alphabetic()) {
                    Some(d) => (d.to_owned(), n.chars().next_back().unwrap_or('b')),
                    None => (n, 'b'),
                };
                let unit = match unit {
                    'c' => 1,
                    'w' => 2,
                    'k' => 1 << 10,
                    'M' => 1 << 20,
                    'G' => 1 << 30,
                    _ => 512,
                };
                Test::Size(s, n.parse().map_err(|_| format!("Invalid argument `{t}' to -size"))?, unit)
            }
            "-mtime" | "-mmin" | "-atime" | "-ctime" | "-amin" | "-cmin" => {
                let t = self.next().ok_or_else(missing)?;
                let (s, n) = sign(&t);
                let unit = if word.ends_with("min") { 60 } else { 86_400 };
                Test::Time(s, n.parse().map_err(|_| format!("invalid argument `{t}' to `{word}'"))?, unit)
            }
            "-newer" | "-anewer" | "-cnewer" => {
                let t = self.next().ok_or_else(missing)?;
                match self.refs.iter().find(|r| r.0 == t) {
                    Some((_, Some(s))) => Test::Newer(s.mtime, s.mtime_nsec),
                    _ => return Err(format!("{}: No such file or directory", quote::always(&t))),
                }
            }
            "-perm" => {
                let t = self.next().ok_or_else(missing)?;
                let (kind, mode) = match t.chars().next() {
                    Some(k @ ('-' | '/')) => (k, &t[1..]),
                    _ => ('=', t.as_str()),
                };
                let mode = crate::chmod::change(mode, 0, false, 0)
                    .ok_or_else(|| format!("invalid mode {}", quote::always(&t)))?;
                Test::Perm(kind, mode)
            }
            "-user" => {
                let t = self.next().ok_or_else(missing)?;
                Test::User(
                    self.names
                        .uid(&t)
                        .ok_or_else(|| format!("invalid user name or UID argument to -user: {}", quote::always(&t)))?,
                )
            }
            "-group" => {
                let t = self.next().ok_or_else(missing)?;
                Test::Group(
                    self.names.gid(&t).ok_or_else(|| {
                        format!("invalid group name or GID argument to -group: {}", quote::always(&t))
                    })?,
                )
            }
            "-empty" => Test::Empty,
            "-true" => Test::True,
            "-false" => Test::False,
            "-print" => self.act(Test::Print("\n")),
            "-print0" => self.act(Test::Print("\0")),
            "-delete" => {
                self.depth_first = true;
                self.act(Test::Delete)
            }
            "-prune" => Test::Prune,
            "-quit" => Test::Quit,
            "-exec" | "-execdir" | "-ok" => {
                let mut argv = Vec::new();
                loop {
                    match self.next().as_deref() {
                        None => return Err(missing()),
                        Some(";") => return Ok(self.act(Test::Exec(argv, false))),
                        Some("+") if argv.last().is_some_and(|a: &String| a == "{}") => {
                            argv.pop();
                            return Ok(self.act(Test::Exec(argv, true)));
                        }
                        Some(w) => argv.push(w.to_owned()),
                    }
                }
            }
            "-maxdepth" | "-mindepth" => {
                let t = self.next().ok_or_else(missing)?;
                let n = t.parse().map_err(|_| {
                    format!("Expected a positive decimal integer argument to {word}, but got {}", quote::always(&t))
                })?;
                if word == "-maxdepth" {
                    self.max = n;
                } else {
                    self.min = n;
                }
                Test::True
            }
            "-depth" => {
                self.depth_first = true;
                Test::True
            }
            "-xdev" | "-mount" | "-noleaf" | "-follow" | "-daystart" => Test::True,
            w if w.starts_with('-') => return Err(format!("unknown predicate `{w}'")),
            w => return Err(format!("paths must precede expression: `{w}'")),
        })
    }

    fn act(&mut self, t: Test) -> Test {
        self.acts = true;
        t
    }
}

struct Seen<'a> {
    path: &'a str,
    stat: &'a Stat,
    now: i64,
}

#[derive(Default)]
struct Effects {
    prune: bool,
    quit: bool,
    /// What `-exec … +` collects: the command and its files.
    batches: Vec<(Vec<String>, Vec<String>)>,
}

/// Whether it holds; actions are carried out.
async fn holds(c: &mut Cli, t: &Test, s: &Seen<'_>, fx: &mut Effects) -> Run<bool> {
    let compare = |sign: char, n: u64, with: u64| match sign {
        '+' => n > with,
        '-' => n < with,
        _ => n == with,
    };
    Ok(match t {
        Test::Name(p, fold) => {
            let base = path::base(s.path);
            if *fold { crate::glob::matches(p, &base.to_lowercase()) } else { crate::glob::matches(p, base) }
        }
        Test::Path(p, fold) => {
            if *fold {
                crate::glob::matches(p, &s.path.to_lowercase())
            } else {
                crate::glob::matches(p, s.path)
            }
        }
        Test::Type(k) => {
            *k == match s.stat.file_type {
                FileType::File => 'f',
                FileType::Dir => 'd',
                FileType::Symlink => 'l',
                FileType::Char => 'c',
                FileType::Block => 'b',
                FileType::Fifo => 'p',
                FileType::Socket => 's',
            }
        }
        Test::Size(sign, n, unit) => {
            let size = if s.stat.file_type == FileType::Dir { s.stat.size.max(4096) } else { s.stat.size };
            compare(*sign, size.div_ceil(*unit), *n)
        }
        Test::Time(sign, n, unit) => compare(*sign, ((s.now - s.stat.mtime) / unit).max(0) as u64, (*n).max(0) as u64),
        Test::Newer(secs, nanos) => (s.stat.mtime, s.stat.mtime_nsec) > (*secs, *nanos),
        Test::Perm('-', m) => s.stat.mode & m == *m,
        Test::Perm('/', m) => *m == 0 || s.stat.mode & m != 0,
        Test::Perm(_, m) => s.stat.mode == *m,
        Test::User(u) => s.stat.uid == *u,
        Test::Group(g) => s.stat.gid == *g,
        Test::Empty => match s.stat.file_type {
            FileType::File => s.stat.size == 0,
            FileType::Dir => c.sys.read_dir(s.path).await.is_ok_and(|n| n.is_empty()),
            _ => false,
        },
        Test::True => true,
        Test::False => false,
        Test::Print(end) => {
            c.put(format!("{}{end}", s.path)).await?;
            true
        }
        Test::Delete => {
            let dir = s.stat.file_type == FileType::Dir;
            let r = if dir { c.sys.rmdir(s.path).await } else { c.sys.unlink(s.path).await };
            if let Err(e) = &r {
                c.fail(format!("cannot delete {}: {e}", quote::always(s.path))).await;
            }
            r.is_ok()
        }
        Test::Prune => {
            fx.prune = true;
            true
        }
        Test::Quit => {
            fx.quit = true;
            true
        }
        Test::Exec(argv, true) => {
            match fx.batches.iter_mut().find(|b| b.0 == *argv) {
                Some(b) => b.1.push(s.path.to_owned()),
                None => fx.batches.push((argv.clone(), vec![s.path.to_owned()])),
            }
            true
        }
        Test::Exec(argv, false) => {
            let argv: Vec<String> = argv.iter().map(|a| a.replace("{}", s.path)).collect();
            let name = argv.first().cloned().unwrap_or_default();
            match c.run_child(argv).await {
                Ok(status) => status == ExitStatus::Code(0),
                Err(e) => {
                    c.fail(format!("{}: {e}", quote::always(&name))).await;
                    false
                }
            }
        }
        Test::Not(inner) => !Box::pin(holds(c, inner, s, fx)).await?,
        Test::And(parts) => {
            for p in parts {
                if !Box::pin(holds(c, p, s, fx)).await? {
                    return Ok(false);
                }
            }
            true
        }
        Test::Or(parts) => {
            for p in parts {
                if Box::pin(holds(c, p, s, fx)).await? {
                    return Ok(true);
                }
            }
            false
        }
    })
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let mut at = 0;
    let mut follow = false;
    while let Some(o @ ("-H" | "-L" | "-P")) = args.get(at).map(String::as_str) {
        follow = o == "-L";
        at += 1;
    }
    let end = (at..args.len())
        .find(|i| args[*i].starts_with('-') || matches!(args[*i].as_str(), "(" | "!"))
        .unwrap_or(args.len());
    let mut roots = args[at..end].to_vec();
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let words = &args[end..];
    let mut refs = Vec::new();
    for pair in words.windows(2).filter(|p| p[0].ends_with("newer")) {
        refs.push((pair[1].clone(), c.sys.stat(&pair[1]).await.ok()));
    }
    let names = crate::cli::names::Names::load(&c.sys).await;
    let now = c.sys.wall_clock() / 1_000_000_000;
    let mut p = Parser { words, at: 0, max: usize::MAX, min: 0, acts: false, depth_first: false, now, refs, names };
    let mut test = match p.or(0) {
        Ok(t) if p.at >= words.len() => t,
        Ok(_) => return c.die(1, "invalid expression; you have too many ')'").await,
        Err(e) => return c.die(1, e).await,
    };
    if !p.acts {
        test = Test::And(vec![test, Test::Print("\n")]);
    }
    let (max, min, depth_first, now) = (p.max, p.min, p.depth_first, p.now);
    let mut fx = Effects::default();
    'roots: for root in roots {
        let mut stack = vec![(root.clone(), 0usize, false)];
        while let Some((at, depth, done)) = stack.pop() {
            let stat = if follow { c.sys.stat(&at).await } else { c.sys.lstat(&at).await };
            let stat = match stat {
                Ok(s) => s,
                Err(e) => {
                    c.fail(format!("{}: {e}", quote::always(&at))).await;
                    continue;
                }
            };
            let dir = stat.file_type == FileType::Dir && depth < max;
            fx.prune = false;
            if depth >= min && (done || !depth_first || !dir) {
                let seen = Seen { path: &at, stat: &stat, now };
                holds(c, &test, &seen, &mut fx).await?;
                if fx.quit {
                    break 'roots;
                }
            }
            if dir && !done && (!fx.prune || depth_first) {
                if depth_first {
                    stack.push((at.clone(), depth, true));
                }
                match c.sys.read_dir(&at).await {
                    Ok(names) => {
                        stack.extend(names.into_iter().rev().map(|n| (path::join(&at, &n.name), depth + 1, false)));
                    }
                    Err(e) => c.fail(format!("{}: {e}", quote::always(&at))).await,
                }
            }
        }
    }
    for (argv, files) in std::mem::take(&mut fx.batches) {
        let name = argv.first().cloned().unwrap_or_default();
        match c.run_child(argv.into_iter().chain(files).collect()).await {
            Ok(ExitStatus::Code(0)) => {}
            Ok(_) => c.code = 1,
            Err(e) => c.fail(format!("{}: {e}", quote::always(&name))).await,
        }
    }
    Ok(())
}
