//! What all commands share: the command line, buffered output, messages, GNU's forms.

pub(crate) mod busybox;
pub(crate) mod feed;
pub(crate) mod help;
pub(crate) mod human;
pub(crate) mod input;
pub(crate) mod names;
pub(crate) mod options;
pub(crate) mod path;
pub(crate) mod quote;
pub(crate) mod spawn;
pub(crate) mod time;
pub(crate) mod zone;

use std::fmt::Display;

use layerlab_kernel::{Errno, ProgramArgs, Sys};

pub(crate) use options::{Parsed, Spec};

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// With this exit code; all is said.
    Code(i32),
    /// Standard output cannot be written.
    Output(Errno),
}

/// What a command's steps answer.
pub(crate) type Run<T> = Result<T, Stop>;

/// How much output is kept before it is written.
const BUFFER: usize = 1 << 15;

/// Commands that say their name without directories.
const SHORT_NAMES: &[&str] = &[
    "awk", "mawk", "grep", "egrep", "fgrep", "sed", "gzip", "gunzip", "zcat", "curl", "git", "mount", "umount",
    "lsblk", "lsns", "findmnt", "column", "hexdump", "rev", "nsenter", "unshare", "kill", "su", "ip", "ss", "more",
    "getopt", "renice", "dmesg", "ping", "jq",
];

/// A running command.
pub(crate) struct Cli {
    /// The kernel.
    pub(crate) sys: Sys,
    /// `argv[0]` without directories.
    pub(crate) name: String,
    /// The other arguments.
    pub(crate) args: Vec<String>,
    /// The environment.
    pub(crate) env: Vec<(String, String)>,
    /// Which one it is where there are several: `busybox`, or the distribution's.
    pub(crate) variant: String,
    /// The exit code, as far as it is known.
    pub(crate) code: i32,
    out: Vec<u8>,
    /// `argv[0]` as it was given.
    invoked: String,
    /// What its usage says, once its options have been read.
    usage: (&'static str, &'static str),
}

impl Cli {
    fn new(sys: Sys, args: ProgramArgs) -> Self {
        let name = args.name().to_owned();
        let (env, variant) = (args.env, args.variant);
        let invoked = args.argv.first().cloned().unwrap_or_default();
        Self {
            sys,
            name,
            args: args.argv.into_iter().skip(1).collect(),
            env,
            variant,
            code: 0,
            out: Vec::new(),
            invoked,
            usage: ("", ""),
        }
    }

    /// An environment variable.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// A message with the quotes of the locale: without a package of locales there are `C`, `POSIX` and `C.UTF-8`.
    fn in_locale(&self, message: impl Display) -> String {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|v| self.var(v).filter(|v| !v.is_empty()));
        let utf8 = self.variant != "busybox" && locale.is_some_and(|l| matches!(l, "C.UTF-8" | "C.utf8"));
        quote::in_locale(message.to_string(), utf8)
    }

    /// The zone of the process's clock.
    pub(crate) async fn zone(&self) -> zone::Zone {
        let tz = self.var("TZ");
        if self.variant == "busybox" {
            zone::Zone::load_musl(&self.sys, tz).await
        } else {
            zone::Zone::load(&self.sys, tz).await
        }
    }

    /// Writes to standard output, buffered.
    pub(crate) async fn put(&mut self, bytes: impl AsRef<[u8]>) -> Run<()> {
        self.out.extend_from_slice(bytes.as_ref());
        if self.out.len() >= BUFFER { self.flush().await } else { Ok(()) }
    }

    /// Writes what is buffered.
    pub(crate) async fn flush(&mut self) -> Run<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let data = std::mem::take(&mut self.out);
        self.sys.write_all(1, data).await.map_err(Stop::Output)
    }

    /// Says `name: message` on standard error.
    pub(crate) async fn warn(&mut self, message: impl Display) {
        let _ = self.flush().await;
        let message = self.in_locale(message);
        if self.variant == "busybox" {
            if let Some(text) = busybox::reword(&self.name, &message) {
                self.sys.eprint(format!("{}: {text}\n", self.name)).await;
            }
            return;
        }
        let name = self.called(false).to_owned();
        self.sys.eprint(format!("{name}: {message}\n")).await;
    }

    /// Its name in messages: GNU's tools say it as it was given, others without directories. All do the
    /// former for wrong options (getopt(3)).
    fn called(&self, option: bool) -> &str {
        let renamed = path::base(&self.invoked) != self.name;
        let short = SHORT_NAMES.contains(&self.name.as_str()) && !option;
        if renamed || short { &self.name } else { &self.invoked }
    }

    /// Says it, and the exit code will be 1 at least.
    pub(crate) async fn fail(&mut self, message: impl Display) {
        self.warn(message).await;
        self.code = self.code.max(1);
    }

    /// Says it and ends.
    pub(crate) async fn die<T>(&mut self, code: i32, message: impl Display) -> Run<T> {
        self.warn(message).await;
        // Busybox's own have one code for all that is wrong.
        let one = self.variant == "busybox" && matches!(self.name.as_str(), "awk" | "sed");
        Err(Stop::Code(if one { 1 } else { code }))
    }

    /// Says it, where help is to be found, and ends.
    pub(crate) async fn usage<T>(&mut self, code: i32, message: impl Display) -> Run<T> {
        let message = self.in_locale(message);
        if self.variant == "busybox" {
            return self.applet_usage(&message).await;
        }
        let name = self.called(true).to_owned();
        let _ = self.flush().await;
        self.sys.eprint(format!("{name}: {message}\n")).await;
        // Diffutils say their name before the second line too.
        let lead = if matches!(self.name.as_str(), "cmp" | "diff") { format!("{name}: ") } else { String::new() };
        let lead = if matches!(self.name.as_str(), "grep" | "egrep" | "fgrep") && code == 2 {
            format!("Usage: {} [OPTION]... PATTERNS [FILE]...\n", self.name)
        } else {
            lead
        };
        self.sys.eprint(format!("{lead}Try '{name} --help' for more information.\n")).await;
        Err(Stop::Code(code))
    }

    /// As busybox says what an applet takes; its exit code is 1.
    async fn applet_usage<T>(&mut self, message: &str) -> Run<T> {
        let (usage, about) = self.usage;
        if usage.is_empty() || !busybox::usage_alone(message) {
            self.warn(message).await;
        }
        if !usage.is_empty() && busybox::shows_usage(message) {
            let lead = busybox::BANNER;
            let usage = busybox::usage(&self.name, usage);
            self.sys.eprint(format!("{lead}Usage: {} {usage}\n\n{about}\n", self.name)).await;
        }
        Err(Stop::Code(1))
    }

    /// Options and operands by a table; says what is wrong with them and ends.
    pub(crate) async fn parse(&mut self, spec: &Spec) -> Run<Parsed> {
        let args = std::mem::take(&mut self.args);
        self.parse_args(spec, args).await
    }

    /// The same for other arguments than the command's.
    pub(crate) async fn parse_args(&mut self, spec: &Spec, args: Vec<String>) -> Run<Parsed> {
        self.usage = (spec.usage, spec.about);
        match options::parse(spec, args) {
            Err(message) => self.usage(spec.fail, message).await,
            Ok(p) if p.has("help") && self.variant == "busybox" => {
                let usage = busybox::usage(&self.name, spec.usage);
                let text = format!("{}Usage: {} {usage}\n\n{}\n", busybox::BANNER, self.name, spec.about);
                self.sys.eprint(text).await;
                Err(Stop::Code(0))
            }
            Ok(p) if p.has("help") => {
                let text = options::help(spec, &self.name);
                self.put(text).await?;
                self.flush().await?;
                Err(Stop::Code(0))
            }
            Ok(p) if p.has("version") => {
                let text = format!("{} ({})\n", self.name, spec.version);
                self.put(text).await?;
                self.flush().await?;
                Err(Stop::Code(0))
            }
            Ok(p) if self.variant == "busybox" => match busybox::unknown(&self.name, p.options.iter().map(|o| o.0)) {
                Some(message) => self.usage(1, message).await,
                None => Ok(p),
            },
            Ok(p) => Ok(p),
        }
    }

    /// Ends with "missing operand" where there are too few operands (coreutils' texts).
    pub(crate) async fn need(&mut self, operands: &[String], n: usize) -> Run<()> {
        if operands.len() >= n {
            return Ok(());
        }
        match operands.last() {
            None => self.usage(1, "missing operand").await,
            Some(last) => self.usage(1, format!("missing operand after {}", quote::word(last))).await,
        }
    }

    /// Ends with "extra operand" where there are too many.
    pub(crate) async fn at_most(&mut self, operands: &[String], n: usize) -> Run<()> {
        match operands.get(n) {
            None => Ok(()),
            Some(extra) => self.usage(1, format!("extra operand {}", quote::word(extra))).await,
        }
    }

    /// A whole file, or standard input for `-`.
    pub(crate) async fn slurp(&self, path: &str) -> Result<Vec<u8>, Errno> {
        if path == "-" { self.sys.read_all(0).await } else { self.sys.read_file(path).await }
    }
}

/// Runs a command; the exit code.
pub(crate) async fn run<F>(sys: Sys, args: ProgramArgs, main: F) -> i32
where
    F: AsyncFnOnce(&mut Cli) -> Run<()>,
{
    let mut cli = Cli::new(sys, args);
    if let ([one], Some(text)) = (cli.args.as_slice(), help::of(&cli.name))
        && one == "--help"
        && cli.variant != "busybox"
    {
        let _ = cli.sys.print(text).await;
        return 0;
    }
    let result = match main(&mut cli).await {
        Ok(()) => cli.flush().await,
        Err(Stop::Code(code)) => {
            cli.code = code;
            cli.flush().await
        }
        Err(e) => Err(e),
    };
    if cli.variant == "busybox"
        && cli.code == 2
        && matches!(cli.name.as_str(), "ls" | "tar" | "gzip" | "gunzip" | "sed")
    {
        // Where GNU's tools have degrees of failure, applets have one.
        cli.code = 1;
    }
    if let Err(Stop::Output(e)) = result {
        cli.out.clear();
        cli.warn(format!("write error: {e}")).await;
        return 1;
    }
    cli.code
}

/// Gives way to other programs for a moment; for loops that make no system call for long.
pub(crate) async fn pause() {
    let mut first = true;
    std::future::poll_fn(move |_| {
        if std::mem::take(&mut first) { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
}

/// Columns that a text takes on a screen (wide characters count twice, combining ones not).
pub(crate) fn human_width(text: &str) -> usize {
    let of = |c: char| match c as u32 {
        0..0x20 | 0x7f..0xa0 | 0x300..0x370 | 0x200b..0x2010 | 0xfe00..0xfe10 => 0,
        0x1100..0x1160 | 0x2e80..0xa4d0 | 0xac00..0xd7a4 | 0xf900..0xfb00 | 0xfe30..0xfe70 => 2,
        0xff00..0xff61 | 0xffe0..0xffe7 | 0x1f300..0x1f650 | 0x1f900..0x1fa00 | 0x20000..0x3fffe => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}
