//! The texts of an image's history (BuildKit, `dockerfile2llb/convert.go`).

use layerlab_dockerfile::quote;
use layerlab_oci::config::Healthcheck;

use super::key::CopyOp;

/// `["a" "b"]`, as Go's `%q` prints a list.
pub fn quoted(words: &[String]) -> String {
    let all: Vec<String> = words.iter().map(|w| quote(w)).collect();
    format!("[{}]", all.join(" "))
}

/// `[a b]`, as Go's `%v` prints a list.
pub fn plain(words: &[String]) -> String {
    format!("[{}]", words.join(" "))
}

/// RUN: build arguments first.
pub fn run(argv: &[String], args: &[(String, String)]) -> String {
    let mut words = Vec::new();
    if !args.is_empty() {
        words.push(format!("|{}", args.len()));
        words.extend(args.iter().map(|(k, v)| format!("{k}={v}")));
    }
    words.extend(argv.iter().cloned());
    format!("RUN {} # buildkit", words.join(" "))
}

/// COPY and ADD.
pub fn copy(op: &CopyOp, written_destination: &str) -> String {
    let mut out = if op.add { "ADD" } else { "COPY" }.to_owned();
    for (flag, value) in [("chown", &op.chown), ("chmod", &op.chmod)] {
        if !value.is_empty() {
            out.push_str(&format!(" --{flag}={value}"));
        }
    }
    for source in op.sources.iter().chain(op.inline.keys()) {
        out.push(' ');
        out.push_str(source);
    }
    format!("{out} {written_destination} # buildkit")
}

/// HEALTHCHECK: Go's `%q` of the struct.
pub fn healthcheck(h: &Healthcheck) -> String {
    let times: Vec<String> =
        [h.interval, h.timeout, h.start_period, h.start_interval].iter().map(|t| quote(&duration(*t))).collect();
    let retries = u32::try_from(h.retries).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    let shown = if retries.is_ascii_graphic() { retries.to_string() } else { format!("\\x{:02x}", u32::from(retries)) };
    format!("HEALTHCHECK &{{{} {} '{shown}'}}", quoted(&h.test), times.join(" "))
}

/// Go's `time.Duration.String`.
pub fn duration(ns: i64) -> String {
    if ns == 0 {
        return "0s".to_owned();
    }
    let sign = if ns < 0 { "-" } else { "" };
    let ns = ns.unsigned_abs();
    let fraction = |value: u64, unit: u64| {
        let rest = value % unit;
        let digits = unit.ilog10() as usize;
        let text = format!("{rest:0digits$}");
        let text = text.trim_end_matches('0');
        if text.is_empty() { (value / unit).to_string() } else { format!("{}.{text}", value / unit) }
    };
    let text = match ns {
        0..1_000 => format!("{ns}ns"),
        1_000..1_000_000 => format!("{}µs", fraction(ns, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", fraction(ns, 1_000_000)),
        _ => {
            let minutes = ns / 60_000_000_000;
            let seconds = format!("{}s", fraction(ns % 60_000_000_000, 1_000_000_000));
            match (minutes / 60, minutes % 60) {
                (0, 0) => seconds,
                (0, m) => format!("{m}m{seconds}"),
                (h, m) => format!("{h}h{m}m{seconds}"),
            }
        }
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        for (ns, want) in [
            (0, "0s"),
            (30_000_000_000, "30s"),
            (1_500_000_000, "1.5s"),
            (90_000_000_000, "1m30s"),
            (3_600_000_000_000, "1h0m0s"),
            (1_100_000, "1.1ms"),
        ] {
            assert_eq!(duration(ns), want);
        }
    }

    #[test]
    fn history_is_buildkits() {
        let words = |l: &[&str]| l.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(run(&words(&["/bin/sh", "-c", "echo hi"]), &[]), "RUN /bin/sh -c echo hi # buildkit");
        assert_eq!(
            run(&words(&["/bin/sh", "-c", "x"]), &[("V".to_owned(), "2".to_owned())]),
            "RUN |1 V=2 /bin/sh -c x # buildkit"
        );
        assert_eq!(format!("CMD {}", quoted(&words(&["python", "main.py"]))), "CMD [\"python\" \"main.py\"]");
        let op = CopyOp { sources: words(&["."]), destination: "/app/".to_owned(), ..CopyOp::default() };
        assert_eq!(copy(&op, "."), "COPY . . # buildkit");
        let h = Healthcheck {
            test: words(&["CMD-SHELL", "true"]),
            interval: 30_000_000_000,
            timeout: 3_000_000_000,
            retries: 3,
            ..Healthcheck::default()
        };
        assert_eq!(healthcheck(&h), "HEALTHCHECK &{[\"CMD-SHELL\" \"true\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x03'}");
    }
}
