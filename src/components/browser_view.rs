//! A small browser for the machine's published ports. What it gets is shown in a frame without
//! scripts, forms or access to anything.

use crate::{
    i18n::{Lang, size, use_lang},
    machine::use_machine,
};
use layerlab_protocol::{FromWorker, HttpAnswer, HttpFailure};
use leptos::prelude::*;

#[derive(Clone, PartialEq)]
enum Sight {
    Nothing,
    Waiting,
    Answer(HttpAnswer),
    Failure(HttpFailure, u16),
    BadAddress,
}

#[component]
pub(crate) fn BrowserView() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    let address = RwSignal::new(String::new());
    let sight = RwSignal::new(Sight::Nothing);
    let awaited = StoredValue::new((0_u32, 0_u16));
    let ports = Memo::new(move |_| {
        let mut ports: Vec<u16> = machine
            .snapshot
            .with(|snapshot| snapshot.containers.iter().flat_map(|one| &one.ports).map(|port| port.host).collect());
        ports.sort_unstable();
        ports.dedup();
        ports
    });
    machine.listen(move |message| {
        let FromWorker::Http { id, answer } = message else { return };
        let (expected, port) = awaited.get_value();
        if *id == expected {
            sight.set(match answer {
                Ok(answer) => Sight::Answer(answer.clone()),
                Err(failure) => Sight::Failure(failure.clone(), port),
            });
        }
    });
    let open = move || {
        let Some((port, path)) = parse(&address.get_untracked()) else {
            return sight.set(Sight::BadAddress);
        };
        address.set(format!("localhost:{port}{path}"));
        sight.set(Sight::Waiting);
        awaited.set_value((machine.http_get(port, path), port));
    };
    // The first published port is what people want to see.
    Effect::new(move |_| {
        let port = ports.with(|ports| ports.first().copied());
        if let Some(port) = port
            && (address.with_untracked(String::is_empty))
        {
            address.set(format!("localhost:{port}/"));
        }
    });
    let suggestions = move || {
        let buttons = |port: u16| {
            view! {
                <button
                    type="button"
                    class="chip"
                    on:click=move |_| {
                        address.set(format!("localhost:{port}/"));
                        open();
                    }
                >
                    {format!(":{port}")}
                </button>
            }
        };
        ports.get().into_iter().map(buttons).collect_view()
    };
    view! {
        <div class="browser">
            <form
                class="browser__bar"
                on:submit=move |event| {
                    event.prevent_default();
                    open();
                }
            >
                <button
                    type="submit"
                    class="button button--icon"
                    aria-label=move || lang.get().browser_reload()
                    title=move || lang.get().browser_reload()
                >
                    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="icon">
                        <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3" />
                    </svg>
                </button>
                <input
                    type="text"
                    inputmode="url"
                    autocapitalize="off"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="localhost:8080/"
                    aria-label=move || lang.get().browser_address()
                    prop:value=address
                    on:input=move |event| address.set(event_target_value(&event))
                />
                {suggestions}
            </form>
            {move || {
                let nothing = ports.with(Vec::is_empty);
                show(&sight.get(), nothing, lang.get())
            }}
        </div>
    }
}

/// Port and path of what a person may type: `8080`, `:8080/x`, `http://localhost:8080`.
fn parse(address: &str) -> Option<(u16, String)> {
    let rest = address.trim();
    let rest = rest.strip_prefix("http://").unwrap_or(rest);
    let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
    let port = match host.rsplit_once(':') {
        Some((name, port)) if ["", "localhost", "127.0.0.1", "0.0.0.0"].contains(&name) => port.parse().ok()?,
        None if host == "localhost" => 80,
        None => host.parse().ok()?,
        Some(_) => return None,
    };
    Some((port, format!("/{path}")))
}

fn show(sight: &Sight, no_ports: bool, lang: Lang) -> AnyView {
    let words = |text: String| view! { <p class="browser__words" role="status">{text}</p> }.into_any();
    match sight {
        Sight::Nothing if no_ports => view! {
            <div class="nothing">
                <p>{lang.browser_empty()}</p>
                <p>{lang.browser_empty_hint()}</p>
            </div>
        }
        .into_any(),
        Sight::Nothing => ().into_any(),
        Sight::Waiting => words(lang.browser_loading().into()),
        Sight::BadAddress => words(lang.browser_bad_address().into()),
        Sight::Failure(HttpFailure::Refused, port) => words(lang.browser_refused(port)),
        Sight::Failure(HttpFailure::Reset, _) => words(lang.browser_reset().into()),
        Sight::Failure(HttpFailure::Timeout, _) => words(lang.browser_timeout().into()),
        Sight::Failure(HttpFailure::NotHttp, _) => words(lang.browser_not_http().into()),
        Sight::Answer(answer) => page(answer, lang),
    }
}

fn page(answer: &HttpAnswer, lang: Lang) -> AnyView {
    let kind = answer.headers.iter().find(|(name, _)| name == "content-type");
    let kind = kind.map_or("", |(_, value)| value.split(';').next().unwrap_or(value).trim()).to_owned();
    let status = format!("{} {}", answer.status, answer.reason);
    let body = match std::str::from_utf8(&answer.body) {
        Ok(text) if kind == "text/html" => view! {
            <iframe
                class="browser__page"
                sandbox=""
                title=lang.browser_page()
                srcdoc=text.to_owned()
            ></iframe>
        }
        .into_any(),
        Ok(text) => view! { <pre class="browser__text" tabindex="0">{text.to_owned()}</pre> }.into_any(),
        Err(_) => {
            let about = lang.browser_binary(&kind, size(answer.body.len() as u64));
            view! { <p class="browser__words">{about}</p> }.into_any()
        }
    };
    let bad = answer.status >= 400;
    view! {
        <p class="browser__status" class:browser__status--bad=bad role="status">
            <b>{status}</b>
            " "
            {kind}
        </p>
        {body}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn addresses_that_people_type_are_understood() {
        for (typed, port, path) in [
            ("localhost:8080", 8080, "/"),
            ("http://localhost:8080/a/b?c=d", 8080, "/a/b?c=d"),
            (":5000/x", 5000, "/x"),
            ("8080", 8080, "/"),
            ("127.0.0.1:80/", 80, "/"),
            ("localhost", 80, "/"),
        ] {
            assert_eq!(parse(typed), Some((port, path.to_owned())), "{typed}");
        }
    }

    #[test]
    fn other_hosts_are_not() {
        for typed in ["example.org", "example.org:80/", "localhost:99999", ""] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }
}
