//! The list of command lines, and its file.

use std::rc::Rc;

use layerlab_kernel::{Cx, OpenFlags};

use crate::eval::Shell;

/// Lines kept at most.
const KEEP: usize = 1000;

impl Shell {
    /// Notes a command line, as HISTCONTROL wants.
    pub(super) fn add_history(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let control = self.vars.value("HISTCONTROL").unwrap_or_default();
        let has = |w: &str| control.split(':').any(|c| c == w || c == "ignoreboth");
        if has("ignorespace") && line.starts_with(' ') {
            return;
        }
        if has("ignoredups") && self.history.last().is_some_and(|l| l == line) {
            return;
        }
        let list = Rc::make_mut(&mut self.history);
        list.push(line.to_owned());
        if list.len() > KEEP {
            list.remove(0);
            self.history_saved = self.history_saved.saturating_sub(1);
        }
    }

    /// Reads the history file.
    pub(crate) fn load_history(&mut self, cx: &mut Cx<'_>) {
        let Some(path) = self.vars.value("HISTFILE") else { return };
        let Ok(bytes) = self.read_whole(&path, cx) else { return };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines: Vec<String> = text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect();
        let extra = lines.len().saturating_sub(KEEP);
        lines.drain(..extra);
        self.history_saved = lines.len();
        self.history = Rc::new(lines);
    }

    /// Adds to the history file what it hasn't got yet.
    pub(crate) fn save_history(&mut self, cx: &mut Cx<'_>) {
        let Some(path) = self.vars.value("HISTFILE").filter(|p| !p.is_empty()) else { return };
        let fresh: String = self.history.iter().skip(self.history_saved).map(|l| format!("{l}\n")).collect();
        if fresh.is_empty() {
            return;
        }
        if let Ok(fd) = cx.open(&path, OpenFlags::APPEND, 0o600) {
            let _ = cx.write(fd, Rc::new(fresh.into_bytes()));
            let _ = cx.close(fd);
            self.history_saved = self.history.len();
        }
    }
}
