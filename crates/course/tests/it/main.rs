//! Every lesson holds what it promises, and what is wrong with one is said with its place.

mod broken;

use std::path::Path;

use layerlab_course::{play, read};

fn course() -> (read::Files, read::Course, Vec<read::Mistake>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let files = read::Files::of(&folder).expect("the lessons");
    let (course, mistakes) = read::course(&files);
    (files, course, mistakes)
}

fn said(mistakes: &[read::Mistake]) -> Vec<String> {
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn the_lessons_have_no_mistakes() {
    let (files, course, mistakes) = course();
    assert_eq!(said(&mistakes), Vec::<String>::new());
    assert_eq!(said(&play::texts(&course, &files)), Vec::<String>::new());
}

#[test]
fn goals_are_open_before_their_solutions_and_reached_after_and_near_misses_leave_them_open() {
    let (_, course, _) = course();
    let played = std::thread::scope(|scope| {
        let lessons: Vec<_> = course.lessons.iter().map(|l| scope.spawn(|| play::play(l))).collect();
        lessons.into_iter().flat_map(|l| l.join().expect("it plays")).collect::<Vec<_>>()
    });
    assert_eq!(said(&played), Vec::<String>::new());
}
