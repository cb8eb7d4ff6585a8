//! What waits to be stored. Nothing leaves the queue before it is stored: whatever fails, the database
//! holds an earlier state, which is whole, and the queue holds the way from there to now.

use layerlab_protocol::{HomeFile, Persist, SavedSession};

/// Something to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Session(Persist),
    Home(Vec<HomeFile>),
    /// A session that could not be read, for a download.
    Damaged(SavedSession),
    /// The session that another one takes the place of.
    Kept(SavedSession),
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<Write>,
    /// Records written since the log.
    records: u32,
    /// A batch is being written, or will be tried again.
    busy: bool,
    /// The last attempt failed.
    behind: bool,
}

impl Queue {
    /// Adds a write; whether somebody must start writing.
    pub(super) fn push(&mut self, write: Write) -> bool {
        self.waiting.push(write);
        !std::mem::replace(&mut self.busy, true)
    }

    /// All that waits, to be written; `None`: nothing does, and whoever writes ends.
    pub(super) fn take(&mut self) -> Option<Vec<Write>> {
        self.busy = !self.waiting.is_empty();
        self.busy.then(|| std::mem::take(&mut self.waiting))
    }

    /// Records in the database.
    pub(super) const fn records(&self) -> u32 {
        self.records
    }

    /// A batch was written, after which there are so many records. Whether that had failed before.
    pub(super) fn stored(&mut self, records: u32) -> bool {
        self.records = records;
        std::mem::take(&mut self.behind)
    }

    /// A batch could not be written; it comes before what was added meanwhile. Whether that is news.
    pub(super) fn failed(&mut self, batch: Vec<Write>) -> bool {
        let later = std::mem::replace(&mut self.waiting, batch);
        self.waiting.extend(later);
        self.forget_what_is_replaced();
        !std::mem::replace(&mut self.behind, true)
    }

    /// The session that waits to be kept.
    pub(super) fn kept(&self) -> Option<&SavedSession> {
        self.waiting.iter().rev().find_map(|write| match write {
            Write::Kept(saved) => Some(saved),
            _ => None,
        })
    }

    /// Only the last home folder counts, and of a session nothing from before it was written whole.
    fn forget_what_is_replaced(&mut self) {
        let (mut homes, mut wholes) = (0, 0);
        for write in self.waiting.iter().rev() {
            homes += usize::from(matches!(write, Write::Home(_)));
            wholes += usize::from(matches!(write, Write::Session(Persist::Whole { .. })));
        }
        self.waiting.retain(|write| match write {
            Write::Home(_) => {
                homes -= 1;
                homes == 0
            }
            Write::Session(persist) => {
                wholes -= usize::from(matches!(persist, Persist::Whole { .. }));
                wholes == 0
            }
            Write::Damaged(_) | Write::Kept(_) => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(record: &[u8]) -> Write {
        Write::Session(Persist::Append { record: record.to_vec() })
    }

    fn whole(log: &[u8]) -> Write {
        Write::Session(Persist::Whole { log: log.to_vec() })
    }

    #[test]
    fn what_could_not_be_written_comes_first_next_time() {
        let mut queue = Queue::default();
        assert!(queue.push(append(b"one")));
        let batch = queue.take().expect("a batch");
        assert!(!queue.push(append(b"two")), "somebody writes already");
        assert!(queue.failed(batch), "it is news");
        let batch = queue.take().expect("a batch");
        assert_eq!(batch, [append(b"one"), append(b"two")]);
        assert!(!queue.failed(batch), "it is none");
        assert_eq!(queue.records(), 0);
        assert_eq!(queue.take().map(|batch| batch.len()), Some(2));
        assert!(queue.stored(2), "it goes again");
        assert_eq!((queue.take(), queue.records()), (None, 2));
        assert!(queue.push(append(b"three")), "who wrote has ended");
    }

    #[test]
    fn a_full_disk_does_not_fill_the_memory() {
        let mut queue = Queue::default();
        let kept = Write::Kept(SavedSession::default());
        let home = |name: &str| Write::Home(vec![HomeFile { path: name.into(), bytes: Vec::new(), mode: 0o644 }]);
        let all =
            [append(b"0"), kept.clone(), home("a"), whole(b"1"), append(b"2"), home("b"), whole(b"3"), append(b"4")];
        for write in all {
            queue.push(write);
        }
        let batch = queue.take().expect("a batch");
        queue.failed(batch);
        assert_eq!(queue.take(), Some(vec![kept, home("b"), whole(b"3"), append(b"4")]));
    }

    #[test]
    fn records_without_a_whole_session_stay() {
        let mut queue = Queue::default();
        queue.push(append(b"1"));
        queue.push(append(b"2"));
        let batch = queue.take().expect("a batch");
        queue.failed(batch);
        assert_eq!(queue.take(), Some(vec![append(b"1"), append(b"2")]));
    }

    #[test]
    fn the_kept_session_is_known_before_it_is_stored() {
        let mut queue = Queue::default();
        assert_eq!(queue.kept(), None);
        queue.push(Write::Kept(SavedSession::default()));
        assert_eq!(queue.kept(), Some(&SavedSession::default()));
    }
}
