//! The worker as the page sees it: a place to post messages to.

use crate::web;
use layerlab_protocol::{FromWorker, ToWorker, decode, encode};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What arrives.
pub(super) enum Arrival {
    /// The worker listens.
    Listening,
    /// It said something.
    Said(Box<FromWorker>),
    /// It could not be loaded, or died.
    Died(String),
}

/// A started worker. Dropping it ends the worker, and whatever it still says is not heard.
pub(super) struct Link {
    worker: Worker,
    early: Option<Early>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Link {
    /// Starts a worker whose arrivals go to `hear`.
    pub(super) fn start(hear: impl Fn(Arrival) + Clone + 'static) -> Result<Self, JsValue> {
        let (worker, early) = match Early::take() {
            Some(early) => (early.worker(), Some(early)),
            None => (new_worker()?, None),
        };
        // What it said before it was taken over.
        if let Some(early) = &early {
            let hear = hear.clone();
            let said = early.error().map(Arrival::Died).or_else(|| early.listening().then_some(Arrival::Listening));
            if let Some(said) = said {
                leptos::prelude::queue_microtask(move || hear(said));
            }
        }
        let early = early.filter(Early::booted);
        let on_message = Closure::new({
            let hear = hear.clone();
            move |event: MessageEvent| {
                let data = event.data();
                let Some(bytes) = data.dyn_ref::<js_sys::Uint8Array>() else {
                    return hear(Arrival::Listening);
                };
                match decode(&bytes.to_vec()) {
                    Ok(message) => hear(Arrival::Said(Box::new(message))),
                    Err(error) => hear(Arrival::Died(format!("unreadable message: {error}"))),
                }
            }
        });
        let on_error = Closure::new(move |event: ErrorEvent| {
            // Handled here; without this the browser reports it once more.
            event.prevent_default();
            hear(Arrival::Died(event.message()));
        });
        worker.set_onerror(Some(AsRef::<JsValue>::as_ref(&on_error).unchecked_ref()));
        let link = Self { worker, early, on_message, _on_error: on_error };
        if !link.is_booted() {
            // There is nothing yet but what is told above.
            link.hear_all();
        }
        Ok(link)
    }

    /// A machine runs in it that was started before the app was there, and is heard by `hear_all` only.
    pub(super) fn is_booted(&self) -> bool {
        self.early.is_some()
    }

    /// From now on it is heard. Gives what it has said since it started, but for what the terminal shows already.
    pub(super) fn hear_all(&self) -> Vec<FromWorker> {
        self.worker.set_onmessage(Some(AsRef::<JsValue>::as_ref(&self.on_message).unchecked_ref()));
        let said = self.early.iter().flat_map(Early::said).filter_map(|bytes| decode(&bytes.to_vec()).ok());
        said.filter(|said| !matches!(said, FromWorker::Output { .. })).collect()
    }

    /// The size of the terminal that a machine was started with.
    pub(super) fn size(&self) -> Option<(u16, u16)> {
        self.early.as_ref().map(|early| (early.rows(), early.cols()))
    }

    pub(super) fn post(&self, message: &ToWorker) {
        let bytes = js_sys::Uint8Array::from(encode(message).as_slice());
        // Bytes can always be cloned: this cannot fail.
        let _ = self.worker.post_message(&bytes);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

#[wasm_bindgen]
extern "C" {
    /// The worker that `public/start.js` started beside the app, so that both load at once.
    type Early;
    #[wasm_bindgen(method, getter)]
    fn worker(this: &Early) -> Worker;
    #[wasm_bindgen(method, getter)]
    fn listening(this: &Early) -> bool;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Early) -> Option<String>;
    /// A machine was started in it (`web/first.js`).
    #[wasm_bindgen(method, getter)]
    fn booted(this: &Early) -> bool;
    /// The terminal that it was started with.
    #[wasm_bindgen(method, getter)]
    fn rows(this: &Early) -> u16;
    #[wasm_bindgen(method, getter)]
    fn cols(this: &Early) -> u16;
    /// All messages so far, but the first.
    #[wasm_bindgen(method, getter)]
    fn said(this: &Early) -> Vec<js_sys::Uint8Array>;
    /// From now on nobody else starts one.
    #[wasm_bindgen(method, setter)]
    fn set_taken(this: &Early, taken: bool);
}

impl Early {
    /// It, once: a later worker is a new one.
    fn take() -> Option<Self> {
        let (global, name) = (js_sys::global(), JsValue::from_str("layerlabWorker"));
        let early = js_sys::Reflect::get(&global, &name).ok().filter(JsValue::is_object)?;
        js_sys::Reflect::delete_property(&global, &name).ok()?;
        let early: Self = early.unchecked_into();
        early.set_taken(true);
        Some(early)
    }
}

fn new_worker() -> Result<Worker, JsValue> {
    // With the version that this page was built with.
    let url = web::meta("worker").ok_or("the page names no worker")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&url, &options)
}
