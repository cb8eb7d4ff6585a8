//! `--gpus`, `--blkio-weight-device`, `--device-read-bps` and its like (docker/cli `opts/gpus.go`,
//! `opts/weightdevice.go`, `opts/throttledevice.go`).

use std::collections::BTreeMap;

use layerlab_api::container::{DeviceRequest, ThrottleDevice, WeightDevice};

use crate::flags::value::{csv, parse_bytes};

/// Reads `all`, `2`, `device=0`, `"capabilities=compute,utility",count=1`.
///
/// # Errors
/// The client's words.
pub(crate) fn gpus(value: &str) -> Result<DeviceRequest, String> {
    let mut r = DeviceRequest::default();
    let (mut seen, mut counted) = (Vec::new(), false);
    let split = |list: &str| -> Vec<String> { list.split(',').map(str::to_owned).collect() };
    for field in csv(value)? {
        let (key, val) = field.split_once('=').map_or((field.as_str(), None), |(k, v)| (k, Some(v)));
        if seen.iter().any(|s| s == key) {
            return Err(format!("gpu request key '{key}' can be specified only once"));
        }
        seen.push(key.to_owned());
        match (key, val) {
            (_, None) => (r.count, counted) = (count(key)?, true),
            ("count", Some(v)) => (r.count, counted) = (count(v)?, true),
            ("driver", Some(v)) => v.clone_into(&mut r.driver),
            ("device", Some(v)) => r.device_ids = Some(split(v)),
            ("capabilities", Some(v)) => {
                let mut list = split(v);
                list.push("gpu".to_owned());
                r.capabilities = Some(vec![list]);
            }
            ("options", Some(v)) => {
                let pair =
                    |o: String| o.split_once('=').map_or((o.clone(), String::new()), |(k, v)| (k.into(), v.into()));
                r.options = Some(csv(v)?.into_iter().map(pair).collect());
            }
            _ => return Err(format!("unexpected key '{key}' in '{field}'")),
        }
    }
    if !counted && r.device_ids.is_none() {
        r.count = 1;
    }
    r.options.get_or_insert_with(BTreeMap::new);
    r.capabilities.get_or_insert_with(|| vec![vec!["gpu".to_owned()]]);
    Ok(r)
}

fn count(text: &str) -> Result<i64, String> {
    if text == "all" {
        return Ok(-1);
    }
    text.parse()
        .map_err(|_| format!("invalid count ({text}): value must be either \"all\" or an integer: invalid syntax"))
}

fn path(value: &str) -> Result<(&str, &str), String> {
    let (path, rest) =
        value.split_once(':').filter(|p| !p.0.is_empty()).ok_or_else(|| format!("bad format: {value}"))?;
    if path.starts_with("/dev/") { Ok((path, rest)) } else { Err(format!("bad format for device path: {value}")) }
}

/// Reads `/dev/sda:200`.
///
/// # Errors
/// The client's words.
pub(crate) fn weight(value: &str) -> Result<WeightDevice, String> {
    let (path, text) = path(value)?;
    match text.parse() {
        Ok(weight @ (0 | 10..=1000)) => Ok(WeightDevice { path: path.to_owned(), weight }),
        _ => Err(format!("invalid weight for device: {value}")),
    }
}

/// Reads `/dev/sda:1mb`.
///
/// # Errors
/// The client's words.
pub(crate) fn bytes_a_second(value: &str) -> Result<ThrottleDevice, String> {
    let (path, text) = path(value)?;
    let rate = parse_bytes(text).ok().and_then(|n| u64::try_from(n).ok()).ok_or_else(|| {
        format!(
            "invalid rate for device: {value}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb"
        )
    })?;
    Ok(ThrottleDevice { path: path.to_owned(), rate })
}

/// Reads `/dev/sda:100`.
///
/// # Errors
/// The client's words.
pub(crate) fn requests_a_second(value: &str) -> Result<ThrottleDevice, String> {
    let (path, text) = path(value)?;
    let rate = text.parse().map_err(|_| {
        format!(
            "invalid rate for device: {value}. The correct format is <device-path>:<number>. Number must be a positive integer"
        )
    })?;
    Ok(ThrottleDevice { path: path.to_owned(), rate })
}
