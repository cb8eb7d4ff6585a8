//! `step-cached`: a rebuild took this step from the cache.

use layerlab_engine::build::record::LineState;

use super::{Verdict, View, words};

pub(super) fn check(view: &View<'_>, image: &str, step: &str) -> Verdict {
    let rebuilds: Vec<_> = view.builds(image).collect();
    // The first build had nothing to take from.
    if rebuilds.len() < 2 {
        return Err(None);
    }
    let Some(build) = rebuilds.first() else { return Err(None) };
    let Some(line) = build.lines.iter().find(|l| l.text.starts_with(step)) else {
        return Err(words(
            format!("im Dockerfile steht kein `{step}` mehr"),
            format!("the Dockerfile has no `{step}` any more"),
        ));
    };
    match line.state {
        LineState::Hit { .. } => Ok(()),
        _ => Err(words(
            format!("`{step}` lief beim letzten Build noch einmal: Die Build-Ansicht sagt, warum"),
            format!("`{step}` ran again in the last build: the build view says why"),
        )),
    }
}
