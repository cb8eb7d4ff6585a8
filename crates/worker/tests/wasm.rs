//! In wasm a session gives the same world as natively (`crates/lab/tests/it/same.rs` wrote the
//! digest down), however time is split.

use layerlab_kernel::SimTime;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../lab/tests/same/session.rs"]
mod session;

#[wasm_bindgen_test]
fn a_session_gives_the_native_digest() {
    let native = include_str!("../../lab/tests/same/digest.txt").trim();
    assert_eq!(session::play(SimTime::secs(40)), native);
    assert_eq!(session::play(SimTime::millis(1_234)), native);
}
