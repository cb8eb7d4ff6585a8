//! `bc`: a calculator with numbers of any length, as GNU's.

mod code;
mod lex;
mod number;
mod parse;
mod vm;

use layerlab_kernel::{Disposition, Errno, Signal};

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, Stop, options};
use code::Names;
use parse::{Item, Parser, Trouble};
use vm::{End, Vm};

const SPEC: Spec = Spec::new(
    "[options] [file ...]",
    "Calculate with numbers of arbitrary precision.",
    "h i|interactive l|mathlib q|quiet s|standard w|warn v",
)
.version("1.07.1 simulated");

const USAGE: &str = "usage: bc [options] [file ...]
  -h  --help         print this usage and exit
  -i  --interactive  force interactive mode
  -l  --mathlib      use the predefined math routines
  -q  --quiet        don't print initial banner
  -s  --standard     non-standard bc constructs are errors
  -w  --warn         warn about non-standard bc constructs
  -v  --version      print version information and exit
";

/// The functions of `-l`, in `bc` itself.
const LIBRARY: &str = include_str!("bc/library.bc");

struct Session {
    vm: Vm,
    names: Names,
    stdin: Input,
    text: String,
    /// Lines before the text.
    line: usize,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let p = match options::parse(&SPEC, args) {
        Ok(p) => p,
        Err(message) => {
            c.warn(message).await;
            c.put(USAGE).await?;
            return Err(Stop::Code(1));
        }
    };
    if p.has("h") || p.has("help") {
        return c.put(USAGE).await;
    }
    if p.has("v") || p.has("version") {
        return c.put("bc 1.07.1 (simulated)\n").await;
    }
    let wrap = match c.var("BC_LINE_LENGTH").and_then(|v| v.parse::<usize>().ok()) {
        Some(n) if n == 0 || n > 2 => n,
        _ => 70,
    };
    let stdin = Input::open(&c.sys, "-").await.map_err(|_| Stop::Code(1))?;
    let vm = Vm::new(if p.has("l") { 20 } else { 0 }, wrap);
    let mut s = Session { vm, names: Names::default(), stdin, text: String::new(), line: 0 };
    if p.has("l") {
        s.text.push_str(LIBRARY);
        s.items(c, "(mathlib)").await?;
    }
    let interactive = p.has("i") || c.sys.is_atty(0).await && c.sys.is_atty(1).await;
    if interactive {
        let _ = c.sys.sigaction(Signal::INT, Disposition::Catch).await;
        if !p.has("q") {
            c.put("bc 1.07.1\nThis is a program of the simulated machine.\nFor details type `warranty'. \n").await?;
        }
    }
    for path in &p.operands {
        let Ok(bytes) = c.slurp(path).await else {
            c.flush().await?;
            c.sys.eprint(format!("File {path} is unavailable.\n")).await;
            return Err(Stop::Code(1));
        };
        s.text = String::from_utf8_lossy(&bytes).into_owned();
        s.line = 0;
        if !s.text.is_empty() && !s.text.ends_with('\n') {
            s.text.push('\n');
        }
        if s.items(c, path).await? == End::Program {
            return Ok(());
        }
    }
    s.line = 0;
    s.text.clear();
    loop {
        c.flush().await?;
        match s.stdin.line(b'\n').await {
            Ok(Some(bytes)) => {
                s.text.push_str(&String::from_utf8_lossy(&bytes));
                if !s.text.ends_with('\n') {
                    s.text.push('\n');
                }
                if s.items(c, "(standard_in)").await? == End::Program {
                    return Ok(());
                }
            }
            Ok(None) => break,
            Err(Errno::EINTR) => {
                c.sys.take_signals();
                s.text.clear();
                c.put("\n(interrupt) use quit to exit.\n").await?;
            }
            Err(e) => return c.die(1, e).await,
        }
    }
    if !s.text.trim().is_empty() {
        let line = s.line + s.text.matches('\n').count() + 1;
        c.sys.eprint(format!("(standard_in) {line}: syntax error\n")).await;
    }
    Ok(())
}

impl Session {
    /// Runs what is complete.
    async fn items(&mut self, c: &mut Cli, file: &str) -> Run<End> {
        while !self.text.is_empty() {
            let mut parser = Parser::new(&self.text, &mut self.names);
            let item = parser.item();
            let mut at = parser.at;
            match item {
                Err(Trouble::Incomplete) => break,
                Ok(Item::Quit) => return Ok(End::Program),
                Ok(Item::Say(text)) => c.put(text).await?,
                Ok(Item::Define(n, code)) => self.vm.define(n, code),
                Ok(Item::Line(code)) => {
                    self.skip(at);
                    at = 0;
                    if self.vm.run(c, &self.names, code, &mut self.stdin).await? == End::Program {
                        return Ok(End::Program);
                    }
                }
                Err(Trouble::Wrong(message)) => {
                    let before = self.text.get(..at).unwrap_or("");
                    let line = self.line + before.matches('\n').count() + 1;
                    c.flush().await?;
                    c.sys.eprint(format!("{file} {line}: {message}\n")).await;
                    if message.starts_with("illegal") {
                        c.sys.eprint(format!("{file} {line}: syntax error\n")).await;
                    }
                    if !before.ends_with('\n') {
                        at += self.text.get(at..).and_then(|r| r.find('\n')).map_or(0, |n| n + 1);
                    }
                }
            }
            self.skip(at);
        }
        Ok(End::Line)
    }

    fn skip(&mut self, bytes: usize) {
        self.line += self.text.get(..bytes).unwrap_or("").matches('\n').count();
        self.text.drain(..bytes.min(self.text.len()));
    }
}
