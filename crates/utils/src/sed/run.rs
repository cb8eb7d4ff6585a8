//! The cycle: read a line, do the commands, print it.

use std::collections::VecDeque;

use layerlab_kernel::{Errno, Fd, FileType, OpenFlags};

use super::script::{Address, Command, Piece, Script, Subst, Verb};
use crate::cli::input::Input;
use crate::cli::{Cli, Run, path};
use crate::regex::Pattern;

/// The command line's wishes.
pub(super) struct Options {
    pub(super) quiet: bool,
    pub(super) separate: bool,
    /// `-i`, with the suffix for the old file.
    pub(super) in_place: Option<String>,
    pub(super) delimiter: u8,
    pub(super) unbuffered: bool,
    /// Columns of `l`.
    pub(super) width: usize,
}

/// Where a range of lines ends.
#[derive(Clone, Copy)]
enum Until {
    Line(u64),
    /// So far at least (`,+3`, `,~4`): where lines were jumped over, one more.
    Past(u64),
    Found,
    /// It began at a line's number: it does not begin again.
    Over,
}

struct Machine<'a> {
    c: &'a mut Cli,
    o: &'a Options,
    files: VecDeque<String>,
    input: Option<(String, Input)>,
    ahead: Option<Vec<u8>>,
    /// What `-i` has written for the file so far.
    edited: Vec<u8>,
    /// Whether the line had a newline.
    whole: bool,
    /// The last output lacked its newline.
    lacks: bool,
    line: u64,
    pattern: String,
    hold: String,
    /// Whether what is held had its newline.
    hold_whole: bool,
    queue: Vec<Queued>,
    ranges: Vec<Option<Until>>,
    /// Which commands' ranges have begun before the first line.
    zero: Vec<bool>,
    last: Option<Pattern>,
    outputs: Vec<Fd>,
    /// What `R` reads; `None`: cannot be read.
    readers: Vec<Option<Input>>,
}

enum Queued {
    Text(String),
    File(String),
}

/// Runs a script over files.
pub(super) async fn run(c: &mut Cli, script: &Script, o: &Options, files: Vec<String>) -> Run<()> {
    let mut outputs = Vec::new();
    for f in &script.files {
        let fd = match f.as_str() {
            "/dev/stdout" => Ok(1),
            "/dev/stderr" => Ok(2),
            _ => c.sys.open(f, OpenFlags::CREATE, 0o666).await,
        };
        match fd {
            Ok(fd) => outputs.push(fd),
            Err(e) => return c.die(4, format!("couldn't open file {f}: {e}")).await,
        }
    }
    let mut readers = Vec::new();
    for f in &script.readers {
        let name = if f == "/dev/stdin" { "-" } else { f };
        readers.push(Input::open(&c.sys, name).await.ok());
    }
    let mut m = Machine {
        c,
        o,
        files: files.into(),
        input: None,
        ahead: None,
        edited: Vec::new(),
        whole: true,
        lacks: false,
        line: 0,
        pattern: String::new(),
        hold: String::new(),
        hold_whole: true,
        queue: Vec::new(),
        ranges: Vec::new(),
        zero: script.commands.iter().map(|c| c.zero).collect(),
        last: None,
        outputs,
        readers,
    };
    m.reset();
    m.cycles(script).await?;
    m.finish().await
}

impl Machine<'_> {
    /// All ranges as at the beginning.
    fn reset(&mut self) {
        self.ranges = self.zero.iter().map(|z| z.then_some(Until::Found)).collect();
    }

    /// Makes sure that the next line is known; false at the end (of the file, where `within`).
    async fn look(&mut self, within: bool) -> Run<bool> {
        loop {
            if self.ahead.is_some() {
                return Ok(true);
            }
            if let Some((name, input)) = &mut self.input {
                if input.dry(self.o.delimiter) {
                    self.c.flush().await?;
                }
                match input.line(self.o.delimiter).await {
                    Ok(Some(line)) => {
                        self.ahead = Some(line);
                        return Ok(true);
                    }
                    Ok(None) => {}
                    Err(e) => {
                        let text = if e == Errno::EISDIR {
                            format!("couldn't edit {name}: not a regular file")
                        } else {
                            format!("read error on {name}: {e}")
                        };
                        self.c.warn(text).await;
                        self.c.code = 2;
                    }
                }
                if within {
                    return Ok(false);
                }
                self.finish().await?;
            }
            let Some(name) = self.files.pop_front() else { return Ok(false) };
            let kind = if name == "-" { None } else { self.c.sys.stat(&name).await.ok().map(|s| s.file_type) };
            let message = match kind {
                Some(FileType::Dir) if self.o.in_place.is_some() => format!("couldn't edit {name}: not a regular file"),
                Some(FileType::Dir) => {
                    return self.c.die(4, format!("read error on {name}: Is a directory")).await;
                }
                _ => match Input::open(&self.c.sys, &name).await {
                    Ok(input) => {
                        self.input = Some((name, input));
                        if self.o.separate {
                            self.line = 0;
                            self.reset();
                        }
                        continue;
                    }
                    Err(e) => format!("can't read {name}: {e}"),
                },
            };
            let code = if self.o.in_place.is_some() && kind == Some(FileType::Dir) { 4 } else { 2 };
            self.c.warn(message).await;
            self.c.code = code;
        }
    }

    /// The file is through: with `-i` it gets its new content.
    async fn finish(&mut self) -> Run<()> {
        let Some((name, input)) = self.input.take() else { return Ok(()) };
        input.close().await;
        let Some(suffix) = &self.o.in_place else { return Ok(()) };
        self.lacks = false;
        let new = std::mem::take(&mut self.edited);
        let mode = self.c.sys.stat(&name).await.map_or(0o644, |s| s.mode);
        let backup = if suffix.is_empty() {
            None
        } else if suffix.contains('*') {
            Some(path::join(path::dir(&name), &suffix.replace('*', path::base(&name))))
        } else {
            Some(format!("{name}{suffix}"))
        };
        // As GNU: a new file takes the old one's place.
        let temporary = path::join(path::dir(&name), &format!("sed{:06}", self.c.sys.pid()));
        let result = async {
            self.c.sys.write_file(&temporary, new, 0o600).await?;
            self.c.sys.chmod(&temporary, mode).await?;
            if let Some(b) = backup {
                self.c.sys.rename(&name, &b).await?;
            }
            self.c.sys.rename(&temporary, &name).await
        };
        match result.await {
            Ok(()) => Ok(()),
            Err(e) => self.c.die(4, format!("couldn't open temporary file {temporary}: {e}")).await,
        }
    }

    async fn is_last(&mut self) -> Run<bool> {
        if self.o.separate {
            return Ok(!self.look(true).await?);
        }
        // Empty files at the end don't count.
        Ok(!self.look(false).await?)
    }

    /// The next line, without its newline.
    async fn next_line(&mut self) -> Run<Option<String>> {
        if !self.look(false).await? {
            return Ok(None);
        }
        let Some(mut line) = self.ahead.take() else { return Ok(None) };
        self.line += 1;
        self.whole = line.last() == Some(&self.o.delimiter);
        if self.whole {
            line.pop();
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }

    async fn put(&mut self, text: &str, newline: bool) -> Run<()> {
        let mut bytes = Vec::new();
        if std::mem::replace(&mut self.lacks, false) {
            bytes.push(self.o.delimiter);
        }
        bytes.extend_from_slice(text.as_bytes());
        if newline {
            bytes.push(self.o.delimiter);
        }
        if self.o.in_place.is_some() {
            self.edited.extend(bytes);
            return Ok(());
        }
        self.c.put(bytes).await?;
        if self.o.unbuffered { self.c.flush().await } else { Ok(()) }
    }

    /// The pattern space, with the newline that its line had.
    async fn print(&mut self) -> Run<()> {
        let text = self.pattern.clone();
        self.put(&text, self.whole).await?;
        self.lacks = !self.whole;
        Ok(())
    }

    async fn end_of_cycle(&mut self) -> Run<()> {
        if !self.o.quiet {
            self.print().await?;
        }
        self.append().await
    }

    async fn append(&mut self) -> Run<()> {
        for q in std::mem::take(&mut self.queue) {
            let text = match q {
                Queued::Text(t) => t,
                Queued::File(f) => match self.c.slurp(&f).await {
                    Ok(b) => String::from_utf8_lossy(&b).into_owned(),
                    Err(_) => String::new(),
                },
            };
            self.put(&text, false).await?;
        }
        Ok(())
    }

    fn matches(&mut self, r: Option<&Pattern>) -> bool {
        if let Some(r) = r {
            self.last = Some(r.clone());
        }
        self.last.as_ref().is_some_and(|r| r.is_match(&self.pattern))
    }

    async fn one(&mut self, a: &Address) -> Run<bool> {
        Ok(match a {
            Address::Line(n) => self.line == *n,
            Address::Step(first, 0) => self.line == *first,
            Address::Step(first, step) => self.line >= *first && (self.line - first).is_multiple_of(*step),
            Address::Last => self.is_last().await?,
            Address::Regex(r) => self.matches(r.as_ref()),
            Address::Plus(_) | Address::Multiple(_) => false,
        })
    }

    fn over(&mut self, n: usize, state: Option<Until>) {
        if let Some(r) = self.ranges.get_mut(n) {
            *r = state;
        }
    }

    async fn selected(&mut self, n: usize, command: &Command) -> Run<bool> {
        let Some(from) = &command.from else { return Ok(true) };
        let Some(to) = &command.to else { return self.one(from).await };
        let numbered = matches!(from, Address::Line(_));
        let end = numbered.then_some(Until::Over);
        let mut after = None;
        if let Some(until) = self.ranges.get(n).copied().flatten() {
            let (inside, over) = match until {
                Until::Over => return Ok(false),
                Until::Line(l) if self.line > l => (false, true),
                Until::Line(l) => (true, self.line == l),
                Until::Past(l) => (true, self.line >= l),
                Until::Found => (true, self.one(to).await?),
            };
            if over {
                self.over(n, end);
            }
            if inside || !over || numbered {
                return Ok(inside);
            }
            after = end;
        }
        let begins = match from {
            // A line that was jumped over has begun it too.
            Address::Line(l) => self.line >= *l,
            _ => self.one(from).await?,
        };
        if !begins {
            return Ok(false);
        }
        let until = match to {
            // Where both were jumped over there is nothing.
            Address::Line(l) if *l <= self.line => {
                self.over(n, end.or(after));
                return Ok(!numbered || *l == self.line || self.one(from).await?);
            }
            Address::Line(l) => Until::Line(*l),
            Address::Plus(0) | Address::Multiple(0) => {
                self.over(n, end.or(after));
                return Ok(true);
            }
            // A step may be reached at once.
            Address::Step(..) if self.one(to).await? => {
                self.over(n, end.or(after));
                return Ok(true);
            }
            Address::Plus(k) => Until::Past(self.line + k),
            Address::Multiple(k) => Until::Past((self.line / k + 1) * k),
            _ => Until::Found,
        };
        if let Some(r) = self.ranges.get_mut(n) {
            *r = Some(until);
        }
        Ok(true)
    }

    async fn cycles(&mut self, script: &Script) -> Run<()> {
        let mut restart = false;
        loop {
            if !std::mem::replace(&mut restart, false) {
                let Some(line) = self.next_line().await? else { return Ok(()) };
                self.pattern = line;
            }
            let (mut at, mut changed, mut print) = (0, false, true);
            while let Some(command) = script.commands.get(at) {
                let n = at;
                at += 1;
                let yes = self.selected(n, command).await? != command.not;
                if !yes {
                    if let Verb::Open(end) = command.verb {
                        at = end;
                    }
                    continue;
                }
                match &command.verb {
                    Verb::Open(_) | Verb::Nothing => {}
                    Verb::Text('a', t) => self.queue.push(Queued::Text(t.clone())),
                    Verb::Text('i', t) => self.put(t, false).await?,
                    Verb::Text(_, t) => {
                        let state = self.ranges.get(n).copied().flatten();
                        let inside = state.is_some_and(|s| !matches!(s, Until::Over)) && !command.not;
                        if !inside {
                            self.put(t, false).await?;
                        }
                        print = false;
                        break;
                    }
                    Verb::Branch(kind, _, to) => {
                        let go = match kind {
                            't' => std::mem::replace(&mut changed, false),
                            'T' => !std::mem::replace(&mut changed, false),
                            _ => true,
                        };
                        if go {
                            at = *to;
                        }
                    }
                    Verb::Quit(kind, code) => {
                        if *kind == 'q' {
                            self.end_of_cycle().await?;
                        }
                        // A file that could not be read counts more.
                        self.c.code = if self.c.code == 2 { 2 } else { *code };
                        return Ok(());
                    }
                    Verb::Read(f) => self.queue.push(Queued::File(f.clone())),
                    Verb::ReadLine(f) => {
                        if let Some(Some(input)) = self.readers.get_mut(*f)
                            && let Ok(Some(line)) = input.line(self.o.delimiter).await
                        {
                            self.queue.push(Queued::Text(String::from_utf8_lossy(&line).into_owned()));
                        }
                    }
                    Verb::Write(f, first) => self.write(*f, *first).await?,
                    Verb::Execute(command) => self.execute(command).await?,
                    Verb::List(width) => {
                        let text = listed(&self.pattern, width.unwrap_or(self.o.width)) + "\n";
                        self.put(&text, false).await?;
                    }
                    Verb::Subst(s) => changed |= self.substitute(s).await?,
                    Verb::Translate(pairs) => {
                        let swap = |c: char| pairs.iter().find(|p| p.0 == c).map_or(c, |p| p.1);
                        self.pattern = self.pattern.chars().map(swap).collect();
                    }
                    Verb::Plain('d') => {
                        print = false;
                        break;
                    }
                    Verb::Plain('D') => {
                        print = false;
                        if let Some((_, rest)) = self.pattern.split_once(self.mark()) {
                            self.pattern = rest.to_owned();
                            restart = true;
                        }
                        break;
                    }
                    Verb::Plain(k @ ('n' | 'N')) => {
                        if self.is_last().await? && self.files.is_empty() {
                            // GNU prints the pattern space where there is no next line.
                            return self.end_of_cycle().await;
                        }
                        if *k == 'n' && !self.o.quiet {
                            self.print().await?;
                        }
                        self.append().await?;
                        let Some(line) = self.next_line().await? else { return Ok(()) };
                        if *k == 'n' {
                            self.pattern = line;
                        } else {
                            self.pattern.push(self.mark());
                            self.pattern.push_str(&line);
                            self.held().await?;
                        }
                    }
                    Verb::Plain(k) => self.plain(*k).await?,
                }
            }
            if print {
                self.end_of_cycle().await?;
            } else {
                self.append().await?;
            }
        }
    }

    /// Both spaces count as memory.
    async fn held(&mut self) -> Run<()> {
        match self.c.sys.hold(self.pattern.len() + self.hold.len()) {
            Ok(()) => Ok(()),
            Err(_) => self.c.die(4, "couldn't re-allocate memory").await,
        }
    }

    async fn plain(&mut self, k: char) -> Run<()> {
        match k {
            '=' => {
                let text = format!("{}\n", self.line);
                self.put(&text, false).await?;
            }
            'F' => {
                let name = self.input.as_ref().map_or("-", |(name, _)| name).to_owned();
                self.put(&name, true).await?;
            }
            'g' => {
                self.pattern.clone_from(&self.hold);
                self.whole = self.hold_whole;
            }
            'G' => {
                self.pattern.push(self.mark());
                self.pattern.push_str(&self.hold);
                self.whole = self.hold_whole;
                self.held().await?;
            }
            'h' => {
                self.hold.clone_from(&self.pattern);
                self.hold_whole = self.whole;
            }
            'H' => {
                self.hold.push(self.mark());
                self.hold.push_str(&self.pattern);
                self.hold_whole = self.whole;
                self.held().await?;
            }
            'x' => {
                std::mem::swap(&mut self.hold, &mut self.pattern);
                std::mem::swap(&mut self.hold_whole, &mut self.whole);
            }
            'z' => self.pattern.clear(),
            'p' => self.print().await?,
            'P' => {
                let first = self.pattern.split(self.mark()).next().unwrap_or("").to_owned();
                let newline = self.whole || self.pattern.contains(self.mark());
                self.put(&first, newline).await?;
                self.lacks = !newline;
            }
            _ => {}
        }
        Ok(())
    }

    /// What stands between lines.
    fn mark(&self) -> char {
        char::from(self.o.delimiter)
    }

    async fn write(&mut self, file: usize, first: bool) -> Run<()> {
        let mark = self.mark();
        let all = self.pattern.as_str();
        let mut text = if first { all.split(mark).next().unwrap_or("") } else { all }.to_owned();
        match self.outputs.get(file) {
            None | Some(1) => self.put(&text, true).await,
            Some(fd) => {
                text.push(mark);
                let _ = self.c.sys.write_all(*fd, text.into_bytes()).await;
                Ok(())
            }
        }
    }

    /// `e`: what a command says comes out, or comes in the pattern space's place where that is the command.
    async fn execute(&mut self, command: &str) -> Run<()> {
        let own = command.is_empty();
        let command = if own { self.pattern.clone() } else { command.to_owned() };
        let said = self.c.shell_output(&command).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&said);
        if !own {
            return self.put(&text, false).await;
        }
        let mark = self.mark();
        self.pattern = text.strip_suffix(mark).unwrap_or(&text).to_owned();
        Ok(())
    }

    async fn substitute(&mut self, s: &Subst) -> Run<bool> {
        if let Some(r) = &s.regex {
            self.last = Some(r.clone());
        }
        let Some(r) = self.last.clone() else { return self.c.die(1, "no previous regular expression").await };
        let text = std::mem::take(&mut self.pattern);
        let (mut out, mut at, mut copied, mut count, mut done) = (String::new(), 0, 0, 0, false);
        let mut end_before = None;
        while at <= text.len() {
            let Some(groups) = r.captures_at(&text, at) else { break };
            let Some((from, to)) = groups.first().copied().flatten() else { break };
            let step = |p: usize| p + text[p..].chars().next().map_or(1, char::len_utf8);
            if from == to && end_before == Some(from) {
                at = step(to);
                continue;
            }
            count += 1;
            if count >= s.nth.max(1) {
                out.push_str(&text[copied..from]);
                replace(&s.with, &text, &groups, &mut out);
                copied = to;
                done = true;
                if !s.global {
                    break;
                }
            }
            end_before = Some(to);
            at = if to > from { to } else { step(to) };
        }
        out.push_str(&text[copied..]);
        self.pattern = out;
        if done {
            if s.execute {
                self.execute("").await?;
            }
            if s.print {
                self.print().await?;
            }
            if let Some(f) = s.file {
                self.write(f, false).await?;
            }
        }
        Ok(done)
    }
}

/// What comes in a match's place.
fn replace(with: &[Piece], text: &str, groups: &[Option<(usize, usize)>], out: &mut String) {
    let (mut all, mut next) = ('E', None);
    for p in with {
        let part = match p {
            Piece::Text(t) => t.as_str(),
            Piece::Group(n) => groups.get(*n).copied().flatten().map_or("", |(a, b)| &text[a..b]),
            Piece::Case(k @ ('u' | 'l')) => {
                next = Some(*k);
                continue;
            }
            Piece::Case(k) => {
                (all, next) = (*k, None);
                continue;
            }
        };
        for c in part.chars() {
            match next.take().unwrap_or(all) {
                'U' | 'u' => out.extend(c.to_uppercase()),
                'L' | 'l' => out.extend(c.to_lowercase()),
                _ => out.push(c),
            }
        }
    }
}

/// As `l` shows it, so many columns wide; 0 and 1: on one line.
fn listed(text: &str, width: usize) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for b in text.bytes() {
        let part = match b {
            b'\\' => "\\\\".to_owned(),
            7 => "\\a".to_owned(),
            8 => "\\b".to_owned(),
            9 => "\\t".to_owned(),
            10 => "\\n".to_owned(),
            11 => "\\v".to_owned(),
            12 => "\\f".to_owned(),
            13 => "\\r".to_owned(),
            0x20..0x7f => char::from(b).to_string(),
            b => format!("\\{b:03o}"),
        };
        if width > 0 && column + part.len() > width - 1 {
            out.push_str("\\\n");
            column = 0;
        }
        column += part.len();
        out.push_str(&part);
    }
    out.push('$');
    out
}
