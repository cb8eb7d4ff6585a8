//! HTTP/1.1 over the kernel's sockets, for `curl` and `wget`.

pub(crate) mod body;
pub(crate) mod head;
pub(crate) mod stream;
pub(crate) mod url;

pub(crate) use body::{Body, Framing};
pub(crate) use head::Head;
pub(crate) use stream::{NetError, Stream};
pub(crate) use url::Url;
