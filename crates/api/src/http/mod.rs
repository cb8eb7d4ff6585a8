//! HTTP/1.1 as client and daemon speak it: heads, bodies by length or in chunks, upgrades.

mod body;
mod conn;
mod head;

pub use body::{BodyDecoder, Framing, chunk, last_chunk};
pub use conn::{Conn, ConnError};
pub use head::{HeadError, Headers, Request, Response, reason};
