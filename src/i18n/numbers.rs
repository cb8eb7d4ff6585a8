//! Sizes and times as docker prints them, so that the page and the terminal agree.

/// Bytes with up to three digits, powers of 1000: `74.8 MB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = match value {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    let mut number = format!("{value:.digits$}");
    if number.contains('.') {
        number = number.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{number} {}", UNITS[unit])
}

/// Milliseconds as seconds with one digit: `6.8 s`; from a minute on `1 min 05 s`.
pub(crate) fn duration(milliseconds: u64) -> String {
    if milliseconds >= 60_000 {
        let seconds = milliseconds / 1000;
        return format!("{} min {:02} s", seconds / 60, seconds % 60);
    }
    format!("{:.1} s", milliseconds as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_docker_history() {
        for (bytes, text) in [
            (0, "0 B"),
            (5, "5 B"),
            (1_234, "1.23 kB"),
            (1_200, "1.2 kB"),
            (74_800_000, "74.8 MB"),
            (137_000_000, "137 MB"),
            (999_900, "1 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn times_read_as_in_the_build_output() {
        assert_eq!(duration(0), "0.0 s");
        assert_eq!(duration(6_840), "6.8 s");
        assert_eq!(duration(65_000), "1 min 05 s");
    }
}
