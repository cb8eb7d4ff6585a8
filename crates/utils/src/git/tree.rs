//! Trees as flat lists of files, and commits.

use std::collections::BTreeMap;

use super::fail::{Git, fatal};
use super::index::Entry;
use super::repo::Repo;
use super::store::{bytes, hex};

/// Files by path: mode and blob.
pub(super) type Files = BTreeMap<String, (u32, String)>;

/// A commit.
#[derive(Clone, Debug, Default)]
pub(super) struct Commit {
    /// Its name.
    pub(super) oid: String,
    /// Its tree.
    pub(super) tree: String,
    /// Those before it.
    pub(super) parents: Vec<String>,
    /// `Name <mail> seconds zone`.
    pub(super) author: String,
    /// The same of who committed.
    pub(super) committer: String,
    /// The text.
    pub(super) message: String,
}

impl Commit {
    /// The first line.
    pub(super) fn subject(&self) -> String {
        let first: Vec<&str> = self.message.lines().take_while(|l| !l.trim().is_empty()).collect();
        first.join(" ")
    }
    /// What follows it.
    pub(super) fn body(&self) -> String {
        let rest: Vec<&str> = self.message.lines().skip_while(|l| !l.trim().is_empty()).collect();
        rest.join("\n").trim_start_matches('\n').to_owned()
    }
    /// When it was committed, seconds since 1970.
    pub(super) fn time(&self) -> i64 {
        signature(&self.committer).2
    }
}

/// Name, mail, seconds and zone of an author line.
pub(super) fn signature(line: &str) -> (String, String, i64, String) {
    let (name, rest) = line.split_once(" <").unwrap_or((line, ""));
    let (mail, rest) = rest.split_once("> ").unwrap_or((rest, ""));
    let (secs, zone) = rest.split_once(' ').unwrap_or((rest, "+0000"));
    (name.to_owned(), mail.to_owned(), secs.parse().unwrap_or(0), zone.to_owned())
}

impl Repo {
    /// One level of a tree: mode, name, object.
    pub(super) async fn tree_entries(&self, oid: &str) -> Git<Vec<(u32, String, String)>> {
        let o = self.object(oid).await?;
        if o.kind != "tree" {
            return fatal("not a tree object");
        }
        let mut out = Vec::new();
        let mut rest = o.data.as_slice();
        while let Some(end) = rest.iter().position(|b| *b == 0) {
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let Some(name) = rest.get(end + 1..end + 21) else { break };
            if let Some((mode, path)) = head.split_once(' ') {
                out.push((u32::from_str_radix(mode, 8).unwrap_or(0), path.to_owned(), hex(name)));
            }
            rest = &rest[end + 21..];
        }
        Ok(out)
    }

    /// All files of a tree.
    pub(super) async fn files(&self, tree: &str) -> Git<Files> {
        let mut out = Files::new();
        let mut todo = vec![(String::new(), tree.to_owned())];
        while let Some((prefix, oid)) = todo.pop() {
            for (mode, name, oid) in self.tree_entries(&oid).await? {
                let path = format!("{prefix}{name}");
                if mode == 0o40000 {
                    todo.push((format!("{path}/"), oid));
                } else {
                    out.insert(path, (mode, oid));
                }
            }
        }
        Ok(out)
    }

    /// All files of a commit; none where there is no commit.
    pub(super) async fn commit_files(&self, commit: Option<&str>) -> Git<Files> {
        match commit {
            None => Ok(Files::new()),
            Some(c) => {
                let tree = self.commit(c).await?.tree;
                self.files(&tree).await
            }
        }
    }

    /// Writes the index's files as trees; the name of the whole.
    pub(super) async fn write_tree(&self, entries: &[Entry]) -> Git<String> {
        // Folders from the deepest up: each holds (sort key, mode, name, object).
        let mut dirs: BTreeMap<String, Vec<(String, u32, String, String)>> = BTreeMap::new();
        dirs.entry(String::new()).or_default();
        for e in entries.iter().filter(|e| e.stage == 0) {
            let (dir, name) = e.path.rsplit_once('/').unwrap_or(("", &e.path));
            dirs.entry(dir.to_owned()).or_default().push((name.to_owned(), e.mode, name.to_owned(), e.oid.clone()));
            let mut up = dir;
            while !up.is_empty() {
                up = up.rsplit_once('/').map_or("", |d| d.0);
                dirs.entry(up.to_owned()).or_default();
            }
        }
        let mut order: Vec<String> = dirs.keys().cloned().collect();
        order.sort_by_key(|d| std::cmp::Reverse(if d.is_empty() { 0 } else { d.matches('/').count() + 1 }));
        let mut last = String::new();
        for dir in order {
            let Some(mut list) = dirs.remove(&dir) else { continue };
            list.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
            let mut data = Vec::new();
            for (_, mode, name, oid) in list {
                data.extend(format!("{mode:o} {name}\0").into_bytes());
                data.extend(bytes(&oid));
            }
            last = self.store("tree", &data).await?;
            if !dir.is_empty() {
                let (up, name) = dir.rsplit_once('/').unwrap_or(("", &dir));
                let row = (format!("{name}/"), 0o40000, name.to_owned(), last.clone());
                dirs.entry(up.to_owned()).or_default().push(row);
            }
        }
        Ok(last)
    }

    /// Reads a commit (of a tag: the one that it names).
    pub(super) async fn commit(&self, oid: &str) -> Git<Commit> {
        let mut oid = oid.to_owned();
        for _ in 0..8 {
            let o = self.object(&oid).await?;
            let text = String::from_utf8_lossy(&o.data).into_owned();
            if o.kind == "tag" {
                oid = text.lines().find_map(|l| l.strip_prefix("object ")).unwrap_or("").to_owned();
                continue;
            }
            if o.kind != "commit" {
                return fatal(format!("bad object {oid}"));
            }
            let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
            let mut c = Commit { oid, message: message.to_owned(), ..Commit::default() };
            for l in head.lines() {
                match l.split_once(' ') {
                    Some(("tree", v)) => v.clone_into(&mut c.tree),
                    Some(("parent", v)) => c.parents.push(v.to_owned()),
                    Some(("author", v)) => v.clone_into(&mut c.author),
                    Some(("committer", v)) => v.clone_into(&mut c.committer),
                    _ => {}
                }
            }
            return Ok(c);
        }
        fatal(format!("bad object {oid}"))
    }

    /// Whether one commit is the other or comes before it.
    pub(super) async fn is_ancestor(&self, old: &str, new: &str) -> Git<bool> {
        Ok(self.ancestors(new).await?.iter().any(|o| o == old))
    }

    /// A commit and all before it.
    pub(super) async fn ancestors(&self, oid: &str) -> Git<std::collections::BTreeSet<String>> {
        let mut seen = std::collections::BTreeSet::new();
        let mut todo = vec![oid.to_owned()];
        while let Some(o) = todo.pop() {
            if seen.insert(o.clone()) {
                todo.extend(self.commit(&o).await?.parents);
            }
        }
        Ok(seen)
    }

    /// The commit that two have in common, the newest.
    pub(super) async fn merge_base(&self, a: &str, b: &str) -> Git<Option<String>> {
        let (left, right) = (self.ancestors(a).await?, self.ancestors(b).await?);
        let mut common = Vec::new();
        for o in left.intersection(&right) {
            common.push(self.commit(o).await?);
        }
        // One that another common one comes after is not the base.
        let parents: std::collections::BTreeSet<String> = common.iter().flat_map(|c| c.parents.clone()).collect();
        let mut best: Vec<&Commit> = common.iter().filter(|c| !parents.contains(&c.oid)).collect();
        best.sort_by_key(|c| c.time());
        Ok(best.last().map(|c| c.oid.clone()))
    }

    /// What a person calls a commit or another object: `main`, `HEAD~2`, `v1^`, `ab12cd`, `HEAD:file`.
    pub(super) async fn revision(&self, text: &str) -> Git<Option<String>> {
        if let Some((rev, path)) = text.split_once(':') {
            let start = if rev.is_empty() { None } else { Box::pin(self.revision(rev)).await? };
            let Some(start) = start else { return Ok(None) };
            let path = path.trim_start_matches("./").trim_matches('/');
            let tree = self.commit(&start).await?.tree;
            if path.is_empty() {
                return Ok(Some(tree));
            }
            let mut at = tree;
            for part in path.split('/') {
                match self.tree_entries(&at).await?.into_iter().find(|e| e.1 == part) {
                    Some((_, _, oid)) => at = oid,
                    None => return Ok(None),
                }
            }
            return Ok(Some(at));
        }
        let end = text.find(['~', '^']).or_else(|| text.find("@{")).unwrap_or(text.len());
        let (base, mut rest) = text.split_at(end);
        let Some(mut oid) = self.base_revision(base).await? else { return Ok(None) };
        while let Some(op) = rest.chars().next() {
            rest = &rest[1..];
            if op == '@' {
                return Ok(None);
            }
            if op == '^' && rest.starts_with('{') {
                let Some((what, after)) = rest[1..].split_once('}') else { return Ok(None) };
                let c = self.commit(&oid).await?;
                oid = if what == "tree" { c.tree } else { c.oid };
                rest = after;
                continue;
            }
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let n: usize = if digits == 0 { 1 } else { rest[..digits].parse().unwrap_or(1) };
            rest = &rest[digits..];
            if op == '^' {
                let c = self.commit(&oid).await?;
                match n.checked_sub(1) {
                    None => oid = c.oid,
                    Some(i) => match c.parents.get(i) {
                        Some(p) => oid = p.clone(),
                        None => return Ok(None),
                    },
                }
            } else {
                for _ in 0..n {
                    match self.commit(&oid).await?.parents.first() {
                        Some(p) => oid = p.clone(),
                        None => return Ok(None),
                    }
                }
            }
        }
        Ok(Some(oid))
    }

    async fn base_revision(&self, base: &str) -> Git<Option<String>> {
        if base == "HEAD" || base == "@" || base.is_empty() {
            return Ok(self.head().await);
        }
        for form in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
            let name = format!("{form}{base}");
            let special = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            if (name.starts_with("refs/") || special)
                && let Some(oid) = self.reference(&name).await
            {
                return Ok(Some(oid));
            }
        }
        if let Some(oid) = self.reference(&format!("refs/remotes/{base}/HEAD")).await {
            return Ok(Some(oid));
        }
        if base.len() < 4 || base.len() > 40 || !base.chars().all(|c| c.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let base = base.to_lowercase();
        let found = self.expand(&base).await;
        match found.as_slice() {
            [one] => Ok(Some(one.clone())),
            [] => Ok(None),
            _ => {
                // A commit is meant, if only one of them is one.
                let mut commits = Vec::new();
                for o in &found {
                    if self.object(o).await?.kind == "commit" {
                        commits.push(o.clone());
                    }
                }
                if commits.len() == 1 { Ok(commits.pop()) } else { Ok(None) }
            }
        }
    }

    /// A revision that must be there; git's message where it isn't.
    pub(super) async fn must(&self, text: &str) -> Git<String> {
        match self.revision(text).await? {
            Some(o) => Ok(o),
            None => fatal(format!(
                "ambiguous argument '{text}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'"
            )),
        }
    }
}
