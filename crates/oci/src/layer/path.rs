//! Paths in archives: cleaned when read, demanded clean when written.

use super::LayerError;

/// Brings a path from an archive into normal form, as containerd does before it applies a layer:
/// relative to the root, without `.`, `..` and double slashes. The root itself is the empty path.
pub(super) fn clean(path: &str) -> Result<String, LayerError> {
    if path.contains('\0') {
        return Err(LayerError::BadPath(path.to_owned()));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(LayerError::Escapes(path.to_owned()));
                }
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

/// Whether a path is in normal form and not the root.
pub(super) fn is_clean(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
