//! Differences between two lists of files, as patches and as statistics.

use std::collections::BTreeMap;

use super::fail::Git;
use super::repo::Repo;
use super::store::name;
use super::tree::Files;
use super::worktree::mode_of;
use crate::diff::script::changes;

/// A side of a difference: mode and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) mode: u32,
    pub(super) oid: String,
    pub(super) data: Vec<u8>,
}

/// A file that differs.
#[derive(Clone, Debug)]
pub(super) struct Delta {
    pub(super) path: String,
    /// The path before, of one that was renamed.
    pub(super) from: Option<String>,
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// How patches are shown.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) color: bool,
    pub(super) context: usize,
}

impl Delta {
    /// `A`, `D`, `M`, `R`.
    pub(super) fn letter(&self) -> char {
        match (&self.old, &self.new) {
            _ if self.from.is_some() => 'R',
            (None, _) => 'A',
            (_, None) => 'D',
            _ => 'M',
        }
    }
    fn binary(&self) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|s| s.data.iter().take(8000).any(|b| *b == 0))
    }
    /// Lines added and taken away; `None` for bytes that are no text.
    pub(super) fn counts(&self) -> Option<(usize, usize)> {
        if self.binary() {
            return None;
        }
        let (a, b) = (lines(self.old.as_ref()), lines(self.new.as_ref()));
        let all = changes(&a, &b);
        Some((all.iter().map(|c| c.b.len()).sum(), all.iter().map(|c| c.a.len()).sum()))
    }
    /// How alike the two sides are, in per cent.
    pub(super) fn likeness(&self) -> usize {
        let (Some(o), Some(n)) = (&self.old, &self.new) else { return 0 };
        if o.oid == n.oid { 100 } else { alike(&o.data, &n.data) }
    }
}

/// Lines with their newlines.
fn lines(side: Option<&Side>) -> Vec<&[u8]> {
    side.map_or_else(Vec::new, |s| s.data.split_inclusive(|b| *b == b'\n').collect())
}

fn alike(a: &[u8], b: &[u8]) -> usize {
    let (x, y): (Vec<&[u8]>, Vec<&[u8]>) =
        (a.split_inclusive(|c| *c == b'\n').collect(), b.split_inclusive(|c| *c == b'\n').collect());
    let gone: usize = changes(&x, &y).iter().flat_map(|c| x[c.a.clone()].iter()).map(|l| l.len()).sum();
    (a.len() - gone) * 100 / a.len().max(b.len()).max(1)
}

impl Repo {
    /// What differs between two lists of files.
    pub(super) async fn delta(&self, old: &Files, new: &Files, paths: &[String]) -> Git<Vec<Delta>> {
        let mut out = Vec::new();
        let all: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for path in all {
            if old.get(path) == new.get(path) || !chosen(path, paths) {
                continue;
            }
            let old = self.side(old.get(path)).await?;
            let new = self.side(new.get(path)).await?;
            out.push(Delta { path: path.clone(), from: None, old, new });
        }
        Ok(renames(out))
    }

    async fn side(&self, of: Option<&(u32, String)>) -> Git<Option<Side>> {
        Ok(match of {
            None => None,
            Some((mode, oid)) => Some(Side { mode: *mode, oid: oid.clone(), data: self.object(oid).await?.data }),
        })
    }

    /// What differs between a list of files and the work tree; only files that the index has.
    pub(super) async fn delta_work(&self, old: &Files, paths: &[String]) -> Git<Vec<Delta>> {
        let index = self.index().await?;
        let scan = self.scan(&index, "").await?;
        let known: BTreeMap<&str, ()> =
            index.iter().map(|e| (e.path.as_str(), ())).chain(old.keys().map(|p| (p.as_str(), ()))).collect();
        let mut out = Vec::new();
        for path in known.keys().filter(|p| chosen(p, paths)) {
            let before = old.get(*path);
            let new = match scan.files.get(*path) {
                None => None,
                Some(s) => {
                    let data = self.content(path, s).await?;
                    Some(Side { mode: mode_of(s), oid: name("blob", &data), data })
                }
            };
            if before.map(|(m, o)| (*m, o.as_str())) == new.as_ref().map(|n| (n.mode, n.oid.as_str())) {
                continue;
            }
            let old = self.side(before).await?;
            out.push(Delta { path: (*path).to_owned(), from: None, old, new });
        }
        Ok(out)
    }
}

/// Whether a path is one of these or below one; no paths choose all.
pub(super) fn chosen(path: &str, paths: &[String]) -> bool {
    paths.is_empty()
        || paths.iter().any(|p| {
            p.is_empty()
                || path == p
                || path.starts_with(&format!("{}/", p.trim_end_matches('/')))
                || p.contains(['*', '?', '[']) && crate::glob::matches(p, path)
        })
}

/// Joins what went and what came, where they are alike by half.
fn renames(mut all: Vec<Delta>) -> Vec<Delta> {
    let gone: Vec<usize> = (0..all.len()).filter(|i| all[*i].new.is_none()).collect();
    let mut used = Vec::new();
    for i in 0..all.len() {
        if all[i].old.is_some() || all[i].new.as_ref().is_none_or(|n| n.data.is_empty()) {
            continue;
        }
        let mut best: Option<(usize, usize)> = None;
        for g in gone.iter().filter(|g| !used.contains(*g)) {
            let (Some(o), Some(n)) = (&all[*g].old, &all[i].new) else { continue };
            let score = if o.oid == n.oid { 101 } else { alike(&o.data, &n.data) };
            if score >= 50 && best.is_none_or(|b| score > b.1) {
                best = Some((*g, score));
            }
        }
        if let Some((g, _)) = best {
            used.push(g);
            all[i].from = Some(all[g].path.clone());
            all[i].old = all[g].old.clone();
        }
    }
    let mut n = 0;
    all.retain(|_| {
        n += 1;
        !used.contains(&(n - 1))
    });
    all
}

fn paint(on: bool, code: &str, text: &str) -> String {
    if on { format!("\x1b[{code}m{text}\x1b[m") } else { text.to_owned() }
}

/// A patch.
pub(super) fn patch(d: &Delta, look: Look) -> Vec<u8> {
    let from = d.from.as_ref().unwrap_or(&d.path);
    let bold = |t: String| format!("{}\n", paint(look.color, "1", &t));
    let mut head = bold(format!("diff --git a/{from} b/{}", d.path));
    let short = |s: Option<&Side>| s.map_or("0000000".to_owned(), |s| s.oid.chars().take(7).collect());
    let (old, new) = (d.old.as_ref(), d.new.as_ref());
    let modes = (old.map(|s| s.mode), new.map(|s| s.mode));
    match modes {
        (None, Some(m)) => head.push_str(&bold(format!("new file mode {m:o}"))),
        (Some(m), None) => head.push_str(&bold(format!("deleted file mode {m:o}"))),
        (Some(a), Some(b)) if a != b => {
            head.push_str(&bold(format!("old mode {a:o}")));
            head.push_str(&bold(format!("new mode {b:o}")));
        }
        _ => {}
    }
    if d.from.is_some() {
        head.push_str(&bold(format!("similarity index {}%", d.likeness())));
        head.push_str(&bold(format!("rename from {from}")));
        head.push_str(&bold(format!("rename to {}", d.path)));
    }
    let same = old.map(|s| &s.oid) == new.map(|s| &s.oid);
    if same {
        return head.into_bytes();
    }
    let tail = match modes {
        (Some(a), Some(b)) if a == b => format!(" {a:o}"),
        _ => String::new(),
    };
    head.push_str(&bold(format!("index {}..{}{tail}", short(old), short(new))));
    let a = if old.is_some() { format!("a/{from}") } else { "/dev/null".to_owned() };
    let b = if new.is_some() { format!("b/{}", d.path) } else { "/dev/null".to_owned() };
    if d.binary() {
        head.push_str(&format!("Binary files {a} and {b} differ\n"));
        return head.into_bytes();
    }
    let hunks = hunks(&lines(old), &lines(new), look);
    if hunks.is_empty() {
        return head.into_bytes();
    }
    // A name with a space ends with a tab, as patch(1) wants it.
    let end = |n: &str| if n.contains(' ') { format!("{n}\t") } else { n.to_owned() };
    head.push_str(&bold(format!("--- {}", end(&a))));
    head.push_str(&bold(format!("+++ {}", end(&b))));
    let mut out = head.into_bytes();
    out.extend(hunks);
    out
}

fn hunks(a: &[&[u8]], b: &[&[u8]], look: Look) -> Vec<u8> {
    let all = changes(a, b);
    let mut out = Vec::new();
    let mut i = 0;
    while i < all.len() {
        let mut j = i;
        while j + 1 < all.len() && all[j + 1].a.start - all[j].a.end <= 2 * look.context {
            j += 1;
        }
        let (first, last) = (&all[i], &all[j]);
        let before = look.context.min(first.a.start);
        let after = look.context.min(a.len() - last.a.end);
        let (a0, a1) = (first.a.start - before, last.a.end + after);
        let (b0, b1) = (first.b.start - before, last.b.end + after);
        let range = |from: usize, n: usize| match n {
            0 => format!("{from},0"),
            1 => format!("{}", from + 1),
            n => format!("{},{n}", from + 1),
        };
        let head = format!("@@ -{} +{} @@", range(a0, a1 - a0), range(b0, b1 - b0));
        let heading = a[..a0]
            .iter()
            .rev()
            .find(|l| l.first().is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_' || *c == b'$'));
        out.extend(paint(look.color, "36", &head).into_bytes());
        if let Some(h) = heading {
            let text = String::from_utf8_lossy(h);
            let text: String = text.trim_end().chars().take(80).collect();
            out.push(b' ');
            out.extend(text.into_bytes());
        }
        out.push(b'\n');
        let mut at = a0;
        let put = |out: &mut Vec<u8>, sign: u8, line: &[u8]| {
            let code = match sign {
                b'+' => "32",
                b'-' => "31",
                _ => "",
            };
            let body = line.strip_suffix(b"\n").unwrap_or(line);
            if look.color && !code.is_empty() {
                out.extend(format!("\x1b[{code}m").into_bytes());
            }
            out.push(sign);
            out.extend_from_slice(body);
            if look.color && !code.is_empty() {
                out.extend(b"\x1b[m");
            }
            out.push(b'\n');
            if !line.ends_with(b"\n") {
                out.extend(b"\\ No newline at end of file\n");
            }
        };
        for c in &all[i..=j] {
            for l in &a[at..c.a.start] {
                put(&mut out, b' ', l);
            }
            for l in &a[c.a.clone()] {
                put(&mut out, b'-', l);
            }
            for l in &b[c.b.clone()] {
                put(&mut out, b'+', l);
            }
            at = c.a.end;
        }
        for l in &a[at..a1] {
            put(&mut out, b' ', l);
        }
        i = j + 1;
    }
    out
}

/// The last line of `--stat`, and of a commit.
pub(super) fn summary(all: &[Delta]) -> String {
    let (mut plus, mut minus) = (0, 0);
    for d in all {
        let (p, m) = d.counts().unwrap_or((0, 0));
        plus += p;
        minus += m;
    }
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let mut text = format!(" {} file{} changed", all.len(), s(all.len()));
    if plus > 0 || minus == 0 {
        text.push_str(&format!(", {plus} insertion{}(+)", s(plus)));
    }
    if minus > 0 || plus == 0 {
        text.push_str(&format!(", {minus} deletion{}(-)", s(minus)));
    }
    text + "\n"
}

fn label(d: &Delta) -> String {
    match &d.from {
        Some(f) => rename_label(f, &d.path),
        None => d.path.clone(),
    }
}

/// `dir/{a => b}`: what both names share is said once.
pub(super) fn rename_label(from: &str, to: &str) -> String {
    let common = from
        .char_indices()
        .zip(to.chars())
        .take_while(|((_, a), b)| a == b)
        .filter(|((_, a), _)| *a == '/')
        .last()
        .map_or(0, |((i, _), _)| i + 1);
    if common == 0 {
        return format!("{from} => {to}");
    }
    format!("{}{{{} => {}}}", &from[..common], &from[common..], &to[common..])
}

/// `--stat`.
pub(super) fn stat(all: &[Delta], width: usize, color: bool) -> String {
    if all.is_empty() {
        return String::new();
    }
    let names: Vec<String> = all.iter().map(label).collect();
    let counts: Vec<Option<(usize, usize)>> = all.iter().map(Delta::counts).collect();
    let most = counts.iter().flatten().map(|(p, m)| p + m).max().unwrap_or(0);
    let digits = most.to_string().len().max(if counts.iter().any(Option::is_none) { 3 } else { 1 });
    let longest = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
    let room = width.saturating_sub(longest + digits + 5).max(6);
    let mut out = String::new();
    for ((d, name), count) in all.iter().zip(&names).zip(&counts) {
        match count {
            None => {
                let size = |s: &Option<Side>| s.as_ref().map_or(0, |s| s.data.len());
                out.push_str(&format!(
                    " {name:<longest$} | {:>digits$} {} -> {} bytes\n",
                    "Bin",
                    size(&d.old),
                    size(&d.new)
                ));
            }
            Some((p, m)) => {
                let scale = |n: usize| if most <= room || n == 0 { n } else { 1 + (n * (room - 1)) / most };
                let plus = paint(color && *p > 0, "32", &"+".repeat(scale(*p)));
                let minus = paint(color && *m > 0, "31", &"-".repeat(scale(*m)));
                let bar = format!("{plus}{minus}");
                let gap = if bar.is_empty() { "" } else { " " };
                out.push_str(&format!(" {name:<longest$} | {:>digits$}{gap}{bar}\n", p + m));
            }
        }
    }
    out + &summary(all)
}
