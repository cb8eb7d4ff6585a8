//! The state of a build as the daemon tells it (BuildKit `util/progress/progressui`, `trace`).

use std::collections::{BTreeMap, BTreeSet};

use layerlab_api::build::{Status, Trace, Vertex, Warning};

/// A step with what happened in it.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// As last told.
    pub vertex: Vertex,
    /// Progress within, in the order in which it began.
    pub statuses: Vec<Status>,
    /// Which of them are news for the plain printer.
    pub fresh: BTreeSet<String>,
    /// Whole lines, each with its time since the start.
    pub logs: Vec<String>,
    /// The last line has no end yet.
    pub partial: bool,
    /// Findings.
    pub warnings: Vec<Warning>,
}

impl Step {
    /// Whether it has begun.
    pub fn is_started(&self) -> bool {
        self.vertex.started.is_some()
    }
    /// Whether it has ended, well or not.
    pub fn is_completed(&self) -> bool {
        self.vertex.completed.is_some()
    }
    /// Whether it was given up because another failed.
    pub fn is_canceled(&self) -> bool {
        self.vertex.error.ends_with("context canceled")
    }
    /// Seconds that it took, or has taken.
    pub fn seconds(&self, now: i64) -> f64 {
        self.vertex.started.map_or(0.0, |s| seconds(s, self.vertex.completed.unwrap_or(now)))
    }
}

/// Seconds between two times in nanoseconds.
pub fn seconds(from: i64, to: i64) -> f64 {
    (to - from).max(0) as f64 / 1e9
}

/// All steps, in the order in which they were first heard of.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By digest.
    pub steps: BTreeMap<String, Step>,
    /// Digests in order.
    pub order: Vec<String>,
    /// Digests with news.
    pub updated: BTreeSet<String>,
    /// When the first step began.
    pub started: Option<i64>,
}

impl State {
    /// The steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.order.iter().filter_map(|d| self.steps.get(d))
    }

    /// All findings, in order.
    pub fn warnings(&self) -> Vec<Warning> {
        self.steps().flat_map(|s| s.warnings.iter().cloned()).collect()
    }

    fn step(&mut self, digest: &str) -> &mut Step {
        if !self.steps.contains_key(digest) {
            self.order.push(digest.to_owned());
        }
        self.updated.insert(digest.to_owned());
        self.steps.entry(digest.to_owned()).or_default()
    }

    /// Takes a line of the stream.
    pub fn apply(&mut self, trace: &Trace) {
        for v in &trace.vertexes {
            if self.started.is_none() {
                self.started = v.started;
            }
            self.step(&v.digest).vertex = v.clone();
        }
        for s in &trace.statuses {
            let step = self.step(&s.vertex);
            match step.statuses.iter_mut().find(|o| o.id == s.id) {
                Some(old) => *old = s.clone(),
                None => step.statuses.push(s.clone()),
            }
            step.fresh.insert(s.id.clone());
        }
        for w in &trace.warnings {
            self.step(&w.vertex).warnings.push(w.clone());
        }
        for l in &trace.logs {
            self.step(&l.vertex).log(&l.data, l.timestamp);
        }
    }
}

impl Step {
    fn log(&mut self, data: &str, time: i64) {
        let since = seconds(self.vertex.started.unwrap_or(time), time);
        let digits = if since < 10.0 {
            3
        } else if since < 100.0 {
            2
        } else {
            1
        };
        let mut pieces: Vec<&str> = data.split('\n').collect();
        let ends = pieces.last() == Some(&"");
        if ends {
            pieces.pop();
        }
        for (i, piece) in pieces.iter().enumerate() {
            let piece = piece.trim_end_matches('\r');
            match self.logs.last_mut() {
                Some(last) if i == 0 && self.partial => last.push_str(piece),
                _ => self.logs.push(format!("{since:.digits$} {piece}")),
            }
        }
        self.partial = !ends;
    }
}
