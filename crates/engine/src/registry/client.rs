//! The daemon as a registry's client: requests over the simulated network, with Go's words for what
//! goes wrong on the way.

use std::net::SocketAddrV4;

use layerlab_api::http::{BodyDecoder, Conn, Request, Response};
use layerlab_api::query::Query;
use layerlab_kernel::{Errno, SockAddr, SockKind, Sys};

use crate::error::ApiError;

/// A registry that requests can be made to.
#[derive(Clone)]
pub(crate) struct Registry {
    pub sys: Sys,
    /// Host and port as in image names.
    pub host: String,
    /// `Authorization`, if somebody has logged in.
    pub authorization: Option<String>,
}

/// A registry's answer.
pub(crate) struct Reply {
    pub head: Response,
    pub body: Vec<u8>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> &str {
        self.head.headers.get(name).unwrap_or_default()
    }
    /// The message of the first error in the body.
    pub(crate) fn why(&self) -> String {
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let message = value.pointer("/errors/0/message").and_then(serde_json::Value::as_str);
        message.map_or_else(|| format!("unexpected status: {}", self.head.status), str::to_owned)
    }
}

impl Registry {
    pub(crate) fn new(sys: &Sys, host: &str, authorization: Option<String>) -> Self {
        Self { sys: sys.clone(), host: host.to_owned(), authorization }
    }

    /// Plain HTTP is spoken with this machine itself and with what the daemon's settings name.
    async fn is_insecure(&self) -> bool {
        let name = self.name();
        if name == "localhost" || name.starts_with("127.") {
            return true;
        }
        let text = self.sys.read_file("/etc/docker/daemon.json").await.unwrap_or_default();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let list = value.get("insecure-registries").and_then(serde_json::Value::as_array);
        list.is_some_and(|l| l.iter().any(|r| r.as_str() == Some(self.host.as_str())))
    }

    fn name(&self) -> &str {
        self.host.rsplit_once(':').map_or(self.host.as_str(), |(n, _)| n)
    }

    fn port(&self, scheme: &str) -> u16 {
        let default = if scheme == "http" { 80 } else { 443 };
        self.host.rsplit_once(':').and_then(|(_, p)| p.parse().ok()).unwrap_or(default)
    }

    /// One request; `path` begins after `/v2/`.
    ///
    /// # Errors
    /// Nobody answers: `failed to do request: …`.
    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        query: Query,
        accept: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Reply, ApiError> {
        let insecure = self.is_insecure().await;
        let scheme = if insecure { "http" } else { "https" };
        let verb = match method {
            "HEAD" => "Head",
            "GET" => "Get",
            "POST" => "Post",
            "PATCH" => "Patch",
            _ => "Put",
        };
        let fail = |why: String| {
            let url = format!("{scheme}://{}/v2/{path}", self.host);
            ApiError::internal(format!("failed to do request: {verb} \"{url}\": {why}"))
        };
        let (name, port) = (self.name(), self.port(scheme));
        let ip = match name.parse() {
            Ok(ip) => ip,
            Err(_) => {
                let found = self.sys.resolve(name).await.unwrap_or_default();
                *found.first().ok_or_else(|| fail(format!("dial tcp: lookup {name}: no such host")))?
            }
        };
        let fd = self.sys.socket(SockKind::Tcp).await?;
        let addr = SocketAddrV4::new(ip, port);
        if let Err(e) = self.sys.connect(fd, SockAddr::Inet(addr)).await {
            let _ = self.sys.close(fd).await;
            let why = if e == Errno::ETIMEDOUT {
                "i/o timeout".to_owned()
            } else {
                format!("connect: {}", crate::error::lower(e))
            };
            return Err(fail(format!("dial tcp {addr}: {why}")));
        }
        if !insecure {
            // There are no certificates on this machine's network: every registry on it speaks plain HTTP.
            let _ = self.sys.close(fd).await;
            return Err(fail("http: server gave HTTP response to HTTPS client".to_owned()));
        }
        let mut request = Request::new(method, &format!("/{path}"), query);
        request.version = Some("2".to_owned());
        request.headers.add("Host", self.host.clone());
        request.headers.add("User-Agent", format!("docker/{} go/go1.26.0", crate::VERSION));
        if !accept.is_empty() {
            request.headers.add("Accept", accept);
        }
        if let Some(a) = &self.authorization {
            request.headers.add("Authorization", a.clone());
        }
        let (kind, data) = body.unwrap_or_default();
        if !kind.is_empty() {
            request.headers.add("Content-Type", kind);
        }
        request.headers.add("Content-Length", data.len().to_string());
        request.headers.add("Connection", "close");
        let mut conn = Conn::new(self.sys.clone(), fd);
        let mut bytes = request.to_bytes();
        bytes.extend(data);
        let result = exchange(&mut conn, method, bytes).await;
        let _ = self.sys.close(fd).await;
        result.map_err(|e| fail(e.message))
    }
}

async fn exchange(conn: &mut Conn, method: &str, bytes: Vec<u8>) -> Result<Reply, ApiError> {
    conn.write(bytes).await?;
    let head = conn.read_response().await?;
    let mut decoder = BodyDecoder::new(head.framing(method));
    let body = conn.read_all(&mut decoder).await?;
    Ok(Reply { head, body })
}
