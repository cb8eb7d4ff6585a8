//! `bash` and `sh` as programs: arguments, environment, start files.

use std::rc::Rc;

use layerlab_kernel::program::Start;
use layerlab_kernel::{Cx, Errno, FileType, Program, ProgramArgs, Resource, StateHasher, Step};

use crate::dialect::Dialect;
use crate::eval::{Frame, Shell, SourceKind};
use crate::interactive::PromptFrame;

/// Registered programs: `bash`, and `sh` whose variant says which shell it is.
pub const PROGRAMS: &[(&str, Start)] = &[("bash", start_bash), ("sh", start_sh)];

fn start_bash(args: ProgramArgs) -> Box<dyn Program> {
    start(args, Dialect::Bash)
}

fn start_sh(args: ProgramArgs) -> Box<dyn Program> {
    let dialect = match args.variant.split_whitespace().next() {
        None => Dialect::Dash,
        Some(v) => Dialect::parse(v),
    };
    start(args, dialect)
}

fn start(args: ProgramArgs, dialect: Dialect) -> Box<dyn Program> {
    let name = args.argv.first().cloned().unwrap_or_default();
    let shell = Shell::new(dialect, &name);
    Box::new(ShellProgram { boot: Some(args), shell, turns: 0, size: BASE })
}

/// A shell as a process.
#[derive(Clone, Hash)]
struct ShellProgram {
    boot: Option<ProgramArgs>,
    shell: Shell,
    turns: u32,
    /// Memory at the last look.
    size: u64,
}

/// What a shell takes that holds nothing.
const BASE: u64 = 3_600_000;
/// The most that one may take here: the machine's real memory is small.
const MOST: u64 = 160 << 20;

impl ShellProgram {
    /// Looks at the memory from time to time; the shell's end where there is no more, in its words.
    fn out_of_memory(&mut self, cx: &mut Cx<'_>) -> Option<Step> {
        self.turns = self.turns.wrapping_add(1);
        if !self.turns.is_multiple_of(32) && self.size < 16 << 20 && self.shell.set <= crate::eval::MUCH {
            return None;
        }
        let before = std::mem::replace(&mut self.size, BASE + self.shell.vars.bytes() + bytes(&self.shell.params));
        let soft = |cx: &mut Cx<'_>, r| cx.get_limit(0, r).map_or(u64::MAX, |l| l.0);
        let most = MOST.min(soft(cx, Resource::AddressSpace)).min(soft(cx, Resource::Data));
        if self.size <= most.max(before) || self.size == BASE {
            return None;
        }
        let (text, code) = match self.shell.dialect {
            Dialect::Bash => {
                (format!("{}: xrealloc: cannot allocate {} bytes\n", self.shell.name, self.size - before), 2)
            }
            Dialect::Dash => (format!("{}: {}: Out of space\n", self.shell.name, self.shell.line), 2),
            Dialect::Ash => (format!("{}: out of memory\n", self.shell.name), 1),
        };
        self.size = before;
        let _ = cx.write(2, text.into_bytes().into());
        Some(Step::exit(code))
    }
}

/// Bytes of strings in a row.
fn bytes(list: &[String]) -> u64 {
    list.iter().map(|s| s.len() as u64 + 32).sum()
}

impl Program for ShellProgram {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        if let Some(args) = self.boot.take() {
            self.shell.boot(&args, cx);
        }
        let step = self.shell.run(cx);
        self.out_of_memory(cx).unwrap_or(step)
    }
    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }
    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
    fn memory(&self) -> u64 {
        self.size
    }
}

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are options")]
struct Options {
    command: bool,
    stdin: bool,
    interactive: bool,
    login: bool,
    norc: bool,
    noprofile: bool,
    rcfile: Option<String>,
}

impl Shell {
    /// Takes the environment, and sets what a shell sets.
    pub(crate) fn import(&mut self, env: &[(String, String)], cx: &mut Cx<'_>) {
        for (k, v) in env {
            if let Some(name) = k.strip_prefix("BASH_FUNC_").and_then(|n| n.strip_suffix("%%"))
                && self.dialect.is_bash()
            {
                self.import_function(name, v);
            }
            if crate::parse::valid_name(k) {
                self.vars.put(k, v);
                self.vars.entry(k).export = true;
            }
        }
        let bash = self.dialect.is_bash();
        self.vars.put("IFS", " \t\n");
        self.vars.entry("IFS").export = false;
        self.vars.put("OPTIND", "1");
        let default = |sh: &mut Self, n: &str, v: &str| {
            if sh.vars.get(n).is_none() {
                sh.vars.put(n, v);
            }
        };
        default(self, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        default(self, "PS4", "+ ");
        // PWD is believed only if it is where we are.
        let here = cx.getcwd().unwrap_or_else(|_| "/".into());
        let right = self.vars.value("PWD").is_some_and(|p| {
            p.starts_with('/')
                && cx.stat(&p).ok().map(|s| (s.dev, s.ino)) == cx.stat(&here).ok().map(|s| (s.dev, s.ino))
        });
        if !right {
            self.vars.put("PWD", &here);
        }
        if bash {
            self.vars.entry("PWD").export = true;
            let level = self.vars.value("SHLVL").and_then(|v| v.parse::<i64>().ok()).unwrap_or(0) + 1;
            self.vars.put("SHLVL", &level.to_string());
            self.vars.entry("SHLVL").export = true;
            let own = if self.name.contains('/') {
                Ok(None)
            } else {
                self.find_command(cx, self.name.trim_start_matches('-'))
            };
            let own = own
                .ok()
                .flatten()
                .unwrap_or_else(|| if self.name.starts_with('/') { self.name.to_string() } else { "/bin/bash".into() });
            self.vars.put("BASH", &own);
            self.vars.put("BASH_VERSION", "5.2.37(1)-release");
            self.vars.put("COMP_WORDBREAKS", " \t\n\"'@><=;|&(:");
            self.vars.put("OSTYPE", "linux-gnu");
            self.vars.put("HOSTTYPE", "x86_64");
            self.vars.put("MACHTYPE", "x86_64-pc-linux-gnu");
            self.vars.put("OPTERR", "1");
            let host = cx.uname().map(|u| u.nodename).unwrap_or_default();
            default(self, "HOSTNAME", &host);
        } else {
            let dash = if cx.ids().0 == 0 { "# " } else { "$ " };
            default(self, "PS1", if self.is_dash() { dash } else { "\\w \\$ " });
            default(self, "PS2", "> ");
        }
    }

    /// A function that `export -f` gave to this shell.
    fn import_function(&mut self, name: &str, body: &str) {
        let text = format!("{name} {body}");
        let Ok(Some(p)) = crate::parse::next_command(&text, 0, 1, &self.parse_context()) else { return };
        let [item] = p.list.items.as_slice() else { return };
        let [command] = item.and_or.first.commands.as_slice() else { return };
        if let crate::parse::ast::CommandKind::Function(n, f) = &command.kind
            && **n == *name
        {
            Rc::make_mut(&mut self.funcs).insert(name.to_owned(), f.clone());
            self.exported_functions.insert(name.to_owned());
        }
    }

    fn boot(&mut self, args: &ProgramArgs, cx: &mut Cx<'_>) {
        self.pid = cx.pid();
        self.ppid = cx.parent_pid();
        self.groups = vec![cx.ids().1];
        self.started = cx.now();
        self.note_ignored(cx);
        self.set_dispositions(cx);
        self.import(&args.env, cx);
        let mut options = Options { login: self.name.starts_with('-'), ..Options::default() };
        let rest = match self.options(args.argv.get(1..).unwrap_or(&[]), &mut options) {
            Ok(Some(rest)) => rest,
            Ok(None) => return,
            Err(text) => {
                let name = self.name.clone();
                self.err(format!("{name}: {text}\n"));
                self.status = 2;
                return;
            }
        };
        let mut rest = rest.into_iter();
        if options.command {
            let Some(text) = rest.next() else {
                let name = self.name.clone();
                let text = if self.dialect.is_bash() {
                    format!("{name}: -c: option requires an argument\n")
                } else {
                    format!("{name}: 0: -c requires an argument\n")
                };
                self.err(text);
                self.status = 2;
                return;
            };
            if let Some(name) = rest.next() {
                self.name = name.into();
            }
            self.params = Rc::new(rest.collect());
            self.from_c = true;
            if self.dialect.is_bash() {
                self.vars.put("BASH_EXECUTION_STRING", &text);
            }
            self.push_source(SourceKind::Command, &text, 1);
            if options.interactive {
                self.opts.set("expand_aliases", true);
            }
            self.start_files(&options, cx);
            return;
        }
        if !options.stdin
            && let Some(script) = rest.next()
        {
            self.params = Rc::new(rest.collect());
            self.script(&script, cx);
            if options.login {
                self.start_files(&options, cx);
            }
            return;
        }
        self.params = Rc::new(rest.collect());
        let tty = cx.tc_get_attr(0).is_ok() && cx.tc_get_attr(2).is_ok();
        if options.interactive || (tty && !options.stdin) {
            self.interactive_start(cx);
            self.frames.push(Frame::Prompt(Box::<PromptFrame>::default()));
            self.start_files(&options, cx);
            return;
        }
        self.push_source(SourceKind::Stdin(0), "", 1);
        self.start_files(&options, cx);
    }

    /// Reads options; `None` where the shell has nothing more to do.
    fn options(&mut self, args: &[String], o: &mut Options) -> Result<Option<Vec<String>>, String> {
        let mut i = 0;
        while let Some(a) = args.get(i) {
            i += 1;
            match a.as_str() {
                "--" | "-" => break,
                "--login" => o.login = true,
                "--norc" => o.norc = true,
                "--noprofile" => o.noprofile = true,
                "--posix" => {
                    self.opts.set("posix", true);
                }
                "--rcfile" | "--init-file" => {
                    o.rcfile = args.get(i).cloned();
                    i += 1;
                }
                "--noediting" | "--verbose" | "--debugger" | "--restricted" => {}
                "--version" if self.dialect.is_bash() => {
                    self.out("GNU bash, version 5.2.37(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\nThis is free software; you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n");
                    return Ok(None);
                }
                a if a.starts_with("--") => return Err(format!("{a}: invalid option")),
                a if a.len() > 1 && (a.starts_with('-') || a.starts_with('+')) => {
                    let on = a.starts_with('-');
                    for c in a.chars().skip(1) {
                        match c {
                            'c' if on => o.command = true,
                            's' => o.stdin = true,
                            'i' => o.interactive = true,
                            'l' => o.login = true,
                            'o' | 'O' => {
                                let name = args.get(i).cloned().unwrap_or_default();
                                i += 1;
                                if !self.opts.set(&name, on) {
                                    return Err(if self.dialect.is_bash() {
                                        format!("{name}: invalid option name")
                                    } else {
                                        format!("0: Illegal option -o {name}")
                                    });
                                }
                            }
                            c => match crate::eval::Opts::by_letter(c, self.dialect) {
                                Some(n) => {
                                    self.opts.set(n, on);
                                }
                                None => {
                                    return Err(if self.dialect.is_bash() {
                                        format!("-{c}: invalid option")
                                    } else {
                                        format!("0: Illegal option -{c}")
                                    });
                                }
                            },
                        }
                    }
                }
                _ => {
                    i -= 1;
                    break;
                }
            }
        }
        Ok(Some(args.get(i..).unwrap_or(&[]).to_vec()))
    }

    fn script(&mut self, path: &str, cx: &mut Cx<'_>) {
        let mut full = path.to_owned();
        if cx.stat(path).is_err()
            && !path.contains('/')
            && self.dialect.is_bash()
            && let Ok(Some(p)) = self.find_command(cx, path)
        {
            full = p;
        }
        let shell = self.name.to_string();
        let is_dir = cx.stat(&full).is_ok_and(|s| s.file_type == FileType::Dir);
        let content = if is_dir { Err(Errno::EISDIR) } else { self.read_whole(&full, cx) };
        match content {
            Ok(bytes) => {
                if bytes.iter().take(80).take_while(|b| **b != b'\n').any(|b| *b == 0) {
                    self.err(format!("{path}: {path}: cannot execute binary file\n"));
                    self.status = 126;
                    return;
                }
                self.name = path.into();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.push_source(SourceKind::File, &text, 1);
            }
            Err(e) => {
                let text = match (self.dialect, e) {
                    (Dialect::Bash, Errno::EISDIR) => format!("{full}: {full}: Is a directory\n"),
                    (d, e) => crate::eval::cannot_open(d, &shell, &full, e),
                };
                self.err(text);
                self.status = match (self.dialect, e) {
                    (Dialect::Bash, Errno::ENOENT) => 127,
                    (Dialect::Bash, _) => 126,
                    _ => 2,
                };
            }
        }
    }

    /// What a shell at a terminal does with signals and the terminal.
    fn interactive_start(&mut self, cx: &mut Cx<'_>) {
        self.interactive = true;
        for n in ["monitor", "emacs", "history", "histexpand", "expand_aliases"] {
            self.opts.set(n, self.dialect.is_bash() || n == "monitor");
        }
        self.set_dispositions(cx);
        if cx.tc_get_attr(0).is_ok() {
            let _ = cx.set_pgid(0, 0);
            self.pgid = cx.pid();
            self.tty = Some(0);
            if cx.tc_set_pgrp(0, self.pgid).is_err() {
                // Another session's terminal: no job control.
                self.tty = None;
                self.opts.set("monitor", false);
            }
        } else {
            self.opts.set("monitor", false);
        }
        if self.dialect.is_bash() {
            if self.vars.get("PS1").is_none() {
                self.vars.put("PS1", "\\s-\\v\\$ ");
            }
            if self.vars.get("PS2").is_none() {
                self.vars.put("PS2", "> ");
            }
            if self.vars.get("HISTFILE").is_none()
                && let Some(home) = self.vars.value("HOME")
            {
                self.vars.put("HISTFILE", &format!("{home}/.bash_history"));
            }
        } else if self.dialect == Dialect::Ash
            && let Some(home) = self.vars.value("HOME")
        {
            self.vars.put("HISTFILE", &format!("{home}/.ash_history"));
        }
    }

    /// Start files run before what else is to be done, the first on top.
    fn start_files(&mut self, o: &Options, cx: &mut Cx<'_>) {
        let home = self.vars.value("HOME").unwrap_or_default();
        let mut files: Vec<String> = Vec::new();
        let bash = self.dialect.is_bash();
        if o.login && !o.noprofile {
            files.push("/etc/profile".into());
            let own = if bash { vec![".bash_profile", ".bash_login", ".profile"] } else { vec![".profile"] };
            files.extend(
                own.into_iter().map(|f| format!("{home}/{f}")).find(|f| cx.access(f, true, false, false).is_ok()),
            );
        } else if self.interactive && bash && !o.norc {
            files.push("/etc/bash.bashrc".into());
            files.push(o.rcfile.clone().unwrap_or_else(|| format!("{home}/.bashrc")));
        } else if self.interactive && !bash {
            files.extend(self.vars.value("ENV"));
        } else if bash && !self.interactive {
            files.extend(self.vars.value("BASH_ENV"));
        }
        for f in files.into_iter().rev() {
            if let Ok(bytes) = self.read_whole(&f, cx) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.dots += 1;
                self.frames.push(Frame::Dot(None));
                self.push_source(SourceKind::File, &text, 1);
            }
        }
    }
}
