//! The evaluator: a machine with its frames on the heap.
//!
//! A [`Frame`] is one thing in progress (a list, a loop, an expansion, a wait). [`Shell::run`] pops
//! the top frame and lets it do one step: it pushes itself back and others above it, or ends. What
//! ends leaves its exit status in `status`. Nothing recurses, so that a script's depth never
//! meets the native stack, and a fork is a clone of the whole.
//!
//! Start reading at `Shell::step` in `frame.rs`; `simple.rs` is the heart.

mod assign;
mod compound;
mod cond;
mod control;
mod exec;
mod fork;
mod frame;
mod job;
mod output;
mod pipeline;
mod process;
mod redirect;
mod select;
mod shell;
mod simple;
mod source;
mod subst;
mod trap;
mod wait;

pub use assign::Slot;
pub use control::Control;
pub use exec::ExecFrame;
pub use fork::Task;
pub use frame::{Flow, Frame};
pub use job::{Job, JobState};
pub use shell::{Hot, Opts, SET_OPTIONS, SHOPT_OPTIONS, Shell, set_options};
pub(crate) use source::cannot_open;
pub use source::{SourceFrame, SourceKind};
pub use trap::TrapName;
pub use wait::WaitFrame;
pub(crate) use wait::host_pid;

use layerlab_kernel::{Cx, Disposition, Ret, SimTime, Step};

/// Steps in one turn.
const FUEL: u32 = 2_000;
/// Virtual cpu time of one step of the evaluator.
const STEP_COST: SimTime = SimTime(300);
/// A turn that takes so long ends.
const LONG: SimTime = SimTime(2_000_000);
/// Bytes of values after which the machine looks whether there is memory for them.
pub(crate) const MUCH: usize = 1 << 20;
/// Frames at most: what a shell's stack of 8 MiB would hold.
const MAX_FRAMES: usize = 20_000;

impl Shell {
    /// Goes on until a call must be waited for.
    pub(crate) fn run(&mut self, cx: &mut Cx<'_>) -> Step {
        self.ret = Some(cx.result());
        self.turn = cx.now();
        self.set = 0;
        if let Some(step) = self.continue_output() {
            return step;
        }
        // Others run between turns only: no signal arrives within one. What comes to a child before it is
        // one is not for the shell that it was (`become_child`).
        let child = matches!((self.frames.last(), &self.ret), (Some(Frame::Fork(_)), Some(Ok(Ret::Num(0)))));
        if !child {
            self.note_signals(cx);
        }
        for _ in 0..FUEL {
            cx.charge(STEP_COST);
            if let Some(step) = self.flush_output() {
                return step;
            }
            if self.control.is_none()
                && let Some(call) = self.held.take()
            {
                return Step::Syscall(call);
            }
            self.held = None;
            if std::mem::take(&mut self.give_turn) {
                return Step::Yield;
            }
            if self.control.is_some() {
                self.unwind(cx);
                continue;
            }
            if self.frames.len() > MAX_FRAMES {
                self.complain("maximum function nesting level exceeded");
                self.status = 1;
                self.control = Some(Control::Abort);
                continue;
            }
            let Some(frame) = self.frames.pop() else {
                match self.finish(cx) {
                    Some(step) => return step,
                    None => continue,
                }
            };
            match self.step(frame, cx) {
                Flow::Go if cx.now() > self.turn + LONG || self.set > MUCH => return Step::Yield,
                Flow::Go => {}
                Flow::Call(call) if self.io.is_empty() => return Step::Syscall(call),
                // What was said before it is written first.
                Flow::Call(call) => self.held = Some(call),
            }
        }
        Step::Yield
    }

    /// Nothing is left to run: the EXIT trap, then the end.
    fn finish(&mut self, cx: &mut Cx<'_>) -> Option<Step> {
        if self.run_exit_trap() {
            return None;
        }
        if !self.process_outputs.is_empty() && !self.interactive {
            let pids = std::mem::take(&mut self.process_outputs);
            self.frames.push(Frame::Trap(self.status, TrapName::Exit));
            self.frames.push(Frame::Wait(Box::new(WaitFrame::new(pids, 0, "".into()))));
            return None;
        }
        if self.interactive {
            self.save_history(cx);
        }
        if let Some(s) = self.dying.take() {
            let _ = cx.sigaction(s, Disposition::Default);
            let _ = cx.kill(cx.pid() as i32, Some(s));
            return Some(Step::Yield);
        }
        Some(Step::exit(self.status & 0xff))
    }
}
