//! What `docker build` does beside its connection: the context as a tar, and progress as text.

pub mod explain;
pub mod plain;
pub mod trace;
pub mod tty;
pub mod warnings;

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
