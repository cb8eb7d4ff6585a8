//! The work tree: what is in it, how it differs, and putting files into it.

use std::collections::BTreeMap;

use layerlab_kernel::{FileType, Stat};

use super::fail::{Git, at, error};
use super::ignore::{Pattern, ignored, parse};
use super::index::{Entry, numbers};
use super::repo::Repo;
use super::store::name;
use super::tree::Files;
use crate::cli::path::join;

/// What is in the work tree.
#[derive(Default)]
pub(super) struct Scan {
    /// Files with their status, by path.
    pub(super) files: BTreeMap<String, Stat>,
    /// Ignored files and folders (these with `/`), if they were asked for.
    pub(super) ignored: Vec<String>,
}

/// The mode that git keeps.
pub(super) fn mode_of(s: &Stat) -> u32 {
    match s.file_type {
        FileType::Symlink => 0o120_000,
        _ if s.mode & 0o100 != 0 => 0o100_755,
        _ => 0o100_644,
    }
}

impl Repo {
    /// A file's content as git stores it.
    pub(super) async fn content(&self, path: &str, s: &Stat) -> Git<Vec<u8>> {
        let full = self.full(path);
        if s.file_type == FileType::Symlink {
            return self.sys.readlink(&full).await.map(String::into_bytes).map_err(at(path));
        }
        self.sys.read_file(&full).await.map_err(at(path))
    }

    /// All files, without what is ignored (but for what the index has).
    pub(super) async fn scan(&self, index: &[Entry], under: &str) -> Git<Scan> {
        let mut out = Scan::default();
        let exclude = self.sys.read_file(&format!("{}/info/exclude", self.git)).await.unwrap_or_default();
        let mut first = parse(&String::from_utf8_lossy(&exclude), "");
        if let Some(path) = self.get("core.excludesfile") {
            let text = self.sys.read_file(path).await.unwrap_or_default();
            first.extend(parse(&String::from_utf8_lossy(&text), ""));
        }
        let tracked = |path: &str| index.binary_search_by(|e| e.path.as_str().cmp(path)).is_ok();
        let tracked_below = |dir: &str| {
            let at = index.partition_point(|e| e.path.as_str() < dir);
            index.get(at).is_some_and(|e| e.path.starts_with(dir))
        };
        let mut todo: Vec<(String, Vec<Pattern>)> = vec![(String::new(), first)];
        while let Some((dir, mut patterns)) = todo.pop() {
            let full = self.full(&dir);
            if let Ok(text) = self.sys.read_file(&join(&full, ".gitignore")).await {
                patterns.extend(parse(&String::from_utf8_lossy(&text), &dir));
            }
            for e in self.sys.read_dir(&full).await.unwrap_or_default() {
                if e.name == ".git" {
                    continue;
                }
                let path = format!("{dir}{}", e.name);
                let folder = e.file_type == FileType::Dir;
                let on_the_way = under.is_empty()
                    || path == under
                    || path.starts_with(&format!("{under}/"))
                    || folder && under.starts_with(&format!("{path}/"));
                if !on_the_way {
                    continue;
                }
                let hidden = ignored(&patterns, &path, folder);
                if folder {
                    let below = format!("{path}/");
                    if hidden && !tracked_below(&below) {
                        out.ignored.push(below);
                        continue;
                    }
                    // A repository of its own is one thing, not files.
                    if self.sys.stat(&format!("{}/.git", self.full(&path))).await.is_ok() {
                        continue;
                    }
                    todo.push((below, patterns.clone()));
                    continue;
                }
                if hidden && !tracked(&path) {
                    out.ignored.push(path);
                    continue;
                }
                if matches!(e.file_type, FileType::File | FileType::Symlink)
                    && let Ok(s) = self.sys.lstat(&self.full(&path)).await
                {
                    out.files.insert(path, s);
                }
            }
        }
        out.ignored.sort();
        Ok(out)
    }

    /// How the work tree differs from the index: `M`, `D`, `T` by path.
    pub(super) async fn changes(&self, index: &[Entry], scan: &Scan) -> Git<BTreeMap<String, char>> {
        let mut out = BTreeMap::new();
        for e in index.iter().filter(|e| e.stage == 0) {
            match scan.files.get(&e.path) {
                None => {
                    out.insert(e.path.clone(), 'D');
                }
                Some(s) => {
                    let mode = mode_of(s);
                    if mode & 0o170_000 != e.mode & 0o170_000 {
                        out.insert(e.path.clone(), 'T');
                    } else if mode != e.mode
                        || e.stat != numbers(s) && name("blob", &self.content(&e.path, s).await?) != e.oid
                    {
                        out.insert(e.path.clone(), 'M');
                    }
                }
            }
        }
        Ok(out)
    }

    /// Writes a file of the work tree.
    pub(super) async fn write_file(&self, path: &str, mode: u32, oid: &str) -> Git<Stat> {
        let data = self.object(oid).await?.data;
        self.put_file(path, mode, data).await
    }

    /// Writes bytes as a file of the work tree.
    pub(super) async fn put_file(&self, path: &str, mode: u32, data: Vec<u8>) -> Git<Stat> {
        let full = self.full(path);
        self.make_dirs(&full).await;
        let _ = self.sys.unlink(&full).await;
        if mode == 0o120_000 {
            self.sys.symlink(&String::from_utf8_lossy(&data), &full).await.map_err(at(path))?;
        } else {
            let bits = if mode == 0o100_755 { 0o777 } else { 0o666 };
            self.sys.write_file(&full, data, bits).await.map_err(at(path))?;
        }
        self.sys.lstat(&full).await.map_err(at(path))
    }

    /// Takes a file out of the work tree, and the folders that it leaves empty.
    pub(super) async fn remove_file(&self, path: &str) {
        let _ = self.sys.unlink(&self.full(path)).await;
        let mut dir = path;
        while let Some((up, _)) = dir.rsplit_once('/') {
            if self.sys.rmdir(&self.full(up)).await.is_err() {
                break;
            }
            dir = up;
        }
    }

    /// Makes index and work tree those of `new`; what `old` had and was changed here is not lost:
    /// then nothing is done.
    pub(super) async fn switch(&self, old: &Files, new: &Files, force: bool, what: &str) -> Git<()> {
        let mut index = self.index().await?;
        let scan = self.scan(&index, "").await?;
        if !force {
            let changed = self.changes(&index, &scan).await?;
            let (mut lost, mut over) = (Vec::new(), Vec::new());
            for path in old.keys().chain(new.keys()).collect::<std::collections::BTreeSet<_>>() {
                if old.get(path) == new.get(path) {
                    continue;
                }
                let entry = index.iter().find(|e| e.path == *path).map(|e| (e.mode, e.oid.clone()));
                let staged = entry.as_ref() != old.get(path) && entry.as_ref() != new.get(path);
                if entry.is_none() && !old.contains_key(path) {
                    if let Some(s) = scan.files.get(path)
                        && new.get(path).map(|n| &n.1) != Some(&name("blob", &self.content(path, s).await?))
                    {
                        over.push(path.clone());
                    }
                } else if staged || changed.contains_key(path) && changed.get(path) != Some(&'D') {
                    lost.push(path.clone());
                }
            }
            let list = |l: &[String]| l.iter().map(|p| format!("\t{p}\n")).collect::<String>();
            let verb = if what == "merge" { "merge" } else { "switch branches" };
            if !lost.is_empty() {
                return error(format!(
                    "Your local changes to the following files would be overwritten by {what}:\n{}Please commit your changes or stash them before you {verb}.\nAborting",
                    list(&lost)
                ));
            }
            if !over.is_empty() {
                return error(format!(
                    "The following untracked working tree files would be overwritten by {what}:\n{}Please move or remove them before you {verb}.\nAborting",
                    list(&over)
                ));
            }
        }
        for path in old.keys().filter(|p| !new.contains_key(*p)) {
            self.remove_file(path).await;
            index.retain(|e| e.path != *path);
        }
        if force {
            for e in &index {
                if !new.contains_key(&e.path) {
                    self.remove_file(&e.path).await;
                }
            }
            index.retain(|e| new.contains_key(&e.path) && e.stage == 0);
        }
        for (path, (mode, oid)) in new {
            let here = index.iter().position(|e| e.path == *path);
            let same = old.get(path) == Some(&(*mode, oid.clone()));
            if same && !force && here.is_some() {
                continue;
            }
            if force && let Some(i) = here {
                let clean = scan.files.get(path).is_some_and(|s| index[i].stat == numbers(s) && mode_of(s) == *mode);
                if index[i].oid == *oid && clean {
                    continue;
                }
            }
            if same && !force {
                continue;
            }
            let s = self.write_file(path, *mode, oid).await?;
            let entry = Entry::new(path, *mode, oid, Some(&s));
            index.retain(|e| e.path != *path);
            index.push(entry);
        }
        self.write_index(&index).await
    }
}
