//! `git checkout`, `git switch`, `git restore`.

use super::Job;
use super::branch::create;
use super::commit::note;
use super::fail::{Fail, Git, error, fatal};
use super::index::Entry;
use super::patch::chosen;
use super::repo::Repo;
use crate::cli::Cli;

/// Runs one of them.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    if repo.root.is_empty() {
        return fatal("this operation must be run in a work tree");
    }
    let quiet = job.flag(&["-q", "--quiet"]);
    if name == "restore" {
        return restore(c, repo, job).await;
    }
    let force = job.flag(&["-f", "--force", "--discard-changes"]);
    let detach = job.flag(&["-d", "--detach"]);
    job.flag(&["--track", "-t", "--guess", "--no-guess", "--progress", "--no-progress"]);
    let orphan = job.value(&["--orphan"]);
    let letters: [&[&str]; 2] =
        if name == "switch" { [&["-c", "--create"], &["-C", "--force-create"]] } else { [&["-b"], &["-B"]] };
    let made = job.value(letters[0]);
    let remade = job.value(letters[1]);
    let dashes = job.args.contains(&"--".to_owned());
    if let Some(o) = job.unknown().filter(|o| *o != "-") {
        c.sys.eprint(format!("error: unknown option `{}'\n", o.trim_start_matches('-'))).await;
        return Err(Fail::Code(129));
    }
    let (words, after) = job.operands();
    if let Some(new) = orphan {
        return repo.set_head_branch(&new).await;
    }
    let new = made.clone().or(remade.clone());
    let mut target = words.first().cloned();
    if target.as_deref() == Some("-") {
        target = previous(repo).await;
    }
    // Paths: `checkout -- file`, `checkout file`, `checkout HEAD~1 -- file`.
    if name == "checkout" && new.is_none() {
        let first = match &target {
            Some(t) => repo.revision(t).await?,
            None => None,
        };
        let guess = match &target {
            Some(t) => remote_branch(repo, t).await,
            None => None,
        };
        let paths: Vec<String> = if !after.is_empty() {
            after.clone()
        } else if words.len() > 1 && first.is_some() {
            words[1..].to_vec()
        } else if first.is_none() && guess.is_none() && target.is_some() {
            words.clone()
        } else {
            Vec::new()
        };
        if !paths.is_empty() || dashes && !after.is_empty() {
            let source = if after.is_empty() && first.is_none() || words.is_empty() { None } else { first };
            let n = put_paths(repo, source.as_deref(), &paths, true, source.is_some()).await?;
            if !quiet && !dashes {
                let s = if n == 1 { "" } else { "s" };
                let from = match (&source, words.first()) {
                    (Some(o), Some(_)) => o[..7].to_owned(),
                    _ => "the index".to_owned(),
                };
                c.sys.eprint(format!("Updated {n} path{s} from {from}\n")).await;
            }
            return Ok(());
        }
    }
    let old_branch = repo.branch().await;
    let old_head = repo.head().await;
    if let Some(new) = new {
        let start = target.clone().unwrap_or_else(|| "HEAD".to_owned());
        if old_head.is_none() && target.is_none() {
            repo.set_head_branch(&new).await?;
            c.sys.eprint(format!("Switched to a new branch '{new}'\n")).await;
            return Ok(());
        }
        if !super::branch::valid(&new) {
            return fatal(format!("'{new}' is not a valid branch name"));
        }
        if remade.is_none() && repo.reference(&format!("refs/heads/{new}")).await.is_some() {
            return fatal(format!("a branch named '{new}' already exists"));
        }
        let Some(oid) = repo.revision(&start).await? else {
            return fatal(format!("'{start}' is not a commit and a branch '{new}' cannot be created from it"));
        };
        go(repo, old_head.as_deref(), &oid, force).await?;
        create(repo, &new, &oid, remade.is_some()).await?;
        repo.set_head_branch(&new).await?;
        let from = old_branch.unwrap_or_else(|| old_head.clone().unwrap_or_default());
        note(c, repo, old_head.as_deref(), &oid, &format!("checkout: moving from {from} to {new}")).await;
        if let Some((r, b)) = start.split_once('/')
            && repo.reference(&format!("refs/remotes/{start}")).await.is_some()
        {
            super::clone::follow(c, repo, &new, r, b).await?;
            c.put(format!("branch '{new}' set up to track '{start}'.\n")).await?;
            c.flush().await?;
        }
        if !quiet {
            c.sys.eprint(format!("Switched to a new branch '{new}'\n")).await;
        }
        return Ok(());
    }
    let Some(target) = target else {
        if name == "switch" {
            return fatal("missing branch or commit argument");
        }
        return Ok(());
    };
    let full = format!("refs/heads/{target}");
    let is_branch = repo.reference(&full).await.is_some();
    if !is_branch
        && repo.revision(&target).await?.is_none()
        && let Some((remote, oid)) = remote_branch(repo, &target).await
    {
        go(repo, old_head.as_deref(), &oid, force).await?;
        create(repo, &target, &oid, false).await?;
        repo.set_head_branch(&target).await?;
        super::clone::follow(c, repo, &target, &remote, &target).await?;
        c.put(format!("branch '{target}' set up to track '{remote}/{target}'.\n")).await?;
        c.flush().await?;
        c.sys.eprint(format!("Switched to a new branch '{target}'\n")).await;
        return Ok(());
    }
    let Some(oid) = repo.revision(&target).await? else {
        if name == "switch" {
            return fatal(format!("invalid reference: {target}"));
        }
        return error(format!("pathspec '{target}' did not match any file(s) known to git"));
    };
    if name == "switch" && !is_branch && !detach {
        c.sys.eprint(format!("fatal: a branch is expected, got commit '{target}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.\n")).await;
        return Err(Fail::Code(128));
    }
    let commit = repo.commit(&oid).await?;
    if is_branch && old_branch.as_ref() == Some(&target) && !force && !detach {
        if !quiet {
            c.sys.eprint(format!("Already on '{target}'\n")).await;
        }
        return Ok(());
    }
    go(repo, old_head.as_deref(), &commit.oid, force).await?;
    let from = old_branch.clone().unwrap_or_else(|| old_head.clone().unwrap_or_default());
    if is_branch && !detach {
        repo.set_head_branch(&target).await?;
    } else {
        repo.set_ref("HEAD", Some(&commit.oid)).await?;
    }
    note(c, repo, old_head.as_deref(), &commit.oid, &format!("checkout: moving from {from} to {target}")).await;
    if quiet {
        return Ok(());
    }
    if old_branch.is_none()
        && let Some(h) = &old_head
        && *h != commit.oid
    {
        let was = repo.commit(h).await?;
        c.sys.eprint(format!("Previous HEAD position was {} {}\n", &h[..7], was.subject())).await;
    }
    if is_branch && !detach {
        c.sys.eprint(format!("Switched to branch '{target}'\n")).await;
    } else {
        if old_branch.is_some() && !detach {
            c.sys.eprint(format!("Note: switching to '{target}'.\n\nYou are in 'detached HEAD' state. You can look around, make experimental\nchanges and commit them, and you can discard any commits you make in this\nstate without impacting any branches by switching back to a branch.\n\nIf you want to create a new branch to retain commits you create, you may\ndo so (now or later) by using -c with the switch command. Example:\n\n  git switch -c <new-branch-name>\n\nOr undo this operation with:\n\n  git switch -\n\nTurn off this advice by setting config variable advice.detachedHead to false\n\n")).await;
        }
        c.sys.eprint(format!("HEAD is now at {} {}\n", &commit.oid[..7], commit.subject())).await;
    }
    Ok(())
}

/// Where one was before, from the log of `HEAD`.
async fn previous(repo: &Repo) -> Option<String> {
    let text = repo.sys.read_file(&format!("{}/logs/HEAD", repo.git)).await.ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let last = text.lines().rev().find_map(|l| l.split_once("\tcheckout: moving from ").map(|m| m.1.to_owned()))?;
    last.split_once(" to ").map(|m| m.0.to_owned())
}

/// A branch that a remote has under this name.
async fn remote_branch(repo: &Repo, name: &str) -> Option<(String, String)> {
    let end = format!("/{name}");
    let refs = repo.refs().await;
    refs.into_iter().find_map(|(n, oid)| {
        let rest = n.strip_prefix("refs/remotes/")?;
        let remote = rest.strip_suffix(&end)?;
        (!remote.contains('/')).then(|| (remote.to_owned(), oid))
    })
}

/// Makes index and work tree those of a commit.
async fn go(repo: &Repo, from: Option<&str>, to: &str, force: bool) -> Git<()> {
    let old = repo.commit_files(from).await?;
    let new = repo.commit_files(Some(to)).await?;
    repo.switch(&old, &new, force, "checkout").await
}

/// Puts files of a commit (or of the index) into the work tree and the index; how many.
async fn put_paths(repo: &Repo, from: Option<&str>, typed: &[String], work: bool, staged: bool) -> Git<usize> {
    let mut index = repo.index().await?;
    let source: super::tree::Files = match from {
        Some(o) => repo.commit_files(Some(o)).await?,
        None => index
            .iter()
            .filter(|e| e.stage == 0 || e.stage == 2)
            .map(|e| (e.path.clone(), (e.mode, e.oid.clone())))
            .collect(),
    };
    let scan = repo.scan(&index, "").await?;
    let changed = repo.changes(&index, &scan).await?;
    let mut n = 0;
    for t in typed {
        let p = repo.inside(t)?;
        let one = std::slice::from_ref(&p);
        let hits: Vec<(String, (u32, String))> =
            source.iter().filter(|(f, _)| chosen(f, one)).map(|(f, v)| (f.clone(), v.clone())).collect();
        let gone: Vec<String> = if staged {
            index
                .iter()
                .filter(|e| chosen(&e.path, one) && !source.contains_key(&e.path))
                .map(|e| e.path.clone())
                .collect()
        } else {
            Vec::new()
        };
        if hits.is_empty() && gone.is_empty() {
            return error(format!("pathspec '{t}' did not match any file(s) known to git"));
        }
        for (path, (mode, oid)) in hits {
            let here = index.iter().position(|e| e.path == path && e.stage == 0);
            let differs = changed.contains_key(&path) || here.is_none_or(|i| index[i].oid != oid);
            let mut stat = None;
            if work && differs {
                stat = Some(repo.write_file(&path, mode, &oid).await?);
                n += 1;
            }
            if staged || !work || stat.is_some() {
                let mut entry = Entry::new(&path, mode, &oid, stat.as_ref());
                if let Some(i) = here
                    && stat.is_none()
                    && index[i].oid == oid
                {
                    entry.stat = index[i].stat;
                }
                index.retain(|e| e.path != path);
                index.push(entry);
            }
        }
        for path in gone {
            index.retain(|e| e.path != path);
            if work {
                repo.remove_file(&path).await;
            }
        }
    }
    repo.write_index(&index).await?;
    Ok(n)
}

async fn restore(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let staged = job.flag(&["-S", "--staged"]);
    let work = job.flag(&["-W", "--worktree"]) || !staged;
    let source = job.value(&["-s", "--source"]);
    let (mut typed, more) = job.operands();
    typed.extend(more);
    if typed.is_empty() {
        return fatal("you must specify path(s) to restore");
    }
    let _ = c;
    let from = match source {
        Some(s) => Some(repo.must(&s).await?),
        None if staged => match repo.head().await {
            Some(h) => Some(h),
            None => return fatal("could not resolve HEAD"),
        },
        None => None,
    };
    put_paths(repo, from.as_deref(), &typed, work, staged).await.map(|_| ())
}
