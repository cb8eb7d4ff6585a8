//! `git rm` and `git mv`.

use layerlab_kernel::FileType;

use super::Job;
use super::fail::{Git, error, fatal};
use super::patch::chosen;
use super::repo::Repo;
use crate::cli::{Cli, path};

/// Runs one of them.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    job.split("rfqnk");
    let force = job.flag(&["-f", "--force"]);
    let recursive = job.flag(&["-r"]);
    let cached = job.flag(&["--cached"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    let (mut typed, more) = job.operands();
    typed.extend(more);
    let mut index = repo.index().await?;
    if name == "mv" {
        let Some((last, sources)) = typed.split_last().filter(|(_, s)| !s.is_empty()) else {
            return fatal("usage: git mv [<options>] <source>... <destination>");
        };
        let target = repo.inside(last)?;
        let into = repo.sys.stat(&repo.full(&target)).await.is_ok_and(|s| s.file_type == FileType::Dir);
        for s in sources {
            let from = repo.inside(s)?;
            let to = if into {
                format!("{target}/{}", path::base(&from)).trim_start_matches('/').to_owned()
            } else {
                target.clone()
            };
            let below = format!("{from}/");
            if !index.iter().any(|e| e.path == from || e.path.starts_with(&below)) {
                let why = if repo.sys.lstat(&repo.full(&from)).await.is_ok() {
                    "not under version control"
                } else {
                    "bad source"
                };
                return fatal(format!("{why}, source={from}, destination={to}"));
            }
            if !force && repo.sys.lstat(&repo.full(&to)).await.is_ok() {
                return fatal(format!("destination exists, source={from}, destination={to}"));
            }
            if let Err(e) = repo.sys.rename(&repo.full(&from), &repo.full(&to)).await {
                return fatal(format!("renaming '{from}' failed: {e}"));
            }
            index.retain(|e| e.path != to);
            for e in &mut index {
                if e.path == from {
                    e.path.clone_from(&to);
                } else if let Some(rest) = e.path.strip_prefix(&below) {
                    e.path = format!("{to}/{rest}");
                }
            }
        }
        return repo.write_index(&index).await;
    }
    if typed.is_empty() {
        return fatal("No pathspec was given. Which files should I remove?");
    }
    let head = repo.head().await;
    let before = repo.commit_files(head.as_deref()).await?;
    let scan = repo.scan(&index, "").await?;
    let changed = repo.changes(&index, &scan).await?;
    let mut gone = Vec::new();
    for t in &typed {
        let p = repo.inside(t)?;
        let one = std::slice::from_ref(&p);
        let hits: Vec<String> = index.iter().filter(|e| chosen(&e.path, one)).map(|e| e.path.clone()).collect();
        if hits.is_empty() {
            return fatal(format!("pathspec '{t}' did not match any files"));
        }
        if !recursive && !hits.contains(&p) && !t.contains(['*', '?']) {
            return fatal(format!("not removing '{t}' recursively without -r"));
        }
        gone.extend(hits);
    }
    if !force && !cached {
        for p in &gone {
            let staged =
                index.iter().find(|e| e.path == *p).is_some_and(|e| before.get(p).map(|b| &b.1) != Some(&e.oid));
            if staged {
                return error(format!(
                    "the following file has changes staged in the index:\n    {p}\n(use --cached to keep the file, or -f to force removal)"
                ));
            }
            if changed.get(p) == Some(&'M') {
                return error(format!(
                    "the following file has local modifications:\n    {p}\n(use --cached to keep the file, or -f to force removal)"
                ));
            }
        }
    }
    for p in gone {
        index.retain(|e| e.path != p);
        if !cached {
            repo.remove_file(&p).await;
        }
        if !quiet {
            c.put(format!("rm '{p}'\n")).await?;
        }
    }
    repo.write_index(&index).await
}
