//! The list of command lines, and its file.

use std::rc::Rc;

use layerlab_kernel::{Cx, OpenFlags};

use crate::eval::Shell;
use crate::parse::{ErrorKind, ParseError, next_command};

/// Lines kept where HISTSIZE says nothing.
const KEEP: usize = 500;
/// Lines kept at most: the machine's memory is bounded.
const LIMIT: usize = 100_000;

impl Shell {
    /// How many lines a variable lets be kept: all where it is below zero or no number.
    fn history_limit(&self, name: &str) -> usize {
        match self.vars.value(name) {
            None => KEEP,
            Some(v) => v.trim().parse().map_or(LIMIT, |n: usize| n.min(LIMIT)),
        }
    }

    /// Whether HISTIGNORE has a pattern for the line.
    fn history_ignores(&self, line: &str) -> bool {
        let patterns = self.vars.value("HISTIGNORE").unwrap_or_default();
        let same = |p: &str| p == "&" && self.history.last().is_some_and(|l| l == line);
        patterns.split(':').any(|p| !p.is_empty() && (same(p) || self.pattern(p).matches(line)))
    }

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
        if self.history_ignores(line) {
            return;
        }
        let line = self.one_line(line);
        let most = self.history_limit("HISTSIZE");
        let erase = has("erasedups");
        let list = Rc::make_mut(&mut self.history);
        if erase {
            list.retain(|l| *l != line);
        }
        list.push(line);
        let extra = list.len().saturating_sub(most);
        list.drain(..extra);
        self.history_saved = self.history_saved.saturating_sub(extra).min(list.len().saturating_sub(1));
    }

    /// `shopt -s cmdhist`: a command of several lines becomes one, where it means the same.
    fn one_line(&self, text: &str) -> String {
        const OPEN: &[&str] = &["do", "then", "else", "elif", "if", "while", "until", "in", "{", "!", "case"];
        if !self.opts.has("cmdhist") || self.opts.has("lithist") || text.contains("<<") {
            return text.to_owned();
        }
        let mut out = String::new();
        for line in text.split('\n') {
            if out.is_empty() {
                out.push_str(line);
                continue;
            }
            if out.ends_with('\\') {
                out.pop();
                out.push_str(line);
                continue;
            }
            let quoted = matches!(
                next_command(&out, 0, 1, &self.parse_context()),
                Err(ParseError { kind: ErrorKind::Unclosed('"' | '\'' | '`'), .. })
            );
            let last = out.split([' ', '\t', '\n', ';']).next_back().unwrap_or("");
            out.push_str(if quoted {
                "\n"
            } else if OPEN.contains(&last) || out.ends_with(['(', ')', ';', '&', '|', '{']) {
                " "
            } else {
                "; "
            });
            out.push_str(if quoted { line } else { line.trim_start() });
        }
        out
    }

    /// Reads the history file.
    pub(crate) fn load_history(&mut self, cx: &mut Cx<'_>) {
        let Some(path) = self.vars.value("HISTFILE").filter(|p| !p.is_empty()) else { return };
        let Ok(bytes) = self.read_whole(&path, cx) else { return };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines: Vec<String> = text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect();
        let extra = lines.len().saturating_sub(self.history_limit("HISTSIZE"));
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
        // The file keeps as many lines as HISTFILESIZE says, which is HISTSIZE where it is unset.
        let most = if self.vars.value("HISTFILESIZE").is_some() { "HISTFILESIZE" } else { "HISTSIZE" };
        let most = self.history_limit(most);
        let old = String::from_utf8_lossy(&self.read_whole(&path, cx).unwrap_or_default()).into_owned();
        let lines: Vec<&str> = old.lines().chain(fresh.lines()).collect();
        if lines.len() > most {
            let text: String = lines.iter().skip(lines.len() - most).flat_map(|l| [*l, "\n"]).collect();
            self.write_history(&path, &text, cx);
            return;
        }
        if let Ok(fd) = cx.open(&path, OpenFlags::APPEND, 0o600) {
            let _ = cx.write(fd, Rc::new(fresh.into_bytes()));
            let _ = cx.close(fd);
            self.history_saved = self.history.len();
        }
    }

    /// Writes all of a history file anew.
    pub(crate) fn write_history(&mut self, path: &str, text: &str, cx: &mut Cx<'_>) {
        if self.write_file(path, text, cx) {
            self.history_saved = self.history.len();
        }
    }

    /// Writes a file of the shell's own.
    pub(crate) fn write_file(&mut self, path: &str, text: &str, cx: &mut Cx<'_>) -> bool {
        let Ok(fd) = cx.open(path, OpenFlags::CREATE, 0o600) else { return false };
        let _ = cx.write(fd, Rc::new(text.as_bytes().to_vec()));
        let _ = cx.close(fd);
        true
    }
}
