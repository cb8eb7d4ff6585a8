//! `git tag` and `git describe`.

use super::Job;
use super::commit::{clean, identity};
use super::fail::{Fail, Git, error, fatal};
use super::repo::Repo;
use crate::cli::Cli;

/// Runs one of them.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    if name == "describe" {
        return describe(c, repo, job).await;
    }
    let message = job.values(&["-m", "--message"]);
    let annotated = job.flag(&["-a", "--annotate"]) || !message.is_empty();
    let delete = job.flag(&["-d", "--delete"]);
    let force = job.flag(&["-f", "--force"]);
    let list = job.flag(&["-l", "--list"]);
    job.flag(&["-n"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    if delete {
        for t in &job.args {
            match repo.reference(&format!("refs/tags/{t}")).await {
                Some(o) => {
                    repo.set_ref(&format!("refs/tags/{t}"), None).await?;
                    c.put(format!("Deleted tag '{t}' (was {})\n", &o[..7])).await?;
                }
                None => return error(format!("tag '{t}' not found.")),
            }
        }
        return Ok(());
    }
    let Some(tag) = job.args.first().filter(|_| !list) else {
        for (n, _) in repo.refs().await {
            if let Some(t) = n.strip_prefix("refs/tags/")
                && job.args.first().is_none_or(|p| crate::glob::matches(p, t))
            {
                c.put(format!("{t}\n")).await?;
            }
        }
        return Ok(());
    };
    if !super::branch::valid(tag) {
        return fatal(format!("'{tag}' is not a valid tag name."));
    }
    let full = format!("refs/tags/{tag}");
    if !force && repo.reference(&full).await.is_some() {
        return fatal(format!("tag '{tag}' already exists"));
    }
    let rev = job.args.get(1).map_or("HEAD", String::as_str);
    let Some(mut oid) = repo.revision(rev).await? else {
        return fatal(format!("Failed to resolve '{rev}' as a valid ref."));
    };
    if annotated {
        if message.is_empty() {
            return fatal("no tag message?");
        }
        let who = identity(c, repo, "COMMITTER").await?;
        let kind = repo.object(&oid).await?.kind;
        let text =
            format!("object {oid}\ntype {kind}\ntag {tag}\ntagger {who}\n\n{}", clean(&message.join("\n\n"), false));
        oid = repo.store("tag", text.as_bytes()).await?;
    }
    repo.set_ref(&full, Some(&oid)).await
}

async fn describe(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let light = job.flag(&["--tags"]);
    let always = job.flag(&["--always"]);
    job.flag(&["--dirty", "--long"]);
    let rev = job.args.first().cloned().unwrap_or_else(|| "HEAD".to_owned());
    let oid = repo.must(&rev).await?;
    let mut tags = Vec::new();
    for (n, target) in repo.refs().await {
        if let Some(t) = n.strip_prefix("refs/tags/")
            && (light || repo.object(&target).await?.kind == "tag")
        {
            tags.push((t.to_owned(), repo.commit(&target).await?.oid));
        }
    }
    let mine = repo.ancestors(&oid).await?;
    let mut best: Option<(usize, String)> = None;
    for (t, o) in tags {
        if mine.contains(&o) {
            let n = mine.difference(&repo.ancestors(&o).await?).count();
            if best.as_ref().is_none_or(|b| n < b.0) {
                best = Some((n, t));
            }
        }
    }
    match best {
        Some((0, t)) => Ok(c.put(format!("{t}\n")).await?),
        Some((n, t)) => Ok(c.put(format!("{t}-{n}-g{}\n", &oid[..7])).await?),
        None if always => Ok(c.put(format!("{}\n", &oid[..7])).await?),
        None => Err(Fail::Fatal("No names found, cannot describe anything.".to_owned())),
    }
}
