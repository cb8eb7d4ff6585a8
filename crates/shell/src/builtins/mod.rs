//! Builtins, one a file. [`ALL`] lists them.

mod alias;
mod bind;
mod break_;
mod builtin;
mod caller;
mod cd;
mod colon;
mod command;
mod compgen;
mod complete;
mod declare;
mod dirs;
mod echo;
mod enable;
mod eval;
mod exec;
mod exit;
mod export;
mod fc;
mod fg;
mod getopts;
mod hash;
mod help;
mod history;
mod jobs;
mod kill;
mod let_;
mod local;
mod mapfile;
mod printf;
mod pwd;
mod read;
mod return_;
mod set;
mod shift;
mod shopt;
mod slurp;
mod source;
mod suspend;
mod test;
mod times;
mod trap;
mod type_;
mod ulimit;
mod umask;
mod unset;
mod wait;

pub use fg::FgFrame;
pub use mapfile::MapfileFrame;
pub use read::ReadFrame;
pub use test::{binary_file as binary_file_test, unary as unary_test};
pub use wait::WaitForFrame;

use layerlab_kernel::Cx;

use crate::dialect::Dialect;
use crate::eval::{Frame, Shell};

/// How a builtin ended.
pub enum Ran {
    /// With this exit status.
    Status(i32),
    /// This goes on; it sets the status.
    Then(Frame),
    /// Frames were pushed, or a jump was asked for.
    Quiet,
}

impl From<i32> for Ran {
    fn from(n: i32) -> Self {
        Self::Status(n)
    }
}

/// A builtin.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// POSIX's special ones: found before functions, their errors end a script.
    pub special: bool,
    /// Shells that have it.
    dialects: &'static [Dialect],
    /// Runs it; `argv[0]` is its name.
    pub run: fn(&mut Shell, &mut Cx<'_>, &[String]) -> Ran,
}

use Dialect::{Ash, Bash, Dash};
const EVERY: &[Dialect] = &[Bash, Dash, Ash];
const NOT_DASH: &[Dialect] = &[Bash, Ash];
const ONLY_BASH: &[Dialect] = &[Bash];

const fn b(
    name: &'static str,
    special: bool,
    dialects: &'static [Dialect],
    run: fn(&mut Shell, &mut Cx<'_>, &[String]) -> Ran,
) -> Builtin {
    Builtin { name, special, dialects, run }
}

/// All builtins.
pub static ALL: &[Builtin] = &[
    b(crate::parse::SLURP, false, NOT_DASH, slurp::run),
    b(".", true, EVERY, source::run),
    b(":", true, EVERY, colon::run_true),
    b("[", false, EVERY, test::run),
    b("alias", false, EVERY, alias::run),
    b("bg", false, EVERY, fg::run_bg),
    b("bind", false, ONLY_BASH, bind::run),
    b("break", true, EVERY, break_::run),
    b("builtin", false, ONLY_BASH, builtin::run),
    b("caller", false, ONLY_BASH, caller::run),
    b("cd", false, EVERY, cd::run),
    b("chdir", false, &[Dash, Ash], cd::run),
    b("command", false, EVERY, command::run),
    b("compgen", false, ONLY_BASH, compgen::run),
    b("complete", false, ONLY_BASH, complete::run),
    b("compopt", false, ONLY_BASH, bind::run),
    b("continue", true, EVERY, break_::run),
    b("declare", false, ONLY_BASH, declare::run),
    b("dirs", false, ONLY_BASH, dirs::run_dirs),
    b("disown", false, ONLY_BASH, jobs::run_disown),
    b("echo", false, EVERY, echo::run),
    b("enable", false, ONLY_BASH, enable::run),
    b("eval", true, EVERY, eval::run),
    b("exec", true, EVERY, exec::run),
    b("exit", true, EVERY, exit::run),
    b("export", true, EVERY, export::run),
    b("false", false, EVERY, colon::run_false),
    b("fc", false, EVERY, fc::run),
    b("fg", false, EVERY, fg::run_fg),
    b("getopts", false, EVERY, getopts::run),
    b("hash", false, EVERY, hash::run),
    b("help", false, NOT_DASH, help::run),
    b("history", false, NOT_DASH, history::run),
    b("jobs", false, EVERY, jobs::run),
    b("kill", false, EVERY, kill::run),
    b("let", false, NOT_DASH, let_::run),
    b("local", false, EVERY, local::run),
    b("logout", false, ONLY_BASH, exit::run),
    b("mapfile", false, ONLY_BASH, mapfile::run),
    b("popd", false, ONLY_BASH, dirs::run_popd),
    b("printf", false, EVERY, printf::run),
    b("pushd", false, ONLY_BASH, dirs::run_pushd),
    b("pwd", false, EVERY, pwd::run),
    b("read", false, EVERY, read::run),
    b("readarray", false, ONLY_BASH, mapfile::run),
    b("readonly", true, EVERY, export::run),
    b("return", true, EVERY, return_::run),
    b("set", true, EVERY, set::run),
    b("shift", true, EVERY, shift::run),
    b("shopt", false, ONLY_BASH, shopt::run),
    b("source", false, NOT_DASH, source::run),
    b("suspend", false, ONLY_BASH, suspend::run),
    b("test", false, EVERY, test::run),
    b("times", true, EVERY, times::run),
    b("trap", true, EVERY, trap::run),
    b("true", false, EVERY, colon::run_true),
    b("type", false, EVERY, type_::run),
    b("typeset", false, ONLY_BASH, declare::run),
    b("ulimit", false, EVERY, ulimit::run),
    b("umask", false, EVERY, umask::run),
    b("unalias", false, EVERY, alias::run_unalias),
    b("unset", true, EVERY, unset::run),
    b("wait", false, EVERY, wait::run),
];

/// A shell's builtin of this name.
pub fn find(name: &str, dialect: Dialect) -> Option<&'static Builtin> {
    let i = ALL.binary_search_by(|b| b.name.cmp(name)).ok()?;
    ALL.get(i).filter(|b| b.dialects.contains(&dialect))
}

fn known(b: &Builtin, dialect: Dialect) -> bool {
    b.dialects.contains(&dialect)
}

/// Names of a shell's builtins.
pub fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(move |b| b.dialects.contains(&dialect) && b.name != crate::parse::SLURP).map(|b| b.name)
}

/// Splits leading `-x` clusters from operands. The error is the letter that isn't among `allowed`.
fn letters<'a>(argv: &'a [String], allowed: &str) -> Result<(Vec<char>, &'a [String]), char> {
    let mut found = Vec::new();
    let mut i = 1;
    while let Some(a) = argv.get(i) {
        if a == "--" {
            i += 1;
            break;
        }
        let Some(cluster) = a.strip_prefix('-').filter(|c| !c.is_empty()) else { break };
        for c in cluster.chars() {
            if !allowed.contains(c) {
                return Err(c);
            }
            found.push(c);
        }
        i += 1;
    }
    Ok((found, argv.get(i..).unwrap_or(&[])))
}

impl Shell {
    /// A builtin's `-x: invalid option`, with its usage in bash.
    fn bad_option(&mut self, name: &str, c: char, usage: &str) -> Ran {
        match self.dialect {
            Bash => {
                self.complain_as(name, &format!("-{c}: invalid option"));
                self.err(format!("{name}: usage: {usage}\n"));
            }
            Dash => self.complain_as(name, &format!("Illegal option -{c}")),
            Ash => self.complain_as(name, &format!("illegal option -{c}")),
        }
        2.into()
    }

    fn not_identifier(&mut self, builtin: &str, word: &str) {
        match self.dialect {
            Bash => self.complain_as(builtin, &format!("`{word}': not a valid identifier")),
            _ => self.complain_as(builtin, &format!("{}: bad variable name", word.split('=').next().unwrap_or(word))),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn builtins_are_in_order() {
        assert!(super::ALL.is_sorted_by(|a, b| a.name < b.name));
    }
}
