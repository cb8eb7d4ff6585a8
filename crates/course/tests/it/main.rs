//! Every lesson holds what it promises.

use layerlab_course::check::Check;
use layerlab_course::{LESSONS, play};

#[test]
fn every_goal_is_open_before_its_solution_and_reached_after() {
    assert!(!LESSONS.is_empty());
    for lesson in LESSONS {
        assert_eq!(play::play(lesson), Vec::<String>::new());
    }
}

#[test]
fn every_check_is_understood() {
    for lesson in LESSONS {
        for goal in lesson.exercises.iter().flat_map(|e| e.goals) {
            assert!(Check::parse(goal.check).is_ok(), "{} {}: {}", lesson.slug, goal.id, goal.check);
        }
    }
}
