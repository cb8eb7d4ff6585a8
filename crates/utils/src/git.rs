//! `git`: repositories that the real git reads, too.

mod add;
mod blame;
mod branch;
mod checkout;
mod clean;
mod clone;
mod commit;
mod config;
mod diff;
mod fail;
mod http;
pub(crate) mod hub;
mod ignore;
mod index;
mod init;
mod log;
mod merge;
mod patch;
mod pick;
mod plumbing;
mod repo;
mod reset;
mod rm;
mod samples;
pub(crate) mod sha1;
mod stash;
mod status;
mod store;
mod tag;
mod tree;
mod worktree;

use layerlab_kernel::{WaitFlags, WaitFor};

use crate::cli::{Cli, Run, Stop};
use fail::{Fail, Git};
use repo::Repo;

const HELP: &str = "usage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>]
           [--no-pager] <command> [<args>]

These are common Git commands used in various situations:

start a working area (see also: git help tutorial)
   clone     Clone a repository into a new directory
   init      Create an empty Git repository or reinitialize an existing one

work on the current change (see also: git help everyday)
   add       Add file contents to the index
   mv        Move or rename a file, a directory, or a symlink
   restore   Restore working tree files
   rm        Remove files from the working tree and from the index

examine the history and state (see also: git help revisions)
   diff      Show changes between commits, commit and working tree, etc
   grep      Print lines matching a pattern
   log       Show commit logs
   show      Show various types of objects
   status    Show the working tree status

grow, mark and tweak your common history
   branch    List, create, or delete branches
   commit    Record changes to the repository
   merge     Join two or more development histories together
   rebase    Reapply commits on top of another base tip
   reset     Reset current HEAD to the specified state
   switch    Switch branches
   tag       Create, list, delete or verify a tag object signed with GPG

collaborate (see also: git help workflows)
   fetch     Download objects and refs from another repository
   pull      Fetch from and integrate with another repository or a local branch
   push      Update remote refs along with associated objects
";

/// The command line of a git command, and what goes before it.
struct Job {
    /// `-c` settings.
    config: Vec<(String, String)>,
    /// The command's own arguments.
    args: Vec<String>,
    /// Long output goes through a pager.
    pager: bool,
}

impl Job {
    /// Takes an option away; whether it was there.
    fn flag(&mut self, names: &[&str]) -> bool {
        let end = self.args.iter().position(|a| a == "--").unwrap_or(self.args.len());
        let before = self.args.len();
        let mut i = 0;
        self.args.retain(|a| {
            i += 1;
            i > end || !names.contains(&a.as_str())
        });
        self.args.len() < before
    }
    /// Takes an option with a value away: `-m text`, `-mtext`, `--message=text`, `--message text`.
    fn values(&mut self, names: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        let mut i = 0;
        while let Some(a) = self.args.get(i).cloned() {
            if a == "--" {
                break;
            }
            let exact = names.contains(&a.as_str());
            if exact && i + 1 < self.args.len() {
                self.args.remove(i);
                out.push(self.args.remove(i));
                continue;
            }
            let joined = names.iter().find_map(|n| {
                if n.starts_with("--") {
                    a.strip_prefix(n)?.strip_prefix('=').map(str::to_owned)
                } else {
                    a.strip_prefix(n).filter(|r| !r.is_empty() && !a.starts_with("--")).map(str::to_owned)
                }
            });
            match joined {
                Some(v) => {
                    self.args.remove(i);
                    out.push(v);
                }
                None => i += 1,
            }
        }
        out
    }
    fn value(&mut self, names: &[&str]) -> Option<String> {
        self.values(names).pop()
    }
    /// Splits joined short flags (`-am` to `-a -m`), where all of them are known.
    fn split(&mut self, known: &str) {
        let old = std::mem::take(&mut self.args);
        let mut rest = old.into_iter();
        while let Some(a) = rest.next() {
            if a == "--" {
                self.args.push(a);
                self.args.extend(rest);
                return;
            }
            let letters = a.strip_prefix('-').filter(|l| l.len() > 1 && l.chars().all(|c| known.contains(c)));
            match letters {
                Some(l) => self.args.extend(l.chars().map(|c| format!("-{c}"))),
                None => self.args.push(a),
            }
        }
    }
    /// The first option that is left, if any: it is unknown.
    fn unknown(&self) -> Option<&String> {
        self.args.iter().take_while(|a| *a != "--").find(|a| a.len() > 1 && a.starts_with('-'))
    }
    /// Words before `--`, and those after it.
    fn operands(&self) -> (Vec<String>, Vec<String>) {
        match self.args.iter().position(|a| a == "--") {
            Some(i) => (self.args[..i].to_vec(), self.args[i + 1..].to_vec()),
            None => (self.args.clone(), Vec::new()),
        }
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let mut job = Job { config: Vec::new(), args: std::mem::take(&mut c.args), pager: true };
    while let Some(a) = job.args.first().cloned() {
        match a.as_str() {
            "-C" if job.args.len() > 1 => {
                let dir = job.args[1].clone();
                if let Err(e) = c.sys.chdir(&dir).await {
                    c.sys.eprint(format!("fatal: cannot change to '{dir}': {e}\n")).await;
                    return Err(Stop::Code(128));
                }
                job.args.drain(..2);
            }
            "-c" if job.args.len() > 1 => {
                let (k, v) = job.args[1].split_once('=').unwrap_or((&job.args[1], "true"));
                job.config.push((k.to_lowercase(), v.to_owned()));
                job.args.drain(..2);
            }
            "--no-pager" | "-P" | "-p" | "--paginate" => {
                job.pager = a.starts_with("-p") || a == "--paginate";
                job.args.remove(0);
            }
            "-v" | "--version" => return c.put("git version 2.47.3\n").await,
            "-h" | "--help" | "help" => return c.put(HELP).await,
            _ => break,
        }
    }
    if job.args.is_empty() {
        c.put(HELP).await?;
        return Err(Stop::Code(1));
    }
    let name = job.args.remove(0);
    let ended = command(c, &name, job).await;
    http::forget(c).await;
    match ended {
        Ok(()) => Ok(()),
        Err(Fail::Out(s)) => Err(s),
        Err(Fail::Code(n)) => Err(Stop::Code(n)),
        Err(Fail::Fatal(text)) => {
            let _ = c.flush().await;
            c.sys.eprint(format!("fatal: {text}\n")).await;
            Err(Stop::Code(128))
        }
        Err(Fail::Error(text)) => {
            let _ = c.flush().await;
            c.sys.eprint(format!("error: {text}\n")).await;
            Err(Stop::Code(1))
        }
    }
}

async fn command(c: &mut Cli, name: &str, job: Job) -> Git<()> {
    if name == "init" {
        return init::run(c, job).await;
    }
    if name == "clone" {
        return Box::pin(clone::clone(c, job)).await;
    }
    if name == "config" {
        return config::run(c, job).await;
    }
    if name == "ls-remote" {
        let config = match Repo::find(c, &job.config).await {
            Ok(repo) => repo.config,
            Err(_) => Vec::new(),
        };
        return Box::pin(clone::ls_remote(c, &config, job)).await;
    }
    let known = [
        "add",
        "blame",
        "branch",
        "cat-file",
        "checkout",
        "cherry-pick",
        "clean",
        "commit",
        "diff",
        "fetch",
        "grep",
        "hash-object",
        "log",
        "ls-files",
        "ls-tree",
        "merge",
        "mv",
        "pull",
        "push",
        "rebase",
        "remote",
        "reset",
        "restore",
        "revert",
        "rev-list",
        "rev-parse",
        "rm",
        "show",
        "stage",
        "stash",
        "status",
        "switch",
        "symbolic-ref",
        "tag",
        "update-ref",
        "write-tree",
        "check-ignore",
        "shortlog",
        "reflog",
        "describe",
    ];
    if !known.contains(&name) {
        c.sys.eprint(format!("git: '{name}' is not a git command. See 'git --help'.\n")).await;
        let near: Vec<&&str> = known.iter().filter(|k| close(k, name)).collect();
        if !near.is_empty() {
            let lead = if near.len() == 1 { "The most similar command is" } else { "The most similar commands are" };
            let list: String = near.iter().map(|k| format!("\t{k}\n")).collect();
            c.sys.eprint(format!("\n{lead}\n{list}")).await;
        }
        return Err(Fail::Code(1));
    }
    let repo = Repo::find(c, &job.config).await?;
    // Each is a future of its own: together they would make every one as large as all.
    match name {
        "add" | "stage" => Box::pin(add::run(c, &repo, job)).await,
        "status" => Box::pin(status::run(c, &repo, job)).await,
        "commit" => Box::pin(commit::run(c, &repo, job)).await,
        "log" | "show" | "rev-list" | "shortlog" | "reflog" => Box::pin(log::run(c, &repo, job, name)).await,
        "diff" => Box::pin(diff::run(c, &repo, job)).await,
        "branch" => Box::pin(branch::run(c, &repo, job)).await,
        "checkout" | "switch" | "restore" => Box::pin(checkout::run(c, &repo, job, name)).await,
        "reset" => Box::pin(reset::run(c, &repo, job)).await,
        "rm" | "mv" => Box::pin(rm::run(c, &repo, job, name)).await,
        "blame" => Box::pin(blame::run(c, &repo, job)).await,
        "grep" => Box::pin(blame::grep(c, &repo, job)).await,
        "clean" => Box::pin(clean::run(c, &repo, job)).await,
        "cherry-pick" | "revert" => Box::pin(pick::run(c, &repo, job, name)).await,
        "rebase" => Box::pin(pick::rebase(c, &repo, job)).await,
        "merge" => Box::pin(merge::run(c, &repo, job)).await,
        "tag" | "describe" => Box::pin(tag::run(c, &repo, job, name)).await,
        "stash" => Box::pin(stash::run(c, &repo, job)).await,
        "remote" | "fetch" | "pull" | "push" => Box::pin(clone::remote(c, &repo, job, name)).await,
        _ => Box::pin(plumbing::run(c, &repo, job, name)).await,
    }
}

/// Whether two words differ by a letter or two.
fn close(a: &str, b: &str) -> bool {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=y.len()).collect();
    for (i, p) in x.iter().enumerate() {
        let mut last = row[0];
        row[0] = i + 1;
        for (j, q) in y.iter().enumerate() {
            let new = (last + usize::from(p != q)).min(row[j] + 1).min(row[j + 1] + 1);
            last = std::mem::replace(&mut row[j + 1], new);
        }
    }
    row[y.len()] <= 2 && row[y.len()] * 2 < a.len().max(2)
}

/// Writes long output, on a terminal through the pager where it does not fit.
async fn page(c: &mut Cli, job: &Job, text: Vec<u8>) -> Git<()> {
    let rows = c.sys.win_size(1).await.map_or(usize::MAX, |s| usize::from(s.rows));
    let tall = text.iter().filter(|b| **b == b'\n').count() >= rows;
    if !tall || !job.pager || c.find_program("less").await.is_empty() {
        return Ok(c.put(text).await?);
    }
    let Ok((r, w)) = c.sys.pipe().await else { return Ok(c.put(text).await?) };
    let pid = c.start(vec!["less".to_owned(), "-FRX".to_owned()], &[(0, r)]).await;
    let _ = c.sys.close(r).await;
    if pid.is_ok() {
        let _ = c.sys.write_all(w, text).await;
    }
    let _ = c.sys.close(w).await;
    if let Ok(pid) = pid {
        while c.sys.wait(WaitFor::Pid(pid), WaitFlags::default()).await == Err(layerlab_kernel::Errno::EINTR) {}
    }
    Ok(())
}

/// Whether output is coloured: on a terminal, unless told otherwise.
async fn colored(c: &Cli, repo: &Repo, job: &mut Job) -> bool {
    let given = job.value(&["--color"]);
    let never = job.flag(&["--no-color"]);
    let always = job.flag(&["--color"]);
    match given.as_deref().or(repo.get("color.ui")) {
        _ if never => false,
        Some("always") => true,
        Some("never" | "false") => false,
        _ => always || c.sys.is_atty(1).await,
    }
}
