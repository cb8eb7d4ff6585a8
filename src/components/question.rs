//! A question of the lesson: choose, answer, see why. Also the guess of an exercise, whose explanation
//! waits until the exercise has shown it. What was chosen is remembered.

use crate::{
    i18n::{Lang, use_lang},
    web,
};
use layerlab_course::{Quiz, QuizKind};
use leptos::prelude::*;

/// What somebody chose: numbers of choices, in the order in which they stand where order counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    chosen: Vec<usize>,
    /// It was sent off: it stays.
    pub(crate) given: bool,
    /// It was wrong once: two lessons later the question comes back (`web/missed.js`).
    missed: bool,
}

impl Answer {
    /// As it is remembered: `0 2`, with `!` if given, after `?` if missed.
    fn text(&self) -> String {
        let numbers: Vec<String> = self.chosen.iter().map(usize::to_string).collect();
        let (missed, given) = (if self.missed { "?" } else { "" }, if self.given { "!" } else { "" });
        format!("{missed}{}{given}", numbers.join(" "))
    }

    fn read(text: &str, choices: usize) -> Self {
        let numbers = text.trim_matches(['?', '!']).split_whitespace();
        let chosen = numbers.filter_map(|number| number.parse().ok()).filter(|one| *one < choices).collect();
        Self { chosen, given: text.ends_with('!'), missed: text.starts_with('?') }
    }

    fn toggle(&mut self, index: usize, many: bool) {
        if !many {
            self.chosen = vec![index];
        } else if let Some(place) = self.chosen.iter().position(|one| *one == index) {
            self.chosen.remove(place);
        } else {
            self.chosen.push(index);
        }
    }

    /// Whether it is the right one.
    fn is_right(&self, quiz: &Quiz) -> bool {
        match quiz.kind {
            QuizKind::Order => self.chosen.iter().copied().eq(0..quiz.choices.len()),
            _ => quiz.choices.iter().enumerate().all(|(index, one)| one.right == self.chosen.contains(&index)),
        }
    }
}

/// The answer to a question that this browser remembers. `key`: lesson and question.
pub(crate) fn remembered_answer(key: &str, quiz: &Quiz) -> RwSignal<Answer> {
    let count = quiz.choices.len();
    let mut answer = Answer::read(&web::remembered(key).unwrap_or_default(), count);
    if quiz.kind == QuizKind::Order && answer.chosen.len() != count {
        answer = Answer { chosen: mixed(count), ..Answer::default() };
    }
    let answer = RwSignal::new(answer);
    let key = key.to_owned();
    Effect::watch(move || answer.get(), move |answer, _, _| web::remember(&key, &answer.text()), false);
    answer
}

/// An order that is not the right one, the same for everybody: each second goes first.
fn mixed(count: usize) -> Vec<usize> {
    (0..count).filter(|index| index % 2 == 1).chain((0..count).filter(|index| index % 2 == 0)).collect()
}

/// A question on its own.
#[component]
pub(crate) fn Question(quiz: &'static Quiz, answer: RwSignal<Answer>) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="question" data-quiz=quiz.id.as_str()>
            <h2 inner_html=quiz.title.as_str()></h2>
            <Asked quiz answer told=Signal::derive(move || answer.with(|answer| answer.given)) words=Lang::answer />
            <Show when=move || answer.with(|answer| answer.given && !answer.is_right(quiz))>
                <button type="button" class="button" on:click=move |_| answer.update(|answer| answer.given = false)>
                    {move || lang.get().answer_again()}
                </button>
            </Show>
        </section>
    }
}

/// What somebody expects before an exercise: it is judged when the exercise has shown what is so.
#[component]
pub(crate) fn Guess(
    quiz: &'static Quiz,
    answer: RwSignal<Answer>,
    /// The exercise is done.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let told = Signal::derive(move || shown.get() && answer.with(|answer| answer.given));
    view! {
        <div class="question question--guess" data-guess=quiz.id.as_str()>
            <h3 inner_html=quiz.title.as_str()></h3>
            <Asked quiz answer told words=Lang::guess_this />
            <Show when=move || answer.with(|answer| answer.given) && !told.get()>
                <p class="question__next">{move || lang.get().now_try_it()}</p>
            </Show>
        </div>
    }
}

/// Text, choices, the button, and what is said in the end.
#[component]
fn Asked(
    quiz: &'static Quiz,
    answer: RwSignal<Answer>,
    /// Right and wrong are shown.
    told: Signal<bool>,
    /// The button's.
    words: fn(Lang) -> &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let given = move || answer.with(|answer| answer.given);
    let nothing = move || answer.with(|answer| answer.chosen.is_empty());
    let choices = move || match quiz.kind {
        QuizKind::Order => order(quiz, answer, told).into_any(),
        kind => choose(quiz, answer, told, kind == QuizKind::Multiple).into_any(),
    };
    view! {
        <div class="prose" inner_html=quiz.html.as_str()></div>
        {choices}
        <Show when=move || !given()>
            <button
                type="button"
                class="button question__give"
                disabled=nothing
                on:click=move |_| answer.update(|answer| {
                    answer.given = true;
                    answer.missed |= !answer.is_right(quiz);
                })
            >
                {move || words(lang.get())}
            </button>
        </Show>
        <div aria-live="polite">
            <Show when=move || told.get()>
                <p class="question__verdict" class:question__verdict--right=move || answer.with(|a| a.is_right(quiz))>
                    {move || {
                        let lang = lang.get();
                        if answer.with(|answer| answer.is_right(quiz)) { lang.right() } else { lang.not_right() }
                    }}
                </p>
                <div class="prose question__why" inner_html=quiz.why.as_str()></div>
            </Show>
        </div>
    }
}

fn choose(quiz: &'static Quiz, answer: RwSignal<Answer>, told: Signal<bool>, many: bool) -> impl IntoView {
    let kind = if many { "checkbox" } else { "radio" };
    let one = move |(index, choice): (usize, &'static layerlab_course::Choice)| {
        let chosen = move || answer.with(|answer| answer.chosen.contains(&index));
        view! {
            <li class:choice--right=move || told.get() && choice.right class:choice--wrong=move || {
                told.get() && chosen() && !choice.right
            }>
                <label class="choice">
                    <input
                        type=kind
                        name=format!("quiz-{}", quiz.id)
                        prop:checked=chosen
                        disabled=move || answer.with(|answer| answer.given)
                        on:change=move |_| answer.update(|answer| answer.toggle(index, many))
                    />
                    <span inner_html=choice.html.as_str()></span>
                </label>
            </li>
        }
    };
    view! { <ul class="choices">{quiz.choices.iter().enumerate().map(one).collect_view()}</ul> }
}

/// Lines to be put into order by buttons, which keys and screen readers can use, too.
fn order(quiz: &'static Quiz, answer: RwSignal<Answer>, told: Signal<bool>) -> impl IntoView {
    let lang = use_lang();
    let swap = move |place: usize| {
        answer.update(|answer| {
            if place + 1 < answer.chosen.len() {
                answer.chosen.swap(place, place + 1);
            }
        });
    };
    let line = move |(place, index): (usize, usize)| {
        let choice = quiz.choices.get(index)?;
        let given = answer.with(|answer| answer.given);
        Some(view! {
            <li class:choice--right=move || told.get() && place == index class:choice--wrong=move || {
                told.get() && place != index
            }>
                <span class="choice choice--line">
                    <span inner_html=choice.html.as_str()></span>
                    <button
                        type="button"
                        class="button button--icon"
                        disabled=given || place == 0
                        aria-label=move || lang.get().move_up()
                        on:click=move |_| swap(place - 1)
                    >
                        "↑"
                    </button>
                    <button
                        type="button"
                        class="button button--icon"
                        disabled=given || place + 1 == quiz.choices.len()
                        aria-label=move || lang.get().move_down()
                        on:click=move |_| swap(place)
                    >
                        "↓"
                    </button>
                </span>
            </li>
        })
    };
    view! { <ol class="choices">{move || answer.get().chosen.into_iter().enumerate().map(line).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use layerlab_course::Choice;

    fn quiz(kind: QuizKind, right: &[bool]) -> Quiz {
        let choices = right.iter().map(|right| Choice { html: String::new(), right: *right }).collect();
        Quiz { kind, choices, ..Quiz::default() }
    }

    #[test]
    fn an_answer_is_remembered_as_it_was() {
        let answer = Answer { chosen: vec![2, 0], given: true, missed: true };
        assert_eq!(Answer::read(&answer.text(), 3), answer);
        assert_eq!(Answer::read("7 x 1", 3), Answer { chosen: vec![1], ..Answer::default() });
        assert_eq!(Answer::read("", 3), Answer::default());
    }

    #[test]
    fn one_is_right_or_all_that_are_and_no_other() {
        let single = quiz(QuizKind::Single, &[false, true]);
        let mut answer = Answer::default();
        answer.toggle(0, false);
        assert!(!answer.is_right(&single));
        answer.toggle(1, false);
        assert!(answer.is_right(&single));
        let multiple = quiz(QuizKind::Multiple, &[true, false, true]);
        let mut answer = Answer::default();
        answer.toggle(2, true);
        assert!(!answer.is_right(&multiple));
        answer.toggle(0, true);
        assert!(answer.is_right(&multiple));
        answer.toggle(1, true);
        assert!(!answer.is_right(&multiple));
    }

    #[test]
    fn lines_begin_in_a_wrong_order() {
        for count in 2..8 {
            let answer = Answer { chosen: mixed(count), given: true, missed: false };
            assert!(!answer.is_right(&quiz(QuizKind::Order, &vec![true; count])));
        }
        assert_eq!(mixed(5), [1, 3, 0, 2, 4]);
    }
}
