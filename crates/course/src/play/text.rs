//! What a lesson's texts say: commands can be parsed and were taught, terms are explained, links lead
//! somewhere, and no lesson has more that is new than one can keep.

use std::collections::BTreeSet;

use layerlab_shell::Dialect;
use layerlab_shell::parse::ast::{Command, CommandKind, List, Part, Word};
use layerlab_shell::parse::{Context, next_command};

use crate::read::text::Text;
use crate::read::{Course, Files, Mistake, Read};

/// New commands and terms that a lesson may bring.
const MOST_NEW: usize = 4;

/// Looks at the texts of all lessons.
pub fn check(course: &Course, files: &Files) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut taught: BTreeSet<String> = course.known.iter().cloned().collect();
    let mut explained: BTreeSet<String> = BTreeSet::new();
    for read in &course.lessons {
        let lesson = &read.lesson;
        let toml = format!("{}/lesson.toml", lesson.slug);
        let new = lesson.commands.iter().filter(|c| !taught.contains(*c)).count()
            + lesson.terms.iter().filter(|t| !explained.contains(&t.id)).count();
        if new > MOST_NEW {
            mistakes.push(Mistake::new(&toml, 1, format!("{new} new commands and terms; at most {MOST_NEW}")));
        }
        taught.extend(lesson.commands.iter().cloned());
        explained.extend(lesson.terms.iter().map(|t| t.id.clone()));
        let known: BTreeSet<String> = taught.iter().chain(&read.mentions).cloned().collect();
        let mut used = BTreeSet::new();
        for (text, lang) in read.texts.iter().zip(["de", "en"]) {
            let file = format!("{}/{lang}.md", lesson.slug);
            let mut found =
                Look { file: &file, taught: &known, used: &mut used, is_sentence: false, mistakes: &mut mistakes };
            found.code(text);
            found.terms(course, read, text, &explained, lang);
            found.links(files, text, &lesson.slug);
        }
        for way in read.solutions.exercises.iter().flat_map(|e| std::iter::once(&e.solution).chain(&e.others)) {
            for (line, text) in &way.lines {
                let text = text.strip_prefix("#type ").or_else(|| text.strip_prefix("#fails ")).unwrap_or(text);
                if !text.starts_with('#') {
                    // What alternatives use need not have been taught.
                    let all = &mut BTreeSet::new();
                    let mut found = Look {
                        file: &way.file,
                        taught: &taught,
                        used: all,
                        is_sentence: false,
                        mistakes: &mut mistakes,
                    };
                    found.script(text, *line, false);
                }
            }
        }
        for command in lesson.commands.iter().filter(|c| !used.contains(*c)) {
            mistakes.push(Mistake::new(&toml, 1, format!("it should teach {command}, which its texts do not use")));
        }
    }
    mistakes
}

struct Look<'a> {
    file: &'a str,
    taught: &'a BTreeSet<String>,
    used: &'a mut BTreeSet<String>,
    /// What is looked at stands within a sentence.
    is_sentence: bool,
    mistakes: &'a mut Vec<Mistake>,
}

impl Look<'_> {
    fn wrong(&mut self, line: u32, text: impl Into<String>) {
        self.mistakes.push(Mistake::new(self.file, line, text));
    }

    fn code(&mut self, text: &Text) {
        for (_, code, first) in text.code.iter().filter(|(lang, ..)| lang == "sh") {
            self.script(code, *first, true);
        }
        self.is_sentence = true;
        for (span, line) in &text.spans {
            let mut words = span.split_whitespace();
            let (first, second) = (words.next().unwrap_or_default(), words.next());
            let is_command = if first == "docker" {
                second.is_some_and(|w| w.starts_with(|c: char| c.is_ascii_lowercase()))
            } else {
                self.taught.contains(first)
            };
            if is_command {
                self.script(span, *line, true);
            }
        }
    }

    fn script(&mut self, code: &str, first: u32, must_be_taught: bool) {
        let cx = Context { dialect: Dialect::Bash, aliases: None, extglob: false };
        let (mut at, mut line) = (0, first);
        loop {
            match next_command(code, at, line, &cx) {
                Ok(Some(parsed)) => {
                    let mut commands = Vec::new();
                    simple(&parsed.list, &mut commands);
                    for (line, words) in commands {
                        self.command(&words, line, must_be_taught);
                    }
                    (at, line) = (parsed.pos, parsed.line);
                }
                Ok(None) => return,
                Err(e) => return self.wrong(e.line, e.message(Dialect::Bash, false).join(" ")),
            }
        }
    }

    fn command(&mut self, words: &[String], line: u32, must_be_taught: bool) {
        let Some((name, rest)) = words.split_first() else { return };
        if name == "docker" {
            return self.docker(rest, line, must_be_taught);
        }
        self.used.insert(name.clone());
        if must_be_taught && !self.taught.contains(name) {
            self.wrong(line, format!("{name} was not taught in this or an earlier lesson"));
        }
    }

    fn docker(&mut self, words: &[String], line: u32, must_be_taught: bool) {
        let found = layerlab_cli::understand(words);
        // A command that is named within a sentence needs no arguments.
        if let Some(why) = found.wrong.filter(|_| !(self.is_sentence && found.is_incomplete)) {
            return self.wrong(line, why);
        }
        self.used.insert(found.path.clone());
        if must_be_taught && found.path != "docker" && !self.taught.contains(&found.path) {
            self.wrong(line, format!("{} was not taught in this or an earlier lesson", found.path));
        }
    }

    fn terms(&mut self, course: &Course, read: &Read, text: &Text, explained: &BTreeSet<String>, lang: &str) {
        let name = |id: &str| {
            let term = course.glossary.get(id)?;
            Some(if lang == "de" { term.name.de.to_lowercase() } else { term.name.en.to_lowercase() })
        };
        let known: BTreeSet<String> = explained.iter().filter_map(|id| name(id)).collect();
        for (bold, line) in text.bold.iter().filter(|(bold, _)| !known.contains(&bold.to_lowercase())) {
            self.wrong(*line, format!("**{bold}** is no term of this or an earlier lesson (stress is written *so*)"));
        }
        let said: BTreeSet<String> = text.bold.iter().map(|(bold, _)| bold.to_lowercase()).collect();
        for term in &read.lesson.terms {
            if name(&term.id).is_some_and(|n| !said.contains(&n)) {
                self.wrong(1, format!("the term {} is not printed **bold** where it is explained", term.id));
            }
        }
    }

    fn links(&mut self, files: &Files, text: &Text, slug: &str) {
        for (to, line) in &text.links {
            if to.starts_with("https://") || to.starts_with('#') {
                continue;
            }
            let path = match to.strip_prefix("../") {
                Some(path) => path.to_owned(),
                None => format!("{slug}/{to}"),
            };
            let is_there = files.0.contains_key(&path) || files.below(path.trim_end_matches('/')).next().is_some();
            if !is_there {
                self.wrong(*line, format!("the link {to} leads nowhere"));
            }
        }
    }
}

/// All simple commands of a list with their lines: what is expanded is a word `x`.
fn simple(list: &List, out: &mut Vec<(u32, Vec<String>)>) {
    for item in &list.items {
        let pipelines = std::iter::once(&item.and_or.first).chain(item.and_or.rest.iter().map(|(_, p)| p));
        for command in pipelines.flat_map(|p| &p.commands) {
            of_command(command, out);
        }
    }
}

fn of_command(command: &Command, out: &mut Vec<(u32, Vec<String>)>) {
    match &command.kind {
        CommandKind::Simple(_, words) => {
            for part in words.iter().flat_map(|w| w.iter()) {
                substituted(part, out);
            }
            out.push((command.line, words.iter().map(plain).collect()));
        }
        CommandKind::Group(list) | CommandKind::Subshell(list) => simple(list, out),
        CommandKind::If(arms, other) => {
            for (test, body) in arms.iter() {
                simple(test, out);
                simple(body, out);
            }
            if let Some(list) = other {
                simple(list, out);
            }
        }
        CommandKind::While(_, test, body) => {
            simple(test, out);
            simple(body, out);
        }
        CommandKind::For(_, _, body) => simple(body, out),
        // What else there is no lesson has in its text.
        _ => {}
    }
}

fn substituted(part: &Part, out: &mut Vec<(u32, Vec<String>)>) {
    match part {
        Part::Command(list) => simple(list, out),
        Part::Double(parts) => parts.iter().for_each(|p| substituted(p, out)),
        _ => {}
    }
}

fn plain(word: &Word) -> String {
    let text = |part: &Part| match part {
        Part::Lit(text) | Part::Quoted(text) => text.to_string(),
        Part::Double(parts) => plain(parts),
        _ => "x".to_owned(),
    };
    word.iter().map(text).collect()
}
