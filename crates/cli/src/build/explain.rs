//! `docker build --explain`, an addition of this machine: why each step was or wasn't cached.

use layerlab_api::build::Cause;

use super::trace::State;

/// A line for each step that has a cause.
pub fn explain(state: &State) -> String {
    let mut out = String::from("\nWhy each step was run or taken from the cache:\n");
    let mut any = false;
    for step in state.steps() {
        let Some(cause) = &step.vertex.cause else { continue };
        any = true;
        let state = if matches!(cause, Cause::Hit { .. }) { "CACHED" } else { "RUN   " };
        out.push_str(&format!("  {state} {}\n         {}\n", step.vertex.name, reason(cause)));
    }
    if any { out } else { String::new() }
}

/// How many names of files are told.
const NAMES: usize = 20;

fn files(list: &[String]) -> String {
    let more = list.len().saturating_sub(NAMES);
    let names = list.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

fn value(v: Option<&String>) -> String {
    v.map_or("(unset)".into(), |v| crate::format::quote(v))
}

/// A cause in a sentence.
pub fn reason(c: &Cause) -> String {
    match c {
        Cause::Hit { made_by: 0 } => "from an imported cache".to_owned(),
        Cause::Hit { made_by } => format!("same instruction and inputs as in build {made_by}"),
        Cause::InstructionChanged { old, new } => {
            format!("the instruction changed: {} is now {}", crate::format::quote(old), crate::format::quote(new))
        }
        Cause::FilesChanged { changed, added, removed } => {
            let kinds = [("changed", changed), ("new", added), ("gone", removed)];
            let parts =
                kinds.iter().filter(|(_, l)| !l.is_empty()).map(|(what, l)| format!("files {what}: {}", files(l)));
            parts.collect::<Vec<_>>().join("; ")
        }
        Cause::ModeChanged { files: f } => format!("permission bits changed: {}", files(f)),
        Cause::BuildArgChanged { name, old, new } => {
            format!("build argument {name} changed from {} to {}", value(old.as_ref()), value(new.as_ref()))
        }
        Cause::EnvChanged { name, old, new } => {
            format!("environment variable {name} changed from {} to {}", value(old.as_ref()), value(new.as_ref()))
        }
        Cause::SettingChanged { name, old, new } => {
            format!("{name} changed from {} to {}", crate::format::quote(old), crate::format::quote(new))
        }
        Cause::BaseImageMoved { reference, old, new } => {
            format!("the base image {reference} changed from {old} to {new}")
        }
        Cause::ParentMissed { step, line } => format!("an earlier step was run anew: {step} (line {line})"),
        Cause::NeverBuilt => "never built before".into(),
        Cause::CachePruned => "its result was removed from the build cache".into(),
        Cause::NoCache => "the cache was not asked (--no-cache)".into(),
    }
}
