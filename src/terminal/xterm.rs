//! What `web/terminal.js` gives.

use crate::web::load_vendor;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method, js_name = createTerminal)]
    fn create_terminal(this: &Module, parent: &web_sys::Element, options: &JsValue) -> js_sys::Promise;

    /// A terminal on the page.
    #[derive(Clone)]
    pub(crate) type Xterm;
    #[wasm_bindgen(method)]
    fn write(this: &Xterm, bytes: &js_sys::Uint8Array);
    #[wasm_bindgen(method)]
    pub(crate) fn reset(this: &Xterm);
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &Xterm);
    #[wasm_bindgen(method)]
    pub(crate) fn rows(this: &Xterm) -> u16;
    #[wasm_bindgen(method)]
    pub(crate) fn cols(this: &Xterm) -> u16;
    #[wasm_bindgen(method, js_name = refreshTheme)]
    pub(crate) fn refresh_theme(this: &Xterm);
    #[wasm_bindgen(method, js_name = setScreenReader)]
    pub(crate) fn set_screen_reader(this: &Xterm, on: bool);
    #[wasm_bindgen(method, js_name = setLabel)]
    pub(crate) fn set_label(this: &Xterm, label: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &Xterm) -> String;
}

impl Xterm {
    /// Shows bytes. They are copied: the terminal keeps them until it has time to draw.
    pub(crate) fn show(&self, bytes: &[u8]) {
        self.write(&js_sys::Uint8Array::from(bytes));
    }
}

/// Loads the terminal's bundle and opens a terminal inside `parent`.
pub(crate) async fn open(
    parent: &web_sys::Element,
    screen_reader: bool,
    on_data: impl Fn(Vec<u8>) + 'static,
    on_resize: impl Fn(u16, u16) + 'static,
) -> Result<Xterm, JsValue> {
    let module: Module = load_vendor("terminal.js").await?.unchecked_into();
    let on_data = Closure::<dyn Fn(Vec<u8>)>::new(on_data).into_js_value();
    let on_resize = Closure::<dyn Fn(u16, u16)>::new(on_resize).into_js_value();
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"screenReader".into(), &screen_reader.into())?;
    js_sys::Reflect::set(&options, &"onData".into(), &on_data)?;
    js_sys::Reflect::set(&options, &"onResize".into(), &on_resize)?;
    let terminal = JsFuture::from(module.create_terminal(parent, &options)).await?;
    Ok(terminal.unchecked_into())
}
