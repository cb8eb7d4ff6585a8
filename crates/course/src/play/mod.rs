//! Plays a lesson as a person would: every goal is open before its solution and reached after it and
//! after each alternative, and each near-miss leaves open the goal that it names, and says why.

mod text;

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{Input, Observer, Scenario, Session, Verdict};
use layerlab_protocol::GoalState;

use crate::read::{Mistake, Read};
use crate::{Exercise, Goal, Lesson, Way};

pub use text::check as texts;

/// The clock at boot: 2026-11-21 08:00:00 UTC.
const BOOT: i64 = 1_795_248_000;
/// A command that takes longer is stuck.
const LIMIT: SimTime = SimTime::secs(600);
/// What a command that does not end gets before it is looked at.
const SOON: SimTime = SimTime::secs(5);

/// A lesson's session.
///
/// # Errors
/// The machine does not boot.
pub fn session(lesson: &Lesson) -> Result<Session, String> {
    let size = WinSize { rows: 24, cols: 80 };
    Session::new(layerlab_lab::parts::all(), Scenario::of_lesson(&lesson.slug, &lesson.files), 1, BOOT, size)
        .map_err(|e| e.to_string())
}

/// What a goal's check says now.
pub fn look(lesson: &Lesson, session: &Session, goal: &Goal) -> Verdict {
    Observer::start(session.world(), &lesson.files, &lesson.observer, &goal.check).finish()
}

/// Goes a way, whatever becomes of it.
pub fn follow(read: &Read, session: Session, way: &Way) -> Session {
    let mut player = Player { read, session, mistakes: Vec::new() };
    player.walk(way, false);
    player.session
}

struct Player<'a> {
    read: &'a Read,
    session: Session,
    mistakes: Vec<Mistake>,
}

/// Plays all ways through a lesson; answers what is wrong.
pub fn play(read: &Read) -> Vec<Mistake> {
    let session = match session(&read.lesson) {
        Ok(session) => session,
        Err(e) => {
            return vec![Mistake::new(format!("{}/files", read.lesson.slug), 1, format!("it does not boot: {e}"))];
        }
    };
    let mut player = Player { read, session, mistakes: Vec::new() };
    for (exercise, solved) in read.lesson.exercises.iter().zip(&read.solutions.exercises) {
        for goal in &exercise.goals {
            let verdict = player.look(exercise, goal);
            if verdict.state == GoalState::Done {
                player.wrong_check(exercise, goal, "is reached before its solution");
            }
        }
        let here = player.session.timeline().at;
        for way in &solved.others {
            player.walk(way, true);
            player.reached(exercise, way);
            player.back(here, way);
        }
        for way in &solved.misses {
            player.walk(way, false);
            player.missed(exercise, way);
            player.back(here, way);
        }
        player.walk(&solved.solution, true);
        player.reached(exercise, &solved.solution);
    }
    player.mistakes
}

impl Player<'_> {
    fn wrong(&mut self, file: &str, line: u32, text: impl Into<String>) {
        self.mistakes.push(Mistake::new(file, line, text));
    }

    fn wrong_check(&mut self, exercise: &Exercise, goal: &Goal, text: &str) {
        let file = format!("{}/checks/{}.{}.sh", self.read.lesson.slug, exercise.id, goal.id);
        self.wrong(&file, 1, text);
    }

    fn look(&mut self, exercise: &Exercise, goal: &Goal) -> Verdict {
        let verdict = look(&self.read.lesson, &self.session, goal);
        if let Some(trouble) = &verdict.trouble {
            self.wrong_check(exercise, goal, trouble);
        }
        verdict
    }

    fn reached(&mut self, exercise: &Exercise, way: &Way) {
        for goal in &exercise.goals {
            if let GoalState::Open(why) = self.look(exercise, goal).state {
                let why = why.map_or_else(String::new, |w| format!(": {}", w.en));
                self.wrong(&way.file, 1, format!("'{}' is not reached{why}", goal.id));
            }
        }
    }

    fn missed(&mut self, exercise: &Exercise, way: &Way) {
        let Some(goal) = exercise.goals.iter().find(|g| way.open.as_ref() == Some(&g.id)) else { return };
        match self.look(exercise, goal).state {
            GoalState::Done => self.wrong(&way.file, 1, format!("'{}' is reached, and should not be", goal.id)),
            GoalState::Open(None) => self.wrong(&way.file, 1, format!("'{}' is open, but nothing says why", goal.id)),
            GoalState::Open(Some(_)) => {}
        }
    }

    /// To where the exercise began.
    fn back(&mut self, here: u32, way: &Way) {
        if !self.session.jump(here as usize) {
            self.wrong(&way.file, 1, "after it there is no way back to the exercise's beginning");
        }
    }

    fn walk(&mut self, way: &Way, strict: bool) {
        for (number, line) in &way.lines {
            if let Err(text) = self.step(line, strict) {
                self.wrong(&way.file, *number, text);
            }
        }
    }

    /// One line of a way, as a person does it.
    fn step(&mut self, line: &str, strict: bool) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "#save" => {
                let found = self.read.solutions.saves.iter().find(|f| f.path == rest);
                let data = found.ok_or("there is no such file in solutions/files")?.bytes.clone();
                self.apply(Input::WriteFile { path: rest.to_owned(), data })
            }
            "#undo" => {
                if self.session.undo() {
                    Ok(())
                } else {
                    Err("nothing to undo".to_owned())
                }
            }
            "#type" => {
                self.apply(Input::Key(format!("{rest}\r").into_bytes()))?;
                self.pass(SOON);
                Ok(())
            }
            "#key" => {
                let letter = rest.strip_prefix('^').and_then(|l| l.bytes().next()).ok_or("a key is written ^C")?;
                self.apply(Input::Key(vec![letter & 0x1f]))?;
                if self.session.run_until_prompt(self.session.world().now() + LIMIT) {
                    Ok(())
                } else {
                    Err(STUCK.to_owned())
                }
            }
            "#wait" => {
                self.pass(SimTime::secs(rest.parse().map_err(|_| "seconds are a number")?));
                Ok(())
            }
            "#fails" => self.enter(rest, Some(false)),
            word if word.starts_with('#') => Err(format!("no such instruction: {word}")),
            _ => self.enter(line, strict.then_some(true)),
        }
    }

    fn apply(&mut self, input: Input) -> Result<(), String> {
        self.session.apply(input).map_err(|e| e.to_string())
    }

    fn pass(&mut self, time: SimTime) {
        let until = self.session.world().now() + time;
        self.session.run_slice(until, u64::MAX);
    }

    fn enter(&mut self, line: &str, ends_well: Option<bool>) -> Result<(), String> {
        self.apply(Input::Key(format!("{line}\r").into_bytes()))?;
        if !self.session.run_until_prompt(self.session.world().now() + LIMIT) {
            return Err(STUCK.to_owned());
        }
        let exit = self.session.timeline().marks.last().and_then(|m| m.exit);
        match ends_well {
            Some(well) if well != (exit == Some(0)) => Err(format!("it ends with status {exit:?}")),
            _ => Ok(()),
        }
    }
}

const STUCK: &str = "it does not come to an end (#type does not wait for one)";
