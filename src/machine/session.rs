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

    /// What a new worker continues after the old one died: all that was applied. `None` if the
    /// old one died before it said anything.
    pub(crate) fn after_crash(&self) -> Option<SavedSession> {
        if self.saved.log.is_empty() {
            return None;
        }
        Some(SavedSession { pending: self.open.last().cloned(), ..self.saved.clone() })
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
    fn a_worker_that_said_nothing_leaves_nothing() {
        assert_eq!(SessionLog::default().after_crash(), None);
    }
}
