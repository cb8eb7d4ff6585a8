//! Log drivers and their options (moby `daemon/logger/jsonfilelog`, `loggerutils`).

use layerlab_api::container::LogConfig;

use crate::error::ApiError;

/// What a file of the log holds, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rotation {
    /// Bytes after which a new file begins; `None`: never.
    pub size: Option<u64>,
    /// Files that are kept.
    pub files: u64,
}

/// Options that a driver knows; `None`: those of drivers that are not simulated are not looked at.
fn known(driver: &str) -> Option<&'static [&'static str]> {
    const JSON: &[&str] = &["max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag"];
    const LOCAL: &[&str] = &["max-file", "max-size", "compress"];
    match driver {
        "" | "json-file" => Some(JSON),
        "local" => Some(LOCAL),
        _ => None,
    }
}

/// Refuses options that the driver does not know, and values that it cannot read.
///
/// # Errors
/// The daemon's words.
pub fn check(config: &LogConfig) -> Result<(), ApiError> {
    let driver = if config.kind.is_empty() { "json-file" } else { &config.kind };
    let Some(names) = known(driver) else { return Ok(()) };
    let general = ["mode", "max-buffer-size", "cache-disabled", "cache-max-file", "cache-max-size", "cache-compress"];
    if let Some(unknown) = config.config.keys().find(|k| !names.contains(&k.as_str()) && !general.contains(&k.as_str()))
    {
        return Err(ApiError::bad(format!("unknown log opt '{unknown}' for {driver} log driver")));
    }
    if let Some(size) = config.config.get("max-size") {
        bytes(size).ok_or_else(|| ApiError::bad(format!("invalid size: '{size}'")))?;
    }
    if let Some(files) = config.config.get("max-file") {
        match files.parse::<i64>() {
            Err(_) => {
                return Err(ApiError::bad(format!("strconv.Atoi: parsing \"{files}\": invalid syntax")));
            }
            Ok(..=0) => return Err(ApiError::bad("max-file cannot be less than 1")),
            Ok(2..) if driver == "json-file" && !config.config.contains_key("max-size") => {
                return Err(ApiError::bad("max-file cannot be set without a max-size"));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

/// How a container's log is rotated: `json-file` not at all unless asked, `local` always.
pub fn rotation(config: &LogConfig) -> Rotation {
    let local = config.kind == "local";
    let asked = config.config.get("max-size").and_then(|s| bytes(s));
    let files = config.config.get("max-file").and_then(|n| n.parse().ok());
    Rotation {
        size: asked.or(local.then_some(20_000_000)).filter(|n| *n > 0),
        files: files.unwrap_or(if local { 5 } else { 1 }),
    }
}

/// `10m` in units of 1000 (go-units `FromHumanSize`).
fn bytes(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 1.0,
        "k" => 1e3,
        "m" => 1e6,
        "g" => 1e9,
        "t" => 1e12,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|n| (n * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(kind: &str, options: &[(&str, &str)]) -> LogConfig {
        let config = options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        LogConfig { kind: kind.to_owned(), config }
    }

    #[test]
    fn options_are_those_of_the_driver() {
        let refused = |kind, options: &[(&str, &str)]| check(&config(kind, options)).map_err(|e| e.message);
        assert_eq!(refused("json-file", &[("max-size", "10m"), ("max-file", "3")]), Ok(()));
        assert_eq!(
            refused("json-file", &[("bogus", "1")]),
            Err("unknown log opt 'bogus' for json-file log driver".to_owned())
        );
        assert_eq!(refused("", &[("max-file", "3")]), Err("max-file cannot be set without a max-size".to_owned()));
        assert_eq!(refused("syslog", &[("syslog-address", "x")]), Ok(()));
    }

    #[test]
    fn only_local_rotates_unasked() {
        assert_eq!(rotation(&config("json-file", &[])), Rotation { size: None, files: 1 });
        assert_eq!(rotation(&config("local", &[])), Rotation { size: Some(20_000_000), files: 5 });
        assert_eq!(
            rotation(&config("json-file", &[("max-size", "1k"), ("max-file", "2")])),
            Rotation { size: Some(1000), files: 2 }
        );
    }
}
