//! What is kept of a session while it runs: the memory's copy of what the store holds.

use layerlab_protocol::{Persist, SavedSession};

/// Follows what the worker wants stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionLog {
    saved: SavedSession,
    /// Records that are announced and not yet applied.
    open: Vec<Vec<u8>>,
}

impl SessionLog {
    /// Takes over what the worker said.
    pub(crate) fn note(&mut self, persist: &Persist) {
        match persist {
            Persist::Whole { log } => {
                self.saved.log.clone_from(log);
                self.saved.records.clear();
                self.saved.pending = None;
                self.open.clear();
            }
            Persist::Append { record } => self.open.push(record.clone()),
            Persist::Applied => self.saved.records.append(&mut self.open),
        }
    }

    /// Takes over the home folder's files.
    pub(crate) fn note_home(&mut self, home: &[layerlab_protocol::HomeFile]) {
        self.saved.home = home.to_vec();
    }

    /// Those files.
    pub(crate) fn home(&self) -> &[layerlab_protocol::HomeFile] {
        &self.saved.home
    }

    /// What a new worker continues after the old one died: all that was applied. `None` if the
    /// old one died before it said anything.
    pub(crate) fn after_crash(&self) -> Option<SavedSession> {
        if self.saved.log.is_empty() {
            return None;
        }
        Some(SavedSession { pending: self.open.first().cloned(), ..self.saved.clone() })
    }
}

/// A session as it came from the store.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) saved: SavedSession,
    /// How many of its records are known to have been applied. The others were under way when the
    /// page was closed, or they crashed the machine: which of the two, only trying tells.
    pub(crate) applied: usize,
}

impl Loaded {
    /// What to try after so many failures: all; what is known to have gone well; nothing.
    pub(crate) fn attempt(&self, failures: u32) -> Option<SavedSession> {
        match failures {
            0 => Some(self.saved.clone()),
            1 => {
                let mut saved = self.saved.clone();
                let applied = self.applied.min(saved.records.len());
                saved.pending = saved.records.drain(applied..).next();
                Some(saved)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(record: &[u8]) -> Persist {
        Persist::Append { record: record.to_vec() }
    }

    #[test]
    fn what_was_not_applied_is_pending_after_a_crash() {
        let mut log = SessionLog::default();
        log.note(&Persist::Whole { log: b"head".to_vec() });
        log.note(&append(b"one"));
        log.note(&Persist::Applied);
        log.note(&append(b"two"));
        let saved = log.after_crash().expect("a session");
        assert_eq!(saved.records, [b"one".to_vec()]);
        assert_eq!(saved.pending, Some(b"two".to_vec()));
    }

    #[test]
    fn undo_replaces_everything() {
        let mut log = SessionLog::default();
        log.note(&Persist::Whole { log: b"long".to_vec() });
        log.note(&append(b"one"));
        log.note(&Persist::Applied);
        log.note(&Persist::Whole { log: b"short".to_vec() });
        let saved = log.after_crash().expect("a session");
        assert_eq!((saved.log, saved.records, saved.pending), (b"short".to_vec(), Vec::new(), None));
    }

    #[test]
    fn a_stored_session_is_tried_whole_then_without_what_was_under_way_then_not_at_all() {
        let records = vec![b"one".to_vec(), b"two".to_vec(), b"three".to_vec()];
        let saved = SavedSession { log: b"head".to_vec(), records, ..SavedSession::default() };
        let loaded = Loaded { saved: saved.clone(), applied: 1 };
        assert_eq!(loaded.attempt(0), Some(saved));
        let second = loaded.attempt(1).expect("a session");
        assert_eq!((second.records.len(), second.pending), (1, Some(b"two".to_vec())));
        assert_eq!(loaded.attempt(2), None);
    }

    #[test]
    fn a_worker_that_said_nothing_leaves_nothing() {
        assert_eq!(SessionLog::default().after_crash(), None);
    }
}
