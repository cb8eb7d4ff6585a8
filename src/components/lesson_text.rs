//! The lesson's text: one exercise at a time with the text before it, goals that tick, and hints
//! that open one by one.

use super::question::{Guess, Question, remembered_answer};
use crate::{
    i18n::{Lang, use_lang},
    lessons,
    machine::use_machine,
    web,
};
use layerlab_course::{Block, Exercise, Lesson, Quiz, Task};
use layerlab_protocol::{CheckResult, GoalState, Words};
use leptos::{html, prelude::*};
use std::collections::BTreeSet;

/// A lesson in one language, cut where an exercise ends.
struct Step {
    /// What comes before the exercise.
    before: Vec<Piece>,
    task: &'static Task,
    /// What comes after the last exercise.
    after: Vec<Piece>,
}

/// Something between exercises; texts are HTML.
#[derive(Clone, Copy)]
enum Piece {
    Prose(&'static str),
    Home(&'static str),
    Question(&'static Quiz),
}

fn steps(lesson: &'static Lesson, lang: Lang) -> Vec<Step> {
    let blocks = match lang {
        Lang::De => &lesson.de,
        Lang::En => &lesson.en,
    };
    let mut steps: Vec<Step> = Vec::new();
    let mut text = Vec::new();
    for block in blocks {
        match block {
            Block::Html(html) | Block::Summary(html) => text.push(Piece::Prose(html)),
            Block::Home(html) => text.push(Piece::Home(html)),
            Block::Quiz(quiz) => text.push(Piece::Question(quiz)),
            Block::Exercise(task) => {
                steps.push(Step { before: std::mem::take(&mut text), task, after: Vec::new() });
            }
            // Who teaches sees them elsewhere.
            Block::Notes(_) => {}
        }
    }
    if let Some(last) = steps.last_mut() {
        last.after = text;
    }
    steps
}

#[component]
pub(crate) fn LessonText(lesson: Option<&'static Lesson>) -> impl IntoView {
    lesson.map(|lesson| view! { <Text lesson /> })
}

#[component]
fn Text(lesson: &'static Lesson) -> impl IntoView {
    let lang = use_lang();
    let article = NodeRef::<html::Article>::new();
    let finished = finished(lesson);
    let ids: Vec<&'static str> = lesson.exercises.iter().map(|one| one.id.as_str()).collect();
    let count = ids.len();
    // Begin where a link says, else where the person left off.
    let first_open = || ids.iter().position(|id| !finished.with_untracked(|done| done.contains(id)));
    let at = RwSignal::new(lessons::asked_exercise(lesson).or_else(first_open).unwrap_or(0));
    // Here and not where they are shown: a change of language must not close them.
    let hints: Vec<RwSignal<usize>> = (0..count).map(|_| RwSignal::new(0)).collect();
    let go = move |to: usize| {
        at.set(to);
        if let Some(article) = article.get_untracked() {
            article.set_scroll_top(0);
        }
    };
    web::on_fragment(move || {
        if let Some(to) = lessons::asked_exercise(lesson) {
            go(to);
        }
    });
    let is_done = Memo::new(move |_| {
        let id = lesson.exercises.get(at.get()).map_or("", |one| &one.id);
        finished.with(|done| done.contains(id))
    });
    let buttons = ids
        .into_iter()
        .enumerate()
        .map(|(index, id)| {
            let done = Memo::new(move |_| finished.with(|done| done.contains(id)));
            let label = move || {
                let lang = lang.get();
                let title = steps(lesson, lang).get(index).map_or("", |step| &step.task.title);
                let done = if done.get() { format!(", {}", lang.exercise_done()) } else { String::new() };
                format!("{}: {title}{done}", lang.exercise_of(index + 1, count))
            };
            view! {
                <li>
                    <button
                        type="button"
                        class="step"
                        class:step--done=done
                        aria-label=label
                        aria-current=move || (at.get() == index).then_some("step")
                        on:click=move |_| go(index)
                    >
                        {move || if done.get() { "✓".to_owned() } else { (index + 1).to_string() }}
                    </button>
                </li>
            }
        })
        .collect_view();
    let page = move || {
        let lang = lang.get();
        let step = steps(lesson, lang).into_iter().nth(at.get())?;
        let shown = hints.get(at.get()).copied()?;
        let goals = &lesson.exercises.get(at.get())?.goals;
        let ids: Vec<&'static str> = goals.iter().map(|goal| goal.id.as_str()).collect();
        let title = match lang {
            Lang::De => lesson.title.de.as_str(),
            Lang::En => lesson.title.en.as_str(),
        };
        let heading = (at.get() == 0).then(|| view! { <h1 inner_html=title></h1> });
        let piece = |piece: Piece| match piece {
            Piece::Prose(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
            Piece::Home(html) => view! { <aside class="prose box-home" inner_html=html></aside> }.into_any(),
            Piece::Question(quiz) => {
                let answer = remembered_answer(&format!("quiz.{}.{}", lesson.slug, quiz.id), quiz);
                view! { <Question quiz answer /> }.into_any()
            }
        };
        Some(view! {
            {heading}
            {step.before.into_iter().map(piece).collect_view()}
            <TaskCard ids task=step.task slug=&lesson.slug done=is_done shown />
            {step.after.into_iter().map(piece).collect_view()}
        })
    };
    view! {
        <article class="lesson" id="area-lesson-panel" node_ref=article>
            <nav class="lesson__steps" aria-label=move || lang.get().exercises()>
                <a
                    class="lesson__eyebrow"
                    href=move || lesson.exercises.get(at.get()).map(|one| lessons::link_to(lesson, &one.id))
                    title=move || lang.get().link_to_exercise()
                >
                    {move || lang.get().exercise_of(at.get() + 1, count)}
                </a>
                <ol>{buttons}</ol>
            </nav>
            {page}
            <div class="lesson__turn">
                <Show when=move || { at.get() > 0 }>
                    <button type="button" class="button" on:click=move |_| go(at.get() - 1)>
                        {move || lang.get().previous_exercise()}
                    </button>
                </Show>
                <Show when=move || { at.get() + 1 < count }>
                    <button
                        type="button"
                        class="button"
                        class:button--primary=is_done
                        on:click=move |_| go(at.get() + 1)
                    >
                        {move || lang.get().next_exercise()}
                    </button>
                </Show>
                <Show when=move || finished.with(|done| done.len() >= count)>
                    <p class="lesson__end">{move || lang.get().all_done()}</p>
                </Show>
            </div>
        </article>
    }
}

/// The exercises that were done once; remembered.
fn finished(lesson: &'static Lesson) -> RwSignal<BTreeSet<&'static str>> {
    let machine = use_machine();
    let known = lessons::done(lesson);
    let ids = lesson.exercises.iter().map(|one| one.id.as_str());
    let done: BTreeSet<&str> = ids.filter(|id| known.iter().any(|one| one == id)).collect();
    let finished = RwSignal::new(done);
    Effect::new(move |_| {
        let checks = machine.checks.get();
        let now = lesson.exercises.iter().filter(|one| is_done(one, &checks)).map(|one| one.id.as_str());
        let new: Vec<&'static str> = now.filter(|id| finished.with_untracked(|done| !done.contains(id))).collect();
        if new.is_empty() {
            return;
        }
        finished.update(|done| done.extend(new));
        finished.with_untracked(|done| lessons::remember_done(lesson, done.iter().copied()));
    });
    finished
}

fn state<'a>(checks: &'a [CheckResult], exercise: &str, goal: &str) -> Option<&'a GoalState> {
    let one = checks.iter().find(|one| one.exercise == exercise && one.goal == goal);
    one.map(|one| &one.state)
}

fn is_done(exercise: &Exercise, checks: &[CheckResult]) -> bool {
    !exercise.goals.is_empty()
        && exercise.goals.iter().all(|goal| state(checks, &exercise.id, &goal.id) == Some(&GoalState::Done))
}

/// What to do, the goals, the hints.
#[component]
fn TaskCard(
    /// Its goals' ids.
    ids: Vec<&'static str>,
    task: &'static Task,
    /// The lesson's.
    slug: &'static str,
    done: Memo<bool>,
    /// How many hints are open.
    shown: RwSignal<usize>,
) -> impl IntoView {
    let lang = use_lang();
    let goals = task.goals.iter().zip(ids).map(|(text, id)| view! { <Goal task=&task.id id text done /> });
    let goals = goals.collect_view();
    let guess = task.guess.as_ref().map(|quiz| (quiz, remembered_answer(&format!("guess.{slug}.{}", task.id), quiz)));
    let may_go = move || done.get() || guess.is_none_or(|(_, answer)| answer.with(|answer| answer.given));
    let open_hints = move || {
        let shown = task.hints.iter().take(shown.get());
        shown
            .enumerate()
            .map(|(index, hint)| {
                view! {
                    <li>
                        <span class="hint__number">
                            {move || lang.get().hint_of(index + 1, task.hints.len())}
                        </span>
                        <div class="prose" inner_html=hint.as_str()></div>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <section class="task" class:task--done=done data-exercise=task.id.as_str()>
            <h2 inner_html=task.title.as_str()></h2>
            <div class="prose" inner_html=task.html.as_str()></div>
            {guess.map(|(quiz, answer)| view! { <Guess quiz answer shown=done /> })}
            <ul
                class="goals"
                aria-live="polite"
                aria-label=move || lang.get().goals()
                hidden=move || !may_go()
            >
                {goals}
            </ul>
            <Show when=move || !may_go()>
                <p class="task__first">{move || lang.get().guess_first()}</p>
            </Show>
            <ol class="hints">{open_hints}</ol>
            <Show when=move || { may_go() && shown.get() < task.hints.len() && !done.get() }>
                <div class="task__row">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| shown.update(|shown| *shown += 1)
                    >
                        {move || lang.get().hint_of(shown.get() + 1, task.hints.len())}
                    </button>
                </div>
            </Show>
        </section>
    }
}

/// A goal: reached, or what is and what should be.
#[component]
fn Goal(
    /// The exercise's id.
    task: &'static str,
    /// The goal's own.
    id: &'static str,
    text: &'static str,
    /// The exercise was done once: then all its goals stay ticked.
    done: Memo<bool>,
) -> impl IntoView {
    let (lang, checks) = (use_lang(), use_machine().checks);
    let goal = Memo::new(move |_| {
        if done.get() {
            return GoalState::Done;
        }
        let found = checks.with(|checks| state(checks, task, id).cloned());
        found.unwrap_or(GoalState::Open(None))
    });
    let is_reached = move || goal.get() == GoalState::Done;
    let why = move || match goal.get() {
        GoalState::Open(Some(words)) => {
            let lang = lang.get();
            Some(view! { <small inner_html=reason(&words, lang)></small> })
        }
        _ => None,
    };
    view! {
        <li class="goal" class:goal--done=is_reached data-goal=id>
            <span class="goal__mark" aria-hidden="true"></span>
            <span>
                <span class="hidden">
                    {move || {
                        let lang = lang.get();
                        if is_reached() { lang.goal_done() } else { lang.goal_open() }
                    }}
                </span>
                <span inner_html=text></span>
                {why}
            </span>
        </li>
    }
}

/// A reason with `code` as such; everything else is plain text.
fn reason(words: &Words, lang: Lang) -> String {
    let text = match lang {
        Lang::De => &words.de,
        Lang::En => &words.en,
    };
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| {
            let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            if index % 2 == 1 { format!("<code>{part}</code>") } else { part }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_shows_code_and_keeps_the_rest_plain() {
        let words = Words { de: String::new(), en: "`notes:1.0` is <b>old</b>".into() };
        assert_eq!(reason(&words, Lang::En), "<code>notes:1.0</code> is &lt;b&gt;old&lt;/b&gt;");
    }

    #[test]
    fn text_goes_with_the_exercise_that_follows_it() {
        let task = |id: &str| Block::Exercise(Task { id: id.into(), ..Task::default() });
        let html = |text: &str| Block::Html(text.into());
        let en = vec![html("a"), task("one"), Block::Notes("n".into()), html("b"), task("two"), html("c")];
        let lesson = Lesson {
            slug: String::new(),
            order: 1,
            part: String::new(),
            minutes: 1,
            title: layerlab_course::Title::default(),
            needs: Vec::new(),
            de: Vec::new(),
            en,
            exercises: Vec::new(),
            files: Vec::new(),
            observer: String::new(),
            commands: Vec::new(),
            terms: Vec::new(),
        };
        let steps = steps(Box::leak(Box::new(lesson)), Lang::En);
        let text = |pieces: &[Piece]| -> String {
            pieces.iter().map(|piece| if let Piece::Prose(html) = piece { *html } else { "?" }).collect()
        };
        let parts: Vec<_> =
            steps.iter().map(|step| (text(&step.before), step.task.id.as_str(), text(&step.after))).collect();
        assert_eq!(parts, [("a".to_owned(), "one", String::new()), ("b".to_owned(), "two", "c".to_owned())]);
    }
}
