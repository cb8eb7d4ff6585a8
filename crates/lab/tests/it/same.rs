//! Natively and in wasm (the worker's `tests/wasm.rs`) the same session gives the same world.

use layerlab_kernel::SimTime;

#[path = "../same/session.rs"]
mod session;

#[test]
fn the_session_gives_the_digest_that_is_written_down_however_time_is_split() {
    let digest = session::play(SimTime::secs(40));
    assert_eq!(session::play(SimTime::millis(777)), digest);
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/same/digest.txt");
    if std::env::var_os("UPDATE_DIGEST").is_some() {
        std::fs::write(&file, format!("{digest}\n")).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(digest, written.trim(), "a change of the core? UPDATE_DIGEST=1 writes it down anew");
}
