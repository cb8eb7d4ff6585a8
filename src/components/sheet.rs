//! A button of the header, and the sheet that it opens below itself. Esc or a click elsewhere closes
//! it; the button gets the focus back.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub(crate) fn Sheet(
    /// Of the sheet.
    id: &'static str,
    /// It opens towards the right; else towards the left.
    #[prop(optional)]
    left: bool,
    /// The button's words; on narrow screens it shows only its icon.
    #[prop(into)]
    name: Signal<String>,
    /// What an icon of 16 × 16 units is drawn with.
    icon: AnyView,
    open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let place = NodeRef::<html::Div>::new();
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = place.get_untracked().is_some_and(|place| place.contains(target.as_ref()));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    Effect::watch(
        move || open.get(),
        move |is_open, _, _| {
            if let Some(button) = button.get_untracked().filter(|_| !is_open) {
                // The button is there as long as the sheet.
                let _ = button.focus();
            }
        },
        false,
    );
    view! {
        <div
            class="sheet"
            class:sheet--left=left
            node_ref=place
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    open.set(false);
                }
            }
        >
            <button
                type="button"
                class="button"
                node_ref=button
                aria-expanded=move || open.get().to_string()
                aria-label=name
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" class="icon">
                    {icon}
                </svg>
                <span class="sheet__name">{name}</span>
            </button>
            <Show when=move || open.get()>
                <div class="sheet__page" id=id>
                    {children()}
                </div>
            </Show>
        </div>
    }
}
