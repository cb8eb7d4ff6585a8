//! Reads the folder `lessons/`: a folder a lesson, and beside them `course.toml`, `glossary.toml` and
//! `observer.sh`. It never stops at the first mistake: what could be read is given, with everything that is wrong.

mod files;
mod lesson;
mod same;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

pub use files::Files;
pub use lesson::lesson;

use crate::{Index, Lesson, Solutions, Term, Title};

/// Something wrong in a lesson.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Relative to `lessons/`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What is wrong.
    pub text: String,
}

impl Mistake {
    /// At a place.
    pub fn new(file: impl Into<String>, line: u32, text: impl Into<String>) -> Self {
        Self { file: file.into(), line, text: text.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lessons/{}:{}: {}", self.file, self.line, self.text)
    }
}

/// All that the folder holds.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The lesson that is opened where nobody asked for one.
    pub first: String,
    /// Commands that everybody knows.
    pub known: Vec<String>,
    /// In the order of the course.
    pub lessons: Vec<Read>,
    /// Explained terms, by id.
    pub glossary: BTreeMap<String, Term>,
}

/// A lesson with what only authors and lecturers need.
#[derive(Clone, Debug)]
pub struct Read {
    /// What the page loads.
    pub lesson: Lesson,
    /// How it is solved.
    pub solutions: Solutions,
    /// Its texts as they were written: German, English.
    pub texts: [text::Text; 2],
    /// Commands that its texts name as an outlook, without teaching them.
    pub mentions: Vec<String>,
}

impl Course {
    /// The list of lessons.
    pub fn index(&self) -> Index {
        Index { first: self.first.clone(), lessons: self.lessons.iter().map(|l| l.lesson.entry()).collect() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseToml {
    first: String,
    #[serde(default)]
    known: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermToml {
    de: NameToml,
    en: NameToml,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameToml {
    name: String,
    text: String,
}

/// A TOML file, or what is wrong with it.
fn toml<T: serde::de::DeserializeOwned>(files: &Files, file: &str, mistakes: &mut Vec<Mistake>) -> Option<T> {
    let Some(text) = files.text(file) else {
        mistakes.push(Mistake::new(file, 1, "this file is missing"));
        return None;
    };
    match ::toml::from_str(&text) {
        Ok(read) => Some(read),
        Err(e) => {
            let start = e.span().map_or(0, |s| s.start);
            let line = text.get(..start).unwrap_or("").matches('\n').count() as u32 + 1;
            mistakes.push(Mistake::new(file, line, e.message()));
            None
        }
    }
}

/// Reads all.
pub fn course(files: &Files) -> (Course, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let mut course = Course::default();
    if let Some(read) = toml::<CourseToml>(files, "course.toml", &mut mistakes) {
        (course.first, course.known) = (read.first, read.known);
    }
    let glossary: BTreeMap<String, TermToml> = toml(files, "glossary.toml", &mut mistakes).unwrap_or_default();
    course.glossary = glossary
        .into_iter()
        .map(|(id, t)| {
            let (name, text) = (Title { de: t.de.name, en: t.en.name }, Title { de: t.de.text, en: t.en.text });
            (id.clone(), Term { id, name, text })
        })
        .collect();
    for folder in files.folders() {
        if let Some(read) = lesson(files, &folder, &course.glossary, &mut mistakes) {
            course.lessons.push(read);
        }
    }
    course.lessons.sort_by(|a, b| (a.lesson.number(), &a.lesson.slug).cmp(&(b.lesson.number(), &b.lesson.slug)));
    for two in course.lessons.windows(2) {
        if let [a, b] = two
            && a.lesson.number() == b.lesson.number()
        {
            let text = format!("order {}{} is that of {}, too", b.lesson.order, b.lesson.part, a.lesson.slug);
            mistakes.push(Mistake::new(format!("{}/lesson.toml", b.lesson.slug), 1, text));
        }
    }
    if !course.lessons.iter().any(|l| l.lesson.slug == course.first) {
        mistakes.push(Mistake::new("course.toml", 1, format!("first: there is no lesson {}", course.first)));
    }
    for read in &course.lessons {
        let earlier = |slug: &String| {
            course.lessons.iter().any(|l| l.lesson.slug == *slug && l.lesson.number() < read.lesson.number())
        };
        for need in read.lesson.needs.iter().filter(|n| !earlier(n)) {
            let file = format!("{}/lesson.toml", read.lesson.slug);
            mistakes.push(Mistake::new(file, 1, format!("needs {need}, which is no earlier lesson")));
        }
    }
    mistakes.sort();
    (course, mistakes)
}
