//! Progress without a terminal (BuildKit `progressui/printer.go`): one step at a time, numbered in
//! the order in which they are first printed.

use std::collections::BTreeMap;

use super::bytes;
use super::trace::{State, Step, seconds};

/// The printer's memory.
#[derive(Clone, Debug, Default)]
pub struct Printer {
    current: Option<String>,
    numbers: BTreeMap<String, usize>,
    /// Log lines and findings that are already printed.
    printed: BTreeMap<String, (usize, usize)>,
    begun: bool,
}

/// Lines of output that a failed step repeats.
const LAST_LINES: usize = 10;

impl Printer {
    /// What to print for the news of a state.
    pub fn print(&mut self, state: &mut State) -> String {
        let mut out = String::new();
        let news: Vec<String> = state.order.iter().filter(|d| state.updated.contains(*d)).cloned().collect();
        let done = |d: &String| state.steps.get(d).is_some_and(Step::is_completed);
        let (mut completed, rest): (Vec<String>, Vec<String>) = news.into_iter().partition(done);
        // The step that is being shown comes first.
        completed.sort_by_key(|d| self.current.as_ref() != Some(d));
        for d in completed {
            self.step(&mut out, state, &d);
        }
        match self.current.clone() {
            Some(current) if rest.contains(&current) => self.step(&mut out, state, &current),
            Some(_) => {}
            None => {
                let open = |d: &&String| state.steps.get(*d).is_some_and(|s| s.is_started() && !s.is_completed());
                let next = state.order.iter().find(open).cloned();
                if let Some(d) = next {
                    self.step(&mut out, state, &d);
                }
            }
        }
        out
    }

    fn step(&mut self, out: &mut String, state: &mut State, digest: &str) {
        let next = self.numbers.len() + 1;
        let n = *self.numbers.entry(digest.to_owned()).or_insert(next);
        if self.current.as_deref() != Some(digest) {
            if let Some(old) = self.current.as_ref().and_then(|c| self.numbers.get(c)) {
                out.push_str(&format!("#{old} ...\n"));
            }
            if self.begun {
                out.push('\n');
            }
            self.begun = true;
        }
        let Some(step) = state.steps.get_mut(digest) else { return };
        if self.current.as_deref() != Some(digest) {
            out.push_str(&format!("#{n} {}\n", step.vertex.name));
        }
        let mut open = false;
        for s in &step.statuses {
            if step.fresh.contains(&s.id) {
                open |= s.completed.is_none();
                out.push_str(&format!("#{n} {}{}{}\n", s.id, amount(s), time(s)));
            }
        }
        step.fresh.clear();
        let (logs, warnings) = self.printed.entry(digest.to_owned()).or_default();
        for w in step.warnings.iter().skip(*warnings) {
            out.push_str(&format!("#{n} WARN: {}\n", w.short));
        }
        *warnings = step.warnings.len();
        let whole = step.logs.len() - usize::from(step.partial && !step.is_completed() && !step.logs.is_empty());
        for l in step.logs.iter().take(whole).skip(*logs) {
            out.push_str(&format!("#{n} {l}\n"));
        }
        *logs = whole.max(*logs);
        self.current = Some(digest.to_owned());
        if step.is_completed() && !open {
            self.current = None;
            out.push_str(&end(n, step));
        }
        state.updated.remove(digest);
    }
}

fn end(n: usize, step: &Step) -> String {
    if step.is_canceled() {
        format!("#{n} CANCELED\n")
    } else if !step.vertex.error.is_empty() {
        format!("#{n} ERROR: {}\n", step.vertex.error)
    } else if step.vertex.cached {
        format!("#{n} CACHED\n")
    } else {
        format!("#{n} DONE {:.1}s\n", step.seconds(0))
    }
}

fn amount(s: &layerlab_api::build::Status) -> String {
    match (s.current, s.total) {
        (c, t) if t > 0 => format!(" {} / {}", bytes(c), bytes(t)),
        (c, _) if c > 0 => format!(" {}", bytes(c)),
        _ => String::new(),
    }
}

fn time(s: &layerlab_api::build::Status) -> String {
    let end = s.completed.unwrap_or(s.timestamp);
    let took = s.started.map_or(0.0, |b| seconds(b, end));
    let text = if took > 0.01 { format!(" {took:.1}s") } else { String::new() };
    format!("{text}{}", if s.completed.is_some() { " done" } else { "" })
}

/// What failed steps had to say, printed again at the end.
pub fn failures(state: &State) -> String {
    let mut out = String::new();
    for step in state.steps().filter(|s| !s.vertex.error.is_empty() && !s.is_canceled()) {
        out.push_str(&format!("------\n > {}:\n", step.vertex.name));
        for l in step.logs.iter().skip(step.logs.len().saturating_sub(LAST_LINES)) {
            out.push_str(l);
            out.push('\n');
        }
        out.push_str("------\n");
    }
    out
}
