//! The build view: every line of the Dockerfile beside what became of it, and why.

use crate::{
    i18n::{Lang, duration, size, use_lang},
    machine::use_machine,
    picture::colour_of,
};
use layerlab_protocol::{Build, BuildLine, BuildState, LineState, MissCause, Shared};
use leptos::prelude::*;

#[component]
pub(crate) fn BuildView() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let builds = Memo::new(move |_| machine.snapshot.with(|snapshot| snapshot.builds.clone()));
    // The latest one, unless another was chosen since it began.
    let chosen = RwSignal::new(None::<u32>);
    Effect::watch(
        move || builds.with(|builds| builds.first().map(|build| build.number)),
        move |_, _, _| chosen.set(None),
        false,
    );
    let build = Memo::new(move |_| {
        builds.with(|builds| {
            let one = builds.iter().find(|build| Some(build.number) == chosen.get());
            one.or(builds.first()).cloned()
        })
    });
    view! {
        <div class="build">
            {move || match build.get() {
                None => {
                    view! {
                        <div class="nothing">
                            <p>{lang.get().no_builds()}</p>
                            <p>{lang.get().no_builds_hint()}</p>
                        </div>
                    }
                        .into_any()
                }
                Some(build) => {
                    let choice = choice(&builds.get(), build.number, chosen, lang.get());
                    one(&build, lang.get(), choice).into_any()
                }
            }}
        </div>
    }
}

/// Earlier builds to look at, if there are any.
fn choice(builds: &[Shared<Build>], now: u32, chosen: RwSignal<Option<u32>>, lang: Lang) -> Option<AnyView> {
    let options: Vec<_> = builds
        .iter()
        .map(|build| {
            let number = build.number;
            view! {
                <option value=number selected=number == now>
                    {lang.build_number(number)}
                </option>
            }
        })
        .collect();
    (options.len() > 1).then(|| {
        view! {
            <select
                aria-label=lang.build_choose()
                on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
            >
                {options}
            </select>
        }
        .into_any()
    })
}

fn one(build: &Build, lang: Lang, choice: Option<AnyView>) -> impl IntoView + use<> {
    let (class, state) = match &build.state {
        BuildState::Running => ("running", lang.build_running().to_owned()),
        BuildState::Done => ("done", lang.build_done(duration(build.took))),
        BuildState::Failed { .. } => ("failed", lang.build_failed(duration(build.took))),
        BuildState::Canceled => ("failed", lang.build_canceled().to_owned()),
    };
    let tags = build.tags.join(", ");
    let saved = (build.saved > 0).then(|| lang.build_saved(duration(build.saved)));
    let (at, message) = match &build.state {
        BuildState::Failed { line, message } => (*line, Some(message.clone())),
        _ => (None, None),
    };
    let lines: Vec<_> = build.lines.iter().map(|one| line(one, lang, at == Some(one.line))).collect();
    view! {
        <div class="build__head">
            {match choice {
                Some(choice) => choice,
                None => view! { <b>{lang.build_number(build.number)}</b> }.into_any(),
            }}
            <code>{tags}</code>
            <span class=format!("build__state build__state--{class}")>{state}</span>
            {saved.map(|saved| view! { <span class="build__saved">{saved}</span> })}
        </div>
        <ol class="dockerfile">{lines}</ol>
        {message.map(|message| view! { <pre class="build__error" role="alert">{message}</pre> })}
    }
}

fn line(line: &BuildLine, lang: Lang, to_blame: bool) -> impl IntoView + use<> {
    let is_from = line.text.to_ascii_uppercase().starts_with("FROM ");
    let (class, why) = match &line.state {
        LineState::Config => ("config", String::new()),
        LineState::Waiting => ("waiting", lang.line_waiting().into()),
        LineState::Running(_) => ("running", lang.line_running().into()),
        LineState::Hit => ("hit", lang.line_hit().into()),
        // What a base image costs the first time is its download; afterwards it is there.
        LineState::Miss(MissCause::NeverBuilt) if is_from && line.took < 100 => ("hit", lang.line_hit().into()),
        LineState::Miss(MissCause::NeverBuilt) if is_from => ("miss", lang.cause_pulled().into()),
        LineState::Miss(cause) => ("miss", lang.miss_cause(cause)),
        LineState::Failed(_) => ("failed", lang.line_failed().into()),
        LineState::Skipped => ("skipped", lang.line_skipped().into()),
    };
    let class = if to_blame { "failed" } else { class };
    let time = match line.state {
        LineState::Hit if line.saved >= 100 => lang.line_saved(duration(line.saved)),
        LineState::Miss(_) | LineState::Running(_) | LineState::Failed(_) => duration(line.took),
        _ => String::new(),
    };
    let about = if line.layer.is_some() { format!("{} · {}", line.text, size(line.size)) } else { line.text.clone() };
    let swatch = line.layer.as_deref().map(|digest| format!("background:{}", colour_of(digest).css()));
    view! {
        <li class=format!("dockerfile__line dockerfile__line--{class}")>
            <span class="dockerfile__number">
                <span class="hidden">{lang.line_number("")}</span>
                {line.line}
            </span>
            <code title=about>{line.text.clone()}</code>
            <span class="dockerfile__why" title=why.clone()>{why.clone()}</span>
            <span class="dockerfile__time">{time}</span>
            <span class="dockerfile__swatch" style=swatch aria-hidden="true"></span>
        </li>
    }
}
