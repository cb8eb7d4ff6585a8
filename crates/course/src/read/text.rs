//! A lesson's text: plain Markdown, where headings with attributes mark what the page treats specially.
//!
//! `## Title {#id .exercise}` begins an exercise; in it, a task list (`- [ ] …`) names its goals,
//! `### Title {.hint}` begins a hint and `### Title {.guess}` what is to be foreseen. `## Title {#id .quiz}`
//! is a question (with `.multiple` or `.order`), whose right answers are ticked (`- [x] …`) and whose block
//! quote is said afterwards. `{.summary}`, `{.home}` and `{.notes}` mark what stays, the box "at home"
//! and what only lecturers see. A heading that is deeper belongs to the part above it. All else is text.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::Mistake;
use crate::{Block, Choice, Quiz, QuizKind, Task};

/// A text, with what is to be looked at in it.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// HTML.
    pub title: String,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// What must be the same in all languages, with lines.
    pub shape: Vec<(String, u32)>,
    /// Code blocks: language, content, line of the first line in it.
    pub code: Vec<(String, String, u32)>,
    /// Code within lines, with lines.
    pub spans: Vec<(String, u32)>,
    /// What is printed bold, with lines.
    pub bold: Vec<(String, u32)>,
    /// Where links lead, with lines.
    pub links: Vec<(String, u32)>,
}

/// Where the events go at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Exercise,
    Hint,
    Guess,
    Quiz,
    Summary,
    Home,
    Notes,
}

const CLASSES: &[(&str, Place)] = &[
    ("exercise", Place::Exercise),
    ("hint", Place::Hint),
    ("guess", Place::Guess),
    ("quiz", Place::Quiz),
    ("summary", Place::Summary),
    ("home", Place::Home),
    ("notes", Place::Notes),
];

/// What text belongs to at the moment, where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Else,
    Code,
    Bold,
}

struct Reader<'a> {
    file: &'a str,
    markdown: &'a str,
    text: Text,
    place: Place,
    level: HeadingLevel,
    events: Vec<Event<'a>>,
    inside: Inside,
    mistakes: Vec<Mistake>,
}

/// Reads a text.
pub fn read(file: &str, markdown: &str) -> (Text, Vec<Mistake>) {
    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES;
    let mut parser = Parser::new_ext(markdown, options).into_offset_iter().peekable();
    let mut r = Reader {
        file,
        markdown,
        text: Text::default(),
        place: Place::Text,
        level: HeadingLevel::H1,
        events: Vec::new(),
        inside: Inside::Else,
        mistakes: Vec::new(),
    };
    while let Some((event, range)) = parser.next() {
        let at = r.line(range.start);
        r.note(&event, at);
        match event {
            Event::Start(Tag::Heading { level, id, classes, .. }) => {
                let mut title: Vec<Event<'_>> = Vec::new();
                for (e, _) in parser.by_ref() {
                    if matches!(e, Event::End(TagEnd::Heading(_))) {
                        break;
                    }
                    title.push(e);
                }
                let classes: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
                r.heading(level, id.as_deref(), &classes, title, at);
            }
            // A task list: goals of an exercise, or what can be chosen.
            Event::Start(Tag::Item) if r.is_listed() => {
                let ticked = match parser.peek() {
                    Some((Event::TaskListMarker(ticked), _)) => Some(*ticked),
                    _ => None,
                };
                if ticked.is_none() && !r.is_ordered() {
                    r.events.push(event);
                    continue;
                }
                if ticked.is_some() {
                    parser.next();
                }
                let (mut item, mut depth) = (Vec::new(), 0);
                for (e, range) in parser.by_ref() {
                    match e {
                        Event::End(TagEnd::Item) if depth == 0 => break,
                        Event::Start(Tag::Item) => depth += 1,
                        Event::End(TagEnd::Item) => depth -= 1,
                        _ => {}
                    }
                    let line = r.line(range.start);
                    r.note(&e, line);
                    item.push(e);
                }
                r.item(&mut item, ticked.unwrap_or(true), at);
            }
            Event::Start(Tag::BlockQuote(_)) if matches!(r.place, Place::Quiz | Place::Guess) => {
                let mut quote: Vec<Event<'_>> = Vec::new();
                for (e, range) in parser.by_ref() {
                    if matches!(e, Event::End(TagEnd::BlockQuote(_))) {
                        break;
                    }
                    let line = r.line(range.start);
                    r.note(&e, line);
                    quote.push(e);
                }
                r.why(&mut quote);
            }
            e => r.events.push(e),
        }
    }
    r.flush();
    r.end()
}

fn render(events: &mut Vec<Event<'_>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, std::mem::take(events).into_iter());
    // What is left of lists whose items were all taken out.
    out.replace("<ul>\n</ul>", "").replace("<ol>\n</ol>", "").trim().to_owned()
}

impl<'a> Reader<'a> {
    fn line(&self, offset: usize) -> u32 {
        let before = self.markdown.get(..offset).unwrap_or("");
        before.matches('\n').count() as u32 + 1
    }

    fn wrong(&mut self, line: u32, text: impl Into<String>) {
        self.mistakes.push(Mistake::new(self.file, line, text));
    }

    /// Writes down what is looked at later.
    fn note(&mut self, event: &Event<'a>, line: u32) {
        match event {
            Event::Code(code) => self.text.spans.push((code.to_string(), line)),
            Event::Start(Tag::Link { dest_url, .. }) => self.text.links.push((dest_url.to_string(), line)),
            Event::Start(Tag::Strong) => {
                self.inside = Inside::Bold;
                self.text.bold.push((String::new(), line));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let (lang, first) = match kind {
                    CodeBlockKind::Fenced(lang) => (lang.to_string(), line + 1),
                    CodeBlockKind::Indented => (String::new(), line),
                };
                self.inside = Inside::Code;
                self.text.shape.push((format!("a code block ({lang})"), line));
                self.text.code.push((lang, String::new(), first));
            }
            Event::End(TagEnd::Strong | TagEnd::CodeBlock) => self.inside = Inside::Else,
            Event::Text(text) => {
                let into = match self.inside {
                    Inside::Code => self.text.code.last_mut().map(|(_, code, _)| code),
                    Inside::Bold => self.text.bold.last_mut().map(|(bold, _)| bold),
                    Inside::Else => None,
                };
                if let Some(into) = into {
                    into.push_str(text);
                }
            }
            Event::SoftBreak if self.inside == Inside::Bold => {
                if let Some((bold, _)) = self.text.bold.last_mut() {
                    bold.push(' ');
                }
            }
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>, classes: &[&str], mut title: Vec<Event<'a>>, at: u32) {
        let special = CLASSES.iter().find(|(class, _)| classes.contains(class)).map(|(_, place)| *place);
        for class in classes {
            let known = CLASSES.iter().any(|(c, _)| c == class) || ["multiple", "order"].contains(class);
            if !known {
                self.wrong(at, format!("no such mark: .{class}"));
            }
        }
        // A deeper heading belongs to the part that it stands in.
        if special.is_none() && level > self.level && self.place != Place::Text {
            self.text.shape.push((format!("a heading of level {}", level as u8), at));
            self.plain(level, title);
            return;
        }
        self.flush();
        let in_exercise = matches!(self.text.blocks.last(), Some(Block::Exercise(_)))
            && matches!(self.place, Place::Exercise | Place::Hint | Place::Guess);
        let Some(place) = special else {
            (self.place, self.level) = (Place::Text, level);
            if level == HeadingLevel::H1 {
                if !self.text.title.is_empty() {
                    self.wrong(at, "a second title (# …)");
                }
                self.text.title = render(&mut title);
            } else {
                self.text.shape.push((format!("a heading of level {}", level as u8), at));
                self.plain(level, title);
            }
            return;
        };
        let owned = id.unwrap_or_default().to_owned();
        if matches!(place, Place::Exercise | Place::Quiz) && owned.is_empty() {
            self.wrong(at, "it needs an id: {#id .exercise}");
        }
        if matches!(place, Place::Hint | Place::Guess) && !in_exercise {
            self.wrong(at, "a hint or a guess outside of an exercise");
            return;
        }
        let name = CLASSES.iter().find(|(_, p)| *p == place).map_or("", |(class, _)| class);
        self.text.shape.push((format!("{name} {owned}").trim_end().to_owned(), at));
        let kind = match () {
            () if place == Place::Guess => QuizKind::Guess,
            () if classes.contains(&"multiple") => QuizKind::Multiple,
            () if classes.contains(&"order") => QuizKind::Order,
            () => QuizKind::Single,
        };
        match place {
            Place::Exercise => {
                let title = render(&mut title);
                self.text.blocks.push(Block::Exercise(Task { id: owned, title, ..Task::default() }));
            }
            Place::Quiz => {
                let title = render(&mut title);
                self.text.blocks.push(Block::Quiz(Quiz { id: owned, title, kind, ..Quiz::default() }));
            }
            Place::Guess => {
                let title = render(&mut title);
                if let Some(Block::Exercise(task)) = self.text.blocks.last_mut() {
                    task.guess = Some(Quiz { id: task.id.clone(), title, kind, ..Quiz::default() });
                }
            }
            Place::Hint | Place::Text => {}
            Place::Summary | Place::Home | Place::Notes => self.plain(level, title),
        }
        (self.place, self.level) = (place, level);
    }

    fn plain(&mut self, level: HeadingLevel, mut title: Vec<Event<'a>>) {
        self.events.push(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }));
        self.events.append(&mut title);
        self.events.push(Event::End(TagEnd::Heading(level)));
    }

    fn is_listed(&self) -> bool {
        matches!(self.place, Place::Exercise | Place::Quiz | Place::Guess)
    }

    fn quiz(&mut self) -> Option<&mut Quiz> {
        match (self.place, self.text.blocks.last_mut()) {
            (Place::Quiz, Some(Block::Quiz(quiz))) => Some(quiz),
            (Place::Guess, Some(Block::Exercise(task))) => task.guess.as_mut(),
            _ => None,
        }
    }

    fn is_ordered(&mut self) -> bool {
        self.quiz().is_some_and(|quiz| quiz.kind == QuizKind::Order)
    }

    fn item(&mut self, item: &mut Vec<Event<'a>>, right: bool, at: u32) {
        let html = render(item);
        let html = html.strip_prefix("<p>").and_then(|h| h.strip_suffix("</p>")).unwrap_or(&html).to_owned();
        if let Some(quiz) = self.quiz() {
            quiz.choices.push(Choice { html, right });
            self.text.shape.push((format!("a {} answer", if right { "right" } else { "wrong" }), at));
        } else if let Some(Block::Exercise(task)) = self.text.blocks.last_mut() {
            task.goals.push(html);
            self.text.shape.push(("a goal".to_owned(), at));
        }
    }

    fn why(&mut self, quote: &mut Vec<Event<'a>>) {
        let html = render(quote);
        if let Some(quiz) = self.quiz() {
            quiz.why.push_str(&html);
        }
    }

    /// What has come so far goes where it belongs.
    fn flush(&mut self) {
        let html = render(&mut self.events);
        if html.is_empty() {
            return;
        }
        let place = self.place;
        if let Some(quiz) = self.quiz() {
            quiz.html.push_str(&html);
            return;
        }
        match (place, self.text.blocks.last_mut()) {
            (Place::Exercise, Some(Block::Exercise(task))) => task.html.push_str(&html),
            (Place::Hint, Some(Block::Exercise(task))) => task.hints.push(html),
            (Place::Summary, _) => self.text.blocks.push(Block::Summary(html)),
            (Place::Home, _) => self.text.blocks.push(Block::Home(html)),
            (Place::Notes, _) => self.text.blocks.push(Block::Notes(html)),
            _ => self.text.blocks.push(Block::Html(html)),
        }
    }

    fn end(mut self) -> (Text, Vec<Mistake>) {
        if self.text.title.is_empty() {
            self.wrong(1, "the title (# …) is missing");
        }
        let mut wrong = Vec::new();
        for block in &self.text.blocks {
            let quiz = match block {
                Block::Quiz(quiz) => Some(quiz),
                Block::Exercise(task) => task.guess.as_ref(),
                _ => None,
            };
            let Some(quiz) = quiz else { continue };
            let right = quiz.choices.iter().filter(|c| c.right).count();
            let id = &quiz.id;
            let line =
                self.text.shape.iter().find(|(s, _)| s.ends_with(&format!(" {id}"))).map_or(1, |(_, line)| *line);
            match quiz.kind {
                _ if quiz.choices.len() < 2 => wrong.push((line, format!("{id}: fewer than two answers"))),
                QuizKind::Single | QuizKind::Guess if right != 1 => {
                    wrong.push((line, format!("{id}: {right} answers are ticked as right, not one")));
                }
                QuizKind::Multiple if right == 0 => wrong.push((line, format!("{id}: no answer is ticked as right"))),
                _ => {}
            }
        }
        for (line, text) in wrong {
            self.wrong(line, text);
        }
        (self.text, self.mistakes)
    }
}
