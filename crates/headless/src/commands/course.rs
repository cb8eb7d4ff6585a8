//! `layerlab course check [LESSON]`: plays every lesson and looks at what their texts say.

use std::path::{Path, PathBuf};
use std::time::Instant;

use layerlab_course::read::{self, Files, Read};
use layerlab_course::{play, read::Mistake};
use lexopt::{Arg, Parser};

use crate::usage::{Failure, Result};

/// Plays them; 1 where one does not hold.
pub(crate) fn main(mut args: Parser) -> Result<u8> {
    let (mut words, mut folder) = (Vec::new(), PathBuf::from("lessons"));
    while let Some(arg) = args.next()? {
        match arg {
            Arg::Long("lessons") => folder = args.value()?.into(),
            Arg::Value(v) => words.push(v.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check"] => check(&folder, None),
        ["check", lesson] => check(&folder, Some(lesson)),
        ["time", lesson] => time(&folder, lesson),
        _ => Err(Failure::Usage("course needs 'check' and perhaps a lesson, or 'time' and one".to_owned())),
    }
}

fn is_asked(slug: &str, lesson: &str) -> bool {
    // `5b` and `05b` are the folder `05b-…`.
    let number = slug.split('-').next().unwrap_or_default();
    slug == lesson.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
        || format!("{lesson:0>width$}", width = number.len()) == number
}

fn check(folder: &Path, only: Option<&str>) -> Result<u8> {
    let files = Files::of(folder).map_err(Failure::Usage)?;
    let (course, mut mistakes) = read::course(&files);
    let asked: Vec<&Read> =
        course.lessons.iter().filter(|l| only.is_none_or(|o| is_asked(&l.lesson.slug, o))).collect();
    mistakes.extend(play::texts(&course, &files));
    if let Some(lesson) = only {
        mistakes.retain(|m| m.file.split('/').next().is_some_and(|slug| is_asked(slug, lesson)));
        if asked.is_empty() && mistakes.is_empty() {
            return Err(Failure::Usage(format!("no such lesson: {lesson}")));
        }
    }
    // Each has a machine of its own.
    let played: Vec<Vec<Mistake>> = std::thread::scope(|scope| {
        let threads: Vec<_> = asked.iter().map(|l| scope.spawn(|| play::play(l))).collect();
        let died = |l: &Read| vec![Mistake::new(&l.lesson.slug, 1, "the machine crashed")];
        threads.into_iter().zip(&asked).map(|(t, l)| t.join().unwrap_or_else(|_| died(l))).collect()
    });
    mistakes.extend(played.into_iter().flatten());
    mistakes.sort();
    mistakes.dedup();
    for mistake in &mistakes {
        println!("{mistake}");
    }
    for read in asked {
        let slug = &read.lesson.slug;
        if !mistakes.iter().any(|m| m.file.starts_with(&format!("{slug}/"))) {
            println!("{slug}: {} exercises hold", read.lesson.exercises.len());
        }
    }
    Ok(u8::from(!mistakes.is_empty()))
}

/// How long each goal is looked at, before the lesson and after all of its solutions.
fn time(folder: &Path, lesson: &str) -> Result<u8> {
    let (course, _) = read::course(&Files::of(folder).map_err(Failure::Usage)?);
    let found = course.lessons.iter().find(|l| is_asked(&l.lesson.slug, lesson));
    let read = found.ok_or_else(|| Failure::Usage(format!("no such lesson: {lesson}")))?;
    let mut session = play::session(&read.lesson).map_err(Failure::Usage)?;
    for (exercise, solved) in read.lesson.exercises.iter().zip(&read.solutions.exercises) {
        for done in [false, true] {
            if done {
                session = play::follow(read, session, &solved.solution);
            }
            for goal in &exercise.goals {
                let begin = Instant::now();
                let verdict = play::look(&read.lesson, &session, goal);
                let took = begin.elapsed().as_secs_f64() * 1000.0;
                println!("{took:8.2} ms  {}.{}  {:?}", exercise.id, goal.id, verdict.state);
            }
        }
    }
    Ok(0)
}
