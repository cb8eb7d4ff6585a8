//! STOPSIGNAL's names (moby/sys/signal).

const NAMES: [&str; 34] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
    "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
    "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
];

/// Whether the engine knows the signal: a number but 0, or a name with or without `SIG`.
///
/// # Errors
/// The engine's message.
pub fn check_signal(text: &str) -> Result<(), String> {
    let known = match text.parse::<i64>() {
        Ok(number) => number != 0,
        Err(_) => {
            let upper = text.to_uppercase();
            let name = upper.strip_prefix("SIG").unwrap_or(&upper);
            NAMES.contains(&name) || is_real_time(name)
        }
    };
    if known { Ok(()) } else { Err(format!("invalid signal: {text}")) }
}

/// `RTMIN`, `RTMIN+1` to `RTMIN+15`, `RTMAX-14` to `RTMAX-1`, `RTMAX`
fn is_real_time(name: &str) -> bool {
    let offset = |text: &str, limit: u8| text.parse::<u8>().is_ok_and(|n| (1..=limit).contains(&n));
    match (name.strip_prefix("RTMIN"), name.strip_prefix("RTMAX")) {
        (Some(""), _) | (_, Some("")) => true,
        (Some(rest), _) => rest.strip_prefix('+').is_some_and(|n| offset(n, 15)),
        (_, Some(rest)) => rest.strip_prefix('-').is_some_and(|n| offset(n, 14)),
        _ => false,
    }
}
