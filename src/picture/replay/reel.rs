//! A film's steps, each with the machine as it was then.

use super::words;
use crate::i18n::Lang;
use layerlab_protocol::{Frame, Moment, Snapshot};
use std::sync::Arc;

/// Milliseconds to look at a step, and for each letter to read.
const LOOK: u64 = 1100;
const LETTER: u64 = 22;

/// A film and where in it we are.
#[derive(Clone, Debug)]
pub(super) struct Reel {
    steps: Vec<(Moment, Arc<Snapshot>)>,
    pub(super) at: usize,
}

impl Reel {
    /// Of the frames as they came, as far as they fit to each other; `None`: there is none.
    pub(super) fn new(frames: Vec<Frame>) -> Option<Self> {
        let mut now = Arc::new(Snapshot::default());
        let mut steps = Vec::with_capacity(frames.len());
        for Frame { moment, change } in frames {
            now = Arc::new(change.apply(&now)?);
            steps.push((moment, Arc::clone(&now)));
        }
        (!steps.is_empty()).then_some(Self { steps, at: 0 })
    }

    /// The last step's index.
    pub(super) fn last(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// What has just happened.
    pub(super) fn moment(&self) -> Option<&Moment> {
        self.steps.get(self.at).map(|step| &step.0)
    }

    /// The machine one step before, and now.
    pub(super) fn pictures(&self) -> (Arc<Snapshot>, Arc<Snapshot>) {
        let picture = |at: usize| self.steps.get(at).map(|step| Arc::clone(&step.1)).unwrap_or_default();
        (picture(self.at.saturating_sub(1)), picture(self.at))
    }

    /// Milliseconds until the next step; `None` at the end.
    pub(super) fn wait(&self, lang: Lang) -> Option<u64> {
        let letters = self.moment().map_or(0, |moment| words::moment(Some(moment), lang).chars().count());
        (self.at < self.last()).then(|| LOOK + LETTER * letters as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;
    use layerlab_protocol::{Deed, SnapshotChange};

    #[test]
    fn each_step_has_the_machine_as_it_was() {
        let (before, after) = (samples::empty(), samples::web_and_db());
        let frame = |moment, old: Option<&Snapshot>, now: &Snapshot| Frame {
            moment,
            change: SnapshotChange::between(old, now),
        };
        let removed = Deed::Removed.to(["web".to_owned()]);
        let frames = vec![
            frame(Deed::Before.to(["docker rm".to_owned()]), None, &before),
            frame(removed.clone(), Some(&before), &after),
            frame(Moment::End(Some(0)), Some(&after), &after),
        ];
        let mut reel = Reel::new(frames).expect("there are frames");
        assert!(reel.wait(Lang::En).is_some());
        reel.at = 1;
        assert_eq!(reel.moment(), Some(&removed));
        let (old, now) = reel.pictures();
        assert_eq!((&*old, &*now), (&before, &after));
        reel.at = reel.last();
        assert_eq!(reel.wait(Lang::En), None);
    }

    #[test]
    fn without_frames_there_is_no_film() {
        assert!(Reel::new(Vec::new()).is_none());
    }
}
