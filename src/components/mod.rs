//! The parts of the page. A component is a file here and a style sheet of the same name in
//! `style/components/`.

mod areas;
mod browser_view;
mod build_view;
mod details;
mod header;
mod layers_view;
mod lesson_menu;
mod lesson_text;
mod notices;
mod question;
mod settings_menu;
mod share_menu;
mod sheet;
mod splitter;
mod tabs;
mod timeline;
mod tools;

pub(crate) use areas::Areas;
pub(crate) use details::{Details, Looked, Thing, use_looked};
pub(crate) use header::Header;
pub(crate) use lesson_text::LessonText;
pub(crate) use notices::Notices;
pub(crate) use splitter::{Border, Splitter};
pub(crate) use timeline::TimelineBar;
pub(crate) use tools::Tools;
