//! Files between the person's computer and the home folder: `web/files.js` reads and packs them, and asks here.

use crate::machine::Machine;
use js_sys::{Array, Reflect, Uint8Array};
use layerlab_protocol::{FileKind, ToWorker};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Hears `layerlab-files`, whose detail is a list. Path and bytes: the file is saved. Empty: it gets the paths of
/// all files of the home folder, then path, mode and bytes of each that the page has.
pub(super) fn hear(machine: Machine) {
    let handle = window_event_listener_untyped("layerlab-files", move |event| {
        let detail = Reflect::get(&event, &JsValue::from_str("detail")).unwrap_or_default();
        let Ok(list) = detail.dyn_into::<Array>() else { return };
        if let (Some(path), Ok(bytes)) = (list.get(0).as_string(), list.get(1).dyn_into::<Uint8Array>()) {
            return machine.send(&ToWorker::WriteFile { path, bytes: bytes.to_vec() });
        }
        let paths = Array::new();
        machine.snapshot.with_untracked(|snapshot| {
            for entry in snapshot.home.iter().filter(|entry| entry.kind == FileKind::File) {
                paths.push(&JsValue::from_str(&entry.path));
            }
        });
        list.push(&paths);
        machine.home(|files| {
            for file in files {
                let bytes = Uint8Array::from(file.bytes.as_slice());
                list.push(&Array::of3(&JsValue::from_str(&file.path), &file.mode.into(), &bytes));
            }
        });
    });
    // For as long as the page lives.
    std::mem::forget(handle);
}
