//! In wasm a session gives the same world as natively, however time is split. `cargo xtask wasm`
//! plays it natively first and hands the digest over.

use layerlab_kernel::SimTime;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../lab/examples/same/session.rs"]
mod session;

#[wasm_bindgen_test]
fn a_session_gives_the_native_digest() {
    let native = option_env!("LAYERLAB_NATIVE_DIGEST").unwrap_or("unknown: start this by `cargo xtask wasm`");
    assert_eq!(session::play(SimTime::secs(40)), native);
    assert_eq!(session::play(SimTime::millis(1_234)), native);
}
