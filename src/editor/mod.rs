//! The editor's panel: the home folder's files, and CodeMirror, which is loaded when the first file
//! is opened. What is edited goes into the machine after a short pause; what the machine changes
//! comes back.

mod codemirror;
mod exchange;
mod file_list;

use crate::{
    i18n::{Lang, size, use_lang},
    machine::use_machine,
};
use codemirror::CodeMirror;
use file_list::FileList;
use layerlab_protocol::{FileContent, FileKind, FromWorker, ToWorker};
use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;

/// After so long without a key the text is saved.
const PAUSE: Duration = Duration::from_millis(700);

/// How the open file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
    /// As in the machine.
    Same,
    /// Edited and not yet sent.
    Edited,
    /// Sent.
    Saving,
    /// The machine has it.
    Saved,
    /// The kernel's words.
    Failed(String),
    /// The machine changed it, and so did we: its text.
    Conflict(String),
    /// The machine changed it; we took that.
    Refreshed,
    Gone,
    Binary(u64),
}

#[derive(Clone, Copy)]
struct Open {
    path: RwSignal<Option<String>>,
    status: RwSignal<Status>,
    editor: StoredValue<Option<CodeMirror>, LocalStorage>,
    /// Text that waits for the editor to be loaded.
    waiting: StoredValue<Option<String>>,
    /// Counts edits, so that only the last one's pause ends in a save.
    edits: StoredValue<u32>,
    /// Read to open, not to compare.
    opening: StoredValue<bool>,
}

#[component]
pub(crate) fn EditorPanel() -> impl IntoView {
    let (lang, machine) = (use_lang(), use_machine());
    exchange::hear(machine);
    let place = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    let open = Open {
        path: RwSignal::new(None),
        status: RwSignal::new(Status::Same),
        editor: StoredValue::new_local(None),
        waiting: StoredValue::new(None),
        edits: StoredValue::new(0),
        opening: StoredValue::new(false),
    };
    let save = move || {
        let text = open.editor.with_value(|editor| editor.as_ref().map(CodeMirror::text));
        if let (Some(text), Some(path)) = (text, open.path.get_untracked()) {
            open.status.set(Status::Saving);
            machine.send(&ToWorker::WriteFile { path, bytes: text.into_bytes() });
        }
    };
    let edited = move || {
        open.status.set(Status::Edited);
        let edit = open.edits.try_update_value(|edits| {
            *edits += 1;
            *edits
        });
        set_timeout(
            move || {
                if edit == Some(open.edits.get_value()) && open.status.get_untracked() == Status::Edited {
                    save();
                }
            },
            PAUSE,
        );
    };
    let load_editor = move || {
        let Some(place) = place.get_untracked() else { return };
        let label = lang.get_untracked().files();
        spawn_local(async move {
            match codemirror::create(&place, label, edited, save).await {
                Ok(editor) => {
                    if let Some(text) = open.waiting.try_update_value(Option::take).flatten() {
                        editor.open(&open.path.get_untracked().unwrap_or_default(), &text);
                    }
                    open.editor.set_value(Some(editor));
                }
                Err(_) => failed.set(true),
            }
        });
    };
    let loading = StoredValue::new(false);
    let choose = move |path: String| {
        if open.status.get_untracked() == Status::Edited {
            save();
        }
        if !loading.get_value() {
            loading.set_value(true);
            load_editor();
        }
        open.path.set(Some(path.clone()));
        open.status.set(Status::Same);
        open.opening.set_value(true);
        machine.send(&ToWorker::ReadFile { path });
    };
    machine.listen(move |message| match message {
        FromWorker::File { path, content } if Some(path) == open.path.get_untracked().as_ref() => {
            take(open, path, content);
        }
        FromWorker::Saved { path, error }
            if Some(path) == open.path.get_untracked().as_ref() && open.status.get_untracked() == Status::Saving =>
        {
            open.status.set(error.clone().map_or(Status::Saved, Status::Failed));
        }
        _ => {}
    });
    // Another version in the machine: ours just now, or a change of its own; the text will tell.
    let version = Memo::new(move |_| {
        let path = open.path.get()?;
        machine.snapshot.with(|snapshot| {
            let entry = snapshot.home.iter().find(|entry| entry.path == path);
            Some(entry.map(|entry| entry.version))
        })
    });
    Effect::watch(
        move || (open.path.get(), version.get()),
        move |(path, _), before, _| {
            if let Some((old, _)) = before
                && let Some(path) = path
                && old.as_ref() == Some(path)
            {
                machine.send(&ToWorker::ReadFile { path: path.clone() });
            }
        },
        false,
    );
    let files = Memo::new(move |_| {
        machine.snapshot.with(|snapshot| {
            let shown = snapshot.home.iter().filter(|entry| !hidden(&entry.path));
            shown.map(|entry| (entry.path.clone(), entry.kind == FileKind::Folder)).collect::<Vec<_>>()
        })
    });
    let create = move |path: String| {
        machine.send(&ToWorker::CreateFile { path: path.clone() });
        choose(path);
    };
    view! {
        <div class="editor">
            <FileList files open=open.path on_choose=choose on_create=create />
            <div class="editor__main">
                <Show when=move || open.path.with(Option::is_some)>
                    <StatusLine open save />
                </Show>
                <Show when=move || open.path.with(Option::is_none)>
                    <p class="nothing">{move || lang.get().choose_file()}</p>
                </Show>
                <Show when=move || failed.get()>
                    <p class="nothing" role="alert">{move || lang.get().editor_failed()}</p>
                </Show>
                <div
                    class="editor__place"
                    node_ref=place
                    hidden=move || {
                        open.path.with(Option::is_none)
                            || matches!(open.status.get(), Status::Binary(_))
                    }
                ></div>
            </div>
        </div>
    }
}

/// Files that only confuse here: the shell's own.
fn hidden(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    [".bash_history", ".bashrc", ".profile", ".bash_logout", ".docker", ".cache"].contains(&first)
}

/// What the machine says about the open file's content.
fn take(open: Open, path: &str, content: &FileContent) {
    let opening = open.opening.try_update_value(std::mem::take).unwrap_or_default();
    let text = match content {
        FileContent::Text(text) => text,
        FileContent::Binary { size } => return open.status.set(Status::Binary(*size)),
        FileContent::Missing { .. } => return open.status.set(Status::Gone),
    };
    let Some(editor) = open.editor.get_value() else {
        return open.waiting.set_value(Some(text.clone()));
    };
    if opening {
        return editor.open(path, text);
    }
    if editor.text() == *text {
        if open.status.get_untracked() == Status::Gone {
            open.status.set(Status::Same);
        }
        return;
    }
    match open.status.get_untracked() {
        Status::Edited | Status::Conflict(_) | Status::Failed(_) => {
            open.status.set(Status::Conflict(text.clone()));
        }
        // Our own save is under way: what comes after it will tell.
        Status::Saving => {}
        _ => {
            editor.replace(text);
            open.status.set(Status::Refreshed);
        }
    }
}

/// Path and state of the open file.
#[component]
fn StatusLine(open: Open, save: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let lang = use_lang();
    let words = move || status_words(&open.status.get(), lang.get());
    let is_bad = move || matches!(open.status.get(), Status::Failed(_) | Status::Conflict(_) | Status::Gone);
    let theirs = move || {
        if let Status::Conflict(text) = open.status.get_untracked() {
            open.editor.with_value(|editor| {
                if let Some(editor) = editor {
                    editor.replace(&text);
                }
            });
            open.status.set(Status::Refreshed);
        }
    };
    view! {
        <div class="editor__status" class:editor__status--bad=is_bad>
            <code>{move || open.path.get()}</code>
            <span role="status">{words}</span>
            <Show when=move || matches!(open.status.get(), Status::Conflict(_))>
                <button type="button" class="button" on:click=move |_| theirs()>
                    {move || lang.get().take_theirs()}
                </button>
                <button type="button" class="button" on:click=move |_| save()>
                    {move || lang.get().keep_mine()}
                </button>
            </Show>
        </div>
    }
}

fn status_words(status: &Status, lang: Lang) -> String {
    match status {
        Status::Same => String::new(),
        Status::Edited => lang.unsaved().into(),
        Status::Saving => lang.saving().into(),
        Status::Saved => lang.saved().into(),
        Status::Failed(error) => lang.save_failed(error),
        Status::Conflict(_) => lang.file_changed().into(),
        Status::Refreshed => lang.file_refreshed().into(),
        Status::Gone => lang.file_gone().into(),
        Status::Binary(bytes) => lang.file_binary(size(*bytes)),
    }
}
