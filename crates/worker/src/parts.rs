//! Loading the worker in parts: most of the machine's programs (`lab::parts`), and what looks at the
//! machine for the page, are not needed for a prompt. `xtask` cuts the worker's program into files
//! at the functions marked here; each is fetched when it is first called.

use crate::lab::{Parts, View};
use layerlab_lab::parts;
use layerlab_protocol::Encoded;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// A part's file could not be fetched.
#[derive(Debug)]
pub(crate) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// All parts, in the order in which they are needed: what looks at the machine, then its programs.
pub(crate) const ALL: &[&str] = &["view", parts::PARTS[0].name, parts::PARTS[1].name, parts::PARTS[2].name];

/// Puts a part into its place.
///
/// # Errors
/// The file does not come; another try may do.
pub(crate) async fn bring(part: &str, into: Parts) -> Result<(), NotLoaded> {
    match part {
        "view" => view(into).await,
        "tools" => tools(into).await,
        "docker" => docker(into).await,
        _ => python(into).await,
    }
}

#[wasm_split(view, fallible)]
fn view(into: Parts) -> Result<(), NotLoaded> {
    // Brought once; a second time would be the same.
    let _ = into.view.set(View {
        look: layerlab_lab::snapshot::look,
        observe: layerlab_lab::Observer::start,
        go_on: layerlab_lab::Observer::run,
        film: layerlab_lab::Film::of,
        roll: |film, events| film.run(events).map(|frames| Encoded::of(&frames)),
    });
    Ok(())
}

#[wasm_split(tools, fallible)]
fn tools(into: Parts) -> Result<(), NotLoaded> {
    parts::tools(&into.programs);
    Ok(())
}

#[wasm_split(docker, fallible)]
fn docker(into: Parts) -> Result<(), NotLoaded> {
    parts::docker(&into.programs);
    Ok(())
}

#[wasm_split(python, fallible)]
fn python(into: Parts) -> Result<(), NotLoaded> {
    parts::python(&into.programs);
    Ok(())
}
