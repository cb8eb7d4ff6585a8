//! `xargs`: command lines from standard input.

use layerlab_kernel::{Errno, ExitStatus, Pid, WaitFlags, WaitFor};

use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... COMMAND [INITIAL-ARGS]...",
    "Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.",
    "+0|null a|arg-file= d|delimiter= E= e|eof? I= i|replace? L|max-lines= l? n|max-args= o|open-tty P|max-procs= p|interactive process-slot-var= r|no-run-if-empty s|max-chars= show-limits t|verbose x|exit",
)
.version("GNU findutils) 4.10.0 (simulated");

/// A word, and the input line that it stands in.
type Word = (String, usize);

/// Words with quotes and backslashes, as xargs reads them; a line that ends in a blank goes on.
fn words(text: &str) -> (Vec<Word>, Option<String>) {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let (mut line, mut blank, mut any) = (0, false, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => {
                out.extend(word.take().map(|w| (w, line)));
                if any && !blank {
                    line += 1;
                    any = false;
                }
                blank = false;
            }
            c if c.is_whitespace() => {
                out.extend(word.take().map(|w| (w, line)));
                blank = true;
            }
            '\\' => {
                word.get_or_insert_default().extend(chars.next());
                (blank, any) = (false, true);
            }
            '\'' | '"' => {
                (blank, any) = (false, true);
                let w = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some(x) if x == c => break,
                        Some('\n') | None => {
                            let kind = if c == '\'' { "single" } else { "double" };
                            return (
                                out,
                                Some(format!(
                                    "unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option"
                                )),
                            );
                        }
                        Some(x) => w.push(x),
                    }
                }
            }
            c => {
                word.get_or_insert_default().push(c);
                (blank, any) = (false, true);
            }
        }
    }
    out.extend(word.map(|w| (w, line)));
    (out, None)
}

/// What a command line may hold.
struct Limits {
    words: Option<usize>,
    lines: Option<usize>,
    chars: usize,
    exact: bool,
}

struct Runner {
    running: Vec<(Pid, String)>,
    most: usize,
    verbose: bool,
    ask: bool,
}

impl Runner {
    /// Waits for one; ends where its code asks for it.
    async fn reap(&mut self, c: &mut Cli) -> Run<()> {
        let (pid, status) = loop {
            match c.sys.wait(WaitFor::Any, WaitFlags::default()).await {
                Ok(r) => break r,
                Err(Errno::EINTR) => {}
                Err(_) => {
                    self.running.clear();
                    return Ok(());
                }
            }
        };
        let Some(n) = self.running.iter().position(|(p, _)| *p == pid) else { return Ok(()) };
        let (_, name) = self.running.swap_remove(n);
        match status {
            ExitStatus::Code(0) => Ok(()),
            ExitStatus::Code(255) => {
                c.die(124, format!("{}: exited with status 255; aborting", quote::maybe(&name))).await
            }
            ExitStatus::Code(126 | 127) => Err(Stop::Code(status.code())),
            ExitStatus::Code(_) => {
                c.code = 123;
                Ok(())
            }
            status => {
                c.die(125, format!("{}: terminated by signal {}", quote::maybe(&name), status.code() - 128)).await
            }
        }
    }

    async fn run(&mut self, c: &mut Cli, argv: Vec<String>) -> Run<()> {
        if self.verbose || self.ask {
            let shown: Vec<String> = argv.iter().map(|a| quote::maybe(a)).collect();
            let _ = c.flush().await;
            c.sys.eprint(format!("{}{}", shown.join(" "), if self.ask { "?..." } else { "\n" })).await;
        }
        if self.ask && !yes(c).await {
            return Ok(());
        }
        while self.running.len() >= self.most {
            self.reap(c).await?;
        }
        let name = argv.first().cloned().unwrap_or_default();
        match c.start(argv, &[]).await {
            Ok(pid) => self.running.push((pid, name)),
            Err(e) => {
                c.warn(format!("{}: {e}", quote::maybe(&name))).await;
                return Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }));
            }
        }
        if self.most == 1 { self.reap(c).await } else { Ok(()) }
    }
}

/// An answer from the terminal.
async fn yes(c: &Cli) -> bool {
    let Ok(fd) = c.sys.open("/dev/tty", layerlab_kernel::OpenFlags::READ, 0).await else { return false };
    let answer = c.sys.read(fd, 256).await.unwrap_or_default();
    let _ = c.sys.close(fd).await;
    answer.first().is_some_and(|b| matches!(b, b'y' | b'Y'))
}

async fn number(c: &mut Cli, p: &Parsed, name: &str, least: usize) -> Run<Option<usize>> {
    let Some(v) = p.value(name) else { return Ok(None) };
    match v.parse::<usize>() {
        Ok(n) if n >= least => Ok(Some(n)),
        Ok(_) => c.usage(1, format!("value {v} for -{name} option should be >= {least}")).await,
        Err(_) => c.die(1, format!("invalid number \"{v}\" for -{name} option")).await,
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let source = p.value("a").unwrap_or("-").to_owned();
    let mut limits = Limits {
        words: number(c, &p, "n", 1).await?,
        lines: number(c, &p, "L", 1).await?,
        chars: number(c, &p, "s", 1).await?.unwrap_or(131_072),
        exact: p.has("x"),
    };
    if p.has("l") {
        limits.lines = Some(p.value("l").and_then(|n| n.parse().ok()).unwrap_or(1));
    }
    let most = match number(c, &p, "P", 0).await? {
        Some(0) => 1000,
        n => n.unwrap_or(1),
    };
    let mut replace =
        p.value("I").map(str::to_owned).or_else(|| p.has("i").then(|| p.value("i").unwrap_or("{}").to_owned()));
    // Of -I, -L and -n the last one counts.
    match p.last_of(&["I", "i", "L", "l", "n"]) {
        Some("I" | "i") => (limits.words, limits.lines) = (None, None),
        Some("L" | "l") => {
            limits.words = None;
            replace = None;
        }
        Some(_) if limits.words != Some(1) => {
            limits.lines = None;
            replace = None;
        }
        _ => {}
    }
    limits.exact |= replace.is_some() || limits.lines.is_some();
    let bytes = match c.slurp(&source).await {
        Ok(b) => b,
        Err(e) => return c.die(1, format!("Cannot open input file {}: {e}", quote::always(&source))).await,
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let numbered = |all: Vec<String>| all.into_iter().enumerate().map(|(i, w)| (w, i)).collect::<Vec<Word>>();
    let mut wrong = None;
    let mut items: Vec<Word> = if p.last_of(&["0", "d"]) == Some("0") {
        numbered(text.split_terminator('\0').map(str::to_owned).collect())
    } else if let Some(d) = p.value("d") {
        let d = String::from_utf8_lossy(&crate::echo::unescape(d).0).into_owned();
        let t = text.strip_suffix(&d).unwrap_or(&text);
        if text.is_empty() { Vec::new() } else { numbered(t.split(&d).map(str::to_owned).collect()) }
    } else if replace.is_some() {
        // A line is an item; quotes and backslashes still count.
        let mut all = Vec::new();
        for l in text.lines() {
            let l = l.trim_start_matches([' ', '\t']);
            if l.is_empty() {
                continue;
            }
            let joined = l.replace(' ', "\u{1}").replace('\t', "\u{2}");
            let (w, e) = words(&joined);
            wrong = wrong.or(e);
            if wrong.is_some() {
                break;
            }
            all.extend(w.into_iter().map(|(w, _)| w.replace('\u{1}', " ").replace('\u{2}', "\t")));
        }
        numbered(all)
    } else {
        let (w, e) = words(&text);
        wrong = e;
        w
    };
    let end = p.last_of(&["E", "e"]).and_then(|n| p.value(n)).filter(|e| !e.is_empty() && !p.has("0") && !p.has("d"));
    if let Some(n) = end.and_then(|e| items.iter().position(|(w, _)| w == e)) {
        items.truncate(n);
    }
    let command = if p.operands.is_empty() { vec!["echo".to_owned()] } else { p.operands.clone() };
    let mut runner = Runner { running: Vec::new(), most, verbose: p.has("t"), ask: p.has("p") };
    let result = all(c, &command, items, replace.as_deref(), &limits, &mut runner, p.has("r"), wrong).await;
    while !runner.running.is_empty() {
        runner.reap(c).await?;
    }
    result
}

#[allow(clippy::too_many_arguments, reason = "what a run is")]
async fn all(
    c: &mut Cli,
    command: &[String],
    items: Vec<Word>,
    replace: Option<&str>,
    limits: &Limits,
    runner: &mut Runner,
    not_empty: bool,
    wrong: Option<String>,
) -> Run<()> {
    let size = |words: &[String]| words.iter().map(|w| w.len() + 1).sum::<usize>();
    if let Some(mark) = replace {
        for (item, _) in items {
            let argv: Vec<String> = command.iter().map(|w| w.replace(mark, &item)).collect();
            if size(&argv) > limits.chars {
                return c.die(1, "argument list too long").await;
            }
            runner.run(c, argv).await?;
        }
        return match wrong {
            Some(e) => c.die(1, e).await,
            None => Ok(()),
        };
    }
    let base = size(command);
    if base > limits.chars {
        return c.die(1, "cannot fit single argument within argument list size limit").await;
    }
    let none = items.is_empty();
    let mut group: Vec<String> = Vec::new();
    let (mut used, mut first_line) = (base, 0);
    for (item, line) in items {
        let full = limits.words.is_some_and(|n| group.len() >= n)
            || limits.lines.is_some_and(|n| !group.is_empty() && line >= first_line + n);
        if base + item.len() + 1 > limits.chars {
            return c.die(1, "argument line too long").await;
        }
        let long = used + item.len() + 1 > limits.chars;
        if long && (group.is_empty() || limits.exact && (limits.words.is_some() || limits.lines.is_some()) && !full) {
            return c
                .die(
                    1,
                    if limits.exact && !group.is_empty() { "argument list too long" } else { "argument line too long" },
                )
                .await;
        }
        if (full || long) && !group.is_empty() {
            let argv = command.iter().cloned().chain(std::mem::take(&mut group)).collect();
            runner.run(c, argv).await?;
            used = base;
            if used + item.len() + 1 > limits.chars {
                return c.die(1, "argument line too long").await;
            }
        }
        if group.is_empty() {
            first_line = line;
        }
        used += item.len() + 1;
        group.push(item);
    }
    if let Some(e) = wrong {
        return c.die(1, e).await;
    }
    if !group.is_empty() || none && !not_empty {
        runner.run(c, command.iter().cloned().chain(group).collect()).await?;
    }
    Ok(())
}
