//! `image-built`: an image of this name was built on this machine.

use layerlab_engine::build::record::BuildState;

use super::{Verdict, View, words};

pub(super) fn check(view: &View<'_>, image: &str) -> Verdict {
    if view.image(image).is_none() {
        return Err(match view.last_build() {
            None => None,
            Some(b) => match &b.state {
                BuildState::Failed { line: Some(n), .. } => words(
                    format!("der letzte Build ist an Zeile {n} des Dockerfiles gescheitert"),
                    format!("the last build failed at line {n} of the Dockerfile"),
                ),
                BuildState::Failed { .. } => words("der letzte Build ist gescheitert", "the last build failed"),
                BuildState::Running => words("der Build läuft noch", "the build is still running"),
                BuildState::Canceled => words("der Build wurde abgebrochen", "the build was cancelled"),
                BuildState::Done if b.tags.is_empty() => words(
                    format!("das gebaute Image hat keinen Namen; es soll `{image}` heißen"),
                    format!("the image that was built has no name; it should be called `{image}`"),
                ),
                BuildState::Done => words(
                    format!("das gebaute Image heißt `{}`; es soll `{image}` heißen", b.tags.join("`, `")),
                    format!("the image that was built is called `{}`; it should be `{image}`", b.tags.join("`, `")),
                ),
            },
        });
    }
    let id = view.image(image).map(|i| i.id());
    let built = view.engine.is_some_and(|e| e.builds.iter().any(|b| b.state == BuildState::Done && b.image == id));
    if built {
        return Ok(());
    }
    Err(words(
        format!("`{image}` gibt es, es wurde aber nicht auf dieser Maschine gebaut"),
        format!("`{image}` exists, but was not built on this machine"),
    ))
}
