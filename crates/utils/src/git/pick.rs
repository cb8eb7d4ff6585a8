//! `git cherry-pick` and `git revert`: one commit's changes again, or backwards; `git rebase`: all of a
//! branch's upon another.

use super::Job;
use super::commit::{identity, make, note, report};
use super::fail::{Fail, Git, at, error, fatal};
use super::merge::{Joined, combine, write_conflicts};
use super::repo::Repo;
use crate::cli::Cli;

/// Runs `cherry-pick` or `revert`.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    let back = name == "revert";
    let no_commit = job.flag(&["-n", "--no-commit"]);
    let origin = job.flag(&["-x"]);
    let mainline: Option<usize> = job.value(&["-m", "--mainline"]).and_then(|n| n.parse().ok());
    job.flag(&["--no-edit", "-e", "--edit", "-s", "--signoff", "--allow-empty"]);
    let state = format!("{}/{}", repo.git, if back { "REVERT_HEAD" } else { "CHERRY_PICK_HEAD" });
    if job.flag(&["--abort", "--quit"]) {
        if repo.sys.stat(&state).await.is_err() {
            c.sys.eprint("error: no cherry-pick or revert in progress\n").await;
            return fatal(format!("{name} failed"));
        }
        let head = repo.commit_files(repo.head().await.as_deref()).await?;
        repo.switch(&head, &head, true, name).await?;
        forget(repo).await;
        return Ok(());
    }
    if job.flag(&["--continue"]) {
        if repo.sys.stat(&state).await.is_err() {
            c.sys.eprint("error: no cherry-pick or revert in progress\n").await;
            return fatal(format!("{name} failed"));
        }
        let text = repo.sys.read_file(&format!("{}/MERGE_MSG", repo.git)).await.unwrap_or_default();
        let text = super::commit::clean(&String::from_utf8_lossy(&text), true);
        let of = repo.sys.read_file(&state).await.unwrap_or_default();
        let author = match repo.revision(String::from_utf8_lossy(&of).trim()).await? {
            Some(o) if !back => Some(repo.commit(&o).await?.author),
            _ => None,
        };
        if repo.index().await?.iter().any(|e| e.stage > 0) {
            return error("Committing is not possible because you have unmerged files.");
        }
        return done(c, repo, &text, author.as_deref(), name).await;
    }
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    if job.args.is_empty() {
        c.sys.eprint(format!("usage: git {name} [--edit] [-n] [-m <parent-number>] [-x] <commit>...\n")).await;
        return Err(Fail::Code(129));
    }
    let mut commits = Vec::new();
    for a in &job.args {
        let Some(oid) = repo.revision(a).await? else { return fatal(format!("bad revision '{a}'")) };
        commits.push(repo.commit(&oid).await?.oid);
    }
    for oid in commits {
        one(c, repo, &oid, name, (no_commit, origin, mainline)).await?;
    }
    Ok(())
}

async fn forget(repo: &Repo) {
    for f in ["CHERRY_PICK_HEAD", "REVERT_HEAD", "MERGE_MSG"] {
        let _ = repo.sys.unlink(&format!("{}/{f}", repo.git)).await;
    }
}

/// One commit's changes on the files as they are.
async fn one(
    c: &mut Cli,
    repo: &Repo,
    oid: &str,
    name: &str,
    (no_commit, origin, mainline): (bool, bool, Option<usize>),
) -> Git<()> {
    let back = name == "revert";
    let commit = repo.commit(oid).await?;
    if commit.parents.len() > 1 && mainline.is_none() {
        c.sys.eprint(format!("error: commit {oid} is a merge but no -m option was given.\n")).await;
        return fatal(format!("{name} failed"));
    }
    let parent = commit.parents.get(mainline.unwrap_or(1).saturating_sub(1)).cloned();
    let (before, after) = (repo.commit_files(parent.as_deref()).await?, repo.commit_files(Some(oid)).await?);
    let head = repo.head().await;
    let ours = repo.commit_files(head.as_deref()).await?;
    let index = repo.index().await?;
    let staged: super::tree::Files = index.iter().map(|e| (e.path.clone(), (e.mode, e.oid.clone()))).collect();
    if staged != ours && !no_commit {
        let what = if back { "revert" } else { "cherry-pick" };
        c.sys.eprint(format!("error: your local changes would be overwritten by {what}.\nhint: commit your changes or stash them to proceed.\n")).await;
        return fatal(format!("{name} failed"));
    }
    let short = &oid[..7];
    let label = if back {
        format!("parent of {short} ({})", commit.subject())
    } else {
        format!("{short} ({})", commit.subject())
    };
    let (base, theirs) = if back { (&after, &before) } else { (&before, &after) };
    let joined: Joined = combine(repo, base, &ours, theirs, &label).await?;
    let text = if back {
        format!("Revert \"{}\"\n\nThis reverts commit {oid}.\n", commit.subject())
    } else if origin {
        format!("{}\n(cherry picked from commit {oid})\n", commit.message)
    } else {
        commit.message.clone()
    };
    identity(c, repo, "COMMITTER").await?;
    repo.switch(&ours, &joined.files, false, name).await?;
    c.put(&joined.said).await?;
    if !joined.conflicts.is_empty() {
        write_conflicts(repo, &joined).await?;
        let head_file = if back { "REVERT_HEAD" } else { "CHERRY_PICK_HEAD" };
        let list: String = joined.conflicts.iter().map(|(p, _)| format!("#\t{p}\n")).collect();
        for (f, t) in [(head_file, format!("{oid}\n")), ("MERGE_MSG", format!("{text}\n# Conflicts:\n{list}"))] {
            let path = format!("{}/{f}", repo.git);
            repo.sys.write_file(&path, t, 0o644).await.map_err(at(&path))?;
        }
        c.flush().await?;
        let verb = if back { "revert" } else { "apply" };
        c.sys.eprint(format!("error: could not {verb} {short}... {}\nhint: After resolving the conflicts, mark them with\nhint: \"git add/rm <pathspec>\", then run\nhint: \"git {name} --continue\".\nhint: You can instead skip this commit with \"git {name} --skip\".\nhint: To abort and get back to the state before \"git {name}\",\nhint: run \"git {name} --abort\".\n", commit.subject())).await;
        return Err(Fail::Code(1));
    }
    if no_commit {
        return Ok(());
    }
    if joined.files == ours {
        c.put("The previous cherry-pick is now empty, possibly due to conflict resolution.\nIf you wish to commit it anyway, use:\n\n    git commit --allow-empty\n\n").await?;
        return Err(Fail::Code(1));
    }
    let author = (!back).then_some(commit.author.as_str());
    done(c, repo, &text, author, name).await
}

/// Commits what is staged.
async fn done(c: &mut Cli, repo: &Repo, text: &str, author: Option<&str>, name: &str) -> Git<()> {
    let head = repo.head().await;
    let before = repo.commit_files(head.as_deref()).await?;
    let index = repo.index().await?;
    let now: super::tree::Files = index.iter().map(|e| (e.path.clone(), (e.mode, e.oid.clone()))).collect();
    let tree = repo.write_tree(&index).await?;
    let parents: Vec<String> = head.iter().cloned().collect();
    let oid = make(c, repo, &tree, &parents, author, text).await?;
    repo.move_head(&oid).await?;
    note(c, repo, head.as_deref(), &oid, &format!("{name}: {}", text.lines().next().unwrap_or(""))).await;
    forget(repo).await;
    let said = report(repo, &oid, false, &before, &now, author.is_some()).await?;
    Ok(c.put(said).await?)
}

/// `git rebase UPSTREAM`: the branch's own commits after those of another.
pub(super) async fn rebase(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    if job.flag(&["-i", "--interactive"]) {
        return fatal("interactive rebases are not simulated here; use 'git rebase <upstream>'");
    }
    job.flag(&["-q", "--quiet", "--no-edit"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    let branch = repo.branch().await;
    let upstream = match job.args.first() {
        Some(u) => u.clone(),
        None => {
            let b = branch.clone().unwrap_or_default();
            match (repo.get(&format!("branch.{b}.remote")), repo.get(&format!("branch.{b}.merge"))) {
                (Some(r), Some(m)) => format!("{r}/{}", m.trim_start_matches("refs/heads/")),
                _ => {
                    c.sys.eprint("There is no tracking information for the current branch.\nPlease specify which branch you want to rebase against.\nSee git-rebase(1) for details.\n\n    git rebase '<branch>'\n\n").await;
                    return Err(Fail::Code(1));
                }
            }
        }
    };
    let Some(onto) = repo.revision(&upstream).await? else {
        return fatal(format!("invalid upstream '{upstream}'"));
    };
    let onto = repo.commit(&onto).await?.oid;
    let Some(head) = repo.head().await else { return fatal("no commits yet") };
    let index = repo.index().await?;
    let scan = repo.scan(&index, "").await?;
    if !repo.changes(&index, &scan).await?.is_empty() {
        return error("cannot rebase: You have unstaged changes.\nerror: Please commit or stash them.");
    }
    let shown = branch.clone().unwrap_or_else(|| "HEAD".to_owned());
    if repo.is_ancestor(&onto, &head).await? {
        return Ok(c.put(format!("Current branch {shown} is up to date.\n")).await?);
    }
    let seen = repo.ancestors(&onto).await?;
    let mut own = Vec::new();
    let mut at_commit = head.clone();
    while !seen.contains(&at_commit) {
        let commit = repo.commit(&at_commit).await?;
        let parent = commit.parents.first().cloned();
        if commit.parents.len() < 2 {
            own.push(commit);
        }
        match parent {
            Some(p) => at_commit = p,
            None => break,
        }
    }
    own.reverse();
    // All is tried before anything moves: a clash leaves the branch as it was.
    let mut files = repo.commit_files(Some(&onto)).await?;
    let mut steps = Vec::new();
    for commit in &own {
        let base = repo.commit_files(commit.parents.first().map(String::as_str)).await?;
        let theirs = repo.commit_files(Some(&commit.oid)).await?;
        let label = format!("{} ({})", &commit.oid[..7], commit.subject());
        let joined = combine(repo, &base, &files, &theirs, &label).await?;
        if !joined.conflicts.is_empty() {
            c.put(&joined.said).await?;
            c.flush().await?;
            c.sys.eprint(format!("error: could not apply {}... {}\nhint: rebasing stops here and changes nothing; use 'git merge {upstream}' to resolve the conflict\n", &commit.oid[..7], commit.subject())).await;
            return Err(Fail::Code(1));
        }
        files = joined.files.clone();
        steps.push((commit, joined.files));
    }
    identity(c, repo, "COMMITTER").await?;
    let old = repo.commit_files(Some(&head)).await?;
    repo.switch(&old, &files, false, "rebase").await?;
    let mut tip = onto.clone();
    let mut before = repo.commit_files(Some(&onto)).await?;
    for (commit, tree_files) in steps {
        if tree_files == before {
            continue;
        }
        let entries: Vec<super::index::Entry> =
            tree_files.iter().map(|(p, (mode, oid))| super::index::Entry::new(p, *mode, oid, None)).collect();
        let tree = repo.write_tree(&entries).await?;
        tip = make(c, repo, &tree, std::slice::from_ref(&tip), Some(&commit.author), &commit.message).await?;
        before = tree_files;
    }
    repo.move_head(&tip).await?;
    note(c, repo, Some(&head), &tip, &format!("rebase (finish): onto {onto}")).await;
    let refname = repo.branch_ref().await.unwrap_or_else(|| "HEAD".to_owned());
    c.flush().await?;
    c.sys.eprint(format!("Successfully rebased and updated {refname}.\n")).await;
    Ok(())
}
