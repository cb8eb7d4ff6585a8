//! Whole pages.

mod lesson;

pub(crate) use lesson::{Area, LessonPage, use_area};
