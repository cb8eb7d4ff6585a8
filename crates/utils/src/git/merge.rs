//! `git merge`: fast forward, or three sides joined line by line.

use std::collections::BTreeSet;

use super::Job;
use super::commit::{make, note};
use super::fail::{Fail, Git, at, fatal};
use super::index::Entry;
use super::patch::stat;
use super::repo::Repo;
use super::tree::Files;
use crate::cli::Cli;
use crate::diff::script::changes;

/// Runs it.
pub(super) async fn run(c: &mut Cli, repo: &Repo, mut job: Job) -> Git<()> {
    let message = job.value(&["-m"]);
    let no_ff = job.flag(&["--no-ff"]);
    let only_ff = job.flag(&["--ff-only"]);
    let abort = job.flag(&["--abort"]);
    let quiet = job.flag(&["-q", "--quiet"]);
    job.flag(&["--no-edit", "--ff", "--edit"]);
    let head = repo.head().await;
    if abort {
        if repo.sys.stat(&format!("{}/MERGE_HEAD", repo.git)).await.is_err() {
            return fatal("There is no merge to abort (MERGE_HEAD missing).");
        }
        let files = repo.commit_files(head.as_deref()).await?;
        repo.switch(&files, &files, true, "merge").await?;
        for f in ["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE"] {
            let _ = repo.sys.unlink(&format!("{}/{f}", repo.git)).await;
        }
        return Ok(());
    }
    let Some(name) = job.args.first().cloned() else {
        return fatal("No commit specified and merge.defaultToUpstream not set.");
    };
    let Some(oid) = repo.revision(&name).await? else {
        c.sys.eprint(format!("merge: {name} - not something we can merge\n")).await;
        return Err(Fail::Code(1));
    };
    if repo.sys.stat(&format!("{}/MERGE_HEAD", repo.git)).await.is_ok() {
        return fatal(
            "You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.",
        );
    }
    join(c, repo, &oid, &name, message, (no_ff, only_ff, quiet)).await
}

/// Joins a commit into the branch.
pub(super) async fn join(
    c: &mut Cli,
    repo: &Repo,
    theirs: &str,
    name: &str,
    message: Option<String>,
    (no_ff, only_ff, quiet): (bool, bool, bool),
) -> Git<()> {
    let theirs = repo.commit(theirs).await?.oid;
    let Some(ours) = repo.head().await else {
        let new = repo.commit_files(Some(&theirs)).await?;
        repo.switch(&Files::new(), &new, false, "merge").await?;
        return repo.move_head(&theirs).await;
    };
    let base = repo.merge_base(&ours, &theirs).await?;
    if base.as_ref() == Some(&theirs) {
        return Ok(c.put("Already up to date.\n").await?);
    }
    let old = repo.commit_files(Some(&ours)).await?;
    let new = repo.commit_files(Some(&theirs)).await?;
    let width = c.sys.win_size(1).await.map_or(80, |s| usize::from(s.cols));
    let color = c.sys.is_atty(1).await;
    if base.as_ref() == Some(&ours) && !no_ff {
        if !quiet {
            c.put(format!("Updating {}..{}\n", &ours[..7], &theirs[..7])).await?;
        }
        c.flush().await?;
        repo.switch(&old, &new, false, "merge").await?;
        repo.move_head(&theirs).await?;
        note(c, repo, Some(&ours), &theirs, &format!("merge {name}: Fast-forward")).await;
        if quiet {
            return Ok(());
        }
        let all = repo.delta(&old, &new, &[]).await?;
        c.put("Fast-forward\n").await?;
        c.put(stat(&all, width, color)).await?;
        for d in &all {
            match (d.letter(), &d.new, &d.old) {
                ('A', Some(s), _) => c.put(format!(" create mode {:o} {}\n", s.mode, d.path)).await?,
                ('D', _, Some(s)) => c.put(format!(" delete mode {:o} {}\n", s.mode, d.path)).await?,
                _ => {}
            }
        }
        return Ok(());
    }
    if only_ff {
        return fatal("Not possible to fast-forward, aborting.");
    }
    let Some(base) = base else { return fatal("refusing to merge unrelated histories") };
    let start = repo.commit_files(Some(&base)).await?;
    let Joined { files: merged, conflicts, sides, said } = combine(repo, &start, &old, &new, name).await?;
    let branch = repo.branch().await;
    let into = branch.filter(|b| b != "main" && b != "master").map_or(String::new(), |b| format!(" into {b}"));
    let kind = if repo.reference(&format!("refs/heads/{name}")).await.is_some() {
        "branch"
    } else if repo.reference(&format!("refs/remotes/{name}")).await.is_some() {
        "remote-tracking branch"
    } else {
        "commit"
    };
    let text = message.map_or_else(|| format!("Merge {kind} '{name}'{into}\n"), |m| format!("{m}\n"));
    // Who commits must be known first.
    super::commit::identity(c, repo, "COMMITTER").await?;
    repo.switch(&old, &merged, false, "merge").await?;
    if conflicts.is_empty() {
        c.put(said).await?;
        let index = repo.index().await?;
        let tree = repo.write_tree(&index).await?;
        let oid = make(c, repo, &tree, &[ours.clone(), theirs], None, &text).await?;
        repo.move_head(&oid).await?;
        note(c, repo, Some(&ours), &oid, &format!("merge {name}: Merge made by the 'ort' strategy.")).await;
        if quiet {
            return Ok(());
        }
        let all = repo.delta(&old, &merged, &[]).await?;
        c.put("Merge made by the 'ort' strategy.\n").await?;
        return Ok(c.put(stat(&all, width, color)).await?);
    }
    let joined = Joined { files: merged, conflicts, sides, said: said.clone() };
    write_conflicts(repo, &joined).await?;
    let conflicts = joined.conflicts;
    let list: String = conflicts.iter().map(|(p, _)| format!("#\t{p}\n")).collect();
    for (f, t) in [
        ("MERGE_HEAD", format!("{theirs}\n")),
        ("MERGE_MSG", format!("{text}\n# Conflicts:\n{list}")),
        ("MERGE_MODE", String::new()),
    ] {
        let path = format!("{}/{f}", repo.git);
        repo.sys.write_file(&path, t, 0o644).await.map_err(at(&path))?;
    }
    c.put(format!("{said}Automatic merge failed; fix conflicts and then commit the result.\n")).await?;
    Err(Fail::Code(1))
}

/// Three sides' files joined.
pub(super) struct Joined {
    pub(super) files: Files,
    /// What clashes, with the marks in it.
    pub(super) conflicts: Vec<(String, Vec<u8>)>,
    /// The sides of what clashes, for the index.
    pub(super) sides: Vec<Entry>,
    pub(super) said: String,
}

/// Joins what two sides made of the same files.
pub(super) async fn combine(repo: &Repo, start: &Files, old: &Files, new: &Files, name: &str) -> Git<Joined> {
    let mut merged = old.clone();
    let mut conflicts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut sides: Vec<Entry> = Vec::new();
    let mut said = String::new();
    let paths: BTreeSet<String> = start.keys().chain(old.keys()).chain(new.keys()).cloned().collect();
    for p in paths {
        let (b, o, n) = (start.get(&p), old.get(&p), new.get(&p));
        if o == n || n == b {
            continue;
        }
        if o == b {
            match n {
                Some(v) => merged.insert(p, v.clone()),
                None => merged.remove(&p),
            };
            continue;
        }
        for (stage, side) in [(1, b), (2, o), (3, n)] {
            if let Some((mode, oid)) = side {
                sides.push(Entry { stage, ..Entry::new(&p, *mode, oid, None) });
            }
        }
        match (o, n) {
            (Some((mode, ours)), Some((_, theirs))) => {
                said.push_str(&format!("Auto-merging {p}\n"));
                let base = match b {
                    Some((_, oid)) => repo.object(oid).await?.data,
                    None => Vec::new(),
                };
                let (text, clash) =
                    three(&base, &repo.object(ours).await?.data, &repo.object(theirs).await?.data, name);
                if clash {
                    let kind = if b.is_some() { "content" } else { "add/add" };
                    said.push_str(&format!("CONFLICT ({kind}): Merge conflict in {p}\n"));
                    conflicts.push((p, text));
                } else {
                    sides.retain(|e| e.path != p);
                    let oid = repo.store("blob", &text).await?;
                    merged.insert(p, (*mode, oid));
                }
            }
            (Some(v), None) | (None, Some(v)) => {
                let (gone, kept) = if o.is_none() { ("HEAD", name) } else { (name, "HEAD") };
                said.push_str(&format!("CONFLICT (modify/delete): {p} deleted in {gone} and modified in {kept}.  Version {kept} of {p} left in tree.\n"));
                conflicts.push((p, repo.object(&v.1).await?.data));
            }
            (None, None) => {}
        }
    }
    Ok(Joined { files: merged, conflicts, sides, said })
}

/// Writes files with marks, and their sides to the index.
pub(super) async fn write_conflicts(repo: &Repo, joined: &Joined) -> Git<()> {
    let mut index = repo.index().await?;
    for (p, data) in &joined.conflicts {
        index.retain(|e| e.path != *p);
        repo.put_file(p, 0o100_644, data.clone()).await?;
    }
    index.extend(joined.sides.iter().filter(|e| joined.conflicts.iter().any(|c| c.0 == e.path)).cloned());
    repo.write_index(&index).await
}

/// Joins two changed texts over what they came from; whether they clash somewhere.
fn three(base: &[u8], ours: &[u8], theirs: &[u8], name: &str) -> (Vec<u8>, bool) {
    let lines = |t: &[u8]| -> Vec<Vec<u8>> { t.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
    let (b, o, t) = (lines(base), lines(ours), lines(theirs));
    let (left, right) = (changes(&b, &o), changes(&b, &t));
    let (mut out, mut clash) = (Vec::new(), false);
    let (mut i, mut j, mut at) = (0, 0, 0);
    // What a stretch of the base became on a side, from the changes in it.
    let side = |all: &[crate::diff::script::Change], text: &[Vec<u8>], from: usize, to: usize| -> Vec<u8> {
        let (mut out, mut at) = (Vec::new(), from);
        for c in all {
            for l in &b[at..c.a.start] {
                out.extend_from_slice(l);
            }
            for l in &text[c.b.clone()] {
                out.extend_from_slice(l);
            }
            at = c.a.end;
        }
        for l in &b[at..to] {
            out.extend_from_slice(l);
        }
        out
    };
    while i < left.len() || j < right.len() {
        let start = match (left.get(i), right.get(j)) {
            (Some(x), Some(y)) => x.a.start.min(y.a.start),
            (Some(x), None) => x.a.start,
            (None, Some(y)) => y.a.start,
            (None, None) => break,
        };
        let (i0, j0, mut end) = (i, j, start);
        // All changes that touch one another are one stretch.
        loop {
            let mut grown = false;
            if let Some(x) = left.get(i).filter(|x| x.a.start <= end) {
                end = end.max(x.a.end);
                i += 1;
                grown = true;
            }
            if let Some(y) = right.get(j).filter(|y| y.a.start <= end) {
                end = end.max(y.a.end);
                j += 1;
                grown = true;
            }
            if !grown {
                break;
            }
        }
        for l in &b[at..start] {
            out.extend_from_slice(l);
        }
        let mine = side(&left[i0..i], &o, start, end);
        let other = side(&right[j0..j], &t, start, end);
        if i == i0 {
            out.extend(other);
        } else if j == j0 || mine == other {
            out.extend(mine);
        } else {
            clash = true;
            let newline = |v: &[u8]| if v.is_empty() || v.ends_with(b"\n") { "" } else { "\n" };
            out.extend(b"<<<<<<< HEAD\n");
            out.extend_from_slice(&mine);
            out.extend(format!("{}=======\n", newline(&mine)).into_bytes());
            out.extend_from_slice(&other);
            out.extend(format!("{}>>>>>>> {name}\n", newline(&other)).into_bytes());
        }
        at = end;
    }
    for l in &b[at..] {
        out.extend_from_slice(l);
    }
    (out, clash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_apart_are_joined_and_clashes_marked() {
        let base = b"1\n2\n3\n4\n5\n";
        let (text, clash) = three(base, b"one\n2\n3\n4\n5\n", b"1\n2\n3\n4\nfive\n", "x");
        assert_eq!((text.as_slice(), clash), (b"one\n2\n3\n4\nfive\n".as_slice(), false));
        let (text, clash) = three(base, b"1\n2\nA\n4\n5\n", b"1\n2\nB\n4\n5\n", "x");
        assert_eq!(
            (String::from_utf8(text).unwrap().as_str(), clash),
            ("1\n2\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> x\n4\n5\n", true)
        );
    }
}
