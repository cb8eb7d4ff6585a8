//! `git blame`: who wrote each line, and `git grep`: lines of known files.

use std::collections::BTreeMap;

use super::Job;
use super::fail::{Fail, Git, fatal};
use super::repo::Repo;
use super::tree::signature;
use crate::cli::{Cli, time};
use crate::diff::script::changes;
use crate::regex::{Kind, compile};

fn lines(data: &[u8]) -> Vec<Vec<u8>> {
    data.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

/// A file's lines at a commit; `None` where it is not there.
async fn version(repo: &Repo, oid: &str, path: &str) -> Git<Option<Vec<Vec<u8>>>> {
    let files = repo.commit_files(Some(oid)).await?;
    match files.get(path) {
        Some((_, blob)) => Ok(Some(lines(&repo.object(blob).await?.data))),
        None => Ok(None),
    }
}

/// Hands lines on to an older version: those that it has too.
fn hand_on(old: &[Vec<u8>], new: &[Vec<u8>], wanted: &mut Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let all = changes(old, new);
    let mut passed = Vec::new();
    wanted.retain(|(last, here)| {
        let mut shift = 0isize;
        for ch in &all {
            if ch.b.contains(here) {
                return true;
            }
            if ch.b.end <= *here {
                shift += ch.a.len() as isize - ch.b.len() as isize;
            }
        }
        passed.push((*last, (*here as isize + shift) as usize));
        false
    });
    passed
}

/// `git blame`.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let ranges = job.values(&["-L"]);
    let short = job.flag(&["-s"]);
    let long = job.flag(&["-l"]);
    let mail = job.flag(&["-e", "--show-email"]);
    job.flag(&["-w", "-M", "-C", "--no-pager"]);
    let (mut words, more) = job.operands();
    words.extend(more);
    let Some(path) = words.pop() else {
        c.sys.eprint("usage: git blame [<options>] [<rev-opts>] [<rev>] [--] <file>\n").await;
        return Err(Fail::Code(129));
    };
    let name = repo.inside(&path)?;
    let start = match words.first() {
        Some(r) => Some(repo.must(r).await?),
        None => repo.head().await,
    };
    let Some(start) = start else { return fatal("no such ref: HEAD") };
    let start = repo.commit(&start).await?.oid;
    let first = version(repo, &start, &name).await?;
    let Some(first) = first else {
        let of = words.first().map_or("HEAD", String::as_str);
        return fatal(format!("no such path '{path}' in {of}"));
    };
    // What is not committed yet is the newest version.
    let work = if words.is_empty() { repo.sys.read_file(&repo.full(&name)).await.ok() } else { None };
    let text = work.as_ref().map_or_else(|| first.clone(), |w| lines(w));
    let mut owner: Vec<Option<String>> = vec![None; text.len()];
    let mut wanted: Vec<(usize, usize)> = (0..text.len()).map(|n| (n, n)).collect();
    let mut todo = vec![(start.clone(), hand_on(&first, &text, &mut wanted))];
    let mut commits = BTreeMap::new();
    while let Some((oid, mut here)) = todo.pop() {
        if here.is_empty() {
            continue;
        }
        let commit = repo.commit(&oid).await?;
        let own = version(repo, &oid, &name).await?.unwrap_or_default();
        for parent in &commit.parents {
            if let Some(old) = version(repo, parent, &name).await? {
                let passed = hand_on(&old, &own, &mut here);
                todo.push((parent.clone(), passed));
            }
        }
        for (last, _) in here {
            if let Some(slot) = owner.get_mut(last) {
                *slot = Some(oid.clone());
            }
        }
        commits.insert(oid, commit);
    }
    let now = c.sys.wall_clock() / 1_000_000_000;
    let mut rows = Vec::new();
    for o in &owner {
        let row = match o.as_ref().and_then(|o| commits.get(o)) {
            None => ("0".repeat(40), "Not Committed Yet".to_owned(), now, "+0000".to_owned(), false),
            Some(commit) => {
                let (who, address, secs, zone) = signature(&commit.author);
                let who = if mail { format!("<{address}>") } else { who };
                (commit.oid.clone(), who, secs, zone, commit.parents.is_empty())
            }
        };
        rows.push(row);
    }
    let widest = rows.iter().map(|r| r.1.chars().count()).max().unwrap_or(0);
    let digits = text.len().to_string().len();
    let chosen = |n: usize| -> bool {
        let number = |t: &str| t.parse::<usize>().ok();
        ranges.is_empty()
            || ranges.iter().any(|r| {
                let (from, to) = r.split_once(',').unwrap_or((r, ""));
                let from = number(from).unwrap_or(1);
                let to = match to.strip_prefix('+') {
                    Some(k) => number(k).map_or(usize::MAX, |k| from + k - 1),
                    None => number(to).unwrap_or(usize::MAX),
                };
                (from..=to).contains(&n)
            })
    };
    for (n, ((oid, who, secs, zone, root), line)) in rows.iter().zip(&text).enumerate() {
        if !chosen(n + 1) {
            continue;
        }
        let size = if long { 40 } else { 8 };
        let id = if *root { format!("^{}", &oid[..size - 1]) } else { oid[..size].to_owned() };
        let east = crate::date::zone_offset(zone);
        let date = time::format_at("%Y-%m-%d %H:%M:%S %z", *secs, 0, east, "");
        let head = if short {
            format!("{id} {:>digits$}) ", n + 1)
        } else {
            format!("{id} ({who:<widest$} {date} {:>digits$}) ", n + 1)
        };
        c.put(head).await?;
        c.put(line).await?;
        if !line.ends_with(b"\n") {
            c.put("\n").await?;
        }
    }
    Ok(())
}

/// `git grep`.
pub(super) async fn grep(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    job.split(" niclvwEFohIe");
    let mut patterns = job.values(&["-e"]);
    let number = job.flag(&["-n", "--line-number"]);
    let fold = job.flag(&["-i", "--ignore-case"]);
    let count = job.flag(&["-c", "--count"]);
    let names = job.flag(&["-l", "--files-with-matches", "--name-only"]);
    let invert = job.flag(&["-v", "--invert-match"]);
    let word = job.flag(&["-w", "--word-regexp"]);
    let hidden = job.flag(&["-h"]);
    let kind = match (job.flag(&["-F", "--fixed-strings"]), job.flag(&["-E", "--extended-regexp"]), job.flag(&["-P"])) {
        (true, ..) => Kind::Fixed,
        (_, true, _) => Kind::Extended,
        (_, _, true) => Kind::Perl,
        _ => Kind::Basic,
    };
    job.flag(&["-I", "--cached", "--no-color", "--color"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unknown option `{o}'"));
    }
    let (mut operands, paths) = job.operands();
    if patterns.is_empty() {
        if operands.is_empty() {
            return fatal("no pattern given");
        }
        patterns.push(operands.remove(0));
    }
    let mut compiled = Vec::new();
    for p in &patterns {
        let p = if word { format!("\\b{p}\\b") } else { p.clone() };
        compiled.push(compile(&p, kind, fold).map_err(|e| Fail::Fatal(format!("command line, '{p}': {e}")))?);
    }
    // Commits before paths; without any the files as they are.
    let mut at = Vec::new();
    while let Some(first) = operands.first() {
        let Some(oid) = repo.revision(first).await? else { break };
        at.push((operands.remove(0), oid));
    }
    let mut limits = Vec::new();
    for p in operands.iter().chain(&paths) {
        limits.push(repo.inside(p)?);
    }
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    if at.is_empty() {
        for e in repo.index().await? {
            if super::patch::chosen(&e.path, &limits)
                && let Ok(data) = repo.sys.read_file(&repo.full(&e.path)).await
            {
                texts.push((repo.relative(&e.path), data));
            }
        }
    }
    for (label, oid) in at {
        for (path, (_, blob)) in repo.commit_files(Some(&oid)).await? {
            if super::patch::chosen(&path, &limits) {
                texts.push((format!("{label}:{}", repo.relative(&path)), repo.object(&blob).await?.data));
            }
        }
    }
    let mut found = false;
    for (path, data) in texts {
        let text = String::from_utf8_lossy(&data);
        let hits: Vec<(usize, &str)> =
            text.lines().enumerate().filter(|(_, l)| compiled.iter().any(|p| p.is_match(l)) != invert).collect();
        if hits.is_empty() {
            continue;
        }
        found = true;
        if names {
            c.put(format!("{path}\n")).await?;
        } else if count {
            c.put(format!("{path}:{}\n", hits.len())).await?;
        } else if data.contains(&0) {
            c.put(format!("Binary file {path} matches\n")).await?;
        } else {
            for (n, l) in hits {
                let lead = if hidden { String::new() } else { format!("{path}:") };
                let number = if number { format!("{}:", n + 1) } else { String::new() };
                c.put(format!("{lead}{number}{l}\n")).await?;
            }
        }
    }
    if found { Ok(()) } else { Err(Fail::Code(1)) }
}
