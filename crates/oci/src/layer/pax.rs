//! PAX extended header records: `LENGTH KEY=VALUE\n`.

use std::collections::BTreeMap;

use super::LayerError;

pub(super) const PATH: &str = "path";
pub(super) const LINK_PATH: &str = "linkpath";
pub(super) const SIZE: &str = "size";
pub(super) const UID: &str = "uid";
pub(super) const GID: &str = "gid";
pub(super) const UNAME: &str = "uname";
pub(super) const GNAME: &str = "gname";
pub(super) const MTIME: &str = "mtime";
pub(super) const XATTR_PREFIX: &str = "SCHILY.xattr.";
/// Records of GNU tar's sparse files begin so.
pub(super) const GNU_SPARSE_PREFIX: &str = "GNU.sparse.";

/// Records by key: Go writes them sorted.
pub(super) type Records = BTreeMap<String, Vec<u8>>;

/// The body of an extended header.
pub(super) fn format(records: &Records) -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in records {
        // The length counts its own digits; one more digit may make it longer by one.
        let rest = key.len() + value.len() + 3;
        let mut size = rest + rest.to_string().len();
        if rest + size.to_string().len() != size {
            size = rest + size.to_string().len();
        }
        out.extend_from_slice(format!("{size} {key}=").as_bytes());
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out
}

/// Reads the body of an extended header.
pub(super) fn parse(mut body: &[u8]) -> Result<Records, LayerError> {
    let mut records = Records::new();
    while !body.is_empty() {
        let (key, value, rest) = record(body).ok_or(LayerError::InvalidHeader)?;
        let is_text = matches!(key, PATH | LINK_PATH | UNAME | GNAME);
        if is_text && value.contains(&0) {
            return Err(LayerError::InvalidHeader);
        }
        records.insert(key.to_owned(), value.to_owned());
        body = rest;
    }
    Ok(records)
}

fn record(body: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let space = body.iter().take(21).position(|&b| b == b' ')?;
    let digits = std::str::from_utf8(body.get(..space)?).ok()?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size: usize = digits.parse().ok()?;
    let record = body.get(space + 1..size)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&b| b == b'=')?;
    let key = std::str::from_utf8(record.get(..equals)?).ok()?;
    if !is_key(key) {
        return None;
    }
    Some((key, record.get(equals + 1..)?, body.get(size..)?))
}

/// Whether a text can be the key of a record.
pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(['=', '\0'])
}
