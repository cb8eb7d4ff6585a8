//! COPY and ADD: which files, and where to (BuildKit's FileOp, tonistiigi/fsutil `copy`).

use layerlab_dockerfile::ignore::Ignore;
use layerlab_kernel::vfs::tree::parts;
use layerlab_kernel::vfs::{Ino, Inode, Node, Tree};
use layerlab_oci::gzip;
use layerlab_oci::layer::{Entry, Limits, read};

use super::key::{CopyOp, FileId, Files};
use super::mode::Mode;
use super::pattern;
use crate::container::user;
use crate::image::unpack;

/// A source that was found.
#[derive(Clone, Debug)]
pub struct Selected {
    /// Its path in the tree that it comes from, absolute and clean.
    pub path: String,
    /// Where `--parents` begins to keep directories.
    pub pivot: usize,
    /// Itself and what is below it: path relative to it (with a leading slash; itself: empty).
    pub files: Vec<(String, Ino, std::rc::Rc<Inode>)>,
}

/// What a COPY or ADD can go wrong with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyError {
    /// A source isn't there: its absolute path.
    NotFound(String),
    /// Anything else, in BuildKit's words.
    Other(String),
}

/// Makes a path absolute and clean: `.` and `..` resolved, never above the root.
pub fn clean(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for p in parts(path) {
        if p == ".." {
            out.pop();
        } else {
            out.push(p);
        }
    }
    format!("/{}", out.join("/"))
}

/// Finds the sources of a COPY or ADD.
///
/// # Errors
/// One isn't there, or a pattern of `--exclude` is none.
pub fn select(tree: &Tree, op: &CopyOp) -> Result<Vec<Selected>, CopyError> {
    let exclude = Ignore::from_patterns(op.exclude.iter().map(String::as_str)).map_err(CopyError::Other)?;
    let mut out = Vec::new();
    for source in &op.sources {
        let pivot =
            source.find("/./").map_or(0, |at| clean(source.get(..at).unwrap_or("")).trim_end_matches('/').len());
        let path = clean(source);
        let found = if pattern::has_wildcards(&path) { expand(tree, &path) } else { vec![path.clone()] };
        for path in found {
            let real = follow(tree, &path).ok_or_else(|| CopyError::NotFound(path.clone()))?;
            let (ino, inode) = tree
                .lookup(&real)
                .and_then(|i| Some((i, tree.get(i)?.clone())))
                .ok_or_else(|| CopyError::NotFound(path.clone()))?;
            let is_dir = matches!(inode.node, Node::Dir { .. });
            let mut files = vec![(String::new(), ino, inode)];
            if is_dir {
                files.extend(tree.walk_from(&real));
            }
            if !exclude.is_empty() {
                // Patterns are relative to the source; for a file to its directory.
                let base = path.rsplit('/').next().unwrap_or_default().to_owned();
                files.retain(|(rel, ..)| match (is_dir, rel.is_empty()) {
                    (true, true) => true,
                    (true, false) => !exclude.matches(rel.trim_start_matches('/')),
                    _ => !exclude.matches(&base),
                });
            }
            if !files.is_empty() {
                out.push(Selected { path, pivot, files });
            }
        }
    }
    Ok(out)
}

/// What counts of the selected files: by name, not by time.
pub fn files_of(selected: &[Selected]) -> Files {
    let mut out = Files::new();
    for s in selected {
        for (rel, _, inode) in &s.files {
            let path = format!("{}{rel}", s.path.trim_end_matches('/'));
            let shown = path.trim_start_matches('/');
            // The top directory itself: its owner and mode count only as part of the destination.
            if shown.is_empty() {
                continue;
            }
            out.insert(shown.to_owned(), FileId::of(inode));
        }
    }
    out
}

/// Follows symbolic links of the whole path.
fn follow(tree: &Tree, path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        let real = user::resolve(tree, &path)?;
        match &tree.at(&real)?.node {
            Node::Symlink(target) if target.starts_with('/') => path = clean(target),
            Node::Symlink(target) => {
                path = clean(&format!("{}/{target}", real.rsplit_once('/').map_or("", |(d, _)| d)));
            }
            _ => return Some(real),
        }
    }
    None
}

/// The paths that a pattern names, sorted.
fn expand(tree: &Tree, path: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in parts(path) {
        let mut next = Vec::new();
        for dir in &found {
            if !pattern::has_wildcards(part) {
                let plain = part.replace('\\', "");
                if tree.lookup(&format!("{dir}/{plain}")).is_some() {
                    next.push(format!("{dir}/{plain}"));
                }
                continue;
            }
            let Some(ino) = follow(tree, &format!("/{dir}")).and_then(|p| tree.lookup(&p)) else { continue };
            next.extend(
                tree.entries(ino).filter(|(n, _)| pattern::matches(part, n)).map(|(n, _)| format!("{dir}/{n}")),
            );
        }
        found = next;
    }
    found
}

/// Owner and mode that the flags ask for, and the time of what is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    owner: Option<(u32, u32)>,
    mode: Option<Mode>,
    now: (i64, u32),
}

/// Reads `--chown` (names by the target's own `/etc/passwd`) and `--chmod`.
///
/// # Errors
/// No such user or group; a mode that is none.
fn change(tree: &Tree, op: &CopyOp, now: (i64, u32)) -> Result<Change, CopyError> {
    let mut out = Change { now, ..Change::default() };
    if !op.chown.is_empty() {
        let found = user::find(tree, &op.chown).map_err(|e| CopyError::Other(e.message))?;
        let gid = if op.chown.contains(':') { found.gid } else { same_number(tree, &op.chown, found.uid, found.gid) };
        out.owner = Some((found.uid, gid));
    }
    if !op.chmod.is_empty() {
        let wrong = || {
            CopyError::Other(format!(
                "invalid chmod parameter: '{}'. it should be octal string and between 0 and 07777",
                op.chmod
            ))
        };
        out.mode = Some(Mode::parse(&op.chmod).ok_or_else(wrong)?);
    }
    Ok(out)
}

/// `--chown=1000` without a group: the user's own if it is known, else the same number.
fn same_number(tree: &Tree, spec: &str, uid: u32, gid: u32) -> u32 {
    let known = user::read_text(tree, "/etc/passwd").lines().any(|l| l.split(':').nth(2) == Some(spec));
    if spec.parse::<u32>().is_ok() && !known { uid } else { gid }
}

/// Copies into a tree.
///
/// # Errors
/// Something is in the way.
pub fn apply(tree: &mut Tree, op: &CopyOp, selected: &[Selected], now: (i64, u32)) -> Result<(), CopyError> {
    let change = change(tree, op, now)?;
    let dest = clean(&op.destination);
    let below = |name: &str| format!("{}/{name}", dest.trim_end_matches('/'));
    let into_dir = |tree: &Tree| op.destination.ends_with('/') || is_dir(tree, &dest);
    for s in selected {
        let Some((_, _, top)) = s.files.first() else { continue };
        let is_tree = matches!(top.node, Node::Dir { .. });
        if op.unpack && !is_tree && unpack_archive(tree, &dest, top, &change)? {
            continue;
        }
        let target = if op.parents {
            below(s.path.get(s.pivot..).unwrap_or(&s.path).trim_start_matches('/'))
        } else if !is_tree && into_dir(tree) {
            below(s.path.rsplit('/').next().unwrap_or_default())
        } else {
            dest.clone()
        };
        put_all(tree, &target, s, &change)?;
    }
    for (name, text) in &op.inline {
        let target = if into_dir(tree) { below(name) } else { dest.clone() };
        let mut inode = Inode::file(text.as_bytes().to_vec(), 0o644);
        inode.mtime = now;
        put(tree, &target, inode, &change)?;
    }
    Ok(())
}

fn is_dir(tree: &Tree, path: &str) -> bool {
    follow(tree, path).and_then(|p| tree.at(&p).map(|i| matches!(i.node, Node::Dir { .. }))).unwrap_or(false)
}

fn put_all(tree: &mut Tree, dest: &str, s: &Selected, change: &Change) -> Result<(), CopyError> {
    for (rel, _, inode) in &s.files {
        let path = format!("{}{rel}", dest.trim_end_matches('/'));
        let mut copy = Inode::clone(inode);
        copy.nlink = 1;
        if matches!(copy.node, Node::Dir { .. }) {
            let exists = is_dir(tree, &path);
            // A directory that exists keeps what it is.
            if exists && rel.is_empty() {
                continue;
            }
            copy.node = Inode::dir(0).node;
        }
        put(tree, &path, copy, change)?;
    }
    Ok(())
}

/// Puts one inode at a path; directories above are made (root's, 755), links in them followed.
fn put(tree: &mut Tree, path: &str, mut inode: Inode, change: &Change) -> Result<(), CopyError> {
    if let Some((uid, gid)) = change.owner {
        (inode.uid, inode.gid) = (uid, gid);
    }
    if let (Some(mode), false) = (&change.mode, matches!(inode.node, Node::Symlink(_))) {
        inode.mode = mode.apply(inode.mode, matches!(inode.node, Node::Dir { .. }));
    }
    if path.is_empty() || path == "/" {
        return Ok(());
    }
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dir = make_dirs(tree, dir, change.owner, change.now)?;
    let target = format!("{}/{name}", dir.trim_end_matches('/'));
    let target = match tree.at(&target).map(|i| &i.node) {
        // A link to a directory stays, what comes goes into that directory.
        Some(Node::Symlink(_)) if matches!(inode.node, Node::Dir { .. }) && is_dir(tree, &target) => {
            follow(tree, &target).unwrap_or(target)
        }
        _ => target,
    };
    let old_is_dir = tree.at(&target).map(|i| matches!(i.node, Node::Dir { .. }));
    let new_is_dir = matches!(inode.node, Node::Dir { .. });
    if old_is_dir.is_some_and(|old| old != new_is_dir) {
        let what = if new_is_dir { "directory" } else { "file" };
        return Err(CopyError::Other(format!(
            "cannot copy to {}directory: {target}",
            if what == "file" { "" } else { "non-" }
        )));
    }
    tree.insert(&target, inode).map_err(|e| CopyError::Other(format!("{target}: {}", crate::error::lower(e))))?;
    Ok(())
}

/// `mkdir -p`, links followed; new ones belong to `owner`. Answers the real path.
///
/// # Errors
/// Something on the way is no directory.
pub fn make_dirs(tree: &mut Tree, path: &str, owner: Option<(u32, u32)>, now: (i64, u32)) -> Result<String, CopyError> {
    let mut at = String::new();
    for part in parts(path) {
        let next = format!("{at}/{part}");
        at = match follow(tree, &next) {
            Some(real) if is_dir(tree, &real) => real,
            Some(_) => return Err(CopyError::Other(format!("mkdir {next}: not a directory"))),
            None => {
                let (uid, gid) = owner.unwrap_or((0, 0));
                let mut dir = Inode::dir(0o755).owned(uid, gid);
                dir.mtime = now;
                tree.insert(&next, dir)
                    .map_err(|e| CopyError::Other(format!("mkdir {next}: {}", crate::error::lower(e))))?;
                next
            }
        };
        if at == "/" {
            at.clear();
        }
    }
    Ok(if at.is_empty() { "/".to_owned() } else { at })
}

/// ADD of a tar archive, compressed or not: unpacks it; `false` if it is none.
fn unpack_archive(tree: &mut Tree, dest: &str, file: &Inode, change: &Change) -> Result<bool, CopyError> {
    let Node::File(bytes) = &file.node else { return Ok(false) };
    let Some(mut entries) = archive(bytes) else { return Ok(false) };
    let dir = make_dirs(tree, dest, change.owner, change.now)?;
    for e in &mut entries {
        e.path = format!("{}/{}", dir.trim_matches('/'), e.path).trim_start_matches('/').to_owned();
        if let layerlab_oci::layer::EntryKind::HardLink { target } = &mut e.kind {
            *target = format!("{}/{target}", dir.trim_matches('/')).trim_start_matches('/').to_owned();
        }
        if let Some((uid, gid)) = change.owner {
            (e.uid, e.gid) = (uid, gid);
        }
    }
    unpack::apply(tree, &entries);
    Ok(true)
}

fn archive(bytes: &[u8]) -> Option<Vec<Entry>> {
    let limits = Limits::default();
    let plain;
    let tar = if gzip::is_gzip(bytes) {
        plain = gzip::decompress(bytes, limits.bytes.saturating_mul(2)).ok()?;
        &plain
    } else {
        bytes
    };
    if tar.get(257..262) != Some(b"ustar") {
        return None;
    }
    read(tar, limits).ok()
}
