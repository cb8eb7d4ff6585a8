//! The lessons as files of the page: `index.bin` (the list), `<slug>.bin` (what a student needs of a lesson),
//! `<slug>.start.bin` (what a machine needs, for who comes for the first time) and `<slug>.solutions.bin` (what only
//! a lecturer does), in the form that the page's messages have; and
//! `<slug>.<language>.html`, to print and to present (`handout.rs`).

use crate::{
    handout,
    run::{Outcome, root},
};
use layerlab_course::read::{self, Course, Files};
use layerlab_protocol::encode;
use std::{fs, path::Path};

/// All lessons; what is wrong with them, a line each.
pub(crate) fn read() -> Outcome<Course> {
    let (course, mistakes) = read::course(&Files::of(&root().join("lessons"))?);
    if mistakes.is_empty() {
        return Ok(course);
    }
    Err(mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Writes them into a folder, which is emptied before.
pub(crate) fn write(course: &Course, folder: &Path) -> Outcome {
    // It may not be there yet.
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let put = |name: String, bytes: Vec<u8>| fs::write(folder.join(name), bytes).map_err(|error| error.to_string());
    put("index.bin".to_owned(), encode(&course.index()))?;
    for one in &course.lessons {
        let slug = &one.lesson.slug;
        put(format!("{slug}.bin"), encode(&one.lesson))?;
        put(format!("{slug}.start.bin"), encode(&one.lesson.start()))?;
        put(format!("{slug}.solutions.bin"), encode(&one.solutions))?;
        for lang in ["de", "en"] {
            put(format!("{slug}.{lang}.html"), handout::html(&one.lesson, &one.solutions, lang).into_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use layerlab_course::{Index, Lesson};
    use layerlab_protocol::decode;

    #[test]
    fn the_page_reads_what_is_written() {
        let course = super::read().expect("lessons without mistakes");
        let folder = std::env::temp_dir().join(format!("layerlab-lessons-{}", std::process::id()));
        super::write(&course, &folder).expect("a folder");
        let bytes = |name: &str| std::fs::read(folder.join(name)).expect("the file");
        let index: Index = decode(&bytes("index.bin")).expect("the list");
        assert_eq!(index, course.index());
        for (entry, one) in index.lessons.iter().zip(&course.lessons) {
            let lesson: Lesson = decode(&bytes(&format!("{}.bin", entry.slug))).expect("a lesson");
            assert_eq!(lesson, one.lesson);
            let students = String::from_utf8_lossy(&bytes(&format!("{}.bin", entry.slug))).into_owned();
            assert!(!students.contains("# open: "), "near-misses are not the students'");
        }
        let _ = std::fs::remove_dir_all(folder);
    }
}
