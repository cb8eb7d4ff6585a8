//! What `docker build --check` prints.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::excerpt::source_excerpt;

/// The report on a file: how many warnings, each with its excerpt in the order of the lines, and
/// what stops the build, if anything does. The command fails if there is a warning or an error.
#[must_use]
pub fn check_report(file_name: &str, text: &str, warnings: &[Diagnostic], error: Option<&Diagnostic>) -> String {
    let mut out = match warnings.len() {
        0 if error.is_some() => String::new(),
        0 => "Check complete, no warnings found.\n".to_owned(),
        1 => "Check complete, 1 warning has been found!\n".to_owned(),
        count => format!("Check complete, {count} warnings have been found!\n"),
    };
    let mut sorted: Vec<&Diagnostic> = warnings.iter().collect();
    sorted.sort_by_key(|found| *found.lines.start());
    for found in sorted {
        let name = found.rule.unwrap_or_default();
        out.push_str("\nWARNING: ");
        out.push_str(name);
        if let Some(url) = Rule::named(name).and_then(Rule::url) {
            out.push_str(" - ");
            out.push_str(&url);
        }
        out.push('\n');
        push_place(&mut out, file_name, text, found);
    }
    if let Some(error) = error {
        out.push_str("\nERROR: ");
        push_place(&mut out, file_name, text, error);
    }
    out
}

fn push_place(out: &mut String, file_name: &str, text: &str, found: &Diagnostic) {
    out.push_str(&found.message);
    out.push('\n');
    out.push_str(&source_excerpt(file_name, text, &found.lines).unwrap_or_default());
}
