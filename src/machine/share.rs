//! A session that goes elsewhere: in the fragment of a link, or as a `.layerlab` file. Both hold the
//! same bytes: a mark with the form's version, then [`SharedSession`], in the zlib form (RFC 1950). Nothing of it
//! comes to a server.

use crate::web;
use layerlab_protocol::{SavedSession, SharedSession, decode, encode};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;

/// What the bytes begin with; its last is the version.
const MARK: &[u8] = b"layerlab\x01";
/// What a link carries after its `#`: the lesson, this, and the session's text.
const NAME: &str = ";session=";
/// A session whose text is longer is no link any more: chat programs and mail cut it. Characters.
const LINK: usize = 16 << 10;
/// What a session may hold, bytes.
const LIMIT: u32 = 64 << 20;

/// A shared session, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Content of a `.layerlab` file.
    pub(crate) file: Vec<u8>,
    /// The address of this page with the session; none where it would be too long.
    pub(crate) link: Option<String>,
    /// The link as a QR code; none where it is too long for one.
    pub(crate) code: Option<Code>,
}

/// A QR code: modules a side, and the dark ones as an SVG path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) size: u32,
    pub(crate) path: String,
}

/// Bytes that are no session, in the browser's or the reader's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) String);

impl From<JsValue> for Unreadable {
    fn from(error: JsValue) -> Self {
        let words = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        Self(words.unwrap_or_else(|| format!("{error:?}")))
    }
}

/// Makes a parcel of a session.
pub(crate) async fn pack(shared: &SharedSession) -> Result<Parcel, Unreadable> {
    let tools = tools().await?;
    let file = packed(&tools, shared).await?;
    // A link has no room for the files beside the log: they only serve when the log cannot be played.
    let lean = SavedSession { home: Vec::new(), ..shared.saved.clone() };
    let lean = packed(&tools, &SharedSession { lesson: shared.lesson.clone(), saved: lean }).await?;
    let text = tools.to_text(&array(&lean));
    let link = (text.len() <= LINK).then(|| format!("{}#{}{NAME}{text}", address(), shared.lesson));
    let code = link.as_deref().and_then(|link| code(&tools, link));
    Ok(Parcel { file, link, code })
}

async fn packed(tools: &Tools, shared: &SharedSession) -> Result<Vec<u8>, Unreadable> {
    let body = bytes(&JsFuture::from(tools.deflate(&array(&encode(shared)))).await?);
    Ok([MARK, &body].concat())
}

/// Reads a `.layerlab` file.
pub(crate) async fn unpack(file: &[u8]) -> Result<SharedSession, Unreadable> {
    let unknown = || Unreadable("not a session of Layerlab".to_owned());
    let (name, version) = MARK.split_at(MARK.len() - 1);
    let rest = file.strip_prefix(name).ok_or_else(unknown)?;
    let body =
        rest.strip_prefix(version).ok_or_else(|| Unreadable("made by a later version of Layerlab".to_owned()))?;
    let inflated = bytes(&JsFuture::from(tools().await?.inflate(&array(body), LIMIT)).await?);
    decode(&inflated).map_err(|error| Unreadable(error.to_string()))
}

/// The session that the page's address carries, if any. The address is without it from then on, so
/// that a reload goes on with what has happened since.
pub(crate) async fn arrived() -> Option<Result<SharedSession, Unreadable>> {
    let fragment = window().location().hash().ok()?;
    let (lesson, text) = fragment.split_once(NAME)?;
    let plain = format!("{}{lesson}", address());
    let history = window().history().ok()?;
    // Where the address cannot be changed, a reload begins with the session of the link again.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&plain));
    Some(read_text(text).await)
}

/// Opens the page anew with a session of another lesson.
pub(crate) async fn go_to(shared: &SharedSession) -> Result<(), Unreadable> {
    let tools = tools().await?;
    let text = tools.to_text(&array(&packed(&tools, shared).await?));
    Ok(window().location().set_hash(&format!("{}{NAME}{text}", shared.lesson))?)
}

async fn read_text(text: &str) -> Result<SharedSession, Unreadable> {
    let packed = tools().await?.from_text(text)?;
    unpack(&packed.to_vec()).await
}

/// The page's address without a fragment.
fn address() -> String {
    let address = document().location().and_then(|location| location.href().ok()).unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

fn code(tools: &Tools, text: &str) -> Option<Code> {
    let code = tools.qr(text)?;
    Some(Code { size: code.size(), path: code.path() })
}

fn array(bytes: &[u8]) -> js_sys::Uint8Array {
    js_sys::Uint8Array::from(bytes)
}

fn bytes(value: &JsValue) -> Vec<u8> {
    js_sys::Uint8Array::new(value).to_vec()
}

async fn tools() -> Result<Tools, JsValue> {
    Ok(web::load_vendor("share.js").await?.unchecked_into())
}

#[wasm_bindgen]
extern "C" {
    /// What `web/share.js` gives.
    type Tools;
    #[wasm_bindgen(method)]
    fn deflate(this: &Tools, bytes: &js_sys::Uint8Array) -> js_sys::Promise;
    #[wasm_bindgen(method)]
    fn inflate(this: &Tools, bytes: &js_sys::Uint8Array, limit: u32) -> js_sys::Promise;
    #[wasm_bindgen(method, js_name = toText)]
    fn to_text(this: &Tools, bytes: &js_sys::Uint8Array) -> String;
    #[wasm_bindgen(method, catch, js_name = fromText)]
    fn from_text(this: &Tools, text: &str) -> Result<js_sys::Uint8Array, JsValue>;
    #[wasm_bindgen(method)]
    fn qr(this: &Tools, text: &str) -> Option<CodeOfTools>;

    type CodeOfTools;
    #[wasm_bindgen(method, getter)]
    fn size(this: &CodeOfTools) -> u32;
    #[wasm_bindgen(method, getter)]
    fn path(this: &CodeOfTools) -> String;
}
