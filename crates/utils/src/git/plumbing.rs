//! Commands below the others: `cat-file`, `hash-object`, `ls-files`, `ls-tree`, `rev-parse`,
//! `write-tree`, `update-ref`, `symbolic-ref`, `check-ignore`.

use super::Job;
use super::fail::{Fail, Git, fatal};
use super::patch::chosen;
use super::repo::Repo;
use super::store::name as object_name;
use crate::cli::Cli;

/// Runs one of them.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    match name {
        "cat-file" => cat(c, repo, &mut job).await,
        "hash-object" => {
            let write = job.flag(&["-w"]);
            let stdin = job.flag(&["--stdin"]);
            let mut all = Vec::new();
            if stdin {
                all.push(c.sys.read_all(0).await.unwrap_or_default());
            }
            for f in &job.args {
                all.push(
                    c.sys
                        .read_file(f)
                        .await
                        .map_err(|e| Fail::Fatal(format!("could not open '{f}' for reading: {e}")))?,
                );
            }
            for data in all {
                let oid = if write { repo.store("blob", &data).await? } else { object_name("blob", &data) };
                c.put(format!("{oid}\n")).await?;
            }
            Ok(())
        }
        "ls-files" => {
            let stage = job.flag(&["-s", "--stage"]);
            let others = job.flag(&["-o", "--others"]);
            let modified = job.flag(&["-m", "--modified"]);
            job.flag(&["-c", "--cached", "--exclude-standard"]);
            let mut paths = Vec::new();
            for a in job.args.iter().filter(|a| *a != "--") {
                paths.push(repo.inside(a)?);
            }
            let index = repo.index().await?;
            let scan = repo.scan(&index, "").await?;
            let here = |p: &str| p.starts_with(&repo.prefix) && chosen(p, &paths);
            let shown = |p: &str| p[repo.prefix.len()..].to_owned();
            if others {
                for p in scan.files.keys().filter(|p| here(p) && !index.iter().any(|e| e.path == **p)) {
                    c.put(format!("{}\n", shown(p))).await?;
                }
                return Ok(());
            }
            let changed = if modified { repo.changes(&index, &scan).await? } else { Default::default() };
            for e in index.iter().filter(|e| here(&e.path) && (!modified || changed.contains_key(&e.path))) {
                let lead = if stage { format!("{:06o} {} {}\t", e.mode, e.oid, e.stage) } else { String::new() };
                c.put(format!("{lead}{}\n", shown(&e.path))).await?;
            }
            Ok(())
        }
        "ls-tree" => {
            let deep = job.flag(&["-r"]);
            let names = job.flag(&["--name-only"]);
            let Some(rev) = job.args.first() else { return fatal("usage: git ls-tree <tree-ish> [<path>...]") };
            let Some(oid) = repo.revision(rev).await? else { return fatal(format!("Not a valid object name {rev}")) };
            let tree = if repo.object(&oid).await?.kind == "tree" { oid } else { repo.commit(&oid).await?.tree };
            let rows: Vec<(u32, String, String)> = if deep {
                repo.files(&tree).await?.into_iter().map(|(p, (m, o))| (m, p, o)).collect()
            } else {
                repo.tree_entries(&tree).await?
            };
            for (mode, path, oid) in rows {
                let kind = if mode == 0o40000 { "tree" } else { "blob" };
                c.put(if names { format!("{path}\n") } else { format!("{mode:06o} {kind} {oid}\t{path}\n") }).await?;
            }
            Ok(())
        }
        "rev-parse" => parse(c, repo, &mut job).await,
        "write-tree" => {
            let oid = repo.write_tree(&repo.index().await?).await?;
            Ok(c.put(format!("{oid}\n")).await?)
        }
        "update-ref" => match job.args.as_slice() {
            [r, rev] => {
                let oid = repo.must(rev).await?;
                repo.set_ref(r, Some(&oid)).await
            }
            _ => fatal("usage: git update-ref <ref> <new-oid>"),
        },
        "symbolic-ref" => {
            let short = job.flag(&["--short"]);
            match repo.branch_ref().await {
                Some(r) => {
                    Ok(c.put(format!("{}\n", if short { r.trim_start_matches("refs/heads/") } else { &r })).await?)
                }
                None => fatal("ref HEAD is not a symbolic ref"),
            }
        }
        _ => {
            let index = repo.index().await?;
            let scan = repo.scan(&index, "").await?;
            job.flag(&["-v", "-q"]);
            let mut any = false;
            for a in &job.args {
                let p = repo.inside(a)?;
                let hit = scan
                    .ignored
                    .iter()
                    .any(|i| i.trim_end_matches('/') == p || i.ends_with('/') && p.starts_with(i.as_str()));
                if hit {
                    any = true;
                    c.put(format!("{a}\n")).await?;
                }
            }
            if any { Ok(()) } else { Err(Fail::Code(1)) }
        }
    }
}

async fn cat(c: &mut Cli, repo: &Repo, job: &mut Job) -> Git<()> {
    let (Some(how), Some(rev)) = (job.args.first().cloned(), job.args.get(1).cloned()) else {
        return fatal("only two arguments allowed in <type> <object> mode, not 1");
    };
    let Some(oid) = repo.revision(&rev).await? else {
        if how == "-e" {
            return Err(Fail::Code(1));
        }
        return fatal(format!("Not a valid object name {rev}"));
    };
    let o = repo.object(&oid).await?;
    match how.as_str() {
        "-t" => Ok(c.put(format!("{}\n", o.kind)).await?),
        "-s" => Ok(c.put(format!("{}\n", o.data.len())).await?),
        "-e" => Ok(()),
        "-p" if o.kind == "tree" => {
            for (mode, name, oid) in repo.tree_entries(&oid).await? {
                let kind = if mode == 0o40000 { "tree" } else { "blob" };
                c.put(format!("{mode:06o} {kind} {oid}\t{name}\n")).await?;
            }
            Ok(())
        }
        k if k == "-p" || k == o.kind => Ok(c.put(o.data).await?),
        _ => fatal(format!("git cat-file {rev}: bad file")),
    }
}

async fn parse(c: &mut Cli, repo: &Repo, job: &mut Job) -> Git<()> {
    let short = job.args.iter().any(|a| a.starts_with("--short"));
    job.args.retain(|a| !a.starts_with("--short"));
    let names = job.flag(&["--abbrev-ref"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    let verify = job.flag(&["--verify"]);
    for a in job.args.clone() {
        let line = match a.as_str() {
            "--show-toplevel" => repo.root.clone(),
            "--git-dir" if repo.prefix.is_empty() && !repo.root.is_empty() => ".git".to_owned(),
            "--git-dir" | "--absolute-git-dir" => repo.git.clone(),
            "--is-inside-work-tree" => (!repo.root.is_empty()).to_string(),
            "--is-bare-repository" => repo.root.is_empty().to_string(),
            "--show-prefix" => repo.prefix.clone(),
            _ => match repo.revision(&a).await? {
                Some(_) if names && a == "HEAD" => repo.branch().await.unwrap_or_else(|| "HEAD".to_owned()),
                Some(_) if names => a.clone(),
                Some(o) if short => o[..7].to_owned(),
                Some(o) => o,
                None if quiet => return Err(Fail::Code(1)),
                None if verify => return fatal("Needed a single revision"),
                None => {
                    c.put(format!("{a}\n")).await?;
                    repo.must(&a).await?
                }
            },
        };
        c.put(format!("{line}\n")).await?;
    }
    Ok(())
}
