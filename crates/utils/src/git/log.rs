//! `git log`, `show`, `rev-list`, `shortlog`, `reflog`.

use std::collections::{BTreeMap, BTreeSet};

use super::Job;
use super::fail::{Fail, Git, fatal};
use super::patch::{Delta, Look, chosen, patch, stat, summary};
use super::repo::Repo;
use super::tree::{Commit, signature};
use crate::cli::{Cli, time};

/// How commits are shown.
struct Style {
    format: String,
    color: bool,
    abbrev: bool,
    decorate: bool,
    date: String,
    patch: bool,
    stat: bool,
    shortstat: bool,
    names: bool,
    status: bool,
    graph: bool,
    paths: Vec<String>,
    context: usize,
    now: i64,
    width: usize,
}

/// A date in one of git's forms.
pub(super) fn date(secs: i64, zone: &str, form: &str, now: i64) -> String {
    let (sign, digits) = zone.strip_prefix('-').map_or((1, zone.trim_start_matches('+')), |d| (-1, d));
    let n: i64 = digits.parse().unwrap_or(0);
    let local = secs + sign * (n / 100 * 3600 + n % 100 * 60);
    match form {
        "iso" | "iso8601" => format!("{} {zone}", time::format("%Y-%m-%d %H:%M:%S", local, 0)),
        "iso-strict" | "iso8601-strict" => {
            let z = if n == 0 {
                "Z".to_owned()
            } else {
                format!("{}:{}", &zone[..3.min(zone.len())], zone.get(3..).unwrap_or("00"))
            };
            format!("{}{z}", time::format("%Y-%m-%dT%H:%M:%S", local, 0))
        }
        "short" => time::format("%Y-%m-%d", local, 0),
        "rfc" | "rfc2822" => format!("{} {zone}", time::format("%a, %-d %b %Y %H:%M:%S", local, 0)),
        "unix" => secs.to_string(),
        "raw" => format!("{secs} {zone}"),
        "relative" => ago((now - secs).max(0)),
        f if f.starts_with("format:") => time::format(&f[7..], local, 0),
        _ => format!("{} {zone}", time::format("%a %b %-d %H:%M:%S %Y", local, 0)),
    }
}

/// As git says how long ago something was.
fn ago(s: i64) -> String {
    let of = |n: i64, unit: &str| format!("{n} {unit}{} ago", if n == 1 { "" } else { "s" });
    match s {
        0..90 => of(s, "second"),
        90..5400 => of((s + 30) / 60, "minute"),
        5400..129_600 => of((s + 1800) / 3600, "hour"),
        129_600..1_209_600 => of((s + 43_200) / 86_400, "day"),
        1_209_600..6_048_000 => of((s + 302_400) / 604_800, "week"),
        6_048_000..31_536_000 => of((s + 1_315_000) / 2_630_000, "month"),
        _ => of(s / 31_536_000, "year"),
    }
}

/// Runs one of them.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job, name: &str) -> Git<()> {
    let mut style = Style {
        format: repo.get("format.pretty").unwrap_or("medium").to_owned(),
        color: super::colored(c, repo, &mut job).await,
        abbrev: false,
        decorate: c.sys.is_atty(1).await,
        date: repo.get("log.date").unwrap_or("default").to_owned(),
        patch: false,
        stat: false,
        shortstat: false,
        names: false,
        status: false,
        graph: false,
        paths: Vec::new(),
        context: 3,
        now: c.sys.wall_clock() / 1_000_000_000,
        width: c.sys.win_size(1).await.map_or(80, |s| usize::from(s.cols)),
    };
    let both = name == "shortlog" && job.flag(&["-sn", "-ns"]);
    let brief = name == "shortlog" && job.flag(&["-s", "--summary"]) || both;
    let many = name == "shortlog" && job.flag(&["-n", "--numbered"]) || both;
    // `-3` is `-n 3`.
    for a in &mut job.args {
        if a.len() > 1 && a.starts_with('-') && a[1..].chars().all(|c| c.is_ascii_digit()) {
            *a = format!("-n{}", &a[1..]);
        }
    }
    let most: usize = job.value(&["-n", "--max-count"]).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let skip: usize = job.value(&["--skip"]).and_then(|n| n.parse().ok()).unwrap_or(0);
    if job.flag(&["--oneline"]) {
        "oneline".clone_into(&mut style.format);
        style.abbrev = true;
    }
    if let Some(f) = job.values(&["--format"]).pop() {
        let known = ["oneline", "short", "medium", "full", "fuller", "raw", "reference"];
        style.format = if known.contains(&f.as_str()) || f.contains("format:") { f } else { format!("tformat:{f}") };
    }
    if let Some(i) = job.args.iter().position(|a| a.starts_with("--pretty")) {
        let a = job.args.remove(i);
        let f = a.strip_prefix("--pretty=").unwrap_or("medium").to_owned();
        style.format = if f.contains('%') && !f.contains("format:") { format!("tformat:{f}") } else { f };
    }
    style.abbrev |= job.flag(&["--abbrev-commit"]);
    if let Some(d) = job.value(&["--date"]) {
        style.date = d;
    }
    if job.flag(&["--relative-date"]) {
        "relative".clone_into(&mut style.date);
    }
    style.decorate |= job.flag(&["--decorate", "--decorate=short"]);
    style.decorate &= !job.flag(&["--no-decorate"]);
    style.patch = job.flag(&["-p", "-u", "--patch"]) || name == "show";
    style.stat = job.flag(&["--stat"]);
    style.shortstat = job.flag(&["--shortstat"]);
    style.names = job.flag(&["--name-only"]);
    style.status = job.flag(&["--name-status"]);
    if let Some(u) = job.value(&["-U", "--unified"]) {
        style.context = u.parse().unwrap_or(3);
    }
    if style.stat || style.names || style.status || style.shortstat || job.flag(&["-s", "--no-patch"]) {
        style.patch = false;
    }
    style.graph = job.flag(&["--graph"]);
    let all = job.flag(&["--all"]);
    let reverse = job.flag(&["--reverse"]);
    let first_only = job.flag(&["--first-parent"]);
    let merges = job.flag(&["--merges"]);
    let no_merges = job.flag(&["--no-merges"]);
    let count = job.flag(&["--count"]);
    let author = job.value(&["--author"]);
    let grep = job.value(&["--grep"]);
    job.flag(&["--follow", "--no-renames", "-M", "--topo-order", "--date-order", "-m", "-c", "--cc"]);
    let _ = job.value(&["--since", "--after", "--until", "--before"]);
    if let Some(o) = job.unknown() {
        return fatal(format!("unrecognized argument: {o}"));
    }
    if name == "reflog" {
        return reflog(c, repo, &job).await;
    }
    let (words, after) = job.operands();
    let (mut revs, mut paths) = (Vec::new(), Vec::new());
    for w in words {
        let range = w.contains("..") || w.starts_with('^');
        if paths.is_empty() && (range || repo.revision(&w).await?.is_some()) {
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
    style.paths = paths;
    let refs = repo.refs().await;
    if name == "show" {
        let revs = if revs.is_empty() { vec!["HEAD".to_owned()] } else { revs };
        let mut out = Vec::new();
        for (i, r) in revs.iter().enumerate() {
            if i > 0 {
                out.push(b'\n');
            }
            show(repo, r, &style, &refs, &mut out).await?;
        }
        return super::page(c, &job, out).await;
    }
    let list = walk(repo, &revs, all, &style.paths, first_only).await?;
    let mut list: Vec<Commit> = list
        .into_iter()
        .filter(|x| author.as_ref().is_none_or(|a| x.author.contains(a.as_str())))
        .filter(|x| grep.as_ref().is_none_or(|g| x.message.contains(g.as_str())))
        .filter(|x| (!merges || x.parents.len() > 1) && (!no_merges || x.parents.len() < 2))
        .skip(skip)
        .take(most)
        .collect();
    if count {
        return Ok(c.put(format!("{}\n", list.len())).await?);
    }
    if name == "shortlog" {
        let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for x in list.iter().rev() {
            by.entry(signature(&x.author).0).or_default().push(x.subject());
        }
        let mut rows: Vec<(String, Vec<String>)> = by.into_iter().collect();
        if many {
            rows.sort_by_key(|r| std::cmp::Reverse(r.1.len()));
        }
        for (who, subjects) in rows {
            if brief {
                c.put(format!("{:>6}\t{who}\n", subjects.len())).await?;
                continue;
            }
            let list: String = subjects.iter().map(|s| format!("      {s}\n")).collect();
            c.put(format!("{who} ({}):\n{list}\n", subjects.len())).await?;
        }
        return Ok(());
    }
    if reverse {
        list.reverse();
    }
    if name == "rev-list" {
        let text: String = list.iter().map(|x| format!("{}\n", x.oid)).collect();
        return Ok(c.put(text).await?);
    }
    let mut out = Vec::new();
    let separate = style.format.starts_with("format:");
    let mut lanes: Vec<String> = Vec::new();
    for (i, x) in list.iter().enumerate() {
        if i > 0 && separate {
            out.push(b'\n');
        }
        if i > 0 && matches!(style.format.as_str(), "medium" | "short" | "full" | "fuller" | "raw") && !style.graph {
            out.push(b'\n');
        }
        let mut one = header(repo, x, &style, &refs).await?;
        one.extend(changes(repo, x, &style).await?);
        if style.graph { graph(&mut out, &mut lanes, x, &one, i + 1 < list.len()) } else { out.extend(one) }
    }
    super::page(c, &job, out).await
}

/// Draws lanes at the left: one for each line of development that is still open.
fn graph(out: &mut Vec<u8>, lanes: &mut Vec<String>, x: &Commit, text: &[u8], more: bool) {
    if !lanes.contains(&x.oid) {
        lanes.push(x.oid.clone());
    }
    let at = lanes.iter().position(|l| *l == x.oid).unwrap_or(0);
    let row = |lanes: &[String], mark: Option<usize>| {
        (0..lanes.len()).map(|i| if Some(i) == mark { "* " } else { "| " }).collect::<String>()
    };
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    let last = if text.ends_with(b"\n") { lines.len().saturating_sub(1) } else { lines.len() };
    let start = row(lanes, Some(at));
    // The commit's place goes to its parents.
    let mut parents = x.parents.clone();
    let before = lanes.len();
    if parents.is_empty() {
        lanes.remove(at);
    } else {
        let first = parents.remove(0);
        if lanes.iter().enumerate().any(|(i, l)| i != at && *l == first) {
            lanes.remove(at);
        } else {
            lanes[at] = first;
        }
        let mut put = at + 1;
        for p in parents {
            if !lanes.contains(&p) {
                lanes.insert(put.min(lanes.len()), p);
                put += 1;
            }
        }
    }
    let width = 2 * lanes.len().max(before);
    let opens = lanes.len() > before;
    let fork = format!("{:<width$}", format!("{}|\\", "| ".repeat(at)));
    for (i, l) in lines[..last].iter().enumerate() {
        let lead = match i {
            0 if opens => format!("{start:<width$}"),
            0 => start.clone(),
            1 if opens => fork.clone(),
            _ => row(lanes, None),
        };
        let line = [lead.as_bytes(), l].concat();
        let end = if i > 0 && l.is_empty() && !(opens && i == 1) { line.trim_ascii_end().len() } else { line.len() };
        out.extend_from_slice(&line[..end]);
        out.push(b'\n');
    }
    if opens && last < 2 {
        out.extend(format!("{fork}\n").as_bytes());
    } else if lanes.len() < before && !lanes.is_empty() && more {
        out.extend(format!("{:<width$}\n", format!("{}|/", "| ".repeat(at.saturating_sub(1)))).as_bytes());
    } else if last > 1 && more {
        out.extend(format!("{}\n", row(lanes, None).trim_end()).as_bytes());
    }
}

/// The commits that revisions reach, the newest first.
async fn walk(repo: &Repo, revs: &[String], all: bool, paths: &[String], first_only: bool) -> Git<Vec<Commit>> {
    let (mut start, mut without) = (Vec::new(), BTreeSet::new());
    for r in revs {
        if let Some((a, b)) = r.split_once("...") {
            let a = repo.must(if a.is_empty() { "HEAD" } else { a }).await?;
            let b = repo.must(if b.is_empty() { "HEAD" } else { b }).await?;
            let (x, y) = (repo.ancestors(&a).await?, repo.ancestors(&b).await?);
            without.extend(x.intersection(&y).cloned());
            start.extend([a, b]);
        } else if let Some((a, b)) = r.split_once("..") {
            let a = repo.must(if a.is_empty() { "HEAD" } else { a }).await?;
            start.push(repo.must(if b.is_empty() { "HEAD" } else { b }).await?);
            without.extend(repo.ancestors(&a).await?);
        } else if let Some(a) = r.strip_prefix('^') {
            let a = repo.must(a).await?;
            without.extend(repo.ancestors(&a).await?);
        } else {
            start.push(repo.must(r).await?);
        }
    }
    if all {
        start.extend(repo.refs().await.into_iter().filter(|r| r.0 != "refs/stash").map(|r| r.1));
        start.extend(repo.head().await);
    }
    if start.is_empty() && !all {
        match repo.head().await {
            Some(h) => start.push(h),
            None => {
                let b = repo.branch().await.unwrap_or_default();
                return fatal(format!("your current branch '{b}' does not have any commits yet"));
            }
        }
    }
    // Newest first by time, but never a commit before one that comes after it.
    let mut queue: BTreeMap<(std::cmp::Reverse<i64>, usize), Commit> = BTreeMap::new();
    let (mut seen, mut n, mut out) = (BTreeSet::new(), 0, Vec::new());
    let mut todo = start;
    loop {
        for o in todo.drain(..) {
            let x = repo.commit(&o).await?;
            if !without.contains(&x.oid) && seen.insert(x.oid.clone()) {
                queue.insert((std::cmp::Reverse(x.time()), n), x);
                n += 1;
            }
        }
        let Some((_, x)) = queue.pop_first() else { break };
        todo.extend(x.parents.iter().take(if first_only { 1 } else { usize::MAX }).cloned());
        let keep = paths.is_empty() || {
            let now = repo.files(&x.tree).await?;
            let before = repo.commit_files(x.parents.first().map(String::as_str)).await?;
            let all: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
            all.into_iter().any(|p| chosen(p, paths) && now.get(p) != before.get(p))
        };
        if keep {
            out.push(x);
        }
    }
    Ok(out)
}

/// Names that point to a commit, as `(HEAD -> main, tag: v1)`.
async fn decoration(repo: &Repo, oid: &str, refs: &[(String, String)], color: bool, bare: bool) -> Git<String> {
    let paint = |code: &str, t: &str| if color { format!("\x1b[{code}m{t}\x1b[m") } else { t.to_owned() };
    let branch = repo.branch_ref().await;
    let head = repo.head().await;
    let mut names = Vec::new();
    if head.as_deref() == Some(oid) {
        match &branch {
            Some(b) => names.push(format!(
                "{}{}",
                paint("1;36", "HEAD -> "),
                paint("1;32", b.trim_start_matches("refs/heads/"))
            )),
            None => names.push(paint("1;36", "HEAD")),
        }
    }
    for (prefix, code, lead) in
        [("refs/tags/", "1;33", "tag: "), ("refs/remotes/", "1;31", ""), ("refs/heads/", "1;32", "")]
    {
        for (name, target) in refs {
            let Some(short) = name.strip_prefix(prefix) else { continue };
            if Some(name) == branch.as_ref() {
                continue;
            }
            let here = target == oid || prefix == "refs/tags/" && repo.commit(target).await.is_ok_and(|x| x.oid == oid);
            if here {
                names.push(paint(code, &format!("{lead}{short}")));
            }
        }
    }
    if names.is_empty() {
        return Ok(String::new());
    }
    let list = names.join(&paint("33", ", "));
    Ok(if bare { list } else { format!(" {}{list}{}", paint("33", "("), paint("33", ")")) })
}

async fn header(repo: &Repo, x: &Commit, s: &Style, refs: &[(String, String)]) -> Git<Vec<u8>> {
    let id = if s.abbrev { &x.oid[..7] } else { x.oid.as_str() };
    let names = if s.decorate { decoration(repo, &x.oid, refs, s.color, false).await? } else { String::new() };
    let paint = |t: &str| if s.color { format!("\x1b[33m{t}\x1b[m") } else { t.to_owned() };
    let (name, mail, secs, zone) = signature(&x.author);
    let (cname, cmail, csecs, czone) = signature(&x.committer);
    let when = date(secs, &zone, &s.date, s.now);
    if let Some(f) = s.format.strip_prefix("format:").or(s.format.strip_prefix("tformat:")) {
        let end = if s.format.starts_with("tformat:") { "\n" } else { "" };
        return Ok(format!("{}{end}", expand(repo, x, f, s, refs).await?).into_bytes());
    }
    if s.format == "oneline" {
        return Ok(format!("{}{names} {}\n", paint(id), x.subject()).into_bytes());
    }
    if s.format == "reference" {
        return Ok(format!("{} ({}, {})\n", &x.oid[..7], x.subject(), date(secs, &zone, "short", s.now)).into_bytes());
    }
    let mut out = format!("{}{names}\n", paint(&format!("commit {id}")));
    if x.parents.len() > 1 {
        let short: Vec<&str> = x.parents.iter().map(|p| &p[..7]).collect();
        out.push_str(&format!("Merge: {}\n", short.join(" ")));
    }
    match s.format.as_str() {
        "short" => out.push_str(&format!("Author: {name} <{mail}>\n")),
        "full" => out.push_str(&format!("Author: {name} <{mail}>\nCommit: {cname} <{cmail}>\n")),
        "fuller" => out.push_str(&format!(
            "Author:     {name} <{mail}>\nAuthorDate: {when}\nCommit:     {cname} <{cmail}>\nCommitDate: {}\n",
            date(csecs, &czone, &s.date, s.now)
        )),
        _ => out.push_str(&format!("Author: {name} <{mail}>\nDate:   {when}\n")),
    }
    out.push('\n');
    let text = if s.format == "short" { x.subject() } else { x.message.trim_end().to_owned() };
    for l in text.lines() {
        out.push_str(&if l.is_empty() { "    \n".to_owned() } else { format!("    {l}\n") });
    }
    Ok(out.into_bytes())
}

/// The placeholders of `--format`.
async fn expand(repo: &Repo, x: &Commit, f: &str, s: &Style, refs: &[(String, String)]) -> Git<String> {
    let (name, mail, secs, zone) = signature(&x.author);
    let (cname, cmail, csecs, czone) = signature(&x.committer);
    let mut out = String::new();
    let mut rest = f;
    while let Some(i) = rest.find('%') {
        out.push_str(&rest[..i]);
        rest = &rest[i + 1..];
        let table: Vec<(&str, String)> = vec![
            ("H", x.oid.clone()),
            ("h", x.oid.chars().take(7).collect()),
            ("T", x.tree.clone()),
            ("t", x.tree.chars().take(7).collect()),
            ("P", x.parents.join(" ")),
            ("p", x.parents.iter().map(|p| &p[..7]).collect::<Vec<_>>().join(" ")),
            ("an", name.clone()),
            ("ae", mail.clone()),
            ("aI", date(secs, &zone, "iso-strict", s.now)),
            ("ai", date(secs, &zone, "iso", s.now)),
            ("aD", date(secs, &zone, "rfc", s.now)),
            ("ad", date(secs, &zone, &s.date, s.now)),
            ("ar", date(secs, &zone, "relative", s.now)),
            ("as", date(secs, &zone, "short", s.now)),
            ("at", secs.to_string()),
            ("cn", cname.clone()),
            ("ce", cmail.clone()),
            ("cI", date(csecs, &czone, "iso-strict", s.now)),
            ("ci", date(csecs, &czone, "iso", s.now)),
            ("cD", date(csecs, &czone, "rfc", s.now)),
            ("cd", date(csecs, &czone, &s.date, s.now)),
            ("cr", date(csecs, &czone, "relative", s.now)),
            ("cs", date(csecs, &czone, "short", s.now)),
            ("ct", csecs.to_string()),
            ("s", x.subject()),
            ("f", x.subject().replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-")),
            ("b", if x.body().is_empty() { String::new() } else { format!("{}\n", x.body()) }),
            ("B", x.message.clone()),
            ("n", "\n".to_owned()),
            ("%", "%".to_owned()),
            ("Cred", if s.color { "\x1b[31m".to_owned() } else { String::new() }),
            ("Cgreen", if s.color { "\x1b[32m".to_owned() } else { String::new() }),
            ("Cblue", if s.color { "\x1b[34m".to_owned() } else { String::new() }),
            ("Creset", if s.color { "\x1b[m".to_owned() } else { String::new() }),
        ];
        if rest.starts_with('d') || rest.starts_with('D') {
            out.push_str(&decoration(repo, &x.oid, refs, s.color, rest.starts_with('D')).await?);
            rest = &rest[1..];
            continue;
        }
        if let Some((inside, after)) = rest.strip_prefix("C(").and_then(|r| r.split_once(')')) {
            let codes = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
            if let Some(n) = codes.iter().position(|c| inside.contains(c)).filter(|_| s.color) {
                out.push_str(&format!("\x1b[{}3{n}m", if inside.contains("bold") { "1;" } else { "" }));
            }
            if inside.contains("reset") && s.color {
                out.push_str("\x1b[m");
            }
            rest = after;
            continue;
        }
        match table.iter().find(|(k, _)| rest.starts_with(k)) {
            Some((k, v)) => {
                out.push_str(v);
                rest = &rest[k.len()..];
            }
            None => out.push('%'),
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Patch, statistics or names of a commit.
async fn changes(repo: &Repo, x: &Commit, s: &Style) -> Git<Vec<u8>> {
    if !(s.patch || s.stat || s.names || s.status || s.shortstat) || x.parents.len() > 1 {
        return Ok(Vec::new());
    }
    let now = repo.files(&x.tree).await?;
    let before = repo.commit_files(x.parents.first().map(String::as_str)).await?;
    let all = repo.delta(&before, &now, &s.paths).await?;
    let body = shown(&all, s);
    let mut out = Vec::new();
    if !body.is_empty() && s.format != "oneline" {
        out.push(b'\n');
    }
    out.extend(body);
    Ok(out)
}

fn shown(all: &[Delta], s: &Style) -> Vec<u8> {
    let mut out = Vec::new();
    for d in all {
        if s.names {
            out.extend(format!("{}\n", d.path).into_bytes());
        } else if s.status {
            let line = match &d.from {
                Some(f) => format!("R{:03}\t{f}\t{}\n", d.likeness(), d.path),
                None => format!("{}\t{}\n", d.letter(), d.path),
            };
            out.extend(line.into_bytes());
        } else if s.patch {
            out.extend(patch(d, Look { color: s.color, context: s.context }));
        }
    }
    if s.stat {
        out.extend(stat(all, s.width, s.color).into_bytes());
    }
    if s.shortstat && !all.is_empty() {
        out.extend(summary(all).into_bytes());
    }
    out
}

async fn show(repo: &Repo, rev: &str, s: &Style, refs: &[(String, String)], out: &mut Vec<u8>) -> Git<()> {
    let oid = match repo.revision(rev).await? {
        Some(o) => o,
        None if repo.head().await.is_none() && rev == "HEAD" => {
            let b = repo.branch().await.unwrap_or_default();
            return fatal(format!("your current branch '{b}' does not have any commits yet"));
        }
        None => match rev.split_once(':') {
            Some((r, p)) => return fatal(format!("path '{p}' does not exist in '{r}'")),
            None => repo.must(rev).await?,
        },
    };
    let o = repo.object(&oid).await?;
    match o.kind.as_str() {
        "blob" => out.extend(o.data),
        "tree" => {
            out.extend(format!("tree {rev}\n\n").into_bytes());
            for (mode, name, _) in repo.tree_entries(&oid).await? {
                out.extend(format!("{name}{}\n", if mode == 0o40000 { "/" } else { "" }).into_bytes());
            }
        }
        _ => {
            if o.kind == "tag" {
                let text = String::from_utf8_lossy(&o.data).into_owned();
                let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
                let get = |k: &str| head.lines().find_map(|l| l.strip_prefix(k)).unwrap_or("").to_owned();
                let (name, mail, secs, zone) = signature(&get("tagger "));
                out.extend(
                    format!(
                        "tag {}\nTagger: {name} <{mail}>\nDate:   {}\n\n{message}\n",
                        get("tag "),
                        date(secs, &zone, &s.date, s.now)
                    )
                    .into_bytes(),
                );
            }
            let x = repo.commit(&oid).await?;
            out.extend(header(repo, &x, s, refs).await?);
            out.extend(changes(repo, &x, s).await?);
        }
    }
    Ok(())
}

async fn reflog(c: &mut Cli, repo: &Repo, job: &Job) -> Git<()> {
    let text = repo.sys.read_file(&format!("{}/logs/HEAD", repo.git)).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines: Vec<&str> = text.lines().rev().collect();
    if lines.is_empty() && repo.head().await.is_none() {
        return Err(Fail::Fatal("your current branch does not have any commits yet".to_owned()));
    }
    let mut out = String::new();
    for (i, l) in lines.iter().enumerate() {
        let new = l.split(' ').nth(1).unwrap_or("");
        let what = l.split_once('\t').map_or("", |w| w.1);
        out.push_str(&format!("{} HEAD@{{{i}}}: {what}\n", new.get(..7).unwrap_or(new)));
    }
    super::page(c, job, out.into_bytes()).await
}
