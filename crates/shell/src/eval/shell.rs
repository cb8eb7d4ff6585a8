//! The shell's state.

use std::collections::VecDeque;
use std::rc::Rc;

use layerlab_kernel::sorted::{self, SortedMap};
use layerlab_kernel::{Bytes, Fd, Signal, SimTime, SysResult, Syscall};

use super::Frame;
use super::control::Control;
use super::job::Job;
use super::trap::Traps;
use crate::dialect::Dialect;
use crate::parse::Context;
use crate::parse::ast::Function;
use crate::vars::Vars;

/// `set` and `shopt` options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Opts {
    on: sorted::SortedSet<&'static str>,
    hot: u16,
}

/// Options that are looked at with every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hot {
    /// `allexport`.
    Allexport,
    /// `errexit`.
    Errexit,
    /// `nocasematch`.
    Nocasematch,
    /// `noexec`.
    Noexec,
    /// `nounset`.
    Nounset,
    /// `xtrace`.
    Xtrace,
}

impl Hot {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "allexport" => Self::Allexport,
            "errexit" => Self::Errexit,
            "nocasematch" => Self::Nocasematch,
            "noexec" => Self::Noexec,
            "nounset" => Self::Nounset,
            "xtrace" => Self::Xtrace,
            _ => return None,
        })
    }
}

/// `set -o` names with their letters.
pub const SET_OPTIONS: &[(&str, char)] = &[
    ("allexport", 'a'),
    ("braceexpand", 'B'),
    ("emacs", '\0'),
    ("errexit", 'e'),
    ("errtrace", 'E'),
    ("functrace", 'T'),
    ("hashall", 'h'),
    ("histexpand", 'H'),
    ("history", '\0'),
    ("ignoreeof", '\0'),
    ("interactive-comments", '\0'),
    ("keyword", 'k'),
    ("monitor", 'm'),
    ("noclobber", 'C'),
    ("noexec", 'n'),
    ("noglob", 'f'),
    ("nolog", '\0'),
    ("notify", 'b'),
    ("nounset", 'u'),
    ("onecmd", 't'),
    ("physical", 'P'),
    ("pipefail", '\0'),
    ("posix", '\0'),
    ("privileged", 'p'),
    ("verbose", 'v'),
    ("vi", '\0'),
    ("xtrace", 'x'),
];

/// The same of dash, in its order.
const DASH_OPTIONS: &[(&str, char)] = &[
    ("errexit", 'e'),
    ("noglob", 'f'),
    ("ignoreeof", 'I'),
    ("interactive", 'i'),
    ("monitor", 'm'),
    ("noexec", 'n'),
    ("stdin", 's'),
    ("xtrace", 'x'),
    ("verbose", 'v'),
    ("vi", 'V'),
    ("emacs", 'E'),
    ("noclobber", 'C'),
    ("allexport", 'a'),
    ("notify", 'b'),
    ("nounset", 'u'),
    ("privileged", 'p'),
    ("nolog", '\0'),
    ("debug", '\0'),
];

/// The same of busybox ash.
const ASH_OPTIONS: &[(&str, char)] = &[
    ("errexit", 'e'),
    ("noglob", 'f'),
    ("ignoreeof", 'I'),
    ("monitor", 'm'),
    ("noexec", 'n'),
    ("xtrace", 'x'),
    ("verbose", 'v'),
    ("noclobber", 'C'),
    ("allexport", 'a'),
    ("notify", 'b'),
    ("nounset", 'u'),
    ("errtrace", 'E'),
    ("vi", 'V'),
    ("pipefail", '\0'),
];

/// A shell's `set -o` names, in its order, with their letters.
pub fn set_options(dialect: Dialect) -> &'static [(&'static str, char)] {
    match dialect {
        Dialect::Bash => SET_OPTIONS,
        Dialect::Dash => DASH_OPTIONS,
        Dialect::Ash => ASH_OPTIONS,
    }
}

/// `shopt` names.
pub const SHOPT_OPTIONS: &[&str] = &[
    "autocd",
    "assoc_expand_once",
    "cdable_vars",
    "cdspell",
    "checkhash",
    "checkjobs",
    "checkwinsize",
    "cmdhist",
    "compat31",
    "compat32",
    "compat40",
    "compat41",
    "compat42",
    "compat43",
    "compat44",
    "complete_fullquote",
    "direxpand",
    "dirspell",
    "dotglob",
    "execfail",
    "expand_aliases",
    "extdebug",
    "extglob",
    "extquote",
    "failglob",
    "force_fignore",
    "globasciiranges",
    "globskipdots",
    "globstar",
    "gnu_errfmt",
    "histappend",
    "histreedit",
    "histverify",
    "hostcomplete",
    "huponexit",
    "inherit_errexit",
    "interactive_comments",
    "lastpipe",
    "lithist",
    "localvar_inherit",
    "localvar_unset",
    "login_shell",
    "mailwarn",
    "no_empty_cmd_completion",
    "nocaseglob",
    "nocasematch",
    "noexpand_translation",
    "nullglob",
    "patsub_replacement",
    "progcomp",
    "progcomp_alias",
    "promptvars",
    "restricted_shell",
    "shift_verbose",
    "sourcepath",
    "varredir_close",
    "xpg_echo",
];

impl Opts {
    /// Whether an option is on.
    pub fn has(&self, name: &str) -> bool {
        self.on.contains(name)
    }
    /// The same for options that are asked for often.
    pub fn hot(&self, option: Hot) -> bool {
        self.hot & (1 << option as u16) != 0
    }
    /// Switches an option; false if there is none of this name.
    pub fn set(&mut self, name: &str, on: bool) -> bool {
        if let Some(h) = Hot::of(name) {
            let bit = 1 << h as u16;
            self.hot = if on { self.hot | bit } else { self.hot & !bit };
        }
        let known = SET_OPTIONS
            .iter()
            .chain(DASH_OPTIONS)
            .map(|(n, _)| *n)
            .chain(SHOPT_OPTIONS.iter().copied())
            .find(|n| *n == name);
        match known {
            Some(n) if on => {
                self.on.insert(n);
                true
            }
            Some(n) => {
                self.on.remove(n);
                true
            }
            None => false,
        }
    }
    /// The name of a letter.
    pub fn by_letter(c: char, dialect: Dialect) -> Option<&'static str> {
        set_options(dialect).iter().find(|(_, l)| *l == c && c != '\0').map(|(n, _)| *n)
    }
    /// The names that are on, as `SHELLOPTS` (`set`'s) and `BASHOPTS` have them.
    pub fn names(&self, set: bool) -> String {
        let all = self.on.iter().copied().filter(|n| SET_OPTIONS.iter().any(|(o, _)| o == n) == set);
        all.collect::<Vec<_>>().join(":")
    }
    /// The letters of `$-`.
    pub fn letters(&self, dialect: Dialect) -> String {
        if !dialect.is_bash() {
            let all = set_options(dialect).iter().rev();
            return all.filter(|(n, l)| *l != '\0' && self.has(n)).map(|(_, l)| *l).collect();
        }
        let mut s: Vec<char> = SET_OPTIONS.iter().filter(|(n, l)| *l != '\0' && self.has(n)).map(|(_, l)| *l).collect();
        sorted::sort_by(&mut s, |a, b| (a.is_uppercase(), a).cmp(&(b.is_uppercase(), b)));
        s.into_iter().collect()
    }
}

/// `RANDOM`'s generator, once somebody has assigned to it: bash's (minimal standard, Park and Miller).
#[derive(Clone, Debug, Default)]
pub struct Random(std::cell::Cell<Option<u32>>);

impl std::hash::Hash for Random {
    fn hash<H: std::hash::Hasher>(&self, h: &mut H) {
        self.0.get().hash(h);
    }
}

impl Random {
    /// Starts from here.
    pub fn seed(&self, seed: Option<u32>) {
        self.0.set(seed);
    }
    /// The next number, of 15 bits; none before there was a seed.
    pub fn next(&self) -> Option<u32> {
        let seed = match self.0.get()? {
            0 => 123_459_876,
            n => i64::from(n),
        };
        let t = 16_807 * (seed % 127_773) - 2_836 * (seed / 127_773);
        let n = u32::try_from(if t < 0 { t + 0x7fff_ffff } else { t }).unwrap_or(0);
        self.0.set(Some(n));
        Some((n ^ (n >> 16)) & 0x7fff)
    }
}

/// A shell: all that a fork copies.
#[derive(Clone, Debug, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Shell {
    /// Which shell it is.
    pub dialect: Dialect,
    /// `$0`.
    pub name: Rc<str>,
    /// What the program was called as, without directories.
    pub applet: Rc<str>,
    /// Whether messages name a line: not at a prompt.
    pub interactive: bool,
    /// Started as a login shell.
    pub login: bool,
    /// `-c` was given: syntax errors say so.
    pub from_c: bool,
    /// Variables.
    pub vars: Vars,
    /// Functions.
    pub funcs: Rc<SortedMap<String, Rc<Function>>>,
    /// Aliases.
    pub aliases: Rc<SortedMap<String, String>>,
    /// `$1` and on.
    pub params: Rc<Vec<String>>,
    /// Options.
    pub opts: Opts,
    /// `$?`.
    pub status: i32,
    /// Statuses of the last pipeline.
    pub pipe_status: Vec<i32>,
    /// `$$`.
    pub pid: u32,
    /// The groups of the user who runs it.
    pub groups: Vec<u32>,
    /// `$PPID`.
    pub ppid: u32,
    /// `$!`.
    pub last_background: Option<u32>,
    /// `$_`.
    pub last_arg: String,
    /// The text of the last simple command, for jobs.
    pub simple_text: Rc<str>,
    /// Its text, for `BASH_COMMAND`.
    pub command_text: Rc<str>,
    /// The line of the running command.
    pub line: u32,
    /// What is in progress, the innermost last.
    pub frames: Vec<Frame>,
    /// A jump on its way out through the frames.
    pub control: Option<Control>,
    /// What the last expansion gave, by word.
    pub results: Vec<Vec<String>>,
    /// What the last command substitution printed.
    pub captured: String,
    /// The status of the last command substitution of a command.
    pub subst_status: Option<i32>,
    /// Functions that inherit DEBUG and RETURN traps (`declare -ft`).
    pub traced_functions: sorted::SortedSet<String>,
    /// `$?` before the last `return`.
    pub before_return: i32,
    /// Whether that had a status of its own.
    pub return_given: bool,
    /// Traps.
    pub traps: Traps,
    /// Signals that arrived for traps.
    pub arrived: VecDeque<Signal>,
    /// ^C came, and what it does is still to be decided.
    pub interrupted: bool,
    /// Signals that were ignored when the shell started, as bits: they stay so.
    pub ignored: u64,
    /// A background command without job control: ^C and ^\ are not for it.
    pub background: bool,
    /// The signal that ends the shell once the EXIT trap has run.
    pub dying: Option<Signal>,
    /// Background and stopped jobs.
    pub jobs: Vec<Job>,
    /// A subshell may still show its parent's jobs.
    pub inherited_jobs: Vec<Job>,
    /// Ended children that nobody has waited for.
    pub reaped: SortedMap<u32, i32>,
    /// The number of the last forked child.
    pub forked: u32,
    /// Loops around the running command.
    pub loops: u32,
    /// Options that functions put back, with the depth of each function.
    pub kept_options: Vec<(usize, Opts)>,
    /// Files of the functions and sourced scripts around it, as `BASH_SOURCE` shows them.
    pub sources: Vec<Rc<str>>,
    /// The lines on which the running functions were called.
    pub call_lines: Vec<u32>,
    /// Builtins that `enable -n` has put away.
    pub disabled: sorted::SortedSet<String>,
    /// What `complete` has been told: command, its options.
    pub completions: SortedMap<String, Vec<String>>,
    /// Functions that `export -f` gives to commands.
    pub exported_functions: sorted::SortedSet<String>,
    /// Where functions were defined.
    pub origins: Rc<SortedMap<String, Rc<str>>>,
    /// Functions around it.
    pub functions: Vec<Rc<str>>,
    /// Sourced scripts around it.
    pub dots: u32,
    /// A condition is around the subshell: its failures don't end it.
    pub tested: bool,
    /// Standard input is a pipeline's.
    pub stdin_given: bool,
    /// Command substitutions around it.
    pub substs: u32,
    /// Subshells around it.
    pub subshell: u32,
    /// The result of the call that was waited for.
    pub ret: Option<SysResult>,
    /// Output to be written: descriptor, bytes, and the builtin that wrote.
    pub io: VecDeque<(Fd, Bytes, &'static str)>,
    /// The first of `io` is being written.
    pub writing: bool,
    /// Where commands were found.
    pub hashed: SortedMap<String, (String, u32)>,
    /// `pushd`'s stack, without the working directory.
    pub dirs: Vec<String>,
    /// `getopts`: place within a cluster of options.
    pub getopts_at: usize,
    /// The same of the callers of functions.
    pub getopts_kept: Vec<(usize, usize)>,
    /// `getopts` of dash and ash: the word that is next.
    pub getopts_index: usize,
    /// Command lines that were typed.
    pub history: Rc<Vec<String>>,
    /// How many of them the history file had.
    pub history_saved: usize,
    /// Since boot, when it started, or was told the `SECONDS`.
    pub started: SimTime,
    /// What `SECONDS` was then.
    pub seconds: i64,
    /// Since boot, when the running turn began.
    pub turn: SimTime,
    /// Bytes of values that have been set in this turn.
    pub set: usize,
    /// What `RANDOM` goes on from.
    pub random: Random,
    /// The terminal's descriptor, where there is one with job control.
    pub tty: Option<Fd>,
    /// Its process group.
    pub pgid: u32,
    /// The builtin that runs, for messages.
    pub builtin: Option<&'static str>,
    /// Our ends of process substitutions that the next command uses.
    pub process_fds: Vec<Fd>,
    /// Commands of `>(…)`: the shell's end waits for theirs, so that nothing of their output is lost.
    pub process_outputs: Vec<u32>,
    /// The pipe of the one that is being started: our end, its end.
    pub process_pipe: Option<(Fd, Fd)>,
    /// A special descriptor allocated by `{name}>`.
    pub next_fd: Fd,
    /// A call that waits until output is written.
    pub held: Option<Syscall>,
    /// Others, and signals, get a turn before the next step.
    pub give_turn: bool,
    /// A child of a shell at a prompt: messages as there.
    pub from_prompt: bool,
    /// The terminal has a new size.
    pub window_changed: bool,
    /// `exit` was refused once because of stopped jobs.
    pub warned_jobs: bool,
}

impl Shell {
    /// A shell before it has started.
    pub fn new(dialect: Dialect, name: &str) -> Self {
        let mut opts = Opts::default();
        for n in ["braceexpand", "hashall", "interactive-comments"] {
            opts.set(n, dialect.is_bash());
        }
        for n in [
            "checkwinsize",
            "cmdhist",
            "complete_fullquote",
            "extquote",
            "force_fignore",
            "globasciiranges",
            "globskipdots",
            "hostcomplete",
            "interactive_comments",
            "patsub_replacement",
            "progcomp",
            "promptvars",
            "sourcepath",
        ] {
            opts.set(n, dialect.is_bash());
        }
        Self {
            dialect,
            name: name.into(),
            applet: name.trim_start_matches('-').rsplit('/').next().unwrap_or_default().into(),
            interactive: false,
            login: false,
            from_c: false,
            vars: Vars::default(),
            funcs: Rc::default(),
            aliases: Rc::default(),
            params: Rc::default(),
            opts,
            status: 0,
            pipe_status: vec![0],
            pid: 0,
            groups: Vec::new(),
            ppid: 0,
            last_background: None,
            last_arg: String::new(),
            simple_text: "".into(),
            command_text: "".into(),
            line: 1,
            frames: Vec::new(),
            control: None,
            results: Vec::new(),
            captured: String::new(),
            subst_status: None,
            traced_functions: sorted::SortedSet::new(),
            before_return: 0,
            return_given: false,
            traps: Traps::default(),
            arrived: VecDeque::new(),
            interrupted: false,
            ignored: 0,
            background: false,
            dying: None,
            jobs: Vec::new(),
            inherited_jobs: Vec::new(),
            reaped: SortedMap::new(),
            forked: 0,
            loops: 0,
            kept_options: Vec::new(),
            sources: Vec::new(),
            call_lines: Vec::new(),
            disabled: sorted::SortedSet::new(),
            completions: SortedMap::new(),
            exported_functions: sorted::SortedSet::new(),
            origins: Rc::default(),
            functions: Vec::new(),
            dots: 0,
            tested: false,
            stdin_given: false,
            substs: 0,
            subshell: 0,
            ret: None,
            io: VecDeque::new(),
            writing: false,
            hashed: SortedMap::new(),
            dirs: Vec::new(),
            getopts_at: 0,
            getopts_kept: Vec::new(),
            getopts_index: 1,
            history: Rc::default(),
            history_saved: 0,
            started: SimTime(0),
            seconds: 0,
            turn: SimTime(0),
            set: 0,
            random: Random::default(),
            tty: None,
            pgid: 0,
            builtin: None,
            process_fds: Vec::new(),
            process_outputs: Vec::new(),
            process_pipe: None,
            next_fd: 10,
            held: None,
            give_turn: false,
            from_prompt: false,
            window_changed: false,
            warned_jobs: false,
        }
    }

    /// What the parser must know.
    pub fn parse_context(&self) -> Context<'_> {
        let expand = !self.dialect.is_bash() || self.opts.has("expand_aliases");
        Context { dialect: self.dialect, aliases: expand.then_some(&*self.aliases), extglob: self.opts.has("extglob") }
    }
}
