//! What `docker build` does beside its connection: the context as a tar, and progress as text.

use layerlab_api::build::SolveSource;
use layerlab_dockerfile::source_excerpt;

pub mod explain;
pub mod plain;
pub mod trace;
pub mod tty;
pub mod warnings;
pub mod whatif;

/// The lines around a place, as buildx prints them: the Dockerfile without its folder.
pub fn excerpt(s: &SolveSource) -> String {
    let Some((a, b)) = s.ranges.first() else { return String::new() };
    let name = s.filename.rsplit('/').next().unwrap_or(&s.filename);
    source_excerpt(name, &s.data, &(*a..=*b)).unwrap_or_default()
}

/// BuildKit's byte counts in progress: `142B`, `1.07MB`.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n}B");
    }
    let mut v = n as f64 / 1000.0;
    let mut unit = 0;
    while v >= 1000.0 && unit + 1 < UNITS.len() {
        v /= 1000.0;
        unit += 1;
    }
    format!("{v:.2}{}", UNITS.get(unit).copied().unwrap_or(""))
}

#[cfg(test)]
mod tests;
