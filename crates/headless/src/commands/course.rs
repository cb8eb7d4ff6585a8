//! `layerlab course check [LESSON]`: plays every lesson.

use layerlab_course::{LESSONS, check, play};
use lexopt::{Arg, Parser};

use crate::usage::{Failure, Result};

/// Plays them; 1 where one does not hold.
pub(crate) fn main(mut args: Parser) -> Result<u8> {
    let mut words = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Value(v) => words.push(v.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    let only = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check"] => None,
        ["check", lesson] => Some(lesson.to_owned()),
        _ => return Err(Failure::Usage("course needs 'check' and perhaps a lesson".to_owned())),
    };
    let lessons: Vec<_> = LESSONS.iter().filter(|l| only.as_ref().is_none_or(|o| l.slug == o)).collect();
    if lessons.is_empty() {
        return Err(Failure::Usage(format!("no such lesson: {}", only.unwrap_or_default())));
    }
    let mut wrong = 0;
    for lesson in lessons {
        let mut found: Vec<String> = lesson
            .exercises
            .iter()
            .flat_map(|e| e.goals)
            .filter_map(|g| check::Check::parse(g.check).err().map(|e| format!("{} {}: {e}", lesson.slug, g.id)))
            .collect();
        found.extend(play::play(lesson));
        for f in &found {
            println!("{f}");
        }
        if found.is_empty() {
            println!("{}: {} exercises hold", lesson.slug, lesson.exercises.len());
        }
        wrong += found.len();
    }
    Ok(u8::from(wrong > 0))
}
