//! `git commit`.

use super::fail::{Fail, Git, at, error, fatal};
use super::patch::summary;
use super::repo::Repo;
use super::status::{full, state};
use super::tree::Files;
use super::{Job, add};
use crate::cli::Cli;

/// Who commits, as a line for now.
pub(super) async fn identity(c: &mut Cli, repo: &Repo, role: &str) -> Git<String> {
    let var = |n: &str| c.var(&format!("GIT_{role}_{n}")).map(str::to_owned);
    let name = var("NAME").or(repo.get("user.name").map(str::to_owned));
    let mail = var("EMAIL").or(repo.get("user.email").map(str::to_owned)).or(c.var("EMAIL").map(str::to_owned));
    let zone = c.zone().await;
    let stamp = |secs: i64| format!("{secs} {}", zone.format("%z", secs, 0));
    let date = match var("DATE") {
        Some(d) if d.starts_with('@') || d.split(' ').next().is_some_and(|n| n.parse::<i64>().is_ok()) => {
            let d = d.trim_start_matches('@').to_owned();
            if d.contains(' ') { d } else { format!("{d} +0000") }
        }
        Some(d) => match iso(&d) {
            Some(secs) => stamp(if d.ends_with('Z') { secs } else { zone.universal(secs) }),
            None => return fatal(format!("invalid date format: {d}")),
        },
        None => stamp(c.sys.wall_clock() / 1_000_000_000),
    };
    if let (Some(n), Some(m)) = (&name, &mail) {
        return Ok(format!("{n} <{m}> {date}"));
    }
    let who = if role == "AUTHOR" { "Author" } else { "Committer" };
    c.sys.eprint(format!("{who} identity unknown\n\n*** Please tell me who you are.\n\nRun\n\n  git config --global user.email \"you@example.com\"\n  git config --global user.name \"Your Name\"\n\nto set your account's default identity.\nOmit --global to set the identity only in this repository.\n\n")).await;
    let names = crate::cli::names::Names::load(&c.sys).await;
    let host = c.sys.uname().await.map(|u| u.nodename).unwrap_or_default();
    fatal(format!("unable to auto-detect email address (got '{}@{host}.(none)')", names.user(c.sys.ids().0)))
}

/// `2026-11-21T08:00:00` and the like, in UTC.
fn iso(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('Z').replace('T', " ");
    let (day, clock) = text.split_once(' ').unwrap_or((&text, "0:0:0"));
    let mut d = day.split('-').map(|n| n.parse::<i64>().ok());
    let (y, m, day) = (d.next()??, d.next()??, d.next()??);
    let clock = clock.split(' ').next().unwrap_or("");
    let mut t = clock.split(':').map(|n| n.parse::<u32>().ok());
    let (h, min, s) = (t.next()??, t.next().flatten().unwrap_or(0), t.next().flatten().unwrap_or(0));
    Some(crate::cli::time::seconds(y, u32::try_from(m).ok()?, u32::try_from(day).ok()?, h, min, s))
}

/// Without comments and needless empty lines.
pub(super) fn clean(text: &str, comments: bool) -> String {
    let mut out: Vec<&str> = Vec::new();
    for l in text.lines() {
        let l = l.trim_end();
        if comments && l.starts_with('#') || l.is_empty() && out.last().is_none_or(|p| p.is_empty()) {
            continue;
        }
        out.push(l);
    }
    while out.last().is_some_and(|l| l.is_empty()) {
        out.pop();
    }
    out.iter().map(|l| format!("{l}\n")).collect()
}

/// Makes a commit object.
pub(super) async fn make(
    c: &mut Cli,
    repo: &Repo,
    tree: &str,
    parents: &[String],
    author: Option<&str>,
    message: &str,
) -> Git<String> {
    let author = match author {
        Some(a) => a.to_owned(),
        None => identity(c, repo, "AUTHOR").await?,
    };
    let committer = identity(c, repo, "COMMITTER").await?;
    let before: String = parents.iter().map(|p| format!("parent {p}\n")).collect();
    let text = format!("tree {tree}\n{before}author {author}\ncommitter {committer}\n\n{message}");
    repo.store("commit", text.as_bytes()).await
}

/// Lets the person write a text.
async fn edit(c: &mut Cli, repo: &Repo, start: &str) -> Git<String> {
    let path = format!("{}/COMMIT_EDITMSG", repo.git);
    c.sys.write_file(&path, start.as_bytes().to_vec(), 0o644).await.map_err(at(&path))?;
    let chosen = c.var("GIT_EDITOR").or(repo.get("core.editor")).or(c.var("VISUAL")).or(c.var("EDITOR"));
    let editor = match chosen {
        Some(e) => e.to_owned(),
        None if c.find_program("nano").await.is_empty() => "vi".to_owned(),
        None => "nano".to_owned(),
    };
    let argv = vec!["sh".to_owned(), "-c".to_owned(), format!("{editor} \"$@\""), editor.clone(), path.clone()];
    let status = c.run_child(argv).await;
    if status.is_err() || status.is_ok_and(|s| s.code() != 0) {
        return error(format!(
            "there was a problem with the editor '{editor}'\nPlease supply the message using either -m or -F option."
        ));
    }
    Ok(String::from_utf8_lossy(&c.sys.read_file(&path).await.map_err(at(&path))?).into_owned())
}

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let messages = {
        // `-am text`, `-qm text`: the letters before m are flags.
        let at = job.args.iter().position(|a| {
            a.len() > 2
                && a.starts_with('-')
                && !a.starts_with("--")
                && a.ends_with('m')
                && a[1..].chars().all(|c| "aqnvsm".contains(c))
        });
        if let Some(i) = at {
            let flags: String = job.args[i].trim_end_matches('m').to_owned();
            job.args[i] = "-m".to_owned();
            job.args.insert(i, flags);
        }
        job.values(&["-m", "--message"])
    };
    let file = job.value(&["-F", "--file"]);
    let author = job.value(&["--author"]);
    let reuse = job.value(&["-C", "--reuse-message"]);
    job.value(&["--date"]);
    job.split("aqnvs");
    let all = job.flag(&["-a", "--all"]);
    let amend = job.flag(&["--amend"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    let keep = job.flag(&["--no-edit"]);
    let empty = job.flag(&["--allow-empty"]);
    let wordless = job.flag(&["--allow-empty-message"]);
    job.flag(&["-n", "--no-verify", "-v", "--verbose", "-s", "--signoff", "--no-gpg-sign", "-e", "--edit"]);
    if let Some(o) = job.unknown() {
        c.sys.eprint(format!("error: unknown option `{}'\n", o.trim_start_matches('-'))).await;
        return Err(Fail::Code(129));
    }
    let (mut typed, more) = job.operands();
    typed.extend(more);
    if !typed.is_empty() {
        let mut paths = Vec::new();
        let index = repo.index().await?;
        for t in &typed {
            let p = repo.inside(t)?;
            if !index.iter().any(|e| super::patch::chosen(&e.path, std::slice::from_ref(&p))) {
                return error(format!("pathspec '{t}' did not match any file(s) known to git"));
            }
            paths.push(p);
        }
        add::stage(repo, &paths, false).await?;
    } else if all {
        add::stage(repo, &[], false).await?;
    }
    let index = repo.index().await?;
    if index.iter().any(|e| e.stage > 0) {
        let unmerged: std::collections::BTreeSet<&str> =
            index.iter().filter(|e| e.stage > 0).map(|e| e.path.as_str()).collect();
        let list: String = unmerged.iter().map(|p| format!("U\t{p}\n")).collect();
        c.put(list).await?;
        c.flush().await?;
        c.sys.eprint("error: Committing is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict.\n").await;
        return Err(Fail::Code(128));
    }
    let head = repo.head().await;
    let last = match &head {
        Some(h) => Some(repo.commit(h).await?),
        None if amend => return fatal("You have nothing yet to amend."),
        None => None,
    };
    let merge = repo.sys.read_file(&format!("{}/MERGE_HEAD", repo.git)).await.ok();
    let merge = merge.map(|m| String::from_utf8_lossy(&m).trim().to_owned()).filter(|m| !m.is_empty());
    let parents: Vec<String> = match (&last, amend) {
        (Some(l), true) => l.parents.clone(),
        _ => head.iter().cloned().chain(merge.clone()).collect(),
    };
    let before = repo.commit_files(parents.first().map(String::as_str)).await?;
    let now: Files = index.iter().map(|e| (e.path.clone(), (e.mode, e.oid.clone()))).collect();
    if before == now && !empty && !amend && merge.is_none() {
        let s = state(repo, false).await?;
        let text = full(repo, &s, false, c.sys.is_atty(1).await, true).await;
        c.put(text).await?;
        return Err(Fail::Code(1));
    }
    // Who commits must be known before anything is written.
    identity(c, repo, "COMMITTER").await?;
    let prepared = repo.sys.read_file(&format!("{}/MERGE_MSG", repo.git)).await.ok().filter(|_| merge.is_some());
    let message = if !messages.is_empty() {
        clean(&messages.join("\n\n"), false)
    } else if let Some(f) = file {
        let text = c.slurp(&f).await.map_err(|e| Fail::Fatal(format!("could not read log file '{f}': {e}")))?;
        clean(&String::from_utf8_lossy(&text), false)
    } else if let Some(r) = reuse {
        let oid = repo.must(&r).await?;
        repo.commit(&oid).await?.message
    } else if keep && let Some(l) = &last {
        match prepared {
            Some(p) if !amend => clean(&String::from_utf8_lossy(&p), true),
            _ => l.message.clone(),
        }
    } else {
        let s = state(repo, false).await?;
        let shown: String = full(repo, &s, false, false, true)
            .await
            .lines()
            .map(|l| {
                if l.is_empty() {
                    "#\n".to_owned()
                } else if l.starts_with('\t') {
                    format!("#{l}\n")
                } else {
                    format!("# {l}\n")
                }
            })
            .collect();
        let start = match (&prepared, &last) {
            (Some(p), _) => String::from_utf8_lossy(p).into_owned(),
            (None, Some(l)) if amend => l.message.clone(),
            _ => String::new(),
        };
        let text = format!(
            "{start}\n# Please enter the commit message for your changes. Lines starting\n# with '#' will be ignored, and an empty message aborts the commit.\n#\n{shown}#\n"
        );
        let text = edit(c, repo, &text).await?;
        clean(&text, true)
    };
    if message.is_empty() && !wordless {
        c.sys.eprint("Aborting commit due to empty commit message.\n").await;
        return Err(Fail::Code(1));
    }
    let tree = repo.write_tree(&index).await?;
    let by = match (author, &last) {
        (Some(a), _) => {
            let own = identity(c, repo, "COMMITTER").await?;
            Some(format!("{a} {}", own.rsplit_once("> ").map_or("0 +0000", |d| d.1)))
        }
        (None, Some(l)) if amend => Some(l.author.clone()),
        _ => None,
    };
    let oid = make(c, repo, &tree, &parents, by.as_deref(), &message).await?;
    repo.move_head(&oid).await?;
    let word = if amend {
        "commit (amend)"
    } else if parents.is_empty() {
        "commit (initial)"
    } else {
        "commit"
    };
    note(c, repo, head.as_deref(), &oid, &format!("{word}: {}", message.lines().next().unwrap_or(""))).await;
    for f in ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"] {
        let _ = repo.sys.unlink(&format!("{}/{f}", repo.git)).await;
    }
    let _ = repo.sys.write_file(&format!("{}/COMMIT_EDITMSG", repo.git), message.clone(), 0o644).await;
    if quiet {
        return Ok(());
    }
    let text = report(repo, &oid, parents.is_empty(), &before, &now, amend).await?;
    Ok(c.put(text).await?)
}

/// What a commit says when it is done.
pub(super) async fn report(
    repo: &Repo,
    oid: &str,
    root: bool,
    before: &Files,
    now: &Files,
    amend: bool,
) -> Git<String> {
    let commit = repo.commit(oid).await?;
    let branch = repo.branch().await.unwrap_or_else(|| "detached HEAD".to_owned());
    let root = if root { " (root-commit)" } else { "" };
    let mut text = format!("[{branch}{root} {}] {}\n", &oid[..7], commit.subject());
    if amend {
        let (_, _, secs, zone) = super::tree::signature(&commit.author);
        text.push_str(&format!(" Date: {}\n", super::log::date(secs, &zone, "default", 0)));
    }
    if commit.parents.len() > 1 {
        return Ok(text);
    }
    let all = repo.delta(before, now, &[]).await?;
    if !all.is_empty() {
        text.push_str(&summary(&all));
    }
    for d in &all {
        let mode = |s: &Option<super::patch::Side>| s.as_ref().map_or(0, |s| s.mode);
        match d.letter() {
            'A' => text.push_str(&format!(" create mode {:o} {}\n", mode(&d.new), d.path)),
            'D' => text.push_str(&format!(" delete mode {:o} {}\n", mode(&d.old), d.path)),
            'R' => text.push_str(&format!(
                " rename {} ({}%)\n",
                super::patch::rename_label(d.from.as_deref().unwrap_or(""), &d.path),
                d.likeness()
            )),
            _ if mode(&d.old) != mode(&d.new) => {
                text.push_str(&format!(" mode change {:o} => {:o} {}\n", mode(&d.old), mode(&d.new), d.path));
            }
            _ => {}
        }
    }
    Ok(text)
}

/// Writes where `HEAD` and its branch went (`git reflog`).
pub(super) async fn note(c: &mut Cli, repo: &Repo, old: Option<&str>, new: &str, what: &str) {
    let Ok(who) = identity_quiet(c, repo).await else { return };
    let line = format!("{} {new} {who}\t{what}\n", old.unwrap_or("0000000000000000000000000000000000000000"));
    let mut names = vec!["HEAD".to_owned()];
    names.extend(repo.branch_ref().await);
    for n in names {
        let path = format!("{}/logs/{n}", repo.git);
        repo.make_dirs(&path).await;
        if let Ok(fd) = c.sys.open(&path, layerlab_kernel::OpenFlags::APPEND, 0o644).await {
            let _ = c.sys.write_all(fd, line.clone().into_bytes()).await;
            let _ = c.sys.close(fd).await;
        }
    }
}

async fn identity_quiet(c: &Cli, repo: &Repo) -> Result<String, ()> {
    let of = |var: &str, key: &str| c.var(var).or(repo.get(key)).map(str::to_owned).ok_or(());
    let (name, mail) = (of("GIT_COMMITTER_NAME", "user.name")?, of("GIT_COMMITTER_EMAIL", "user.email")?);
    let secs = c.sys.wall_clock() / 1_000_000_000;
    Ok(format!("{name} <{mail}> {secs} {}", c.zone().await.format("%z", secs, 0)))
}
