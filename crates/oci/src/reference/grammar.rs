//! The regular expressions of `distribution/reference/regexp.go`, by hand.

/// `[a-f0-9]{64}`: an image ID.
pub(super) fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'a'..=b'f' | b'0'..=b'9'))
}

/// `[\w][\w.-]{0,127}`.
pub(super) fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut bytes = text.bytes();
    text.len() <= 128 && bytes.next().is_some_and(word) && bytes.all(|b| word(b) || b == b'.' || b == b'-')
}

/// `algorithm:hex`, at least 32 digits. Which algorithm, and how many digits it has, is checked later.
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let component = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(component)
        && hex.len() >= 32
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A host name, an IPv4 address or a bracketed IPv6 address, and perhaps a port.
pub(super) fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else {
                return false;
            };
            if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
                return false;
            }
            if port.is_empty() {
                return true;
            }
            let Some(port) = port.strip_prefix(':') else {
                return false;
            };
            (None, Some(port))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(text), None),
        },
    };
    let component = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    host.is_none_or(|host| host.split('.').all(component))
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Path components with slashes between.
pub(super) fn is_path(text: &str) -> bool {
    text.split('/').all(is_path_component)
}

/// `[a-z0-9]+` runs, joined by one period, one or two underscores, or any number of dashes.
fn is_path_component(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    if !text.bytes().all(|b| word(b) || b"._-".contains(&b)) {
        return false;
    }
    // Between two words stands a separator; an empty text at either end is a word that is missing.
    let mut separators = text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let starts = text.bytes().next().is_some_and(word);
    let ends = text.bytes().next_back().is_some_and(word);
    starts && ends && separators.all(|s| matches!(s, "" | "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}
