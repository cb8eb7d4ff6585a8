//! Sizes as docker/go-units writes them.

use super::go::general;

fn human(size: f64, base: f64, units: &[&str], digits: usize) -> String {
    let mut size = size;
    let mut i = 0;
    while size >= base && i + 1 < units.len() {
        size /= base;
        i += 1;
    }
    format!("{}{}", general(size, digits), units.get(i).copied().unwrap_or(""))
}

const DECIMAL: &[&str] = &["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY: &[&str] = &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/// Three significant digits, decimal units: `docker images`, `history`, `ps -s`.
pub fn human3(bytes: i64) -> String {
    human(bytes as f64, 1000.0, DECIMAL, 3)
}

/// Four significant digits, decimal units: progress, `system df`, prune.
pub fn human4(bytes: i64) -> String {
    human(bytes as f64, 1000.0, DECIMAL, 4)
}

/// Four significant digits, binary units: `docker stats`, `docker info`.
pub fn binary(bytes: i64) -> String {
    human(bytes as f64, 1024.0, BINARY, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of docker's own output.
    #[test]
    fn sizes_as_docker() {
        for (n, want) in [
            (0, "0B"),
            (92, "92B"),
            (1_980_000, "1.98MB"),
            (117_000_000, "117MB"),
            (999_600, "1e+03kB"),
            (8192, "8.19kB"),
            (4096, "4.1kB"),
        ] {
            assert_eq!(human3(n), want);
        }
        assert_eq!(human4(5_056_000), "5.056MB");
        assert_eq!(human4(1_070_000), "1.07MB");
        assert_eq!(binary(331_776), "324KiB");
        assert_eq!(binary(25_276_000_000), "23.54GiB");
    }
}
