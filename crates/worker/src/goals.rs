//! The lesson's goals: which of them are looked at, when, and what the page does not know yet. One goal
//! is looked at a time, some milliseconds a turn; those of exercises that were done are left alone.

use crate::machine::Observe;
use layerlab_kernel::sorted::SortedSet;
use layerlab_protocol::{CheckResult, GoalCheck, GoalState, LessonStart};
use std::collections::VecDeque;

/// Milliseconds between two looks while a command runs: a server in the foreground reaches goals, too.
const BETWEEN_LOOKS: f64 = 1000.0;

/// The goals and how they stand.
#[derive(Default)]
pub(crate) struct Goals {
    checks: Vec<GoalCheck>,
    results: Vec<CheckResult>,
    /// Exercises that are done once and for all.
    done: SortedSet<String>,
    /// Still to be looked at, and the one that is.
    queue: VecDeque<usize>,
    at: Option<usize>,
    /// The machine may have changed since the last look.
    is_stale: bool,
    /// The page does not know all yet.
    is_news: bool,
    /// Real time of the last look's begin; 0: look at once.
    looked: f64,
}

impl Goals {
    /// A lesson's, nothing looked at yet.
    pub(crate) fn of(lesson: &LessonStart) -> Self {
        let done: SortedSet<String> = lesson.done.iter().cloned().collect();
        let result = |check: &GoalCheck| CheckResult {
            exercise: check.exercise.clone(),
            goal: check.goal.clone(),
            state: if done.contains(&check.exercise) { GoalState::Done } else { GoalState::Open(None) },
        };
        let results: Vec<CheckResult> = lesson.goals.iter().map(result).collect();
        let is_news = !results.is_empty();
        Self { checks: lesson.goals.clone(), results, done, is_stale: true, is_news, ..Self::default() }
    }

    /// The machine has changed.
    pub(crate) fn changed(&mut self) {
        self.is_stale = true;
    }

    /// A command has ended.
    pub(crate) fn ended(&mut self) {
        (self.is_stale, self.looked) = (true, 0.0);
    }

    /// The page wants to know, whatever has changed.
    pub(crate) fn ask(&mut self) {
        self.ended();
        self.is_news = true;
    }

    /// Looks for some milliseconds; whether there is more to look at.
    pub(crate) fn turn(&mut self, machine: &mut dyn Observe, busy: bool, now: f64) -> bool {
        let is_over = self.queue.is_empty() && self.at.is_none();
        if is_over && self.is_stale && (!busy || self.looked == 0.0 || now - self.looked >= BETWEEN_LOOKS) {
            (self.is_stale, self.looked) = (false, now);
            let open = self.checks.iter().enumerate().filter(|(_, check)| !self.done.contains(&check.exercise));
            self.queue = open.map(|(index, _)| index).collect();
        }
        if self.at.is_none() {
            self.at = self.queue.pop_front();
            if let Some(check) = self.at.and_then(|at| self.checks.get(at)) {
                machine.observe(&check.script);
            }
        }
        if let Some(at) = self.at
            && let Some(state) = machine.observed()
        {
            self.at = None;
            self.note(at, state);
        }
        self.at.is_some() || !self.queue.is_empty()
    }

    fn note(&mut self, at: usize, state: GoalState) {
        let Some(result) = self.results.get_mut(at).filter(|result| result.state != state) else { return };
        result.state = state;
        self.is_news = true;
        let exercise = result.exercise.clone();
        let mut goals = self.results.iter().filter(|result| result.exercise == exercise);
        if goals.all(|result| result.state == GoalState::Done) {
            self.done.insert(exercise);
        }
    }

    /// How all stand, if the page does not know yet. Not in the middle of a look, where some stand as they
    /// were before.
    pub(crate) fn news(&mut self) -> Option<Vec<CheckResult>> {
        let is_over = self.queue.is_empty() && self.at.is_none();
        (is_over && std::mem::take(&mut self.is_news)).then(|| self.results.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes down what is looked at, and answers always the same.
    struct Looked {
        scripts: Vec<String>,
        state: GoalState,
    }

    impl Observe for Looked {
        fn observe(&mut self, script: &str) {
            self.scripts.push(script.to_owned());
        }
        fn observed(&mut self) -> Option<GoalState> {
            Some(self.state.clone())
        }
    }

    fn goal(exercise: &str, goal: &str) -> GoalCheck {
        GoalCheck { exercise: exercise.into(), goal: goal.into(), script: format!("{exercise}.{goal}") }
    }

    fn lesson(done: &[&str]) -> LessonStart {
        LessonStart {
            goals: vec![goal("build", "image"), goal("run", "running"), goal("run", "answers")],
            done: done.iter().map(|d| (*d).to_owned()).collect(),
            ..LessonStart::default()
        }
    }

    #[test]
    fn exercises_that_were_done_are_not_looked_at() {
        let mut goals = Goals::of(&lesson(&["build"]));
        let mut machine = Looked { scripts: Vec::new(), state: GoalState::Done };
        while goals.turn(&mut machine, false, 1.0) {}
        assert_eq!(machine.scripts, ["run.running", "run.answers"]);
        let states: Vec<GoalState> = goals.news().unwrap_or_default().into_iter().map(|r| r.state).collect();
        assert_eq!(states, [GoalState::Done, GoalState::Done, GoalState::Done]);
        goals.changed();
        assert!(!goals.turn(&mut machine, false, 2.0), "all are done");
        assert_eq!(goals.news(), None);
    }

    #[test]
    fn while_a_command_runs_looks_are_rare() {
        let mut goals = Goals::of(&lesson(&["run"]));
        let mut machine = Looked { scripts: Vec::new(), state: GoalState::Open(None) };
        goals.turn(&mut machine, true, 10.0);
        for now in [100.0, 500.0, 1009.0, 1010.0] {
            goals.changed();
            goals.turn(&mut machine, true, now);
        }
        assert_eq!(machine.scripts.len(), 2);
    }
}
