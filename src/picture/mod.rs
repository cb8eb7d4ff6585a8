//! The machine picture: `layout` makes geometry of a snapshot, `draw` makes SVG of geometry,
//! `words` says the same in sentences; `replay` shows a command step by step.

mod changes;
mod colour;
mod draw;
mod geometry;
pub(crate) mod layout;
mod panel;
mod replay;
#[cfg(test)]
mod samples;
mod words;

pub(crate) use colour::{colour_of, short};
pub(crate) use panel::Picture;
