//! Plays a lesson by its solutions: every goal is open before and reached after.

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, Session};
use layerlab_protocol::GoalState;

use crate::{Lesson, check};

/// The clock at boot: 2026-11-21 08:00:00 UTC.
const BOOT: i64 = 1_795_248_000;
/// A command that takes longer is stuck.
const LIMIT: SimTime = SimTime::secs(600);

/// The machine that a lesson starts with.
pub fn scenario(lesson: &Lesson) -> Scenario {
    let file = |f: &(&str, &[u8])| HomeFile { path: f.0.to_owned(), mode: 0o644, data: f.1.to_vec() };
    Scenario::new(lesson.slug, lesson.files.iter().map(file).collect())
}

/// Plays the solutions one after the other; answers what is wrong, one sentence each.
pub fn play(lesson: &Lesson) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut session =
        match Session::new(layerlab_lab::parts::all(), scenario(lesson), 1, BOOT, WinSize { rows: 24, cols: 80 }) {
            Ok(s) => s,
            Err(e) => return vec![format!("{}: the machine does not boot: {e}", lesson.slug)],
        };
    for exercise in lesson.exercises {
        for (goal, state) in goals(lesson, &session, exercise.id) {
            if state == GoalState::Done {
                wrong.push(format!("{} {}: '{goal}' is reached before its solution", lesson.slug, exercise.id));
            }
        }
        for line in exercise.solution.lines().filter(|l| !l.is_empty()) {
            if let Some(text) = step(lesson, &mut session, line) {
                wrong.push(format!("{} {}: {text}", lesson.slug, exercise.id));
            }
        }
        for (goal, state) in goals(lesson, &session, exercise.id) {
            if let GoalState::Open(why) = state {
                let why = why.map_or_else(String::new, |w| format!(": {}", w.en));
                wrong.push(format!("{} {}: '{goal}' is not reached by its solution{why}", lesson.slug, exercise.id));
            }
        }
    }
    wrong
}

fn goals(lesson: &Lesson, session: &Session, exercise: &str) -> Vec<(String, GoalState)> {
    let results = check::all(lesson, session).into_iter().filter(|r| r.exercise == exercise);
    results.map(|r| (r.goal, r.state)).collect()
}

/// One line of a solution, as a person does it.
fn step(lesson: &Lesson, session: &mut Session, line: &str) -> Option<String> {
    if let Some(path) = line.strip_prefix("#save ") {
        let Some((_, data)) = lesson.saves.iter().find(|f| f.0 == path) else {
            return Some(format!("'{line}': no such file in solutions/files"));
        };
        return session
            .apply(Input::WriteFile { path: path.to_owned(), data: data.to_vec() })
            .err()
            .map(|e| format!("'{line}': {e}"));
    }
    if let Err(e) = session.apply(Input::Key(format!("{line}\r").into_bytes())) {
        return Some(format!("'{line}': {e}"));
    }
    if !session.run_until_prompt(session.world().now() + LIMIT) {
        return Some(format!("'{line}' does not come to an end"));
    }
    let exit = session.timeline().marks.last().and_then(|m| m.exit);
    (exit != Some(0)).then(|| format!("'{line}' ends with status {exit:?}"))
}
