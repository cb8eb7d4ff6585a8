//! A command once more, step by step: it is played again in a copy of the machine, from the state that it
//! found, and whenever something happened the machine is looked at. Nothing is made up: what is shown was so.

mod moments;

use std::collections::VecDeque;

use layerlab_kernel::{SimTime, Slice};
use layerlab_protocol::{Deed, Frame, Moment, Snapshot, SnapshotChange};

use crate::log::Record;
use crate::session::Session;
use crate::snapshot::snapshot;
use crate::world::World;
use moments::Watch;

/// More frames nobody looks at; what happens beyond them is counted.
const FRAMES: usize = 80;

/// A stretch of a session: a command and how it came to it.
pub(crate) struct Stretch {
    /// A copy of the machine as it was at some time before the command.
    pub(crate) world: World,
    /// What was put in since then.
    pub(crate) inputs: VecDeque<Record>,
    /// When the command began.
    pub(crate) began: SimTime,
    /// When it ended, or now.
    pub(crate) end: SimTime,
    /// The command.
    pub(crate) line: String,
    /// How it ended.
    pub(crate) exit: Option<u8>,
}

/// A film that is being made.
pub struct Film {
    stretch: Stretch,
    watch: Watch,
    /// How it looked last.
    shown: Option<Snapshot>,
    frames: Vec<Frame>,
    left_out: u32,
}

impl Film {
    /// Of a session's latest command; `None`: there is none, or nothing to begin from.
    pub fn of(session: &Session) -> Option<Self> {
        let stretch = session.latest()?;
        let watch = Watch::new(&stretch.world);
        Some(Self { stretch, watch, shown: None, frames: Vec::new(), left_out: 0 })
    }

    /// Goes on for at most so many events; the frames once all are there.
    pub fn run(&mut self, budget: u64) -> Option<Vec<Frame>> {
        for _ in 0..budget {
            let Stretch { world, inputs, began, end, .. } = &mut self.stretch;
            let stop = inputs.front().map_or(*end, |r| r.time().min(*end));
            let next = world.kernel.next_event().filter(|t| *t <= stop);
            // The picture that it begins with is the last one before it.
            if self.shown.is_none() && next.unwrap_or(stop).max(world.now()) >= *began {
                self.watch = Watch::new(world);
                let line = self.stretch.line.clone();
                self.add(Deed::Before.to([line]));
                continue;
            }
            match next {
                Some(next) => {
                    if let Slice::Missing(_) = world.run_slice(next, 1) {
                        return Some(self.finish());
                    }
                }
                None => {
                    world.run_until(stop);
                    match inputs.pop_front() {
                        // It was accepted before; the world is the same.
                        Some(r) => drop(world.apply(&r.input)),
                        None => return Some(self.finish()),
                    }
                }
            }
            if self.shown.is_some() {
                for moment in self.watch.news(&self.stretch.world) {
                    self.add(moment);
                }
            }
        }
        None
    }

    /// One more frame: the machine as it is now.
    fn add(&mut self, moment: Moment) {
        if self.frames.len() >= FRAMES {
            self.left_out += 1;
            return;
        }
        self.push(moment);
    }

    fn push(&mut self, moment: Moment) {
        let now = snapshot(&self.stretch.world);
        let change = SnapshotChange::between(self.shown.as_ref(), &now);
        self.frames.push(Frame { moment, change });
        self.shown = Some(now);
    }

    fn finish(&mut self) -> Vec<Frame> {
        if self.left_out > 0 {
            self.push(Moment::More(self.left_out));
        }
        let nothing = self.frames.len() == 1 && self.stretch.exit == Some(0);
        self.push(if nothing { Moment::Nothing } else { Moment::End(self.stretch.exit) });
        std::mem::take(&mut self.frames)
    }
}
