//! The wasm program of the worker thread. (Being written: it echoes.)

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answer = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // A failed post has nowhere to be reported: the page is gone.
        let _ = answer.post_message(&event.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    // What the page posts before this point is lost, so it waits for the first message.
    let _ = scope.post_message(&JsValue::from_str("ready"));
}
