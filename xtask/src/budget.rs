//! What a first visit transfers, compressed as static hosts do it.

use crate::{page, run::Outcome};
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::Path};

/// Bytes.
const KB: usize = 1000;

/// When a file is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// Before the lesson can be read.
    Reading,
    /// Before the terminal's prompt is there.
    Terminal,
    /// Before all of the page is there.
    Page,
    /// When something is opened that not everybody opens, or by hosts only.
    Later,
}

/// What a visit may transfer until then, all in all.
struct Limit {
    need: Need,
    name: &'static str,
    bytes: usize,
}

const LIMITS: &[Limit] = &[
    Limit { need: Need::Reading, name: "lesson readable", bytes: 250 * KB },
    Limit { need: Need::Terminal, name: "terminal ready", bytes: 1000 * KB },
    Limit { need: Need::Page, name: "page complete", bytes: 1020 * KB },
];

/// `first`: the lesson that is opened where nobody asked for one.
fn need(name: &str, first: &str) -> Need {
    let in_vendor = |file: &str| name.starts_with("vendor-") && name.ends_with(file);
    match name {
        "_headers" | ".htaccess" | "sw.js" | "manifest.webmanifest" | "icon.svg" => Need::Later,
        // Text is in index.html (first_sight), the first machine starts without the app (web/first.js).
        _ if name.starts_with("layerlab-app") || name.starts_with("snippets/") => Need::Page,
        // What comes when the prompt is there: crates/worker/src/parts.rs.
        _ if name.contains("/split_") || name.contains("/chunk_") => Need::Later,
        _ if name.starts_with("worker-") => Need::Terminal,
        _ if in_vendor("/terminal.js") || in_vendor("/terminal.css") => Need::Terminal,
        _ if name.starts_with("vendor-") => Need::Later,
        _ if name.starts_with("lessons-") && name.ends_with("/index.bin") => Need::Terminal,
        _ if name.starts_with("lessons-") && name.ends_with(&format!("/{first}.bin")) => Need::Terminal,
        _ if name.starts_with("lessons-") && name.ends_with(&format!("/{first}.start.bin")) => Need::Terminal,
        // Other lessons, and solutions.
        _ if name.starts_with("lessons-") => Need::Later,
        // A text is readable in the system's font until its own is there; italics are rare.
        _ if name.starts_with("fonts/") && name.contains("italic") => Need::Later,
        _ if name.starts_with("fonts/") => Need::Terminal,
        _ => Need::Reading,
    }
}

/// The limits that `dist` breaks.
pub(crate) fn check(dist: &Path) -> Outcome {
    let totals = print(dist)?;
    let broken: Vec<String> = totals
        .iter()
        .filter(|(_, size, limit)| size > limit)
        .map(|(name, size, limit)| format!("{name}: {} KB, at most {} KB", size / KB, limit / KB))
        .collect();
    match broken.is_empty() {
        true => Ok(()),
        false => Err(broken.join("; ")),
    }
}

/// Shows what each step of a visit costs; gives the sums: name, bytes, limit.
pub(crate) fn print(dist: &Path) -> Outcome<Vec<(&'static str, usize, usize)>> {
    let first = crate::lessons::read()?.first;
    let mut sizes = Vec::new();
    for (name, path) in page::files(dist)? {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        sizes.push((need(&name, &first), name, gzipped(&bytes).len()));
    }
    sizes.sort();
    println!("\n  KB gzip");
    for (need, name, size) in &sizes {
        println!("{:9.1}  {name} ({need:?})", *size as f64 / KB as f64);
    }
    let sum =
        |until: Need| -> usize { sizes.iter().filter(|(need, ..)| *need <= until).map(|(_, _, size)| size).sum() };
    for limit in LIMITS {
        let size = sum(limit.need);
        println!("{:9.1}  {} (at most {})", size as f64 / KB as f64, limit.name, limit.bytes / KB);
    }
    Ok(LIMITS.iter().map(|l| (l.name, sum(l.need), l.bytes)).collect())
}

/// As static hosts do it.
pub(crate) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_lesson_comes_at_once() {
        assert_eq!(need("lessons-0123/index.bin", "06-x"), Need::Terminal);
        assert_eq!(need("lessons-0123/06-x.bin", "06-x"), Need::Terminal);
        assert_eq!(need("lessons-0123/06-x.start.bin", "06-x"), Need::Terminal);
        assert_eq!(need("lessons-0123/06-x.solutions.bin", "06-x"), Need::Later);
        assert_eq!(need("lessons-0123/01-y.bin", "06-x"), Need::Later);
    }

    #[test]
    fn the_editor_is_not_part_of_a_first_visit() {
        assert_eq!(need("vendor-0123/editor.js", "06-x"), Need::Later);
        assert_eq!(need("vendor-0123/terminal.js", "06-x"), Need::Terminal);
        assert_eq!(need("worker-0123/layerlab-worker_bg.wasm", "06-x"), Need::Terminal);
        assert_eq!(need("worker-0123/split_docker.wasm", "06-x"), Need::Later);
        assert_eq!(need("index.html", "06-x"), Need::Reading);
        assert_eq!(need("layerlab-app-0123_bg.wasm", "06-x"), Need::Page);
    }
}
