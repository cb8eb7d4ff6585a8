//! Sizes for people.

/// As `ls -h`, `du -h`, `df -h`: powers of 1024, rounded up, one decimal under ten.
pub(crate) fn size(bytes: u64) -> String {
    scaled(bytes, 1024, &["", "K", "M", "G", "T", "P"])
}

/// As `df -H`: powers of 1000.
pub(crate) fn size_si(bytes: u64) -> String {
    scaled(bytes, 1000, &["", "k", "M", "G", "T", "P"])
}

/// As busybox has them: rounded, always with one decimal.
pub(crate) fn size_busybox(bytes: u64) -> String {
    let (mut value, mut tenths, mut unit) = (bytes, 0, 0);
    while value >= 1024 && unit < 5 {
        tenths = (value % 1024 * 10 + 512) / 1024;
        value /= 1024;
        unit += 1;
    }
    if tenths >= 10 {
        (value, tenths) = (value + 1, 0);
    }
    match ["", "K", "M", "G", "T", "P"].get(unit) {
        Some(u) if unit > 0 => format!("{value}.{tenths}{u}"),
        _ => value.to_string(),
    }
}

fn scaled(bytes: u64, base: u64, units: &[&str]) -> String {
    let mut unit = 1u64;
    let mut at = 0;
    while bytes / unit >= base && at + 1 < units.len() {
        unit *= base;
        at += 1;
    }
    if at == 0 {
        return bytes.to_string();
    }
    let tenths = (u128::from(bytes) * 10).div_ceil(u128::from(unit)) as u64;
    if tenths < 100 {
        return format!("{}.{}{}", tenths / 10, tenths % 10, units[at]);
    }
    let whole = bytes.div_ceil(unit);
    if whole == base && at + 1 < units.len() {
        return format!("1.0{}", units[at + 1]);
    }
    format!("{whole}{}", units[at])
}

/// A size as `head -c`, `tail -c`, `split -b`, `truncate -s` take it: `10`, `2K`, `1MB`, `3b`.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let n: u64 = if number.is_empty() { 1 } else { number.parse().ok()? };
    if number.is_empty() && suffix.is_empty() {
        return None;
    }
    let factor: u64 = match suffix {
        "" => 1,
        "b" => 512,
        "c" => 1,
        "w" => 2,
        "kB" | "KB" => 1000,
        "K" | "k" | "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "M" | "m" | "MiB" => 1 << 20,
        "GB" => 1_000_000_000,
        "G" | "g" | "GiB" => 1 << 30,
        "T" | "TiB" => 1 << 40,
        _ => return None,
    };
    n.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values from GNU ls -h on sparse files of these sizes.
    #[test]
    fn sizes_round_up() {
        for (bytes, text) in [
            (0, "0"),
            (1023, "1023"),
            (1024, "1.0K"),
            (1025, "1.1K"),
            (10 * 1024, "10K"),
            (10 * 1024 - 1, "10K"),
            (1024 * 1024 - 1, "1.0M"),
            (12_345_678, "12M"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
