//! `--mount` (docker/cli `opts/mount.go`).

use std::collections::BTreeMap;

use layerlab_api::container::{BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions};

use super::options::absolute;
use crate::flags::value::{csv, parse_bool, parse_bytes};

/// Reads `type=bind,source=/a,target=/b,readonly`; a source that begins with `./` is below `cwd`.
///
/// # Errors
/// The client's words.
pub(crate) fn parse(value: &str, cwd: &str) -> Result<Mount, String> {
    let mut m = Mount { kind: "volume".into(), ..Mount::default() };
    for field in csv(value)? {
        let (key, val) = match field.split_once('=') {
            Some((k, v)) => (k.to_ascii_lowercase(), Some(v)),
            None => (field.to_ascii_lowercase(), None),
        };
        match val {
            Some(val) => set(&mut m, &key, val, &field, cwd)?,
            None => match key.as_str() {
                "readonly" | "ro" => m.read_only = true,
                "volume-nocopy" => volume(&mut m).no_copy = true,
                "bind-nonrecursive" => bind(&mut m).non_recursive = true,
                _ => return Err(format!("invalid field '{field}' must be a key=value pair")),
            },
        }
    }
    validate(&m)?;
    Ok(m)
}

fn volume(m: &mut Mount) -> &mut VolumeOptions {
    m.volume_options.get_or_insert_default()
}

fn bind(m: &mut Mount) -> &mut BindOptions {
    m.bind_options.get_or_insert_default()
}

fn set(m: &mut Mount, key: &str, val: &str, field: &str, cwd: &str) -> Result<(), String> {
    let wrong = || format!("invalid value for {key}: {val}");
    let flag = || parse_bool(val).ok_or_else(wrong);
    match key {
        "type" => m.kind = val.to_ascii_lowercase(),
        "source" | "src" if val == "." || val.starts_with("./") => m.source = absolute(val, cwd),
        "source" | "src" => m.source = val.to_owned(),
        "target" | "dst" | "destination" => m.target = val.to_owned(),
        "readonly" | "ro" => m.read_only = flag()?,
        "consistency" => m.consistency = val.to_ascii_lowercase(),
        "bind-propagation" => bind(m).propagation = val.to_ascii_lowercase(),
        "bind-nonrecursive" => bind(m).non_recursive = flag()?,
        "bind-recursive" => match val {
            "enabled" => {}
            "disabled" => bind(m).non_recursive = true,
            "writable" => bind(m).read_only_non_recursive = true,
            "readonly" => bind(m).read_only_force_recursive = true,
            _ => {
                return Err(format!("{} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")", wrong()));
            }
        },
        "volume-subpath" => volume(m).subpath = val.to_owned(),
        "volume-nocopy" => volume(m).no_copy = flag()?,
        "volume-label" => pair(volume(m).labels.get_or_insert_default(), val),
        "volume-driver" => volume(m).driver_config.get_or_insert_default().name = val.to_owned(),
        "volume-opt" => pair(volume(m).driver_config.get_or_insert_default().options.get_or_insert_default(), val),
        "image-subpath" => m.image_options.get_or_insert_with(ImageOptions::default).subpath = val.to_owned(),
        "tmpfs-size" => tmpfs(m).size_bytes = parse_bytes(val).map_err(|_| wrong())?,
        "tmpfs-mode" => tmpfs(m).mode = u32::from_str_radix(val, 8).map_err(|_| wrong())?,
        _ => return Err(format!("unexpected key '{key}' in '{field}'")),
    }
    Ok(())
}

fn tmpfs(m: &mut Mount) -> &mut TmpfsOptions {
    m.tmpfs_options.get_or_insert_default()
}

fn pair(map: &mut BTreeMap<String, String>, text: &str) {
    let (k, v) = text.split_once('=').unwrap_or((text, ""));
    map.insert(k.to_owned(), v.to_owned());
}

fn validate(m: &Mount) -> Result<(), String> {
    if m.kind.is_empty() {
        return Err("type is required".to_owned());
    }
    if m.target.is_empty() {
        return Err("target is required".to_owned());
    }
    let kinds = [
        (m.volume_options.is_some(), "volume"),
        (m.bind_options.is_some(), "bind"),
        (m.image_options.is_some(), "image"),
        (m.tmpfs_options.is_some(), "tmpfs"),
    ];
    if let Some((_, of)) = kinds.iter().find(|(given, kind)| *given && m.kind != *kind) {
        return Err(format!("cannot mix '{of}-*' options with mount type '{}'", m.kind));
    }
    let Some(b) = &m.bind_options else { return Ok(()) };
    let needs = |option: &str, what: &str| {
        Err(format!("option 'bind-recursive={option}' requires '{what}' to be specified in conjunction"))
    };
    if b.read_only_non_recursive && !m.read_only {
        return needs("writable", "readonly");
    }
    if b.read_only_force_recursive && !m.read_only {
        return needs("readonly", "readonly");
    }
    if b.read_only_force_recursive && b.propagation != "rprivate" {
        return needs("readonly", "bind-propagation=rprivate");
    }
    Ok(())
}
