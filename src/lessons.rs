//! The lessons as the page gets them: the list with itself, a lesson when it is opened. They are files that
//! `xtask` makes of the folders in `lessons/`.

use crate::web;
use layerlab_course::{Entry, Index, Lesson};
use layerlab_protocol::{LessonStart, decode};

/// What this page shows: one lesson for as long as it lives.
#[derive(Clone, Copy)]
pub(crate) struct Opened {
    /// All lessons; a menu is made of it.
    pub(crate) index: &'static Index,
    /// `None`: it could not be loaded, for this reason.
    pub(crate) lesson: Result<&'static Lesson, &'static str>,
}

/// Opens the lesson that the address names, else the first.
pub(crate) async fn open() -> Opened {
    let index: Index = load("index").await.and_then(|bytes| read(decode(&bytes))).unwrap_or_default();
    let wanted = asked(&web::fragment()).to_owned();
    let known = index.lessons.iter().any(|lesson| lesson.slug == wanted);
    let slug = if known { wanted } else { index.first.clone() };
    let lesson: Result<Lesson, String> = load(&slug).await.and_then(|bytes| read(decode(&bytes)));
    let known: Vec<String> = index.lessons.iter().map(|lesson| lesson.slug.clone()).collect();
    web::reload_on_fragment(move |fragment| {
        let asked = asked(fragment);
        // A session's lesson may be unknown: then the page that opens says so.
        (asked != fragment && !fragment.contains(EXERCISE)) || (asked != slug && known.iter().any(|one| one == asked))
    });
    // They live as long as the page: a copy of every text in every component would be waste.
    let index = Box::leak(Box::new(index));
    let lesson = match lesson {
        Ok(lesson) => Ok(&*Box::leak(Box::new(lesson))),
        Err(why) => Err(&*why.leak()),
    };
    Opened { index, lesson }
}

/// What comes between a lesson and the exercise at which to start.
const EXERCISE: &str = ";exercise=";

/// What a link to an exercise has behind its `#`.
pub(crate) fn link_to(lesson: &Lesson, exercise: &str) -> String {
    format!("#{}{EXERCISE}{exercise}", lesson.slug)
}

/// The exercise of `lesson` at which the address asks to start.
pub(crate) fn asked_exercise(lesson: &Lesson) -> Option<usize> {
    let fragment = web::fragment();
    let (slug, id) = fragment.split_once(EXERCISE)?;
    lesson.exercises.iter().position(|one| slug == lesson.slug && one.id == id)
}

/// The lesson that the address names behind its `#`; an exercise or a session may follow (`machine/share.rs`).
fn asked(fragment: &str) -> &str {
    fragment.split(';').next().unwrap_or_default()
}

async fn load(name: &str) -> Result<Vec<u8>, String> {
    web::load_lesson_file(&format!("{name}.bin")).await.map_err(|error| format!("{error:?}"))
}

fn read<T, E: std::fmt::Display>(read: Result<T, E>) -> Result<T, String> {
    read.map_err(|error| error.to_string())
}

/// What the machine needs of a lesson.
pub(crate) fn start(lesson: &Lesson) -> LessonStart {
    LessonStart { done: done(lesson), ..lesson.start() }
}

/// The exercises of a lesson that were done once, as this browser remembers them.
fn remembered(slug: &str) -> Vec<String> {
    let known = web::remembered(&key(slug)).unwrap_or_default();
    known.split_whitespace().map(str::to_owned).collect()
}

fn key(slug: &str) -> String {
    format!("progress.{slug}")
}

/// Remembers which exercises of a lesson were done once.
pub(crate) fn remember_done<'a>(lesson: &Lesson, ids: impl Iterator<Item = &'a str>) {
    web::remember(&key(&lesson.slug), &ids.collect::<Vec<_>>().join(" "));
}

/// The exercises that were done once.
pub(crate) fn done(lesson: &Lesson) -> Vec<String> {
    let mut done = remembered(&lesson.slug);
    done.retain(|id| lesson.exercises.iter().any(|exercise| exercise.id == *id));
    done
}

/// How many exercises of a lesson in the list were done once.
pub(crate) fn done_count(entry: &Entry) -> usize {
    remembered(&entry.slug).len().min(entry.exercises as usize)
}
