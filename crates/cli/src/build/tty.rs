//! Progress on a terminal (BuildKit `progressui/display.go`, `ttyDisplay`): the whole picture drawn
//! again and again in place.

use super::bytes;
use super::trace::{State, Step, seconds};

const BLUE: &str = "\x1b[34m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const FAINT: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";
/// Lines of output that a running step shows.
const TERM_LINES: usize = 6;

/// The display's memory.
#[derive(Clone, Debug, Default)]
pub struct Display {
    /// Driver and name of the builder; empty: the daemon's own.
    pub builder: String,
    lines: usize,
    repeated: bool,
}

struct Line {
    text: String,
    colour: &'static str,
    completed: bool,
}

fn align(left: &str, right: &str, width: usize) -> String {
    let room = width.saturating_sub(right.chars().count() + 1);
    format!("{left:<room$} {right}")
}

fn cut(s: &str, n: usize) -> String {
    s.chars().take(n).collect()
}

impl Display {
    /// The bytes that draw a state; `all` at the end.
    pub fn draw(&mut self, state: &State, now: i64, (columns, rows): (usize, usize), all: bool) -> String {
        let mut out = "\x1b[1A".repeat(self.lines + 1);
        if !self.repeated {
            out.push_str("\x1b[1B");
        }
        self.repeated = true;
        out.push_str("\x1b[0G\x1b[?25l");
        let done = state.steps().filter(|s| s.is_completed()).count();
        let total = state.steps.len();
        let finished = if all && done > 0 && done == total { "FINISHED" } else { "" };
        let took = state.started.map_or(0.0, |s| seconds(s, now));
        let head = format!("[+] Building {took:.1}s ({done}/{total}) {finished}");
        let builder = if self.builder.is_empty() { "docker:default" } else { &self.builder };
        out.push_str(&align(&head, builder, columns.saturating_sub(1)));
        out.push('\n');
        let mut lines: Vec<Line> = state.steps().flat_map(|s| step_lines(s, now, columns)).collect();
        let room = rows.saturating_sub(2).max(1);
        // What is done goes first from a screen that is too small.
        while !all && lines.len() > room {
            let at = lines.iter().position(|l| l.completed).unwrap_or(0);
            lines.remove(at);
        }
        for l in &lines {
            if l.colour.is_empty() {
                out.push_str(&l.text);
            } else {
                out.push_str(&format!("{}{}{RESET}", l.colour, l.text));
            }
        }
        let diff = self.lines.saturating_sub(lines.len());
        if diff > 0 {
            out.push_str(&format!("{}\n", " ".repeat(columns)).repeat(diff));
            out.push_str(&"\x1b[1A".repeat(diff));
            out.push_str("\x1b[0G");
        }
        self.lines = lines.len();
        out.push_str("\x1b[?25h");
        out
    }
}

fn step_lines(s: &Step, now: i64, columns: usize) -> Vec<Line> {
    if !s.is_started() {
        return Vec::new();
    }
    let failed = !s.vertex.error.is_empty() && !s.is_canceled();
    let mark = if s.is_canceled() {
        "CANCELED "
    } else if failed {
        "ERROR "
    } else if s.vertex.cached {
        "CACHED "
    } else {
        ""
    };
    let colour = if s.is_canceled() {
        YELLOW
    } else if failed {
        RED
    } else if s.is_completed() {
        BLUE
    } else {
        ""
    };
    let mut out = Vec::new();
    let name = format!("{mark}{}", s.vertex.name.replace(['\t', '\n'], " "));
    out.extend(line(&name, "", s.seconds(now), columns, colour, s.is_completed()));
    for st in &s.statuses {
        let Some(begun) = st.started else { continue };
        let amount = match (st.current, st.total) {
            (c, t) if t > 0 => format!("{} / {}", bytes(c), bytes(t)),
            (c, _) if c > 0 => bytes(c),
            _ => String::new(),
        };
        let done = st.completed.is_some();
        out.extend(line(
            &format!("=> {}", st.id),
            &amount,
            seconds(begun, st.completed.unwrap_or(now)),
            columns,
            if done { BLUE } else { "" },
            done,
        ));
    }
    for w in &s.warnings {
        out.extend(line(&format!("=> WARN: {}", w.short), "", 0.0, columns, YELLOW, true));
    }
    if !s.is_completed() {
        let room = columns.saturating_sub(10);
        for l in s.logs.iter().skip(s.logs.len().saturating_sub(TERM_LINES)) {
            let text = l.split_once(' ').map_or("", |(_, t)| t);
            out.push(Line { text: format!(" => => # {}\n", cut(text, room)), colour: FAINT, completed: false });
        }
    }
    out
}

fn line(name: &str, status: &str, took: f64, columns: usize, colour: &'static str, completed: bool) -> Option<Line> {
    let took = if took < 0.05 { 0.0 } else { took };
    let timer = format!(" {took:3.1}s\n");
    let mut left = columns.checked_sub(4 + timer.len() + 1)?;
    let shows = !status.is_empty() && left + status.len() > 20;
    if shows {
        left = left.checked_sub(status.len() + 1)?;
    }
    if left < 12 {
        return None;
    }
    let mut text = format!(" => {}", cut(name, left));
    if shows {
        text.push_str(&format!(" {status}"));
    }
    Some(Line { text: align(&text, &timer, columns), colour, completed })
}
