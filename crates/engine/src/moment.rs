//! What the daemon did lately, step by step, for who watches it in slow motion: its events, and what happens
//! between them.

use layerlab_api::events::Event;
use layerlab_oci::Digest;

use crate::shared::Shared;
use crate::state::EngineState;
use crate::transfer::Phase;

/// How many are kept.
const KEPT: usize = 32;

/// Something that the daemon did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A client asked it to change something.
    Request {
        /// e.g. `POST`
        method: String,
        /// Without the version, e.g. `/containers/create`.
        path: String,
    },
    /// A registry said which bytes a name means.
    Resolved {
        /// As a person writes it.
        reference: String,
        /// Who was asked.
        registry: String,
        /// What the name means.
        digest: Digest,
    },
    /// A layer is further on its way.
    Layer {
        /// What made it, as the image's history has it.
        created_by: String,
        /// To a registry, not from it.
        push: bool,
        /// How far.
        phase: Phase,
        /// Nominal bytes that are moved.
        size: u64,
    },
    /// What isolates a container was made: namespaces by the names that `/proc/PID/ns` has.
    Isolated {
        /// Its ID.
        container: String,
        /// Those that are its own.
        namespaces: Vec<&'static str>,
    },
    /// What `docker events` shows.
    Event(Shared<Event>),
}

impl EngineState {
    /// Notes one.
    pub fn moment(&mut self, moment: Moment) {
        self.moments.push_back(moment);
        self.moment_count += 1;
        while self.moments.len() > KEPT {
            self.moments.pop_front();
        }
    }

    /// Those after the first `seen`, as far as they are kept.
    pub fn moments_since(&self, seen: u64) -> impl Iterator<Item = &Moment> {
        let new = usize::try_from(self.moment_count.saturating_sub(seen)).unwrap_or(KEPT);
        self.moments.iter().skip(self.moments.len().saturating_sub(new))
    }
}
