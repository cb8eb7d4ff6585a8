//! Filters that several kinds of objects share: `label`, `label!`, `until` (moby `daemon/prune.go`).

use std::collections::BTreeMap;

use layerlab_api::filters::Filters;
use layerlab_oci::Timestamp;

use crate::error::ApiError;

/// Refuses names that are not among those that are known.
///
/// # Errors
/// The daemon's words.
pub fn known(filters: &Filters, names: &[&str]) -> Result<(), ApiError> {
    match filters.0.keys().find(|k| !names.contains(&k.as_str())) {
        Some(other) => Err(ApiError::bad(format!("invalid filter '{other}'"))),
        None => Ok(()),
    }
}

/// Whether labels pass `label=…` (all of them) and `label!=…` (none of them).
pub fn labels(filters: &Filters, labels: Option<&BTreeMap<String, String>>) -> bool {
    let has = |l: &str| {
        let found = |k: &str| labels.and_then(|m| m.get(k));
        l.split_once('=').map_or(found(l).is_some(), |(k, v)| found(k).is_some_and(|x| x == v))
    };
    filters.get("label").all(has) && !filters.get("label!").any(has)
}

/// The moment that `until` names: a duration before now, or a time.
///
/// # Errors
/// It is neither, or there are two.
pub fn until(filters: &Filters, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    let mut all = filters.get("until");
    let Some(text) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err(ApiError::bad("more than one until filter specified"));
    }
    if let Some(back) = duration(text) {
        let nanos = i128::from(now.secs) * 1_000_000_000 + i128::from(now.nanos) - back;
        return Ok(Some(Timestamp::from_nanos(nanos)));
    }
    if let Some(nanos) = seconds(text) {
        return Ok(Some(Timestamp::from_nanos(nanos)));
    }
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let full = if full.len() == 19 { format!("{full}Z") } else { full };
    full.parse().map(Some).map_err(|_| ApiError::bad(format!("failed to parse value as time or duration: \"{text}\"")))
}

/// Seconds since 1970 with a fraction, in nanoseconds.
fn seconds(text: &str) -> Option<i128> {
    let (secs, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if secs.is_empty() || !digits(secs) || !digits(fraction) {
        return None;
    }
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    Some(secs.parse::<i128>().ok()? * 1_000_000_000 + nanos.parse::<i128>().ok()?)
}

/// Go's durations: `1h30m`, in nanoseconds.
fn duration(text: &str) -> Option<i128> {
    let mut rest = text;
    let mut sum = 0i128;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (digits, tail) = rest.split_at(number);
        let unit = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (name, next) = tail.split_at(unit);
        let size = match name {
            "ns" => 1i128,
            "us" | "µs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.get(..fraction.len().min(9))?.parse().ok()? };
        let scale = 10i128.pow(fraction.len().min(9) as u32);
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        sum = sum.checked_add(whole.checked_mul(size)?)?.checked_add(part.checked_mul(size)? / scale)?;
        rest = next;
    }
    (!text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<Option<Timestamp>, String> {
        let mut f = Filters::default();
        f.add("until", text);
        until(&f, Timestamp { secs: 100_000, nanos: 0 }).map_err(|e| e.message)
    }

    #[test]
    fn until_is_a_duration_or_a_time() {
        assert_eq!(at("1h30m"), Ok(Some(Timestamp { secs: 94_600, nanos: 0 })));
        assert_eq!(at("1.5s"), Ok(Some(Timestamp { secs: 99_998, nanos: 500_000_000 })));
        assert_eq!(at("1700000000.25"), Ok(Some(Timestamp { secs: 1_700_000_000, nanos: 250_000_000 })));
        assert_eq!(at("1970-01-02"), Ok(Some(Timestamp { secs: 86_400, nanos: 0 })));
        assert_eq!(at("soon"), Err("failed to parse value as time or duration: \"soon\"".to_owned()));
    }
}
