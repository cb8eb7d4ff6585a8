//! The home folder's files, and ways to make a new one, to bring some along, and to take all away (`web/files.js`).

use crate::i18n::use_lang;
use leptos::{html, prelude::*};

/// Path, and whether it is a folder.
type Entry = (String, bool);

#[component]
pub(super) fn FileList(
    files: Memo<Vec<Entry>>,
    open: RwSignal<Option<String>>,
    on_choose: impl Fn(String) + Copy + Send + Sync + 'static,
    on_create: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let naming = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // It was made to be typed into.
            let _ = input.focus();
        }
    });
    let entries = move || files.get().into_iter().map(|entry| item(entry, open, on_choose)).collect_view();
    let finish = move || {
        let path = name.get_untracked().trim().trim_start_matches(['~', '/']).to_owned();
        if !path.is_empty() {
            on_create(path);
        }
        name.set(String::new());
        naming.set(false);
    };
    view! {
        <nav class="files" aria-label=move || lang.get().files()>
            <ul>{entries}</ul>
            <Show when=move || files.with(Vec::is_empty)>
                <p class="files__words">{move || lang.get().no_files()}</p>
            </Show>
            <button type="button" class="files__new" data-extra="upload">
                {move || lang.get().files_upload()}
            </button>
            <button type="button" class="files__new" data-extra="zip">
                {move || lang.get().files_zip()}
            </button>
            <Show
                when=move || naming.get()
                fallback=move || {
                    view! {
                        <button type="button" class="files__new" on:click=move |_| naming.set(true)>
                            "+ "
                            {move || lang.get().new_file()}
                        </button>
                    }
                }
            >
                <form
                    class="files__form"
                    on:submit=move |event| {
                        event.prevent_default();
                        finish();
                    }
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            naming.set(false);
                        }
                    }
                >
                    <input
                        type="text"
                        node_ref=input
                        autocapitalize="off"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="Dockerfile"
                        aria-label=move || lang.get().new_file_name()
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </form>
            </Show>
        </nav>
    }
}

fn item(
    (path, is_folder): Entry,
    open: RwSignal<Option<String>>,
    on_choose: impl Fn(String) + Copy + 'static,
) -> impl IntoView {
    let depth = path.matches('/').count();
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    let indent = format!("--depth:{depth}");
    if is_folder {
        return view! { <li class="files__folder" style=indent>{format!("{name}/")}</li> }.into_any();
    }
    let is_open = Memo::new({
        let path = path.clone();
        move |_| open.with(|open| open.as_ref() == Some(&path))
    });
    view! {
        <li style=indent>
            <button
                type="button"
                class="files__file"
                aria-current=move || is_open.get().then_some("true")
                title=path.clone()
                on:click=move |_| on_choose(path.clone())
            >
                {name}
            </button>
        </li>
    }
    .into_any()
}
