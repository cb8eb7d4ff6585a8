//! Prints the state digest of a session that touches every part of the core: what wasm must give too.

mod session;

fn main() {
    println!("{}", session::play(layerlab_kernel::SimTime::secs(40)));
}
