//! `git clone`, `remote`, `ls-remote`, `fetch`, `pull`, `push`: with repositories that are folders of this
//! machine; from those at an address of the web, too.

use layerlab_kernel::FileType;

use super::Job;
use super::fail::{Fail, Git, at, error, fatal};
use super::repo::{Repo, set_config};
use crate::cli::Cli;
use crate::cli::path;

/// Writes a setting of the repository.
async fn configure(c: &Cli, repo: &Repo, key: &str, value: Option<&str>) -> Git<()> {
    let file = format!("{}/config", repo.git);
    let text = c.sys.read_file(&file).await.unwrap_or_default();
    let new = set_config(&String::from_utf8_lossy(&text), key, value);
    c.sys.write_file(&file, new, 0o644).await.map_err(at(&file))
}

/// Lets a branch follow one of a remote.
pub(super) async fn follow(c: &Cli, repo: &Repo, branch: &str, remote: &str, theirs: &str) -> Git<()> {
    configure(c, repo, &format!("branch.{branch}.remote"), Some(remote)).await?;
    configure(c, repo, &format!("branch.{branch}.merge"), Some(&format!("refs/heads/{theirs}"))).await
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The repository at an address; says why where there is none.
async fn other(c: &mut Cli, url: &str) -> Git<Repo> {
    let plain = url.strip_prefix("file://").unwrap_or(url);
    if is_web(url) {
        return super::http::fetch(c, url).await;
    }
    let ssh = url.starts_with("ssh://")
        || url.starts_with("git@")
        || !url.starts_with(['/', '.'])
            && url.split('/').next().is_some_and(|h| h.contains(':') && !h.starts_with("file"));
    if ssh {
        let host = url
            .trim_start_matches("ssh://")
            .rsplit('@')
            .next()
            .unwrap_or("")
            .split([':', '/'])
            .next()
            .unwrap_or("")
            .to_owned();
        c.sys.eprint(format!("ssh: Could not resolve hostname {host}: Name or service not known\n")).await;
        return fatal(
            "Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.",
        );
    }
    if let Ok(full) = c.sys.real_path(plain).await {
        for git in [format!("{full}/.git"), full.clone()] {
            if c.sys.stat(&format!("{git}/HEAD")).await.is_ok() && c.sys.stat(&format!("{git}/objects")).await.is_ok() {
                return Ok(Repo::open(c, full, git, String::new(), &[]).await);
            }
        }
    }
    fatal(format!(
        "'{url}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists."
    ))
}

/// `git clone`.
pub(super) async fn clone(c: &mut Cli, mut job: Job) -> Git<()> {
    let bare = job.flag(&["--bare"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    let branch = job.value(&["-b", "--branch"]);
    let origin = job.value(&["-o", "--origin"]).unwrap_or_else(|| "origin".to_owned());
    job.value(&["--depth"]);
    job.flag(&["--single-branch", "--recursive", "--recurse-submodules", "-l", "--local", "--no-local", "--progress"]);
    if let Some(o) = job.unknown() {
        c.sys.eprint(format!("error: unknown option `{}'\n", o.trim_start_matches('-'))).await;
        return Err(Fail::Code(129));
    }
    let Some(url) = job.args.first().cloned() else { return fatal("You must specify a repository to clone.") };
    let stem = path::base(&url).trim_end_matches(".git").to_owned();
    let stem = stem.rsplit(':').next().unwrap_or(&stem).to_owned();
    let dir = job.args.get(1).cloned().unwrap_or_else(|| if bare { format!("{stem}.git") } else { stem });
    let taken = match c.sys.stat(&dir).await {
        Ok(s) if s.file_type == FileType::Dir => !c.sys.read_dir(&dir).await.unwrap_or_default().is_empty(),
        Ok(_) => true,
        Err(_) => false,
    };
    if taken {
        return fatal(format!("destination path '{dir}' already exists and is not an empty directory."));
    }
    let local = !url.contains("://") && !url.starts_with("git@");
    if local && c.sys.stat(&url).await.is_err() {
        return fatal(format!("repository '{url}' does not exist"));
    }
    if !quiet {
        let word = if bare { "Cloning into bare repository" } else { "Cloning into" };
        c.sys.eprint(format!("{word} '{dir}'...\n")).await;
    }
    let theirs = other(c, &url).await?;
    let cwd = c.sys.getcwd().await.unwrap_or_default();
    let full = if dir.starts_with('/') { dir.clone() } else { format!("{}/{dir}", cwd.trim_end_matches('/')) };
    theirs.make_dirs(&format!("{full}/x")).await;
    let full = c.sys.real_path(&full).await.map_err(at(&dir))?;
    let git = if bare { full.clone() } else { format!("{full}/.git") };
    let head = theirs.branch().await.unwrap_or_else(|| "master".to_owned());
    super::init::make(c, &git, bare, &head).await?;
    let source = if local { c.sys.real_path(&url).await.unwrap_or(url.clone()) } else { url.clone() };
    let mine = Repo::open(c, if bare { String::new() } else { full }, git, String::new(), &[]).await;
    configure(c, &mine, &format!("remote.{origin}.url"), Some(&source)).await?;
    if !bare {
        configure(c, &mine, &format!("remote.{origin}.fetch"), Some(&format!("+refs/heads/*:refs/remotes/{origin}/*")))
            .await?;
    }
    mine.copy_objects(&theirs.git).await?;
    for (name, oid) in theirs.refs().await {
        if let Some(b) = name.strip_prefix("refs/heads/") {
            let to = if bare { name.clone() } else { format!("refs/remotes/{origin}/{b}") };
            mine.set_ref(&to, Some(&oid)).await?;
        } else if name.starts_with("refs/tags/") {
            mine.set_ref(&name, Some(&oid)).await?;
        }
    }
    // git says so of what it copied itself.
    let says_done = !quiet && !is_web(&url);
    if bare {
        if says_done {
            c.sys.eprint("done.\n").await;
        }
        return Ok(());
    }
    let wanted = branch.clone().unwrap_or(head);
    let tagged = theirs.reference(&format!("refs/tags/{wanted}")).await;
    match theirs.reference(&format!("refs/heads/{wanted}")).await {
        Some(oid) => {
            mine.set_head_branch(&wanted).await?;
            mine.set_ref(&format!("refs/heads/{wanted}"), Some(&oid)).await?;
            let path = format!("{}/refs/remotes/{origin}/HEAD", mine.git);
            let _ = c.sys.write_file(&path, format!("ref: refs/remotes/{origin}/{wanted}\n"), 0o644).await;
            follow(c, &mine, &wanted, &origin, &wanted).await?;
            let files = mine.commit_files(Some(&oid)).await?;
            mine.switch(&super::tree::Files::new(), &files, true, "checkout").await?;
        }
        None if tagged.is_some() => {
            let commit = mine.commit(&tagged.unwrap_or_default()).await?.oid;
            mine.set_ref("HEAD", Some(&commit)).await?;
            let files = mine.commit_files(Some(&commit)).await?;
            mine.switch(&super::tree::Files::new(), &files, true, "checkout").await?;
        }
        None if branch.is_some() => return fatal(format!("Remote branch {wanted} not found in upstream {origin}")),
        None => c.sys.eprint("warning: You appear to have cloned an empty repository.\n").await,
    }
    if says_done {
        c.sys.eprint("done.\n").await;
    }
    Ok(())
}

/// `git ls-remote`: what another repository's references name.
pub(super) async fn ls_remote(c: &mut Cli, config: &[(String, String)], mut job: Job) -> Git<()> {
    let heads = job.flag(&["-h", "--heads", "--branches"]);
    let tags = job.flag(&["-t", "--tags"]);
    job.flag(&["-q", "--quiet", "--symref", "--refs", "--exit-code"]);
    let from = job.args.first().cloned().unwrap_or_else(|| "origin".to_owned());
    let key = format!("remote.{from}.url");
    let url = config.iter().rev().find(|(k, _)| *k == key).map_or(from.clone(), |(_, v)| v.clone());
    let theirs = other(c, &url).await?;
    let mut all = theirs.refs().await;
    if let Some(head) = theirs.head().await {
        all.insert(0, ("HEAD".to_owned(), head));
    }
    let patterns = job.args.get(1..).unwrap_or_default();
    // A pattern is the end of a name.
    let fits = |name: &str| patterns.iter().any(|p| name == p || name.ends_with(&format!("/{p}")));
    for (name, oid) in all {
        let kind =
            !heads && !tags || heads && name.starts_with("refs/heads/") || tags && name.starts_with("refs/tags/");
        if kind && (patterns.is_empty() || fits(&name)) {
            c.put(format!("{oid}\t{name}\n")).await?;
        }
    }
    Ok(())
}

/// `git remote`, `fetch`, `pull`, `push`.
pub(super) async fn remote(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    let up = job.flag(&["-u", "--set-upstream"]);
    let force = job.flag(&["-f", "--force"]);
    let all_tags = job.flag(&["--tags"]);
    let loud = job.flag(&["-v", "--verbose"]);
    let rebase = job.flag(&["--rebase"]);
    job.flag(&["-q", "--quiet", "--ff-only", "--all", "--prune", "-p", "--no-edit", "--no-rebase"]);
    if name == "remote" {
        return manage(c, repo, &job, loud).await;
    }
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    let branch = repo.branch().await.unwrap_or_default();
    let set = repo.get(&format!("branch.{branch}.remote")).map(str::to_owned);
    let from = job.args.first().cloned().or(set.clone()).unwrap_or_else(|| "origin".to_owned());
    let Some(url) =
        repo.get(&format!("remote.{from}.url")).map(str::to_owned).or(from.contains('/').then(|| from.clone()))
    else {
        if name == "push" && job.args.is_empty() {
            return fatal(
                "No configured push destination.\nEither specify the URL from the command-line or configure a remote repository using\n\n    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n",
            );
        }
        return fatal(format!(
            "'{from}' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists."
        ));
    };
    if name == "push" && is_web(&url) {
        return fatal(format!(
            "unable to access '{}/': The requested URL returned error: 403",
            url.trim_end_matches('/')
        ));
    }
    let theirs = other(c, &url).await?;
    if name == "push" {
        return push(c, repo, &theirs, &from, &url, job.args.get(1..).unwrap_or(&[]), (up, force, all_tags)).await;
    }
    repo.copy_objects(&theirs.git).await?;
    let mut lines = Vec::new();
    for (n, oid) in theirs.refs().await {
        if let Some(b) = n.strip_prefix("refs/heads/") {
            let to = format!("refs/remotes/{from}/{b}");
            let old = repo.reference(&to).await;
            if old.as_ref() != Some(&oid) {
                let what = match old {
                    None => format!(" * {:<17} {b:<10} -> {from}/{b}", "[new branch]"),
                    Some(o) => format!("   {:<17} {b:<10} -> {from}/{b}", format!("{}..{}", &o[..7], &oid[..7])),
                };
                lines.push(what);
                repo.set_ref(&to, Some(&oid)).await?;
            }
        } else if n.starts_with("refs/tags/") && repo.reference(&n).await.is_none() {
            let t = n.trim_start_matches("refs/tags/");
            lines.push(format!(" * {:<17} {t:<10} -> {t}", "[new tag]"));
            repo.set_ref(&n, Some(&oid)).await?;
        }
    }
    if !lines.is_empty() {
        c.sys.eprint(format!("From {url}\n{}\n", lines.join("\n"))).await;
    }
    if name == "fetch" {
        return Ok(());
    }
    let theirs_name = match job.args.get(1) {
        Some(b) => b.clone(),
        None => match repo.get(&format!("branch.{branch}.merge")) {
            Some(m) => m.trim_start_matches("refs/heads/").to_owned(),
            None => {
                c.sys.eprint(format!("There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to={from}/<branch> {branch}\n\n")).await;
                return Err(Fail::Code(1));
            }
        },
    };
    let Some(oid) = repo.reference(&format!("refs/remotes/{from}/{theirs_name}")).await else {
        return fatal(format!("couldn't find remote ref {theirs_name}"));
    };
    if rebase {
        return fatal("rebase is not there in this git; use 'git pull --no-rebase'");
    }
    Box::pin(super::merge::join(c, repo, &oid, &format!("{from}/{theirs_name}"), None, (false, false, false))).await
}

async fn manage(c: &mut Cli, repo: &Repo, job: &Job, loud: bool) -> Git<()> {
    let words: Vec<&str> = job.args.iter().map(String::as_str).collect();
    let url = |n: &str| repo.get(&format!("remote.{n}.url")).map(str::to_owned);
    match words.as_slice() {
        [] | ["show"] => {
            let mut names: Vec<String> = repo
                .config
                .iter()
                .filter_map(|(k, _)| Some(k.strip_prefix("remote.")?.strip_suffix(".url")?.to_owned()))
                .collect();
            names.sort();
            for n in names {
                let u = url(&n).unwrap_or_default();
                c.put(if loud { format!("{n}\t{u} (fetch)\n{n}\t{u} (push)\n") } else { format!("{n}\n") }).await?;
            }
            Ok(())
        }
        ["add", n, u] => {
            if url(n).is_some() {
                c.sys.eprint(format!("error: remote {n} already exists.\n")).await;
                return Err(Fail::Code(3));
            }
            configure(c, repo, &format!("remote.{n}.url"), Some(u)).await?;
            configure(c, repo, &format!("remote.{n}.fetch"), Some(&format!("+refs/heads/*:refs/remotes/{n}/*"))).await
        }
        ["remove" | "rm", n] | ["set-url", n, _] | ["get-url", n] | ["rename", n, _] if url(n).is_none() => {
            c.sys.eprint(format!("error: No such remote '{n}'\n")).await;
            Err(Fail::Code(2))
        }
        ["remove" | "rm", n] => {
            configure(c, repo, &format!("remote.{n}.url"), None).await?;
            configure(c, repo, &format!("remote.{n}.fetch"), None).await?;
            for (r, _) in repo.refs().await {
                if r.starts_with(&format!("refs/remotes/{n}/")) {
                    repo.set_ref(&r, None).await?;
                }
            }
            Ok(())
        }
        ["rename", n, to] => {
            if url(to).is_some() {
                c.sys.eprint(format!("error: remote {to} already exists.\n")).await;
                return Err(Fail::Code(3));
            }
            let u = url(n).unwrap_or_default();
            configure(c, repo, &format!("remote.{n}.url"), None).await?;
            configure(c, repo, &format!("remote.{n}.fetch"), None).await?;
            configure(c, repo, &format!("remote.{to}.url"), Some(&u)).await?;
            configure(c, repo, &format!("remote.{to}.fetch"), Some(&format!("+refs/heads/*:refs/remotes/{to}/*")))
                .await?;
            let branches: Vec<String> = repo
                .config
                .iter()
                .filter(|(k, v)| k.starts_with("branch.") && k.ends_with(".remote") && v == n)
                .map(|(k, _)| k.clone())
                .collect();
            for b in branches {
                configure(c, repo, &b, Some(to)).await?;
            }
            let lead = format!("refs/remotes/{n}/");
            for (r, oid) in repo.refs().await {
                if let Some(rest) = r.strip_prefix(&lead) {
                    repo.set_ref(&r, None).await?;
                    repo.set_ref(&format!("refs/remotes/{to}/{rest}"), Some(&oid)).await?;
                }
            }
            Ok(())
        }
        ["set-url", n, u] => configure(c, repo, &format!("remote.{n}.url"), Some(u)).await,
        ["get-url", n] => Ok(c.put(format!("{}\n", url(n).unwrap_or_default())).await?),
        _ => error("unknown subcommand"),
    }
}

async fn push(
    c: &mut Cli,
    repo: &Repo,
    theirs: &Repo,
    remote: &str,
    url: &str,
    names: &[String],
    (up, force, tags): (bool, bool, bool),
) -> Git<()> {
    let branch = repo.branch().await.unwrap_or_default();
    let followed = repo.get(&format!("branch.{branch}.merge")).is_some();
    if names.is_empty() && !tags && !followed && !up {
        return fatal(format!(
            "The current branch {branch} has no upstream branch.\nTo push the current branch and set the remote as upstream, use\n\n    git push --set-upstream {remote} {branch}\n\nTo have this happen automatically for branches without a tracking\nupstream, see 'push.autoSetupRemote' in 'git help config'.\n"
        ));
    }
    let mut wanted: Vec<(String, String, String)> = Vec::new();
    let list: Vec<String> = if names.is_empty() && !tags { vec![branch] } else { names.to_vec() };
    for n in list {
        let (mine, other) = n.split_once(':').map_or((n.clone(), n.clone()), |(a, b)| (a.to_owned(), b.to_owned()));
        let Some(oid) = repo.revision(&mine).await? else {
            c.sys
                .eprint(format!(
                    "error: src refspec {mine} does not match any\nerror: failed to push some refs to '{url}'\n"
                ))
                .await;
            return Err(Fail::Code(1));
        };
        let kind = if repo.reference(&format!("refs/tags/{mine}")).await.is_some() { "tags" } else { "heads" };
        wanted.push((format!("refs/{kind}/{other}"), mine, oid));
    }
    if tags {
        for (n, oid) in repo.refs().await {
            if let Some(t) = n.strip_prefix("refs/tags/") {
                wanted.push((n.clone(), t.to_owned(), oid));
            }
        }
    }
    theirs.copy_objects(&repo.git).await?;
    let mut lines = Vec::new();
    let mut rejected = false;
    for (full, mine, oid) in &wanted {
        let short = full.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/");
        let old = theirs.reference(full).await;
        match &old {
            Some(o) if o == oid => continue,
            Some(o) if !force && !theirs.is_ancestor(o, oid).await? => {
                lines.push(format!(" ! {:<17} {mine} -> {short} (fetch first)", "[rejected]"));
                rejected = true;
                continue;
            }
            Some(_)
                if !theirs.root.is_empty()
                    && theirs.git.ends_with("/.git")
                    && theirs.branch_ref().await.as_ref() == Some(full) =>
            {
                c.sys.eprint(format!("remote: error: refusing to update checked out branch: {full}\n")).await;
                lines.push(format!(
                    " ! {:<17} {mine} -> {short} (branch is currently checked out)",
                    "[remote rejected]"
                ));
                rejected = true;
                continue;
            }
            Some(o) => lines.push(format!("   {:<17} {mine} -> {short}", format!("{}..{}", &o[..7], &oid[..7]))),
            None if full.starts_with("refs/tags/") => lines.push(format!(" * {:<17} {mine} -> {short}", "[new tag]")),
            None => lines.push(format!(" * {:<17} {mine} -> {short}", "[new branch]")),
        }
        theirs.set_ref(full, Some(oid)).await?;
        if full.starts_with("refs/heads/") {
            repo.set_ref(&format!("refs/remotes/{remote}/{short}"), Some(oid)).await?;
        }
    }
    if lines.is_empty() {
        c.sys.eprint("Everything up-to-date\n").await;
    } else {
        c.sys.eprint(format!("To {url}\n{}\n", lines.join("\n"))).await;
    }
    if rejected {
        c.sys.eprint(format!("error: failed to push some refs to '{url}'\n")).await;
        return Err(Fail::Code(1));
    }
    if up {
        for (full, mine, _) in &wanted {
            let short = full.trim_start_matches("refs/heads/");
            follow(c, repo, mine, remote, short).await?;
            c.put(format!("branch '{mine}' set up to track '{remote}/{short}'.\n")).await?;
        }
    }
    Ok(())
}
