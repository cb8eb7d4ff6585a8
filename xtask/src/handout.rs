//! A lesson whole, as HTML: what is printed, and what its slides are made of (`web/teach/`). A file a language;
//! it has the lesson's words only, and is loaded when somebody prints or presents.

use layerlab_course::{Block, Lesson, Quiz, QuizKind, Solutions, Way};

/// Title, text and solutions; a `section` for each part.
pub(crate) fn html(lesson: &Lesson, solutions: &Solutions, lang: &str) -> String {
    let (title, blocks) = if lang == "de" { (&lesson.title.de, &lesson.de) } else { (&lesson.title.en, &lesson.en) };
    let parts: String = blocks.iter().map(|block| part(block, lesson, solutions)).collect();
    let (order, minutes) = (format!("{}{}", lesson.order, lesson.part), lesson.minutes);
    format!(
        "<article lang=\"{lang}\" data-order=\"{order}\" data-minutes=\"{minutes}\">\n<h1>{title}</h1>\n{parts}</article>\n"
    )
}

fn part(block: &Block, lesson: &Lesson, solutions: &Solutions) -> String {
    match block {
        Block::Html(html) => section("text", "", html),
        Block::Summary(html) => section("summary", "", html),
        Block::Home(html) => section("home", "", html),
        Block::Notes(html) => section("notes", "", html),
        Block::Quiz(quiz) => section("quiz", &quiz.id, &question(quiz, 2)),
        Block::Exercise(task) => {
            let mut html = format!("<h2>{}</h2>\n<div class=\"prose\">{}</div>\n", task.title, task.html);
            if let Some(guess) = &task.guess {
                html.push_str(&format!("<div data-guess>{}</div>\n", question(guess, 3)));
            }
            let ids = lesson.exercises.iter().filter(|one| one.id == task.id).flat_map(|one| &one.goals);
            let goals = task.goals.iter().zip(ids);
            let goals = goals.map(|(goal, known)| format!("<li data-goal=\"{}\">{goal}</li>", known.id));
            html.push_str(&list("ul", "goals", goals));
            html.push_str(&list("ol", "hints", task.hints.iter().map(|hint| format!("<li>{hint}</li>"))));
            let solved = solutions.exercises.iter().find(|one| one.id == task.id);
            html.push_str(&solved.map(|solved| way(&solved.solution, solutions)).unwrap_or_default());
            section("exercise", &task.id, &html)
        }
    }
}

fn section(kind: &str, id: &str, html: &str) -> String {
    format!("<section data-part=\"{kind}\" data-id=\"{id}\">\n{html}\n</section>\n")
}

fn question(quiz: &Quiz, level: u8) -> String {
    let title = format!("<h{level}>{}</h{level}>\n<div class=\"prose\">{}</div>\n", quiz.title, quiz.html);
    let choices = quiz.choices.iter().enumerate().map(|(index, choice)| {
        let right = if choice.right { " data-right" } else { "" };
        format!("<li data-place=\"{index}\"{right}>{}</li>", choice.html)
    });
    let name = match quiz.kind {
        QuizKind::Order => "choices choices--order",
        QuizKind::Multiple => "choices choices--multiple",
        QuizKind::Single | QuizKind::Guess => "choices",
    };
    format!("{title}{}<div data-why>{}</div>\n", list("ol", name, choices), quiz.why)
}

fn list(tag: &str, class: &str, items: impl Iterator<Item = String>) -> String {
    format!("<{tag} class=\"{class}\">{}</{tag}>\n", items.collect::<String>())
}

/// The solution's lines, and the files that it saves. `#type` and the like say how a test types, not what.
fn way(way: &Way, solutions: &Solutions) -> String {
    let lines = way.lines.iter().map(|(_, line)| {
        let Some((word, rest)) = line.strip_prefix('#').map(|line| line.split_once(' ').unwrap_or((line, ""))) else {
            return format!("<code data-line>{}</code>\n", escaped(line));
        };
        match word {
            "type" | "fails" => format!("<code data-line>{}</code>\n", escaped(rest)),
            "key" => format!("<kbd>{}</kbd>\n", escaped(rest)),
            "save" => {
                let file = solutions.saves.iter().find(|file| file.path == rest);
                let text = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).unwrap_or_default();
                format!("<figure><figcaption>{}</figcaption><pre>{}</pre></figure>\n", escaped(rest), escaped(&text))
            }
            _ => String::new(),
        }
    });
    format!("<div data-solution>{}</div>\n", lines.collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use layerlab_course::Solved;
    use layerlab_protocol::HomeFile;

    use super::*;

    #[test]
    fn a_solution_is_shown_as_it_is_typed() {
        let line = |text: &str| (1, text.to_owned());
        let lines = vec![line("echo '<b>'"), line("#save site/a.html"), line("#type sleep 9"), line("#key ^C")];
        let file = HomeFile { path: "site/a.html".into(), mode: 0o644, bytes: b"<p>".to_vec() };
        let solution = Way { lines, ..Way::default() };
        let solutions = Solutions { exercises: vec![Solved::default()], saves: vec![file] };
        let html = way(&solution, &solutions);
        assert!(html.contains("<code data-line>echo '&lt;b&gt;'</code>"), "{html}");
        assert!(html.contains("<figcaption>site/a.html</figcaption><pre>&lt;p&gt;</pre>"), "{html}");
        assert!(html.contains("<code data-line>sleep 9</code>") && html.contains("<kbd>^C</kbd>"), "{html}");
    }

    #[test]
    fn every_lesson_has_all_its_parts() {
        for one in &crate::lessons::read().expect("lessons").lessons {
            for lang in ["de", "en"] {
                let html = html(&one.lesson, &one.solutions, lang);
                assert_eq!(html.matches("data-part=\"exercise\"").count(), one.lesson.exercises.len());
                assert_eq!(html.matches("data-solution").count(), one.lesson.exercises.len());
                let goals: usize = one.lesson.exercises.iter().map(|exercise| exercise.goals.len()).sum();
                assert_eq!(html.matches("<li data-goal=").count(), goals);
                assert!(!html.contains("<script") && !html.contains("# open: "));
            }
        }
    }
}
