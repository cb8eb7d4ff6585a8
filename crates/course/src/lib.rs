//! The lessons: texts, exercises, and (with the feature `checks`) what looks at the machine.
//!
//! Without `checks` this is data only: the page links it, and no core crate with it. A lesson is a
//! folder in `lessons/`; `build.rs` turns it into the data below and stops at mistakes.

#[cfg(feature = "checks")]
pub mod check;
#[cfg(feature = "checks")]
pub mod play;

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// German.
    pub de: &'static str,
    /// English.
    pub en: &'static str,
}

/// A lesson.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The folder's name, e.g. `01-folder-to-container`.
    pub slug: &'static str,
    /// How long it takes.
    pub minutes: u32,
    /// Its title, HTML.
    pub title: Title,
    /// German text.
    pub de: &'static [Block],
    /// English text; the same blocks in the same order.
    pub en: &'static [Block],
    /// Its exercises, in the order of the text.
    pub exercises: &'static [Exercise],
    /// What lies in the student's home folder: path, content.
    pub files: &'static [(&'static str, &'static [u8])],
    /// What solutions save in the editor: path, content.
    pub saves: &'static [(&'static str, &'static [u8])],
}

/// A part of a lesson's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Text, as HTML of our own making.
    Html(&'static str),
    /// An exercise.
    Exercise {
        /// The same in all languages.
        id: &'static str,
        /// HTML.
        title: &'static str,
        /// What to do, HTML.
        html: &'static str,
        /// Its goals in the order of [`Exercise::goals`], HTML.
        goals: &'static [&'static str],
        /// Hints, from a nudge to the way itself, HTML.
        hints: &'static [&'static str],
    },
}

/// An exercise.
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
    /// The same in all languages.
    pub id: &'static str,
    /// What has to be reached.
    pub goals: &'static [Goal],
    /// A way to reach it: lines typed at the terminal; `#save PATH` saves that file of `saves`.
    pub solution: &'static str,
}

/// A goal.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// The same in all languages.
    pub id: &'static str,
    /// How to find out, as JSON of `check::Check`.
    pub check: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// The lesson in a folder of this name.
pub fn lesson(slug: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|l| l.slug == slug)
}
