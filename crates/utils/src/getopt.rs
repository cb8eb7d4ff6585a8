//! `getopt`: a script's options in order (util-linux).

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "<optstring> <parameters>  or  [options] [--] <optstring> <parameters>  or  [options] -o|--options <optstring> [options] [--] <parameters>",
    "Parse command options.",
    "+a|alternative l|longoptions= n|name= o|options= q|quiet Q|quiet-output s|shell= T|test u|unquoted",
)
.fails(2)
.version("util-linux 2.41 (simulated");

struct Long {
    name: String,
    colons: usize,
}

struct Scan<'a> {
    short: &'a str,
    long: Vec<Long>,
    alternative: bool,
    quoted: bool,
    messages: Vec<String>,
    out: String,
}

impl Scan<'_> {
    fn quote(&self, text: &str) -> String {
        if self.quoted { format!("'{}'", text.replace('\'', "'\\''")) } else { text.to_owned() }
    }

    fn long(&mut self, arg: &str, dashes: &str, rest: &mut std::vec::IntoIter<String>) {
        let body = &arg[dashes.len()..];
        let (name, value) = match body.split_once('=') {
            Some((n, v)) => (n, Some(v.to_owned())),
            None => (body, None),
        };
        let exact: Vec<&Long> = self.long.iter().filter(|l| l.name == name).collect();
        let found: Vec<&Long> =
            if exact.is_empty() { self.long.iter().filter(|l| l.name.starts_with(name)).collect() } else { exact };
        match found.as_slice() {
            [] => self.messages.push(format!("unrecognized option '{dashes}{name}'")),
            [l] => {
                let (full, colons) = (l.name.clone(), l.colons);
                let value = match (colons, value) {
                    (0, Some(_)) => {
                        self.messages.push(format!("option '{dashes}{full}' doesn't allow an argument"));
                        return;
                    }
                    (1, None) => match rest.next() {
                        Some(v) => Some(v),
                        None => {
                            self.messages.push(format!("option '{dashes}{full}' requires an argument"));
                            return;
                        }
                    },
                    (_, v) => v,
                };
                self.out.push_str(&format!(" --{full}"));
                if colons > 0 {
                    let v = self.quote(&value.unwrap_or_default());
                    self.out.push_str(&format!(" {v}"));
                }
            }
            many => {
                let list: String = many.iter().map(|l| format!(" '{dashes}{}'", l.name)).collect();
                self.messages.push(format!("option '{dashes}{name}' is ambiguous; possibilities:{list}"));
            }
        }
    }

    fn letters(&mut self, arg: &str, rest: &mut std::vec::IntoIter<String>) {
        let mut letters = arg[1..].chars();
        while let Some(ch) = letters.next() {
            let at = self.short.find(ch).filter(|_| ch != ':');
            let Some(at) = at else {
                self.messages.push(format!("invalid option -- '{ch}'"));
                continue;
            };
            let tail = &self.short[at + ch.len_utf8()..];
            let tail_text = letters.as_str().to_owned();
            if tail.starts_with("::") {
                let v = self.quote(&tail_text);
                self.out.push_str(&format!(" -{ch} {v}"));
                return;
            }
            if tail.starts_with(':') {
                let value = if tail_text.is_empty() { rest.next() } else { Some(tail_text) };
                match value {
                    Some(v) => {
                        let v = self.quote(&v);
                        self.out.push_str(&format!(" -{ch} {v}"));
                    }
                    None => self.messages.push(format!("option requires an argument -- '{ch}'")),
                }
                return;
            }
            self.out.push_str(&format!(" -{ch}"));
        }
    }

    fn all(&mut self, args: Vec<String>, mode: char) {
        let mut operands = Vec::new();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                operands.extend(args.by_ref());
            } else if arg.starts_with("--") {
                self.long(&arg, "--", &mut args);
            } else if arg.len() > 1 && arg.starts_with('-') {
                let name = arg[1..].split('=').next().unwrap_or("");
                let long = self.alternative && self.long.iter().any(|l| l.name.starts_with(name));
                if long && !(name.chars().count() == 1 && self.short.contains(name)) {
                    self.long(&arg, "-", &mut args);
                } else {
                    self.letters(&arg, &mut args);
                }
            } else if mode == '-' {
                let v = self.quote(&arg);
                self.out.push_str(&format!(" {v}"));
            } else {
                operands.push(arg);
                if mode == '+' {
                    operands.extend(args.by_ref());
                }
            }
        }
        self.out.push_str(" --");
        for o in operands {
            let v = self.quote(&o);
            self.out.push_str(&format!(" {v}"));
        }
        self.out.push('\n');
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let Some(first) = args.first() else { return c.usage(2, "missing optstring argument").await };
    let compatible = !first.starts_with('-') || c.var("GETOPT_COMPATIBLE").is_some();
    let (short, long, name, quoted, quiet, silent, alternative, rest);
    if compatible {
        short = first.clone();
        // The old form: nothing is quoted.
        (long, name, quoted, quiet, silent, alternative) =
            (Vec::new(), "getopt".to_owned(), false, false, false, false);
        rest = args[1..].to_vec();
    } else {
        let p = c.parse_args(&SPEC, args).await?;
        if p.has("T") {
            return Err(Stop::Code(4));
        }
        let mut operands = p.operands.clone();
        short = match p.value("o") {
            Some(o) => o.to_owned(),
            None if operands.is_empty() => return c.usage(2, "missing optstring argument").await,
            None => operands.remove(0),
        };
        if let Some(s) = p.value("s").filter(|s| !matches!(*s, "sh" | "bash" | "csh" | "tcsh")) {
            return c.usage(2, format!("unknown shell after -s or --shell argument: {s}")).await;
        }
        long = p
            .values("l")
            .iter()
            .flat_map(|l| l.split([',', ' ', '\t', '\n']))
            .filter(|l| !l.is_empty())
            .map(|l| Long { name: l.trim_end_matches(':').to_owned(), colons: l.len() - l.trim_end_matches(':').len() })
            .collect();
        name = p.value("n").unwrap_or("getopt").to_owned();
        (quoted, quiet, silent, alternative) = (!p.has("u"), p.has("q"), p.has("Q"), p.has("a"));
        rest = operands;
    }
    let posix = c.var("POSIXLY_CORRECT").is_some();
    let mode = short.chars().next().filter(|m| matches!(m, '+' | '-')).unwrap_or(if posix { '+' } else { ' ' });
    let mut scan = Scan {
        short: short.trim_start_matches(['+', '-']),
        long,
        alternative,
        quoted,
        messages: Vec::new(),
        out: String::new(),
    };
    scan.all(rest, mode);
    let (messages, out) = (scan.messages, scan.out);
    if !silent {
        c.put(out).await?;
    }
    if !messages.is_empty() {
        if !quiet {
            c.flush().await?;
            for m in &messages {
                c.sys.eprint(format!("{name}: {m}\n")).await;
            }
        }
        return Err(Stop::Code(1));
    }
    Ok(())
}
