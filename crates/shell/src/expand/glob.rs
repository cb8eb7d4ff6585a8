//! Pathname expansion.

use layerlab_kernel::{Cx, FileType, sorted};

use super::pattern::{Pattern, has_glob, unescape};
use crate::eval::Shell;

/// Names at most.
const LIMIT: usize = 200_000;

impl Shell {
    /// The paths that match, sorted; none if nothing matches.
    pub fn glob(&self, pattern: &str, cx: &mut Cx<'_>) -> Vec<String> {
        let ext = self.opts.has("extglob");
        let ignored = self.ignored();
        let dots = self.opts.has("dotglob") || !ignored.is_empty();
        let lead = pattern.len() - pattern.trim_start_matches('/').len();
        let mut found: Vec<String> = vec!["/".repeat(lead)];
        let parts: Vec<&str> = pattern.get(lead..).unwrap_or("").split('/').collect();
        let last = parts.len().saturating_sub(1);
        let mut any = false;
        for (i, part) in parts.iter().enumerate() {
            if part.is_empty() {
                if i == last && i > 0 {
                    // A slash at the end: only directories.
                    found.retain(|f| cx.stat(f).is_ok_and(|s| s.file_type == FileType::Dir));
                }
                // Slashes stay as many as they are.
                for f in found.iter_mut().filter(|_| i > 0) {
                    let done = f.ends_with('/');
                    f.push_str(if i == last && done {
                        ""
                    } else if i == last || done {
                        "/"
                    } else {
                        "//"
                    });
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
            let ignore_case = self.opts.has("nocaseglob");
            let p = if ignore_case { self.pattern(&part.to_lowercase()) } else { self.pattern(part) };
            let fits = |name: &str| if ignore_case { p.matches(&name.to_lowercase()) } else { p.matches(name) };
            let hidden = part.starts_with('.') || part.starts_with("\\.");
            let mut next = Vec::new();
            for dir in &found {
                let path = if dir.is_empty() { "." } else { dir };
                let Ok(entries) = cx.read_dir(path) else { continue };
                // Bash 5.2 (`globskipdots`) never gives `.` and `..`.
                if hidden && !self.dialect.is_bash() {
                    for name in [".", ".."] {
                        if fits(name) {
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
                    if fits(&e.name) {
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
        found.retain(|f| !ignored.iter().any(|p| p.matches(f)));
        sorted::sort(&mut found);
        found
    }

    /// The patterns of bash's `GLOBIGNORE`.
    fn ignored(&self) -> Vec<Pattern> {
        let text = self.vars.value("GLOBIGNORE").filter(|_| self.dialect.is_bash()).unwrap_or_default();
        text.split(':').filter(|p| !p.is_empty()).map(|p| self.pattern(p)).collect()
    }

    /// A pattern as this shell reads it.
    pub(crate) fn pattern(&self, text: &str) -> Pattern {
        // In dash, only `!` negates a bracket expression.
        if self.is_dash() && text.contains("[^") {
            return Pattern::new(&text.replace("[^", "[\\^"), false);
        }
        Pattern::new(text, self.opts.has("extglob"))
    }

    /// `**`: all directories below, and files where it is the last part.
    fn descend(&self, start: Vec<String>, files: bool, cx: &mut Cx<'_>) -> Vec<String> {
        let mut out = Vec::new();
        let mut todo = start;
        let mut top = todo.len();
        while let Some(dir) = todo.pop() {
            let path = if dir.is_empty() { "." } else { &dir };
            if !files || !dir.is_empty() {
                // Below a named folder, the folder itself comes with a slash.
                let named = files && top > 0;
                out.push(if named { format!("{}/", dir.trim_end_matches('/')) } else { dir.clone() });
            }
            top = top.saturating_sub(1);
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
