//! `git status`.

use std::collections::{BTreeMap, BTreeSet};

use super::Job;
use super::fail::{Git, fatal};
use super::patch::chosen;
use super::repo::Repo;
use crate::cli::Cli;

/// What differs between the last commit, the index and the work tree.
#[derive(Default)]
pub(super) struct State {
    /// Staged: letter, old path of a rename, path.
    pub(super) staged: Vec<(char, Option<String>, String)>,
    /// Not staged.
    pub(super) changed: BTreeMap<String, char>,
    /// In conflict: path and which sides there are.
    pub(super) conflicts: BTreeMap<String, u8>,
    /// Not known; folders with `/` where all in them is unknown.
    pub(super) untracked: Vec<String>,
    /// Ignored.
    pub(super) ignored: Vec<String>,
}

/// Finds it out.
pub(super) async fn state(repo: &Repo, all_files: bool) -> Git<State> {
    let index = repo.index().await?;
    let head = repo.head().await;
    let before = repo.commit_files(head.as_deref()).await?;
    let scan = repo.scan(&index, "").await?;
    let mut out = State { ignored: scan.ignored.clone(), ..State::default() };
    for e in index.iter().filter(|e| e.stage > 0) {
        *out.conflicts.entry(e.path.clone()).or_default() |= 1 << (e.stage - 1);
    }
    let now: super::tree::Files =
        index.iter().filter(|e| e.stage == 0).map(|e| (e.path.clone(), (e.mode, e.oid.clone()))).collect();
    let mut old = before.clone();
    old.retain(|p, _| !out.conflicts.contains_key(p));
    for d in repo.delta(&old, &now, &[]).await? {
        out.staged.push((d.letter(), d.from.clone(), d.path.clone()));
    }
    out.changed = repo.changes(&index, &scan).await?;
    let known: BTreeSet<&str> = index.iter().map(|e| e.path.as_str()).collect();
    let mut unknown = BTreeSet::new();
    for path in scan.files.keys().filter(|p| !known.contains(p.as_str())) {
        // The highest folder in which nothing is known stands for all of it.
        let mut shown = path.clone();
        if !all_files {
            for (i, _) in path.match_indices('/') {
                let dir = &path[..=i];
                if !known.range(dir..).next().is_some_and(|k| k.starts_with(dir)) {
                    shown = dir.to_owned();
                    break;
                }
            }
        }
        unknown.insert(shown);
    }
    out.untracked = unknown.into_iter().collect();
    Ok(out)
}

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    job.split("sbu");
    let porcelain = job.flag(&["--porcelain", "--porcelain=v1"]);
    let short = job.flag(&["-s", "--short"]) || porcelain;
    let branch = job.flag(&["-b", "--branch"]);
    let ignored = job.flag(&["--ignored"]);
    let none = job.flag(&["-uno", "--untracked-files=no"]);
    let every = job.flag(&["-u", "-uall", "--untracked-files=all", "--untracked-files"]);
    job.flag(&["--long", "-unormal", "--untracked-files=normal"]);
    let color = super::colored(c, repo, &mut job).await && !porcelain;
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{}'", o.trim_start_matches('-')));
    }
    if repo.root.is_empty() {
        return fatal("this operation must be run in a work tree");
    }
    let (mut typed, more) = job.operands();
    typed.extend(more);
    let mut paths = Vec::new();
    for t in typed {
        paths.push(repo.inside(&t)?);
    }
    let mut s = state(repo, every).await?;
    s.staged.retain(|r| chosen(&r.2, &paths));
    s.changed.retain(|p, _| chosen(p, &paths));
    s.untracked.retain(|p| !none && chosen(p, &paths));
    let text = if short {
        brief(repo, &s, branch, ignored, color, porcelain).await
    } else {
        full(repo, &s, ignored, color, false).await
    };
    Ok(c.put(text).await?)
}

fn paint(on: bool, code: &str, text: &str) -> String {
    if on { format!("\x1b[{code}m{text}\x1b[m") } else { text.to_owned() }
}

fn quoted(path: &str) -> String {
    if path.contains(['"', '\\', '\n', '\t']) || !path.is_ascii() {
        let mut out = String::from("\"");
        for b in path.bytes() {
            match b {
                b'"' => out.push_str("\\\""),
                b'\\' => out.push_str("\\\\"),
                b'\n' => out.push_str("\\n"),
                b'\t' => out.push_str("\\t"),
                0x20..0x7f => out.push(char::from(b)),
                b => out.push_str(&format!("\\{b:03o}")),
            }
        }
        out.push('"');
        return out;
    }
    path.to_owned()
}

async fn brief(repo: &Repo, s: &State, branch: bool, ignored: bool, color: bool, porcelain: bool) -> String {
    let mut out = String::new();
    if branch {
        let name = match repo.branch().await {
            Some(b) if repo.head().await.is_none() => format!("No commits yet on {b}"),
            Some(b) => b,
            None => "HEAD (no branch)".to_owned(),
        };
        out.push_str(&format!("## {}\n", paint(color, "32", &name)));
    }
    // In short form paths are as seen from here, in the stable form from the top.
    let place = |p: &str| {
        let t = if porcelain { p.to_owned() } else { repo.relative(p) };
        let q = quoted(&t);
        if q == t && t.contains(' ') { format!("\"{t}\"") } else { q }
    };
    let mut rows: BTreeMap<String, (char, char, String)> = BTreeMap::new();
    for (letter, from, path) in &s.staged {
        let name = from.as_ref().map_or_else(|| place(path), |f| format!("{} -> {}", place(f), place(path)));
        rows.insert(path.clone(), (*letter, ' ', name));
    }
    for (path, letter) in &s.changed {
        rows.entry(path.clone()).or_insert_with(|| (' ', ' ', place(path))).1 = *letter;
    }
    for (path, sides) in &s.conflicts {
        let (a, b) = pair(*sides);
        rows.insert(path.clone(), (a, b, place(path)));
    }
    for (a, b, name) in rows.values() {
        let conflict = *a == 'U' || *b == 'U' || a == b;
        let (x, y) = if conflict { ("31", "31") } else { ("32", "31") };
        let a = if *a == ' ' { " ".to_owned() } else { paint(color, x, &a.to_string()) };
        let b = if *b == ' ' { " ".to_owned() } else { paint(color, y, &b.to_string()) };
        out.push_str(&format!("{a}{b} {name}\n"));
    }
    for p in &s.untracked {
        out.push_str(&format!("{} {}\n", paint(color, "31", "??"), place(p)));
    }
    for p in s.ignored.iter().filter(|_| ignored) {
        out.push_str(&format!("{} {}\n", paint(color, "31", "!!"), place(p)));
    }
    out
}

/// Both letters of a conflict by the stages that there are.
fn pair(sides: u8) -> (char, char) {
    match sides {
        1 => ('D', 'D'),
        2 => ('A', 'U'),
        3 => ('U', 'D'),
        4 => ('U', 'A'),
        5 => ('D', 'U'),
        6 => ('A', 'A'),
        _ => ('U', 'U'),
    }
}

/// The long form; also what `git commit` says when there is nothing to do.
pub(super) async fn full(repo: &Repo, s: &State, ignored: bool, color: bool, committing: bool) -> String {
    let head = repo.head().await;
    let mut out = match (repo.branch().await, &head) {
        (Some(b), _) => format!("On branch {b}\n"),
        (None, Some(h)) => format!("{} {}\n", paint(color, "31", "HEAD detached at"), &h[..7.min(h.len())]),
        (None, None) => "Not currently on any branch.\n".to_owned(),
    };
    out.push_str(&tracking(repo, head.as_deref()).await);
    let merging = repo.sys.stat(&format!("{}/MERGE_HEAD", repo.git)).await.is_ok();
    if head.is_none() {
        out.push_str(if committing { "\nInitial commit\n\n" } else { "\nNo commits yet\n\n" });
    }
    if merging {
        out.push_str(if s.conflicts.is_empty() {
            "All conflicts fixed but you are still merging.\n  (use \"git commit\" to conclude merge)\n\n"
        } else {
            "You have unmerged paths.\n  (fix conflicts and run \"git commit\")\n  (use \"git merge --abort\" to abort the merge)\n\n"
        });
    }
    let word = |l: char| match l {
        'A' => "new file:   ",
        'D' => "deleted:    ",
        'R' => "renamed:    ",
        'T' => "typechange: ",
        _ => "modified:   ",
    };
    let place = |p: &str| quoted(&repo.relative(p));
    if !s.staged.is_empty() {
        out.push_str("Changes to be committed:\n");
        if !merging {
            out.push_str(if head.is_none() {
                "  (use \"git rm --cached <file>...\" to unstage)\n"
            } else {
                "  (use \"git restore --staged <file>...\" to unstage)\n"
            });
        }
        for (letter, from, path) in &s.staged {
            let name = from.as_ref().map_or_else(|| place(path), |f| format!("{} -> {}", place(f), place(path)));
            out.push_str(&format!("\t{}\n", paint(color, "32", &format!("{}{name}", word(*letter)))));
        }
        out.push('\n');
    }
    if !s.conflicts.is_empty() {
        out.push_str("Unmerged paths:\n  (use \"git add <file>...\" to mark resolution)\n");
        for (path, sides) in &s.conflicts {
            let what = match sides {
                6 => "both added:      ",
                5 => "deleted by us:   ",
                3 => "deleted by them: ",
                2 => "added by us:     ",
                4 => "added by them:   ",
                1 => "both deleted:    ",
                _ => "both modified:   ",
            };
            out.push_str(&format!("\t{}\n", paint(color, "31", &format!("{what}{}", place(path)))));
        }
        out.push('\n');
    }
    if !s.changed.is_empty() {
        let gone = s.changed.values().any(|l| *l == 'D');
        out.push_str(&format!(
            "Changes not staged for commit:\n  (use \"git add{} <file>...\" to update what will be committed)\n  (use \"git restore <file>...\" to discard changes in working directory)\n",
            if gone { "/rm" } else { "" }
        ));
        for (path, letter) in &s.changed {
            out.push_str(&format!("\t{}\n", paint(color, "31", &format!("{}{}", word(*letter), place(path)))));
        }
        out.push('\n');
    }
    if !s.untracked.is_empty() {
        out.push_str("Untracked files:\n  (use \"git add <file>...\" to include in what will be committed)\n");
        for p in &s.untracked {
            out.push_str(&format!("\t{}\n", paint(color, "31", &place(p))));
        }
        out.push('\n');
    }
    if ignored && !s.ignored.is_empty() {
        out.push_str("Ignored files:\n  (use \"git add -f <file>...\" to include in what will be committed)\n");
        for p in &s.ignored {
            out.push_str(&format!("\t{}\n", paint(color, "31", &place(p))));
        }
        out.push('\n');
    }
    if s.staged.is_empty() && (!merging || !s.conflicts.is_empty()) {
        out.push_str(if !s.changed.is_empty() || !s.conflicts.is_empty() {
            "no changes added to commit (use \"git add\" and/or \"git commit -a\")\n"
        } else if !s.untracked.is_empty() {
            "nothing added to commit but untracked files present (use \"git add\" to track)\n"
        } else if head.is_none() {
            "nothing to commit (create/copy files and use \"git add\" to track)\n"
        } else {
            "nothing to commit, working tree clean\n"
        });
    }
    out
}

/// How the branch stands to the one that it follows.
async fn tracking(repo: &Repo, head: Option<&str>) -> String {
    let (Some(branch), Some(head)) = (repo.branch().await, head) else { return String::new() };
    let key = |k: &str| repo.get(&format!("branch.{branch}.{k}")).map(str::to_owned);
    let (Some(remote), Some(merge)) = (key("remote"), key("merge")) else { return String::new() };
    let name = format!("{remote}/{}", merge.trim_start_matches("refs/heads/"));
    let Some(other) = repo.reference(&format!("refs/remotes/{name}")).await else { return String::new() };
    let (Ok(mine), Ok(theirs)) = (repo.ancestors(head).await, repo.ancestors(&other).await) else {
        return String::new();
    };
    let (ahead, behind) = (mine.difference(&theirs).count(), theirs.difference(&mine).count());
    let s = |n: usize| if n == 1 { "" } else { "s" };
    match (ahead, behind) {
        (0, 0) => format!("Your branch is up to date with '{name}'.\n\n"),
        (a, 0) => format!(
            "Your branch is ahead of '{name}' by {a} commit{}.\n  (use \"git push\" to publish your local commits)\n\n",
            s(a)
        ),
        (0, b) => format!(
            "Your branch is behind '{name}' by {b} commit{}, and can be fast-forwarded.\n  (use \"git pull\" to update your local branch)\n\n",
            s(b)
        ),
        (a, b) => format!(
            "Your branch and '{name}' have diverged,\nand have {a} and {b} different commits each, respectively.\n  (use \"git pull\" if you want to integrate the remote branch with yours)\n\n"
        ),
    }
}
