//! `xargs`: command lines from standard input.

use layerlab_kernel::{Errno, ExitStatus, Fd, OpenFlags, Pid, WaitFlags, WaitFor};

use crate::cli::feed::bare;
use crate::cli::input::Input;
use crate::cli::{Cli, Parsed, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... COMMAND [INITIAL-ARGS]...",
    "Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.",
    "+0|null a|arg-file= d|delimiter= E= e|eof? I= i|replace? L|max-lines= l? n|max-args= o|open-tty P|max-procs= p|interactive process-slot-var= r|no-run-if-empty s|max-chars= show-limits t|verbose x|exit",
)
.version("GNU findutils) 4.10.0 (simulated");

/// A word, and the input line that it stands in.
type Word = (String, usize);

/// Which line words stand in: one that ends in a blank goes on.
#[derive(Default)]
struct Lines {
    line: usize,
    blank: bool,
    any: bool,
}

/// Words with quotes and backslashes, as xargs reads them.
fn words(text: &str, lines: &mut Lines) -> (Vec<Word>, Option<String>) {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let Lines { line, blank, any } = lines;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => {
                out.extend(word.take().map(|w| (w, *line)));
                if *any && !*blank {
                    *line += 1;
                    *any = false;
                }
                *blank = false;
            }
            c if c.is_whitespace() => {
                out.extend(word.take().map(|w| (w, *line)));
                *blank = true;
            }
            '\\' => {
                word.get_or_insert_default().extend(chars.next());
                (*blank, *any) = (false, true);
            }
            '\'' | '"' => {
                (*blank, *any) = (false, true);
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
                (*blank, *any) = (false, true);
            }
        }
    }
    out.extend(word.map(|w| (w, *line)));
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
    running: Vec<(Pid, String, usize)>,
    /// What commands read where xargs reads standard input itself.
    stdin: Option<Fd>,
    most: usize,
    verbose: bool,
    ask: bool,
    /// The variable that tells a command which of those beside each other it is.
    slot: Option<String>,
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
        let Some(n) = self.running.iter().position(|(p, ..)| *p == pid) else { return Ok(()) };
        let (_, name, _) = self.running.swap_remove(n);
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
        let slot = (0..).find(|n| self.running.iter().all(|r| r.2 != *n)).unwrap_or(0);
        if let Some(variable) = &self.slot {
            c.env.retain(|(k, _)| k != variable);
            c.env.push((variable.clone(), slot.to_string()));
        }
        let fds: Vec<(Fd, Fd)> = self.stdin.iter().map(|fd| (0, *fd)).collect();
        match c.start(argv, &fds).await {
            Ok(pid) => self.running.push((pid, name, slot)),
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
    let Ok(fd) = c.sys.open("/dev/tty", OpenFlags::READ, 0).await else { return false };
    let answer = c.sys.read(fd, 256).await.unwrap_or_default();
    let _ = c.sys.close(fd).await;
    answer.first().is_some_and(|b| matches!(b, b'y' | b'Y'))
}

async fn number(c: &mut Cli, p: &Parsed, name: &str, least: usize) -> Run<Option<usize>> {
    let Some(v) = p.value(name) else { return Ok(None) };
    match v.parse::<usize>() {
        Ok(n) if n >= least => Ok(Some(n)),
        Ok(_) => c.usage(1, format!("value {v} for -{name} option should be >= {least}")).await,
        Err(_) => c.usage(1, format!("invalid number \"{v}\" for -{name} option")).await,
    }
}

/// Says which of -I, -L and -n another one has taken away (findutils' `exclusive_options`).
async fn exclusive(c: &mut Cli, p: &Parsed) {
    let (mut words, mut lines, mut replace) = (false, false, false);
    for (name, value) in &p.options {
        let gone = match *name {
            "I" | "i" => {
                let gone = match (std::mem::take(&mut lines), std::mem::take(&mut words)) {
                    (true, _) => Some(("--max-lines", "--replace/-I/-i")),
                    (_, true) => Some(("--max-args", "--replace/-I/-i")),
                    _ => None,
                };
                replace = true;
                gone
            }
            "L" | "l" => {
                let gone = match (std::mem::take(&mut words), std::mem::take(&mut replace)) {
                    (true, _) => Some(("--max-args", if *name == "l" { "--max-lines/-l" } else { "-L" })),
                    (_, true) => Some(("--replace", if *name == "l" { "--max-lines/-l" } else { "-L" })),
                    _ => None,
                };
                lines = true;
                gone
            }
            "n" => {
                let kept = replace && value.as_deref() == Some("1");
                let gone = match (std::mem::take(&mut lines), replace && !kept) {
                    (true, _) => Some(("--max-lines", "--max-args/-n")),
                    (_, true) => Some(("--replace", "--max-args/-n")),
                    _ => None,
                };
                replace &= kept;
                words = !kept;
                gone
            }
            _ => None,
        };
        if let Some((old, new)) = gone {
            let text = format!("options {old} and {new} are mutually exclusive, ignoring previous {old} value");
            c.warn(format!("warning: {text}")).await;
        }
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
    // Of -I, -L and -n the last one counts; what it takes away is said.
    exclusive(c, &p).await;
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
    let mut input = match Input::open(&c.sys, &source).await {
        Ok(i) => i,
        Err(e) => return c.die(1, format!("Cannot open input file {}: {e}", quote::word(&source))).await,
    };
    let plain = p.last_of(&["0", "d"]);
    let delimiter = match plain {
        Some("0") => 0,
        Some(_) => crate::echo::unescape(p.value("d").unwrap_or("")).0.first().copied().unwrap_or(b'\n'),
        None => b'\n',
    };
    let end = p.last_of(&["E", "e"]).and_then(|n| p.value(n)).filter(|e| !e.is_empty() && plain.is_none());
    if plain.is_some() && (p.has("E") || p.has("e")) {
        c.warn("warning: the -E option has no effect if -0 or -d is used.\n").await;
    }
    let command = if p.operands.is_empty() { vec!["echo".to_owned()] } else { p.operands.clone() };
    let mut runner = Runner {
        running: Vec::new(),
        most,
        verbose: p.has("t"),
        ask: p.has("p"),
        stdin: match source.as_str() {
            "-" if !p.has("o") => c.sys.open("/dev/null", OpenFlags::READ, 0).await.ok(),
            _ => None,
        },
        slot: p.value("process-slot-var").map(str::to_owned),
    };
    if p.has("p")
        && let Err(e) = c.sys.open("/dev/tty", OpenFlags::READ, 0).await
    {
        return c.die(1, format!("failed to open /dev/tty for reading: {e}")).await;
    }
    let mut batch = Batch::new(&command, replace, limits);
    let result = read(c, &mut input, plain.is_some(), delimiter, end, &mut batch, &mut runner, p.has("r")).await;
    while !runner.running.is_empty() {
        runner.reap(c).await?;
    }
    result
}

/// Reads items line by line, so that commands run while more is to come.
#[allow(clippy::too_many_arguments, reason = "what a run is")]
async fn read(
    c: &mut Cli,
    input: &mut Input,
    plain: bool,
    delimiter: u8,
    end: Option<&str>,
    batch: &mut Batch,
    runner: &mut Runner,
    not_empty: bool,
) -> Run<()> {
    let mut lines = Lines::default();
    let mut count = 0;
    let mut text = String::new();
    'all: loop {
        let line = match input.line(delimiter).await {
            Ok(l) => l,
            Err(e) => return c.die(1, format!("read error: {e}")).await,
        };
        let ended = line.is_none();
        let line = line.unwrap_or_default();
        if plain {
            if ended {
                break;
            }
            let item = String::from_utf8_lossy(bare(&line, delimiter).0).into_owned();
            batch.push(c, runner, item, count).await?;
            count += 1;
            continue;
        }
        text.push_str(&String::from_utf8_lossy(&line));
        if text.is_empty() {
            break;
        }
        // A newline behind a backslash belongs to a word.
        let slashes = text.strip_suffix('\n').map_or(0, |t| t.len() - t.trim_end_matches('\\').len());
        if slashes % 2 == 1 && !ended {
            continue;
        }
        let text = std::mem::take(&mut text);
        let (items, wrong) = if batch.replace.is_some() {
            // A line is an item; quotes and backslashes still count.
            let l = text.trim_end_matches('\n').trim_start_matches([' ', '\t']);
            let joined = l.replace(' ', "\u{1}").replace('\t', "\u{2}");
            let (all, wrong) = words(&joined, &mut Lines::default());
            let one: String = all.into_iter().map(|(w, _)| w.replace('\u{1}', " ").replace('\u{2}', "\t")).collect();
            (if one.is_empty() { Vec::new() } else { vec![(one, count)] }, wrong)
        } else {
            words(&text, &mut lines)
        };
        for (item, line) in items {
            if end == Some(item.as_str()) {
                break 'all;
            }
            batch.push(c, runner, item, line).await?;
        }
        if let Some(e) = wrong {
            // What came before it is done.
            if batch.replace.is_none() && !batch.group.is_empty() {
                let argv = batch.take();
                runner.run(c, argv).await?;
            }
            while !runner.running.is_empty() {
                runner.reap(c).await?;
            }
            return c.die(1, e).await;
        }
        if ended {
            break;
        }
    }
    if batch.replace.is_some() {
        return Ok(());
    }
    if !batch.group.is_empty() || batch.none && !not_empty {
        let argv = batch.take();
        runner.run(c, argv).await?;
    }
    Ok(())
}

/// What the next command gets.
struct Batch {
    command: Vec<String>,
    replace: Option<String>,
    limits: Limits,
    group: Vec<String>,
    base: usize,
    used: usize,
    first_line: usize,
    none: bool,
}

impl Batch {
    fn new(command: &[String], replace: Option<String>, limits: Limits) -> Self {
        let base = size(command);
        Self {
            command: command.to_vec(),
            replace,
            limits,
            group: Vec::new(),
            base,
            used: base,
            first_line: 0,
            none: true,
        }
    }

    fn take(&mut self) -> Vec<String> {
        self.used = self.base;
        self.command.iter().cloned().chain(std::mem::take(&mut self.group)).collect()
    }

    async fn push(&mut self, c: &mut Cli, runner: &mut Runner, item: String, line: usize) -> Run<()> {
        let most = self.limits.chars;
        if let Some(mark) = &self.replace {
            let argv: Vec<String> = self.command.iter().map(|w| w.replace(mark.as_str(), &item)).collect();
            if size(&argv) > most {
                return c.die(1, "argument list too long").await;
            }
            return runner.run(c, argv).await;
        }
        if std::mem::take(&mut self.none) && self.base > most {
            return c.die(1, "cannot fit single argument within argument list size limit").await;
        }
        let full = self.limits.words.is_some_and(|n| self.group.len() >= n)
            || self.limits.lines.is_some_and(|n| !self.group.is_empty() && line >= self.first_line + n);
        let fits_alone = self.base + item.len() < most;
        let long = self.used + item.len() + 1 > most;
        let bound = self.limits.words.is_some() || self.limits.lines.is_some();
        if long && !full && self.limits.exact && bound && !self.group.is_empty() {
            return c.die(1, "argument list too long").await;
        }
        if !fits_alone && self.limits.exact {
            return c.die(1, "argument line too long").await;
        }
        if (full || long) && !self.group.is_empty() {
            let argv = self.take();
            runner.run(c, argv).await?;
        }
        if !fits_alone {
            return c.die(1, "argument line too long").await;
        }
        if self.group.is_empty() {
            self.first_line = line;
        }
        self.used += item.len() + 1;
        self.group.push(item);
        if self.limits.words.is_some_and(|n| self.group.len() >= n) {
            let argv = self.take();
            runner.run(c, argv).await?;
        }
        Ok(())
    }
}

fn size(words: &[String]) -> usize {
    words.iter().map(|w| w.len() + 1).sum()
}
