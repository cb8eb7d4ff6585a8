//! The Layerlab page. (Being written: it shows that page and worker talk.)

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{HtmlMetaElement, MessageEvent, Worker, WorkerOptions, WorkerType};

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}

/// The address of the worker's script, with the version that this page was built with.
fn worker_url() -> Option<String> {
    let meta = document().query_selector("meta[name='layerlab-worker']").ok()??;
    Some(meta.unchecked_into::<HtmlMetaElement>().content())
}

fn start_worker(said: WriteSignal<String>) -> Result<Worker, JsValue> {
    let url = worker_url().ok_or("no worker named in the page")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url, &options)?;
    let peer = worker.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if text == "ready" {
            let _ = peer.post_message(&JsValue::from_str("hello"));
        }
        said.set(text);
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    Ok(worker)
}

#[component]
fn App() -> impl IntoView {
    let (said, set_said) = signal(String::from("(nothing yet)"));
    if let Err(error) = start_worker(set_said) {
        set_said.set(format!("{error:?}"));
    }
    view! {
        <main>
            <h1>"Layerlab"</h1>
            <p id="worker">{said}</p>
        </main>
    }
}
