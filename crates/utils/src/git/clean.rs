//! `git clean`: takes away what is not known.

use super::Job;
use super::fail::{Git, fatal};
use super::repo::Repo;
use super::status::state;
use crate::cli::Cli;

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    job.split("nfdxXqi");
    let dry = job.flag(&["-n", "--dry-run"]);
    let force = job.flag(&["-f", "--force"]);
    let folders = job.flag(&["-d"]);
    let all = job.flag(&["-x"]);
    let only = job.flag(&["-X"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    if !dry && !force && repo.get("clean.requireforce") != Some("false") {
        return fatal("clean.requireForce defaults to true and neither -i, -n, nor -f given; refusing to clean");
    }
    let (mut words, more) = job.operands();
    words.extend(more);
    let mut limits = Vec::new();
    for w in &words {
        limits.push(repo.inside(w)?);
    }
    let s = state(repo, false).await?;
    let mut names: Vec<String> = Vec::new();
    if !only {
        names.extend(s.untracked.iter().cloned());
    }
    if all || only {
        names.extend(s.ignored.iter().cloned());
    }
    names.sort();
    for n in names {
        let folder = n.ends_with('/');
        let named = !limits.is_empty() && super::patch::chosen(n.trim_end_matches('/'), &limits);
        if folder && !folders && !named || !limits.is_empty() && !named || !n.starts_with(&repo.prefix) {
            continue;
        }
        let shown = repo.relative(&n);
        if dry {
            c.put(format!("Would remove {shown}\n")).await?;
            continue;
        }
        if !quiet {
            c.put(format!("Removing {shown}\n")).await?;
        }
        // Folders when they are empty.
        let mut todo = vec![(repo.full(n.trim_end_matches('/')), false)];
        while let Some((at, emptied)) = todo.pop() {
            let dir = repo.sys.lstat(&at).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir);
            if dir && !emptied {
                let below = repo.sys.read_dir(&at).await.unwrap_or_default();
                todo.push((at.clone(), true));
                todo.extend(below.into_iter().map(|e| (crate::cli::path::join(&at, &e.name), false)));
            } else if dir {
                let _ = repo.sys.rmdir(&at).await;
            } else {
                let _ = repo.sys.unlink(&at).await;
            }
        }
    }
    Ok(())
}
