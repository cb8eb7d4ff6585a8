//! A lesson's folder: `lesson.toml`, `de.md`, `en.md`, `files/`, `checks/`, `solutions/`.

use std::collections::{BTreeMap, BTreeSet};

use layerlab_protocol::HomeFile;
use serde::Deserialize;

use super::{Files, Mistake, Read, same, text, toml};
use crate::{Block, Exercise, Goal, Lesson, Solutions, Solved, Term, Title, Way};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonToml {
    order: u32,
    /// A letter where several lessons share a number.
    #[serde(default)]
    part: String,
    minutes: u32,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    commands: Vec<String>,
    /// Commands that are only named, as an outlook.
    #[serde(default)]
    mentions: Vec<String>,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default, rename = "exercise")]
    exercises: Vec<ExerciseToml>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExerciseToml {
    id: String,
    goals: Vec<String>,
}

struct Folder<'a> {
    files: &'a Files,
    slug: &'a str,
    used: BTreeSet<String>,
    mistakes: &'a mut Vec<Mistake>,
}

impl Folder<'_> {
    fn wrong(&mut self, file: &str, line: u32, text: impl Into<String>) {
        self.mistakes.push(Mistake::new(format!("{}/{file}", self.slug), line, text));
    }

    /// A text file that must be there.
    fn text(&mut self, file: &str) -> String {
        self.used.insert(file.to_owned());
        let found = self.files.text(&format!("{}/{file}", self.slug));
        if found.is_none() {
            self.wrong(file, 1, "this file is missing");
        }
        found.unwrap_or_default()
    }

    /// The files below a folder, as files of the home folder.
    fn home(&mut self, folder: &str) -> Vec<HomeFile> {
        let found: Vec<_> = self.files.below(&format!("{}/{folder}", self.slug)).collect();
        self.used.extend(found.iter().map(|(path, _)| format!("{folder}/{path}")));
        let file = |(path, data): (&str, &[u8])| HomeFile { path: path.to_owned(), mode: 0o644, bytes: data.to_vec() };
        found.into_iter().map(file).collect()
    }

    fn way(&mut self, file: &str) -> Way {
        let text = self.text(file);
        let mut way = Way { file: format!("{}/{file}", self.slug), ..Way::default() };
        for (line, number) in text.lines().zip(1..) {
            let line = line.trim_end();
            if let Some(goal) = line.strip_prefix("# open: ") {
                way.open = Some(goal.trim().to_owned());
            } else if !line.is_empty() && line != "#" && !line.starts_with("# ") {
                way.lines.push((number, line.to_owned()));
            }
        }
        way
    }

    /// The exercise's solution, alternatives and near-misses.
    fn solved(&mut self, exercise: &Exercise) -> Solved {
        let dir = format!("solutions/{}", exercise.id);
        let below = format!("{}/{dir}", self.slug);
        let names: Vec<String> = self.files.below(&below).map(|(name, _)| name.to_owned()).collect();
        let mut solved = Solved { id: exercise.id.clone(), ..Solved::default() };
        solved.solution = self.way(&format!("{dir}/solution.sh"));
        for name in names.iter().filter(|n| n.ends_with(".sh") && *n != "solution.sh") {
            let file = format!("{dir}/{name}");
            let way = self.way(&file);
            if name.starts_with("ok-") {
                solved.others.push(way);
            } else if name.starts_with("no-") {
                match &way.open {
                    None => self.wrong(&file, 1, "a near-miss says which goal stays open: # open: GOAL"),
                    Some(goal) if !exercise.goals.iter().any(|g| g.id == *goal) => {
                        self.wrong(&file, 1, format!("the exercise has no goal {goal}"));
                    }
                    Some(_) => {}
                }
                solved.misses.push(way);
            } else {
                self.wrong(&file, 1, "solution.sh, ok-….sh or no-….sh");
            }
        }
        solved
    }

    /// Files that nothing reads.
    fn left_over(&mut self) {
        let files = self.files;
        let all: Vec<&str> = files.below(self.slug).map(|(path, _)| path).collect();
        for path in all {
            if !self.used.contains(path) {
                self.wrong(path, 1, "nothing uses this file");
            }
        }
    }
}

/// Reads a folder; `None` where its `lesson.toml` cannot be read.
pub fn lesson(
    files: &Files,
    slug: &str,
    glossary: &BTreeMap<String, Term>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Read> {
    let toml: LessonToml = toml(files, &format!("{slug}/lesson.toml"), mistakes)?;
    let observer = files.text("observer.sh").unwrap_or_else(|| {
        mistakes.push(Mistake::new("observer.sh", 1, "this file is missing"));
        String::new()
    });
    let mut folder = Folder { files, slug, used: BTreeSet::from(["lesson.toml".to_owned()]), mistakes };
    let (order, part) = (toml.order, toml.part);
    if !part.is_empty() && !matches!(part.as_bytes(), [b'a'..=b'z']) {
        folder.wrong("lesson.toml", 1, format!("part {part} is not one small letter"));
    }
    if slug.split('-').next() != Some(&format!("{order:02}{part}")) {
        folder.wrong("lesson.toml", 1, format!("order {order}{part} is not the number of the folder {slug}"));
    }
    let texts = ["de.md", "en.md"].map(|name| {
        let markdown = folder.text(name);
        let (text, wrong) = text::read(&format!("{slug}/{name}"), &markdown);
        if !markdown.is_empty() {
            folder.mistakes.extend(wrong);
        }
        text
    });
    let [de, en] = &texts;
    let names = [format!("{slug}/de.md"), format!("{slug}/en.md")];
    folder.mistakes.extend(same::check((&names[0], de), (&names[1], en)));

    let tasks = |t: &text::Text| -> Vec<(String, usize)> {
        let task = |b: &Block| match b {
            Block::Exercise(task) => Some((task.id.clone(), task.goals.len())),
            _ => None,
        };
        t.blocks.iter().filter_map(task).collect()
    };
    let written = tasks(en);
    let (in_text, in_toml): (Vec<&str>, Vec<&str>) =
        (written.iter().map(|(id, _)| id.as_str()).collect(), toml.exercises.iter().map(|e| e.id.as_str()).collect());
    if in_text != in_toml {
        let text = format!("exercises {}, but the texts have {}", in_toml.join(", "), in_text.join(", "));
        folder.wrong("lesson.toml", 1, text);
    }
    let mut exercises = Vec::new();
    for e in &toml.exercises {
        let listed = written.iter().find(|(id, _)| *id == e.id).map_or(e.goals.len(), |(_, count)| *count);
        if e.goals.is_empty() || e.goals.len() != listed {
            folder.wrong("lesson.toml", 1, format!("{}: {} goals, but the texts list {listed}", e.id, e.goals.len()));
        }
        let goals = e.goals.iter().map(|id| {
            let check = folder.text(&format!("checks/{}.{id}.sh", e.id));
            Goal { id: id.clone(), check }
        });
        exercises.push(Exercise { id: e.id.clone(), goals: goals.collect() });
    }
    let solved = exercises.iter().map(|e| folder.solved(e)).collect();
    let solutions = Solutions { exercises: solved, saves: folder.home("solutions/files") };
    let mut terms = Vec::new();
    for id in &toml.terms {
        match glossary.get(id) {
            Some(term) => terms.push(term.clone()),
            None => folder.wrong("lesson.toml", 1, format!("the glossary has no {id}")),
        }
    }
    let lesson = Lesson {
        slug: slug.to_owned(),
        order,
        part,
        minutes: toml.minutes,
        title: Title { de: de.title.clone(), en: en.title.clone() },
        needs: toml.needs,
        de: de.blocks.clone(),
        en: en.blocks.clone(),
        exercises,
        files: folder.home("files"),
        observer,
        commands: toml.commands,
        terms,
    };
    folder.left_over();
    Some(Read { lesson, solutions, texts, mentions: toml.mentions })
}
