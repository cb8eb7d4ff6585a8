//! The course as data: lessons with their texts, exercises, quizzes and checks, and the list of them.
//!
//! Without features this is types only: the page links it, and gets lessons as files when they are
//! opened. `read` makes them from the folders of `lessons/` (start reading at `read/mod.rs`), `play` tries
//! them in the machine (`play/mod.rs`). AUTHORING.md says how a lesson is written.

#[cfg(feature = "play")]
pub mod play;
#[cfg(feature = "read")]
pub mod read;

use layerlab_protocol::{GoalCheck, HomeFile, LessonStart};
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

/// The list of all lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The lesson that is opened where nobody asked for one.
    pub first: String,
    /// In the order of the course.
    pub lessons: Vec<Entry>,
}

/// A lesson in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The folder's name, e.g. `06-folder-to-container`.
    pub slug: String,
    /// Its number in the course.
    pub order: u32,
    /// A letter where several lessons share a number, `b` of 5b; else empty.
    pub part: String,
    /// How long it takes.
    pub minutes: u32,
    /// Its title, HTML.
    pub title: Title,
    /// Lessons that should be known before, by slug.
    pub needs: Vec<String>,
    /// How many exercises it has.
    pub exercises: u32,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The folder's name, e.g. `06-folder-to-container`.
    pub slug: String,
    /// Its number in the course.
    pub order: u32,
    /// A letter where several lessons share a number, `b` of 5b; else empty.
    pub part: String,
    /// How long it takes.
    pub minutes: u32,
    /// Its title, HTML.
    pub title: Title,
    /// Lessons that should be known before, by slug.
    pub needs: Vec<String>,
    /// German text.
    pub de: Vec<Block>,
    /// English text; the same blocks in the same order.
    pub en: Vec<Block>,
    /// Its exercises, in the order of the text.
    pub exercises: Vec<Exercise>,
    /// What lies in the student's home folder.
    pub files: Vec<HomeFile>,
    /// What all checks begin with.
    pub observer: String,
    /// Commands that it teaches, e.g. `docker run`, `uname`.
    pub commands: Vec<String>,
    /// Terms that it explains.
    pub terms: Vec<Term>,
}

impl Lesson {
    /// What the machine needs of it, where no exercise was done before.
    pub fn start(&self) -> LessonStart {
        let goals = self.exercises.iter().flat_map(|exercise| {
            exercise.goals.iter().map(|goal| GoalCheck {
                exercise: exercise.id.clone(),
                goal: goal.id.clone(),
                script: goal.check.clone(),
            })
        });
        LessonStart {
            slug: self.slug.clone(),
            files: self.files.clone(),
            observer: self.observer.clone(),
            goals: goals.collect(),
            done: Vec::new(),
        }
    }
}

/// A part of a lesson's text. All texts are HTML of our own making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// Text.
    Html(String),
    /// An exercise.
    Exercise(Task),
    /// A question.
    Quiz(Quiz),
    /// What stays in mind.
    Summary(String),
    /// The box "at home": the same on a real machine.
    Home(String),
    /// For who teaches; students do not see it.
    Notes(String),
}

/// What an exercise says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The same in all languages.
    pub id: String,
    /// HTML.
    pub title: String,
    /// What to do.
    pub html: String,
    /// Asked before: the goals stay hidden until an answer is given.
    pub guess: Option<Quiz>,
    /// In the order of [`Exercise::goals`].
    pub goals: Vec<String>,
    /// From a nudge to the way itself.
    pub hints: Vec<String>,
}

/// A question with answers to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    /// The same in all languages; of a guess that of its exercise.
    pub id: String,
    /// HTML.
    pub title: String,
    /// The question.
    pub html: String,
    /// How it is answered.
    pub kind: QuizKind,
    /// What can be chosen; of [`QuizKind::Order`] in the right order.
    pub choices: Vec<Choice>,
    /// Said once an answer was given; may be empty.
    pub why: String,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuizKind {
    /// One is right.
    #[default]
    Single,
    /// Any number may be right.
    Multiple,
    /// All are to be put into the right order.
    Order,
    /// What will the command print? One is right; then it is run.
    Guess,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// HTML.
    pub html: String,
    /// Whether it is right.
    pub right: bool,
}

/// An exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// The same in all languages.
    pub id: String,
    /// What has to be reached.
    pub goals: Vec<Goal>,
}

/// A goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// The same in all languages.
    pub id: String,
    /// How to find out: a script of the observer.
    pub check: String,
}

/// A term that is explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The same in all languages.
    pub id: String,
    /// What it is called.
    pub name: Title,
    /// What it is, in one sentence.
    pub text: Title,
}

/// How a lesson's exercises are solved. A file of its own: students do not load it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solutions {
    /// In the order of the exercises.
    pub exercises: Vec<Solved>,
    /// What ways save in the editor.
    pub saves: Vec<HomeFile>,
}

/// How an exercise is solved, and how not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solved {
    /// The exercise.
    pub id: String,
    /// The way that the hints lead.
    pub solution: Way,
    /// Others that are as good.
    pub others: Vec<Way>,
    /// Near-misses: each leaves a goal open.
    pub misses: Vec<Way>,
}

/// Lines as a person types them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The file in the lesson's folder.
    pub file: String,
    /// With their numbers, without empty ones and remarks.
    pub lines: Vec<(u32, String)>,
    /// The goal that it must leave open.
    pub open: Option<String>,
}

impl Lesson {
    /// Where it stands in the course: its number, and its letter where several share that.
    pub fn number(&self) -> (u32, &str) {
        (self.order, &self.part)
    }

    /// The entry in the list.
    pub fn entry(&self) -> Entry {
        Entry {
            slug: self.slug.clone(),
            order: self.order,
            part: self.part.clone(),
            minutes: self.minutes,
            title: self.title.clone(),
            needs: self.needs.clone(),
            exercises: self.exercises.len() as u32,
        }
    }
}
