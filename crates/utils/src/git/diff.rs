//! `git diff`.

use super::Job;
use super::fail::{Fail, Git, fatal};
use super::patch::{Look, patch, stat, summary};
use super::repo::Repo;
use super::tree::Files;
use crate::cli::Cli;

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let color = super::colored(c, repo, &mut job).await;
    let cached = job.flag(&["--cached", "--staged"]);
    let want_stat = job.flag(&["--stat"]);
    let short = job.flag(&["--shortstat"]);
    let names = job.flag(&["--name-only"]);
    let status = job.flag(&["--name-status"]);
    let numbers = job.flag(&["--numstat"]);
    let quiet = job.flag(&["--quiet"]);
    let code = job.flag(&["--exit-code"]) || quiet;
    let context = job.value(&["-U", "--unified"]).and_then(|n| n.parse().ok()).unwrap_or(3);
    job.flag(&["-p", "-u", "--patch", "-M", "--no-renames", "--no-ext-diff", "--minimal", "-w", "-b"]);
    if let Some(o) = job.unknown() {
        c.sys.eprint(format!("error: invalid option: {o}\n")).await;
        return Err(Fail::Code(129));
    }
    let (words, after) = job.operands();
    let (mut revs, mut paths) = (Vec::new(), Vec::new());
    for w in words {
        if paths.is_empty() && (w.contains("..") || repo.revision(&w).await?.is_some()) {
            revs.push(w);
        } else if repo.sys.lstat(&repo.full(&repo.inside(&w)?)).await.is_ok() {
            paths.push(repo.inside(&w)?);
        } else {
            repo.must(&w).await?;
        }
    }
    for a in after {
        paths.push(repo.inside(&a)?);
    }
    let mut sides = Vec::new();
    for r in &revs {
        match r.split_once("..") {
            Some((a, b)) => {
                let three = b.starts_with('.');
                let b = b.trim_start_matches('.');
                let mut a = repo.must(if a.is_empty() { "HEAD" } else { a }).await?;
                let b = repo.must(if b.is_empty() { "HEAD" } else { b }).await?;
                if three {
                    a = repo.merge_base(&a, &b).await?.unwrap_or(a);
                }
                sides.extend([a, b]);
            }
            None => sides.push(repo.must(r).await?),
        }
    }
    let index: Files = repo
        .index()
        .await?
        .into_iter()
        .filter(|e| e.stage == 0 || e.stage == 2)
        .map(|e| (e.path, (e.mode, e.oid)))
        .collect();
    let all = match (sides.as_slice(), cached) {
        ([], true) => {
            let head = repo.head().await;
            repo.delta(&repo.commit_files(head.as_deref()).await?, &index, &paths).await?
        }
        ([], false) => repo.delta_work(&index, &paths).await?,
        ([one], true) => repo.delta(&repo.commit_files(Some(one)).await?, &index, &paths).await?,
        ([one], false) => repo.delta_work(&repo.commit_files(Some(one)).await?, &paths).await?,
        ([a, b], _) => {
            repo.delta(&repo.commit_files(Some(a)).await?, &repo.commit_files(Some(b)).await?, &paths).await?
        }
        _ => return fatal("too many revisions"),
    };
    let mut out = Vec::new();
    if want_stat {
        let width = c.sys.win_size(1).await.map_or(80, |s| usize::from(s.cols));
        out.extend(stat(&all, width, color).into_bytes());
    } else if short {
        if !all.is_empty() {
            out.extend(summary(&all).into_bytes());
        }
    } else {
        for d in &all {
            if names {
                out.extend(format!("{}\n", d.path).into_bytes());
            } else if status {
                let line = match &d.from {
                    Some(f) => format!("R{:03}\t{f}\t{}\n", d.likeness(), d.path),
                    None => format!("{}\t{}\n", d.letter(), d.path),
                };
                out.extend(line.into_bytes());
            } else if numbers {
                let line = d.counts().map_or(format!("-\t-\t{}\n", d.path), |(p, m)| format!("{p}\t{m}\t{}\n", d.path));
                out.extend(line.into_bytes());
            } else if !quiet {
                out.extend(patch(d, Look { color, context }));
            }
        }
    }
    super::page(c, &job, out).await?;
    if code && !all.is_empty() { Err(Fail::Code(1)) } else { Ok(()) }
}
