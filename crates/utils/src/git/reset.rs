//! `git reset`.

use super::Job;
use super::commit::note;
use super::fail::{Git, fatal};
use super::index::Entry;
use super::patch::chosen;
use super::repo::Repo;
use super::tree::Files;
use crate::cli::Cli;

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let hard = job.flag(&["--hard"]);
    let soft = job.flag(&["--soft"]);
    job.flag(&["--mixed"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    let (words, after) = job.operands();
    let mut rev = "HEAD".to_owned();
    let mut typed = after;
    for (i, w) in words.iter().enumerate() {
        if i == 0 && repo.revision(w).await?.is_some() {
            rev.clone_from(w);
        } else if repo.sys.lstat(&repo.full(&repo.inside(w)?)).await.is_ok() || i > 0 {
            typed.push(w.clone());
        } else {
            repo.must(w).await?;
        }
    }
    let head = repo.head().await;
    let target = match repo.revision(&rev).await? {
        Some(o) => Some(repo.commit(&o).await?.oid),
        None => None,
    };
    let files = repo.commit_files(target.as_deref()).await?;
    let mut paths = Vec::new();
    for t in &typed {
        paths.push(repo.inside(t)?);
    }
    if !paths.is_empty() && (hard || soft) {
        return fatal(format!("Cannot do {} reset with paths.", if hard { "hard" } else { "soft" }));
    }
    if hard {
        let old = repo.commit_files(head.as_deref()).await?;
        repo.switch(&old, &files, true, "reset").await?;
    } else if !soft {
        unstage(repo, &files, &paths).await?;
    }
    if paths.is_empty()
        && let Some(t) = &target
    {
        repo.move_head(t).await?;
        if let Some(h) = &head {
            let _ = repo.sys.write_file(&format!("{}/ORIG_HEAD", repo.git), format!("{h}\n"), 0o644).await;
        }
        for f in ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"] {
            let _ = repo.sys.unlink(&format!("{}/{f}", repo.git)).await;
        }
        note(c, repo, head.as_deref(), t, &format!("reset: moving to {rev}")).await;
    }
    if quiet {
        return Ok(());
    }
    if hard && let Some(t) = &target {
        let x = repo.commit(t).await?;
        return Ok(c.put(format!("HEAD is now at {} {}\n", &t[..7], x.subject())).await?);
    }
    if !soft {
        let index = repo.index().await?;
        let scan = repo.scan(&index, "").await?;
        let changed = repo.changes(&index, &scan).await?;
        if !changed.is_empty() {
            c.put("Unstaged changes after reset:\n").await?;
            for (path, letter) in changed {
                c.put(format!("{letter}\t{path}\n")).await?;
            }
        }
    }
    Ok(())
}

/// Makes the index (of these paths) that of a commit; the work tree stays.
async fn unstage(repo: &Repo, files: &Files, paths: &[String]) -> Git<()> {
    let old = repo.index().await?;
    let mut new: Vec<Entry> = old.iter().filter(|e| !chosen(&e.path, paths)).cloned().collect();
    for (path, (mode, oid)) in files.iter().filter(|(p, _)| chosen(p, paths)) {
        let mut entry = Entry::new(path, *mode, oid, None);
        if let Some(o) = old.iter().find(|o| o.path == *path && o.oid == *oid && o.stage == 0) {
            entry.stat = o.stat;
        }
        new.push(entry);
    }
    repo.write_index(&new).await
}
