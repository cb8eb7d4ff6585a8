//! What flags take: numbers, sizes, durations and docker's own kinds, with the words in which the
//! real client refuses them (docker/cli `opts/`, Go's `strconv` and `time`).

use super::service;
use crate::commands::container::devices;
use crate::tree::Flag;

/// Go's `strconv.ParseBool`.
pub fn parse_bool(s: &str) -> Option<bool> {
    match s {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Go's `strconv.ParseInt(s, 0, 64)`.
pub fn parse_int(s: &str) -> Result<i64, String> {
    let fail = |why: &str| format!("strconv.ParseInt: parsing {}: {why}", crate::format::quote(s));
    let (sign, digits) = match s.strip_prefix('-') {
        Some(d) => (-1, d),
        None => (1, s.strip_prefix('+').unwrap_or(s)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..).unwrap_or("")),
        Some("0b" | "0B") => (2, digits.get(2..).unwrap_or("")),
        Some("0o" | "0O") => (8, digits.get(2..).unwrap_or("")),
        Some(d) if d.starts_with('0') => (8, digits.get(1..).unwrap_or("")),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(fail("invalid syntax"));
    }
    i64::from_str_radix(digits, radix).map(|n| sign * n).map_err(|_| fail("value out of range"))
}

/// Bytes from `64m`, `1.5g`, `512` (docker/go-units `RAMInBytes`: binary units).
pub fn parse_bytes(s: &str) -> Result<i64, String> {
    let fail = || format!("invalid size: '{s}'");
    let end = s.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ').ok_or_else(fail)?;
    let (number, unit) = (s.get(..=end).unwrap_or(""), s.get(end + 1..).unwrap_or(""));
    let number = number.strip_suffix(' ').unwrap_or(number);
    let size: f64 = number.parse().map_err(|_| fail())?;
    if size < 0.0 || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return Err(fail());
    }
    let unit = unit.to_ascii_lowercase();
    let factor = match unit.as_str() {
        "" | "b" => 1u64,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        "p" | "pb" | "pib" => 1 << 50,
        _ => return Err(format!("invalid suffix: '{unit}'")),
    };
    Ok((size * factor as f64) as i64)
}

/// Nanoseconds from `1h2m3.5s` (Go's `time.ParseDuration`).
pub fn parse_duration(s: &str) -> Result<i64, String> {
    let fail = || format!("time: invalid duration {}", crate::format::quote(s));
    let (sign, mut rest) = match s.strip_prefix('-') {
        Some(r) => (-1.0, r),
        None => (1.0, s.strip_prefix('+').unwrap_or(s)),
    };
    if rest == "0" {
        return Ok(0);
    }
    let mut total = 0.0;
    if rest.is_empty() {
        return Err(fail());
    }
    while !rest.is_empty() {
        let n = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, r) = rest.split_at(n);
        let value: f64 = number.parse().map_err(|_| fail())?;
        let u = r.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(r.len());
        let (unit, r) = r.split_at(u);
        let factor = match unit {
            "" => return Err(format!("time: missing unit in duration {}", crate::format::quote(s))),
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => {
                return Err(format!(
                    "time: unknown unit {} in duration {}",
                    crate::format::quote(unit),
                    crate::format::quote(s)
                ));
            }
        };
        total += value * factor;
        rest = r;
    }
    Ok((sign * total) as i64)
}

/// Billionths of a CPU from `1.5` or `3/4` (docker/cli `opts.ParseCPUs`).
pub fn parse_cpus(s: &str) -> Result<i64, String> {
    let fail = || format!("failed to parse {s} as a rational number");
    let (n, d) = s.split_once('/').unwrap_or((s, "1"));
    let (n, d): (f64, f64) = (n.parse().map_err(|_| fail())?, d.parse().map_err(|_| fail())?);
    if d == 0.0 || !n.is_finite() {
        return Err(fail());
    }
    let nano = n / d * 1e9;
    if (nano - nano.round()).abs() > 1e-3 {
        return Err("value is too precise".into());
    }
    Ok(nano.round() as i64)
}

/// The fields of one line of comma-separated values (Go's `encoding/csv`).
///
/// # Errors
/// A quote where none may be, with Go's words.
pub(crate) fn csv(line: &str) -> Result<Vec<String>, String> {
    if line.is_empty() {
        return Err("EOF".to_owned());
    }
    let error = |at: usize, why: &str| format!("parse error on line 1, column {}: {why}", at + 1);
    let mut fields = Vec::new();
    let mut chars = line.char_indices().peekable();
    loop {
        let mut field = String::new();
        if chars.next_if(|c| c.1 == '"').is_some() {
            loop {
                match chars.next() {
                    Some((_, '"')) if chars.next_if(|c| c.1 == '"').is_some() => field.push('"'),
                    Some((_, '"')) => break,
                    Some((_, c)) => field.push(c),
                    None => return Err(error(line.len(), "extraneous or missing \" in quoted-field")),
                }
            }
            if let Some((at, _)) = chars.peek().filter(|c| c.1 != ',') {
                return Err(error(*at - 1, "extraneous or missing \" in quoted-field"));
            }
        } else {
            while let Some((at, c)) = chars.next_if(|c| c.1 != ',') {
                if c == '"' {
                    return Err(error(at, "bare \" in non-quoted-field"));
                }
                field.push(c);
            }
        }
        fields.push(field);
        if chars.next().is_none() {
            return Ok(fields);
        }
    }
}

/// Checks a value as the flag's type does when it is set.
pub fn check(flag: &Flag, v: &str) -> Result<(), String> {
    match flag.kind {
        "bool" if parse_bool(v).is_none() => {
            Err(format!("strconv.ParseBool: parsing {}: invalid syntax", crate::format::quote(v)))
        }
        "int" => parse_int(v).map(drop),
        "uint" | "uint16" | "uint32" => parse_int(v).map_err(|e| e.replace("ParseInt", "ParseUint")).and_then(|n| {
            let fail = |why| Err(format!("strconv.ParseUint: parsing {}: {why}", crate::format::quote(v)));
            match (flag.kind, n) {
                (_, ..0) => fail("invalid syntax"),
                ("uint16", 65536..) | ("uint32", 4_294_967_296..) => fail("value out of range"),
                _ => Ok(()),
            }
        }),
        "bytes" if v == "-1" && flag.name == "memory-swap" => Ok(()),
        "bytes" => parse_bytes(v).map(drop),
        _ if service::knows(flag) => service::check(flag, v),
        "duration" => parse_duration(v).map(drop),
        "stringToString" if let Some(wrong) = pairs(v).into_iter().find(|p| !p.contains('=')) => {
            Err(format!("{wrong} must be formatted as key=value"))
        }
        "decimal" => parse_cpus(v).map(drop),
        "filter" if !v.contains('=') && !v.is_empty() => Err("bad format of filter (expected name=value)".into()),
        "ip" if v.parse::<std::net::IpAddr>().is_err() => {
            Err(format!("invalid string being converted to IP address: {v}"))
        }
        "ulimit" => check_ulimit(v),
        "mount" => super::super::commands::container::mount::parse(v, "/").map(drop),
        "network" => crate::commands::container::networks::check_network(v),
        "gpu-request" => devices::gpus(v).map(drop),
        "list" | "map" => check_named(flag.name, v),
        _ => Ok(()),
    }
}

/// The parts of a list of `key=value`; with a single `=` a comma belongs to the value (pflag `stringToStringConv`).
pub(crate) fn pairs(v: &str) -> Vec<String> {
    match v.matches('=').count() {
        0 => vec![v.to_owned()],
        1 => vec![v.trim_matches('"').to_owned()],
        _ => csv(v).unwrap_or_default(),
    }
}

fn check_ulimit(v: &str) -> Result<(), String> {
    let bad = || format!("invalid ulimit argument: {v}");
    let (name, limits) = v.split_once('=').ok_or_else(bad)?;
    if ![
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
    ]
    .contains(&name)
    {
        return Err(format!("invalid ulimit type: {name}"));
    }
    if limits.split(':').count() > 2 {
        return Err(format!("too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`"));
    }
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let (soft, hard) = (parse_int(soft)?, parse_int(hard)?);
    if hard != -1 && (soft > hard || soft == -1) {
        return Err(format!("ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}"));
    }
    Ok(())
}

/// `c 1:3 mr`, `a *:* rwm` (docker/cli `opts/opts.go`).
fn is_device_rule(v: &str) -> bool {
    let parts: Vec<&str> = v.split(' ').collect();
    let &[kind, numbers, mode] = parts.as_slice() else { return false };
    let number = |n: &str| n == "*" || (!n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    matches!(kind, "a" | "b" | "c")
        && numbers.split_once(':').is_some_and(|(a, b)| number(a) && number(b))
        && (1..=3).contains(&mode.len())
        && mode.chars().all(|c| "rwm".contains(c))
}

/// A setting that belongs to a namespace (docker/cli `opts.ValidateSysctl`).
fn is_sysctl(v: &str) -> bool {
    const OF_IPC: &[&str] = &[
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
        "kernel.sem",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ];
    v.split_once('=')
        .is_some_and(|(name, _)| OF_IPC.contains(&name) || name.starts_with("net.") || name.starts_with("fs.mqueue."))
}

/// `.`, or names with dots between (docker/cli `opts.ValidateDNSSearch`).
fn is_search_domain(v: &str) -> bool {
    let v = v.trim_matches(' ');
    let part = |p: &str| {
        !p.is_empty()
            && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !p.starts_with('-')
            && !p.ends_with('-')
    };
    let name = v.strip_suffix('.').unwrap_or(v);
    v == "." || (v.contains(|c: char| c.is_ascii_alphabetic()) && v.len() <= 255 && name.split('.').all(part))
}

/// The validators of single flags (docker/cli `opts.Validate…`).
pub(super) fn check_named(name: &str, v: &str) -> Result<(), String> {
    match name {
        "attach" if !["stdin", "stdout", "stderr"].contains(&v.to_ascii_lowercase().as_str()) => {
            Err("valid streams are STDIN, STDOUT and STDERR".into())
        }
        "env" | "env-add" if v.is_empty() || v.starts_with('=') => Err(format!("invalid environment variable: {v}")),
        "label" | "container-label" | "container-label-add" if v.starts_with('=') || v.is_empty() => {
            Err(format!("invalid label '{v}': empty name"))
        }
        "label" | "container-label" | "container-label-add"
            if v.split('=').next().is_some_and(|k| k.contains(char::is_whitespace)) =>
        {
            Err(format!("label '{}' contains whitespaces", v.split('=').next().unwrap_or("")))
        }
        "add-host" | "host" | "host-add" => match v.split_once(['=', ':']) {
            Some((host, ip)) if !host.is_empty() => {
                let bare = ip.trim_start_matches('[').trim_end_matches(']');
                if ip == "host-gateway" || bare.parse::<std::net::IpAddr>().is_ok() {
                    Ok(())
                } else {
                    Err(format!("invalid IP address in add-host: {}", crate::format::quote(ip)))
                }
            }
            _ => Err(format!("bad format for add-host: {}", crate::format::quote(v))),
        },
        "link" if v.is_empty() => Err("empty string specified for links".into()),
        "link" if v.split(':').count() > 2 => Err(format!("bad format for links: {v}")),
        "device-cgroup-rule" if !is_device_rule(v) => Err(format!("invalid device cgroup format '{v}'")),
        "blkio-weight-device" => devices::weight(v).map(drop),
        "device-read-bps" | "device-write-bps" => devices::bytes_a_second(v).map(drop),
        "device-read-iops" | "device-write-iops" => devices::requests_a_second(v).map(drop),
        "dns" | "dns-add" if v.parse::<std::net::IpAddr>().is_err() => {
            Err(format!("IP address is not correctly formatted: {v}"))
        }
        "dns-search" | "dns-search-add" if !is_search_domain(v) => Err(format!("{v} is not a valid domain")),
        "sysctl" if !is_sysctl(v) => Err(format!("sysctl '{v}' is not allowed")),
        _ => Ok(()),
    }
}
