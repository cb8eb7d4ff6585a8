//! Whole pages.

mod lesson;

pub(crate) use lesson::{Area, LessonPage, LessonPageProps, use_area};
