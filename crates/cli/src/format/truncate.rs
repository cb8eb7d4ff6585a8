//! What docker cuts, and how (docker/cli `cli/command/formatter/displayutils.go`).

/// Columns that a character takes.
pub fn char_width(c: char) -> usize {
    match c as u32 {
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Columns that a text takes.
pub fn width(s: &str) -> usize {
    if s.is_ascii() { s.len() } else { s.chars().map(char_width).sum() }
}

/// Cuts to `max` columns; a cut text ends with `…`.
pub fn ellipsis(s: &str, max: usize) -> String {
    if max == 0 || width(s) <= max {
        return if max == 0 { String::new() } else { s.to_owned() };
    }
    let mut used = 0;
    let mut out = String::new();
    for c in s.chars() {
        used += char_width(c);
        if used > max - 1 {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// An ID's first 12 characters, without `sha256:`.
pub fn id(id: &str) -> &str {
    let bare = id.split_once(':').map_or(id, |(_, d)| d);
    bare.get(..12).unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_as_docker() {
        assert_eq!(ellipsis("sh -c 'sleep 1000'", 20), "sh -c 'sleep 1000'");
        assert_eq!(ellipsis("sh -c 'sleep 1; exit 3'", 20), "sh -c 'sleep 1; exi…");
        assert_eq!(id("sha256:6498dbc5849661ff"), "6498dbc58496");
        assert_eq!(id("ab"), "ab");
    }
}
