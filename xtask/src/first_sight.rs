//! The lesson's beginning as HTML for index.html, so that it can be read before any program has
//! arrived. `public/start.js` picks the language; the app (src/main.rs) puts its own in place. The
//! classes are those of src/components/lesson_text.rs: nothing moves when it does.

use layerlab_course::{Block, Lesson, read::Course};

/// The page's body until the app is there.
pub(crate) fn html(course: &Course) -> String {
    let Some(read) = course.lessons.iter().find(|one| one.lesson.slug == course.first) else { return String::new() };
    let lesson = &read.lesson;
    let articles = [("de", &lesson.title.de, &lesson.de), ("en", &lesson.title.en, &lesson.en)];
    let articles: String = articles.iter().map(|(lang, title, blocks)| article(lesson, lang, title, blocks)).collect();
    format!(
        "<div class=\"page\" id=\"first\" data-area=\"lesson\"><header class=\"header\">\
         <span class=\"header__logo\">Layerlab</span></header>\
         <main class=\"page__main\">{articles}{WORK}</main></div>\n"
    )
}

/// Where picture, terminal and tools will be. A terminal that is there before the app begins in `#first-terminal`,
/// which is as large as its place will be: the row above it has a tab's height.
const WORK: &str = "<div class=\"page__work\"><div class=\"picture\"></div><div class=\"page__low\">\
    <div class=\"terminal\"><div class=\"terminals\"><div class=\"terminals__row\"><button type=\"button\" disabled>\
    <span class=\"terminals__title\">student@layerlab</span></button></div></div>\
    <div class=\"terminal__place\" id=\"first-terminal\"></div></div><div class=\"tools\"></div></div></div>";

fn article(lesson: &Lesson, lang: &str, title: &str, blocks: &[Block]) -> String {
    let word = if lang == "de" { ("Aufgabe", "von") } else { ("Exercise", "of") };
    let count = lesson.exercises.len();
    let mut html = format!(
        "<article class=\"lesson\" lang=\"{lang}\" tabindex=\"0\" hidden><div class=\"lesson__steps\">\
         <span class=\"lesson__eyebrow\">{} 1 {} {count}</span></div><h1>{title}</h1>",
        word.0, word.1
    );
    for block in blocks {
        match block {
            Block::Html(text) | Block::Summary(text) | Block::Home(text) => {
                html.push_str(&format!("<div class=\"prose\">{text}</div>"));
            }
            Block::Notes(_) | Block::Quiz(_) => {}
            Block::Exercise(task) => {
                let (title, text) = (&task.title, &task.html);
                let goals: String = task.goals.iter().map(|goal| goal_item(goal)).collect();
                html.push_str(&format!(
                    "<section class=\"task\"><h2>{title}</h2><div class=\"prose\">{text}</div>\
                     <ul class=\"goals\">{goals}</ul></section>"
                ));
                break;
            }
        }
    }
    html + "</article>"
}

fn goal_item(goal: &str) -> String {
    format!("<li class=\"goal\"><span class=\"goal__mark\"></span><span>{goal}</span></li>")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn both_languages_are_there_and_neither_shows_before_one_is_picked() {
        let html = html(&crate::lessons::read().expect("lessons"));
        assert!(
            html.contains("lang=\"de\" tabindex=\"0\" hidden") && html.contains("lang=\"en\" tabindex=\"0\" hidden")
        );
        assert!(!html.contains("<script"));
    }
}
