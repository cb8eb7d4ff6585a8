//! One request to the daemon and its answer. A connection carries one request, as with docker's
//! `Connection: close` on streams; what the client prints on failure is the cli's business.

use layerlab_kernel::{Fd, SockAddr, SockKind, Sys};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ErrorResponse;
use crate::http::{BodyDecoder, Conn, ConnError, Request, Response};
use crate::query::Query;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// The daemon could not be reached.
    Connect(layerlab_kernel::Errno),
    /// The connection broke.
    Conn(ConnError),
    /// The daemon refused: status and message.
    Daemon(u16, String),
    /// The daemon refused to leave HTTP: its status. The client doesn't read why (moby `client/hijack.go`).
    Upgrade(u16),
    /// The answer is not the JSON that was expected.
    Json(String),
}

impl From<ConnError> for ClientError {
    fn from(e: ConnError) -> Self {
        Self::Conn(e)
    }
}

/// Where the daemon is.
#[derive(Clone)]
pub struct Client {
    sys: Sys,
    addr: SockAddr,
    host: String,
}

/// An answer whose body is still to be read.
pub struct Answer {
    /// The head.
    pub head: Response,
    conn: Conn,
    body: BodyDecoder,
    lines: Vec<u8>,
}

impl Client {
    /// A daemon at this address; `host` is for the `Host` header.
    pub fn new(sys: Sys, addr: SockAddr, host: &str) -> Self {
        Self { sys, addr, host: host.to_owned() }
    }

    /// The daemon of this machine.
    pub fn local(sys: Sys) -> Self {
        Self::new(sys, SockAddr::Unix(crate::SOCKET.to_owned()), "api.moby.localhost")
    }

    /// A raw connection to the daemon; the caller closes it.
    ///
    /// # Errors
    /// [`ClientError::Connect`].
    pub async fn dial(&self) -> Result<Fd, ClientError> {
        let tcp = matches!(self.addr, SockAddr::Inet(_));
        let kind = if tcp { SockKind::Tcp } else { SockKind::UnixStream };
        let fd = self.sys.socket(kind).await.map_err(ClientError::Connect)?;
        if let Err(e) = self.sys.connect(fd, self.addr.clone()).await {
            let _ = self.sys.close(fd).await;
            return Err(ClientError::Connect(e));
        }
        Ok(fd)
    }

    /// Sends a request without a body; the answer whatever its status.
    ///
    /// # Errors
    /// See [`ClientError`]; refusals are answers here.
    pub async fn send(&self, method: &str, path: &str, query: Query) -> Result<Answer, ClientError> {
        self.send_raw(Request::new(method, path, query), None, None).await
    }

    /// Sends any request, with a body of a type.
    ///
    /// # Errors
    /// See [`ClientError`]; refusals are answers here.
    pub async fn send_raw(
        &self,
        mut request: Request,
        kind: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, ClientError> {
        let fd = self.dial().await?;
        request.headers.add("Host", self.host.clone());
        request.headers.add("User-Agent", "Docker-Client/29.7.2 (linux)");
        if let Some(kind) = kind {
            request.headers.add("Content-Type", kind);
        }
        let body = body.unwrap_or_default();
        if !body.is_empty() || request.method != "GET" {
            request.headers.add("Content-Length", body.len().to_string());
        }
        let mut conn = Conn::new(self.sys.clone(), fd);
        let mut bytes = request.to_bytes();
        bytes.extend(body);
        // The daemon may refuse before it has read all: its answer counts more than the broken pipe.
        let sent = conn.write(bytes).await;
        let head = match conn.read_response().await {
            Ok(head) => head,
            Err(e) => {
                let _ = self.sys.close(fd).await;
                return Err(sent.err().unwrap_or(e).into());
            }
        };
        let body = BodyDecoder::new(head.framing(&request.method));
        Ok(Answer { head, conn, body, lines: Vec::new() })
    }

    /// Sends a JSON body.
    ///
    /// # Errors
    /// See [`ClientError`]; refusals are answers here.
    pub async fn post<T: Serialize + ?Sized>(&self, path: &str, query: Query, body: &T) -> Result<Answer, ClientError> {
        let json = serde_json::to_vec(body).map_err(|e| ClientError::Json(e.to_string()))?;
        self.send_raw(Request::new("POST", path, query), Some("application/json"), Some(json)).await
    }

    /// Asks for the raw connection (`attach`, `exec start`).
    ///
    /// # Errors
    /// See [`ClientError`]; a refusal is [`ClientError::Upgrade`].
    pub async fn hijack<T: Serialize + ?Sized>(
        &self,
        path: &str,
        query: Query,
        body: Option<&T>,
    ) -> Result<Hijacked, ClientError> {
        let mut request = Request::new("POST", path, query);
        request.headers.add("Connection", "Upgrade");
        request.headers.add("Upgrade", "tcp");
        let json = match body {
            Some(b) => Some(serde_json::to_vec(b).map_err(|e| ClientError::Json(e.to_string()))?),
            None => None,
        };
        let answer = self.send_raw(request, Some("application/json"), json).await?;
        if answer.head.status >= 400 {
            let status = answer.head.status;
            answer.close().await;
            return Err(ClientError::Upgrade(status));
        }
        let tty = answer.head.headers.get("Content-Type") == Some("application/vnd.docker.raw-stream");
        Ok(Hijacked { fd: answer.conn.fd, early: answer.conn.buffer, raw: tty })
    }
}

/// A connection that is no HTTP any more.
pub struct Hijacked {
    /// The socket; the caller closes it. `shutdown` for writing ends the process's input.
    pub fd: Fd,
    /// Bytes that came with the head.
    pub early: Vec<u8>,
    /// Raw bytes (a terminal's); else [`crate::stdcopy`] frames.
    pub raw: bool,
}

impl Answer {
    /// Refusals become errors.
    ///
    /// # Errors
    /// [`ClientError::Daemon`] for statuses from 400 on.
    pub async fn ok(mut self) -> Result<Self, ClientError> {
        if self.head.status < 400 {
            return Ok(self);
        }
        let status = self.head.status;
        let body = self.read_all().await?;
        let message = serde_json::from_slice::<ErrorResponse>(&body)
            .map_or_else(|_| String::from_utf8_lossy(&body).trim().to_owned(), |e| e.message);
        self.close().await;
        Err(ClientError::Daemon(status, message))
    }

    /// The body as JSON; refusals are errors. Closes the connection.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes).map_err(|e| ClientError::Json(e.to_string()))
    }

    /// The whole body; refusals are errors. Closes the connection.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn bytes(self) -> Result<Vec<u8>, ClientError> {
        let mut answer = self.ok().await?;
        let all = answer.read_all().await;
        answer.close().await;
        Ok(all?)
    }

    async fn read_all(&mut self) -> Result<Vec<u8>, ConnError> {
        self.conn.read_all(&mut self.body).await
    }

    /// The next piece of the body as it comes; empty at the end.
    ///
    /// # Errors
    /// The connection's.
    pub async fn chunk(&mut self) -> Result<Vec<u8>, ClientError> {
        Ok(self.conn.read_body(&mut self.body).await?)
    }

    /// The next line of a stream of JSON lines; `None` at the end.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn line<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ClientError> {
        loop {
            if let Some(end) = self.lines.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.lines.drain(..=end).collect();
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return serde_json::from_slice(&line).map(Some).map_err(|e| ClientError::Json(e.to_string()));
            }
            let data = self.chunk().await?;
            if data.is_empty() {
                let rest = std::mem::take(&mut self.lines);
                if rest.iter().all(u8::is_ascii_whitespace) {
                    return Ok(None);
                }
                return serde_json::from_slice(&rest).map(Some).map_err(|e| ClientError::Json(e.to_string()));
            }
            self.lines.extend(data);
        }
    }

    /// The socket, for `poll`.
    pub fn fd(&self) -> Fd {
        self.conn.fd
    }

    /// Closes the connection.
    pub async fn close(self) {
        let _ = self.conn.sys.close(self.conn.fd).await;
    }
}
