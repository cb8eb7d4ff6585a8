//! The wasm program of the worker thread: browser messages and timers in, the desk's answers out.
//!
//! `desk` decides when the machine runs and what the page is told, `goals` when goals are looked at;
//! `machine` says what a machine is; `lab` is the one that there is.

mod desk;
mod goals;
mod http;
mod lab;
mod machine;
mod parts;

use desk::Desk;
use lab::Parts;
use layerlab_protocol::{Boot, FromWorker, ToWorker, decode, encode};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    std::panic::set_hook(Box::new({
        let scope = scope.clone();
        move |info| say(&scope, &FromWorker::Crashed { message: info.to_string() })
    }));
    let parts = Parts { programs: layerlab_lab::parts::at_the_prompt(), view: Rc::default() };
    let start = {
        let parts = parts.clone();
        Box::new(move |boot: &Boot| lab::start(&parts, boot))
    };
    let desk = Desk::new(parts::ALL, start, {
        let scope = scope.clone();
        Box::new(move |message| say(&scope, message))
    });
    Turns::start(scope.clone(), desk, parts);
    // What the page posts before this point is lost, so it waits for the first message.
    let _ = scope.post_message(&JsValue::from_str("ready"));
}

/// Milliseconds that the page gets to show the prompt, before the parts take its processor and line.
const PROMPT_FIRST: i32 = 400;

/// Waits so many milliseconds.
async fn pause(scope: &DedicatedWorkerGlobalScope, milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    // It is never rejected.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// A failed post has nowhere to be reported: the page is gone.
fn say(scope: &DedicatedWorkerGlobalScope, message: &FromWorker) {
    let bytes = js_sys::Uint8Array::from(encode(message).as_slice());
    let transfer = js_sys::Array::of1(&bytes.buffer());
    let _ = scope.post_message_with_transfer(&bytes, &transfer);
}

/// When the desk gets its turns: after every message, and when it asked for one.
struct Turns {
    scope: DedicatedWorkerGlobalScope,
    desk: Desk,
    parts: Parts,
    /// All of the page is there: what speaks for it before (`web/first.js`) knows no such message.
    page: bool,
    /// Parts are being loaded.
    loading: bool,
    timer: Option<i32>,
    on_time: Option<Closure<dyn FnMut()>>,
}

impl Turns {
    fn start(scope: DedicatedWorkerGlobalScope, desk: Desk, parts: Parts) {
        let turns = Self { scope: scope.clone(), desk, parts, page: false, loading: false, timer: None, on_time: None };
        let turns = Rc::new(RefCell::new(turns));
        let on_time = Closure::new({
            let turns = turns.clone();
            move || {
                turns.borrow_mut().turn();
                Self::load(&turns);
            }
        });
        turns.borrow_mut().on_time = Some(on_time);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
            // Page and worker are built together: what cannot be read was not sent by our page.
            let Ok(message) = decode(&bytes) else { return };
            {
                let mut turns = turns.borrow_mut();
                let now = turns.now();
                turns.page |= matches!(message, ToWorker::Speed(_));
                turns.desk.take(message, now);
                turns.turn();
            }
            Self::load(&turns);
        });
        scope.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        // For as long as the worker lives.
        on_message.forget();
    }

    /// Loads what is missing, part by part: when all of the page is there, or somebody waits for it.
    fn load(turns: &Rc<RefCell<Self>>) {
        {
            let mut turns = turns.borrow_mut();
            if turns.loading || !(turns.page || turns.desk.waits()) {
                return;
            }
            turns.loading = true;
        }
        let turns = turns.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let (scope, waits) = (turns.borrow().scope.clone(), turns.borrow().desk.waits());
            if !waits {
                pause(&scope, PROMPT_FIRST).await;
            }
            loop {
                let (wanted, into) = {
                    let turns = turns.borrow();
                    (turns.desk.wants(), turns.parts.clone())
                };
                let Some(part) = wanted else { return };
                match parts::bring(part, into).await {
                    Ok(()) => {
                        let mut turns = turns.borrow_mut();
                        let now = turns.now();
                        turns.desk.brought(part, now);
                        turns.turn();
                    }
                    Err(parts::NotLoaded) => {
                        let mut turns = turns.borrow_mut();
                        turns.loading = false;
                        let message = format!("the part `{part}` of the machine could not be loaded");
                        return say(&turns.scope, &FromWorker::Crashed { message });
                    }
                }
            }
        });
    }

    /// Milliseconds since the worker's start.
    fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |performance| performance.now())
    }

    fn turn(&mut self) {
        if let Some(timer) = self.timer.take() {
            self.scope.clear_timeout_with_handle(timer);
        }
        let wait = self.desk.turn(self.now());
        if let (Some(wait), Some(on_time)) = (wait, &self.on_time) {
            let function = AsRef::<JsValue>::as_ref(on_time).unchecked_ref();
            let timer = self.scope.set_timeout_with_callback_and_timeout_and_arguments_0(function, wait as i32);
            self.timer = timer.ok();
        }
    }
}
