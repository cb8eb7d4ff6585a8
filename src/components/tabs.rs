//! A row of tabs, as the ARIA pattern wants it: one stop of the Tab key, arrows move.

use leptos::{ev::KeyboardEvent, html, prelude::*};

/// One tab.
#[derive(Clone)]
pub(crate) struct TabItem<T: 'static> {
    pub(crate) value: T,
    /// Names the tab and its panel: `<id>-tab`, `<id>-panel`.
    pub(crate) id: &'static str,
    pub(crate) label: Signal<String>,
    /// Something new is there.
    pub(crate) dot: Signal<bool>,
}

/// The row.
#[component]
pub(crate) fn TabRow<T: Clone + PartialEq + Send + Sync + 'static>(
    items: Vec<TabItem<T>>,
    chosen: RwSignal<T>,
    #[prop(into)] label: Signal<String>,
    class: &'static str,
) -> impl IntoView {
    let row = NodeRef::<html::Div>::new();
    let values: Vec<T> = items.iter().map(|item| item.value.clone()).collect();
    let on_key = move |event: KeyboardEvent| {
        let at = values.iter().position(|value| *value == chosen.get_untracked()).unwrap_or(0);
        let last = values.len() - 1;
        let to = match event.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => {
                if at == 0 {
                    last
                } else {
                    at - 1
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        let Some(value) = values.get(to) else { return };
        chosen.set(value.clone());
        if let Some(row) = row.get_untracked()
            && let Some(tab) = row.children().item(to as u32)
        {
            use wasm_bindgen::JsCast;
            // A tab that is gone needs no focus.
            let _ = tab.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    let tabs: Vec<_> = items
        .into_iter()
        .map(|item| {
            let TabItem { value, id, label, dot } = item;
            let is_chosen = Memo::new({
                let value = value.clone();
                move |_| chosen.get() == value
            });
            view! {
                <button
                    type="button"
                    role="tab"
                    id=format!("{id}-tab")
                    aria-controls=format!("{id}-panel")
                    aria-selected=move || is_chosen.get().to_string()
                    tabindex=move || if is_chosen.get() { "0" } else { "-1" }
                    on:click=move |_| chosen.set(value.clone())
                >
                    {label}
                    <Show when=move || dot.get()>
                        <span class="dot" aria-hidden="true"></span>
                    </Show>
                </button>
            }
        })
        .collect();
    view! {
        <div class=class role="tablist" aria-label=label node_ref=row on:keydown=on_key>
            {tabs}
        </div>
    }
}
