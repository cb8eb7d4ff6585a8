//! `--mount` (docker/cli `opts/mount.go`).

use layerlab_api::container::Mount;

use crate::flags::value::parse_bool;

/// Reads `type=bind,source=/a,target=/b,readonly`.
///
/// # Errors
/// The client's words.
pub(crate) fn parse(value: &str) -> Result<Mount, String> {
    let mut m = Mount { kind: "volume".into(), ..Mount::default() };
    for field in value.split(',') {
        let (key, val) = match field.split_once('=') {
            Some((k, v)) => (k.to_ascii_lowercase(), Some(v)),
            None => (field.to_ascii_lowercase(), None),
        };
        let Some(val) = val else {
            match key.as_str() {
                "readonly" | "ro" => m.read_only = true,
                "volume-nocopy" | "bind-nonrecursive" => {}
                _ => return Err(format!("invalid field '{field}' must be a key=value pair")),
            }
            continue;
        };
        match key.as_str() {
            "type" => m.kind = val.to_ascii_lowercase(),
            "source" | "src" => m.source = val.to_owned(),
            "target" | "dst" | "destination" => m.target = val.to_owned(),
            "readonly" | "ro" => m.read_only = parse_bool(val).ok_or(format!("invalid value for {key}: {val}"))?,
            "volume-nocopy" | "volume-label" | "volume-driver" | "volume-opt" | "volume-subpath"
            | "bind-propagation" | "bind-nonrecursive" | "bind-recursive" | "consistency" | "tmpfs-size"
            | "tmpfs-mode" | "image-subpath" => {}
            _ => return Err(format!("unexpected key '{key}' in '{field}'")),
        }
    }
    if m.target.is_empty() {
        return Err("target is required".into());
    }
    Ok(m)
}
