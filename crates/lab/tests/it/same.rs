//! However time is split, a session that touches every part of the core gives the same world.
//! That wasm gives it too is tested by the worker's `tests/wasm.rs`.

use layerlab_kernel::SimTime;

#[path = "../../examples/same/session.rs"]
mod session;

#[test]
fn a_whole_session_gives_one_digest_however_time_is_split() {
    let digest = session::play(SimTime::secs(40));
    assert_eq!(digest.len(), 64);
    assert_eq!(session::play(SimTime::millis(777)), digest);
}
