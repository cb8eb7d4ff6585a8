//! `git add`.

use std::collections::BTreeSet;

use super::Job;
use super::fail::{Fail, Git, fatal};
use super::index::{Entry, numbers};
use super::patch::chosen;
use super::repo::Repo;
use super::worktree::mode_of;
use crate::cli::Cli;

/// Takes files of the work tree into the index: those that are chosen, and where they are gone, out
/// of it. `new`: also files that it has not yet.
pub(super) async fn stage(repo: &Repo, paths: &[String], new: bool) -> Git<Vec<(char, String)>> {
    let mut index = repo.index().await?;
    let scan = repo.scan(&index, "").await?;
    let mut done = Vec::new();
    let known: BTreeSet<String> = index.iter().map(|e| e.path.clone()).collect();
    for (path, s) in &scan.files {
        if !chosen(path, paths) || !new && !known.contains(path) {
            continue;
        }
        let mode = mode_of(s);
        let here = index.iter().position(|e| e.path == *path && e.stage == 0);
        if let Some(i) = here
            && index[i].stat == numbers(s)
            && index[i].mode == mode
        {
            continue;
        }
        let oid = repo.store("blob", &repo.content(path, s).await?).await?;
        let entry = Entry::new(path, mode, &oid, Some(s));
        match here {
            Some(i) => {
                if index[i].oid != oid || index[i].mode != mode {
                    done.push(('M', path.clone()));
                }
                index[i] = entry;
            }
            None => {
                index.retain(|e| e.path != *path);
                index.push(entry);
                done.push(('A', path.clone()));
            }
        }
        index.sort_by(|a, b| a.path.cmp(&b.path).then(a.stage.cmp(&b.stage)));
    }
    for path in known.iter().filter(|p| chosen(p, paths) && !scan.files.contains_key(*p)) {
        index.retain(|e| e.path != *path);
        done.push(('D', path.clone()));
    }
    repo.write_index(&index).await?;
    Ok(done)
}

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    job.split("Aunvf");
    let all = job.flag(&["-A", "--all"]);
    let update = job.flag(&["-u", "--update"]);
    let dry = job.flag(&["-n", "--dry-run"]);
    let loud = job.flag(&["-v", "--verbose"]) || dry;
    let force = job.flag(&["-f", "--force"]);
    if let Some(o) = job.unknown() {
        c.sys
            .eprint(format!(
                "error: unknown option `{}'\nusage: git add [<options>] [--] <pathspec>...\n",
                o.trim_start_matches('-')
            ))
            .await;
        return Err(Fail::Code(129));
    }
    let (mut typed, more) = job.operands();
    typed.extend(more);
    if typed.is_empty() && !all && !update {
        c.sys.eprint("Nothing specified, nothing added.\nhint: Maybe you wanted to say 'git add .'?\nhint: Disable this message with \"git config advice.addEmptyPathspec false\"\n").await;
        return Ok(());
    }
    let mut paths = Vec::new();
    let index = repo.index().await?;
    let scan = repo.scan(&index, "").await?;
    let mut hidden = Vec::new();
    for t in &typed {
        let p = repo.inside(t)?;
        let there = p.is_empty()
            || scan.files.keys().any(|f| chosen(f, std::slice::from_ref(&p)))
            || index.iter().any(|e| chosen(&e.path, std::slice::from_ref(&p)));
        if !there {
            let exists = repo.sys.lstat(&repo.full(&p)).await.is_ok();
            let is_hidden = scan
                .ignored
                .iter()
                .any(|i| i.trim_end_matches('/') == p || i.ends_with('/') && p.starts_with(i.as_str()));
            if exists && is_hidden && !force {
                hidden.push(t.clone());
                continue;
            }
            if !exists {
                return fatal(format!("pathspec '{t}' did not match any files"));
            }
        }
        paths.push(p);
    }
    if !hidden.is_empty() {
        let list: String = hidden.iter().map(|h| format!("{h}\n")).collect();
        c.sys.eprint(format!("The following paths are ignored by one of your .gitignore files:\n{list}hint: Use -f if you really want to add them.\nhint: Disable this message with \"git config advice.addIgnoredFile false\"\n")).await;
        if paths.is_empty() {
            return Err(Fail::Code(1));
        }
    }
    if force {
        forced(repo, &paths).await?;
    }
    if dry {
        for f in scan.files.keys().filter(|f| chosen(f, &paths)) {
            c.put(format!("add '{f}'\n")).await?;
        }
        return Ok(());
    }
    let done = stage(repo, &paths, !update).await?;
    if loud {
        for (letter, path) in done {
            c.put(format!("{} '{path}'\n", if letter == 'D' { "remove" } else { "add" })).await?;
        }
    }
    if hidden.is_empty() { Ok(()) } else { Err(Fail::Code(1)) }
}

/// Adds ignored files that are named one by one.
async fn forced(repo: &Repo, paths: &[String]) -> Git<()> {
    let mut index = repo.index().await?;
    for p in paths {
        if let Ok(s) = repo.sys.lstat(&repo.full(p)).await
            && s.file_type == layerlab_kernel::FileType::File
            && !index.iter().any(|e| e.path == *p)
        {
            let oid = repo.store("blob", &repo.content(p, &s).await?).await?;
            index.push(Entry::new(p, mode_of(&s), &oid, Some(&s)));
        }
    }
    repo.write_index(&index).await
}
