//! A lesson's text: plain Markdown, where headings with attributes mark what the page treats specially.
//!
//! `## Title {#id .exercise}` begins an exercise; in it, a task list (`- [ ] …`) names its goals and
//! `### Title {.hint}` begins a hint. All else is text.

use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A text.
pub(crate) struct Text {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A part of it.
pub(crate) enum Block {
    Html(String),
    Exercise { id: String, title: String, html: String, goals: Vec<String>, hints: Vec<String> },
}

impl Block {
    /// What must be the same in all languages.
    pub(crate) fn shape(&self) -> String {
        match self {
            Self::Html(_) => "text".to_owned(),
            Self::Exercise { id, goals, hints, .. } => {
                format!("exercise {id} with {} goals and {} hints", goals.len(), hints.len())
            }
        }
    }
    pub(crate) fn exercise(&self) -> Option<&str> {
        match self {
            Self::Html(_) => None,
            Self::Exercise { id, .. } => Some(id),
        }
    }
    pub(crate) fn goals(&self) -> usize {
        match self {
            Self::Html(_) => 0,
            Self::Exercise { goals, .. } => goals.len(),
        }
    }
}

/// Where the events go at the moment.
enum Place {
    Text,
    Exercise,
    Hint,
}

fn render(events: &mut Vec<Event<'_>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, std::mem::take(events).into_iter());
    out.trim().to_owned()
}

/// Reads a text.
pub(crate) fn read(path: &Path, markdown: &str) -> Result<Text, String> {
    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES;
    let mut text = Text { title: String::new(), blocks: Vec::new() };
    let mut place = Place::Text;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut parser = Parser::new_ext(markdown, options).into_offset_iter().peekable();
    let line = |offset: usize| markdown[..offset].matches('\n').count() + 1;
    while let Some((event, range)) = parser.next() {
        let wrong = |what: &str| format!("{}:{}: {what}", path.display(), line(range.start));
        match event {
            Event::Start(Tag::Heading { level, id, classes, .. }) => {
                let mut title: Vec<Event<'_>> = Vec::new();
                for (e, _) in parser.by_ref() {
                    if matches!(e, Event::End(TagEnd::Heading(_))) {
                        break;
                    }
                    title.push(e);
                }
                let has = |c: &str| classes.iter().any(|k| k.as_ref() == c);
                let hint = has("hint");
                flush(&mut text, &mut place, &mut events);
                if level == HeadingLevel::H1 {
                    text.title = render(&mut title);
                } else if has("exercise") {
                    let id = id.ok_or_else(|| wrong("an exercise needs an id: {#id .exercise}"))?.to_string();
                    let title = render(&mut title);
                    text.blocks.push(Block::Exercise {
                        id,
                        title,
                        html: String::new(),
                        goals: Vec::new(),
                        hints: Vec::new(),
                    });
                    place = Place::Exercise;
                } else if hint {
                    if !matches!(text.blocks.last(), Some(Block::Exercise { .. })) {
                        return Err(wrong("a hint outside of an exercise"));
                    }
                    place = Place::Hint;
                } else {
                    place = Place::Text;
                    events.push(Event::Start(Tag::Heading { level, id, classes, attrs: Vec::new() }));
                    events.append(&mut title);
                    events.push(Event::End(TagEnd::Heading(level)));
                }
            }
            // A task list in an exercise: its goals.
            Event::Start(Tag::Item)
                if matches!(place, Place::Exercise) && matches!(parser.peek(), Some((Event::TaskListMarker(_), _))) =>
            {
                parser.next();
                let mut item = Vec::new();
                for (e, _) in parser.by_ref() {
                    if matches!(e, Event::End(TagEnd::Item)) {
                        break;
                    }
                    item.push(e);
                }
                if let Some(Block::Exercise { goals, .. }) = text.blocks.last_mut() {
                    goals.push(render(&mut item));
                }
            }
            e => events.push(e),
        }
    }
    flush(&mut text, &mut place, &mut events);
    if text.title.is_empty() {
        return Err(format!("{}:1: the title (# …) is missing", path.display()));
    }
    Ok(text)
}

fn flush(text: &mut Text, place: &mut Place, events: &mut Vec<Event<'_>>) {
    let html = render(events);
    // What is left of a list whose items were all goals.
    let html = html.replace("<ul>\n</ul>", "").trim().to_owned();
    if html.is_empty() {
        return;
    }
    match (&place, text.blocks.last_mut()) {
        (Place::Exercise, Some(Block::Exercise { html: body, .. })) => body.push_str(&html),
        (Place::Hint, Some(Block::Exercise { hints, .. })) => hints.push(html),
        _ => text.blocks.push(Block::Html(html)),
    }
}
