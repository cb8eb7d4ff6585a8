//! What the page asks of the browser beyond Leptos.

use js_sys::{Array, Promise};
use leptos::{html, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlMetaElement, ResizeObserver, ResizeObserverEntry};

#[wasm_bindgen(module = "/src/web.js")]
extern "C" {
    fn import_module(address: &str) -> Promise;
    #[wasm_bindgen(js_name = hold_lock)]
    fn hold_lock_of_browser(name: &str) -> Promise;
    /// What `public/start.js` has asked for already, or asks now.
    #[wasm_bindgen(js_name = file)]
    fn load_file(address: &str) -> Promise;
    #[wasm_bindgen(js_name = remembered)]
    fn remembered_by_browser(key: &str) -> Option<String>;
    #[wasm_bindgen(js_name = remember)]
    fn remember_in_browser(key: &str, value: &str);
    /// The browser's database of this name; fails where there is none.
    pub(crate) fn open_database(name: &str) -> Promise;
    /// A list of values for each range of keys, a pair.
    pub(crate) fn read_parts(database: &JsValue, ranges: &Array) -> Promise;
    /// Writes all pairs of key and value, or none; a key without a value takes away what begins with it.
    pub(crate) fn write_parts(database: &JsValue, pairs: &Array) -> Promise;
}

/// Takes a lock of this site for as long as the page lives, unless another tab has it. A browser
/// without locks has no other tabs that we could know of.
pub(crate) async fn hold_lock(name: &str) -> bool {
    JsFuture::from(hold_lock_of_browser(name)).await.is_ok_and(|held| held.is_truthy())
}

/// Loads a bundle of the vendor folder, e.g. `terminal.js`.
pub(crate) async fn load_vendor(name: &str) -> Result<JsValue, JsValue> {
    let address = vendor_address(name).ok_or("the page names no vendor folder")?;
    JsFuture::from(import_module(&address)).await
}

/// What the page's `<meta name="layerlab-…">` says.
pub(crate) fn meta(name: &str) -> Option<String> {
    let meta = document().query_selector(&format!("meta[name='layerlab-{name}']")).ok()??;
    Some(meta.unchecked_into::<HtmlMetaElement>().content())
}

/// Keeps the page for use without a network (`public/sw.js`), as soon as nobody waits for anything else.
pub(crate) fn keep_offline() {
    const QUIET: Duration = Duration::from_secs(3);
    let Some(script) = meta("offline").filter(|script| !script.is_empty()) else { return };
    let navigator = window().navigator();
    if !js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false) {
        return;
    }
    let register = move || {
        spawn_local(async move {
            // Where it cannot be kept, the page needs its network, as before.
            let _ = JsFuture::from(navigator.service_worker().register(&script)).await;
        });
    };
    set_timeout(register, QUIET);
}

fn vendor_address(name: &str) -> Option<String> {
    address_in("vendor", name)
}

/// A file's address in the folder that a `meta` of the page names.
fn address_in(folder: &str, name: &str) -> Option<String> {
    let folder = meta(folder)?;
    let base = document().base_uri().ok()??;
    Some(web_sys::Url::new_with_base(&format!("{folder}/{name}"), &base).ok()?.href())
}

/// The bytes of a file of the lessons' folder.
pub(crate) async fn load_lesson_file(name: &str) -> Result<Vec<u8>, JsValue> {
    let address = address_in("lessons", name).ok_or("the page names no folder of lessons")?;
    let bytes = JsFuture::from(load_file(&address)).await?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

/// What stands behind `#` in the page's address.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Acts whenever that changes.
pub(crate) fn on_fragment(act: impl Fn() + 'static) {
    // For as long as the page lives.
    std::mem::forget(window_event_listener_untyped("hashchange", move |_| act()));
}

/// Opens the page anew when that becomes something for which `asks` is true.
pub(crate) fn reload_on_fragment(asks: impl Fn(&str) -> bool + 'static) {
    on_fragment(move || {
        if asks(&fragment()) {
            // Where it fails the old lesson stays.
            let _ = window().location().reload();
        }
    });
}

/// Whether the person has asked the system for less motion.
pub(crate) fn wants_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// `act` gets the inner size of the element whenever it changes.
pub(crate) fn on_resize(place: NodeRef<html::Div>, act: impl Fn(f64, f64) + 'static) {
    let act = StoredValue::new_local(act);
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        let seen = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let entry: ResizeObserverEntry = entries.get(0).unchecked_into();
            let rect = entry.content_rect();
            act.with_value(|act| act(rect.width(), rect.height()));
        });
        if let Ok(observer) = ResizeObserver::new(seen.as_ref().unchecked_ref()) {
            observer.observe(&element);
        }
        // The panels live as long as the page.
        seen.forget();
    });
}

/// Seconds on the real clock: only to date a new machine.
pub(crate) fn seconds_since_1970() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}

/// A seed for a new machine.
pub(crate) fn random() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}

/// A setting that this browser remembers.
pub(crate) fn remembered(key: &str) -> Option<String> {
    remembered_by_browser(&format!("layerlab.{key}"))
}

/// Remembers a setting. What cannot be stored lasts as long as the page; the window hears `layerlab-unstored` then.
pub(crate) fn remember(key: &str, value: &str) {
    remember_in_browser(&format!("layerlab.{key}"), value);
}

/// Languages that the browser's user reads, best first.
pub(crate) fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// The first file that was chosen in an `<input type="file">`, if it is not larger than `limit` bytes.
pub(crate) async fn chosen_file(input: &web_sys::HtmlInputElement, limit: f64) -> Option<Vec<u8>> {
    let file = input.files()?.get(0).filter(|file| file.size() <= limit)?;
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Puts a text on the clipboard; whether the browser let us.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Over plain HTTP there is none; the text is selected then, and a key copies it.
    if !js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|it| it.is_object()) {
        return false;
    }
    let clipboard = navigator.clipboard();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Offers bytes as a download.
pub(crate) fn download(name: &str, bytes: &[u8]) {
    let offer = || -> Result<(), JsValue> {
        let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
        let blob = web_sys::Blob::new_with_u8_array_sequence(&parts)?;
        let url = web_sys::Url::create_object_url_with_blob(&blob)?;
        let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
        web_sys::Url::revoke_object_url(&url)
    };
    // Only a browser without blobs fails here; none that runs wasm.
    let _ = offer();
}
