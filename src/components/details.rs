//! Details of something in the picture: all that `docker inspect` tells of it.

use crate::{
    i18n::use_lang,
    machine::use_machine,
    pages::{Area, use_area},
    terminal::use_terminal,
};
use layerlab_protocol::{FromWorker, ObjectKind, ToWorker};
use leptos::{html, prelude::*};

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) kind: ObjectKind,
    /// As docker is asked for it.
    pub(crate) name: String,
}

/// What the sheet of details shows; setting it opens it.
pub(crate) type Looked = RwSignal<Option<Thing>>;

/// The one of this page.
pub(crate) fn use_looked() -> Looked {
    expect_context()
}

#[component]
pub(crate) fn Details() -> impl IntoView {
    let (lang, machine, looked) = (use_lang(), use_machine(), use_looked());
    let sheet = NodeRef::<html::Dialog>::new();
    let awaited = StoredValue::new(0_u32);
    let told = RwSignal::new(None::<Option<String>>);
    machine.listen(move |message| {
        if let FromWorker::Inspected { id, text } = message
            && *id == awaited.get_value()
        {
            told.set(Some(text.clone()));
        }
    });
    Effect::new(move |_| {
        let (Some(thing), Some(sheet)) = (looked.get(), sheet.get()) else { return };
        told.set(None);
        awaited.set_value(machine.inspect(thing.kind, thing.name));
        // It can only fail if it is open already.
        let _ = sheet.show_modal();
    });
    let command = move || {
        looked.with(|thing| {
            let name = |thing: &Thing| {
                let short = thing.name.strip_prefix("sha256:").and_then(|id| id.get(..12));
                short.unwrap_or(&thing.name).to_owned()
            };
            thing.as_ref().map(|thing| format!("docker {} inspect {}", thing.kind.noun(), name(thing)))
        })
    };
    // What is typed for who wants a terminal in it.
    let enter = move || {
        let thing = looked.get().filter(|thing| thing.kind == ObjectKind::Container)?;
        machine.snapshot.with(|snapshot| {
            let mut all = snapshot.containers.iter();
            let container = all.find(|one| one.name == thing.name || one.id == thing.name)?;
            let (name, shell) = (&container.name, &container.shell);
            (!shell.is_empty()).then(|| format!("docker exec -it {name} {shell}"))
        })
    };
    let (area, terminal) = (use_area(), use_terminal());
    let open = move |command: String| {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
        machine.send(&ToWorker::OpenTerminal { command: Some(command) });
        area.set(Area::Terminal);
        // After the sheet has given the focus back.
        request_animation_frame(move || terminal.focus());
    };
    let button = move || {
        let command = enter()?;
        Some(view! {
            <p class="details__do">
                <button type="button" class="button" title=command.clone() on:click=move |_| open(command.clone())>
                    {move || lang.get().open_terminal_in()}
                </button>
            </p>
        })
    };
    let text = move || match told.get() {
        None => ().into_any(),
        Some(None) => view! { <p role="status">{lang.get().details_not_now()}</p> }.into_any(),
        Some(Some(text)) => {
            let lines: Vec<_> = text.lines().map(line).collect();
            view! { <pre tabindex="0">{lines}</pre> }.into_any()
        }
    };
    view! {
        <dialog
            class="details"
            aria-labelledby="details-title"
            node_ref=sheet
            on:close=move |_| looked.set(None)
            on:click=move |event| {
                // Beside the sheet is the backdrop, which counts as the dialog itself.
                let sheet = sheet.get_untracked();
                if let Some(sheet) = sheet.filter(|sheet| event.target().as_ref() == Some(sheet)) {
                    sheet.close();
                }
            }
        >
            <div class="details__sheet">
                <h2 id="details-title">
                    <code>{command}</code>
                </h2>
                <form method="dialog">
                    <button class="notice__close" aria-label=move || lang.get().close()>
                        "×"
                    </button>
                </form>
                {button}
                {text}
            </div>
        </dialog>
    }
}

/// A line of JSON with its key set apart.
fn line(line: &str) -> impl IntoView + use<> {
    let (before, key, after) = key_of(line);
    view! {
        {before.to_owned()}
        <b>{key.to_owned()}</b>
        {format!("{after}\n")}
    }
}

/// What is before a line's key, the key in its quotes (empty: it has none), and what follows.
fn key_of(line: &str) -> (&str, &str, &str) {
    let indent = line.len() - line.trim_start().len();
    let (before, rest) = line.split_at(indent);
    match rest.starts_with('"').then(|| rest.find("\":")).flatten() {
        Some(end) => (before, &rest[..=end], &rest[end + 1..]),
        None => (before, "", rest),
    }
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn keys_are_found_at_the_beginning_only() {
        assert_eq!(key_of("    \"Id\": \"a\": b\","), ("    ", "\"Id\"", ": \"a\": b\","));
        assert_eq!(key_of("  \"PATH=/bin\","), ("  ", "", "\"PATH=/bin\","));
        assert_eq!(key_of("}"), ("", "", "}"));
    }
}
