//! What a session knows of one terminal: what it has shown, and whether a command runs at it.

use layerlab_kernel::SimTime;

use crate::marks::{Mark, Scanner};

/// How much of a terminal's past is kept, bytes.
const KEPT: usize = 4 << 20;

/// A command line that was entered and is not on the timeline yet.
#[derive(Clone)]
pub(crate) struct Command {
    pub(crate) line: String,
    pub(crate) began: SimTime,
    /// How it ended, and when.
    pub(crate) end: Option<(i32, SimTime)>,
}

/// How a terminal was at some point of the session.
#[derive(Clone)]
pub(crate) struct Past {
    from: usize,
    len: usize,
    state: State,
}

#[derive(Clone, Default)]
struct State {
    scanner: Scanner,
    running: bool,
    /// A command has ended, its prompt is not yet drawn.
    ended: bool,
    command: Option<Command>,
    /// The line that runs.
    line: Option<String>,
    /// It was opened with this line, which is on the timeline already.
    given: Option<String>,
}

/// A terminal.
#[derive(Default)]
pub(crate) struct Terminal {
    /// Kept of what it has shown, and how much is gone. Places count from the start.
    bytes: Vec<u8>,
    gone: usize,
    /// Where what it shows now begins (one of that number may have been closed before), where that ends, and how
    /// much of it was taken.
    from: usize,
    len: usize,
    taken: usize,
    /// Whether it is there now.
    pub(crate) open: bool,
    state: State,
}

impl Terminal {
    /// One that was just opened; `given`: what with.
    pub(crate) fn reopen(&mut self, given: Option<String>) {
        (self.from, self.taken) = (self.len, self.len);
        (self.open, self.state) = (true, State { given, ..State::default() });
    }

    /// Whether a command runs in the foreground.
    pub(crate) fn is_running(&self) -> bool {
        self.state.running
    }

    /// Whether it shows a prompt.
    pub(crate) fn waits(&self) -> bool {
        !self.state.running && !self.state.ended
    }

    /// The command that runs at it.
    pub(crate) fn command(&self) -> Option<&Command> {
        self.state.command.as_ref()
    }

    /// The line that runs at it, or that it was opened with.
    pub(crate) fn line(&self) -> Option<&str> {
        self.state.line.as_deref().or(self.state.given.as_deref())
    }

    /// What it has shown.
    pub(crate) fn transcript(&self) -> &[u8] {
        let all = self.bytes.get(self.from.saturating_sub(self.gone)..self.len - self.gone).unwrap_or_default();
        &all[all.len().saturating_sub(KEPT)..]
    }

    /// What it has shown since the last call.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        let from = std::mem::replace(&mut self.taken, self.len).max(self.gone);
        self.bytes.get(from - self.gone..self.len - self.gone).unwrap_or_default().to_vec()
    }

    /// Shows more. `over` gets the commands that something follows: another one, or the prompt.
    pub(crate) fn show(&mut self, bytes: &[u8], now: SimTime, over: &mut dyn FnMut(Command, bool)) -> bool {
        // What came after this point in another course of things is gone now.
        self.bytes.truncate(self.len - self.gone);
        self.bytes.extend(bytes);
        if self.bytes.len() > KEPT * 3 / 2 {
            let old = self.bytes.len() - KEPT;
            self.bytes.drain(..old);
            self.gone += old;
        }
        self.len = self.gone + self.bytes.len();
        let mut changed = false;
        let marks = self.state.scanner.feed(bytes);
        let state = &mut self.state;
        for mark in marks {
            match mark {
                Mark::Line(line) => {
                    // A shell in a shell: the outer one's command goes on, and is not waited for.
                    if let Some(outer) = state.command.take() {
                        over(outer, false);
                    }
                    if state.given.take().is_none_or(|given| given != line) {
                        state.command = Some(Command { line: line.clone(), began: now, end: None });
                    }
                    state.line = Some(line);
                    (state.running, changed) = (true, true);
                }
                Mark::Running => state.running = true,
                // A prompt without an end is another shell's: that of a shell in this one, or of the next login.
                Mark::Done(_) | Mark::Prompt if state.running => {
                    let code = if let Mark::Done(Some(code)) = mark { code } else { 0 };
                    if let Some(command) = &mut state.command {
                        command.end = Some((code, now));
                    }
                    (state.running, state.ended, state.line, changed) = (false, true, None, true);
                }
                Mark::Input if std::mem::take(&mut state.ended) => {
                    if let Some(command) = state.command.take() {
                        over(command, true);
                    }
                    changed = true;
                }
                Mark::Done(_) | Mark::Input | Mark::Prompt => {}
            }
        }
        changed
    }

    /// Its window is closed; the command that ran at it.
    pub(crate) fn close(&mut self) -> Option<Command> {
        self.open = false;
        std::mem::take(&mut self.state).command
    }

    /// How it is now.
    pub(crate) fn past(&self) -> Past {
        Past { from: self.from, len: self.len, state: self.state.clone() }
    }

    /// As it was then.
    pub(crate) fn go_back(&mut self, past: Past) {
        let end = self.gone + self.bytes.len();
        self.len = past.len.clamp(self.gone, end);
        (self.from, self.taken, self.state) = (past.from.min(self.len), self.len, past.state);
        self.open = true;
    }
}
