//! `git branch`.

use super::Job;
use super::fail::{Fail, Git, error, fatal};
use super::repo::Repo;
use crate::cli::Cli;

/// Whether a name can be a branch's (`git-check-ref-format(1)`).
pub(super) fn valid(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && !name.ends_with(".lock")
        && !name.contains("..")
        && !name.contains("//")
        && !name.contains("@{")
        && !name.chars().any(|c| c.is_control() || " ~^:?*[\\".contains(c))
}

/// Makes a branch.
pub(super) async fn create(repo: &Repo, name: &str, start: &str, force: bool) -> Git<String> {
    if !valid(name) {
        return fatal(format!(
            "'{name}' is not a valid branch name\nhint: See `man git check-ref-format`\nhint: Disable this message with \"git config advice.refSyntax false\""
        ));
    }
    let full = format!("refs/heads/{name}");
    if !force && repo.reference(&full).await.is_some() {
        return fatal(format!("a branch named '{name}' already exists"));
    }
    let Some(oid) = repo.revision(start).await? else {
        if start == "HEAD" {
            let branch = repo.branch().await.unwrap_or_default();
            return fatal(format!("not a valid object name: '{branch}'"));
        }
        return fatal(format!("not a valid object name: '{start}'"));
    };
    let oid = repo.commit(&oid).await?.oid;
    repo.set_ref(&full, Some(&oid)).await?;
    Ok(oid)
}

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    job.split("avrdDmMf");
    let color = super::colored(c, repo, &mut job).await;
    let current = job.flag(&["--show-current"]);
    let remote = job.flag(&["-r", "--remotes"]);
    let all = job.flag(&["-a", "--all"]);
    let loud = job.flag(&["-v", "-vv", "--verbose"]);
    let hard = job.flag(&["-D"]);
    let delete = job.flag(&["-d", "--delete"]) || hard;
    let over = job.flag(&["-M"]);
    let rename = job.flag(&["-m", "--move"]) || over;
    let force = job.flag(&["-f", "--force"]);
    let list = job.flag(&["-l", "--list"]);
    let upstream = job.value(&["-u", "--set-upstream-to"]);
    let merged = job.flag(&["--merged"]);
    if let Some(o) = job.unknown() {
        c.sys.eprint(format!("error: unknown option `{}'\n", o.trim_start_matches('-'))).await;
        return Err(Fail::Code(129));
    }
    let branch = repo.branch().await;
    if current {
        if let Some(b) = branch {
            c.put(format!("{b}\n")).await?;
        }
        return Ok(());
    }
    if let Some(up) = upstream {
        let name = job.args.first().cloned().or(branch).unwrap_or_default();
        let Some((r, b)) = up.split_once('/') else {
            return fatal(format!("the requested upstream branch '{up}' does not exist"));
        };
        super::clone::follow(c, repo, &name, r, b).await?;
        return Ok(c.put(format!("branch '{name}' set up to track '{up}'.\n")).await?);
    }
    if delete {
        for name in &job.args {
            let Some(oid) = repo.reference(&format!("refs/heads/{name}")).await else {
                return error(format!("branch '{name}' not found"));
            };
            if branch.as_ref() == Some(name) {
                return error(format!("cannot delete branch '{name}' used by worktree at '{}'", repo.root));
            }
            let head = repo.head().await;
            let safe = match &head {
                Some(h) => repo.is_ancestor(&oid, h).await?,
                None => false,
            };
            if !safe && !hard && !force {
                c.sys.eprint(format!("error: the branch '{name}' is not fully merged\nhint: If you are sure you want to delete it, run 'git branch -D {name}'\nhint: Disable this message with \"git config advice.forceDeleteBranch false\"\n")).await;
                return Err(Fail::Code(1));
            }
            repo.set_ref(&format!("refs/heads/{name}"), None).await?;
            let _ = repo.sys.unlink(&format!("{}/logs/refs/heads/{name}", repo.git)).await;
            c.put(format!("Deleted branch {name} (was {}).\n", &oid[..7])).await?;
        }
        return Ok(());
    }
    if rename {
        let (old, new) = match job.args.as_slice() {
            [new] => (branch.clone().unwrap_or_default(), new.clone()),
            [old, new] => (old.clone(), new.clone()),
            _ => return fatal("branch name required"),
        };
        if !valid(&new) {
            return fatal(format!("'{new}' is not a valid branch name"));
        }
        let oid = repo.reference(&format!("refs/heads/{old}")).await;
        if !over && old != new && repo.reference(&format!("refs/heads/{new}")).await.is_some() {
            return fatal(format!("a branch named '{new}' already exists"));
        }
        match oid {
            Some(o) => {
                repo.set_ref(&format!("refs/heads/{old}"), None).await?;
                repo.set_ref(&format!("refs/heads/{new}"), Some(&o)).await?;
                let (from, to) =
                    (format!("{}/logs/refs/heads/{old}", repo.git), format!("{}/logs/refs/heads/{new}", repo.git));
                let _ = repo.sys.rename(&from, &to).await;
            }
            None if branch.as_ref() != Some(&old) => return fatal(format!("no branch named '{old}'")),
            None => {}
        }
        if branch.as_ref() == Some(&old) {
            repo.set_head_branch(&new).await?;
        }
        return Ok(());
    }
    if let Some(name) = job.args.first().filter(|_| !list && !merged) {
        let start = job.args.get(1).map_or("HEAD", String::as_str);
        create(repo, name, start, force).await?;
        if let Some((r, b)) = start.split_once('/')
            && repo.reference(&format!("refs/remotes/{start}")).await.is_some()
        {
            super::clone::follow(c, repo, name, r, b).await?;
            c.put(format!("branch '{name}' set up to track '{start}'.\n")).await?;
        }
        return Ok(());
    }
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let head = repo.head().await;
    if branch.is_none()
        && let Some(h) = &head
        && !remote
    {
        rows.push(("*".to_owned(), format!("(HEAD detached at {})", &h[..7]), h.clone()));
    }
    for (name, oid) in repo.refs().await {
        if let Some(n) = name.strip_prefix("refs/heads/").filter(|_| !remote) {
            if merged && !repo.is_ancestor(&oid, head.as_deref().unwrap_or("")).await.unwrap_or(false) {
                continue;
            }
            if list && job.args.first().is_some_and(|p| !crate::glob::matches(p, n)) {
                continue;
            }
            let mark = if branch.as_deref() == Some(n) { "*" } else { " " };
            rows.push((mark.to_owned(), n.to_owned(), oid));
        } else if let Some(n) = name.strip_prefix("refs/remotes/").filter(|_| remote || all) {
            let shown = if all { format!("remotes/{n}") } else { n.to_owned() };
            // What names another reference says which.
            let file = repo.sys.read_file(&format!("{}/{name}", repo.git)).await.unwrap_or_default();
            let to =
                String::from_utf8_lossy(&file).trim().strip_prefix("ref: refs/remotes/").map(|t| format!(" -> {t}"));
            rows.push((" ".to_owned(), shown + &to.unwrap_or_default(), oid));
        }
    }
    let w = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    for (mark, name, oid) in rows {
        let shown = if loud { format!("{name:<w$}") } else { name.clone() };
        let shown = match (color, mark == "*", name.starts_with("remotes/") || remote) {
            (true, true, _) => format!("\x1b[32m{shown}\x1b[m"),
            (true, false, true) => format!("\x1b[31m{shown}\x1b[m"),
            _ => shown,
        };
        // A name that stands for another one says which.
        let remote_name = name.strip_prefix("remotes/").unwrap_or(&name);
        let path = format!("{}/refs/remotes/{remote_name}", repo.git);
        let text = if mark == " " { repo.sys.read_file(&path).await.unwrap_or_default() } else { Vec::new() };
        let text = String::from_utf8_lossy(&text).into_owned();
        let tail = match text.trim().strip_prefix("ref: refs/remotes/") {
            Some(to) => format!(" -> {to}"),
            None if loud => format!(" {} {}", &oid[..7], repo.commit(&oid).await?.subject()),
            None => String::new(),
        };
        c.put(format!("{mark} {shown}{tail}\n")).await?;
    }
    Ok(())
}
