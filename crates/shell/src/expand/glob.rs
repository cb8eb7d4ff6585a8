//! Pathname expansion.

use layerlab_kernel::{Cx, FileType};

use super::pattern::{Pattern, has_glob, unescape};
use crate::eval::Shell;

/// Names at most.
const LIMIT: usize = 200_000;

impl Shell {
    /// The paths that match, sorted; none if nothing matches.
    pub fn glob(&self, pattern: &str, cx: &mut Cx<'_>) -> Vec<String> {
        let ext = self.opts.has("extglob");
        let dots = self.opts.has("dotglob");
        let mut found: Vec<String> = vec![if pattern.starts_with('/') { "/".into() } else { String::new() }];
        let parts: Vec<&str> = pattern.split('/').collect();
        let last = parts.len().saturating_sub(1);
        let mut any = false;
        for (i, part) in parts.iter().enumerate() {
            if part.is_empty() {
                if i == last && i > 0 {
                    // A slash at the end: only directories.
                    found.retain(|f| cx.stat(f).is_ok_and(|s| s.file_type == FileType::Dir));
                    for f in &mut found {
                        if !f.ends_with('/') {
                            f.push('/');
                        }
                    }
                }
                continue;
            }
            let join = |dir: &str, name: &str| {
                if dir.is_empty() || dir.ends_with('/') { format!("{dir}{name}") } else { format!("{dir}/{name}") }
            };
            let special = has_unquoted(part) || (ext && part.contains('('));
            if !special {
                let name = unescape(part);
                for f in &mut found {
                    *f = join(f, &name);
                }
                if any {
                    found.retain(|f| cx.lstat(f).is_ok());
                }
                continue;
            }
            any = true;
            if *part == "**" && self.opts.has("globstar") {
                found = self.descend(found, i == last, cx);
                continue;
            }
            let p = Pattern::new(part, ext);
            let hidden = part.starts_with('.') || part.starts_with("\\.");
            let mut next = Vec::new();
            for dir in &found {
                let path = if dir.is_empty() { "." } else { dir };
                let Ok(entries) = cx.read_dir(path) else { continue };
                if hidden {
                    for name in [".", ".."] {
                        if p.matches(name) {
                            next.push(join(dir, name));
                        }
                    }
                }
                for e in entries {
                    if e.name.starts_with('.') && !hidden && !dots {
                        continue;
                    }
                    if i < last && !matches!(e.file_type, FileType::Dir | FileType::Symlink) {
                        continue;
                    }
                    if p.matches(&e.name) {
                        next.push(join(dir, &e.name));
                    }
                    if next.len() > LIMIT {
                        return next;
                    }
                }
            }
            found = next;
        }
        if !any {
            return Vec::new();
        }
        found.sort();
        found
    }

    /// `**`: all directories below, and files where it is the last part.
    fn descend(&self, start: Vec<String>, files: bool, cx: &mut Cx<'_>) -> Vec<String> {
        let mut out = Vec::new();
        let mut todo = start;
        while let Some(dir) = todo.pop() {
            let path = if dir.is_empty() { "." } else { &dir };
            if !files || !dir.is_empty() {
                out.push(dir.clone());
            }
            for e in cx.read_dir(path).unwrap_or_default() {
                if e.name.starts_with('.') && !self.opts.has("dotglob") {
                    continue;
                }
                let full = if dir.is_empty() || dir.ends_with('/') {
                    format!("{dir}{}", e.name)
                } else {
                    format!("{dir}/{}", e.name)
                };
                if e.file_type == FileType::Dir {
                    todo.push(full);
                } else if files {
                    out.push(full);
                }
                if out.len() > LIMIT {
                    return out;
                }
            }
        }
        out
    }
}

fn has_unquoted(part: &str) -> bool {
    let mut it = part.chars();
    while let Some(c) = it.next() {
        if c == '\\' {
            it.next();
        } else if has_glob(&c.to_string()) {
            return true;
        }
    }
    false
}
