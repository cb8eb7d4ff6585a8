//! A repository: where it is, its configuration, its references.

use std::cell::RefCell;

use layerlab_kernel::{FileType, Sys};

use super::fail::{Git, at, fatal};
use super::store::Pack;
use crate::cli::Cli;

/// A repository.
pub(super) struct Repo {
    /// The kernel.
    pub(super) sys: Sys,
    /// The work tree's folder, absolute; empty for a bare one.
    pub(super) root: String,
    /// The folder `.git`.
    pub(super) git: String,
    /// Where in the work tree one stands: empty, or ending with `/`.
    pub(super) prefix: String,
    /// Configuration of the system, the person and the repository: `section.key` and value.
    pub(super) config: Vec<(String, String)>,
    /// Packs, once they were asked for.
    pub(super) packs: RefCell<Option<Vec<Pack>>>,
}

/// Reads a configuration file.
pub(super) fn parse_config(text: &str) -> Vec<(String, String)> {
    let (mut section, mut out) = (String::new(), Vec::new());
    for line in text.replace("\\\n", "").lines() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[').and_then(|l| l.split_once(']')).map(|l| l.0) {
            section = match head.split_once(char::is_whitespace) {
                Some((name, sub)) => format!("{}.{}", name.to_lowercase(), sub.trim().trim_matches('"')),
                None => head.to_lowercase(),
            };
        } else if !line.is_empty() && !line.starts_with(['#', ';']) {
            let (k, v) = line.split_once('=').map_or((line, "true"), |(k, v)| (k.trim(), v.trim()));
            let v = v.split(" #").next().unwrap_or("").split(" ;").next().unwrap_or("").trim();
            let v = v.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(v);
            out.push((format!("{section}.{}", k.to_lowercase()), v.replace("\\\"", "\"").replace("\\\\", "\\")));
        }
    }
    out
}

/// A configuration file's text with a key set (`None`: taken away).
pub(super) fn set_config(text: &str, key: &str, value: Option<&str>) -> String {
    let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
    let head = match section.split_once('.') {
        Some((a, b)) => format!("[{a} \"{b}\"]"),
        None => format!("[{section}]"),
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mut at, mut end, mut old) = (None, lines.len(), None);
    for (i, l) in lines.iter().enumerate() {
        let t = l.trim();
        if t.starts_with('[') {
            if at.is_some() {
                end = i;
                break;
            }
            if t.eq_ignore_ascii_case(&head) {
                at = Some(i);
            }
        } else if at.is_some() && t.split('=').next().is_some_and(|k| k.trim().eq_ignore_ascii_case(name)) {
            old = Some(i);
        }
    }
    let quoted = |v: &str| {
        if v.starts_with(' ') || v.ends_with(' ') || v.contains(['#', ';', '"']) {
            format!("\"{}\"", v.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            v.to_owned()
        }
    };
    match (value, at, old) {
        (Some(v), _, Some(i)) => lines[i] = format!("\t{name} = {}", quoted(v)),
        (Some(v), Some(_), None) => lines.insert(end, format!("\t{name} = {}", quoted(v))),
        (Some(v), None, _) => lines.extend([head, format!("\t{name} = {}", quoted(v))]),
        (None, Some(start), Some(i)) => {
            lines.remove(i);
            if end == start + 2 {
                lines.remove(start);
            }
        }
        (None, ..) => {}
    }
    lines.iter().map(|l| format!("{l}\n")).collect()
}

/// The person's configuration file.
pub(super) fn global_path(c: &Cli) -> String {
    format!("{}/.gitconfig", c.var("HOME").unwrap_or(""))
}

/// Configuration outside of any repository.
pub(super) async fn outer_config(c: &Cli) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in ["/etc/gitconfig".to_owned(), global_path(c)] {
        if let Ok(text) = c.sys.read_file(&path).await {
            all.extend(parse_config(&String::from_utf8_lossy(&text)));
        }
    }
    all
}

impl Repo {
    /// The repository that the working directory is in.
    pub(super) async fn find(c: &Cli, more: &[(String, String)]) -> Git<Self> {
        let cwd = c.sys.getcwd().await.unwrap_or_default();
        let mut dir = cwd.clone();
        loop {
            let base = dir.trim_end_matches('/');
            let inner = format!("{base}/.git");
            if let Ok(s) = c.sys.stat(&inner).await {
                let git = if s.file_type == FileType::Dir {
                    inner
                } else {
                    let text = c.sys.read_file(&inner).await.unwrap_or_default();
                    let text = String::from_utf8_lossy(&text).into_owned();
                    let to = text.trim().strip_prefix("gitdir: ").unwrap_or("").to_owned();
                    if to.starts_with('/') { to } else { format!("{base}/{to}") }
                };
                if c.sys.stat(&format!("{git}/HEAD")).await.is_ok() {
                    let prefix = cwd[base.len().min(cwd.len())..].trim_matches('/').to_owned();
                    let prefix = if prefix.is_empty() { prefix } else { format!("{prefix}/") };
                    return Ok(Self::open(c, dir, git, prefix, more).await);
                }
            }
            let bare = c.sys.stat(&format!("{base}/HEAD")).await.is_ok()
                && c.sys.stat(&format!("{base}/objects")).await.is_ok()
                && c.sys.stat(&format!("{base}/refs")).await.is_ok();
            if bare {
                return Ok(Self::open(c, String::new(), dir, String::new(), more).await);
            }
            if dir == "/" || dir.is_empty() {
                return fatal("not a git repository (or any of the parent directories): .git");
            }
            dir = crate::cli::path::dir(&dir).to_owned();
        }
    }

    /// One that is known to be there.
    pub(super) async fn open(c: &Cli, root: String, git: String, prefix: String, more: &[(String, String)]) -> Self {
        let mut config = outer_config(c).await;
        if let Ok(text) = c.sys.read_file(&format!("{git}/config")).await {
            config.extend(parse_config(&String::from_utf8_lossy(&text)));
        }
        config.extend(more.iter().cloned());
        Self { sys: c.sys.clone(), root, git, prefix, config, packs: RefCell::new(None) }
    }

    /// A configured value.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.config.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// A path of the work tree as a path of the machine.
    pub(super) fn full(&self, path: &str) -> String {
        format!("{}/{path}", self.root.trim_end_matches('/'))
    }

    /// A path as it was typed, relative to the work tree; empty for the work tree itself.
    pub(super) fn inside(&self, typed: &str) -> Git<String> {
        let joined = match typed.strip_prefix('/') {
            Some(_) => match format!("{typed}/").strip_prefix(&format!("{}/", self.root.trim_end_matches('/'))) {
                Some(rest) => rest.to_owned(),
                None => return fatal(format!("{typed}: '{typed}' is outside repository at '{}'", self.root)),
            },
            None => format!("{}{typed}", self.prefix),
        };
        let mut parts: Vec<&str> = Vec::new();
        for p in joined.split('/') {
            match p {
                "" | "." => {}
                ".." if parts.pop().is_none() => {
                    return fatal(format!("{typed}: '{typed}' is outside repository at '{}'", self.root));
                }
                ".." => {}
                p => parts.push(p),
            }
        }
        Ok(parts.join("/"))
    }

    /// A path of the work tree as seen from where one stands.
    pub(super) fn relative(&self, path: &str) -> String {
        let mut prefix = self.prefix.as_str();
        let mut up = String::new();
        while !path.starts_with(prefix) {
            up.push_str("../");
            prefix = prefix.trim_end_matches('/');
            prefix = prefix.rfind('/').map_or("", |i| &prefix[..=i]);
        }
        let rest = &path[prefix.len()..];
        if up.is_empty() && rest.is_empty() { "./".to_owned() } else { format!("{up}{rest}") }
    }

    async fn read_ref_file(&self, name: &str) -> Option<String> {
        let text = self.sys.read_file(&format!("{}/{name}", self.git)).await.ok()?;
        Some(String::from_utf8_lossy(&text).trim().to_owned())
    }

    /// All references: full name and object.
    pub(super) async fn refs(&self) -> Vec<(String, String)> {
        let mut all: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        if let Some(text) = self.read_ref_file("packed-refs").await {
            for l in text.lines().filter(|l| !l.starts_with(['#', '^'])) {
                if let Some((oid, name)) = l.split_once(' ') {
                    all.insert(name.to_owned(), oid.to_owned());
                }
            }
        }
        let mut todo = vec!["refs".to_owned()];
        while let Some(dir) = todo.pop() {
            for e in self.sys.read_dir(&format!("{}/{dir}", self.git)).await.unwrap_or_default() {
                let name = format!("{dir}/{}", e.name);
                if e.file_type == FileType::Dir {
                    todo.push(name);
                } else if let Some(text) = self.read_ref_file(&name).await {
                    let oid = match text.strip_prefix("ref: ") {
                        Some(to) => self.read_ref_file(to).await.unwrap_or_default(),
                        None => text,
                    };
                    if oid.len() == 40 {
                        all.insert(name, oid);
                    }
                }
            }
        }
        all.into_iter().collect()
    }

    /// What a full reference names.
    pub(super) async fn reference(&self, name: &str) -> Option<String> {
        match self.read_ref_file(name).await {
            Some(text) if text.len() == 40 => Some(text),
            _ => self.refs().await.into_iter().find(|(n, _)| n == name).map(|(_, o)| o),
        }
    }

    /// Sets a reference (`None`: takes it away).
    pub(super) async fn set_ref(&self, name: &str, oid: Option<&str>) -> Git<()> {
        let path = format!("{}/{name}", self.git);
        match oid {
            Some(o) => {
                self.make_dirs(&path).await;
                self.sys.write_file(&path, format!("{o}\n"), 0o644).await.map_err(at(&path))
            }
            None => {
                let _ = self.sys.unlink(&path).await;
                let packed = format!("{}/packed-refs", self.git);
                if let Ok(text) = self.sys.read_file(&packed).await {
                    let text = String::from_utf8_lossy(&text).into_owned();
                    let end = format!(" {name}");
                    let kept: String = text.lines().filter(|l| !l.ends_with(&end)).map(|l| format!("{l}\n")).collect();
                    self.sys.write_file(&packed, kept, 0o644).await.map_err(at(&packed))?;
                }
                Ok(())
            }
        }
    }

    /// Makes the folders above a path.
    pub(super) async fn make_dirs(&self, path: &str) {
        let mut up = Vec::new();
        let mut dir = crate::cli::path::dir(path);
        while dir.len() > 1 && self.sys.stat(dir).await.is_err() {
            up.push(dir);
            dir = crate::cli::path::dir(dir);
        }
        for d in up.iter().rev() {
            let _ = self.sys.mkdir(d, 0o777).await;
        }
    }

    /// The branch that `HEAD` names (full reference); `None` where it is detached.
    pub(super) async fn branch_ref(&self) -> Option<String> {
        self.read_ref_file("HEAD").await?.strip_prefix("ref: ").map(str::to_owned)
    }

    /// The branch's short name.
    pub(super) async fn branch(&self) -> Option<String> {
        self.branch_ref().await.map(|r| r.trim_start_matches("refs/heads/").to_owned())
    }

    /// The commit that `HEAD` is at; `None` before the first one.
    pub(super) async fn head(&self) -> Option<String> {
        match self.branch_ref().await {
            Some(r) => self.reference(&r).await,
            None => self.read_ref_file("HEAD").await.filter(|t| t.len() == 40),
        }
    }

    /// Moves `HEAD`'s branch (or `HEAD` itself) to a commit.
    pub(super) async fn move_head(&self, oid: &str) -> Git<()> {
        match self.branch_ref().await {
            Some(r) => self.set_ref(&r, Some(oid)).await,
            None => self.set_ref("HEAD", Some(oid)).await,
        }
    }

    /// Points `HEAD` to a branch.
    pub(super) async fn set_head_branch(&self, name: &str) -> Git<()> {
        let path = format!("{}/HEAD", self.git);
        self.sys.write_file(&path, format!("ref: refs/heads/{name}\n"), 0o644).await.map_err(at(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_is_read_and_changed() {
        let text = set_config("", "user.name", Some("Ann"));
        let text = set_config(&text, "user.email", Some("a@b.example"));
        let text = set_config(&text, "remote.origin.url", Some("/srv/x"));
        let text = set_config(&text, "user.name", Some("Bob"));
        assert_eq!(text, "[user]\n\tname = Bob\n\temail = a@b.example\n[remote \"origin\"]\n\turl = /srv/x\n");
        assert_eq!(parse_config(&text)[2], ("remote.origin.url".to_owned(), "/srv/x".to_owned()));
        assert_eq!(set_config(&text, "remote.origin.url", None), "[user]\n\tname = Bob\n\temail = a@b.example\n");
    }
}
