//! What `web/editor.js` gives.

use crate::web::load_vendor;
use wasm_bindgen::{JsCast, JsValue, prelude::*};

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method, js_name = createEditor)]
    fn create_editor(this: &Module, parent: &web_sys::Element, options: &JsValue) -> CodeMirror;

    /// An editor on the page.
    #[derive(Clone)]
    pub(crate) type CodeMirror;
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &CodeMirror) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &CodeMirror);
    #[wasm_bindgen(method)]
    pub(crate) fn open(this: &CodeMirror, path: &str, text: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn replace(this: &CodeMirror, text: &str);
}

/// Loads the editor's bundle and makes an editor inside `parent`.
pub(crate) async fn create(
    parent: &web_sys::Element,
    label: &str,
    on_change: impl Fn() + 'static,
    on_save: impl Fn() + 'static,
) -> Result<CodeMirror, JsValue> {
    let module: Module = load_vendor("editor.js").await?.unchecked_into();
    let on_change = Closure::<dyn Fn()>::new(on_change).into_js_value();
    let on_save = Closure::<dyn Fn()>::new(on_save).into_js_value();
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"label".into(), &label.into())?;
    js_sys::Reflect::set(&options, &"onChange".into(), &on_change)?;
    js_sys::Reflect::set(&options, &"onSave".into(), &on_save)?;
    Ok(module.create_editor(parent, &options))
}
