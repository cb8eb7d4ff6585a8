//! `.gitignore`: which files are not looked at (`gitignore(5)`).

/// A line of an ignore file.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// The folder of its file: empty, or ending with `/`.
    base: String,
    parts: Vec<String>,
    negated: bool,
    dir_only: bool,
    /// Fits only from `base` on, else in any folder below.
    anchored: bool,
}

/// The lines of a file in a folder.
pub(super) fn parse(text: &str, base: &str) -> Vec<Pattern> {
    text.lines().filter_map(|l| line(l, base)).collect()
}

fn line(l: &str, base: &str) -> Option<Pattern> {
    let mut l = l.trim_end_matches('\r');
    if !l.ends_with("\\ ") {
        l = l.trim_end();
    }
    if l.is_empty() || l.starts_with('#') {
        return None;
    }
    let (negated, l) = l.strip_prefix('!').map_or((false, l), |r| (true, r));
    let l = l.strip_prefix('\\').filter(|r| r.starts_with(['#', '!'])).unwrap_or(l);
    let (dir_only, l) = l.strip_suffix('/').map_or((false, l), |r| (true, r));
    let anchored = l.contains('/');
    let parts = l.trim_start_matches('/').split('/').map(str::to_owned).collect();
    Some(Pattern { base: base.to_owned(), parts, negated, dir_only, anchored })
}

impl Pattern {
    fn fits(&self, path: &str, dir: bool) -> bool {
        if self.dir_only && !dir {
            return false;
        }
        let Some(rest) = path.strip_prefix(self.base.as_str()) else { return false };
        let names: Vec<&str> = rest.split('/').collect();
        if !self.anchored {
            let last = names.last().copied().unwrap_or("");
            return self.parts.first().is_some_and(|p| crate::glob::matches(p, last));
        }
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        segments(&parts, &names)
    }
}

/// Folder by folder; `**` stands for any number of them.
pub(super) fn segments(parts: &[&str], names: &[&str]) -> bool {
    // fits[j]: the parts so far fit the first j names.
    let mut fits = vec![false; names.len() + 1];
    if let Some(first) = fits.first_mut() {
        *first = true;
    }
    for (i, p) in parts.iter().enumerate() {
        let mut next = vec![false; names.len() + 1];
        if *p == "**" {
            // At the end it must stand for something.
            let least = usize::from(i + 1 == parts.len());
            let mut open = false;
            for (j, n) in next.iter_mut().enumerate() {
                open |= j.checked_sub(least).and_then(|i| fits.get(i)).copied().unwrap_or(false);
                *n = open;
            }
        } else {
            for j in 1..=names.len() {
                next[j] = fits[j - 1] && crate::glob::matches(p, names[j - 1]);
            }
        }
        fits = next;
    }
    fits.last().copied().unwrap_or(false)
}

/// Whether a path is ignored by its own name: the last line that fits decides.
pub(super) fn ignored(patterns: &[Pattern], path: &str, dir: bool) -> bool {
    patterns.iter().rev().find(|p| p.fits(path, dir)).is_some_and(|p| !p.negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each was asked of `git check-ignore`.
    #[test]
    fn patterns_fit_as_gits() {
        let p = parse("*.log\n!keep.log\n/build\nnode_modules/\ndocs/**/*.tmp\na/**\n**/cache\n# x\n\\#y\n", "");
        for (path, dir, is) in [
            ("x.log", false, true),
            ("d/x.log", false, true),
            ("d/keep.log", false, false),
            ("build", true, true),
            ("d/build", true, false),
            ("node_modules", true, true),
            ("node_modules", false, false),
            ("docs/x.tmp", false, true),
            ("docs/a/b/x.tmp", false, true),
            ("a", true, false),
            ("a/b", false, true),
            ("x/y/cache", true, true),
            ("cache", true, true),
            ("#y", false, true),
        ] {
            assert_eq!(ignored(&p, path, dir), is, "{path}");
        }
        let sub = parse("/only\n", "sub/");
        assert!(
            ignored(&sub, "sub/only", false) && !ignored(&sub, "sub/x/only", false) && !ignored(&sub, "only", false)
        );
    }
}
