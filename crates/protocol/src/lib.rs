//! What the page and the worker say to each other, as data: [`ToWorker`] one way, [`FromWorker`]
//! the other. Both sides are built from the same sources at the same time, so messages carry no
//! version; what is kept longer (a saved session) is opaque bytes here, with a header of its own.
//!
//! Invariant: this crate knows neither browser nor machine. The page links it and nothing of the
//! core. Start reading at [`ToWorker`].

mod build;
mod change;
mod check;
mod container;
mod encoded;
mod file;
mod film;
mod from_worker;
mod host;
mod image;
mod network;
mod object;
mod saved;
mod shared;
mod snapshot;
mod terminal;
mod timeline;
mod to_worker;
mod trace;
mod transfer;

pub use build::{Build, BuildLine, BuildState, LineState, MissCause};
pub use change::SnapshotChange;
pub use check::{CheckResult, GoalCheck, GoalState, Words};
pub use container::{
    Attachment, Container, ContainerState, ImageUse, Mount, MountSource, Process, Protocol, PublishedPort,
};
pub use encoded::Encoded;
pub use file::{FileContent, FileKind, HomeFile, TreeEntry};
pub use film::{Deed, Frame, Moment};
pub use from_worker::{BootReport, FromWorker, HttpAnswer, HttpFailure, Persist, ReplayStop};
pub use host::Host;
pub use image::{Image, Layer};
pub use network::{Network, Volume};
pub use object::ObjectKind;
pub use saved::{SavedSession, SharedSession};
pub use shared::Shared;
pub use snapshot::Snapshot;
pub use terminal::Terminal;
pub use timeline::{Mark, Speed, Timeline};
pub use to_worker::{Boot, LessonStart, ToWorker};
pub use trace::{Hop, HopPlace, Trace, TraceEnd};
pub use transfer::{MovingLayer, Phase, Transfer};

use serde::{Serialize, de::DeserializeOwned};

/// The bytes of a message, for `postMessage`. Empty if it cannot be written, which no type of this
/// crate can bring about.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// The message that `encode` made these bytes of.
///
/// # Errors
/// Bytes that are no such message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_way() {
        let message = FromWorker::Saved { path: "main.py".into(), error: Some("No space left on device".into()) };
        assert_eq!(decode::<FromWorker>(&encode(&message)), Ok(message));
    }

    #[test]
    fn cut_bytes_are_an_error() {
        let mut bytes = encode(&ToWorker::Key(b"ls".to_vec()));
        bytes.pop();
        assert!(decode::<ToWorker>(&bytes).is_err());
    }

    /// `web/first.js` speaks for the page until that is there, and knows these forms.
    #[test]
    fn what_is_said_before_the_app_is_there_has_the_form_that_it_has_in_javascript() {
        let lesson = LessonStart { slug: "a".into(), ..LessonStart::default() };
        let start = encode(&lesson);
        let boot = Boot { lesson, seed: 300, date: 5, rows: 24, cols: 200, saved: None };
        let parts = [&[0][..], &start, &[0xac, 2], &[5], &[24], &[0xc8, 1], &[0]];
        assert_eq!(encode(&ToWorker::Boot(boot)), parts.concat());
        assert_eq!(encode(&ToWorker::Key(b"ls".to_vec())), [1, 2, b'l', b's']);
        assert_eq!(encode(&ToWorker::Resize { rows: 24, cols: 200 }), [2, 24, 0xc8, 1]);
        assert_eq!(encode(&FromWorker::Output { bytes: b"$ ".to_vec(), replace: true }), [1, 2, b'$', b' ', 1]);
    }
}
