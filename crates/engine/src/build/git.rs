//! Contexts and ADD from a git repository: the machine's own `git` fetches it, as BuildKit has it done
//! (`util/gitutil/git_ref.go`, `source/git/source.go`).

use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{FileType, SpawnSpec, Sys, WaitFlags, WaitFor};

use super::copy::clean;
use super::graph::PATH;
use super::progress::Progress;
use crate::container::process;

/// A repository, and what of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GitRef {
    /// Its address.
    pub(super) url: String,
    /// A branch, tag or commit; empty: what `HEAD` names.
    pub(super) reference: String,
    /// A folder in it; empty: all.
    pub(super) subdir: String,
    /// The commit that it must be (`checksum=`).
    pub(super) checksum: String,
    /// `.git` stays.
    pub(super) keep_git_dir: bool,
}

/// What was fetched.
#[derive(Clone, Debug)]
pub(super) struct Checkout {
    /// Its files.
    pub(super) tree: Tree,
    /// The commit.
    pub(super) commit: String,
}

impl GitRef {
    /// Reads `https://host/repository.git#ref:folder`, also with `?ref=…&subdir=…`; `None`: it is no
    /// repository's address.
    ///
    /// # Errors
    /// A query that is none of git's.
    pub(super) fn parse(text: &str) -> Option<Result<Self, String>> {
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (reference, subdir) = fragment.split_once(':').unwrap_or((fragment, ""));
        let url = if place.starts_with("github.com/") { format!("https://{place}") } else { place.to_owned() };
        let web = place.starts_with("http://") || place.starts_with("https://");
        let scp = !place.contains("://")
            && place.split_once(':').is_some_and(|(who, _)| who.contains('@') && !who.contains('/'));
        let own = place.starts_with("git://") || place.starts_with("ssh://") || scp;
        let is_git = own || place.starts_with("github.com/") || web && place.ends_with(".git");
        if !is_git {
            return None;
        }
        let mut out = Self { url, reference: reference.to_owned(), subdir: subdir.to_owned(), ..Self::default() };
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "ref" => value.clone_into(&mut out.reference),
                "branch" => out.reference = format!("refs/heads/{value}"),
                "tag" => out.reference = format!("refs/tags/{value}"),
                "subdir" => value.clone_into(&mut out.subdir),
                "checksum" | "commit" => value.clone_into(&mut out.checksum),
                "keep-git-dir" => out.keep_git_dir = !matches!(value, "false" | "0"),
                _ => return Some(Err(format!("unexpected query \"{key}\""))),
            }
        }
        Some(Ok(out))
    }
}

/// A finished command of git's: its code, output and errors.
struct Ended {
    code: i32,
    out: String,
    err: String,
}

async fn git(sys: &Sys, words: &[&str]) -> Result<Ended, String> {
    let spec = SpawnSpec {
        argv: std::iter::once("git").chain(words.iter().copied()).map(str::to_owned).collect(),
        env: [("PATH", PATH), ("HOME", "/root"), ("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
        cwd: "/".to_owned(),
        ..SpawnSpec::default()
    };
    let started = process::spawn(sys, spec, false, false, None)
        .await
        .map_err(|e| format!("failed to run git: {}", process::explain("git", e)))?;
    let out = sys.read_all(started.stdout).await.unwrap_or_default();
    let err = match started.stderr {
        Some(fd) => sys.read_all(fd).await.unwrap_or_default(),
        None => Vec::new(),
    };
    for fd in [Some(started.stdout), started.stderr].into_iter().flatten() {
        let _ = sys.close(fd).await;
    }
    let (_, status) =
        sys.wait(WaitFor::Pid(started.pid), WaitFlags::default()).await.map_err(|e| e.text().to_owned())?;
    let text = |b: Vec<u8>| String::from_utf8_lossy(&b).into_owned();
    Ok(Ended { code: status.code(), out: text(out), err: text(err) })
}

/// The command's output, told as a log of the step.
async fn told(progress: &mut Progress, id: &str, url: &str, words: &[&str]) -> Result<String, String> {
    let ended = git(&progress.sys.clone(), words).await?;
    if !ended.err.is_empty() {
        // A client that is gone is noticed when the step ends.
        let _ = progress.log(id, 2, ended.err.as_bytes()).await;
    }
    if ended.code != 0 {
        let err = ended.err.trim_end();
        return Err(format!("failed to fetch remote {url}: git stderr:\n{err}: exit status {}", ended.code));
    }
    if !ended.out.is_empty() {
        let _ = progress.log(id, 1, ended.out.as_bytes()).await;
    }
    Ok(ended.out)
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Fetches a repository's files.
///
/// # Errors
/// git's, in BuildKit's frame.
pub(super) async fn fetch(progress: &mut Progress, id: &str, of: &GitRef, number: u64) -> Result<Checkout, String> {
    let sys = progress.sys.clone();
    let commit = if is_commit(&of.reference) {
        of.reference.clone()
    } else {
        let wanted = if of.reference.is_empty() { "HEAD" } else { &of.reference };
        let list = told(progress, id, &of.url, &["ls-remote", &of.url, wanted]).await?;
        let lines: Vec<(&str, &str)> = list.lines().filter_map(|l| l.split_once('\t')).collect();
        let of_kind = |kind: &str| lines.iter().find(|(_, n)| *n == format!("{kind}{wanted}"));
        let found = of_kind("").or_else(|| of_kind("refs/heads/")).or_else(|| of_kind("refs/tags/"));
        match found {
            Some((oid, _)) => (*oid).to_owned(),
            None => {
                return Err(format!(
                    "failed to fetch remote {}: repository does not contain ref {wanted}, output: \"{}\"",
                    of.url,
                    list.escape_default()
                ));
            }
        }
    };
    if !of.checksum.is_empty() && !commit.starts_with(&of.checksum) {
        return Err(format!("expected checksum to match {}, got {commit}", of.checksum));
    }
    let dir = format!("/var/lib/docker/tmp/buildkit-git{number}-{}", &commit.get(..12).unwrap_or(&commit));
    remove(&sys, &dir).await;
    for parent in ["/var/lib/docker", "/var/lib/docker/tmp"] {
        // They are there after the first.
        let _ = sys.mkdir(parent, 0o711).await;
    }
    let result = checkout(progress, id, of, &commit, &dir).await;
    remove(&sys, &dir).await;
    result.map(|tree| Checkout { tree, commit })
}

async fn checkout(progress: &mut Progress, id: &str, of: &GitRef, commit: &str, dir: &str) -> Result<Tree, String> {
    told(progress, id, &of.url, &["clone", "-q", &of.url, dir]).await?;
    let sys = progress.sys.clone();
    let ended = git(&sys, &["-C", dir, "checkout", "-q", commit]).await?;
    if ended.code != 0 {
        return Err(format!(
            "failed to checkout remote {}: git stderr:\n{}: exit status {}",
            of.url,
            ended.err.trim_end(),
            ended.code
        ));
    }
    let tree = read(&sys, dir, of.keep_git_dir).await?;
    let subdir = clean(&of.subdir);
    if subdir == "/" {
        return Ok(tree);
    }
    if tree.lookup(&subdir).is_none() {
        return Err(format!("failed to checkout remote {}: subdir {} not found", of.url, of.subdir));
    }
    Ok(super::run::below(&tree, &subdir))
}

/// A folder of the machine as a tree; owners are root's.
async fn read(sys: &Sys, dir: &str, keep_git_dir: bool) -> Result<Tree, String> {
    let mut tree = Tree::new();
    let mut todo = vec![String::new()];
    while let Some(rel) = todo.pop() {
        let list = sys.read_dir(&format!("{dir}{rel}")).await.map_err(|e| e.text().to_owned())?;
        for e in list {
            let path = format!("{rel}/{}", e.name);
            if path == "/.git" && !keep_git_dir {
                continue;
            }
            let full = format!("{dir}{path}");
            let Ok(stat) = sys.lstat(&full).await else { continue };
            let mut inode = match stat.file_type {
                FileType::Dir => {
                    todo.push(path.clone());
                    Inode::dir(stat.mode)
                }
                FileType::Symlink => Inode::symlink(sys.readlink(&full).await.unwrap_or_default()),
                _ => Inode::file(sys.read_file(&full).await.unwrap_or_default(), stat.mode),
            };
            inode.mtime = (stat.mtime, stat.mtime_nsec);
            let _ = tree.insert(&path, inode);
        }
    }
    Ok(tree)
}

async fn remove(sys: &Sys, dir: &str) {
    let mut dirs = vec![dir.to_owned()];
    let mut seen = 0;
    while let Some(dir) = dirs.get(seen).cloned() {
        seen += 1;
        for e in sys.read_dir(&dir).await.unwrap_or_default() {
            let path = format!("{dir}/{}", e.name);
            if e.file_type == FileType::Dir {
                dirs.push(path);
            } else {
                let _ = sys.unlink(&path).await;
            }
        }
    }
    for dir in dirs.iter().rev() {
        let _ = sys.rmdir(dir).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases of BuildKit's `git_ref_test.go`.
    #[test]
    fn addresses_of_repositories() {
        let parse = |t: &str| GitRef::parse(t).map(|r| r.map(|r| (r.url, r.reference, r.subdir)));
        let ok = |u: &str, r: &str, s: &str| Some(Ok((u.to_owned(), r.to_owned(), s.to_owned())));
        assert_eq!(parse("https://git.example/foo/bar.git"), ok("https://git.example/foo/bar.git", "", ""));
        assert_eq!(
            parse("https://git.example/foo/bar.git#v1.0:sub"),
            ok("https://git.example/foo/bar.git", "v1.0", "sub")
        );
        assert_eq!(
            parse("https://git.example/foo/bar.git#:sub/dir"),
            ok("https://git.example/foo/bar.git", "", "sub/dir")
        );
        assert_eq!(parse("https://git.example/foo/bar"), None);
        assert_eq!(parse("https://git.example/foo.git/x"), None);
        assert_eq!(parse("github.com/moby/buildkit"), ok("https://github.com/moby/buildkit", "", ""));
        assert_eq!(parse("git@git.example:foo/bar.git"), ok("git@git.example:foo/bar.git", "", ""));
        assert_eq!(
            parse("ssh://root@git.example:2222/root/my/repo"),
            ok("ssh://root@git.example:2222/root/my/repo", "", "")
        );
        assert_eq!(parse("./path"), None);
        assert_eq!(
            parse("https://git.example/a.git?branch=main&subdir=web"),
            ok("https://git.example/a.git", "refs/heads/main", "web")
        );
        assert_eq!(parse("https://git.example/a.git?x=1"), Some(Err("unexpected query \"x\"".to_owned())));
    }
}
