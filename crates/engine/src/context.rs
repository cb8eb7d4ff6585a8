//! What a request's handler works with: the connection, the parameters, the state.

use layerlab_api::http::{BodyDecoder, Conn, Request, Response, chunk, last_chunk};
use layerlab_api::stream::JsonMessage;
use layerlab_api::{API_VERSION, ErrorResponse};
use layerlab_kernel::{Fd, Sys};
use layerlab_oci::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::state::EngineState;

/// Result of a handler.
pub type Reply = Result<(), ApiError>;

/// Takes fields that are null away: for Go they are as if they were not there. Keys that are no names of
/// fields (ports, paths, networks) stay.
fn forget_nulls(value: &mut serde_json::Value) {
    let mut todo = vec![value];
    while let Some(v) = todo.pop() {
        match v {
            serde_json::Value::Object(o) => {
                o.retain(|k, v| !(v.is_null() && k.starts_with(|c: char| c.is_ascii_uppercase())));
                todo.extend(o.iter_mut().map(|(_, v)| v));
            }
            serde_json::Value::Array(a) => todo.extend(a.iter_mut()),
            _ => {}
        }
    }
}

/// JSON as Go's encoder writes it: with a line end.
///
/// # Errors
/// It can't be written.
pub fn json_line<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, ApiError> {
    let mut body = serde_json::to_vec(value)?;
    body.push(b'\n');
    Ok(body)
}

/// A request being answered.
pub struct Context {
    /// System calls.
    pub sys: Sys,
    /// The request's head.
    pub request: Request,
    conn: Conn,
    started: bool,
    chunked: bool,
    hijacked: bool,
    /// Whether the body was read.
    read: bool,
}

impl Context {
    /// For a request whose head was read.
    pub fn new(conn: Conn, request: Request) -> Self {
        Self { sys: conn.sys.clone(), request, conn, started: false, chunked: false, hijacked: false, read: false }
    }

    /// Looks at the state.
    ///
    /// # Errors
    /// The daemon has none (it isn't one).
    pub fn with<R>(&self, f: impl FnOnce(&mut EngineState) -> R) -> Result<R, ApiError> {
        with(&self.sys, f)
    }

    /// Wall clock.
    pub fn now(&self) -> Timestamp {
        now(&self.sys)
    }

    /// A query parameter, or the empty text.
    pub fn param(&self, name: &str) -> &str {
        self.request.query.text(name)
    }

    /// Whether the client speaks an API version before 1.`minor`.
    pub fn is_before(&self, minor: u32) -> bool {
        let asked = self.request.version.as_deref().and_then(|v| v.split_once('.')?.1.parse::<u32>().ok());
        asked.is_some_and(|m| m < minor)
    }

    /// Whether a flag of the query is set.
    pub fn flag(&self, name: &str) -> bool {
        self.request.query.is(name)
    }

    /// The whole body.
    ///
    /// # Errors
    /// The connection's.
    pub async fn body(&mut self) -> Result<Vec<u8>, ApiError> {
        self.read = true;
        if self.request.headers.get("Expect").is_some_and(|v| v.eq_ignore_ascii_case("100-continue")) {
            self.conn.write(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()).await?;
        }
        let mut body = BodyDecoder::new(self.request.framing());
        Ok(self.conn.read_all(&mut body).await?)
    }

    /// Reads a body that nobody wanted: a client that is still writing it would meet a closed connection
    /// before it reads the answer (as Go's `net/http` does behind a handler).
    pub async fn drain(&mut self) {
        let waits = self.request.headers.get("Expect").is_some();
        if !self.read && !self.hijacked && !waits {
            self.read = true;
            // A client that is gone changes nothing here.
            let _ = self.conn.read_all(&mut BodyDecoder::new(self.request.framing())).await;
        }
    }

    /// The body as JSON; none is the default.
    ///
    /// # Errors
    /// The connection's, or it is no such JSON.
    pub async fn json_body<T: DeserializeOwned + Default>(&mut self) -> Result<T, ApiError> {
        let body = self.body().await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(T::default());
        }
        let bad = |e: serde_json::Error| ApiError::bad(format!("invalid JSON: {e}"));
        serde_json::from_slice(&body).or_else(|_| {
            let mut value = serde_json::from_slice(&body).map_err(bad)?;
            forget_nulls(&mut value);
            serde_json::from_value(value).map_err(bad)
        })
    }

    fn head(status: u16) -> Response {
        Response::new(status)
            .with("Api-Version", API_VERSION)
            .with("Docker-Experimental", "false")
            .with("Ostype", "linux")
            .with("Server", format!("Docker/{} (linux)", crate::VERSION))
    }

    /// Answers with a body of a type.
    ///
    /// # Errors
    /// The connection's.
    pub async fn answer(&mut self, status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.answer_with(status, kind, body.into(), &[]).await
    }

    /// Answers with a body of a type and more header fields.
    ///
    /// # Errors
    /// The connection's.
    pub async fn answer_with(&mut self, status: u16, kind: &str, body: Vec<u8>, more: &[(&str, String)]) -> Reply {
        self.started = true;
        let mut head = Self::head(status);
        for (name, value) in more {
            head = head.with(name, value.clone());
        }
        if status != 204 && status != 304 {
            head = head.with("Content-Type", kind).with("Content-Length", body.len().to_string());
        }
        let mut bytes = head.with("Connection", "close").to_bytes();
        if self.request.method != "HEAD" && status != 204 && status != 304 {
            bytes.extend(body);
        }
        Ok(self.conn.write(bytes).await?)
    }

    /// Answers with JSON.
    ///
    /// # Errors
    /// The connection's.
    pub async fn json<T: Serialize + ?Sized>(&mut self, status: u16, value: &T) -> Reply {
        self.answer(status, "application/json", json_line(value)?).await
    }

    /// Answers without a body.
    ///
    /// # Errors
    /// The connection's.
    pub async fn empty(&mut self, status: u16) -> Reply {
        self.answer(status, "text/plain", Vec::new()).await
    }

    /// Answers a ping, with what a client wants to know first.
    ///
    /// # Errors
    /// The connection's.
    pub async fn ping(&mut self) -> Reply {
        self.started = true;
        let head = Self::head(200)
            .with("Builder-Version", "2")
            .with("Cache-Control", "no-cache, no-store, must-revalidate")
            .with("Pragma", "no-cache")
            .with("Swarm", "inactive")
            .with("Content-Type", "text/plain; charset=utf-8")
            .with("Content-Length", "2")
            .with("Connection", "close");
        let mut bytes = head.to_bytes();
        if self.request.method != "HEAD" {
            bytes.extend(b"OK");
        }
        Ok(self.conn.write(bytes).await?)
    }

    /// Answers a refusal; in a stream that has begun, as its last line.
    pub async fn refuse(&mut self, error: &ApiError) {
        // The client may be gone; then nobody wants to know.
        if self.hijacked {
            return;
        }
        if self.started {
            let detail = layerlab_api::stream::ErrorDetail { message: error.message.clone(), ..Default::default() };
            let _ = self.line(&JsonMessage::error(detail)).await;
            let _ = self.end().await;
        } else if error.status == 304 {
            let _ = self.empty(304).await;
        } else {
            let _ = self.json(error.status, &ErrorResponse { message: error.message.clone() }).await;
        }
    }

    /// Begins an answer of unknown length.
    ///
    /// # Errors
    /// The connection's.
    pub async fn begin(&mut self, kind: &str) -> Reply {
        self.started = true;
        self.chunked = true;
        let head =
            Self::head(200).with("Content-Type", kind).with("Transfer-Encoding", "chunked").with("Connection", "close");
        Ok(self.conn.write(head.to_bytes()).await?)
    }

    /// A piece of it.
    ///
    /// # Errors
    /// The connection's.
    pub async fn send(&mut self, data: &[u8]) -> Reply {
        if data.is_empty() {
            return Ok(());
        }
        Ok(self.conn.write(if self.chunked { chunk(data) } else { data.to_vec() }).await?)
    }

    /// A line of progress.
    ///
    /// # Errors
    /// The connection's.
    pub async fn line(&mut self, message: &JsonMessage) -> Reply {
        if !self.started {
            self.begin("application/json").await?;
        }
        self.send(&message.to_line()).await
    }

    /// Its end.
    ///
    /// # Errors
    /// The connection's.
    pub async fn end(&mut self) -> Reply {
        if self.chunked {
            self.conn.write(last_chunk().to_vec()).await?;
        }
        Ok(())
    }

    /// Whether something was answered.
    pub fn has_started(&self) -> bool {
        self.started
    }

    /// Takes the raw connection over: the socket, and what the client sent early. A client that
    /// didn't ask for an upgrade gets a plain stream.
    ///
    /// # Errors
    /// The connection's.
    pub async fn hijack(&mut self, tty: bool) -> Result<(Fd, Vec<u8>), ApiError> {
        self.started = true;
        self.hijacked = true;
        let kind = if tty { "application/vnd.docker.raw-stream" } else { "application/vnd.docker.multiplexed-stream" };
        let head = if self.request.is_upgrade() {
            Response::new(101).with("Content-Type", kind).with("Connection", "Upgrade").with("Upgrade", "tcp")
        } else {
            Response::new(200).with("Content-Type", kind)
        };
        self.conn.write(head.to_bytes()).await?;
        Ok((self.conn.fd, std::mem::take(&mut self.conn.buffer)))
    }

    /// The socket.
    pub fn fd(&self) -> Fd {
        self.conn.fd
    }
}

/// Looks at the daemon's state from one of its threads.
///
/// # Errors
/// There is none.
pub fn with<R>(sys: &Sys, f: impl FnOnce(&mut EngineState) -> R) -> Result<R, ApiError> {
    sys.with_memory::<EngineState, R>(f).ok_or_else(|| ApiError::internal("the daemon has no state"))
}

/// Wall clock.
pub fn now(sys: &Sys) -> Timestamp {
    Timestamp::from_nanos(i128::from(sys.wall_clock()))
}
