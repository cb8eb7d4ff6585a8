//! Findings of the build checks, as buildx prints them.

use layerlab_api::build::Warning;

/// After a build: one line each, or with `--debug` all of it.
pub fn summary(warnings: &[Warning], debug: bool) -> String {
    let n = warnings.len();
    if n == 0 {
        return String::new();
    }
    let found = if n == 1 { "1 warning found".to_owned() } else { format!("{n} warnings found") };
    if debug {
        let mut out = format!("\n \x1b[33m{found}:\n\x1b[0m");
        for w in warnings {
            out.push_str(&format!(" - {}\n", w.short));
            for d in &w.detail {
                out.push_str(&format!("{d}\n"));
            }
            if !w.url.is_empty() {
                out.push_str(&format!("More info: {}\n", w.url));
            }
            out.push_str(&excerpt(w));
            out.push('\n');
        }
        return out;
    }
    let mut out = format!("\n \x1b[33m{found} (use docker --debug to expand):\n\x1b[0m");
    for w in warnings {
        out.push_str(&format!(" - {}\n", w.short));
    }
    out
}

fn excerpt(w: &Warning) -> String {
    w.source.as_ref().map(super::excerpt).unwrap_or_default()
}

/// `docker build --check`.
pub fn check(warnings: &[Warning]) -> String {
    let mut out = match warnings.len() {
        0 => "Check complete, no warnings found.\n".to_owned(),
        1 => "Check complete, 1 warning has been found!\n".to_owned(),
        n => format!("Check complete, {n} warnings have been found!\n"),
    };
    for w in warnings {
        let (rule, text) = w.short.split_once(": ").unwrap_or(("", &w.short));
        let text = text.rsplit_once(" (line ").map_or(text, |(t, _)| t);
        out.push_str(&format!("\nWARNING: {rule} - {}\n{text}\n{}", w.url, excerpt(w)));
    }
    out
}
