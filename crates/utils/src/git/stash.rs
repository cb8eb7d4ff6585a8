//! `git stash`: changes put aside, as a commit that `refs/stash` names.

use super::Job;
use super::commit::make;
use super::fail::{Git, fatal};
use super::repo::Repo;
use super::tree::Files;
use crate::cli::Cli;

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let message = job.value(&["-m", "--message"]);
    job.flag(&["-u", "--include-untracked", "-q", "--quiet"]);
    let verb = if job.args.is_empty() { "push".to_owned() } else { job.args.remove(0) };
    let stack = entries(repo).await;
    match verb.as_str() {
        "push" | "save" => push(c, repo, message.or(job.args.first().cloned())).await,
        "list" => {
            for (i, (_, what)) in stack.iter().rev().enumerate() {
                c.put(format!("stash@{{{i}}}: {what}\n")).await?;
            }
            Ok(())
        }
        "pop" | "apply" | "drop" => {
            let Some((oid, _)) = stack.last().cloned() else {
                return fatal("No stash entries found.");
            };
            if verb != "drop" {
                let base = repo.commit(&oid).await?.parents.first().cloned().unwrap_or_default();
                let old = repo.commit_files(Some(&base)).await?;
                let new = repo.commit_files(Some(&oid)).await?;
                let head = repo.head().await;
                let mut now = repo.commit_files(head.as_deref()).await?;
                let before = now.clone();
                for p in old.keys().chain(new.keys()).cloned().collect::<std::collections::BTreeSet<_>>() {
                    if old.get(&p) != new.get(&p) {
                        match new.get(&p) {
                            Some(v) => now.insert(p, v.clone()),
                            None => now.remove(&p),
                        };
                    }
                }
                let index = repo.index().await?;
                repo.switch(&before, &now, false, "merge").await?;
                // The changes are not staged; new files are.
                let mut staged = repo.index().await?;
                for e in &mut staged {
                    if let Some(o) = index.iter().find(|o| o.path == e.path) {
                        *e = o.clone();
                    }
                }
                repo.write_index(&staged).await?;
                let s = super::status::state(repo, false).await?;
                let text = super::status::full(repo, &s, false, c.sys.is_atty(1).await, false).await;
                c.put(text).await?;
            }
            if verb != "apply" {
                let left: Vec<(String, String)> = stack[..stack.len() - 1].to_vec();
                write(repo, &left).await?;
                c.put(format!("Dropped refs/stash@{{0}} ({oid})\n")).await?;
            }
            Ok(())
        }
        "clear" => write(repo, &[]).await,
        "show" => {
            let Some((oid, _)) = stack.last() else { return fatal("No stash entries found.") };
            let x = repo.commit(oid).await?;
            let old = repo.commit_files(x.parents.first().map(String::as_str)).await?;
            let all = repo.delta(&old, &repo.files(&x.tree).await?, &[]).await?;
            Ok(c.put(super::patch::stat(&all, 80, false)).await?)
        }
        other => fatal(format!("unknown subcommand: {other}")),
    }
}

/// The stack, the oldest first: commit and words.
async fn entries(repo: &Repo) -> Vec<(String, String)> {
    let text = repo.sys.read_file(&format!("{}/logs/refs/stash", repo.git)).await.unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|l| Some((l.split(' ').nth(1)?.to_owned(), l.split_once('\t')?.1.to_owned())))
        .collect()
}

async fn write(repo: &Repo, stack: &[(String, String)]) -> Git<()> {
    let mut before = "0".repeat(40);
    let mut text = String::new();
    for (oid, what) in stack {
        text.push_str(&format!("{before} {oid} stash <stash> 0 +0000\t{what}\n"));
        before.clone_from(oid);
    }
    let path = format!("{}/logs/refs/stash", repo.git);
    repo.make_dirs(&path).await;
    let _ = repo.sys.write_file(&path, text, 0o644).await;
    repo.set_ref("refs/stash", stack.last().map(|s| s.0.as_str())).await
}

async fn push(c: &mut Cli, repo: &Repo, message: Option<String>) -> Git<()> {
    let Some(head) = repo.head().await else { return fatal("You do not have the initial commit yet") };
    let index = repo.index().await?;
    let staged = repo.write_tree(&index).await?;
    super::add::stage(repo, &[], false).await?;
    let now = repo.index().await?;
    let files: Files = now.iter().map(|e| (e.path.clone(), (e.mode, e.oid.clone()))).collect();
    let before = repo.commit_files(Some(&head)).await?;
    if files == before {
        return Ok(c.put("No local changes to save\n").await?);
    }
    let x = repo.commit(&head).await?;
    let branch = repo.branch().await.unwrap_or_else(|| "(no branch)".to_owned());
    let what = format!("{branch}: {} {}", &head[..7], x.subject());
    let kept = make(c, repo, &staged, std::slice::from_ref(&head), None, &format!("index on {what}\n")).await?;
    let words = match message {
        Some(m) => format!("On {branch}: {m}"),
        None => format!("WIP on {what}"),
    };
    let tree = repo.write_tree(&now).await?;
    let oid = make(c, repo, &tree, &[head.clone(), kept], None, &format!("{words}\n")).await?;
    let mut stack = entries(repo).await;
    stack.push((oid, words.clone()));
    write(repo, &stack).await?;
    repo.switch(&files, &before, true, "stash").await?;
    Ok(c.put(format!("Saved working directory and index state {words}\n")).await?)
}
